"""What a check is: a name, the dimension it counts in, typed parameters, and a look at what was played."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from openroom.core.character import Character
from openroom.evals.case import Case, Step
from openroom.evals.played import PlayedCase, PlayedReply

_QUOTE = 160


class Params(BaseModel):
    """Base of the parameters of a check: what authors write beside ``check`` and ``of``."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Span:
    """Evidence: the event it stands in (``seq`` 0: a prompt, or nothing that was said) and the words."""

    seq: int
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. ``kind`` is the kind of flaw (rule templates of the optimiser go by it), ``why`` one
    sentence, empty when it passed."""

    passed: bool
    kind: str = ""
    why: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a check may look at: the play, the card, the case, and the replies it is about."""

    played: PlayedCase
    card: Character
    case: Case
    replies: tuple[PlayedReply, ...]

    @property
    def said(self) -> list[PlayedReply]:
        """The replies that have words."""
        return [reply for reply in self.replies if reply.say]

    def step(self, name: str) -> tuple[int, Step] | None:
        """A step by its name, with its index."""
        return next(((n, step) for n, step in enumerate(self.case.steps) if step.named == name), None)


class Check(ABC):
    """Base of all checks. ``needs_reply``: without any reply in its scope the check has failed. A check of a third
    party registers its class under the entry-point group ``openroom.plugins``; what it raises is a fail."""

    name: ClassVar[str] = ""
    dimension: ClassVar[str] = ""
    kind: ClassVar[str] = ""
    """The kind of flaw; empty: the check's name."""
    needs_reply: ClassVar[bool] = True
    Params: ClassVar[type[Params]] = Params

    @abstractmethod
    def look(self, scope: Scope, params: Any) -> Finding:
        """Look at the scope."""

    def judge(self, scope: Scope, params: Any) -> Finding:
        """`look`, after the rule that silence is no pass."""
        if self.needs_reply and not scope.said:
            return self.failed("no reply to look at")
        return self.look(scope, params)

    def passed(self, *spans: Span) -> Finding:
        """A pass, with what it rests on."""
        return Finding(True, spans=spans)

    def failed(self, why: str, *spans: Span, kind: str = "") -> Finding:
        """A fail."""
        return Finding(False, kind or self.kind or self.name, why, spans)

    def verdict(self, flaws: Sequence[tuple[str, Span]]) -> Finding:
        """A pass when there is no flaw, else a fail with the first flaw's words and all spans."""
        if not flaws:
            return self.passed()
        more = f" (and {len(flaws) - 1} more)" if len(flaws) > 1 else ""
        return self.failed(f"{flaws[0][0]}{more}", *(span for _, span in flaws[:6]))


def span(reply: PlayedReply, quote: str = "") -> Span:
    """Evidence in a reply: the words, or the whole line."""
    return Span(reply.seq, (quote or reply.say)[:_QUOTE])
