"""Blind tastings in a running server: pairs are written a few ahead, while rooms are quiet, and shown one at a time.

Nobody is told which answer is whose, nor how the count stands, before the last pair is judged.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from openroom.core.chance import roll
from openroom.core.harness import Harness
from openroom.errors import AccessError, DefinitionError, OpenroomError, RefusedError
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Model
from openroom.room.kept import stored
from openroom.room.supervisor import Supervisor
from openroom.tuning.audit.tastings import ALPHA, PAIRS, Pick, Tasting, better_of, candidate_is_left, sampling_seed
from openroom.tuning.governance.states import Item, is_proposer
from openroom.tuning.live.governor import Governor
from openroom.tuning.live.quiet import GivingWay, Quiet, watching
from openroom.tuning.live.runner import as_tuning
from openroom.tuning.tasting.answers import answer
from openroom.tuning.tasting.kept import KeptPair, KeptTasting, changed, load, made, name_of, swept
from openroom.tuning.tasting.moments import Found, Moment, find_moments, stands

_LOG = logging.getLogger("openroom.tuning")
_AHEAD: Final = 3
"""So many pairs are ready before somebody wants them."""
_OPEN: Final = ("awaiting_approval", "approved", "canary")
Trouble = Literal["", "no_model", "failed", "nothing"]


@dataclass(slots=True)
class _Table:
    """One tasting while the server runs: who writes its pairs, and what keeps them from it."""

    item: Item
    against: str
    found: Found | None = None
    trouble: Trouble = ""
    why: str = ""
    writing: asyncio.Task[None] | None = None
    used: set[tuple[str, int]] = field(default_factory=set)
    """Moments that were tried since the server began."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while it is begun or judged, or a pair comes to it."""

    @property
    def name(self) -> str:
        return name_of(self.item.version, self.against)

    @property
    def busy(self) -> bool:
        return self.writing is not None and not self.writing.done()

    def body(self, **more: Any) -> dict[str, Any]:
        """What each entry of the log says of it."""
        return {"round": self.item.round_id, "candidate": self.item.version, "against": self.against, **more}


