"""Reading a chat as SillyTavern keeps it, one person's with a character or a group's: a line of JSON for each message.

Whatever is in the file is data from somewhere: names are only names, texts only texts, and nothing else is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from openroom.core.action import MOST_PAST
from openroom.errors import DefinitionError
from openroom.language.alike import legible, seen
from openroom.language.text import printable
from openroom.room.clock import since_1970

MOST_LINES = 20_000
MOST_BYTES = 20 * 1024 * 1024
_LONGEST_NAME = 40
_MOST_TO = 19
_LATEST = 253_370_764_799_999
"""The end of the year 9998, in ms: what comes later no clock of any zone can show."""
_NARRATOR = ("narrator", "comment")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPOKEN = re.compile(r"(\w{3})\w*\s(\d{1,2}),\s(\d{4})\s(\d{1,2}):(\d{1,2})\s?(am|pm)", re.IGNORECASE)
_HUMANIZED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) ?@(\d{1,2})h ?(\d{1,2})m ?(\d{1,2})s(?: ?(\d{1,3})ms)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a chat. ``at`` is absent where its time can't be read; ``to`` names who heard a whisper."""

    name: str
    text: str
    user: bool
    narrator: bool = False
    at: int | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat, and how much of it was left out: other answers to choose from (``swipes``), messages that were hidden
    from the model, such without words, pictures."""

    messages: list[Message]
    lost: Mapping[str, int] = field(default_factory=dict)


def read_chat(data: bytes) -> Chat:
    """A chat, read. Raises `DefinitionError`, which names the line and says what was expected there."""
    if len(data) > MOST_BYTES:
        raise DefinitionError(f"a chat of at most {MOST_BYTES:,} bytes", came=f"{len(data):,}")
    lost: Counter[str] = Counter()
    messages: list[Message] = []
    first = True
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not raw.strip():
            continue
        body = _object(number, raw)
        if first and _is_header(body):
            first = False
            continue
        first = False
        if (message := _message(number, body, lost)) is not None:
            messages.append(message)
        if len(messages) > MOST_LINES:
            raise DefinitionError(f"at most {MOST_LINES:,} messages", came="more", key=f"line {number}")
    if not messages:
        raise DefinitionError("a chat with at least one message (JSONL of SillyTavern)", came="none")
    return Chat(messages, dict(lost))


def _object(number: int, raw: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise DefinitionError(
            "a line of JSON", came=f"other text at character {error.colno}", key=f"line {number}"
        ) from None
    if not isinstance(body, dict):
        raise DefinitionError("an object of JSON", came=type(body).__name__, key=f"line {number}")
    return body


def _is_header(body: Mapping[str, Any]) -> bool:
    """Whether it says what the chat is, as the first line does but in old group chats."""
    return "mes" not in body and ("chat_metadata" in body or "user_name" in body or "character_name" in body)


def _message(number: int, body: Mapping[str, Any], lost: Counter[str]) -> Message | None:
    extra = body.get("extra") if isinstance(body.get("extra"), dict) else {}
    assert isinstance(extra, dict)
    text = body.get("mes")
    if isinstance(text, dict):  # as one other application writes it
        text = text.get("message")
    if not isinstance(text, str):
        raise DefinitionError("the text of a message", came=_what(text), key=f"line {number}: mes")
    text = printable(text)
    narrator = extra.get("type") in _NARRATOR
    if body.get("is_system") is True:
        lost["hidden"] += 1
        return None
    lost.update(_left_out(body, extra))
    if not text:
        lost["empty"] += 1
        return None
    if len(text) > MOST_PAST:
        raise DefinitionError(f"at most {MOST_PAST:,} characters", came=f"{len(text):,}", key=f"line {number}: mes")
    name = "" if narrator else _name(body.get("name"), f"line {number}: name")
    return Message(name, text, body.get("is_user") is True, narrator, _time(body.get("send_date")), _to(number, extra))


def _left_out(body: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, int]:
    swipes = body.get("swipes")
    others = len(swipes) - 1 if isinstance(swipes, list) and len(swipes) > 1 else 0
    pictures = sum(bool(extra.get(key)) for key in ("image", "image_swipes", "media", "file", "files", "video"))
    return {key: count for key, count in (("swipes", others), ("pictures", pictures)) if count}


def _name(name: Any, place: str) -> str:
    shown = seen(name)[:_LONGEST_NAME].strip() if isinstance(name, str) else ""
    if not legible(shown):
        raise DefinitionError("the name of who speaks", came=_what(name), key=place)
    return shown


def _to(number: int, extra: Mapping[str, Any]) -> tuple[str, ...]:
    """Who heard a whisper, as `openroom.room.talk_file` writes it."""
    ours = extra.get("openroom")
    to = ours.get("to") if isinstance(ours, dict) else None
    if to is None:
        return ()
    if not isinstance(to, list) or not 0 < len(to) <= _MOST_TO:
        raise DefinitionError(f"1 to {_MOST_TO} names", came=_what(to), key=f"line {number}: extra.openroom.to")
    return tuple(dict.fromkeys(_name(one, f"line {number}: extra.openroom.to") for one in to))


def _what(value: Any) -> str:
    return "nothing" if value is None else repr(value)[:60]


def _time(value: Any) -> int | None:
    """A time in any of the forms that SillyTavern has written: ms, ISO 8601, June 19, 2023 2:20pm, 2024-6-5 @14h 56m
    50s 682ms; one without a zone is taken for UTC."""
    if isinstance(value, str) and value.isdecimal() and value.isascii():
        value = int(value[:20])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if 0 <= value <= _LATEST else None
    if not isinstance(value, str):
        return None
    try:
        when = _date(value[:60])
    except (ValueError, OverflowError):
        return None
    at = since_1970(when)
    return at if 0 <= at <= _LATEST else None


def _from_parts(year: int, month: int, day: int, hour: int, minute: int, second: int, ms: int) -> datetime:
    return datetime(year, month, day, hour, minute, second, ms * 1000, tzinfo=UTC)


def _date(text: str) -> datetime:
    if found := _HUMANIZED.search(text):
        return _from_parts(*(int(part or 0) for part in found.groups()))
    if found := _SPOKEN.search(text):
        month, day, year, hour, minute, half = found.groups()
        later = 12 if half.lower() == "pm" else 0
        number = _MONTHS.index(month.lower()) + 1
        return datetime(int(year), number, int(day), int(hour) % 12 + later, int(minute), tzinfo=UTC)
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)
