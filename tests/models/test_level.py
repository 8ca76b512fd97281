"""The probe: what it asks, what it makes of answers, what it costs."""

from __future__ import annotations

import pytest

from openroom.language.tokens import estimate_tokens
from openroom.models import level
from openroom.models.metered import MeteredModel, prompt_estimate
from openroom.models.purse import Purse
from openroom.models.scripted import ScriptedModel
from openroom.ports.ledger import Budget
from openroom.ports.model import ModelInfo, complete
from openroom.store.inmemory import MemoryStore

GOOD = (
    "I mend clocks down here, skipper.",
    "Bruna Falk, skipper. Sit down.",
    "Admiral, skipper. He does not salute.",
    "No, skipper, the lamp is off.",
    "I never heard of that, skipper. What is it?",
    "Your dog did, all night.",
    "Den habe ich an eine Säge verloren, Skipper.",
)


def test_who_answers_soundly_is_able() -> None:
    assert level.judge(GOOD) == level.Measured("able", 10, ())


@pytest.mark.parametrize(
    ("at", "say", "missed"),
    [
        (0, "I sail ships, skipper.", "fact"),
        (1, "My name is Tom, skipper.", "name"),
        (2, "Whiskers, skipper.", "detail"),
        (3, "Yes, the lamp is on, skipper.", "state"),
        (4, "The internet is a network of computers, skipper.", "period"),
        (5, "I do not remember, skipper.", "before"),
        (6, "I lost it to a saw, skipper.", "language"),
    ],
)
def test_each_turn_is_held_against_its_own(at: int, say: str, missed: str) -> None:
    found = level.judge([*GOOD[:at], say, *GOOD[at + 1 :]])
    assert missed in found.missed
    assert found.points == 10 - len(found.missed)


@pytest.mark.parametrize(
    ("say", "missed"),
    [
        ("*looks up* Bruna Falk, skipper.", "narrates"),
        ("Bruna smiles. Falk, skipper.", "narrates"),
        ("I am Tom. Bruna, skipper.", "who"),
        ("Falk, skipper. How can I assist you today?", "who"),
    ],
)
def test_what_goes_wrong_anywhere_counts_once(say: str, missed: str) -> None:
    assert level.judge([GOOD[0], say, *GOOD[2:]]).missed == (missed,)


def test_a_form_of_address_may_be_left_out_now_and_then() -> None:
    without = [one.replace(", skipper", "") for one in GOOD]
    assert level.judge([*without[:2], *GOOD[2:]]).missed == ("address",)
    assert level.judge([without[0], *GOOD[1:]]).missed == ()


def test_no_words_are_no_points() -> None:
    assert level.judge([""] * 7) == level.Measured(
        "small", 0, ("fact", "name", "detail", "state", "period", "before", "language", "address", "narrates", "who")
    )


def test_between_the_two_it_is_fair() -> None:
    plain = ["I sail ships, skipper.", GOOD[1], "Whiskers, skipper.", *GOOD[3:]]
    assert level.judge(plain) == level.Measured("fair", 8, ("fact", "detail"))


async def test_it_is_asked_as_turns_are_and_costs_little() -> None:
    replies = iter(GOOD)
    store = MemoryStore()
    scripted = ScriptedModel(
        [lambda _request: {"say": next(replies)}], info=ModelInfo("big", "remote", "somewhere", "able")
    )
    model = MeteredModel(scripted, store, purse=Purse(store, Budget(), lambda: 0))

    async def ask(request) -> str:
        return (await complete(model, request))[0]

    assert (await level.measure(ask)).level == "able"
    assert {request.purpose for request in scripted.requests} == {"probe"}
    assert all(request.schema and request.messages[0].role == "system" for request in scripted.requests)
    spent = sum(prompt_estimate(request) for request in scripted.requests)
    spent += sum(estimate_tokens(f'{{"say": "{one}"}}') for one in GOOD)
    assert spent <= 1500
    assert not model.used.is_set()


async def test_what_is_no_object_has_no_words() -> None:
    async def ask(_request) -> str:
        return "I mend clocks, skipper."

    assert (await level.measure(ask)).points == 0


def test_a_level_is_kept_for_a_model_at_a_place() -> None:
    here = ModelInfo("big", "remote")
    assert level.key(here, "http://one/v1") == level.key(ModelInfo("big", "remote", "else", "small"), "http://one/v1")
    assert level.key(here, "http://one/v1") != level.key(here, "http://two/v1")
    assert level.key(here, "x") != level.key(ModelInfo("big", "local"), "x")
    assert "one/v1" not in level.key(here, "http://one/v1")
