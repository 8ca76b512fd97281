"""Turn: one character's go, from what it perceived to what it says and does.

A turn never writes state: what comes back from the model is submitted as actions and may be refused like anybody's. A
refusal is told to the character in its next prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from openroom.cast.turn import greeting
from openroom.cast.turn.compose import by_author, compose, find_asked, for_understudy, forget_wish
from openroom.cast.turn.context import Occasion, TurnContext
from openroom.cast.turn.contract import Reply
from openroom.cast.turn.generate import Draft, Generated, guard_rules
from openroom.cast.turn.lore import LoreUse
from openroom.cast.turn.mind import Mind
from openroom.cast.turn.recall import known_of_speaker
from openroom.cast.turn.repair import ask_again, most_repairs, reply_of, spoilt
from openroom.cast.turn.sense import written
from openroom.cast.turn.sent import Sent, choice_of
from openroom.cast.turn.submit import submit
from openroom.core.action import Say
from openroom.core.harness import Harness
from openroom.core.resolve import Refusal
from openroom.errors import ModelError
from openroom.language.detect import guess_language
from openroom.language.own_name import asks_own_name
from openroom.language.text import normal
from openroom.ports.embedder import Embedder
from openroom.ports.memory import Memory
from openroom.ports.model import Model, ModelRequest
from openroom.ports.patterns import Patterns
from openroom.room.room import Room

_READ_STEP = 5
"""People are told of the reading of a prompt in steps of so many percent."""


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

    authored: bool = False
    """Whether a line of the author's was said as it was written."""

    recited: bool = False
    """Whether somebody had the author's lines played instead of waiting for the model."""

    @property
    def is_written(self) -> bool:
        """Whether what was said are the author's words (a greeting, or lines asked for), and no version's."""
        return self.recited or (self.outcome == "said" and not self.generated)


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
        understudy: Model | None = None,
        patterns: Patterns | None = None,
        embedder: Embedder | None = None,
        author_first: bool = True,
    ) -> None:
        """``author_first``: whether the author's line may come before a small model's, where one surely answers.
        ``understudy`` plays the author's own lines from a request's cue: before a model that talks poorly, and
        where nothing sensible came of one."""
        super().__init__(id, room, part, trigger, model, harness)
        self.patterns, self.embedder = patterns, embedder
        self._may_lead = author_first
        self._memory, self._understudy = memory, understudy
        self.since = room.clock()
        self.draft: Draft | None = None
        self.phase = "thinking"
        self.more: dict[str, Any] = {}
        """What else is said of a turn that thinks: ``read``, how much of the prompt has been read, and ``choice``."""
        self._asked: ModelRequest | None = None
        """What the model was asked, while its words are waited for."""
        self._open = False
        """Whether it is not said yet what will be said, so that the author's lines may be."""
        self._recited = False
        self.sent: list[Sent] = []
        """What was asked, call by call."""

    async def run(self) -> TurnResult:
        """Recall, compose, generate, check, submit. Raises `ModelError` when no reply could be had."""
        if self.part.resumed is None:
            self.part.keep(self.room.state.head)
        if self.trigger.why == "entered" and greeting.as_written(self.character, self.trigger.language):
            return await self._greet()
        find_asked(self)
        self._open = True
        if (sure := await self._author_first()) is not None:
            self._open = False
            return await self._reply(*sure)
        return await self._answer(replace(await compose(self, self._memory), reading=self._note_read))

    async def _answer(self, request: ModelRequest) -> TurnResult:
        """The model's words; where none of them make sense, the author's."""
        self._asked = request
        try:
            generated = [await self._generate(request)]
            while len(generated) <= most_repairs(self) and spoilt(self, generated[-1]):
                generated.append(await self._generate(ask_again(self, request, generated)))
        finally:
            forget_wish(self)  # also where it failed, or was stopped
        self._asked, self._open = None, False
        if self._understudy is not None and self.minds_sense and self._speechless(generated[-1]):
            generated.append(await self._by_author(self._understudy, await by_author(self, sure=False), again=True))
        return await self._reply(request, generated)

    async def _reply(self, request: ModelRequest, generated: Sequence[Generated]) -> TurnResult:
        reply = reply_of(self, generated[-1])
        seqs, refusals = await submit(self, reply)
        outcome: Literal["said", "acted", "passed"] = "said" if reply.say else "acted" if reply.do else "passed"
        lines = {normal(self.spoken(line)) for line in written(self)}
        return TurnResult(
            outcome,
            reply,
            seqs,
            refusals,
            tuple(generated),
            request,
            lore=self.lore,
            authored=bool(reply.say) and normal(reply.say) in lines,
            recited=self._recited,
        )

    async def _author_first(self) -> tuple[ModelRequest, list[Generated]] | None:
        """The author's line, where one surely answers what was said and the model talks too poorly to lead."""
        if not self.author_leads or self.trigger.why != "said" or self.offer.waiting or self._understudy is None:
            return None
        if not self._may_lead and not asks_own_name(self.heard, guess_language(self.heard)):
            return None
        request = await by_author(self, sure=True, known=await known_of_speaker(self, self._memory))
        generated = await self._by_author(self._understudy, request, again=False)
        return (request, [generated]) if generated.shown else None

    def _speechless(self, generated: Generated) -> bool:
        """Whether nothing is left to say, and something has to be."""
        return spoilt(self, generated) and not self.offer.spoken and not self.trigger.may_pass

    async def _greet(self) -> TurnResult:
        """Say the author's greeting. What is there to recall or to tell comes with the first answer."""
        lines = greeting.choose(self.character, self.said, self.spoken)
        if not lines:
            return TurnResult("passed")
        reply = Reply(lines[0], greeting.face(self.character, " ".join(lines)), more=tuple(lines[1:]))
        seqs, refusals = await submit(self, reply)
        return TurnResult("said", reply, seqs, refusals)

    @property
    def waited_for(self) -> bool:
        """Whether a model is to answer (what it is asked may still be put together) and no word has been shown."""
        return self._open and not self.is_understudy and not (self.draft and self.draft.shown)

    @property
    def read(self) -> int | None:
        """How many percent of its prompt have been read, where a model says so."""
        return cast("int | None", self.more.get("read"))

    async def recite(self, understudy: Model) -> TurnResult:
        """After `run` was cancelled because nobody wants to wait: the author's lines answer what the model was, or was
        to be, asked. Raises `ModelError`."""
        asked = self._asked
        self.model, self.more, self._recited = understudy, {}, True
        return await self._answer(for_understudy(self, asked) if asked else await by_author(self, sure=False))

    def offer_choice(self, person: str) -> None:
        """It takes long: ``person`` (or who runs the room) may have the author's lines instead."""
        self._tell_more(choice=person)

    def _note_read(self, done: int, total: int) -> None:
        percent = min(100, 100 * done // total) if total else 0
        if self.waited_for and percent >= self.more.get("read", 0) + _READ_STEP:
            self._tell_more(read=percent)

    def _tell_more(self, **more: Any) -> None:
        self.more |= more
        self.tell("thinking", **self.more)

    async def cut(self) -> TurnResult:
        """After Stop: what was shown is what was said."""
        shown = self.draft.shown if self.draft else ""
        to = self.audience
        if not shown or to == []:
            return TurnResult("stopped")
        answer = await self.room.submit(
            self.actor, Say(text=shown, to=to, cut=True), cause=f"{self.id}.say", since=self.trigger.since
        )
        return TurnResult("stopped", Reply(shown), () if isinstance(answer, Refusal) else answer.seqs)

    async def _generate(self, request: ModelRequest) -> Generated:
        self.draft = Draft(guard_rules(self), self._show)
        return await self._send(self.draft, self.model, request)

    async def _send(self, draft: Draft, model: Model, request: ModelRequest) -> Generated:
        kept = replace(request, reading=None)
        self.sent.append(Sent(kept, model.info))
        generated = await draft.write(model, request)
        plays = model.info.kind == "understudy" and request.cue is not None
        choice = choice_of(request.cue, generated.shown) if plays and request.cue else None
        dropped = tuple(dict.fromkeys(flaw.kind for flaw in generated.flaws))
        self.sent[-1] = Sent(kept, model.info, generated.usage, choice, dropped)
        return generated

    async def _by_author(self, understudy: Model, request: ModelRequest, *, again: bool) -> Generated:
        """Words of the author's; ``again``: also such as were said before, where there are no others."""
        rules = guard_rules(self, recites=True)
        rules = replace(rules, recites=again, max_sentences=0)  # a line of the author's has its own length
        self.draft = Draft(rules, self._show)
        return replace(await self._send(self.draft, understudy, request), by_author=True)

    def _show(self, text: str) -> None:
        self.tell("speaking", text=text)

    def tell(self, phase: str, **more: Any) -> None:
        """Signal how far the turn is, to those who will perceive the reply."""
        self.phase = phase
        body = {"signal": "turn", "turn": self.id, "who": self.part.who, "phase": phase, "since": self.since, **more}
        to = self.audience
        self.room.emit(body, None if to is None else [*to, self.part.who])
