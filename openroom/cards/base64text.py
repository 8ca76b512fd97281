"""Base64 as card files hold it: with line breaks, without padding, in the alphabet of URLs."""

from __future__ import annotations

import base64
import binascii
import re

from openroom.errors import CardError

_BLANKS = re.compile(rb"[\s\0]+")
_URLS = bytes.maketrans(b"-_", b"+/")


def decode(text: bytes, what: str, most: int) -> bytes:
    """What ``text`` says. Raises `CardError`, which calls it ``what``."""
    if len(text) > most * 2:
        raise CardError(f"{what} of at most {most:,} bytes", came="more")
    plain = _BLANKS.sub(b"", text).translate(_URLS).rstrip(b"=")
    try:
        data = base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise CardError(f"{what} in base64", came=f"something else ({error})") from error
    if len(data) > most:
        raise CardError(f"{what} of at most {most:,} bytes", came=f"{len(data):,}")
    return data
