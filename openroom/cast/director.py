"""The director of a room: decides when a character takes a turn, runs one turn at a time, and handles Stop and failure.

It never speaks when nobody is there to hear it: an empty room spends nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from openroom.cast.another_try import occasion_again
from openroom.cast.floor import Floor, contested
from openroom.cast.minds import Minds
from openroom.cast.patience import Patience, may_choose
from openroom.cast.prompts import RoomPrompts
from openroom.cast.responders import responders
from openroom.cast.turn.context import Occasion, Why
from openroom.cast.turn.turn import Turn, TurnResult
from openroom.cast.turn_task import TurnTask, unwritten
from openroom.cast.waiting import Waiting, caller, is_forsaken, turn_id
from openroom.cast.warming import HarnessOf, Warming
from openroom.core.actor import Actor, is_character
from openroom.core.branches import last_move
from openroom.core.chance import roll
from openroom.core.event import (
    Entered,
    Erased,
    Event,
    Left,
    Moved,
    Muted,
    Nudged,
    Rolled,
    Said,
    Used,
    is_imported,
    words_by,
)
from openroom.core.view import perceives, visits_of
from openroom.errors import StoreError, TurnUnwritten
from openroom.ports.embedder import Embedder
from openroom.ports.memory import Memory
from openroom.ports.model import Model
from openroom.ports.patterns import Patterns
from openroom.room.room import Room

_log = logging.getLogger("openroom.turn")

UNREMEMBERED = 40
"""When so many events wait to be remembered, they are, though no turn has ended (in a room where nobody answers)."""

_OF_ITSELF = ("autoplay", "noticed", "awaited")
"""Turns that nobody's words called for."""

_EVENING, _MOST_AUTHORED, _AHEAD = 40, 0.35, 0.6
"""Of so many replies in a room at most about this share are an author's line put before a small model's: with more of
them the talk is a recital. So much may it be ahead."""


@dataclass(frozen=True, slots=True)
class DirectorSettings:
    """``react_ms``: so long after a person used a prop without a word, a character may remark on it (0: never).
    ``greet``: characters greet who enters. ``chain``: so many replies of characters to each other without autoplay.
    ``typing_ms``: how long autoplay waits after a person typed. ``turn_ms``: after so long a turn has failed.
    ``patience_ms``: after so long without a word people are asked whether to wait (0: never).
    ``autoplay``: whether rooms that want it may; ``autoplay_turns`` bounds what their scenes ask for, and
    ``autoplay_ms`` is the silence that each of its turns waits for."""

    react_ms: int = 4_000
    greet: bool = True
    chain: int = 1
    typing_ms: int = 6_000
    turn_ms: int = 240_000
    patience_ms: int = 12_000
    warm: bool = True
    autoplay: bool = True
    autoplay_turns: int = 20
    autoplay_ms: int = 0


