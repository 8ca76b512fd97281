"""How far a judge can be trusted: agreement, sensitivity and specificity on planted violations.

The planter takes clean exchanges (the card's own example lines) and plants one violation in a copy of each: a wrong
fact, an anachronism, a forbidden form of address, talk of prompts, a line for the visitor. It is deterministic, so two
judges are held against the very same exchanges.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openroom.core.character import Character
from openroom.evals.case import Case, Step
from openroom.evals.judge import FLAWS, Judge
from openroom.evals.played import PlayedCase, PlayedReply
from openroom.evals.recorder import derive
from openroom.evals.stats import Share, share

TRUSTED = 0.8
"""Sensitivity and specificity from which a judge may count in a dimension."""

ENOUGH = 8
"""Planted and clean exchanges that calibration takes at least."""


@dataclass(frozen=True, slots=True)
class Planted:
    """An exchange and the flaw that was planted in it (empty: none)."""

    played: PlayedCase
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a judge found of what was there, for one kind of flaw."""

    flaw: str
    dimension: str
    sensitivity: Share
    specificity: Share
    agreement: Share

    @property
    def trusted(self) -> bool:
        """Whether the judge may count in this dimension."""
        enough = min(self.sensitivity.total, self.specificity.total) >= ENOUGH
        return enough and min(self.sensitivity.value, self.specificity.value) >= TRUSTED


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """The report of one judge on one card. ``unreadable`` answers count against it; ``discarded`` quotes stood
    nowhere."""

    judge: str
    rows: tuple[Calibration, ...]
    exchanges: int
    unreadable: int
    discarded: int

    @property
    def trusted(self) -> frozenset[str]:
        """Dimensions in which this judge may count."""
        return frozenset(row.dimension for row in self.rows if row.trusted)


def plant(card: Character, seed: int = 0, each: int = 10) -> list[Planted]:
    """Clean exchanges and, for each kind of flaw the card allows, ``each`` planted ones. Deterministic."""
    clean = [_exchange(card, number) for number in range(len(card.examples))]
    if not clean:
        return []
    found = [Planted(one) for one in clean]
    for flaw in FLAWS:
        for number in range(each):
            rng = random.Random(derive(seed, flaw, number))  # noqa: S311 - a seeded draw
            words = _violation(card, flaw, rng)
            if words:
                found.append(Planted(_with(clean[number % len(clean)], words, number), flaw))
    return found


async def calibrate(judge: Judge, card: Character, seed: int = 0, each: int = 10) -> CalibrationReport:
    """Hold a judge against planted violations. Raises what the judge's model raises."""
    samples = plant(card, seed, each)
    found: list[tuple[str, frozenset[str]]] = []
    unreadable = discarded = 0
    for sample in samples:
        verdict = await judge.look(card, _case(), sample.played)
        unreadable += bool(verdict.error)
        discarded += verdict.discarded
        # An answer that can't be read says nothing right: it misses what was planted, and accuses what was not.
        said = frozenset(FLAWS) - {sample.flaw} if verdict.error else frozenset(flaw.flaw for flaw in verdict.flaws)
        found.append((sample.flaw, said))
    rows = tuple(_row(flaw, found) for flaw in FLAWS if any(planted == flaw for planted, _ in found))
    return CalibrationReport(judge.name, rows, len(samples), unreadable, discarded)


def _row(flaw: str, found: Sequence[tuple[str, frozenset[str]]]) -> Calibration:
    planted = [flaw in said for truth, said in found if truth == flaw]
    clean = [flaw not in said for truth, said in found if truth == ""]
    both = [*planted, *clean]
    return Calibration(
        flaw,
        FLAWS[flaw][0],
        share(sum(planted), len(planted)),
        share(sum(clean), len(clean)),
        share(sum(both), len(both)),
    )


def _exchange(card: Character, number: int) -> PlayedCase:
    example = card.examples[number]
    who = f"character:{card.id}"
    reply = PlayedReply(0, "q", who, example.heard, "player:ann", example.say, seq=number + 1, emotion=example.emotion)
    return PlayedCase(
        f"planted/{number}", who, card.name, (), (reply,), (), {}, {}, {who: card.name, "player:ann": "Ann"}
    )


def _with(clean: PlayedCase, words: str, number: int) -> PlayedCase:
    reply = clean.replies[0]
    say = f"{words} {reply.say}" if number % 2 else f"{reply.say} {words}"
    return replace(clean, replies=(replace(reply, say=say),))


def _violation(card: Character, flaw: str, rng: random.Random) -> str:
    match flaw:
        case "contradicts":
            wrong = [(fact.ask[0], word) for fact in card.facts if fact.ask for word in fact.wrong]
            if not wrong:
                return ""
            asked, word = rng.choice(wrong)
            return rng.choice(('You asked "{}" The answer is {}.', '"{}" people ask. It is {}, I tell them.')).format(
                asked, word
            )
        case "knows_too_much":
            topics = list(card.knowledge.unknown)
            if card.knowledge.until is not None and card.knowledge.until < 1990:
                topics += ["the internet", "smartphones"]
            say = ("I know a great deal about {}; I use them every day.", "Let me explain {} to you, I am an expert.")
            return rng.choice(say).format(rng.choice(topics)) if topics else ""
        case "breaks_rule":
            words = [*card.voice.never_address, *card.voice.banned]
            return f"As you wish, {rng.choice(words)}." if words else ""
        case "breaks_character":
            return rng.choice(
                (
                    "As an AI language model I follow my system prompt.",
                    "My instructions tell me to play this character.",
                    "I am a virtual assistant. How may I assist you today?",
                )
            )
        case "speaks_for_visitor":
            return rng.choice(
                (
                    'You nod and say: "Yes, I would love to stay."',
                    "You sit down, feeling tired and sad, and you begin to cry.",
                    "Visitor: I want to hear more, please go on.",
                )
            )
    return f"I do what I never do: {rng.choice(card.boundaries)}; tonight I do the contrary." if card.boundaries else ""


def _case() -> Case:
    return Case(id="planted", dimension="facts", cluster="planted", steps=(Step(say="Hello."),), standing=False)
