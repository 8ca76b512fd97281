"""The JSON of cards: bounded in size and depth, exact in what comes out again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from openroom.cards.limits import MAX_CARD, MAX_DEPTH, MAX_VALUES
from openroom.cards.notes import Note
from openroom.errors import CardError

_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_INDENT = re.compile(rb"\A[\[{]\r?\n([ \t]{1,8})\S")


def load(data: bytes, what: str) -> tuple[dict[str, Any], list[Note]]:
    """The object that ``data`` says, and what was odd about the text. ``what`` is how errors call it. A BOM is passed
    over; of a key that occurs twice the last counts, as everywhere. Raises `CardError`."""
    text, notes = _text(data, what)
    if sum(text.count(sign) for sign in ",[{") > MAX_VALUES:
        raise CardError(f"{what} of at most {MAX_VALUES:,} values", came="more")
    try:
        value = json.loads(text, parse_constant=_no_number, parse_float=_number)
    except RecursionError:
        raise _too_deep(what) from None
    except ValueError as error:
        raise CardError(f"{what} in JSON", came=str(error)[:120]) from error
    if not isinstance(value, dict):
        raise CardError(f"{what} to be a JSON object", came=type(value).__name__)
    _measure(value, what)
    return value, notes


def dump(value: Any, like: bytes = b"") -> bytes:
    """JSON in UTF-8, indented as the text ``like`` is. Half a character, which UTF-8 has no bytes for, stays an
    escape."""
    found = _INDENT.match(like.lstrip())
    indent = found[1].decode() if found else None
    signs = None if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=signs)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, indent=indent, separators=signs).encode()


def _text(data: bytes, what: str) -> tuple[str, list[Note]]:
    if len(data) > MAX_CARD:
        raise CardError(f"{what} of at most {MAX_CARD:,} bytes", came=f"{len(data):,}")
    notes = []
    encoding = "utf-8"
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            notes.append(Note("bom", "The text begins with a byte order mark, which was passed over."))
            break
    try:
        return data.decode(encoding), notes
    except UnicodeDecodeError as error:
        raise CardError(f"{what} in UTF-8", came=f"other bytes at {error.start:,}") from error


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _measure(value: Any, what: str) -> None:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for one in level for child in _inside(one)]
        if not level:
            return
    raise _too_deep(what)


def _inside(value: Any) -> Iterator[Any]:
    """The lists and objects directly in one."""
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield one


def _too_deep(what: str) -> CardError:
    return CardError(f"{what} of at most {MAX_DEPTH} levels", came="more")
