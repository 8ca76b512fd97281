"""Operators that search settings and order, and take examples from the character's own passing transcripts. No
model.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from openroom.core.harness import SAMPLING_BOUNDS, Example
from openroom.tuning.audit.record import Hypothesis
from openroom.tuning.edits import AddExample, DropExample, Edit, ReorderSections, SetSampling
from openroom.tuning.proposals.operators import Answer, Proposal, Situation, speaks_against
from openroom.tuning.rounds.arena import Cost, Played

_FREE = Cost(0, 0.0)
_DEFAULTS = {"temperature": 0.8, "top_p": 0.95, "frequency_penalty": 0.0, "presence_penalty": 0.0}
_STEPS = {"temperature": 0.25, "top_p": 0.1, "frequency_penalty": 0.3, "presence_penalty": 0.3}


def _answer(edit: Edit, context: Situation, operator: str, delta: float, why: str) -> Answer:
    return Answer(Proposal(edit, Hypothesis(dimension=context.dimension, expected_delta=delta, why=why), operator))


_STEADIER = 0.5
"""How often the search halves a temperature that is above ``_STEADY``, before it tries anything else: what is measured
here is consistency, and a small model slips most where it draws unlikely words."""
_STEADY = 0.2


class SamplingSearch:
    """Half the temperature, or a step of one sampling parameter, up or down, inside its bounds."""

    name = "sampling"
    cost = _FREE

    async def propose(self, context: Situation) -> Answer:
        """A new value that differs from the one in use."""
        rng = random.Random(context.seed)  # noqa: S311
        if (steadier := _steadier(context)) and rng.random() < _STEADIER:
            return _answer(steadier, context, self.name, 0.1, "what is likely, more often: fewer slips")
        name = rng.choice(sorted(SAMPLING_BOUNDS))
        low, high = SAMPLING_BOUNDS[name]
        now = getattr(context.harness.sampling, name)
        now = _DEFAULTS[name] if now is None else now
        value = round(min(max(now + rng.choice((-2, -1, -1, 1, 1, 2)) * _STEPS[name], low), high), 2)
        if value == now:
            value = round(min(max(now + (_STEPS[name] if now == low else -_STEPS[name]), low), high), 2)
        edit = SetSampling.model_validate({"name": name, "value": value})
        if speaks_against(context.notes, edit):
            return Answer(reason=f"{name} {value:g} was tried")
        return _answer(edit, context, self.name, 0.05, f"{name} {now:g} -> {value:g}")


def _steadier(context: Situation) -> Edit | None:
    now = context.harness.sampling.temperature
    now = _DEFAULTS["temperature"] if now is None else now
    edit = SetSampling(name="temperature", value=round(now / 2, 2))
    return edit if now > _STEADY and not speaks_against(context.notes, edit) else None


class SectionOrder:
    """Moves one part of the stable prompt to another place: what stands late is followed best by small models."""

    name = "order"
    cost = _FREE

    async def propose(self, context: Situation) -> Answer:
        """Another order, if there are two parts or more."""
        order = list(context.harness.order)
        if len(order) < 2:
            return Answer(reason="one part has no order")
        rng = random.Random(context.seed)  # noqa: S311
        part = rng.choice(order)
        rest = [other for other in order if other != part]
        places = [index for index in range(len(order)) if [*rest[:index], part, *rest[index:]] != order]
        index = rng.choice(places)
        edit = ReorderSections(order=(*rest[:index], part, *rest[index:]))
        if speaks_against(context.notes, edit):
            return Answer(reason="that order was tried")
        return _answer(edit, context, self.name, 0.05, f"{part} at place {index + 1}")


_PASSED = "an exchange of its own that passed every check"


@dataclass(frozen=True, slots=True)
class ExampleBootstrap:
    """Takes an exchange from a passing train transcript as an example; with ``most`` examples, drops one instead.

    Where the harness has no example at all, up to ``first`` of them are tried together, each of another case: one line
    alone shows a model little, and was never seen to help.
    """

    name: str = "examples"
    cost: Cost = _FREE
    most: int = 12
    first: int = 4
    longest: int = 240

    async def propose(self, context: Situation) -> Answer:
        """An exchange that is not among the examples yet and is short enough to show."""
        rng = random.Random(context.seed)  # noqa: S311
        examples = context.harness.examples
        if len(examples) >= self.most:
            gone = rng.choice(examples)
            return _answer(DropExample(id=gone.id), context, self.name, 0.0, "too many examples; one less")
        seen = {example.heard for example in context.shown.examples}
        fresh: dict[str, list[Example]] = {}
        for played in context.passing:
            pairs = [pair for pair in exchanges(played) if pair.heard not in seen and len(pair.say) <= self.longest]
            fresh.setdefault(played.case, []).extend(pairs)
            seen.update(pair.heard for pair in pairs)
        of = [pairs for pairs in fresh.values() if pairs]
        if not of:
            return Answer(reason="no passing transcript to learn from yet")
        chosen = [rng.choice(pairs) for pairs in rng.sample(of, k=min(len(of), 1 if examples else self.first))]
        taken = {example.id for example in context.shown.examples}
        ids = [name for name in (f"own_{n}" for n in range(1, 1000)) if name not in taken]
        why = "exchanges of its own that passed every check" if len(chosen) > 1 else _PASSED
        first, *beside = [
            self._proposal(example.model_copy(update={"id": name}), context, why)
            for name, example in zip(ids, chosen, strict=False)
        ]
        return Answer(first, tuple(beside))

    def _proposal(self, example: Example, context: Situation, why: str) -> Proposal:
        hypothesis = Hypothesis(dimension=context.dimension, expected_delta=0.1, why=why)
        return Proposal(AddExample(example=example), hypothesis, self.name)


_LINE = re.compile(r"(heard|say|emotion|do): (.*)")


def exchanges(played: Played) -> list[Example]:
    """The exchanges of a transcript written as lines ``heard: …``, ``say: …`` and, if any, ``emotion: …`` and ``do:
    …``.

    Only a transcript that passed in full gives any.
    """
    if played.score < 1.0:
        return []
    found: list[dict[str, str]] = []
    for line in played.transcript.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        key, text = match.groups()
        if key == "heard":
            found.append({"heard": text})
        elif found and key not in found[-1]:
            found[-1][key] = text
    whole = [raw for raw in found if raw.get("say") and raw.get("heard") and max(map(len, raw.values())) <= 300]
    return [Example(id="own", **raw) for raw in whole]
