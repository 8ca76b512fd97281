"""Bursts: one encoding for all who are at the same place, and never a word to who may not have it."""

from __future__ import annotations

import sys

import orjson

from openroom.core.event import Event, Left, Said
from openroom.room.feed import Feed, Frame, Subscription

ANN, BEN, CLEO = "player:ann", "player:ben", "player:cleo"


class Hall:
    """A feed whose visits can be set, and listeners that wait at its end."""

    def __init__(self, *people: str, ring: int = 4096) -> None:
        self.visits: dict[str, dict[str, int]] = {who: {"1": 0} for who in people}
        self.feed = Feed(lambda: self.visits, self._never, ring=ring)
        self.seq = 1
        self.listeners = {who: self.listen(who) for who in people}

    @staticmethod
    async def _never(_subscription: Subscription) -> None:
        raise AssertionError("nobody should have to catch up")

    def listen(self, who: str) -> Subscription:
        one = Subscription(self.feed, who, lambda: None, lambda _one: None)
        one.resume(self.feed.end, (), self.seq)
        return one

    def say(self, text: str = "Good evening.", to: list[str] | None = None) -> None:
        self.publish(Said(seq=self.seq + 1, at=1, actor=ANN, text=text, to=to))

    def publish(self, event: Event) -> None:
        self.seq = event.seq
        self.feed.publish([event])

    def texts(self, who: str) -> list[str | None]:
        """The words of what comes next; None for a bare event."""
        burst = self.listeners[who].take()
        return [orjson.loads(frame.data)["event"].get("text") for frame in burst.frames]


def test_all_who_are_at_the_same_place_get_the_same_burst_once() -> None:
    hall = Hall(ANN, BEN)
    hall.say("One.")
    hall.say("Two.")
    bursts = [hall.listeners[who].take() for who in (ANN, BEN)]
    assert bursts[0] is bursts[1]
    assert not bursts[0].more
    assert [orjson.loads(frame.data)["event"]["text"] for frame in bursts[0].frames] == ["One.", "Two."]
    assert hall.texts(ANN) == []
    hall.say("Three.")
    assert hall.texts(ANN) == ["Three."]
    assert hall.listeners[ANN].after == hall.seq


def test_a_whisper_between_lines_reaches_nobody_else_and_everybody_gets_its_seq() -> None:
    hall = Hall(ANN, BEN, CLEO)
    hall.say("Hello.")
    hall.say("Between us.", to=[BEN])
    hall.say("As I said.")
    assert hall.texts(BEN) == ["Hello.", "Between us.", "As I said."]
    assert hall.texts(CLEO) == ["Hello.", None, "As I said."]


def test_who_came_later_or_has_gone_gets_bare_events_from_the_same_place() -> None:
    hall = Hall(ANN, BEN, CLEO)
    hall.visits = {**hall.visits, CLEO: {"3": 0}}
    hall.say("Before you came.")
    hall.say("Welcome.")
    assert hall.texts(ANN) == ["Before you came.", "Welcome."]
    assert hall.texts(CLEO) == [None, "Welcome."]
    hall.publish(Left(seq=hall.seq + 1, at=1, actor=BEN, who=BEN, name="Ben"))
    hall.visits = {**hall.visits, BEN: {"1": hall.seq}}
    hall.say("He is gone.")
    assert hall.texts(BEN)[-1] is None
    assert hall.texts(ANN)[-1] == "He is gone."


def test_signals_for_some_are_for_them_only() -> None:
    hall = Hall(ANN, BEN)
    hall.feed.signal({"signal": "turn", "turn": "t1"}, to=[ANN])
    assert len(hall.listeners[ANN].take().frames) == 1
    assert hall.listeners[BEN].take().frames == []


def test_an_erased_line_leaves_what_was_made_of_it() -> None:
    hall = Hall(ANN, BEN)
    hall.say("What I should not have said.")
    assert hall.texts(ANN) == ["What I should not have said."]
    hall.feed.forget(Said(seq=hall.seq, at=1, actor=ANN, text="", erased=True))
    assert hall.texts(BEN) == [""]


def test_long_gaps_come_in_pieces_of_the_wanted_size_and_what_the_ring_lost_is_behind() -> None:
    hall = Hall(ANN, ring=128)
    for _ in range(100):
        hall.say("x" * 1000)
    burst = hall.listeners[ANN].take(10_000)
    assert 9 <= len(burst.frames) <= 12
    assert burst.more
    for _ in range(200):
        hall.say()
    assert hall.listeners[ANN].take().frames == []
    assert hall.listeners[ANN].behind


def test_a_frame_is_as_small_as_its_text() -> None:
    data = orjson.dumps({"type": "event"})
    frame = Frame(data)
    assert frame.data == data
    assert frame.data is not data
    assert sys.getsizeof(frame.data) < 100
