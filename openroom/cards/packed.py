"""CharX: a zip with ``card.json`` and the files it names; also behind a JPEG, or anywhere inside another file."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from openroom.cards.directory import END, directory, replaced
from openroom.cards.limits import MAX_ASSET, MAX_CARD, MAX_FILES, MAX_TOTAL, Budget
from openroom.errors import CardError

CARD = "card.json"
_END_BYTES = 22
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ODD_NAME = re.compile(r"[\x00-\x1f\x7f\\]")
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)
"""What zipfile raises for bytes that are no zip."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of a CharX. Every name is a plain path inside it, and all sizes are within the limits."""

    data: bytes
    names: Mapping[str, None]
    """In their order."""
    front: int
    """How many bytes stand before the zip: a picture, or none."""
    tail: bytes = b""
    """What stands behind the zip."""

    def read(self, name: str, most: int = MAX_ASSET) -> bytes:
        """One file. Raises `CardError` where there is none or it cannot be unpacked."""
        if name not in self.names:
            raise CardError(f"the file {name[:80]!r} in the zip", came="none")
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as opened:
                return _content(opened, name, most)
        except _BROKEN as error:
            raise CardError(f"the file {name[:80]!r} to be unpacked", came="a broken one") from error


def _content(opened: zipfile.ZipFile, name: str, most: int) -> bytes:
    with opened.open(name) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise CardError(f"{name[:80]!r} of at most {most:,} bytes", came="more")
    return content


def open_packed(data: bytes) -> Packed:
    """The zip in ``data``: its last one, whatever stands before and behind it. Raises `CardError`: for names that lead
    out of a folder, links, locked files, and what would unpack to more than `openroom.cards.limits` allow."""
    end = data.rfind(END)
    if end < 0:
        raise CardError("a zip with card.json", came="no end of a zip")
    whole = end + _END_BYTES + int.from_bytes(data[end + 20 : end + 22], "little")
    data, tail = data[:whole], data[whole:]
    directory(data)  # zipfile builds each file that is listed, so their number is bounded before
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            infos = opened.infolist()
    except _BROKEN as error:
        raise CardError("a zip with card.json", came="a broken one") from error
    if len(infos) > MAX_FILES:
        raise CardError(f"a zip of at most {MAX_FILES:,} files", came="more")
    budget = Budget()
    for info in infos:
        _check(info, budget)
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise CardError(f"a zip that unpacks to at most {MAX_TOTAL:,} bytes", came="more")
    files = [info.filename for info in infos if not info.is_dir()]
    names = dict.fromkeys(files)
    if len(names) < len(files):
        raise CardError("names in a zip that occur once", came="the same one twice")
    if CARD not in names:
        raise CardError(f"{CARD} at the root of the zip", came="none")
    front = min(info.header_offset for info in infos)
    return Packed(data, names, max(0, front), tail)


def _check(info: zipfile.ZipInfo, budget: Budget) -> None:
    """Raises `CardError`."""
    name = info.filename
    shown = repr(name[:80])
    parts = name.rstrip("/").split("/")
    # zipfile cuts a name at a NUL and turns the separator of its own platform: what stood in the file is judged.
    if _ODD_NAME.search(info.orig_filename) or _DRIVE.match(name):
        raise CardError("plain names in a zip", came=shown)
    if not all(parts) or ".." in parts or "." in parts:
        raise CardError("names that stay inside the zip", came=shown)
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise CardError("plain files in a zip", came=f"a link or device, {shown}")
    if info.flag_bits & _ENCRYPTED:
        raise CardError("a zip without a password", came=f"{shown}, which is locked")
    if info.compress_type not in _METHODS:
        raise CardError("a zip that is stored or deflated", came=f"another method for {shown}")
    most = MAX_CARD if name == CARD else MAX_ASSET
    if info.file_size > most:
        raise CardError(f"{shown} of at most {most:,} bytes", came=f"{info.file_size:,}")
    budget.spend(info.compress_size, info.file_size)


def rewritten(packed: Packed, card: bytes) -> bytes:
    """The same zip with another ``card.json``; everything else is as it was, to the byte: the picture in front, the
    other files as they are packed (broken ones too), dates, extras, and what stands behind. Raises `CardError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed.data)) as old:
            return replaced(packed.data, old.infolist(), CARD, card) + packed.tail
    except _BROKEN as error:
        raise CardError("a zip that can be written anew", came="a broken one") from error


def made(files: Iterator[tuple[str, Callable[[], bytes]]]) -> bytes:
    """A new CharX of (name, content), byte for byte the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED
            new.writestr(info, content())
    return buffer.getvalue()
