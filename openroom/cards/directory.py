"""The directory of a zip, as the bytes it is: how large it is before anybody reads it, and the same zip with another
content for one file, in which all else stays byte for byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipInfo

from openroom.cards.limits import MAX_DIRECTORY, MAX_FILES
from openroom.errors import CardError

# APPNOTE.TXT, the zip file format specification: 4.3.7, 4.3.9, 4.3.12, 4.3.14, 4.3.15 and 4.3.16
END = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_RECORD = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_SIGNS = {"end64": b"PK\x06\x06", "locator64": b"PK\x06\x07", "record": b"PK\x01\x02", "local": b"PK\x03\x04"}
_DESCRIPTORS = ("<4xLLL", "<4xLQQ", "<LLL", "<LQQ")
_DESCRIBED, _UTF8 = 0x8, 0x800
_ZIP64 = 1
_FULL = 0xFFFF_FFFF
"""In a field of 32 bits: the number stands in the field of extras for ZIP64."""


class Directory(NamedTuple):
    """Where the records of a zip lie in its bytes, and where it says that they begin (which does not count what stands
    in front of it). ``end`` is where its last part begins."""

    start: int
    size: int
    said: int
    end: int


def directory(data: bytes) -> Directory:
    """The directory of the zip that ``data`` ends with. Raises `CardError` where it has more than `MAX_FILES` records,
    whatever it says, or is larger than `MAX_DIRECTORY`."""
    end = data.rfind(END)
    if end < 0 or len(data) < end + _END.size:
        raise CardError("a zip with card.json", came="no end of a zip")
    _, _, _, _, _, size, said, _ = _END.unpack_from(data, end)
    close = end
    locator = end - _LOCATOR64.size
    if locator >= 0 and data.startswith(_SIGNS["locator64"], locator):
        close = locator - _END64.size
        at = _LOCATOR64.unpack_from(data, locator)[2]
        if close < 0 or not data.startswith(_SIGNS["end64"], close):
            raise CardError("a zip with one end", came="none of the kind that it names")
        if at < close and data.startswith(_SIGNS["end64"], at):
            raise CardError("a zip with one end", came="two")
        *_, size, said = _END64.unpack_from(data, close)
    if size > MAX_DIRECTORY:
        raise CardError(f"a zip whose directory has at most {MAX_DIRECTORY:,} bytes", came=f"{size:,}")
    start = close - size
    if start < 0:
        raise CardError("a zip with card.json", came="a broken one")
    if data.count(_SIGNS["record"], start, close) > MAX_FILES:
        raise CardError(f"a zip of at most {MAX_FILES:,} files", came="more")
    return Directory(start, size, said, end)


def replaced(data: bytes, infos: Sequence[ZipInfo], name: str, content: bytes) -> bytes:
    """The zip that ``data`` ends with, with ``content`` for the file ``name``; ``infos`` are all its files, as zipfile
    reads them. Packed bytes, dates, extras, comments and what lies between the files stay as they are. Raises
    `CardError` where files lie in each other."""
    found = directory(data)
    place = next(at for at, info in enumerate(infos) if info.filename == name)
    start = infos[place].header_offset
    stop = _end_of(data, infos[place])
    for at, info in enumerate(infos):
        inside = start <= info.header_offset < stop
        over = info.header_offset < start < info.header_offset + _LOCAL.size + info.compress_size
        if at != place and (inside or over):
            raise CardError("a zip whose files lie one behind the other", came="files that lie in each other")
    if not 0 <= start < stop <= found.start:
        raise CardError("a zip whose files lie in front of its directory", came="others")
    packed = _deflated(content) if infos[place].compress_type == ZIP_DEFLATED else content
    sizes = (zlib.crc32(content), len(packed), len(content))
    local = _local(data, start, sizes) + packed
    moved = len(local) - (stop - start)
    records = []
    for at, (record, info) in enumerate(zip(_records(data, found), infos, strict=True)):
        own = _resized(record, sizes) if at == place else record
        records.append(_moved(own, moved) if info.header_offset > start else own)
    body = b"".join(records)
    # numbers this small need no ZIP64, so the plain end says all
    comment = data[found.end + _END.size :]
    end = _END.pack(END, 0, 0, len(records), len(records), len(body), found.said + moved, len(comment))
    return b"".join((data[:start], local, data[stop : found.start], body, end, comment))


def _end_of(data: bytes, info: ZipInfo) -> int:
    """Behind the bytes of a file, and behind the sizes that may follow them."""
    if info.header_offset < 0 or not data.startswith(_SIGNS["local"], info.header_offset):
        raise CardError("a zip whose files are where it says", came=f"none at {info.header_offset}")
    *_, name, extra = _LOCAL.unpack_from(data, info.header_offset)
    end: int = info.header_offset + _LOCAL.size + name + extra + info.compress_size
    if info.flag_bits & _DESCRIBED:
        told = (info.CRC, info.compress_size, info.file_size)
        for form in _DESCRIPTORS:
            size = struct.calcsize(form)
            if len(data) >= end + size and struct.unpack_from(form, data, end) == told:
                return end + size
    return end


def _local(data: bytes, at: int, sizes: tuple[int, int, int]) -> bytes:
    sign, version, flags, method, time, date, _, _, _, name, extra = _LOCAL.unpack_from(data, at)
    at += _LOCAL.size
    extras = _without_64(data[at + name : at + name + extra])
    head = _LOCAL.pack(sign, version, flags & _UTF8, method, time, date, *sizes, name, len(extras))
    return head + data[at : at + name] + extras


def _records(data: bytes, found: Directory) -> Iterator[bytes]:
    at = found.start
    while at < found.start + found.size:
        name, extra, comment = struct.unpack_from("<3H", data, at + 28)
        size = _RECORD.size + name + extra + comment
        yield data[at : at + size]
        at += size


def _resized(record: bytes, sizes: tuple[int, int, int]) -> bytes:
    """A record for a file of other ``sizes``: checksum, packed, unpacked."""
    parts = list(_RECORD.unpack_from(record))
    name, extra = parts[10], parts[11]
    at = _RECORD.size + name
    offset = _offset(record)[1]
    extras = _without_64(record[at : at + extra])
    parts[3] &= _UTF8
    parts[7:10], parts[11], parts[16] = sizes, len(extras), offset
    return _RECORD.pack(*parts) + record[_RECORD.size : at] + extras + record[at + extra :]


def _moved(record: bytes, by: int) -> bytes:
    """A record for a file that lies ``by`` bytes further on."""
    place, offset = _offset(record)
    form = "<L" if place == _RECORD.size - 4 else "<Q"
    return record[:place] + struct.pack(form, offset + by) + record[place + struct.calcsize(form) :]


def _offset(record: bytes) -> tuple[int, int]:
    """Where a record says where its file begins, and what it says."""
    *_, packed, unpacked, name, extra, _, _, _, _, offset = _RECORD.unpack_from(record)
    if offset != _FULL:
        return _RECORD.size - 4, offset
    at = _RECORD.size + name
    for kind, place, _ in _extras(record[at : at + extra]):
        if kind == _ZIP64:
            place += at + 8 * ((packed == _FULL) + (unpacked == _FULL))
            return place, struct.unpack_from("<Q", record, place)[0]
    return _RECORD.size - 4, offset


def _extras(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The fields of extras: kind, where the content begins, where it ends."""
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<2H", data, at)
        yield kind, at + 4, at + 4 + size
        at += 4 + size


def _without_64(extras: bytes) -> bytes:
    for kind, start, end in _extras(extras):
        if kind == _ZIP64:
            return extras[: start - 4] + extras[end:]
    return extras


def _deflated(content: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()