@dataclass(slots=True)
class Tables:
    """The tastings of one server."""

    governor: Governor
    pairs: int = PAIRS
    seeds: Callable[[], str] = lambda: secrets.token_hex(16)
    """Makes the seed of a pair, which nobody can guess before it is judged."""
    _tables: dict[str, _Table] = field(default_factory=dict)
    _tasks: Supervisor = field(default_factory=lambda: Supervisor("tasting"))
    _quiet: Quiet = field(init=False)

    def __post_init__(self) -> None:
        self._quiet = Quiet(self.governor.tuner.lobby, self.governor.tuner.settle)

    async def close(self) -> None:
        """End what is being written."""
        await self._tasks.close()

    # what somebody asks ----------------------------------------------------------------------------------------------

    async def look(self, round_id: str, by: str) -> dict[str, Any]:
        """How a tasting stands, for a page: its ``state``, the pair to be judged now, or the result. Who proposed the
        candidate is shown no pair (``yours``). Raises `AccessError` for a round that brought no candidate."""
        item = await self.governor.ask(lambda desk: desk.item(round_id))
        if item.tasting == "not_needed" or item.state not in _OPEN:
            return {"state": "none"}
        if is_proposer(item, by, self.governor.counts_as):
            return {"state": "yours"}
        table = await self._table(item)
        tasting = await self._tasting(table)
        if tasting is None:
            moments = await self._moments(table)
            state = "not_begun" if moments["moments"] else "nothing"
            return {"state": state, "pairs": self.pairs, "alpha": ALPHA, "judged": 0, **moments}
        tasting = await self._ended(table, tasting, by)
        head = {"judged": tasting.judged, "pairs": tasting.pairs}
        if tasting.state != "open":
            return {"state": tasting.state, **head, **_result(tasting)}
        pair = await self._next(table, tasting)
        if pair is not None:
            return {"state": "pair", **head, "pair": _shown(pair)}
        self._write(table)
        state = table.trouble if table.trouble and not table.busy else "writing"
        return {"state": state, **head, "why": table.why, "waits": self._quiet.reason, **await self._moments(table)}

    async def begin(self, round_id: str, by: str) -> None:
        """Begin a tasting, or go on with one that could not. Raises `AccessError` where there is nothing to taste, and
        for who proposed the candidate."""
        table = await self._open(round_id, by)
        table.found, table.trouble, table.why = None, "", ""
        async with table.lock:
            if await self._tasting(table) is None:
                found = await self._find(table)
                if not found.moments:
                    raise RefusedError("nothing_to_taste", "Nobody who has consented was answered in an open room yet.")
                await self.governor.note("tasting", table.body(do="tasting", pairs=self.pairs, alpha=ALPHA), by)
        self._write(table)

    async def pick(self, round_id: str, number: int, choice: Pick, by: str) -> None:
        """Judge a pair. Raises `AccessError`, and `RefusedError` for a pair that is not there to be judged."""
        table = await self._open(round_id, by)
        async with table.lock:
            tasting = await self._tasting(table)
            kept = await swept(self._store, table.name)
            pair = kept.pairs.get(number) if kept else None
            open_ = tasting is not None and tasting.state == "open" and number in tasting.shown
            if pair is None or tasting is None or not open_ or tasting.shown[number].better:
                raise RefusedError("no_such_pair", "That pair is not there to be judged: look again.")
            better = better_of(pair.seed, choice)
            told = {"number": number, "seed": pair.seed, "answers": pair.answers, "pick": choice, "better": better}
            told["left"] = "candidate" if candidate_is_left(pair.seed) else "released"
            await self.governor.note("tasting_pick", table.body(**told), by)
            judged = pair.model_copy(update={"better": better})
            await changed(
                self._store, table.name, lambda pairs: {at: judged if at == number else pairs[at] for at in pairs}
            )
        if (now := await self._tasting(table)) is not None:
            await self._ended(table, now, by)
        self._write(table)

    # what it rests on ------------------------------------------------------------------------------------------------

    @property
    def _store(self) -> Any:
        return self.governor.tuner.lobby.store

    async def _tasting(self, table: _Table) -> Tasting | None:
        """How it stands in the log."""
        return await self.governor.ask(lambda desk: desk.tasting(table.item.version, table.against))

    async def _ended(self, table: _Table, tasting: Tasting, by: str) -> Tasting:
        """The tasting, its answer logged where all pairs are judged (a server may have ended before it was)."""
        if tasting.state != "open" or tasting.judged < tasting.pairs:
            return tasting
        async with table.lock:
            now = await self._tasting(table) or tasting
            if now.state == "open":  # nobody has meanwhile
                await self.governor.note("tasting_answer", table.body(**now.result()), by)
            return await self._tasting(table) or now

    async def _open(self, round_id: str, by: str) -> _Table:
        """The table of a candidate that ``by`` may taste. Raises `AccessError`."""
        item = await self.governor.ask(lambda desk: desk.item(round_id))
        if item.tasting == "not_needed" or item.state not in _OPEN:
            raise AccessError(f"expected a candidate that a tasting can release, round {item.round_id} is none")
        if is_proposer(item, by, self.governor.counts_as):
            raise AccessError("expected somebody else to taste it: who proposed it (or made them operator) knows it")
        return await self._table(item)

    async def _table(self, item: Item) -> _Table:
        against = (await self.governor.ask(lambda desk: desk.active(item.character))).released
        table = self._tables.setdefault(name_of(item.version, against), _Table(item, against))
        table.item = item
        return table

    async def _find(self, table: _Table) -> Found:
        if table.found is None:
            table.found = await find_moments(self._store, table.item.character)
        return table.found

    async def _moments(self, table: _Table) -> dict[str, Any]:
        found = await self._find(table)
        return {"moments": len(found.moments), "answered": found.answered}

    async def _next(self, table: _Table, tasting: Tasting) -> KeptPair | None:
        kept = await swept(self._store, table.name)
        if kept is None:
            return None
        waiting = [number for number, pair in sorted(tasting.shown.items()) if not pair.better and not pair.same]
        return next((kept.pairs[number] for number in waiting if number in kept.pairs), None)

    # writing pairs ---------------------------------------------------------------------------------------------------

    def _write(self, table: _Table) -> None:
        """Have pairs written, unless they are, or something is in the way that somebody has to look at."""
        if not table.busy and not table.trouble:
            table.writing = self._tasks.spawn("pairs", self._written(table))

    async def _written(self, table: _Table) -> None:
        as_tuning()
        try:
            async with watching(self._quiet):
                while await self._lacks(table):
                    if not await self._one_more(table):
                        table.trouble = "nothing"
                        return
        except _NoModel as error:
            table.trouble, table.why = "no_model", str(error)
        except OpenroomError as error:
            _LOG.warning("a tasting stopped", extra={"round": table.item.round_id, "error": str(error)})
            table.trouble, table.why = "failed", str(error)[:300]

    async def _lacks(self, table: _Table) -> bool:
        """Whether another pair is wanted: a few are ready, and no more than will be judged."""
        tasting = await self._tasting(table)
        kept = await load(self._store, table.name)
        if tasting is None or tasting.state != "open":
            return False
        ready = sum(pair.better is None for pair in kept.pairs.values()) if kept else 0
        return ready < min(_AHEAD, tasting.pairs - tasting.judged)

    async def _one_more(self, table: _Table) -> bool:
        """Have both versions answer at the next moment; false where there is none left."""
        tasting = await self._tasting(table)
        moment = await self._moment(table, tasting) if tasting is not None else None
        if tasting is None or moment is None:
            return False
        if not await stands(self._store, moment.room.id, moment.cites, moment.people):
            return True  # it was found a while ago
        number, seed = len(tasting.shown), self.seeds()
        both = await self._answers(table, moment, seed)
        if both is None:
            return True
        state, _ = await stored(self._store, moment.room.id)
        pair = made(moment, number, seed, state.name, both)
        same = both[0].shown == both[1].shown
        async with table.lock:
            if not same and not await self._keep(table, pair):  # first the words: what the log names is there
                return True
            told = table.body(number=number, room=moment.room.id, seq=moment.line.seq, commit=pair.commit)
            await self.governor.note("tasting_pair", {**told, **({"same": True} if same else {})}, "loop")
        return True

    async def _keep(self, table: _Table, pair: KeptPair) -> bool:
        """Keep the words of a pair; whether they may stay, also if somebody took something back while both answered."""
        begun = KeptTasting(character=table.item.character, round_id=table.item.round_id)
        await changed(self._store, table.name, lambda pairs: {**pairs, pair.number: pair}, begun)
        kept = await swept(self._store, table.name)
        return kept is not None and pair.number in kept.pairs

    async def _moment(self, table: _Table, tasting: Tasting) -> Moment | None:
        """The next moment, in an order that follows from the candidate; none was used before."""
        done = {(pair.room, pair.seq) for pair in tasting.shown.values()} | table.used
        found = [one for one in (await self._find(table)).moments if (one.room.id, one.line.seq) not in done]
        if not found:
            return None
        chosen = min(found, key=lambda one: roll(table.item.version, one.room.id, one.line.seq))
        table.used.add((chosen.room.id, chosen.line.seq))
        return chosen

    async def _answers(self, table: _Table, moment: Moment, seed: str) -> Any:
        """Both answers, the candidate's first, with the same seed; none where one of them has none."""
        tuner, item = self.governor.tuner, table.item
        author = tuner.card(item.character).harness()
        model = GivingWay(lambda: self._model(item), self._quiet)
        found = []
        for digest in (item.version, table.against):
            harness = await self._harness(digest, author)
            try:
                one = await answer(
                    tuner.lobby.library, self._store, model, moment, item.character, harness, sampling_seed(seed)
                )
            except DefinitionError as error:
                _LOG.info("no answer at a moment", extra={"room": moment.room.id, "error": str(error)})
                return None
            if one is None:
                return None
            found.append(one)
        return found[0], found[1]

    async def _harness(self, digest: str, author: Harness) -> Harness:
        return await self.governor.ask(lambda desk: desk.harness(digest)) if digest else author

    def _model(self, item: Item) -> Model:
        """Who answers: who the round was measured with. Raises `_NoModel` where somebody else speaks now."""
        if item.model.startswith("understudy:"):
            return Understudy()
        now = self.governor.tuner.lobby.model
        if item.model and item.model.split(":")[:2] != [now.info.kind, now.info.name]:
            raise _NoModel(f"{item.model} measured it, {now.info.kind}:{now.info.name} speaks now")
        return now


class _NoModel(OpenroomError):
    """The model that a round was measured with does not speak now."""


def _result(tasting: Tasting | None) -> dict[str, Any]:
    """What came of it; nothing while it is open."""
    if tasting is None or tasting.state == "open":
        return {}
    return {"result": tasting.result(), "alpha": tasting.alpha}


def _shown(pair: KeptPair) -> dict[str, Any]:
    """A pair as somebody may see it before they judge: nothing tells whose answer is whose."""
    left, right = ({"say": one.say, "deeds": list(one.deeds)} for one in pair.sides)
    before = [line.model_dump() for line in pair.before]
    return {"number": pair.number, "before": before, "heard": pair.heard.model_dump(), "left": left, "right": right}
