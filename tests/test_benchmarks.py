"""The benchmarks' own tools: the table says what was reached, and the checker finds what is lost, doubled or moved."""

from __future__ import annotations

import math

import orjson
import pytest

from benchmarks.peers.coalesced_server import frame
from benchmarks.rooms_dialects import DIALECTS
from benchmarks.rooms_load import percentile
from benchmarks.rooms_table import Row, missing, ratio, table
from benchmarks.rooms_wire import Broken, Listener, Truth, head, masked

READ = DIALECTS["openroom"].read


def event(seq: int, text: str = "Good evening.") -> bytes:
    return frame(orjson.dumps({"type": "event", "event": {"seq": seq, "cause": f"c-{seq}", "text": text}}))


DONE = frame(b'{"type":"done","id":"c-1","seqs":[1]}')


def listeners(count: int, after: int = 0) -> list[Listener]:
    truth = Truth(READ, after)
    return [Listener(truth) for _ in range(count)]


def test_listeners_who_get_the_same_events_in_pieces_of_any_size_are_content() -> None:
    stream = b"".join(event(seq) for seq in range(1, 9))
    one, other, third = listeners(3)
    for size, listener in ((len(stream), one), (7, other), (300, third)):
        for at in range(0, len(stream), size):
            listener.take(stream[at : at + size])
    assert one.at == other.at == third.at == len(stream)
    assert (one.truth.events, one.truth.seq) == (8, 8)
    assert one.truth.ends["c-8"] == len(stream)


@pytest.mark.parametrize(
    "seqs", [(1, 3), (1, 1), (2, 1), (1, 2, 4, 3)], ids=["lost", "doubled", "begins late", "moved"]
)
def test_a_stream_whose_seqs_do_not_follow_is_broken(seqs: tuple[int, ...]) -> None:
    (one,) = listeners(1)
    with pytest.raises(Broken, match="expected seq"):
        one.take(b"".join(event(seq) for seq in seqs))


@pytest.mark.parametrize(
    "other",
    [event(1) + event(3), event(1) + event(1), event(2) + event(1), event(1) + event(2, "Good morning.")],
    ids=["lost", "doubled", "moved", "altered"],
)
def test_a_listener_who_gets_something_else_than_the_others_is_noticed(other: bytes) -> None:
    first, second = listeners(2)
    first.take(event(1) + event(2) + event(3))
    with pytest.raises(Broken, match="different bytes"):
        second.take(other)


def test_a_sender_s_own_replies_are_left_out_wherever_a_read_ends() -> None:
    stream = DONE + event(1) + event(2) + DONE + DONE + event(3)
    plain, sender = listeners(2)
    plain.take(event(1) + event(2) + event(3))
    for at in range(0, len(stream), 11):
        sender.take_mixed(stream[at : at + 11])
    assert sender.at == plain.at


def test_what_nobody_said_is_checked_but_does_not_count_as_a_line() -> None:
    (one,) = listeners(1)
    left = frame(orjson.dumps({"type": "event", "event": {"seq": 2, "kind": "left"}}))
    one.take(event(1) + left + event(3))
    assert (one.truth.events, one.truth.seq) == (2, 3)


def test_what_is_no_event_does_not_pass_for_one() -> None:
    (one,) = listeners(1)
    with pytest.raises(Broken, match="expected an event"):
        one.take(frame(b'{"type":"resync"}'))


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_frames_of_every_length_are_read(size: int) -> None:
    sent = masked(b"x" * size)
    assert sent[1] & 0x80
    unmasked = bytes([sent[0], sent[1] & 0x7F]) + sent[2:].replace(b"\0\0\0\0", b"", 1)[: len(sent) - 6]
    if size < 65_536:
        found = head(unmasked, 0)
        assert found is not None
        assert unmasked[found.start : found.end] == b"x" * size
    assert head(frame(b"x" * min(size, 60_000))[:-1], 0) is None


def test_colyseus_messages_are_read() -> None:
    body = (
        b"\x0d\xa4said\x86\xa3seq\xcd\x01\x2c\xa2at\xcf\0\0\0\0\0\0\0\x01\xa5actor\xa1a\xa5cause\xa3c-7\xa4kind\xa4said"
    )
    assert DIALECTS["colyseus"].read(body) == (300, "c-7")
    assert DIALECTS["colyseus"].read(b"\x0a\x01x") is None


def test_the_table_says_what_is_reached_and_what_was_not_measured() -> None:
    rows = [
        Row("B1", "fast", 3.2, 3.0),
        Row("B5", "memory", 2.5, 2.0, "most", "MB"),
        Row("turn", "no goal", 1234.5, unit="ms"),
        missing("B1", "against Colyseus", "node and npm are not here"),
        Row("commands", "aimed at", 1.5, 2.0, "most", "s", aim=1.2),
    ]
    lines = table(rows).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "3.20x" in lines[2] and ">= 3.00x" in lines[2] and "| reached" in lines[2]
    assert "2.50 MB" in lines[3] and "<= 2.00 MB" in lines[3] and "| not reached" in lines[3]
    assert "1,234 ms" in lines[4] and "reached" not in lines[4]
    assert "| not measured" in lines[5] and "node and npm are not here" in lines[5]
    assert "<= 2.00 s (aim 1.20)" in lines[6]
    assert rows[3].reached is None and math.isnan(rows[3].value)


def test_ratios_are_taken_round_by_round() -> None:
    assert ratio([10, 1, 40], [5, 1, 10]) == 2  # 2, 1 and 4; not the ratio of the medians
    assert percentile([5, 1, 3], 0.5) == 3
    assert percentile(range(1, 101), 0.99) == 100
