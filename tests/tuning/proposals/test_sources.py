"""Proposals from elsewhere: from gepa's own reflection, and from a sibling character."""

from __future__ import annotations

import pytest

from openroom.core.harness import Harness, Rule
from openroom.models.scripted import ScriptedModel
from openroom.tuning.audit.record import Flaw
from openroom.tuning.edits import AddRule, SetMemory, SetSection
from openroom.tuning.proposals.gepa_source import GepaReflection
from openroom.tuning.proposals.operators import Situation
from openroom.tuning.proposals.siblings import for_sibling
from openroom.tuning.rounds.arena import Played
from openroom.tuning.rounds.lineage import Kept

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


def test_a_sibling_is_offered_what_fits_and_what_it_lacks() -> None:
    voice = Kept(AddRule(id="short", text="Two sentences."), "voice", 0.3, 1)
    better = Kept(AddRule(id="plain", text="Plain words."), "voice", 0.5, 2)
    strong = Kept(AddRule(id="facts", text="Only facts."), "facts", 0.4, 3)
    memory = Kept(SetMemory(name="recall_facts", value=9), "voice", 0.9, 4)
    sibling = Harness(rules=(Rule(id="short", text="One."),))
    offered = for_sibling([voice, better, strong, memory], "mira", sibling, {"voice": 0.6, "facts": 0.05})
    assert [proposal.edit for proposal in offered] == [better.edit]
    assert offered[0].operator == "sibling"
    assert "mira" in offered[0].hypothesis.why
