"""Connections before there is a request: how many an address may hold, and how long one may take to ask something.

uvicorn waits for a request for as long as the other side likes, and each one that waits holds a file: a few hundred
shut everybody else out. So its HTTP protocol is given a deadline for the headers, and one for the body, of each
request. What was asked is the guard's affair, sockets too.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from typing import Any, ClassVar

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from openroom.server.limits import Addresses

HEADER_SECONDS = 15.0
_BODY_BYTES_PER_SECOND = 16_384
_TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_Http: Any = AutoHTTPProtocol


class Doorstep(_Http):  # type: ignore[misc]
    """uvicorn's HTTP protocol with an end to waiting; `doorstep` makes one for a server."""

    addresses: ClassVar[Addresses]
    proxies: ClassVar[Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]] = ()
    seconds: ClassVar[float] = HEADER_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _about: Any = None
    """The request whose body is waited for; none while it is a request's headers."""
    _counted: str | None = None
    _is_socket = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Somebody is there."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if address and not self._is_proxy(address):
            if not self.addresses.enter(address):
                transport.write(_TOO_MANY)
                transport.close()
                return
            self._counted = address
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Some of a request, or all of it."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The next request may have begun already."""
        super().on_response_complete()
        self._watch()

    def handle_websocket_upgrade(self, *event: Any) -> None:
        """From here on it is a socket."""
        self._is_socket = True
        self._let_go()
        super().handle_websocket_upgrade(*event)

    def connection_lost(self, error: Exception | None) -> None:
        """It is over."""
        self._let_go()
        super().connection_lost(error)

    def _watch(self) -> None:
        """Wait for what is missing of a request, until its deadline; more of the same puts that off no further."""
        cycle = None if self.cycle is None or self.cycle.response_complete else self.cycle
        if self._is_socket or self.transport.is_closing() or (cycle is not None and not cycle.more_body):
            self._stop_waiting()
        elif self._deadline is None or cycle is not self._about:
            self._stop_waiting()
            self._about = cycle
            patience = self.seconds + (_length(cycle.scope) / _BODY_BYTES_PER_SECOND if cycle else 0)
            self._deadline = self.loop.call_later(patience, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _let_go(self) -> None:
        self._stop_waiting()
        if self._counted is not None:
            self.addresses.leave(self._counted)
            self._counted = None

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.proxies)


def doorstep(addresses: Addresses, proxies: Sequence[str] = (), seconds: float = HEADER_SECONDS) -> type[Doorstep]:
    """The protocol of a server: ``addresses`` counts its connections but for those of its ``proxies``."""
    networks = [ipaddress.ip_network(one) for one in proxies]
    return type("Doorstep", (Doorstep,), {"addresses": addresses, "proxies": networks, "seconds": seconds})


def _length(scope: Any) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 16 else 0
