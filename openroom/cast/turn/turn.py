"""Turn: one character's go, from what it perceived to what it says and does.

A turn never writes state: what comes back from the model is submitted as actions and may be refused like anybody's. A
refusal is told to the character in its next prompt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from openroom.cast.turn import greeting
from openroom.cast.turn.compose import compose
from openroom.cast.turn.context import Occasion, TurnContext
from openroom.cast.turn.contract import Reply
from openroom.cast.turn.generate import Draft, Generated, guard_rules
from openroom.cast.turn.lore import LoreUse
from openroom.cast.turn.mind import Mind
from openroom.cast.turn.repair import ask_again, most_repairs, reply_of, spoilt
from openroom.cast.turn.submit import submit
from openroom.core.action import Say
from openroom.core.harness import Harness
from openroom.core.resolve import Refusal
from openroom.errors import ModelError
from openroom.ports.memory import Memory
from openroom.ports.model import Model, ModelRequest
from openroom.ports.patterns import Patterns
from openroom.room.room import Room


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn came to, for the director, logs, evaluations and tests."""

    outcome: Literal["said", "acted", "passed", "stopped", "failed"]
    reply: Reply | None = None
    seqs: tuple[int, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    generated: tuple[Generated, ...] = ()
    request: ModelRequest | None = None
    error: ModelError | None = None
    lore: tuple[LoreUse, ...] = ()
    """Which entries of lorebooks came up: which were in and by which key, which were left out and why."""

    @property
    def is_written(self) -> bool:
        """Whether what was said are the author's words (a greeting), and no version's."""
        return self.outcome == "said" and not self.generated


class Turn(TurnContext):
    """One go of one character. ``run`` does it; `cut` after a cancel commits what was shown."""

    def __init__(
        self,
        id: str,
        room: Room,
        part: Mind,
        trigger: Occasion,
        model: Model,
        memory: Memory,
        harness: Harness,
        patterns: Patterns | None = None,
    ) -> None:
        super().__init__(id, room, part, trigger, model, harness)
        self.patterns = patterns
        self._memory = memory
        self.since = room.clock()
        self.draft: Draft | None = None
        self.phase = "thinking"

    @property
    def version(self) -> str:
        """The digest of the version that plays."""
        return self.harness.digest

    async def run(self) -> TurnResult:
        """Recall, compose, generate, check, submit. Raises `ModelError` when no reply could be had."""
        if self.trigger.why == "entered" and greeting.as_written(self.character, self.trigger.language):
            return await self._greet()
        request = await compose(self, self._memory)
        generated = [await self._generate(request)]
        while len(generated) <= most_repairs(self) and spoilt(self, generated[-1]):
            generated.append(await self._generate(ask_again(self, request, generated)))
        reply = reply_of(self, generated[-1])
        seqs, refusals = await submit(self, reply)
        outcome: Literal["said", "acted", "passed"] = "said" if reply.say else "acted" if reply.do else "passed"
        return TurnResult(outcome, reply, seqs, refusals, tuple(generated), request, lore=self.lore)

    async def _greet(self) -> TurnResult:
        """Say the author's greeting. What is there to recall or to tell comes with the first answer."""
        line = greeting.choose(self.character, self.part.talk.said, self.name(self.trigger.by))
        reply = Reply(line, greeting.face(self.character, line))
        seqs, refusals = await submit(self, reply)
        return TurnResult("said", reply, seqs, refusals)

    async def cut(self) -> TurnResult:
        """After Stop: what was shown is what was said."""
        shown = self.draft.shown if self.draft else ""
        to = self.audience
        if not shown or to == []:
            return TurnResult("stopped")
        answer = await self.room.submit(self.actor, Say(text=shown, to=to, cut=True), cause=f"{self.id}.say")
        return TurnResult("stopped", Reply(shown), () if isinstance(answer, Refusal) else answer.seqs)

    async def _generate(self, request: ModelRequest) -> Generated:
        self.draft = Draft(guard_rules(self), self._show)
        return await self.draft.write(self.model, request)

    def _show(self, text: str) -> None:
        self.tell("speaking", text=text)

    def tell(self, phase: str, **more: Any) -> None:
        """Signal how far the turn is, to those who will perceive the reply."""
        self.phase = phase
        body = {"signal": "turn", "turn": self.id, "who": self.part.who, "phase": phase, "since": self.since, **more}
        to = self.audience
        self.room.emit(body, None if to is None else [*to, self.part.who])