class Director:
    """Runs the characters of one room."""

    def __init__(
        self,
        room: Room,
        model: Callable[[], Model],
        memory: Memory,
        harness_of: HarnessOf,
        settings: DirectorSettings | None = None,
        *,
        chip: Callable[[], Mapping[str, Any]] = dict,
        results: Callable[[Turn, TurnResult], None] = lambda _turn, _result: None,
        understudy: Model | None = None,
        patterns: Patterns | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        """``understudy`` plays the author's lines where a model falls short, or nobody wants to wait for it; without it
        there is no choice. ``embedder`` finds these lines by meaning too."""
        self.prompts = RoomPrompts(room)
        self.room, self.memory = room, memory
        self.settings = settings or DirectorSettings()
        self._model, self._harness_of, self._patterns = model, harness_of, patterns
        self.parts = Minds(room, memory, model)
        self._understudy, self._embedder = understudy, embedder
        self._authored: deque[bool] = deque(maxlen=_EVENING - 1)
        """Of the last replies in the room, which were an author's line as it was written."""
        self._queue = Waiting(room)
        self._some = asyncio.Event()
        self._taken: Occasion | None = None
        """What the turn that begins or runs is for, as long as somebody waits for it."""
        self._playing: TurnTask | None = None
        self._since_person = 0
        self._person = ""
        """Who called for what happens now: the last person who did something."""
        self._typed_at = 0
        self._reaction: asyncio.TimerHandle | None = None
        self._remembering: asyncio.Task[None] | None = None
        self._rebuilding: asyncio.Task[None] | None = None
        self._again: Moved | None = None
        """The last wish for another try at a line, until it is looked at."""
        self._idle = asyncio.Event()
        self._idle.set()
        self._floor = Floor(room.id)
        self._warming = Warming(room, model, self.parts, harness_of, self._floor)
        self._choosing: asyncio.Task[None] | None = None
        self._choosing_for: tuple[Event, Sequence[str]]
        """What it is being chosen for, and who answers it as ever."""
        self.expected: dict[str, str] = {}
        """By the cause of an act that is under way: which character alone takes a turn because of it."""
        self.chip, self.results = chip, results
        room.listen(self._on_events)
        room.cast = self

    async def start(self) -> None:
        """Bring the talks back from the log and begin to direct."""
        await self.parts.begin()
        self._remember_soon()
        self._direct()

    def _direct(self) -> None:
        """Take the turns that wait, one after another. A fault ends the turn it happened in, not the others."""
        if not self.room.closed:
            self.room.tasks.spawn("director", self._run(), on_error=lambda _error: self._direct())

    async def finish(self) -> None:
        """After the room has closed: remember what has not been remembered yet, and keep what waits to be kept."""
        await self.prompts.write()
        await self.parts.remember()

    def _remember_soon(self) -> None:
        if self._remembering is None or self._remembering.done():
            self._remembering = self.room.tasks.spawn("remember", self.parts.remember())

    @property
    def warming(self) -> bool:
        """Whether a local engine reads prompts ahead."""
        return self._warming.running

    @property
    def busy(self) -> bool:
        """Whether a turn runs or waits, or it is being chosen who takes one."""
        return self._playing is not None or bool(self._queue) or self._chooses

    @property
    def idle(self) -> bool:
        """Whether no turn runs, begins or waits."""
        return self._idle.is_set() and not self._queue and not self._chooses

    @property
    def _chooses(self) -> bool:
        return self._choosing is not None and not self._choosing.done()

    async def settled(self) -> None:
        """Wait until no turn runs or waits, and what was perceived is remembered (for tests and evaluations)."""
        while self.busy or not self._idle.is_set() or not (self._rebuilding is None or self._rebuilding.done()):
            if under_way := [task for task in (self._rebuilding, self._choosing) if task is not None]:
                await asyncio.wait(under_way)  # a turn may begin when it is done
            await self._idle.wait()
            await asyncio.sleep(0)
        if self._remembering is not None:
            await asyncio.wait([self._remembering])
        await self.prompts.settled()

    # what happens --------------------------------------------------------------------------------------------------

    def _on_events(self, events: Sequence[Event]) -> None:
        self._floor.hear(events, self.room.state)
        if not self.parts.hear(events):
            self._turn_back(events)
        for event in events:
            if is_imported(event):
                continue
            if isinstance(event, Moved):
                self._queue.clear()
                self._cancel_reaction()
                self._again = event if event.why == "retry" else None
            elif isinstance(event, Erased):
                self._drop_answers(event.target)
            elif isinstance(event, Muted):
                self._silence(event)
            else:
                if isinstance(event, Left | Entered):
                    self._come_or_gone(event)
                self._consider(event)
        if self.parts.unremembered >= UNREMEMBERED:
            self._remember_soon()

    def _drop_answers(self, seq: int) -> None:
        self._queue.drop(lambda _who, occasion: occasion.seq == seq)

    def _come_or_gone(self, event: Entered | Left) -> None:
        """Nobody answers who has gone, unless somebody else heard them ask; what was not begun for them is not begun.
        Nobody left would know what it was about, and whoever comes next would hear it."""
        gone = event.who if isinstance(event, Left) else ""
        self._queue.drop(
            lambda _who, one: is_forsaken(one, self.room) or (one.why not in _OF_ITSELF and caller(one) == gone)
        )
        if self._taken is not None and is_forsaken(self._taken, self.room):
            self._taken = None
            if self._playing is not None:
                self._playing.stop(keep=False)

    def _silence(self, event: Muted) -> None:
        """Who is muted is not waited for, and what they were saying ends where it was."""
        if event.on:
            self._queue.drop(lambda who, _occasion: who == event.character)
            if self._playing is not None and self._playing.turn.part.who == event.character:
                self._playing.stop()

    def _turn_back(self, events: Sequence[Event]) -> None:
        """Something was undone or erased: nobody goes on talking of it. What was shown of an answer to what is undone
        is undone, too."""
        if self._chooses and self._choosing is not None:
            self._choosing.cancel()
            self._call(*self._choosing_for, late=True)  # but what was undone or erased is not answered
        if self._playing is not None and any(isinstance(event, Moved | Erased) for event in events):
            self._playing.stop(keep=not any(isinstance(event, Moved) for event in events))
        self._rebuilding = self.room.tasks.spawn("rebuild", self._rebuild())

    async def _rebuild(self) -> None:
        await self.parts.turn_back()
        again, self._again = self._again, None
        if again is not None and again.character is not None and self.room.state.head == again.head:
            occasion = await occasion_again(self.room, again, partial(self._trigger, chosen=1))
            if occasion is not None and self.room.state.head == again.head:
                self._since_person, self._person = 0, again.actor
                self._enqueue(again.character, occasion)
        if self.idle:  # else a line and its answer are remembered together, when it is there
            self._remember_soon()

    def _consider(self, event: Event) -> None:
        """Queue the turns that an event calls for."""
        by = words_by(event)
        person = not is_character(by) and by != "system"
        if person and isinstance(event, Said | Used | Rolled | Entered | Nudged):
            self._since_person, self._person = 0, by
            self._queue.drop(lambda _who, occasion: occasion.why in ("autoplay", "noticed"))
            self._cancel_reaction()
        if not self.room.state.anybody("player") or (isinstance(event, Said) and event.edited and not person):
            return
        if isinstance(event, Said) and is_character(by):
            self._since_person += 1
            if self._since_person > self._chain_limit():
                return
        if isinstance(event, Entered) and not (
            self.settings.greet and self.room.state.people.get(event.who, {}).get("kind") == "player"
        ):
            return
        chosen = self._responders(event)
        among = contested(event, self.room.state, self.room.world, self.parts.present()) if chosen else []
        if among and not self.busy and event.cause not in self.expected and self._floor.may_ask(self._model()):
            self._choosing_for = event, chosen
            self._choosing = self.room.tasks.spawn("choosing", self._choose(event, among, chosen))
            return
        self._call(event, chosen)
        if person and isinstance(event, Used | Rolled) and not chosen:
            self._react_later(event)

    async def _choose(self, event: Event, among: Sequence[str], otherwise: Sequence[str]) -> None:
        """Have the model say who answers; where it does not, it is as ever."""
        who = await self._floor.choose(self._model(), self.room.world, among, self._person)
        self._call(event, [who] if who else otherwise, late=True)

    def _responders(self, event: Event) -> list[str]:
        expected = self.expected.get(event.cause or "")
        if expected is not None and self._may_speak(expected):
            return [expected]
        return responders(event, self.room.state, self.room.world, self.parts.spoken, self.parts.present())

    def _may_speak(self, who: str) -> bool:
        return self.room.state.is_here(who) and not self.room.state.is_muted(who)

    def _chain_limit(self) -> int:
        if self._autoplays:
            return min(self.room.world.scene.responders.autoplay_turns, self.settings.autoplay_turns)
        # A small model that answers another character talks past the visitor.
        return 0 if self._model().info.level == "small" else self.settings.chain

    @property
    def _autoplays(self) -> bool:
        return self.settings.autoplay and bool(self.room.state.shared["run"].get("autoplay"))

    def _trigger(self, event: Event, chosen: int) -> Occasion:
        why: Why = "said"
        if isinstance(event, Entered):
            why = "entered"
        elif isinstance(event, Nudged):
            why = "nudged" if event.goes_on is None else "continued"
        elif isinstance(event, Used):
            why = "awaited"
        elif is_character(event.actor):
            why = "autoplay"
        by = event.who if isinstance(event, Entered) else event.actor
        whisper = isinstance(event, Said) and event.to is not None
        may_pass = why in ("autoplay", "awaited") or chosen > 1
        language = event.language if isinstance(event, Entered) else None
        persona = (event.persona or "") if isinstance(event, Said) else ""
        return Occasion(why, event.seq, by, whisper, may_pass, language or "", self._person, persona=persona)

    def _call(self, event: Event, chosen: Sequence[str], *, late: bool = False) -> None:
        """Queue a turn for each that an event calls for. ``late``: it was being chosen who answers, which takes a
        while; what was said since goes first, and who has gone is not answered."""
        for who in chosen:
            occasion = self._trigger(event, len(chosen))
            if late and (self._queue.holds(who, event.seq) or is_forsaken(occasion, self.room)):
                continue
            self._enqueue(who, occasion)

    def _enqueue(self, who: str, trigger: Occasion) -> None:
        self._queue.put(who, trigger, behind=not self._idle.is_set())
        self._some.set()

    def _react_later(self, event: Used | Rolled) -> None:
        delay = self.settings.react_ms / 1000
        if delay and self.room.state.shared["run"]["responders"] not in ("manual", "nobody"):
            self._reaction = asyncio.get_running_loop().call_later(delay, self._react, event)

    def _react(self, event: Used | Rolled) -> None:
        """A person did something and said nothing: somebody who is talkative enough remarks on it."""
        self._reaction = None
        state = self.room.state
        seen = [who for who in state.here("character") if perceives(who, event, visits_of(state))]
        present = self.room.world.turned_to([who for who in seen if not state.is_muted(who)])
        if self.room.closed or self._queue or self._playing or not present or not state.anybody("player"):
            return
        who = max(present, key=lambda one: roll(str(event.seq), one))
        definition = self.room.world.character(who)
        if definition and roll(str(event.seq), "react", who) < definition.turns.talkativeness:
            self._enqueue(who, Occasion("noticed", event.seq, event.actor, may_pass=True, person=event.actor))

    def _cancel_reaction(self) -> None:
        if self._reaction is not None:
            self._reaction.cancel()
            self._reaction = None

    def typing(self) -> None:
        self._typed_at = self.room.clock()

    # Stop ----------------------------------------------------------------------------------------------------------

    def stop(self, actor: Actor) -> bool:
        """Stop the running turn and forget those that wait. A whispered one is stopped by its hearer only. While it is
        being chosen who answers a line, nobody does."""
        chosen = self._chooses and self._choosing is not None and self._choosing.cancel()
        turn = self._playing.turn if self._playing else None
        if turn is None or (turn.to and actor.id not in turn.to and not actor.may_run_room):
            return chosen
        self._queue.clear()
        return self.stop_turn() or chosen

    def stop_turn(self) -> bool:
        """Cut the running turn short; what was shown is committed, marked cut."""
        return self._playing is not None and self._playing.stop()

    def recite(self, actor: Actor, turn: str) -> bool:
        """Have the author's lines answer in that turn, if no word of it is there; whether ``actor`` could do so."""
        playing, understudy = self._playing, self._understudy
        if playing is None or understudy is None or playing.turn.id != turn or not may_choose(actor, playing.turn):
            return False
        return playing.recite(understudy)

    # running turns -------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            if not self._queue:
                self._idle.set()
                if self.settings.warm:
                    self._warming.later()
                await self._some.wait()
            self._idle.clear()
            self._some.clear()
            while self._queue:
                who, trigger = self._queue.take()
                self._taken = trigger
                if trigger.why == "autoplay" and not await self._quiet():
                    continue
                if self._may_speak(who) and self.room.state.anybody("player"):
                    await self._take_turn(who, trigger)
                self._queue.skip(who, trigger)

    async def _quiet(self) -> bool:
        """Wait for silence, and while a person types; false when meanwhile a person has spoken."""
        before = self.parts.spoken[-1:]
        silent = self.room.clock() + (self.settings.autoplay_ms if self._autoplays else 0)
        while (left := max(silent, self._typed_at + self.settings.typing_ms) - self.room.clock()) > 0:
            await asyncio.sleep(min(left, 100) / 1000)
            if self.parts.spoken[-1:] != before and not is_character(self.parts.spoken[-1]):
                return False
        return True

    async def _take_turn(self, who: str, trigger: Occasion) -> None:
        await self._warming.give_way()
        definition = self.room.world.character(who)
        if definition is None:
            return
        id = turn_id(who, trigger)
        try:
            await self._up_to_date()
            harness = await self._harness_of(definition)
        except StoreError as error:
            self._put_off(id, who, trigger, unwritten(definition.name, error))
            return
        if self._taken is None or trigger.since < last_move(self.room.state):
            return  # meanwhile whoever asked has left, or the story has gone another way
        turn = Turn(
            id, self.room, self.parts[who], trigger, self._model(), self.memory, harness,
            understudy=self._understudy, patterns=self._patterns, embedder=self._embedder,
            author_first=_may_recite(self._authored),
        )  # fmt: skip
        self._queue.begun(who, trigger)
        turn.tell("thinking")
        self._playing = TurnTask(turn, self.room.tasks, self.settings.turn_ms)
        try:
            with Patience(turn, self.settings.patience_ms if self._understudy else 0):
                result = await self._playing.result()
        finally:
            self._playing = None
        if result.outcome == "said":
            self._authored.append(result.authored)
        self.prompts.keep(turn, result)
        self._tell(turn, result)
        self.results(turn, result)
        self.parts.trim()
        self._remember_soon()

    async def _up_to_date(self) -> None:
        """What was undone or erased just now is in no prompt any more. Raises `StoreError`."""
        if self._rebuilding is not None:
            await asyncio.wait([self._rebuilding])
        if self.parts.behind:
            await self.parts.turn_back()

    def _put_off(self, id: str, who: str, trigger: Occasion, error: TurnUnwritten) -> None:
        """A turn could not begin: say so."""
        self._queue.begun(who, trigger)
        _log.warning(
            "turn failed",
            extra={"turn_id": id, "room": self.room.id, "reason": error.kind, "error": str(error.__cause__)},
        )
        told = {"reason": error.kind, "message": str(error), "retry": True}
        body = {"signal": "turn", "turn": id, "who": who, "phase": "failed", "since": self.room.clock(), **told}
        self.room.emit(body, [trigger.by, who] if trigger.whisper else None)

    def _tell(self, turn: Turn, result: TurnResult) -> None:
        """Say how the turn ended, to people (a signal) and to the log (without words that were said)."""
        ms = self.room.clock() - turn.since
        facts: dict[str, Any] = {"turn_id": turn.id, "room": self.room.id, "outcome": result.outcome, "ms": ms}
        if result.outcome == "failed" and result.error is not None:
            error = str(result.error.__cause__ or result.error)
            _log.warning("turn failed", extra={**facts, "reason": result.error.kind, "error": error})
            turn.tell("failed", reason=result.error.kind, message=str(result.error), retry=True)
            return
        facts["lore"] = [f"{one.book}:{one.entry}" for one in result.lore if one.is_in]
        _log.info("turn", extra={**facts, "refused": [refusal.reason for refusal in result.refusals]})
        turn.tell({"said": "done", "acted": "done"}.get(result.outcome, result.outcome), ms=ms)

    def turns(self) -> list[dict[str, Any]]:
        turn, waiting = self._playing.turn if self._playing else None, self._queue.turns()
        if turn is None or turn.audience is not None:
            return waiting
        shown = turn.draft.shown if turn.draft else ""
        body = {"turn": turn.id, "who": turn.part.who, "phase": turn.phase, "since": turn.since}
        body |= {} if shown else turn.more
        return [{**body, "text": shown} if shown else body, *waiting]


def _may_recite(authored: Collection[bool]) -> bool:
    """Whether one more author's line is not too many, after replies of which ``authored`` tells which were one."""
    after = len(authored) + 1
    return sum(authored) < _MOST_AUTHORED * after + _AHEAD
