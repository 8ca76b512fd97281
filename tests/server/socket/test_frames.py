from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as Reference
from websockets.frames import Opcode
from websockets.protocol import CLIENT, Protocol

from openroom.room.feed import Frame
from openroom.server.socket.frames import close_frame, text_frame, wire


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_a_text_frame_is_what_the_library_would_send(size: int) -> None:
    payload = b"x" * size
    assert text_frame(payload) == Reference(Opcode.TEXT, payload).serialize(mask=False)


@given(st.lists(st.text(max_size=300), max_size=8))
def test_joined_frames_are_read_back_one_by_one(texts: list[str]) -> None:
    client = Protocol(CLIENT, max_size=None)
    client.receive_data(b"".join(text_frame(text.encode()) for text in texts))
    assert [bytes(event.data).decode() for event in client.events_received()] == texts


def test_a_close_frame_carries_code_and_reason_cut_to_what_fits() -> None:
    client = Protocol(CLIENT)
    client.receive_data(close_frame(4499, "too slow" + "ü" * 100))
    assert client.close_rcvd is not None
    assert client.close_rcvd.code == 4499
    assert client.close_rcvd.reason.startswith("too slowü")


def test_the_encoding_is_kept_on_the_frame() -> None:
    frame = Frame(b'{"type":"pong","t":1}')
    assert wire(frame) is wire(frame)
