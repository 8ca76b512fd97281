"""A hub of models, spoken to as its own library does: what it says of a file, and the file itself.

Its address is a setting, else what the ecosystem's variable HF_ENDPOINT says, else the one that `huggingface_hub`
knows. That library is not used to fetch: it throws away what has arrived when it is ended, and a file of gigabytes has
to go on where it broke off. Nothing that a hub says becomes a path, and redirects are few and checked. A token
(HF_TOKEN) goes to the hub's own address alone, over https unless that is on this machine, and into no message.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self

import httpx

from openroom.errors import SettingsError
from openroom.models.endpoint import probe
from openroom.models.local.hub_names import HubFile, is_file_name
from openroom.ports.address import is_forbidden, pasted_address
from openroom.ports.extras import optional

Reason = Literal["no_network", "no_such_model", "no_access", "digest", "disk_full", "no_gguf", "not_fetched"]
Count = Callable[[int], None]
_REDIRECTS = 5
_MOST_WORDS = 8 << 20
_PIECE = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}", re.ASCII)
_LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+ -]{0,39}", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}", re.ASCII)
_SHOWN_FILES = 8


class NotFetched(Exception):
    """A source could not bring the file; the sentence says why. The next source may."""

    def __init__(self, sentence: str, reason: Reason = "not_fetched") -> None:
        super().__init__(sentence)
        self.reason: Reason = reason


class _BrokeOff(Exception):
    """The connection ended before the file did."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a hub says of a file: ``size`` in bytes, its ``sha256``, the ``commit`` it is of, the repository's licence
    (empty where it names none)."""

    size: int
    sha256: str
    commit: str
    licence: str


@dataclass(frozen=True, slots=True)
class Hub:
    """One hub. Without an ``address`` it is looked for when it is needed.

    Seconds: ``first`` to connect and to answer a question, ``stall`` between two pieces of a file, ``pause`` before a
    connection that broke off is made anew, which is done ``tries`` times.
    """

    address: str = ""
    token: str = field(default="", repr=False)
    first: float = 8.0
    stall: float = 30.0
    pause: float = 1.0
    tries: int = 20

    @classmethod
    def of(cls, address: str | None, env: Mapping[str, str] = os.environ) -> Self:
        """The hub of the settings or the environment, with the token of the environment."""
        return cls(address or env.get("HF_ENDPOINT", ""), env.get("HF_TOKEN", "").strip())

    async def describe(self, file: HubFile) -> Described:
        """Ask for size and digest of a file. Raises `NotFetched`."""
        base = await self.base()
        url = f"{base}/api/models/{file.repository}?blobs=true"
        try:
            async with (
                asyncio.timeout(4 * self.first),
                self._client(base) as client,
                self._answer(client, base, url, {}) as answer,
            ):
                self._accept(answer, file)
                words = await _bounded(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise NotFetched(f"the hub at {base} does not answer ({_said(error)})", "no_network") from None
        return _described(words, file)

    async def download(self, file: HubFile, revision: str, size: int, partial: Path, count: Count) -> None:
        """Bring the file into ``partial``, going on behind what is there already. ``count`` is told the bytes that
        are there. Raises `NotFetched`; what has arrived stays, unless it was too much.
        """
        base = await self.base()
        url = f"{base}/{file.repository}/resolve/{revision}/{file.file}"
        trouble = ""
        async with self._client(base) as client:
            for _ in range(self.tries):
                have = await asyncio.to_thread(_bytes_in, partial)
                if have == size:
                    return
                try:
                    await self._more(client, base, url, file, _Part(partial, have, size), count)
                    return
                except (httpx.HTTPError, httpx.InvalidURL, _BrokeOff) as error:
                    trouble = _said(error)
                    now = await asyncio.to_thread(_bytes_in, partial)
                    if now == 0:
                        break
                    await asyncio.sleep(self.pause)
        raise NotFetched(f"the connection to the hub at {base} broke off ({trouble})", "no_network")

    async def base(self) -> str:
        """The address, without a slash at its end. Raises `NotFetched` where nobody says one, and `SettingsError` for
        what is none."""
        return _checked(self.address) or await asyncio.to_thread(_known_address)

    async def _more(
        self, client: httpx.AsyncClient, base: str, url: str, file: HubFile, part: _Part, count: Count
    ) -> None:
        """One connection's worth of the file."""
        asked = {"Range": f"bytes={part.have}-"} if part.have else {}
        async with self._answer(client, base, url, asked) as answer:
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                await asyncio.to_thread(part.begin_anew)
                raise _BrokeOff("it has another size than it said")
            self._accept(answer, file)
            goes_on = answer.status_code == httpx.codes.PARTIAL_CONTENT
            if goes_on and not answer.headers.get("Content-Range", "").startswith(f"bytes {part.have}-"):
                raise NotFetched("the hub sent another part of the file than it was asked for")
            await part.take(answer, count, goes_on=goes_on)

    def _accept(self, answer: httpx.Response, file: HubFile) -> None:
        """Go on with what was wished for; raises `NotFetched` that says what a refusal means."""
        status = answer.status_code
        if status in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
            return
        if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            token = "the token in HF_TOKEN does not open it" if self.token else "it may want a token: HF_TOKEN"
            raise NotFetched(f"the hub shows nobody {file.repository} by that name, or {token}", "no_access")
        if status == httpx.codes.NOT_FOUND:
            raise NotFetched(f"the hub has no {file.repository}, or not this file of it", "no_such_model")
        raise NotFetched(f"the hub answers with status {status}", "no_network" if status >= 429 else "not_fetched")

    @asynccontextmanager
    async def _client(self, base: str) -> AsyncIterator[httpx.AsyncClient]:
        times = httpx.Timeout(self.first, read=self.stall)
        tls = await asyncio.to_thread(_certificates)
        here = _here(httpx.URL(base))  # no proxy has business between us and this machine
        async with httpx.AsyncClient(timeout=times, trust_env=not here, verify=tls, follow_redirects=False) as client:
            yield client

    @asynccontextmanager
    async def _answer(
        self, client: httpx.AsyncClient, base: str, url: str, headers: Mapping[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """The answer to a GET, behind a few redirects; the token goes to the hub itself only."""
        hub, at = httpx.URL(base), httpx.URL(url)
        for _ in range(_REDIRECTS + 1):
            sent = {**headers, "Accept-Encoding": "identity"}
            if self.token and _same_origin(hub, at) and (at.scheme == "https" or _here(at)):
                sent["Authorization"] = f"Bearer {_sound(self.token)}"
            answer = await client.send(client.build_request("GET", at, headers=sent), stream=True)
            try:
                if not answer.has_redirect_location:
                    yield answer
                    return
                at = _next(at, answer.headers["Location"])
            finally:
                await answer.aclose()
        raise NotFetched(f"the hub sends from one address to the next, more than {_REDIRECTS} times")


@dataclass(slots=True)
class _Part:
    """A file that is arriving: ``have`` of ``size`` bytes are there."""

    path: Path
    have: int
    size: int

    async def take(self, answer: httpx.Response, count: Count, *, goes_on: bool) -> None:
        """Write what comes. Raises `NotFetched` for too much, `_BrokeOff` for too little."""
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise NotFetched("the hub sent the file packed, and was asked not to")
        if not goes_on:
            await asyncio.to_thread(self.begin_anew)
        with await asyncio.to_thread(self.path.open, "ab") as out:
            waiting = bytearray()
            try:
                async for (
                    piece
                ) in answer.aiter_raw():  # in what sizes it comes: a chunk of ours is lost when it breaks off
                    waiting += piece
                    if self.have + len(waiting) > self.size:
                        break
                    if len(waiting) >= _PIECE:
                        await self._write(out, waiting, count)
            finally:
                await self._write(out, waiting, count)
        if self.have > self.size:
            await asyncio.to_thread(self.begin_anew)
            raise NotFetched(f"the hub sent more than the {self.size} bytes of the file")
        if self.have < self.size:
            raise _BrokeOff(f"{self.have} of {self.size} bytes are here")

    def begin_anew(self) -> None:
        """Throw away what is there. Blocking."""
        self.path.unlink(missing_ok=True)
        self.have = 0

    async def _write(self, out: BinaryIO, waiting: bytearray, count: Count) -> None:
        piece = bytes(waiting)
        waiting.clear()
        await asyncio.to_thread(_put, out, piece)
        self.have += len(piece)
        count(min(self.have, self.size))


@cache
def _certificates() -> ssl.SSLContext:
    """Whom we trust, read once: that takes a third of a second. Blocking."""
    return httpx.create_ssl_context()


def _put(out: BinaryIO, piece: bytes) -> None:
    out.write(piece)
    out.flush()


def _bytes_in(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _checked(address: str) -> str:
    """The address that was meant. Raises `SettingsError` for what is none."""
    try:
        return pasted_address(address) if address else ""
    except ValueError as error:
        raise SettingsError(f"OPENROOM_HUB or HF_ENDPOINT: expected {error}, came something else") from None


def _known_address() -> str:
    """The address that the ecosystem's own library knows. Blocking."""
    library, reason = optional("huggingface_hub")
    if library is not None:
        library, reason = optional("huggingface_hub.constants")
    if library is None:
        raise NotFetched(
            f"no hub is known: set OPENROOM_HUB to its address, or install openroom[local] (huggingface_hub {reason})",
            "no_network",
        )
    return str(library.ENDPOINT).rstrip("/")


def _sound(token: str) -> str:
    """The token; one that could not be sent is told of without its words, which an error of the client would quote."""
    if not _TOKEN.fullmatch(token):
        raise NotFetched("HF_TOKEN holds something that cannot be a token", "no_access")
    return token


def _next(at: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads. Raises `NotFetched` where we do not follow it."""
    target = at.join(location)
    why = ""
    if target.scheme not in {"http", "https"} or not target.host or target.userinfo:
        why = "to what is no plain web address"
    elif at.scheme == "https" and target.scheme == "http":
        why = "from https to http"
    elif is_forbidden(target.host) or (_here(target) and not _here(at)):
        why = "to an address that is not the hub's to give"
    if why:
        raise NotFetched(f"the hub sends {why}")
    return target


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _here(url: httpx.URL) -> bool:
    return url.host in probe.LOOPBACK


def _said(error: BaseException) -> str:
    return f"{type(error).__name__.lstrip('_')}: {error}".rstrip(": ")[:200]


async def _bounded(answer: httpx.Response) -> bytes:
    words = bytearray()
    async for piece in answer.aiter_bytes():
        words += piece
        if len(words) > _MOST_WORDS:
            raise NotFetched("the hub says more of this repository than we read")
    return bytes(words)


def _described(words: bytes, file: HubFile) -> Described:
    try:
        told = json.loads(words)
        names = {str(one["rfilename"]): one for one in told["siblings"]}
        commit, licence = str(told["sha"]), _licence(told)
        if file.file not in names:
            raise NotFetched(_no_such_file(file, names), "no_such_model")
        large = names[file.file].get("lfs") or {}
        size, digest = int(large.get("size", 0)), str(large.get("sha256", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotFetched("what answers there does not speak as a hub of models does", "no_network") from None
    if not (_SHA256.fullmatch(digest) and _COMMIT.fullmatch(commit) and size > 0):
        raise NotFetched(f"the hub gives no SHA-256 for {file.file}, and without one it is not fetched", "digest")
    return Described(size, digest, commit, licence)


def _no_such_file(file: HubFile, names: Mapping[str, Any]) -> str:
    there = sorted(name for name in names if is_file_name(name))
    shown = ", ".join(there[:_SHOWN_FILES]) + (" …" if len(there) > _SHOWN_FILES else "")
    return f"{file.repository} has no file {file.file}" + (f"; it has {shown}" if there else " and no other .gguf file")


def _licence(told: Mapping[str, Any]) -> str:
    card = told.get("cardData") or {}
    name = str(card.get("license") or "") if isinstance(card, dict) else ""
    return name if _LICENCE.fullmatch(name) else ""
