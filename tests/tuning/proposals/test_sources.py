"""Proposals from elsewhere: from gepa's own reflection."""

from __future__ import annotations

import pytest

from openroom.core.harness import Harness
from openroom.models.scripted import ScriptedModel
from openroom.tuning.audit.record import Flaw
from openroom.tuning.edits import SetSection
from openroom.tuning.proposals.gepa_source import GepaReflection
from openroom.tuning.proposals.operators import Situation
from openroom.tuning.rounds.arena import Played

FAILED = Played("train/1", "voice", 0.0, "heard: Hi\nsay: As an AI I can help.", (Flaw(kind="banned_words", why="AI"),))


async def test_gepa_rewrites_a_section() -> None:
    pytest.importorskip("gepa")
    model = ScriptedModel([("banned_words: AI", "Here it is:\n```\nSpeak as the keeper of the room.\n```")])
    answer = await GepaReflection(model).propose(
        Situation(harness=Harness(), dimension="voice", seed=1, failures=[FAILED])
    )
    assert answer.proposal is not None
    assert answer.proposal.edit == SetSection(id="manner", text="Speak as the keeper of the room.")
    assert answer.proposal.operator == "gepa"
    assert answer.raw.startswith("Here it is")


async def test_gepa_that_says_nothing_or_too_much_proposes_nothing() -> None:
    pytest.importorskip("gepa")
    for text in ("```\n```", "```\n" + "x" * 2000 + "\n```"):
        answer = await GepaReflection(ScriptedModel([("", text)])).propose(
            Situation(harness=Harness(), dimension="voice", seed=1, failures=[FAILED])
        )
        assert answer.proposal is None
        assert "characters of instruction" in answer.reason


@pytest.mark.parametrize(
    "text",
    [
        'Be kind. ```json\n{"say": "Good evening."}\n``` Never lie.',
        "The old one:\n```\nBe rude.\n```\nThe new one:\n```\nBe kind.\n```",
    ],
)
async def test_gepa_whose_instruction_can_not_be_told_proposes_nothing(text: str) -> None:
    pytest.importorskip("gepa")
    answer = await GepaReflection(ScriptedModel([("", text)])).propose(
        Situation(harness=Harness(), dimension="voice", seed=1, failures=[FAILED])
    )
    assert answer.proposal is None and "can't be told" in answer.reason
