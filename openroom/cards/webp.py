"""The card in a WebP: an EXIF comment, as some front ends wrote it (JSON, or a list of its bytes in decimal).

The places are RIFF (WebP container specification, Google) and TIFF 6.0's directories, read only as far as the comment.
"""

from __future__ import annotations

import re
import struct

from openroom.errors import CardError

_COMMENT = 0x9286
_DIRECTORY = 0x8769
_MOST_ENTRIES = 200
_BYTES = re.compile(rb"\s*\d{1,3}(\s*,\s*\d{1,3})*\s*\Z")
_CODES = (b"ASCII\0\0\0", b"UNICODE\0", b"\0\0\0\0\0\0\0\0")


def is_webp(data: bytes) -> bool:
    """Whether the bytes begin as a WebP does."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def comment(data: bytes) -> bytes:
    """The text of the comment that holds a card. Raises `CardError` where there is none."""
    exif = _chunk(data, b"EXIF")
    found = _comment(exif.removeprefix(b"Exif\0\0")) if exif else b""
    text = next((found[8:] for code in _CODES if found.startswith(code)), found).strip(b"\0 ")
    if not text:
        raise CardError("a WebP with a card in its EXIF comment", came="none")
    return _from_numbers(text) if _BYTES.match(text) else text


def _chunk(data: bytes, wanted: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == wanted:
            return data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    return b""


def _from_numbers(text: bytes) -> bytes:
    values = [int(one) for one in text.split(b",")]
    if max(values) > 255:
        raise CardError("a list of bytes in the EXIF comment", came=f"{max(values)}")
    return bytes(values)


def _comment(exif: bytes) -> bytes:
    """The value of UserComment, in the first directory or in the one of EXIF; empty where there is none."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return b""
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    inner = 0
    for at in (first, None):
        tags = _entries(exif, inner if at is None else at, order)
        if _COMMENT in tags:
            start, length = tags[_COMMENT]
            return exif[start : start + length]
        if _DIRECTORY not in tags:
            break
        (inner,) = struct.unpack_from(f"{order}I", exif, tags[_DIRECTORY][0])
    return b""


def _entries(exif: bytes, at: int, order: str) -> dict[int, tuple[int, int]]:
    """Where the value of each tag of one directory stands, and how long it is; what points outside is left out."""
    if not 0 < at <= len(exif) - 2:
        return {}
    found = {}
    (count,) = struct.unpack_from(f"{order}H", exif, at)
    for number in range(min(count, _MOST_ENTRIES)):
        place = at + 2 + number * 12
        if place + 12 > len(exif):
            break
        tag, kind, length = struct.unpack_from(f"{order}HHI", exif, place)
        size = length * {3: 2, 4: 4}.get(kind, 1)
        start = place + 8 if size <= 4 else struct.unpack_from(f"{order}I", exif, place + 8)[0]
        if start + size <= len(exif) and (tag != _DIRECTORY or size == 4):
            found[tag] = (start, size)
    return found
