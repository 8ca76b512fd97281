"""Answers to acts with an id: an act that is sent again gets its first answer, whether it was done or refused."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from openroom.core.prop import Refusal
from openroom.errors import RefusedError

PER_ACTOR = 512
"""So many answers are kept for each actor: nobody's acts make those of another be forgotten."""

ACTORS = 256
"""For so many actors, those that acted last."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """An action was done: the seqs of its events (none when it changed nothing)."""

    seqs: tuple[int, ...]


Answer = Receipt | Refusal


def accepted(answer: Answer) -> Receipt:
    """What was done. Raises `RefusedError` where it was refused."""
    if isinstance(answer, Refusal):
        raise RefusedError(answer.reason, answer.message)
    return answer


Key = tuple[str, str]
"""Who acted, and the id of the act."""


class Answers:
    """The newest answers by actor and id."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, OrderedDict[str, Answer]] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """The first answer to that act; ``None``: it is new, or long ago."""
        actor, id = key
        answers = self._of.get(actor)
        return None if answers is None else answers.get(id)

    def keep(self, key: Key, answer: Answer) -> None:
        actor, id = key
        answers = self._of.setdefault(actor, OrderedDict())
        answers[id] = answer
        self._of.move_to_end(actor)
        if len(answers) > PER_ACTOR:
            answers.popitem(last=False)
        if len(self._of) > ACTORS:
            self._of.popitem(last=False)
