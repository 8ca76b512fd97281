"""How to join, speak and read on each of the measured servers."""

from __future__ import annotations

import http.client
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from benchmarks.rooms_servers import Server
from benchmarks.rooms_wire import Broken, Read, head, masked, upgrade

_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Dialect:
    """``join`` a socket (blocking) as somebody of a name, the words of a line (``say(cause, text)``, a whole frame),
    and how to ``read`` events."""

    join: Callable[[Server, str], tuple[socket.socket, bytes]]
    say: Callable[[str, str], bytes]
    read: Read


def frames(link: socket.socket, rest: bytes = b"") -> _Frames:
    """Read a blocking socket frame by frame."""
    return _Frames(link, rest)


class _Frames:
    """Payloads one by one; ``rest`` is what was read beyond."""

    def __init__(self, link: socket.socket, rest: bytes) -> None:
        self.link, self.rest = link, rest

    def next(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame. Raises `Broken` when the server has gone."""
        while (found := head(self.rest, 0)) is None:
            more = self.link.recv(262_144)
            if not more:
                raise Broken("the server closed a connection")
            self.rest += more
        payload, self.rest = self.rest[found.start : found.end], self.rest[found.end :]
        return found.opcode, payload

    def until(self, true: Callable[[bytes], bool]) -> bytes:
        """The next payload of which that is true."""
        while True:
            opcode, payload = self.next()
            if opcode == 8:
                raise Broken(f"the server said goodbye: {payload[:120]!r}")
            if true(payload):
                return payload


def connect(server: Server, path: str, protocol: str = "", cookie: str = "") -> tuple[socket.socket, bytes]:
    """A WebSocket, shaken hands; and what came after the handshake's answer."""
    link = socket.create_connection(("127.0.0.1", server.port), timeout=_PATIENCE)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    asked, accept = upgrade(path, f"127.0.0.1:{server.port}", protocol, cookie)
    link.sendall(asked)
    came = b""
    while b"\r\n\r\n" not in came:
        more = link.recv(65_536)
        if not more:
            raise Broken(f"no WebSocket at {path}: {came[:200]!r}")
        came += more
    top, _, rest = came.partition(b"\r\n\r\n")
    if accept not in top:
        raise Broken(f"no WebSocket at {path}: {top[:200]!r}")
    return link, rest


# openroom, and the plain servers, which speak the same JSON -----------------------------------------------------------


def _join_openroom(server: Server, name: str) -> tuple[socket.socket, bytes]:
    link, rest = connect(server, "/ws/rooms/hall", "openroom.v1")
    link.sendall(masked(orjson.dumps({"type": "join", "name": name})))
    stream = frames(link, rest)
    stream.until(lambda payload: payload.startswith(b'{"type":"snapshot"'))
    return link, stream.rest


def _join_plain(server: Server, _name: str) -> tuple[socket.socket, bytes]:
    link, rest = connect(server, "/")
    stream = frames(link, rest)
    stream.until(lambda payload: payload.startswith(b'{"type":"hello"'))
    return link, stream.rest


def _say_json(cause: str, text: str) -> bytes:
    return masked(b'{"type":"act","id":"%s","action":{"do":"say","text":"%s"}}' % (cause.encode(), text.encode()))


def _read_json(payload: bytes) -> tuple[int, str] | None:
    if not payload.startswith(b'{"type":"event"'):
        return None
    event = orjson.loads(payload)["event"]
    return event["seq"], event.get("cause", "")


# Colyseus -----------------------------------------------------------------------------------------------------------

_JOIN_ROOM, _ROOM_DATA = 10, 13


def _join_colyseus(server: Server, _name: str) -> tuple[socket.socket, bytes]:
    asking = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
    asking.request("POST", "/matchmake/joinOrCreate/hall", "{}", {"Content-Type": "application/json"})
    seat = json.loads(asking.getresponse().read())
    asking.close()
    where = seat.get("room", seat)
    link, rest = connect(server, f"/{where['processId']}/{where['roomId']}?sessionId={seat['sessionId']}")
    stream = frames(link, rest)
    stream.until(lambda payload: payload[:1] == bytes([_JOIN_ROOM]))
    link.sendall(masked(bytes([_JOIN_ROOM]), opcode=2))
    return link, stream.rest


def _pack(text: str) -> bytes:
    data = text.encode()
    if len(data) < 32:
        return bytes([0xA0 | len(data)]) + data
    return (b"\xd9" + bytes([len(data)]) if len(data) < 256 else b"\xda" + struct.pack("!H", len(data))) + data


def _say_colyseus(cause: str, text: str) -> bytes:
    body = b"\x82" + _pack("id") + _pack(cause) + _pack("text") + _pack(text)
    return masked(bytes([_ROOM_DATA]) + _pack("say") + body, opcode=2)


def _read_colyseus(payload: bytes) -> tuple[int, str] | None:
    if payload[:1] != bytes([_ROOM_DATA]):
        return None
    at = payload.index(b"\xa3seq") + 4
    wide = {0xCC: 1, 0xCD: 2, 0xCE: 4}.get(payload[at], 0)
    seq = int.from_bytes(payload[at + 1 : at + 1 + wide], "big") if wide else payload[at]
    at = payload.index(b"\xa5cause") + 6
    size = payload[at] & 0x1F
    return seq, payload[at + 1 : at + 1 + size].decode()


DIALECTS = {
    "openroom": Dialect(_join_openroom, _say_json, _read_json),
    "websockets": Dialect(_join_plain, _say_json, _read_json),
    "uvloop": Dialect(_join_plain, _say_json, _read_json),
    "coalesced": Dialect(_join_plain, _say_json, _read_json),
    "colyseus": Dialect(_join_colyseus, _say_colyseus, _read_colyseus),
}
