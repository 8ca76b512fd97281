"""A graded score of sense, 0 to 1: how likely a reader is to call a reply sensible, as a small local model says.

The model is asked for one token, yes or no; two numbers, fitted to replies that people had labelled blind, make a
likelihood of how it leans. It is for means over many replies of plain cards: how far it can be trusted, and where not,
is in docs/lab/sense.md. It is no verdict on one reply, and no guard of what is said: what a guard takes out it could no
longer find.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from openroom.core.character import Character
from openroom.errors import ModelUnreachable, SettingsError
from openroom.evals.case import Case
from openroom.evals.judge import Verdict
from openroom.evals.played import PlayedCase
from openroom.language.text import one_line
from openroom.ports.model import Message, Model, ModelRequest, Sampling, complete

LIKELY: Final = "sense.likely"
"""Under this name the score stands beside a case's dimensions."""
FITTED: Final = Path(__file__).with_name("sense_score.json")
"""The weights: `python -m benchmarks.sense_score fit`."""

_RULE = (
    "Lines said to a character in a story, and the replies. A reply makes sense when it answers the line: it takes up "
    "what was said or asked, in a fitting mood, as the character would. A reply that is beside the point, mistakes who "
    "is who, or would fit anything makes no sense. Answer yes or no."
)
_SHOWN: Final = (
    ("My dog died last week.", "I like pears and quiet mornings.", "no"),
    ("What do you sell?", "Rope, lamp oil and bad advice.", "yes"),
    ("I passed my exam!", "I am sorry to hear that. What happened?", "no"),
    ("Have you seen the sea?", "Once, from a hill, with my aunt. It was grey and very loud.", "yes"),
    ("It is cold in here.", "I am Brena, the baker.", "no"),
    ("Do you trust me?", "Not yet. Ask me again tomorrow.", "yes"),
    ("How long have you worked here?", "Can you repeat that, please?", "no"),
    ("I lost my keys.", "Where did you have them last?", "yes"),
    ("What is your favourite song?", "Yes, I do.", "no"),
    ("I am leaving tomorrow.", "So soon? Then sit down for a while.", "yes"),
    ("Tell me about your brother.", "You have a brother? Tell me about him.", "no"),
    ("Who painted this?", "I don't know. It hung here before I came.", "yes"),
    ("I'm afraid of storms.", "That is wonderful news!", "no"),
    ("Thank you for the tea.", "You are welcome, friend.", "yes"),
)
"""Written for this; none is a line or a reply that was labelled."""
_YES, _NO = "yes", "no"
_LEAST = 1e-4
"""No answer counts as less likely than so."""
_LONGEST = 400


class Fitted(BaseModel):
    """How a leaning (log-odds) becomes a likelihood, for the model ``judge``; fitted to so many ``rows``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    slope: float
    judge: str
    rows: int

    def likely(self, leaning: float) -> float:
        """How likely a reader calls a reply sensible (0..1) of which the model leans so."""
        return sigmoid(self.bias + self.slope * leaning)


def sigmoid(odds: float) -> float:
    """A likelihood (0..1) from log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, odds))))


@cache
def fitted() -> Fitted:
    """The weights that are shipped."""
    return Fitted.model_validate(json.loads(FITTED.read_text(encoding="utf-8")))


def question(heard: str, say: str) -> ModelRequest:
    """What a model is asked of one reply: one token, after examples that are the same from call to call."""
    shown = [Message("system", _RULE)]
    for line, reply, answer in _SHOWN:
        shown += [Message("user", _asked(line, reply)), Message("assistant", answer)]
    return ModelRequest(
        messages=(*shown, Message("user", _asked(heard, say))),
        max_tokens=1,
        choices=(_YES, _NO),
        sampling=Sampling(temperature=0.0),
        purpose="judge",
        slot="judge:sense",
        stable=len(shown),
    )


def _asked(heard: str, say: str) -> str:
    return f"Line: {one_line(heard)[:_LONGEST]}\nReply: {one_line(say)[:_LONGEST]}\nMakes sense?"


async def leaning(model: Model, heard: str, say: str) -> float:
    """How far a model leans to yes (log-odds). Raises `openroom.errors.ModelError`, also where it tells no
    probabilities."""
    _, usage = await complete(model, question(heard, say))
    if not usage.odds:
        raise ModelUnreachable(f"{model.info.name} does not say how likely its words are")
    yes, no = (max(usage.odds.get(one, 0.0), _LEAST) for one in (_YES, _NO))
    return math.log(yes / no)


@dataclass(slots=True)
class SenseJudge:
    """Gives each play the mean score of its replies (`LIKELY`), and finds no flaws. A deed without a word is nothing to
    read, nor is a case in another language than English; a play in which the character neither says nor does a thing
    has 0. Raises `SettingsError` for a model that the weights were not fitted to."""

    model: Model
    weights: Fitted = field(default_factory=fitted)

    def __post_init__(self) -> None:
        if self.model.info.name != self.weights.judge:
            raise SettingsError(f"expected {self.weights.judge} to score sense, came {self.model.info.name}")

    @property
    def name(self) -> str:
        """Who judges; goes into records."""
        return f"sense:{self.model.info.name}"

    async def look(self, card: Character, case: Case, played: PlayedCase) -> Verdict:  # noqa: ARG002 - part of the port
        """The score, as a share. Raises `openroom.errors.ModelError` when the model gives no answer."""
        if case.language != "en":
            return Verdict(calls=0, dimensions=())
        own = played.own()
        said = [await leaning(self.model, reply.heard, reply.say) for reply in own if reply.say]
        if not said and any(reply.deeds for reply in own):
            return Verdict(calls=0, dimensions=())
        mean = math.fsum(map(self.weights.likely, said)) / len(said) if said else 0.0
        return Verdict(calls=len(said), dimensions=(), shares={LIKELY: mean})
