"""The default memory: facts and episodes in the store, written without a model call and found by words and meaning."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from openroom.language.words import same_statement, telling_words
from openroom.memory import rank
from openroom.memory.episodes import Exchange, episode, exchanges, extended, memory_id, with_context
from openroom.memory.facts import is_own_line, reconciled, stated, statement_key
from openroom.ports.embedder import Embedder
from openroom.ports.memory_rows import MemoryRows, Recall, Remembered, Witnessed

_SUBJECTS = 4
_HITS = 80
_FACTS = 200
_EPISODES = 200
_ALL = 30_000
"""More than anybody tells a character (and not more than one statement of a database takes): who looks after what is
remembered of them has all of it."""
_COMPARED = 600
"""So many of the newest memories are compared by meaning at most."""
_NEIGHBOURS = 24
"""So many of the newest episodes are given their neighbours as context each time."""
_LIKE = 0.22
"""What is not so much more similar than texts of its script usually are is not alike."""


class LocalMemory:
    """`openroom.ports.memory.Memory` over rows of a store. ``clock`` gives milliseconds since 1970-01-01 UTC."""

    def __init__(self, rows: MemoryRows, clock: Callable[[], int], embedder: Embedder | None = None) -> None:
        self._rows, self._clock, self._embedder = rows, clock, embedder
        self.forgotten = 0
        self.corrected: set[str] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    # recalling

    async def recall(self, wanted: Recall) -> list[Remembered]:
        about: list[Remembered] = []
        for subject in wanted.subjects[:_SUBJECTS]:
            about += await self._rows.of(wanted.owner, subject=subject, kinds=("fact",), limit=_FACTS)
        about += [one for one in await self._rows.of(wanted.owner, subject="", kinds=("fact",)) if one.pinned]
        met = await self._met(wanted)
        words = telling_words(wanted.text)
        hits = await self._rows.search(wanted.owner, words, _HITS) if words else []
        about, met, hits = ([one for one in some if rank.permitted(one, wanted)] for some in (about, met, hits))
        alike = await self._alike(wanted, [*about, *met, *hits])
        relevance = rank.fused([[one.id for one in hits], *([[one.id for one in alike]] if alike else [])])
        key = rank.scorer(relevance, wanted)
        return self._chosen(wanted, about, met, [*hits, *alike], key)

    def _chosen(
        self,
        wanted: Recall,
        about: list[Remembered],
        met: list[Remembered],
        found: list[Remembered],
        key: rank.Key,
    ) -> list[Remembered]:
        ours = {one.id for one in about}
        unique = list({one.id: one for one in found}.values())
        others = [one for one in unique if one.kind == "fact" and one.id not in ours]
        facts = rank.pick_facts(about, others, wanted, key)
        scenes = sorted((one for one in unique if one.kind != "fact"), key=key, reverse=True)
        episodes = rank.pick_episodes(scenes, met, wanted, facts)
        name = wanted.names.get(wanted.subjects[0], "") if wanted.subjects else ""
        known = rank.acquaintance(met, wanted, name or "this visitor") if met else None
        return [*([known] if known else []), *facts, *episodes]

    async def _met(self, wanted: Recall) -> list[Remembered]:
        """Episodes with the one who just spoke, newest first."""
        if not wanted.subjects:
            return []
        return await self._rows.of(wanted.owner, subject=wanted.subjects[0], kinds=("episode",), limit=_EPISODES)

    async def _alike(self, wanted: Recall, near: Sequence[Remembered]) -> list[Remembered]:
        """Memories by likeness of meaning, best first; none without an embedder."""
        if self._embedder is None or not wanted.text.strip():
            return []
        newest = await self._rows.of(wanted.owner, limit=_COMPARED)
        pool = list({one.id: one for one in (*near, *newest) if rank.permitted(one, wanted)}.values())
        likeness = await asyncio.to_thread(self._embedder.similar, wanted.text, [one.text for one in pool])
        beyond = rank.beyond_usual(likeness, [one.text for one in pool])
        ranked = sorted(zip(beyond, pool, strict=True), key=lambda pair: (-pair[0], -pair[1].created, pair[1].id))
        return [one for like, one in ranked[:_HITS] if like >= _LIKE]

    # witnessing

    async def witness(
        self, owner: str, lines: Sequence[Witnessed], own_name: str = "", persona: Sequence[str] = ()
    ) -> list[Remembered]:
        written: list[Remembered] = []
        async with self._turns[owner]:
            for line in lines:
                if is_own_line(line) and line.speaker_id != owner:
                    written += await self._facts(owner, line, own_name, persona)
            for exchange in exchanges(lines, owner):
                written += await self._episode(owner, exchange)
            for room in dict.fromkeys(line.room for line in lines):
                await self._placed(owner, room)
        return written

    async def _facts(self, owner: str, line: Witnessed, own_name: str, persona: Sequence[str]) -> list[Remembered]:
        blocked = await self._rows.blocked(owner, line.speaker_id)
        written: list[Remembered] = []
        facts = stated(owner, line, own_name, persona, blocked)
        told = await self._rows.citing(owner, line.room, line.seq) if facts else []
        said = {one.text.casefold() for one in told if one.kind == "fact"}
        for fact in facts:
            if fact.text.casefold() in said:
                continue  # the line again; what it states may have been superseded since
            known = await self._rows.of(owner, subject=line.speaker_id, kinds=("fact",), limit=_FACTS)
            rows = reconciled(fact, known)
            await self._rows.add(rows)
            written.append(rows[0])
        return written

    async def _episode(self, owner: str, exchange: Exchange) -> list[Remembered]:
        before = await self._before(owner, exchange.lines[0].room)
        made = episode(exchange, owner)
        if made is None:
            longer = extended(before, exchange, owner) if before is not None else None
            if longer is not None:
                await self._rows.add([longer])
            return [longer] if longer is not None else []
        if statement_key(made.id) in await self._rows.blocked(owner, made.subject):
            return []
        if (known := await self._rows.get(made.id)) is not None and len(_seqs(known)) >= len(made.sources):
            return []
        await self._rows.add([made])
        return [made]

    async def _placed(self, owner: str, room: str) -> None:
        """Give the newest episodes of a room their neighbours as context. It goes by their order in the story alone, so
        one that was told again stands as it did."""
        newest = await self._rows.of(owner, kinds=("episode",), limit=_NEIGHBOURS)
        story = sorted((one for one in newest if _is_of(one, room)), key=lambda one: max(_seqs(one)))
        changed = []
        for at, one in enumerate(story):
            if at == 0 and len(newest) == _NEIGHBOURS:
                continue  # what came before it is not among these
            alone = replace(one, context="", sources=tuple(source for source in one.sources if not source.around))
            placed = with_context(alone, story[at - 1] if at else None)
            placed = with_context(placed, story[at + 1] if at + 1 < len(story) else None)
            if placed != one:
                changed.append(placed)
        await self._rows.add(changed)

    async def _before(self, owner: str, room: str) -> Remembered | None:
        """The newest episode, if it is of this room."""
        newest = await self._rows.of(owner, kinds=("episode",), limit=1)
        return newest[0] if newest and _is_of(newest[0], room) else None

    # looking after it

    async def about(self, owner: str, subject: str) -> list[Remembered]:
        return await self._rows.of(owner, subject=subject, all_time=True, masks=True, limit=_ALL)

    async def correct(self, id: str, text: str) -> Remembered | None:
        old = await self._rows.get(id)
        text = " ".join(text.split())
        if old is None or not text:
            return None
        now = self._clock()
        new = replace(
            old, id=memory_id("c", old.id, text), text=text, created=now, valid_from=now, strength=1.0, context="",
            sources=tuple(s for s in old.sources if not s.around),
        )  # fmt: skip
        await self._rows.block(old.owner, old.subject, statement_key(old.text), now)
        await self._rows.add([replace(old, valid_to=now, superseded_by=new.id), new])
        self.corrected.add(old.id)
        self.forgotten += 1
        return new

    async def forget(self, id: str) -> bool:
        memory = await self._rows.get(id)
        if memory is None:
            return False
        doomed = {memory.id: memory}
        if memory.slot:
            slot = memory.slot
            history = await self._rows.of(memory.owner, subject=memory.subject, slot=slot, all_time=True, limit=_ALL)
            doomed |= {one.id: one for one in history}
        doomed |= await self._corrected(memory)
        for one in list(doomed.values()):
            for source in one.sources:
                if one.kind == "fact" and not source.around:
                    citing = await self._rows.citing(one.owner, source.room, source.seq)
                    doomed |= {c.id: c for c in citing if c.kind != "fact" or same_statement(c.text, one.text)}
        for one in doomed.values():
            key = statement_key(one.text if one.kind == "fact" else one.id)
            await self._rows.block(one.owner, one.subject, key, self._clock())
        await self._rows.drop(list(doomed))
        self.forgotten += 1
        return True

    async def _corrected(self, memory: Remembered) -> dict[str, Remembered]:
        """Earlier texts that corrections led from to this one."""
        everything = await self._rows.of(memory.owner, subject=memory.subject, all_time=True, limit=_ALL)
        found: dict[str, Remembered] = {}
        ids = {memory.id}
        while earlier := {one.id: one for one in everything if one.superseded_by in ids and one.id not in found}:
            found |= earlier
            ids = set(earlier)
        return found

    async def forget_event(self, room: str, seq: int) -> int:
        return self._noted(await self._rows.uncite(room, seq - 1, seq))

    async def forget_range(self, room: str, after: int, until: int | None = None) -> int:
        return self._noted(await self._rows.uncite(room, after, until))

    async def forget_person(self, subject: str) -> int:
        return self._noted(await self._rows.uncite_person(subject))

    def _noted(self, gone: int) -> int:
        self.forgotten += 1  # what stays may cite less than it did
        return gone

    async def still(self, owner: str, events: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        return {(room, seq) for room, seq in events if await self._rows.citing(owner, room, seq)}


def _is_of(memory: Remembered, room: str) -> bool:
    """Whether a memory is of this room alone: one that a fork shares is told to its end."""
    return {source.room for source in memory.sources if not source.around} == {room}


def _seqs(memory: Remembered) -> list[int]:
    """The events that a memory is of, its context left out."""
    return [source.seq for source in memory.sources if not source.around] or [0]
