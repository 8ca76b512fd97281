"""The talk of a room as a file to take along: JSONL as SillyTavern reads a chat, or Markdown to read.

A chat of SillyTavern: a line of JSON for each message, after a first one that says what it is; a character's other
tries at it are its swipes. What things told, and what fell when somebody threw dice, stands in it as the narrator's.
Who whispered to whom is in ``extra``, where other readers leave it alone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import orjson

from openroom.core.actor import is_character
from openroom.core.event import Entered, Event, Left, Said
from openroom.core.past import is_user
from openroom.core.state import State
from openroom.room.clock import moment
from openroom.room.told import Told

TalkFormat = Literal["jsonl", "markdown"]
Tries = Mapping[int, Sequence[Said]]
SUFFIX: dict[str, str] = {"jsonl": "jsonl", "markdown": "md"}
MEDIA: dict[str, str] = {"jsonl": "application/x-ndjson", "markdown": "text/markdown; charset=utf-8"}
NARRATOR = "System"
"""How SillyTavern calls who tells what happens."""
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&]")
_STARS = re.compile(r"(?<![\\\w])((?:\\\*){1,2})(?=[^\s\\])((?:(?!\\\*).)+?)(?<=\S)\1(?!\w)")
"""Words between stars, as `_plain` escapes them."""
_LIST = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a talk. ``user`` and ``character`` are the names a chat goes by."""

    title: str
    line: str
    created: int
    user: str
    character: str

    @classmethod
    def of(cls, told: Told, state: State, title: str, line: str, created: int) -> Heading:
        """Of a room: who takes it along, and its first character."""
        people = sorted(state.people, key=lambda who: state.people[who].get("order", 0))
        users = [told.who] if told.who in told.names else [who for who in people if is_user(who)]
        cast = [who for who in people if is_character(who)]
        names = [next((told.names[who] for who in some if who), "") for some in (users, cast)]
        return cls(title, line, created, names[0] or "User", names[1] or title)


def written(told: Told, heading: Heading, form: TalkFormat, zone: int = 0) -> AsyncIterator[bytes]:
    """The file, piece by piece, put together in threads. ``zone``: minutes that the reader's clock is ahead of UTC."""
    return _pieces(told, _Jsonl(told, heading) if form == "jsonl" else _Markdown(told, heading, zone))


async def _pieces(told: Told, writer: _Jsonl | _Markdown) -> AsyncIterator[bytes]:
    yield writer.head()
    async for page in told.pages():
        tries = await told.tries(page) if isinstance(writer, _Jsonl) else {}
        if piece := await asyncio.to_thread(writer.page, page, tries):
            yield piece


def humanized(at: int) -> str:
    """A time as all versions of SillyTavern read it, to the millisecond, in UTC."""
    when = moment(at)
    day = f"{when.year}-{when.month}-{when.day}"
    return f"{day} @{when.hour:02}h {when.minute:02}m {when.second:02}s {when.microsecond // 1000}ms"


class _Jsonl:
    def __init__(self, told: Told, heading: Heading) -> None:
        self._told, self._heading = told, heading

    def head(self) -> bytes:
        heading = self._heading
        body = {"user_name": heading.user, "character_name": heading.character}
        return _json({**body, "create_date": humanized(heading.created), "chat_metadata": {}})

    def page(self, events: Sequence[Event], tries: Tries) -> bytes:
        return b"".join(map(_json, self._messages(events, tries)))

    def _messages(self, events: Sequence[Event], tries: Tries) -> Iterator[dict[str, Any]]:
        for event in events:
            text = self._told.words_in(event)
            if event.erased or not text:
                continue
            said = isinstance(event, Said)
            user = said and is_user(event.actor)
            body = {
                "name": self._told.name_in(event) if said else NARRATOR,
                "is_user": user,
                "is_system": False,
                "send_date": humanized(event.at),
                "mes": text,
                "extra": self._extra(event),
            }
            swipes = [one.text for one in tries.get(event.seq, ())] or [text]
            at = next((at for at, one in enumerate(tries.get(event.seq, ())) if one.seq == event.seq), 0)
            yield body if user or not said else {**body, "swipe_id": at, "swipes": swipes}

    def _extra(self, event: Event) -> dict[str, Any]:
        extra: dict[str, Any] = {} if isinstance(event, Said) else {"type": "narrator"}
        if event.to is not None:
            to = [who for who in event.to if not (getattr(event, "imported", None) and who.startswith("player:"))]
            extra["openroom"] = {"to": [self._told.names.get(who, who) for who in to]}
        return extra


def _json(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body) + b"\n"


class _Markdown:
    def __init__(self, told: Told, heading: Heading, zone: int) -> None:
        self._told, self._heading, self._zone, self._day = told, heading, timedelta(minutes=zone), ""

    def head(self) -> bytes:
        line = f"*{_plain(self._heading.line)}*\n\n" if self._heading.line else ""
        return f"# {_plain(self._heading.title)}\n\n{line}".encode()

    def page(self, events: Sequence[Event], _tries: Tries) -> bytes:
        return "".join(f"{text}\n\n" for event in events for text in self._of(event)).encode()

    def _of(self, event: Event) -> Iterator[str]:
        text = self._text(event)
        if event.erased or not text:
            return
        when = moment(event.at) + self._zone
        if (day := f"{when:%Y-%m-%d}") != self._day:
            self._day = day
            yield f"## {day}"
        yield text.replace("\0", f"{when:%H:%M}")

    def _text(self, event: Event) -> str:
        if isinstance(event, Said):
            to = f" → {', '.join(map(self._name, event.to))}" if event.to else ""
            played = f" ({self._name(event.played_by)})" if event.played_by else ""
            who = f"**{_plain(self._told.name_in(event))}**{played}"
            return f"{who}{to} (\0): {_with_deeds(event.text)}{' —' if event.cut else ''}"
        if isinstance(event, Entered | Left):
            return f"*{'→' if isinstance(event, Entered) else '←'} {_plain(event.name)}*"
        text = self._told.words_in(event)
        return f"*{_plain(text)}*" if text else ""

    def _name(self, who: str) -> str:
        return _plain(self._told.names.get(who, who))


def _plain(text: str) -> str:
    """Words of others, which must not become markup in somebody's Markdown viewer; lines stay lines."""
    escaped = _MARKUP.sub(r"\\\g<0>", text.replace("\0", " "))
    escaped = _LIST.sub(_no_list, escaped)
    return "  \n".join(line.strip() for line in escaped.splitlines() if line.strip())


def _with_deeds(text: str) -> str:
    """Words of others, of which only what stands between stars is drawn otherwise, as it is in the room."""
    return _STARS.sub(lambda found: found[0].replace("\\*", "*"), _plain(text))


def _no_list(found: re.Match[str]) -> str:
    """What would begin a list, a heading or a rule, and now does not."""
    return f"{found[1]}{found[2][:-1]}\\{found[2][-1]}"
