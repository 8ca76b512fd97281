"""PNG and APNG as chunks: cards are read from text chunks and written to them; pixels are never touched.

The format is the PNG specification, third edition (W3C, 2025), sections 5 and 11.3.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openroom.cards.limits import MAX_CHUNKS, Budget
from openroom.cards.notes import Note
from openroom.errors import CardError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ASSET = "chara-ext-asset_"
"""How the keyword of a chunk with an asset begins (V3, "PNG/APNG"); a colon and a path follow."""
_CARD_KEYWORDS = ("chara", "ccv3")
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_KEYWORD = 79
_HEAD = struct.Struct(">I4s")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the file: its kind, and where its data stands."""

    kind: bytes
    start: int
    end: int
    whole: bool = True
    """Whether its checksum is right."""


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG file and its chunks; ``tail`` is where what is no chunk begins."""

    data: bytes
    chunks: Sequence[Chunk]
    tail: int

    @property
    def animated(self) -> bool:
        """Whether it is an APNG."""
        return any(chunk.kind == b"acTL" for chunk in self.chunks)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, as the file says them."""
        width, height = struct.unpack(">II", self.data[self.chunks[0].start :][:8])
        return width, height

    def content(self, chunk: Chunk) -> bytes:
        """The data of a chunk."""
        return self.data[chunk.start : chunk.end]

    def keyword(self, chunk: Chunk) -> str:
        """The keyword of a text chunk; empty for any other."""
        if chunk.kind not in _TEXTS:
            return ""
        head = self.data[chunk.start : min(chunk.end, chunk.start + _KEYWORD + 1)]
        return head.partition(b"\0")[0].decode("latin-1")


def parse(data: bytes) -> tuple[Png, list[Note]]:
    """The chunks of a PNG; one that is cut off is read as far as it goes. Raises `CardError`."""
    chunks: list[Chunk] = []
    notes: list[Note] = []
    at, ended = len(SIGNATURE), False
    while at + 12 <= len(data):
        length, kind = _HEAD.unpack_from(data, at)
        end = at + 8 + length
        if not kind.isalpha() or end + 4 > len(data):
            break
        whole = zlib.crc32(memoryview(data)[at + 4 : end]) == int.from_bytes(data[end : end + 4], "big")
        chunks.append(Chunk(kind, at + 8, end, whole))
        if len(chunks) > MAX_CHUNKS:
            raise CardError(f"a PNG of at most {MAX_CHUNKS:,} chunks", came="more")
        ended = ended or kind == b"IEND"
        at = end + 4
    if not chunks or chunks[0].kind != b"IHDR" or chunks[0].end - chunks[0].start != 13:
        raise CardError("a PNG picture", came="one without its head (IHDR)")
    if not ended:
        notes.append(Note("cut", "The picture is cut off; what is there was read."))
    return Png(data, chunks, at), notes


def cards(png: Png, budget: Budget) -> tuple[list[tuple[str, bytes]], list[Note]]:
    """(keyword, text) of each chunk that holds a card, in the file's order, wherever it stands, however it is packed;
    one that cannot be unpacked is told of and passed over."""
    found, notes = [], []
    pixels = next((at for at, chunk in enumerate(png.chunks) if chunk.kind == b"IDAT"), len(png.chunks))
    end = next((at for at, chunk in enumerate(png.chunks) if chunk.kind == b"IEND"), len(png.chunks))
    for at, chunk in enumerate(png.chunks):
        keyword = png.keyword(chunk).lower()
        if keyword not in _CARD_KEYWORDS:
            continue
        if at > pixels:
            place = "the end of the picture" if at > end else "the pixels"
            notes.append(Note("behind", f"The chunk {keyword} stands behind {place}."))
        if not chunk.whole:
            notes.append(Note("checksum", f"The checksum of the chunk {keyword} is wrong; it was read all the same."))
        if chunk.kind != b"tEXt":
            kind = chunk.kind.decode()
            notes.append(Note("packed", f"The chunk {keyword} is a {kind} chunk, which few readers know."))
        try:
            found.append((keyword, _text(chunk.kind, png.content(chunk), budget)))
        except CardError as error:
            notes.append(Note("unreadable", f"The chunk {keyword}: {error}."))
    return found, notes


def assets(png: Png) -> dict[str, Chunk]:
    """The chunks of assets by the path that ``__asset:`` names."""
    found: dict[str, Chunk] = {}
    for chunk in png.chunks:
        keyword = png.keyword(chunk)
        if keyword.startswith(ASSET) and chunk.kind == b"tEXt":
            found.setdefault(keyword.removeprefix(ASSET).removeprefix(":"), chunk)
    return found


def asset_text(png: Png, chunk: Chunk) -> bytes:
    """The base64 of an asset's chunk."""
    return png.content(chunk).partition(b"\0")[2]


def rewritten(png: Png, texts: Iterable[tuple[str, bytes]]) -> bytes:
    """The file with all its card chunks gone and ``texts`` (keyword, Latin-1 text) in their stead, right behind its
    head, where every reader looks. A chunk with a keyword among those of ``texts`` goes too; all else stays."""
    written = [(keyword.encode("latin-1"), text) for keyword, text in texts]
    gone = {*_CARD_KEYWORDS, *(keyword.decode("latin-1").lower() for keyword, _ in written)}
    parts: list[bytes | memoryview] = [SIGNATURE]
    view = memoryview(png.data)
    for at, chunk in enumerate(png.chunks):
        if png.keyword(chunk).lower() not in gone:
            parts.append(view[chunk.start - 8 : chunk.end + 4])
        if at == 0:
            parts += [made(b"tEXt", keyword + b"\0" + text) for keyword, text in written]
    parts.append(view[png.tail :])
    return b"".join(parts)


def bare(png: Png) -> bytes:
    """The picture alone: what draws it, without texts, profiles, notes of cameras or anything behind its end."""
    drawn = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
    view = memoryview(png.data)
    kept = [view[chunk.start - 8 : chunk.end + 4] for chunk in png.chunks if chunk.kind in drawn]
    return b"".join([SIGNATURE, *kept])


def made(kind: bytes, data: bytes) -> bytes:
    """A chunk, as it stands in a file."""
    return _HEAD.pack(len(data), kind) + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _text(kind: bytes, content: bytes, budget: Budget) -> bytes:
    """The text of a text chunk, unpacked."""
    rest = content.partition(b"\0")[2]
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        if rest[:1] != b"\0":
            raise CardError("text packed by deflate", came="another method")
        return budget.inflate(rest[1:], MAX_TEXT)
    packed, method, rest = rest[:1], rest[1:2], rest[2:]
    text = rest.partition(b"\0")[2].partition(b"\0")[2]
    if packed not in (b"\0", b"\1") or (packed == b"\1" and method != b"\0"):
        raise CardError("text packed by deflate", came="another method")
    return budget.inflate(text, MAX_TEXT) if packed == b"\1" else text


MAX_TEXT = 14_000_000
"""A card's JSON in base64, at its longest."""
