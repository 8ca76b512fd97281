"""About as little as a server in Python can do: an epoll loop, one write per client and tick, no parsing of JSON.

It shows what the load generator can take in, and is the upper bound that the other servers are held against.
Run: ``python -m benchmarks.peers.coalesced_server``; prints its port.
"""

from __future__ import annotations

import base64
import hashlib
import re
import selectors
import socket
import struct
import time

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Hall:
    """The loop. Clients mask with zeros (as the generator does), so a payload can be used as it comes."""

    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.events = selectors.DefaultSelector()
        self.events.register(self.door, selectors.EVENT_READ)
        self.here: list[socket.socket] = []
        self.due: list[bytes] = []
        self.seq = 0

    def run(self) -> None:
        """Until killed."""
        print(self.door.getsockname()[1], flush=True)
        while True:
            for key, _ in self.events.select():
                if key.fileobj is self.door:
                    self.welcome()
                else:
                    self.read(key.fileobj)  # type: ignore[arg-type]
            if self.due:
                batch = b"".join(self.due)
                self.due.clear()
                for client in self.here:
                    client.sendall(batch)

    def welcome(self) -> None:
        """Take one client and shake hands."""
        client, _ = self.door.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += client.recv(4096)
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", asked, re.IGNORECASE)
        assert key is not None
        accept = base64.b64encode(hashlib.sha1(key[1] + _GUID).digest())
        client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + frame(b'{"type":"hello"}')
        )
        self.here.append(client)
        self.events.register(client, selectors.EVENT_READ)

    def read(self, client: socket.socket) -> None:
        """All the messages that came at once (the generator writes whole frames)."""
        data = client.recv(65_536)
        if not data:
            self.events.unregister(client)
            self.here.remove(client)
            client.close()
            return
        at = 0
        while at < len(data):
            size, start = data[at + 1] & 0x7F, at + 6
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 8
            self.say(data[start : start + size])
            at = start + size

    def say(self, payload: bytes) -> None:
        """Number it; the id and the text are cut out of the JSON by position."""
        self.seq += 1
        cause, text = payload.split(b'"', 9)[7], payload[payload.index(b'"text":') : -2]
        self.due.append(
            frame(
                b'{"type":"event","event":{"seq":%d,"at":%d,"actor":"player:%032x","cause":"%s","kind":"said",%s}}'
                % (self.seq, time.time_ns() // 1_000_000, 1, cause, text)
            )
        )


def frame(payload: bytes) -> bytes:
    """A text frame."""
    if len(payload) < 126:
        return bytes((0x81, len(payload))) + payload
    return struct.pack("!BBH", 0x81, 126, len(payload)) + payload


if __name__ == "__main__":
    Hall().run()
