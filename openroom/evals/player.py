"""Playing a case: a real room on an in-memory store, through the pipeline that players use.

The harness under test is made the character's active version in the store of the room, just as a release is; visitors
submit actions through the one door; the clock stands still unless a step says ``wait``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from openroom.cast.director import Director, DirectorSettings
from openroom.cast.turn.sense import rules_of
from openroom.cast.turn.turn import Turn, TurnResult
from openroom.core.action import Action, Enter, Leave, Nudge, Say, Tick
from openroom.core.actor import SYSTEM, Actor, character_id, is_character
from openroom.core.event import Entered, Event, Felt, Happened, Left, Said, Used
from openroom.core.harness import Harness
from openroom.core.prop import Refusal
from openroom.core.view import sights
from openroom.errors import BudgetExceeded, ModelError, ModelRateLimited, ModelUnreachable, UnscriptedPrompt
from openroom.evals.case import Case, Step
from openroom.evals.case_scene import CaseScene, HandClock
from openroom.evals.played import Deed, Perceived, PlayedCase, PlayedReply, Thing
from openroom.evals.recorder import Recorder, derive
from openroom.evals.visitor import visitor_line
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.ports.ledger import Price
from openroom.ports.model import Model
from openroom.ports.store import Activation, Version
from openroom.room.room import Room
from openroom.store.inmemory import MemoryStore

INTERRUPTS = (ModelUnreachable, ModelRateLimited, BudgetExceeded, UnscriptedPrompt)
"""Failures of a model that say nothing about the character: they stop a run, which can be resumed."""

_FOREVER_MS = 10**12


@dataclass(frozen=True, slots=True)
class Troupe:
    """What cases are played with: the library, who speaks for characters, and who for visitors of ``talk`` steps
    (absent: the same model). ``price`` counts dollars; ``turn_ms`` is the deadline of a turn."""

    library: Library
    model: Model
    visitor: Model | None = None
    price: Price | None = None
    turn_ms: int = 240_000


async def play(
    troupe: Troupe, character: str, case: Case, harness: Harness | None = None, *, seed: int = 0, lane: int = 0
) -> PlayedCase:
    """Play a case with a harness (absent: the author's). Raises one of `INTERRUPTS`, and `DefinitionError` when the
    case asks for a scene or company that is not there."""
    stage = CaseScene(troupe.library, character, case.company, case.scene)
    # Two prompts in one slot: each play would have to read the whole of its own again.
    affinity = f"{lane}.{harness.prompt_digest[:8]}" if harness else str(lane)
    recorder = Recorder(troupe.model, derive(seed, case.id), affinity, troupe.price)
    clock, store = HandClock(), MemoryStore()
    if harness is not None:
        body = harness.canonical_json()
        await store.add_version(Version(character, harness.digest, body, clock.now))
        await store.activate(Activation(character, harness.digest, clock.now, by="evals"))
    settings = LobbySettings(
        idle_ms=_FOREVER_MS,
        watch=False,
        director=DirectorSettings(react_ms=0, greet=case.greet, warm=False, turn_ms=troupe.turn_ms),
    )
    began = time.perf_counter()
    async with Lobby(library=stage, store=store, model=recorder, settings=settings, clock=clock) as lobby:
        room = await lobby.open(stage.scene.id)
        show = _Show(troupe, character, case, room, lobby.directors[room.id], clock, recorder)
        await show.run()
        played = await show.result()
    await store.close()
    return replace(played, spent=recorder.spent(round((time.perf_counter() - began) * 1000)))


@dataclass(slots=True)
class _Turned:
    """A finished turn and the step it belongs to."""

    step: int
    named: str
    turn: Turn
    result: TurnResult
    before: tuple[Thing, ...]
    after: tuple[Thing, ...]


@dataclass(slots=True)
class _Show:
    """One performance."""

    troupe: Troupe
    character: str
    case: Case
    room: Room
    director: Director
    clock: HandClock
    recorder: Recorder
    turned: list[_Turned] = field(default_factory=list)
    missing: str = ""
    _step: int = -1
    _named: str = "greet"
    _before: dict[str, object] = field(default_factory=dict)
    _things: tuple[Thing, ...] = ()

    async def run(self) -> None:
        """Everybody comes in, then step by step. A step that can't be played ends it."""
        self.director.results = self._note
        self._before = {name: self.room.state.of_prop(name) for name in self.room.state.props}
        self._things = things(self.room)
        for visitor in self.case.visitors:
            if not visitor.waits:
                await self._act(self._actor(visitor.id), Enter(name=visitor.name))
        for number, step in enumerate(self.case.steps):
            self._step, self._named, self._things = number, step.named or "", things(self.room)
            self.clock.forward(5)
            await self._play(step)
            if self.missing:
                return

    async def _play(self, step: Step) -> None:
        by = step.by or self._first()
        actor = self._actor(by)
        if step.say:
            await self._act(actor, Say(text=step.say, to=self._hearer(step)))
        elif step.use:
            await self._use(actor, step)
        elif step.enter:
            await self._act(self._actor(step.enter), Enter(name=self._name(step.enter)))
        elif step.leave:
            await self._act(self._actor(step.leave), Leave())
        elif step.wait:
            await self._wait(step.wait)
        elif step.nudge:
            await self._act(actor, Nudge(character=character_id(self.character)))
        elif step.talk:
            await self._talk(actor, by, step)

    async def _act(self, actor: Actor, action: Action) -> None:
        answer = await self.room.submit(actor, action)
        if isinstance(answer, Refusal):
            self.missing = f"step {self._step}: {answer.message}"
            return
        await self._settle()

    async def _settle(self) -> None:
        await self.director.settled()
        for done in self.turned:
            if isinstance(done.result.error, INTERRUPTS):
                raise done.result.error

    async def _use(self, actor: Actor, step: Step) -> None:
        options = {option.id: option for option in self.room.options(actor)}
        if step.use not in options and step.if_possible:
            return
        if step.use not in options:
            self.missing = f"step {self._step}: {step.use} is not possible now"
            return
        await self._act(actor, options[step.use].action(step.write))

    async def _wait(self, seconds: float) -> None:
        """Let time pass; timers that are due ring in their order, each at its time."""
        end = self.clock.now + int(seconds * 1000)
        while due := self._next_timer(end):
            name, at = due
            self.clock.now = max(self.clock.now, at)
            await self.room.submit(SYSTEM, Tick(timer=name))
            await self._settle()
        self.clock.now = end

    def _next_timer(self, until: int) -> tuple[str, int] | None:
        timers = self.room.state.hidden.get("timers", {})
        due = sorted((timer["at"], name) for name, timer in timers.items() if timer["at"] <= until)
        return (due[0][1], due[0][0]) if due else None

    async def _talk(self, actor: Actor, by: str, step: Step) -> None:
        model = Recorder(self.troupe.visitor or self.troupe.model, derive(self.case.id, by))
        for _ in range(step.talk or 0):
            lines = [(turn.turn.room.state.name(turn.turn.part.who), _said(turn.result)) for turn in self.turned[-4:]]
            try:
                line = await visitor_line(model, self._name(by), step.goal, lines, self.case.language)
            except INTERRUPTS:
                raise
            except ModelError as error:
                self.missing = f"step {self._step}: {error}"
                return
            self.clock.forward(5)
            await self._act(actor, Say(text=line, to=self._hearer(step)))
            if self.missing:
                return

    def _note(self, turn: Turn, result: TurnResult) -> None:
        self.turned.append(_Turned(self._step, self._named, turn, result, self._things, things(self.room)))

    # who is who ----------------------------------------------------------------------------------------------------

    def _actor(self, visitor: str) -> Actor:
        return Actor(f"player:{visitor}", "player", self._name(visitor))

    def _name(self, visitor: str) -> str:
        return next(one.name for one in self.case.visitors if one.id == visitor)

    def _first(self) -> str:
        """The visitor who acts when a step names none: the first of those who are there."""
        here = [one.id for one in self.case.visitors if self.room.state.is_here(f"player:{one.id}")]
        return here[0] if here else self.case.visitors[0].id

    def _hearer(self, step: Step) -> list[str] | None:
        return [character_id(step.to or self.character)] if step.whisper else None

    # what came of it -----------------------------------------------------------------------------------------------

    async def result(self) -> PlayedCase:
        """Everything that the checks look at."""
        events = await self.room.store.events(self.room.id)
        by_seq = {event.seq: event for event in events}
        state = self.room.state
        asked = [call for call in self.recorder.asked if call.purpose != "warm"]
        return PlayedCase(
            case=self.case.id,
            character=character_id(self.character),
            name=state.name(character_id(self.character)),
            lines=tuple(line for event in events if (line := _line(event, state.name(event.actor)))),
            replies=tuple(_reply(done, by_seq, events) for done in self.turned),
            prompts=tuple((character_id(call.character), call.prompt) for call in asked),
            before=self._before,
            after={name: state.of_prop(name) for name in state.props},
            people={who: state.name(who) for who in state.people},
            missing=self.missing,
        )


def things(room: Room) -> tuple[Thing, ...]:
    """The things of a room as anybody sees them now, in their order."""
    placed = sorted(room.state.props.items(), key=lambda item: item[1].get("order", 0))
    looks, rules = sights(room.state, room.world), rules_of(room.state, room.world)
    return tuple(
        Thing(one, body["name"], looks.get(one, ""), dict(body["state"]), rules[one].values, rules[one].names)
        for one, body in placed
    )


def _said(result: TurnResult) -> str:
    return result.reply.say if result.reply else ""


def _line(event: Event, name: str) -> Perceived | None:
    to = tuple(event.to or ())
    if isinstance(event, Said):
        return Perceived(event.seq, event.kind, event.actor, name, event.text, to)
    if isinstance(event, Used | Happened):
        return Perceived(event.seq, event.kind, event.actor, name, event.telling or "", to)
    if isinstance(event, Entered | Left):
        return Perceived(event.seq, event.kind, event.who, event.name, "", to)
    return None


def _reply(done: _Turned, by_seq: dict[int, Event], events: Sequence[Event]) -> PlayedReply:
    result, trigger = done.result, done.turn.trigger
    own = [by_seq[seq] for seq in result.seqs if seq in by_seq]
    said = next((event for event in own if isinstance(event, Said)), None)
    felt = next((event for event in own if isinstance(event, Felt)), None)
    heard = by_seq.get(trigger.seq)
    return PlayedReply(
        step=done.step,
        named=done.named,
        who=done.turn.part.who,
        heard=_heard(heard),
        by=trigger.by,
        say=said.text if said else "",
        seq=said.seq if said else 0,
        emotion=felt.emotion if felt else _emotion_before(done.turn.part.who, result, events),
        deeds=tuple(Deed(e.seq, e.prop, e.verb, dict(e.args or {})) for e in own if isinstance(e, Used)),
        refused=tuple(refusal.message for refusal in result.refusals),
        to=tuple(said.to or ()) if said else (),
        outcome=result.outcome,
        error=f"{result.error.kind}: {result.error}" if result.error else "",
        held_back=tuple((flaw.kind, flaw.sentence) for made in result.generated for flaw in made.flaws),
        messages=() if result.request is None else tuple((m.role, m.content) for m in result.request.messages),
        raw=result.generated[-1].raw if result.generated else "",
        before=done.before,
        after=done.after,
    )


def _heard(event: Event | None) -> str:
    if isinstance(event, Said):
        return event.text
    if isinstance(event, Used | Happened):
        return f"({event.telling})"
    if isinstance(event, Entered):
        return f"({event.name} comes in.)"
    return ""


def _emotion_before(who: str, result: TurnResult, events: Sequence[Event]) -> str:
    """An emotion that did not change leaves no event: the one that showed already."""
    if not is_character(who) or not result.seqs:
        return result.reply.emotion if result.reply else ""
    earlier = [event.emotion for event in events if isinstance(event, Felt) and event.actor == who]
    return result.reply.emotion if result.reply and result.reply.emotion else (earlier[-1] if earlier else "")
