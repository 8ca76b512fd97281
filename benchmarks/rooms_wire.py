"""What the load generator speaks: WebSocket frames with as little Python as possible, and the checker.

All listeners of a room get the same bytes for an event (in every server measured here), so one listener's stream is
read frame by frame and the others are held against it byte by byte. An event that is lost, doubled, altered or out of
order shows either as a seq that does not follow or as a difference between two streams. Both raise `Broken`.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass

Read = Callable[[bytes], "tuple[int, str] | None"]
"""Reads the payload of a frame: seq and cause of an event, ``None`` for anything else (a reply, a signal)."""

_MASK = b"\0\0\0\0"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Broken(Exception):
    """Something was lost, doubled, altered or out of order, or the server went away."""


@dataclass(frozen=True, slots=True)
class FrameHead:
    """Where a frame's payload begins and where the frame ends, in the buffer it was read from."""

    opcode: int
    start: int
    end: int


def masked(payload: bytes, opcode: int = 1) -> bytes:
    """A client's frame. The mask is zero: allowed, and it costs the generator nothing."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size)) + _MASK + payload
    if size < 65_536:
        return struct.pack("!BBH", 0x80 | opcode, 0xFE, size) + _MASK + payload
    return struct.pack("!BBQ", 0x80 | opcode, 0xFF, size) + _MASK + payload


def head(data: bytes | bytearray, at: int) -> FrameHead | None:
    """The frame of a server that begins at ``at``; ``None`` while it is not complete."""
    if len(data) < at + 2:
        return None
    size, start = data[at + 1], at + 2
    if size == 126:
        size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
    elif size == 127:
        size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
    end = start + size
    return FrameHead(data[at] & 0x0F, start, end) if len(data) >= max(end, start) else None


def upgrade(path: str, host: str, protocol: str = "", cookie: str = "") -> tuple[bytes, bytes]:
    """A handshake's request, and what its answer must contain."""
    key = base64.b64encode(os.urandom(16))
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key.decode()}",
        "Sec-WebSocket-Version: 13",
        *([f"Sec-WebSocket-Protocol: {protocol}"] if protocol else []),
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode(), accept


class Truth:
    """The stream that every listener must get: made of whatever came first, checked once, frame by frame."""

    def __init__(self, read: Read, after: int) -> None:
        self.data = bytearray()
        self.seq = after
        self.events = 0
        """Lines that somebody said."""
        self.ends: dict[str, int] = {}
        """Where in the stream the event of each cause ends."""
        self._read, self._checked = read, 0

    def grow(self, more: bytes | memoryview) -> None:
        """What one listener got beyond all others. Raises `Broken` when a seq does not follow."""
        self.data += more
        while (frame := head(self.data, self._checked)) is not None:
            found = self._read(bytes(self.data[frame.start : frame.end])) if frame.opcode in (1, 2) else None
            if found is None:
                shown = bytes(self.data[frame.start : frame.start + 80])
                raise Broken(f"expected an event after seq {self.seq}, came {shown!r}")
            seq, cause = found
            if seq != self.seq + 1:
                raise Broken(f"expected seq {self.seq + 1}, came {seq}")
            self.seq, self._checked = seq, frame.end
            if cause:  # else nobody's line: somebody of an earlier round has left
                self.events += 1
                self.ends[cause] = frame.end


class Listener:
    """One client's place in the `Truth`. ``take`` is for clients that get nothing but events."""

    __slots__ = ("_rest", "at", "truth")

    def __init__(self, truth: Truth) -> None:
        self.truth, self.at = truth, 0
        self._rest = b""

    def take(self, chunk: bytes | memoryview) -> None:
        """What came. Raises `Broken` when it is not what everybody else got."""
        known, at = self.truth.data, self.at
        end = at + len(chunk)
        if end <= len(known):
            if known[at:end] != chunk:
                self._differs(chunk)
        else:
            common = len(known) - at
            if known[at:] != chunk[:common]:
                self._differs(chunk)
            self.truth.grow(chunk[common:])
        self.at = end

    def take_mixed(self, chunk: bytes) -> None:
        """The same for clients that get replies of their own between the events: those are left out."""
        data = self._rest + chunk if self._rest else chunk
        at = begun = 0
        while (frame := head(data, at)) is not None:
            if self.truth_is_deaf_to(data[frame.start : frame.end]):
                if at > begun:
                    self.take(data[begun:at])
                begun = frame.end
            at = frame.end
        if at > begun:
            self.take(data[begun:at])
        self._rest = data[at:]

    def truth_is_deaf_to(self, payload: bytes) -> bool:
        """Whether a payload is a reply to this client alone."""
        return payload.startswith((b'{"type":"done"', b'{"type":"signal"'))

    def _differs(self, chunk: bytes | memoryview) -> None:
        raise Broken(f"two listeners got different bytes after seq {self.truth.seq}: {bytes(chunk[:80])!r}")
