"""Operators: what they offer, that it fits, and that the same seed offers the same."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.harness import Example, Harness, HarnessError, HarnessSampling
from openroom.errors import ModelTimeout
from openroom.models.scripted import ScriptedModel
from openroom.tuning.audit.journal import MemoryJournal
from openroom.tuning.audit.record import Flaw
from openroom.tuning.edits import (
    AddExample,
    AddRule,
    AddTriggerRule,
    DropExample,
    Edit,
    SetGuard,
    SetSampling,
    apply_edit,
    apply_edits,
    label,
    path_of,
)
from openroom.tuning.proposals.ask import ask
from openroom.tuning.proposals.from_findings import reminded, worded
from openroom.tuning.proposals.model_proposer import ModelProposer, parse
from openroom.tuning.proposals.operators import Proposer, Situation
from openroom.tuning.proposals.search import ExampleBootstrap, SamplingSearch, SectionOrder, exchanges
from openroom.tuning.proposals.static_checks import StaticChecks
from openroom.tuning.proposals.templates import TEMPLATES, RuleTemplates
from openroom.tuning.rounds.arena import Played
from openroom.tuning.rounds.bandit import Bandit
from openroom.tuning.rounds.budget import RunBudget

HARNESS = Harness(sections={"voice": "Low."}, order=("voice", "rules", "examples"))
FAILED = Played(
    "train/1",
    "voice",
    0.0,
    "heard: Hi\nsay: As an AI I can help.",
    (Flaw(kind="length", why="5 sentences"), Flaw(kind="length", why="4 sentences")),
)
PASSED = Played(
    "train/2",
    "voice",
    1.0,
    "heard: Hello.\nsay: Sit.\nemotion: calm\nheard: Tea?\nsay: First the water.\ndo: samovar.heat",
)


def _context(**changes: object) -> Situation:
    base = {"harness": HARNESS, "dimension": "voice", "seed": 4, "failures": (FAILED,), "passing": (PASSED,)}
    return Situation(**{**base, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "proposer", [RuleTemplates(), SamplingSearch(), SectionOrder(), ExampleBootstrap()], ids=lambda p: p.name
)
async def test_each_offers_an_edit_that_fits_and_the_same_for_the_same_seed(proposer: Proposer) -> None:
    for seed in range(30):
        answer = await proposer.propose(_context(seed=seed))
        assert answer.proposal is not None
        assert apply_edit(HARNESS, answer.proposal.edit) != HARNESS
        assert answer.proposal.hypothesis.dimension == "voice"
        assert answer == await proposer.propose(_context(seed=seed))


async def test_templates_answer_the_commonest_flaw_and_do_not_repeat_themselves() -> None:
    harness, seen = HARNESS, []
    for _ in TEMPLATES["length"]:
        proposal = (await RuleTemplates().propose(_context(harness=harness))).proposal
        assert proposal is not None
        seen.append(path_of(proposal.edit))
        harness = apply_edit(harness, proposal.edit)
    assert sorted(seen) == sorted(path_of(edit) for edit in TEMPLATES["length"])
    proposal = (await RuleTemplates().propose(_context(harness=harness))).proposal
    assert proposal is not None
    assert proposal.edit in TEMPLATES["voice"]


async def test_templates_read_the_notes() -> None:
    notes = [f"{label(edit)} for voice did not help; mean change +0.00 in 6 pairs." for edit in TEMPLATES["length"][:3]]
    proposal = (await RuleTemplates().propose(_context(notes=notes))).proposal
    assert proposal is not None
    assert proposal.edit == TEMPLATES["length"][3]


async def test_an_edit_is_worded_by_what_the_check_said() -> None:
    transcript = "heard: Good evening.\nsay: Hello.\nheard: What happened to your thumb?\nsay: Nothing."
    flaws = (
        Flaw(kind="facts", why="does not say it: Burnt her thumb on the samovar."),
        Flaw(kind="address", why="never says friend or traveller"),
        Flaw(kind="knowledge", why="takes up 'phone apps' as if known"),
        Flaw(kind="length", why="4 sentences, at most 2"),
    )
    edits = worded([Played("train/3", "facts", 0.0, transcript, flaws)], HARNESS)
    assert [path_of(edit).split("_")[0] for edit in edits] == [
        "guards/facts", "guards/max", "rules/fact",
        "guards/reminder", "guards/reminder", "rules/address", "rules/unknown",
    ]  # fmt: skip
    at_hand, most, fact, reminder, plainer, _, unknown = edits
    assert plainer != reminder and "traveller" in str(plainer)
    assert at_hand == SetGuard(name="facts_at_hand", value=1)
    assert isinstance(fact, AddTriggerRule) and "Burnt her thumb" in fact.text
    assert fact.after.matches("said", "Show me that thumb.") and not fact.after.matches("said", "Good evening.")
    assert isinstance(reminder, SetGuard) and "traveller" in str(reminder.value)
    assert isinstance(unknown, AddTriggerRule) and unknown.after.words == ("phone apps",)
    assert most == SetGuard(name="max_sentences", value=2)
    ruled = apply_edits(HARNESS, [AddRule(id="author_1", text="Call a visitor traveller until they tell a name.")])
    called = [Played("train/3", "voice", 0.0, transcript, flaws[1:2])]
    reworded = worded(called, ruled)[2]
    assert path_of(reworded) == "rules/author_1" and "also when you know their name" in str(reworded)
    assert reworded not in worded(called, apply_edits(ruled, [reworded]))
    unheard, both = flaws[2:3], (flaws[1], flaws[2])  # unheard of alone once, and twice beside the form of address
    mixed = [Played("train/3", "voice", 0.0, transcript, of) for of in (both, both, unheard)]
    assert worded(mixed, HARNESS)[0] == unknown
    harness = apply_edits(HARNESS, edits)
    failure = Played("train/3", "facts", 0.0, transcript, flaws[:1])
    tried = [f"{label(at_hand)} for facts did not help; mean change +0.00 in 6 pairs."]
    contexts = [_context(failures=[failure], dimension="facts", notes=tried, seed=seed) for seed in range(9)]
    offered = [await RuleTemplates().propose(context) for context in contexts]
    assert fact in [answer.proposal.edit for answer in offered if answer.proposal]
    for seed in range(9):
        again = (await RuleTemplates().propose(_context(failures=[failure], harness=harness, seed=seed))).proposal
        assert again is None or again.edit != fact


def test_a_new_rule_under_a_name_that_is_taken_gets_one_that_is_free() -> None:
    harness = apply_edits(HARNESS, [AddRule(id="short", text="Be short."), AddRule(id="short_2", text="Be brief.")])
    raw = json.dumps({"why": "too long", "edit": {"op": "add_rule", "id": "short", "text": "One sentence."}})
    edit, _ = parse(raw, harness)
    assert edit == AddRule(id="short_3", text="One sentence.")


@pytest.mark.parametrize(
    "flaw", ["", "facts", "facts: does not say it: ", "address: never says ", "length: many", "x" * 9999]
)
def test_flaws_that_say_nothing_usable_give_no_edit(flaw: str) -> None:
    assert worded([Played("train/4", "facts", 0.0, "heard: ?\nsay: Hm.", (Flaw.read(flaw),))], HARNESS) == []


@given(st.text(max_size=400), st.text(max_size=400))
def test_whatever_a_check_says_the_edits_fit_or_are_none(said: str, heard: str) -> None:
    kinds = ("facts: does not say it: ", "contradiction: contradicts the card: ", "address: never says ")
    flaws = [*(kind + said for kind in kinds), f"knowledge: claims to know {said}"]
    for edit in worded(
        [Played("train/5", "facts", 0.0, f"heard: {heard}\nsay: Hm.", tuple(map(Flaw.read, flaws)))], Harness()
    ):
        apply_edit(Harness(), edit)


async def test_a_setting_or_an_order_that_did_not_help_is_not_tried_again() -> None:
    for proposer in (SamplingSearch(), SectionOrder()):
        first = (await proposer.propose(_context())).proposal
        assert first is not None
        notes = [f"{label(first.edit)} for voice did not help; mean change +0.00 in 6 pairs."]
        again = (await proposer.propose(_context(notes=notes))).proposal
        assert again is None or again.edit != first.edit
        unlucky = [f"{label(first.edit)} for voice passed no failed case; mean change +0.00 in 0 pairs."]
        assert (await proposer.propose(_context(notes=unlucky))).proposal == first
        again = (await proposer.propose(_context(notes=unlucky * 2))).proposal
        assert again is None or again.edit != first.edit


async def test_the_search_of_sampling_begins_with_a_steadier_voice_and_goes_on() -> None:
    async def offered(harness: Harness, notes: tuple[str, ...] = ()) -> set[Edit]:
        contexts = [_context(harness=harness, notes=notes, seed=seed) for seed in range(40)]
        answers = [await SamplingSearch().propose(context) for context in contexts]
        return {answer.proposal.edit for answer in answers if answer.proposal}

    warm = Harness(sampling=HarnessSampling(temperature=0.7))
    half = SetSampling(name="temperature", value=0.35)
    found = await offered(warm)
    assert half in found and len(found) > 3
    assert half not in await offered(warm, (f"{label(half)} for voice did not help; mean change +0.00 in 6 pairs.",))
    assert SetSampling(name="temperature", value=0.1) not in await offered(
        Harness(sampling=HarnessSampling(temperature=0.2))
    )


def test_every_template_fits_and_passes_the_static_checks() -> None:
    checks = StaticChecks()
    for edits in TEMPLATES.values():
        for edit in edits:
            apply_edit(Harness(), edit)
            assert [row for row in checks(Harness(), edit) if not row.ok] == []


def test_exchanges_come_from_whole_passes_only() -> None:
    found = exchanges(PASSED)
    assert [(one.heard, one.say, one.emotion, one.do) for one in found] == [
        ("Hello.", "Sit.", "calm", ""),
        ("Tea?", "First the water.", "", "samovar.heat"),
    ]
    assert exchanges(FAILED) == []


async def test_examples_are_new_and_bounded() -> None:
    known = HARNESS.model_copy(update={"examples": [Example(id="a", heard="Hello.", say="x")]})
    proposal = (await ExampleBootstrap().propose(_context(harness=known))).proposal
    assert proposal is not None
    assert isinstance(proposal.edit, AddExample)
    assert proposal.edit.example.heard == "Tea?"
    full = (await ExampleBootstrap(most=1).propose(_context(harness=known))).proposal
    assert full is not None
    assert full.edit == DropExample(id="a")
    assert (await ExampleBootstrap().propose(_context(passing=()))).proposal is None


async def test_a_model_written_edit_is_asked_for_once_and_paid_for() -> None:
    reply = json.dumps({"why": "too\n long", "edit": {"op": "set_guard", "name": "max_sentences", "value": 2}})
    budget = RunBudget(calls=5, usd=1.0)
    proposer = ModelProposer(ScriptedModel([("Weak dimension: voice", reply)]), usd=0.2, price=lambda _: 0.1)
    asked = await ask(proposer, _context(), MemoryJournal(), budget)
    (found,) = asked.proposals
    assert found.edit == SetGuard(name="max_sentences", value=2)
    assert found.hypothesis.why == "too long"
    assert found.raw == reply
    assert (budget.spent_calls, budget.spent_usd) == (1, 0.1)


async def test_a_model_that_fails_gives_a_reason() -> None:
    budget = RunBudget(calls=5)
    asked = await ask(
        ModelProposer(ScriptedModel([("", ModelTimeout("no token in time"))])), _context(), MemoryJournal(), budget
    )
    assert asked.proposals == ()
    assert asked.reason == "no token in time"
    assert budget.spent_calls == 1


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "null",
        "[]",
        '{"why": "x"}',
        '{"why": "x", "edit": {"op": "add_rule", "id": "a", "text": "b"}, "score": 10}',
        '{"why": "x", "why": "y", "edit": {"op": "add_rule", "id": "a", "text": "b"}}',
        '{"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short.", "text": "Be long."}}',
        'Sure: {"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short."}}',
        '{"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short."}} I hope it helps.',
        '```json\n{"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short."}}\n```',
        '<think>Hm.</think>{"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short."}}',
        '{"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short."},}',
        "{'why': 'x', 'edit': {'op': 'add_rule', 'id': 'abc', 'text': 'Be short.'}}",
        '{"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short."}',
        '{"why": "x", "edit": {"op": "add_rule", "id": "abc", "text": "Be short."}}' + " " * 200_000 + "{}",
        '{"why": "x", "edit": {"op": "set_guard", "name": "max_sentences", "value": NaN}}',
        '{"why": 1, "edit": {"op": "add_rule", "id": "a", "text": "b"}}',
        "[" * 100_000,
    ],
    ids=lambda raw: raw[:40],
)
def test_parsing_is_strict(raw: str) -> None:
    with pytest.raises(HarnessError):
        parse(raw, HARNESS)


def test_the_bandit_learns_who_pays_and_stays_curious() -> None:
    bandit = Bandit.over(("good", "bad"))
    rng = random.Random(1)
    chosen = []
    for _ in range(200):
        name = bandit.order(rng)[0]
        chosen.append(name)
        bandit = bandit.after(name, float(rng.random() < (0.6 if name == "good" else 0.1)))
    assert chosen[100:].count("good") > 80
    assert Bandit.over(("a", "b")).order(random.Random(2)) == Bandit.over(("a", "b")).order(random.Random(2))


def test_an_operator_that_is_trusted_beforehand_is_asked_first_until_it_does_not_pay() -> None:
    def firsts(bandit: Bandit) -> int:
        return sum(bandit.order(random.Random(seed))[0] == "a" for seed in range(200))

    trusted = Bandit.over(("a", "b", "c"), {"a": 2.0})
    assert firsts(trusted) > 100 > firsts(Bandit.over(("a", "b", "c")))
    for _ in range(12):
        trusted = trusted.after("a", 0.0)
    assert firsts(trusted) < 60


async def test_what_fails_of_two_things_gets_an_edit_for_each_until_that_was_tried() -> None:
    both = (Flaw(kind="address", why="never says traveller"), Flaw(kind="length", why="3 sentences, at most 2"))
    failures = [
        Played("train/both", "voice", 0.0, "", both),
        Played("train/address", "voice", 0.0, "", both[:1]),
        Played("train/long", "voice", 0.0, "", both[1:]),
    ]
    most = SetGuard(name="max_sentences", value=2)
    answers = [await RuleTemplates().propose(_context(failures=failures, seed=seed)) for seed in range(9)]
    seed, found = next(
        (seed, answer) for seed, answer in enumerate(answers) if answer.proposal and answer.proposal.edit == most
    )
    assert (found.proposal.aims, found.proposal.mends) == (("train/long", "train/both"), ("length",))
    (beside,) = found.beside
    assert path_of(beside.edit) == "guards/reminder" and beside.aims == ("train/address", "train/both")
    asked = await ask(RuleTemplates(), _context(failures=failures, seed=seed), MemoryJournal(), RunBudget(calls=1))
    assert [one.edit for one in asked.proposals] == [beside.edit, most]
    assert [one.aims for one in asked.proposals] == [beside.aims, found.proposal.aims]
    notes = [f"{label(most)} with others for voice was not settled; mean change +0.10 in 40 pairs."]
    for seed in range(9):
        alone = await RuleTemplates().propose(_context(failures=failures, notes=notes, seed=seed))
        assert alone.proposal is not None and alone.beside == ()


PLAYED = HARNESS.model_copy(
    update={"guards": HARNESS.guards.model_copy(update={"reminder": 'Call them "caller".', "facts_at_hand": 1})}
)


async def test_what_a_plain_card_is_played_with_is_neither_asked_for_nor_taken_away() -> None:
    """The reminder that is made from a card's prose went with the first reminder that was tried, unseen."""
    failed = Played("train/9", "facts", 0.0, "heard: Hi\nsay: No.", ())
    for seed in range(40):
        context = _context(dimension="facts", failures=(failed,), played=PLAYED, seed=seed)
        proposal = (await RuleTemplates().propose(context)).proposal
        assert proposal is not None
        if isinstance(proposal.edit, SetGuard) and proposal.edit.name == "reminder":
            assert str(proposal.edit.value).startswith('Call them "caller". ')
            break
        assert proposal.edit != SetGuard(name="facts_at_hand", value=1), "it is so already"
    else:
        pytest.fail("no reminder was proposed")
    long = PLAYED.model_copy(update={"guards": PLAYED.guards.model_copy(update={"reminder": "x" * 299})})
    assert reminded(long, "Two words.") is None, "no longer than a reminder can be"
    assert reminded(PLAYED, 'Call them "caller".') is None


async def test_a_version_without_examples_gets_a_set_of_its_own_at_once() -> None:
    passing = [Played(f"train/{n}", "voice", 1.0, f"heard: Question {n}?\nsay: Answer {n}.") for n in range(6)]
    answer = await ExampleBootstrap().propose(_context(passing=passing))
    edits = [one.edit for one in (answer.proposal, *answer.beside) if one is not None]
    assert [path_of(edit) for edit in edits] == [f"examples/own_{n}" for n in range(1, 5)]
    after = apply_edits(HARNESS, edits)
    assert len({example.heard for example in after.examples}) == 4
    again = await ExampleBootstrap().propose(_context(passing=passing, harness=after))
    assert again.proposal is not None and not again.beside, "one at a time, where there are some"
