"""Cases from ratings and from what went wrong: only what was said aloud, each line once."""

from __future__ import annotations

import pytest

from openroom.core.event import Rated, Said
from openroom.evals.generate import collect, from_events
from openroom.ports.store import RoomRecord
from openroom.store.inmemory import MemoryStore
from tests.evals.conftest import evaluator, speaks

ANN, VERA = "player:ann", "character:vera"


def said(seq: int, actor: str, text: str, **more) -> Said:
    return Said(seq=seq, at=seq, actor=actor, text=text, **more)


def test_a_disliked_line_becomes_a_case_that_asks_for_another_one():
    events = [
        said(1, ANN, "What do you do all day?"),
        said(2, VERA, "I keep the parlour, and it is a very long story indeed."),
        Rated(seq=3, at=3, actor=ANN, target=2, value=-1, reason="much too long"),
    ]
    (one,) = from_events("vera", events)
    assert (one.dimension, one.split, one.steps[0].say) == ("voice", "train", "What do you do all day?")
    assert [spec.check for spec in one.checks] == ["not_like", "length"]


def test_a_rating_taken_back_gives_nothing():
    events = [
        said(1, ANN, "Hello?"),
        said(2, VERA, "Go away."),
        Rated(seq=3, at=3, actor=ANN, target=2, value=-1),
        Rated(seq=4, at=4, actor=ANN, target=2, value=0),
    ]
    assert from_events("vera", events) == []


@pytest.mark.parametrize("hidden", [{"to": [VERA]}, {"erased": True}])
def test_whispers_and_erased_lines_are_never_made_into_cases(hidden):
    events = [said(1, ANN, "My secret plan", **hidden), said(2, VERA, "I'm sorry, but I can't.")]
    assert from_events("vera", events) == []


def test_loops_and_refusals_are_found_without_anybody_rating():
    events = []
    for n in range(3):
        events += [
            said(2 * n + 1, ANN, f"Question number {n}?"),
            said(2 * n + 2, VERA, "The weather is quite fine today."),
        ]
    events += [said(7, ANN, "Light the lamp?"), said(8, VERA, "I can't do that, guest.")]
    kinds = sorted(one.cluster for one in from_events("vera", events))
    assert kinds == ["from_rooms_loop", "from_rooms_loop", "from_rooms_refusal"]


async def test_collected_cases_are_played_like_any_other(library):
    store = MemoryStore()
    await store.create_room(RoomRecord("parlour", "parlour", "", "", True, 1, 1, "e"))
    await store.append("parlour", [said(1, ANN, "Light the lamp, Vera?"), said(2, VERA, "I can't do that, guest.")])
    (one,) = await collect(store, "vera")
    await store.close()
    for answer, score in (("I can't do that.", 0.0), ("There it is.", 1.0)):
        run = evaluator(library, speaks(lambda _heard, _prompt, answer=answer: answer), one)
        assert (await run.one(one)).score == score
