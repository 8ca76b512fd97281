"""WebSocket frames of the server (RFC 6455, section 5.2), built once and shared by every connection that gets them."""

from __future__ import annotations

import struct

from openroom.room.feed import Burst, Frame

_TEXT = 0x81  # final fragment, opcode 1


def text_frame(payload: bytes) -> bytes:
    """One unmasked, unfragmented text frame around UTF-8 ``payload``."""
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 65_536:
        return struct.pack("!BBH", _TEXT, 126, size) + payload
    return struct.pack("!BBQ", _TEXT, 127, size) + payload


def wire(frame: Frame) -> bytes:
    """The frame's encoding, built at the first call and kept on the frame."""
    if frame.wire is None:
        frame.wire = text_frame(frame.data)
    return frame.wire


def wire_all(burst: Burst) -> bytes:
    """The frames of a burst behind one another, joined at the first call and kept on the burst."""
    if burst.wire is None:
        burst.wire = b"".join([frame.wire or wire(frame) for frame in burst.frames])
    return burst.wire


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame; ``reason`` is cut to what a control frame can hold (123 bytes)."""
    payload = struct.pack("!H", code) + reason.encode()[:123].decode("utf-8", "ignore").encode()
    return bytes((0x88, len(payload))) + payload
