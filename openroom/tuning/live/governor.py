"""Governance in a running server: decisions of operators, canaries in the rooms, and what takes a version back.

Each decision is an entry of the audit log before it takes effect (`openroom.tuning.governance.desk`); the store then
says what rooms play. What a crash left between the two is put right at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from openroom.cast.turn.turn import Turn, TurnResult
from openroom.errors import AccessError, OpenroomError
from openroom.room.supervisor import Supervisor
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.governance.decisions import SHARE, Decision, decide, keep, put_in_force
from openroom.tuning.governance.desk import Active, Desk
from openroom.tuning.governance.exam import EXAM_CALLS, Question, examine
from openroom.tuning.governance.states import LOOP, CountsAs, Item, alone
from openroom.tuning.live.exam import quiet_hall
from openroom.tuning.live.runner import Tuner
from openroom.tuning.live.turn_watch import LiveWatch

_LOG = logging.getLogger("openroom.tuning")
_T = TypeVar("_T")


@dataclass(slots=True)
class Governor:
    """Decides over what a `Tuner` writes to its log."""

    tuner: Tuner
    watch: LiveWatch = field(default_factory=LiveWatch)
    ripe: int = 40
    """Healthy live turns of a canary before the loop thinks of releasing it (tier T0 only)."""
    counts_as: CountsAs = alone
    """Who is one person where two pairs of eyes are wanted."""
    parsed: dict[str, RoundRecord] = field(default_factory=dict)
    """Rounds that were read from the log already, by the hash of their entry."""
    _desks: dict[str, Desk] = field(default_factory=dict)
    _active: dict[str, Active] = field(default_factory=dict)
    """What rooms play of each character."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tasks: Supervisor = field(default_factory=lambda: Supervisor("governance"))
    _alarmed: set[tuple[str, str]] = field(default_factory=set)
    _asked: set[tuple[str, str]] = field(default_factory=set)
    """Canaries of which the loop has considered the release."""
    _examined: set[str] = field(default_factory=set)
    """Rounds of which the holdout is being asked right now."""

    # life ------------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Bring rooms to where the log is, listen to turns, and take up an interrupted run."""
        lobby = self.tuner.lobby
        lobby.trial = lambda character, turn: self._playing(character).trial(turn)
        lobby.results = self._heard
        self.tuner.checked = lambda character: self._tasks.spawn("canary", self._next_canary(character))
        if (self.tuner.data / "tuning" / "log" / "chain.jsonl").is_file():
            async with self._turn:
                desk = await self._desk(LOOP)
                for character in {item.character for item in await asyncio.to_thread(desk.items)}:
                    await self._catch_up(desk, character)
        await self.tuner.start()

    async def close(self) -> None:
        """Stop listening, and close the tuner."""
        await self._tasks.close()
        await self.tuner.close()

    async def _desk(self, by: str) -> Desk:
        """A desk at which ``by`` is an operator (the routes see to it that they are)."""
        if by not in self._desks:
            chain = await self.tuner.chain()
            operators = () if by == LOOP else (by,)
            self._desks[by] = await asyncio.to_thread(
                Desk, chain, operators, self.tuner.clock, counts_as=self.counts_as
            )
        return self._desks[by]

    async def ask(self, question: Callable[[Desk], _T]) -> _T:
        """Something of the desk that is only read."""
        async with self._turn:
            desk = await self._desk(LOOP)
            return await asyncio.to_thread(question, desk)

    # decisions -------------------------------------------------------------------------------------------------------

    async def decide(self, round_id: str, wish: Decision, by: str) -> Item:
        """Take an answer about a round. Raises `AccessError` when it may not be given; the refusal is logged."""
        async with self._turn:
            desk = await self._desk(by)
            item = await decide(desk, round_id, wish, by, partial(self._examine, desk, by))
            await self._catch_up(desk, item.character)
            return item

    def examined(self, round_id: str) -> bool:
        """Whether the holdout is being asked about a round right now."""
        return round_id in self._examined

    async def _examine(self, desk: Desk, by: str, item: Item, calls: int) -> None:
        """Have the holdout asked about a candidate, in the background."""
        if item.round_id not in self._examined:
            author = self.tuner.card(item.character).harness()
            question = await asyncio.to_thread(Question.of, desk, item, author, by)
            self._examined.add(item.round_id)
            self._tasks.spawn("exam", self._release_if_passed(item, question, calls))

    async def _release_if_passed(self, item: Item, question: Question, calls: int) -> None:
        """What an operator wanted when they said release: ask the holdout, and release what has passed."""
        try:
            chain, hall = await self.tuner.chain(), partial(quiet_hall, self.tuner, item.character)
            if await examine(chain, question, calls, hall):
                async with self._turn:
                    desk = await self._desk(question.by)
                    await asyncio.to_thread(desk.release, item.round_id, question.by)
                    await self._catch_up(desk, item.character)
        except OpenroomError as error:
            _LOG.warning("an exam ended", extra={"round": item.round_id, "error": str(error)})
        finally:
            self._examined.discard(item.round_id)

    async def rollback(self, character: str, by: str, to: str | None) -> str:
        """Go back to an older version; its digest, empty for the author's. Raises `AccessError`."""
        async with self._turn:
            desk = await self._desk(by)
            digest = await asyncio.to_thread(desk.rollback, character, by, to)
            await self._put_in_force(desk, character, went_back=True)
            return digest

    async def note(self, kind: str, body: dict[str, Any], by: str) -> None:
        """Write down what an operator did that changes no state (a blind comparison, "not now")."""
        chain = await self.tuner.chain()
        await asyncio.to_thread(chain.append, kind, body, actor=by)

    # effects ---------------------------------------------------------------------------------------------------------

    async def keep(self, character: str, digest: str) -> None:
        """Put a version among the stored ones, so that rooms can play it."""
        async with self._turn:
            await keep(await self._desk(LOOP), self.tuner.lobby.store, character, digest)

    async def _catch_up(self, desk: Desk, character: str) -> None:
        await self._put_in_force(desk, character)
        await self._begin_canary(character)

    async def _put_in_force(self, desk: Desk, character: str, *, went_back: bool = False) -> None:
        """Make rooms play what the log says: from their next turn on, nobody is disconnected."""
        active = await put_in_force(desk, self.tuner.lobby.store, character, went_back=went_back)
        if active.released != self.released(character):
            self.watch.forget(character)
            self._alarmed = {key for key in self._alarmed if key[0] != character}
        self._active[character] = active

    def _playing(self, character: str) -> Active:
        return self._active.get(character, Active())

    # what happens by itself ------------------------------------------------------------------------------------------

    def _heard(self, turn: Turn, result: TurnResult) -> None:
        """A turn has ended: look at it, and take the version back when it has become worse."""
        character, version = turn.character.id, turn.version
        active = self._playing(character)
        live = {active.released, active.canary} - {""}
        if version not in live or (character, version) in self._alarmed:
            return
        if not self.watch.saw(turn, result, canary=version == active.canary):
            if version == active.canary:
                self._canary_goes_on(character, active)
            return
        self._alarmed.add((character, version))
        self._tasks.spawn("take back", self._take_back(character, version))

    def _canary_goes_on(self, character: str, active: Active) -> None:
        """A canary's turn was looked at and it stays: how much does it play, and is it ripe?"""
        if self.watch.share(character, active.canary, active.usual) != active.share:
            self._tasks.spawn("share", self._share(character, active.canary))
        if self._ripe(character, active.canary):
            self._asked.add((character, active.canary))
            self._tasks.spawn("ripe", self._release_ripe(active.round_id))

    async def _share(self, character: str, version: str) -> None:
        """Let a canary whose start is bad play more, to know soon; or its usual share again."""
        async with self._turn:
            active = self._playing(character)
            if active.canary != version:
                return
            desk, share = await self._desk(LOOP), self.watch.share(character, version, active.usual)
            report = self.watch.report(character, version)
            why = f"{report['failed']} of its {report['seen']} live turns failed"
            await asyncio.to_thread(desk.play_more, active.round_id, share, why)
            self._active[character] = await asyncio.to_thread(desk.active, character)

    async def _take_back(self, character: str, version: str) -> None:
        report = self.watch.report(character, version)
        why = f"{report['failed']} of {report['seen']} live turns failed: {'; '.join(map(str, report['flaws']))}"[:400]  # type: ignore[call-overload]
        async with self._turn:
            desk = await self._desk(LOOP)
            active = self._playing(character)
            if active.canary == version:
                await asyncio.to_thread(desk.breach, active.round_id, why)
            else:
                await self.note("alarm", {"character": character, "version": version, "why": why}, LOOP)
                await asyncio.to_thread(desk.rollback, character, LOOP)
            await self._put_in_force(desk, character, went_back=True)
        _LOG.warning("a version was taken back", extra={"character": character, "version": version[:12], "why": why})

    async def _next_canary(self, character: str) -> None:
        async with self._turn:
            await self._catch_up(await self._desk(LOOP), character)

    async def _begin_canary(self, character: str) -> None:
        """What a run in mode ``auto`` has kept and a checkpoint has passed goes on to a canary by itself, the newest
        first; one at a time."""
        if self._playing(character).canary:
            return
        desk = await self._desk(LOOP)
        items = await asyncio.to_thread(desk.items, "auto_kept")
        mine = [item for item in items if item.character == character and item.checked]
        if not mine or await asyncio.to_thread(desk.base, mine[-1]) != self._plays(character):
            return  # nothing, or made from another version than the one that plays
        try:
            await asyncio.to_thread(desk.start_canary, mine[-1].round_id, SHARE)
        except AccessError as error:
            _LOG.info("no canary", extra={"round": mine[-1].round_id, "error": str(error)})
            return
        await self._put_in_force(desk, character)

    def _plays(self, character: str) -> str:
        card = self.tuner.lobby.library.characters.get(character)
        return self.released(character) or (card.harness().digest if card else "")

    def _ripe(self, character: str, version: str) -> bool:
        """Whether a canary has played long enough, in health, for the loop to release it (tier T0 only)."""
        return self.watch.seen(character, version) >= self.ripe and (character, version) not in self._asked

    async def _release_ripe(self, round_id: str) -> None:
        """Tier T0 goes all the way by itself: a canary that has played in health is examined, and released if it
        passes. Anything above, itself or under it, waits for a person."""
        desk = await self._desk(LOOP)
        async with self._turn:
            if not await asyncio.to_thread(desk.may_loop_release, round_id):
                return
            item = await asyncio.to_thread(desk.item, round_id)
            if item.holdout != "failed":
                await self._examine(desk, LOOP, item, EXAM_CALLS)

    def released(self, character: str) -> str:
        """The digest that everybody meets; empty: the author's own version."""
        return self._playing(character).released

    def canary(self, character: str) -> dict[str, Any] | None:
        """The canary that plays now, and how it does."""
        active = self._playing(character)
        if not active.canary:
            return None
        body = {"round": active.round_id, "version": active.canary, "share": active.share}
        return {**body, "live": self.watch.report(character, active.canary)}


__all__ = ["Governor"]
