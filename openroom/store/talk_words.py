"""The words of what was said, kept beside the log so that a room's talk can be searched, and who has been where.

Looking for words is a scan of one room's rows, newest first: short texts in the order of the key, compared by SQLite
itself. 20,000 lines take 7 ms, where reading the log itself takes 900. An index of all rooms would cost more at each
line that is said: FTS5 finds no part of a Chinese word, its trigrams no two letters of one, and each erasing would have
to merge it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Dialect, Select, delete, func, insert, select

from openroom.core.event import Event, who_came, words_in
from openroom.language.finding import indexed
from openroom.store.tables import rooms, stays, talk_words


@dataclass(frozen=True, slots=True)
class Noted:
    """What the events of one append bring: (room, seq, words) of those that say something, (person, room) of who came
    in."""

    words: list[tuple[str, int, str]]
    came: list[tuple[str, str]]


def noted(room: str, events: Sequence[Event]) -> Noted:
    """What is noted of events that are appended."""
    words = [(room, event.seq, told) for event in events if (told := indexed(words_in(event)))]
    return Noted(words, [(who, room) for event in events if (who := who_came(event))])


def note(connection: Connection, told: Sequence[Noted]) -> None:
    """Write it down, in the transaction that the events are written in."""
    if words := [row for one in told for row in one.words]:
        connection.exec_driver_sql(_insert_words(connection.dialect), words)
    for person, room in dict.fromkeys(row for one in told for row in one.came):
        known = select(stays.c.room).where(stays.c.person == person, stays.c.room == room)
        if connection.execute(known).first() is None:
            connection.execute(insert(stays).values(person=person, room=room))


def unsay(connection: Connection, room: str, event: Event) -> None:
    """Have the words of an event be those that it has now: none, where they were erased."""
    connection.execute(delete(talk_words).where(talk_words.c.room == room, talk_words.c.seq == event.seq))
    if words := indexed(words_in(event)):
        connection.execute(insert(talk_words).values(room=room, seq=event.seq, words=words))


def delete_words(connection: Connection, room: str) -> None:
    """Take all of a room out."""
    connection.execute(delete(talk_words).where(talk_words.c.room == room))
    connection.execute(delete(stays).where(stays.c.room == room))


def find_words(room: str, wanted: Sequence[str], before: int, after: int, limit: int) -> Select[tuple[int]]:
    """The seqs of the newest rows that hold all that is wanted."""
    query = select(talk_words.c.seq).where(
        talk_words.c.room == room, talk_words.c.seq > after, talk_words.c.seq < before
    )
    for one in wanted:
        query = query.where(func.instr(talk_words.c.words, one) > 0)
    return query.order_by(talk_words.c.seq.desc()).limit(limit)


def rooms_of(connection: Connection, person: str) -> list[str]:
    """Rooms that are still there and that somebody has been in."""
    query = select(stays.c.room).join(rooms, rooms.c.id == stays.c.room).where(stays.c.person == person)
    return list(connection.execute(query).scalars())


@cache
def _insert_words(dialect: Dialect) -> str:
    return str(insert(talk_words).compile(dialect=dialect))
