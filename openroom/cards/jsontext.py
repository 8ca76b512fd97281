"""The JSON of cards: bounded in size and depth, exact in what comes out again."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from openroom.cards.limits import MAX_CARD, MAX_DEPTH, MAX_VALUES
from openroom.cards.notes import Note
from openroom.errors import CardError

_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_MOST_DIGITS = 300
"""Of a whole number that is counted with; a longer one is about as large as a float can be, and stays as written."""
_MARK = "openroom:number:"
_INDENT = re.compile(rb"\A[\[{]\r?\n([ \t]{1,8})\S")


class AsWritten(float):
    """A number that JSON has in other words than Python would write it (``1E5``, more digits than a float holds). One
    that is larger than any float counts as the largest."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> AsWritten:
        most = sys.float_info.max
        number = super().__new__(cls, min(max(float(text), -most), most))
        number.text = text
        return number

    def __deepcopy__(self, _known: Any) -> AsWritten:
        return self


def load(data: bytes, what: str) -> tuple[dict[str, Any], list[Note]]:
    """The object that ``data`` says, and what was odd about the text. ``what`` is how errors call it. A BOM is passed
    over; of a key that occurs twice the last counts, as everywhere, and is told. Raises `CardError`."""
    text, notes = _text(data, what)
    if sum(text.count(sign) for sign in ",[{") > MAX_VALUES:
        raise CardError(f"{what} of at most {MAX_VALUES:,} values", came="more")
    double: dict[str, None] = {}
    try:
        value = loads(text, double)
    except RecursionError:
        raise _too_deep(what) from None
    except json.JSONDecodeError as error:
        raise CardError(f"{what} in JSON", came=_broken(text, error)) from error
    except ValueError as error:  # our own words
        raise CardError(f"{what} in JSON", came=str(error)[:120]) from error
    if not isinstance(value, dict):
        raise CardError(f"{what} to be a JSON object", came=type(value).__name__)
    _measure(value, what)
    if double:
        named = ", ".join(key[:60] for key in list(double)[:20])
        notes.append(Note("twice_key", f"Keys that occur twice in one object; the last of each counts: {named}."))
    return value, notes


def loads(text: str, double: dict[str, None] | None = None) -> Any:
    """The value that a text says, its numbers as they are written. With ``double``, as a file may say it: the keys
    that occur twice in one object go there, and NaN is refused. Raises `ValueError`."""

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if double is not None and len(value) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            double.update(dict.fromkeys(key for key in value if counts[key] > 1))
        return value

    constant = _no_number if double is not None else None
    return json.loads(text, parse_constant=constant, parse_float=_number, parse_int=_whole, object_pairs_hook=object_of)


def dumps(value: Any, **options: Any) -> str:
    """A value as JSON, as `json.dumps` does it, but for numbers, which stay as they were written."""
    if not _odd(value):
        return json.dumps(value, **options)
    mark = _MARK
    while mark in json.dumps(value):
        mark += ":"
    odd: list[str] = []
    text = json.dumps(_marked(value, mark, odd), **options)
    return re.sub(rf'"{mark}(\d+)"', lambda found: odd[int(found[1])], text)


def _odd(value: Any) -> bool:
    """Whether there is a number in it that Python would write otherwise."""
    if isinstance(value, dict):
        return any(map(_odd, value.values()))
    return any(map(_odd, value)) if isinstance(value, list | tuple) else isinstance(value, AsWritten)


def _marked(value: Any, mark: str, odd: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _marked(one, mark, odd) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(one, mark, odd) for one in value]
    if not isinstance(value, AsWritten):
        return value
    odd.append(value.text)
    return f"{mark}{len(odd) - 1}"


def dump(value: Any, like: bytes = b"") -> bytes:
    """JSON in UTF-8, indented as the text ``like`` is. Half a character, which UTF-8 has no bytes for, stays an
    escape."""
    found = _INDENT.match(like.lstrip())
    indent = found[1].decode() if found else None
    signs = None if indent else (",", ":")
    text = dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=signs)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return dumps(value, allow_nan=False, indent=indent, separators=signs).encode()


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


def _broken(text: str, error: json.JSONDecodeError) -> str:
    """What is no JSON, and where, in words for people."""
    if "\0" in text[:100]:
        return "text in another encoding (UTF-16 without a mark at its beginning?)"
    if error.msg == "Extra data":
        return f"one that goes on behind its end, in line {error.lineno}"
    return f"another text, in line {error.lineno} at character {error.colno}"


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def _number(text: str) -> float:
    value = AsWritten(text)
    return float(value) if repr(float(value)) == text else value


def _whole(text: str) -> float:
    return AsWritten(text) if text == "-0" or len(text) > _MOST_DIGITS else int(text)


def _measure(value: Any, what: str) -> None:
    if is_deeper(value, MAX_DEPTH):
        raise _too_deep(what)


def is_deeper(value: Any, most: int) -> bool:
    """Whether a list or object has more than so many levels."""
    level: list[Any] = [value]
    for _ in range(most):
        level = [child for one in level for child in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterator[Any]:
    """The lists and objects directly in one."""
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield one


def _too_deep(what: str) -> CardError:
    return CardError(f"{what} of at most {MAX_DEPTH} levels", came="more")
