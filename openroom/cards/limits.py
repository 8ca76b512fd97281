"""What a card file may hold and cost. All sizes are in bytes."""

from __future__ import annotations

import zlib

from openroom.errors import CardError

MAX_CARD = 10_000_000
"""The JSON of a card or lorebook."""
MAX_ASSET = 50_000_000
"""One picture or sound of a card."""
MAX_TOTAL = 200_000_000
"""A whole file, and all that is in it."""
MAX_INFLATED = 50_000_000
"""By so much, over a whole file, what is packed may be larger than the bytes it is packed in."""
MAX_DEPTH = 64
"""Lists and objects of a JSON inside each other."""
MAX_VALUES = 2_000_000
"""Commas and brackets of a JSON: a bound of its values that is known before it is read."""
MAX_CHUNKS = 100_000
"""Parts of a PNG, an APNG's frames among them."""
MAX_FILES = 5_000
"""Files in a CharX."""
MAX_DIRECTORY = 2_000_000
"""The list of files in a CharX: names, dates, extras."""
MAX_PIXELS = 40_000_000
"""Width times height of a picture that is shown."""
MAX_DRAWN = 200_000_000
"""The same of all pictures of one card that are drawn anew when it comes in."""


class Budget:
    """What unpacking one file may still add (`MAX_INFLATED`)."""

    def __init__(self) -> None:
        self._left = MAX_INFLATED

    def spend(self, packed: int, unpacked: int) -> None:
        """Something of ``packed`` bytes became, or would become, ``unpacked`` bytes. Raises `CardError`."""
        self._left -= max(0, unpacked - packed)
        if self._left < 0:
            raise CardError(f"a file that unpacks to at most {MAX_INFLATED:,} bytes more than it has", came="more")

    def inflate(self, packed: bytes, most: int) -> bytes:
        """A zlib stream of at most ``most`` bytes, unpacked. Raises `CardError`."""
        stream = zlib.decompressobj()
        try:
            data = stream.decompress(packed, most + 1)
        except zlib.error as error:
            raise CardError("compressed text that can be unpacked", came="a broken one") from error
        if len(data) > most:
            raise CardError(f"compressed text of at most {most:,} bytes", came="more")
        if not stream.eof:
            raise CardError("compressed text that can be unpacked", came="a part of one")
        self.spend(len(packed), len(data))
        return data
