"""The outermost layer: which Host and Origin may ask, a request id for each, and plain security headers.

A page of another site (or a name that was rebound to 127.0.0.1) must not reach rooms with a visitor's cookie. So the
Host header must name this server, and an Origin header, which browsers send with every WebSocket and unsafe request,
must be the same site or one that the settings allow. Programs send no Origin; they have no cookie to steal.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openroom.protocol.closing import CLOSE_REFUSED, CLOSE_TOO_FAST
from openroom.protocol.messages import accepted
from openroom.server import cors
from openroom.server.limits import Addresses, Rates, address_of
from openroom.settings import Settings

MOST_BODY_BYTES = 1_048_576
"""The size of an HTTP request's body, but for those that are imported."""
_IMPORTS = ("/api/rooms/import", "/api/cards", "/past")
"""Paths whose routes look at rights first, and bound the body as they read it."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_COSTLY = re.compile(r"/(?:export|events|search|story|talk|branches|writings|prompts/[^/]*)$")
"""What reads much counts as a change does."""
_SOCKETS = frozenset({"ws", "socket.io"})
"""Parts of a path behind which a socket, or what stands in for one, listens: there GET changes things too."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LOG = logging.getLogger("openroom.http")


@dataclass(frozen=True, slots=True)
class Hosts:
    """Which names this server answers to. ``names`` are hosts, perhaps with a port; ``*`` among them is any."""

    names: frozenset[str]
    any_address: bool = False
    """Whether any IP address is fine as a Host: a rebound name never is one. True when bound beyond loopback."""
    friends: frozenset[str] = frozenset()
    """Names whose pages may ask, besides the site itself."""
    public: tuple[str, str] = ("", "")
    """Scheme and netloc of the public URL: pages of its host may ask from there only."""

    @classmethod
    def of(cls, settings: Settings) -> Hosts:
        """From the settings: loopback, the address listened on, the public URL's host and the allowed hosts."""
        friends = frozenset(name.lower() for name in settings.allowed_hosts)
        scheme, netloc, *_ = urlsplit((settings.public_url or "").lower())
        # A proxy may drop the port of the Host header.
        names = {*_LOOPBACK, settings.host.lower(), *friends} | ({netloc, _host(netloc)} if netloc else set())
        return cls(frozenset(names), not settings.on_loopback, friends, (scheme, netloc))

    def is_ours(self, netloc: str) -> bool:
        """Whether a Host header (``name`` or ``name:port``) names this server."""
        netloc = netloc.lower()
        name = _host(netloc)
        if "*" in self.names or netloc in self.names or name in self.names:
            return True
        return self.any_address and _is_address(name)

    def may_ask(self, origin: str, host: str) -> bool:
        """Whether a page of ``origin`` may ask a server reached as ``host``: the same site, or one named in the
        settings.
        """
        scheme, netloc, *_ = urlsplit(origin.lower())
        if scheme not in ("http", "https") or not netloc:
            return False
        if (scheme, netloc) == self.public or self.friends & {"*", netloc, _host(netloc)}:
            return True
        return netloc == host.lower() and netloc not in (self.public[1], _host(self.public[1]))

    def reader(self, origin: str, host: str) -> str:
        """Which other site's page may read an answer of ours: ``origin``, ``*`` where any may, or none."""
        if not self.may_ask(origin, host) or urlsplit(origin).netloc.lower() == host.lower():
            return ""
        return "*" if "*" in self.names else origin


