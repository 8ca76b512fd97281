"""The address and key of an endpoint, as people paste them: what was meant, and whether a prompt may go there."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

_AROUND = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff\"'`<>“”‘’"
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<user>[^\s/@\\?#]*@)?(?P<host>\[[0-9a-fA-F:.%\w]+\]|[^\s/:@\\?#\[\]]+)(?P<port>:\d{1,5})?"
    r"(?P<path>/[^\s?#\\]*)?(?P<query>\?[^\s#\\]*)?",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"/+(?:audio/speech|chat/completions|completions|responses|models|embeddings|api/(?:chat|generate|tags))/*$",
    re.IGNORECASE,
)
_METADATA_NAMES = ("metadata", "metadata.google.internal", "metadata.goog", "instance-data")
# Beside the link-local ones; each gives whoever asks there the machine's own credentials.
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|\d+")


def pasted_key(text: str) -> str:
    """The key that was meant: without blanks and quotation marks around it, line breaks within, or a ``Bearer``.

    Raises `ValueError` for what no key can be.
    """
    key = text.strip(_AROUND)
    if key.lower().startswith("bearer "):
        key = key[7:].strip(_AROUND)
    key = re.sub(r"\s*[\r\n]\s*", "", key)
    if not key.isascii() or not key.isprintable():
        raise ValueError("a key of plain letters, digits and marks")
    return key


def pasted_address(text: str) -> str:
    """The base address that was meant: where ``/chat/completions`` (or ``/audio/speech``) begins, with no slash
    at its end.

    Raises `ValueError` for what is no web address, or one that gives away a machine's credentials.
    """
    url = text.strip(_AROUND)
    found = _URL.fullmatch(url.partition("#")[0])
    if found is None:
        raise ValueError("an address that starts with http:// or https://, such as http://127.0.0.1:8080/v1")
    if is_forbidden(found["host"]):
        raise ValueError("the address of a language model; this one is for a machine's own credentials")
    path = _CALLS.sub("", found["path"] or "").rstrip("/")
    place = "".join(found[part] or "" for part in ("user", "host", "port"))
    return f"{found['scheme'].lower()}://{place}{path}{found['query'] or ''}"


def bases(url: str) -> tuple[str, ...]:
    """The addresses to try for one that was pasted, the likeliest first: most servers have their API below /v1."""
    found = _URL.fullmatch(url)
    return (url,) if found is None or found["path"] else (f"{url}/v1", url)


def is_forbidden(host: str) -> bool:
    """Whether a host is link-local or gives away a machine's credentials, however it is written."""
    name = host.strip("[]").rstrip(".").lower()
    return name in _METADATA_NAMES or any(one.is_link_local or one in _METADATA for one in _addresses(name))


def _addresses(name: str) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The addresses that a host written in figures stands for; none for a name."""
    if (number := _as_number(name)) is not None:
        yield ipaddress.IPv4Address(number)
        return
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return
    yield found
    if isinstance(found, ipaddress.IPv6Address):
        within = (found.ipv4_mapped, found.sixtofour, *(found.teredo or ()))
        yield from (one for one in within if one is not None)
        if found in _NAT64 or int(found) >> 32 == 0:
            yield ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)


def _as_number(name: str) -> int | None:
    """An IPv4 address as C's ``inet_aton`` takes it: one to four numbers, also hexadecimal or octal."""
    parts = name.split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [
            int(part, 16 if part[:2].lower() == "0x" else 8 if part[0] == "0" and part != "0" else 10) for part in parts
        ]
    except ValueError:
        return None
    *first, last = numbers
    if any(one > 255 for one in first) or last >= 256 ** (5 - len(numbers)):
        return None
    return sum(one << (24 - 8 * at) for at, one in enumerate(first)) + last
