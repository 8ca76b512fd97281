"""The prompts of replies in a database: compressed JSON, and what finds them again when words in them are erased.

What tells how a room stood (`STANDING`) is in a column of its own: it stands in every prompt and goes from all that are
newer than what is erased, which so takes one statement. All else is found by ``rests_on`` (seqs, spaces around each),
in the order of the key, and by the memories it holds: only what has to change is read and written.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import asdict, replace

import orjson
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, delete, func, insert, select, update

from openroom.core.event import Erased
from openroom.errors import StoreCorrupt
from openroom.ports.kept_prompt import MOST_KEPT, STANDING, KeptPart, KeptPrompt
from openroom.store.database import Database
from openroom.store.tables import events, prompt_memories, prompts

_KEPT: TypeAdapter[KeptPrompt] = TypeAdapter(KeptPrompt)
_STANDING: TypeAdapter[list[str]] = TypeAdapter(list[str])
_UNSURE = STANDING | {"event"}
"""What may hold words that were erased while a prompt was on its way: what a thing told of them, too."""


class SqlPrompts:
    """`openroom.ports.store.Prompts` over a `Database`."""

    _database: Database

    async def keep_prompt(self, room: str, prompt: KeptPrompt, since: int) -> None:
        body, standing = await asyncio.to_thread(_packed, prompt)

        def job(connection: Connection) -> None:
            gone = self._erased_since(connection, room, since)
            if gone:
                _keep(connection, room, prompt, *_packed(prompt.without(seqs=gone, kinds=_UNSURE)))
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
    for seq in seqs:
        rests = newer & (func.instr(prompts.c.rests_on, f" {seq} ") > 0)
        found = connection.execute(select(prompts.c.n, prompts.c.body).where(rests)).all()
        for n, body in found:
            _rewrite(connection, n, _read(room, body).without(seqs=frozenset([seq])))


def forget_in_prompts(connection: Connection, memories: Sequence[str]) -> None:
    """Take memories out of all rooms' prompts, inside a transaction."""
    for id in memories:
        mine = select(prompt_memories.c.prompt).where(prompt_memories.c.memory == id)
        query = select(prompts.c.n, prompts.c.body, prompts.c.room).where(prompts.c.n.in_(mine))
        for n, body, room in connection.execute(query).all():
            _rewrite(connection, n, _read(room, body).without(memories=frozenset([id])))


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


def _rewrite(connection: Connection, n: int, prompt: KeptPrompt) -> None:
    connection.execute(update(prompts).where(prompts.c.n == n).values(body=_body(prompt)))


def _packed(prompt: KeptPrompt) -> tuple[bytes, bytes | None]:
    """A prompt without what tells how the room stood, and that; ``None`` where it was erased."""
    told = [part for part in prompt.parts() if part.kind in STANDING]
    erased = any(part.gone for part in told)
    standing = None if erased else zlib.compress(orjson.dumps([part.text for part in told]))
    return _body(_with_standing(prompt, None)), standing


def _body(prompt: KeptPrompt) -> bytes:
    return zlib.compress(orjson.dumps(asdict(prompt)))


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