class Guard:
    """ASGI middleware around everything, NiceGUI's socket included. ``log`` writes a line for each HTTP request.

    Without a socket an address may ask for changes as often as one connection may send messages (``rates``); sockets
    of any kind are among the ``connections`` that it may hold.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Hosts,
        log: bool = True,
        rates: Rates | None = None,
        connections: Addresses | None = None,
    ) -> None:
        self._app, self._hosts, self._log, self._rates, self._connections = app, hosts, log, rates, connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._socket(scope, receive, send)
            else:
                await _refuse_socket(scope, receive, send, CLOSE_REFUSED, refusal)
            return
        request = _Request(scope, send, self._log, self._reader(scope))
        if refusal is not None:
            await _refuse(request.send, 403, "refused", refusal)
        elif request.reader and cors.is_preflight(scope):
            await cors.answer_preflight(request.send)
        elif too_much := _too_much(scope):
            await _refuse(request.send, *too_much)
        elif self._is_too_fast(scope):
            await _refuse(request.send, 429, "rate_limited", "Too fast: this was left out.")
        elif scope["method"] == "HEAD" and not _is_socket(scope):
            await self._app({**scope, "method": "GET"}, receive, _without_body(request.send))
        else:
            await self._app(scope, receive, request.send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = address_of(scope)
        if self._connections is not None and not self._connections.enter(address):
            await _refuse_socket(scope, receive, send, CLOSE_TOO_FAST, "too many connections from this address")
            return
        try:
            await self._app(scope, receive, send)
        finally:
            if self._connections is not None:
                self._connections.leave(address)

    def _is_too_fast(self, scope: Scope) -> bool:
        costs = scope["method"] not in _SAFE or _COSTLY.search(scope["path"])
        if self._rates is None or not costs or "/api/" not in scope["path"]:
            return False
        return not self._rates.take(address_of(scope))

    def _reader(self, scope: Scope) -> str | None:
        """The other site whose page may read the answer, empty for none; ``None`` where that is no question."""
        if not cors.is_readable(scope):
            return None
        headers = Headers(scope=scope)
        return self._hosts.reader(headers.get("origin", ""), headers.get("host", ""))

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        host = ", ".join(hosts)
        if len(hosts) != 1 or not self._hosts.is_ours(host):
            return f"Host {host[:100]!r} is not one of this server's names (OPENROOM_ALLOWED_HOSTS adds some)"
        if scope["type"] == "http" and scope["method"] in _SAFE and not _is_socket(scope):
            return None
        origins = headers.getlist("origin")
        bad = next((o for o in origins if not self._hosts.may_ask(o, host)), None)
        if bad is None:
            return None
        return f"Origin {bad[:100]!r} is another site (OPENROOM_ALLOWED_HOSTS lets it in)"


class _Request:
    """One HTTP request's id, headers and log line."""

    def __init__(self, scope: Scope, send: Send, log: bool, reader: str | None) -> None:
        self._scope, self._send, self._log, self.reader = scope, send, log, reader
        self._started = time.perf_counter()
        self._id = secrets.token_hex(6)
        scope.setdefault("state", {})["request_id"] = self._id

    async def send(self, message: Message) -> None:
        """Pass a message on, with our headers on a response's start."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._id
            headers.setdefault("x-content-type-options", "nosniff")
            headers.setdefault("referrer-policy", "same-origin")
            headers.setdefault("x-frame-options", "SAMEORIGIN")
            if self.reader is not None:
                headers.add_vary_header("Origin")
            for name, value in cors.allowing(self.reader).items() if self.reader else ():
                headers.setdefault(name, value)
            if self._log:
                self._line(int(message["status"]))
        await self._send(message)

    def _line(self, status: int) -> None:
        spent = round((time.perf_counter() - self._started) * 1000, 1)
        path = _without_tokens(self._scope["path"])
        level = logging.INFO if status < 500 else logging.ERROR
        extra = {"request_id": self._id, "method": self._scope["method"], "path": path, "status": status, "ms": spent}
        _LOG.log(level, "%s %s %d", self._scope["method"], path, status, extra=extra)


def _is_socket(scope: Scope) -> bool:
    path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
    return bool(_SOCKETS & set(path.split("/")))


def _without_body(send: Send) -> Send:
    """What answers HEAD: the route answers as it does GET, which few of them are written to leave the body out of."""

    async def head_only(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
        elif not message.get("more_body"):
            await send({"type": "http.response.body", "body": b""})

    return head_only


def _without_tokens(path: str) -> str:
    """A path fit for a log: links that grant a role are cut."""
    for part in ("/operator/", "/invite/"):
        head, found, _ = path.partition(part)
        if found:
            return head + part + "…"
    return path


def _too_much(scope: Scope) -> tuple[int, str, str] | None:
    """Status, reason and message where a body is longer than any of ours is, or does not say how long it is.

    An import has no limit here: it reads its body only when somebody asks who may import.
    """
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers:
        return 411, "length_required", "Expected a Content-Length."
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) <= MOST_BODY_BYTES:
        return None
    if length.isdecimal() and scope["path"].endswith(_IMPORTS):
        return None
    return 413, "too_large", f"Expected at most {MOST_BODY_BYTES} bytes, came {length[:20]}."


async def _refuse(send: Send, status: int, reason: str, message: str) -> None:
    body = json.dumps({"reason": reason, "message": message}).encode()
    head: Iterable[tuple[bytes, bytes]] = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": list(head)})
    await send({"type": "http.response.body", "body": body})


async def _refuse_socket(scope: Scope, receive: Receive, send: Send, code: int, reason: str) -> None:
    """Our own rooms accept and close with a code that a browser can read; any other socket is refused before that."""
    await receive()
    if "/ws/rooms/" in scope["path"]:
        await send({"type": "websocket.accept", "subprotocol": accepted(scope.get("subprotocols") or ())})
    await send({"type": "websocket.close", "code": code, "reason": reason[:120]})


def _host(netloc: str) -> str:
    """The host of ``name:port`` or ``[::1]:port``."""
    if netloc.startswith("["):
        return netloc[1:].partition("]")[0]
    return netloc.rpartition(":")[0] if netloc.count(":") == 1 else netloc


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
