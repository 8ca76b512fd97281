"""The prompts of replies in a database: compressed JSON, and what finds them again when words in them are erased.

What tells how a room stood (`STANDING`) is in a column of its own: it stands in every prompt and goes from all that are
newer than what is erased, which so takes one statement. All else is found by ``rests_on`` (seqs, spaces around each),
in the order of the key, and by the memories it holds: only what has to change is read and written, each prompt once.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

import orjson
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, delete, insert, select, update

from openroom.core.event import Erased
from openroom.errors import StoreCorrupt
from openroom.ports.kept_prompt import MOST_KEPT, STANDING, KeptPart, KeptPrompt
from openroom.store.database import Database
from openroom.store.tables import events, memories, prompt_memories, prompts

_log = logging.getLogger("openroom.store")

_KEPT: TypeAdapter[KeptPrompt] = TypeAdapter(KeptPrompt)
_STANDING: TypeAdapter[list[str]] = TypeAdapter(list[str])
_UNSURE = STANDING | {"event"}
"""What may hold words that were erased while a prompt was on its way: what a thing told of them, too."""
_FORGOTTEN, _LATELY = "forgotten", 20_000
"""Under which name the writer's connection keeps the ids of what was forgotten lately, and of how many: one of them may
stand in a prompt that is still on its way."""


class SqlPrompts:
    """`openroom.ports.store.Prompts` over a `Database`."""

    _database: Database

    async def keep_prompt(self, room: str, prompt: KeptPrompt, since: int) -> None:
        body, standing = await asyncio.to_thread(_packed, prompt)

        def job(connection: Connection) -> None:
            erased, forgotten = self._erased_since(connection, room, since), _forgotten(connection, prompt.memories())
            if erased or forgotten:
                left = prompt.without(seqs=erased, memories=forgotten, kinds=_UNSURE if erased else STANDING)
                _keep(connection, room, left, *_packed(left))
            else:
                _keep(connection, room, prompt, body, standing)

        await self._database.write(job)

    async def prompt(self, room: str, turn: str) -> KeptPrompt | None:
        query = select(prompts.c.body, prompts.c.standing).where(prompts.c.room == room, prompts.c.turn == turn)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else await asyncio.to_thread(_unpacked, room, row.body, row.standing)

    def _erased_since(self, connection: Connection, room: str, since: int) -> Set[int]:
        mine = (events.c.room == room) & (events.c.kind == "erased") & (events.c.seq > since)
        bodies = connection.execute(select(events.c.body).where(mine)).scalars()
        return {Erased.model_validate_json(body).target for body in bodies}


def erase_in_prompts(connection: Connection, room: str, seqs: Set[int]) -> None:
    """Take what rests on events out of a room's prompts, inside a transaction."""
    if not seqs:
        return
    newer = (prompts.c.room == room) & (prompts.c.seq >= min(seqs))
    connection.execute(update(prompts).where(newer, prompts.c.standing.is_not(None)).values(standing=None))
    wanted = frozenset(map(str, seqs))
    rows = connection.execute(select(prompts.c.n, prompts.c.rests_on).where(newer))
    for n in [row.n for row in rows if not wanted.isdisjoint(row.rests_on.split())]:
        _rewrite(connection, n, seqs=seqs)


def forget_in_prompts(connection: Connection, ids: Sequence[str]) -> None:
    """Take memories out of all rooms' prompts, those that are still on their way too, inside a transaction."""
    connection.info.setdefault(_FORGOTTEN, deque(maxlen=_LATELY)).extend(ids)
    holding = select(prompt_memories.c.prompt, prompt_memories.c.memory).where(prompt_memories.c.memory.in_(ids))
    held: defaultdict[int, set[str]] = defaultdict(set)
    for n, id in connection.execute(holding).all():
        held[n].add(id)
    for n, some in held.items():
        connection.execute(update(prompts).where(prompts.c.n == n).values(standing=None))  # a try may have quoted them
        _rewrite(connection, n, ids=some)


def delete_prompts(connection: Connection, room: str) -> None:
    """Take all of a room out, inside a transaction."""
    connection.execute(delete(prompts).where(prompts.c.room == room))


def _keep(connection: Connection, room: str, prompt: KeptPrompt, body: bytes, standing: bytes | None) -> None:
    connection.execute(delete(prompts).where(prompts.c.room == room, prompts.c.turn == prompt.turn))
    rests_on = f" {' '.join(map(str, sorted(prompt.events())))} "
    row = {"room": room, "turn": prompt.turn, "seq": max(prompt.seqs), "rests_on": rests_on}
    made = connection.execute(insert(prompts).values(**row, standing=standing, body=body))
    (n,) = made.inserted_primary_key or (None,)
    if held := [{"memory": id, "prompt": n} for id in sorted(prompt.memories())]:
        connection.execute(insert(prompt_memories), held)
    mine = select(prompts.c.n).where(prompts.c.room == room).order_by(prompts.c.n.desc())
    oldest = connection.execute(mine.offset(MOST_KEPT).limit(1)).scalar()
    if oldest is not None:
        connection.execute(delete(prompts).where(prompts.c.room == room, prompts.c.n <= oldest))


def _forgotten(connection: Connection, held: Set[str]) -> Set[str]:
    """Which memories of a prompt were forgotten while it was on its way. (One of a memory of somebody's own is in no
    table; one that was undone may be remembered again.)"""
    lately = frozenset(connection.info.get(_FORGOTTEN, ())) & held
    there = select(memories.c.id).where(memories.c.id.in_(lately))
    return lately - set(connection.execute(there).scalars()) if lately else lately


def _rewrite(connection: Connection, n: int, seqs: Set[int] = frozenset(), ids: Set[str] = frozenset()) -> None:
    """Take something out of a prompt. One that can't be read any more goes: no erasure waits for it."""
    mine = prompts.c.n == n
    room, body = connection.execute(select(prompts.c.room, prompts.c.body).where(mine)).one()
    try:
        left = _read(room, body).without(seqs=seqs, memories=ids)
    except StoreCorrupt as error:
        _log.error("a kept prompt went, it can't be read", extra={"room": room, "error": str(error)})
        connection.execute(delete(prompts).where(mine))
    else:
        connection.execute(update(prompts).where(mine).values(body=_body(left)))


def _packed(prompt: KeptPrompt) -> tuple[bytes, bytes | None]:
    """A prompt without what tells how the room stood, and that; ``None`` where it was erased."""
    told = [part for part in prompt.parts() if part.kind in STANDING]
    erased = any(part.gone for part in told)
    standing = None if erased else zlib.compress(orjson.dumps([part.text for part in told]))
    return _body(_with_standing(prompt, None)), standing


def _body(prompt: KeptPrompt) -> bytes:
    return zlib.compress(orjson.dumps(prompt))


def _unpacked(room: str, body: bytes, standing: bytes | None) -> KeptPrompt:
    prompt = _read(room, body)
    if standing is None:
        return prompt.without(kinds=STANDING)
    try:
        texts = _STANDING.validate_json(zlib.decompress(standing))
        return _with_standing(prompt, iter(texts))
    except (ValidationError, zlib.error, StopIteration) as error:
        raise StoreCorrupt(f"Room {room}: expected what a kept prompt showed of the room, came {error}.") from error


def _with_standing(prompt: KeptPrompt, texts: Iterator[str] | None) -> KeptPrompt:
    def part(one: KeptPart) -> KeptPart:
        if one.kind not in STANDING:
            return one
        return replace(one, text="" if texts is None else next(texts))

    calls = tuple(
        replace(call, messages=tuple(replace(one, parts=tuple([part(p) for p in one.parts])) for one in call.messages))
        for call in prompt.calls
    )
    return replace(prompt, calls=calls)


def _read(room: str, body: bytes) -> KeptPrompt:
    try:
        return _KEPT.validate_json(zlib.decompress(body))
    except (ValidationError, zlib.error) as error:
        raise StoreCorrupt(f"Room {room}: expected a kept prompt, came {error}.") from error
