"""From a reply that should be one JSON object to the object, as tolerantly as is safe.

One reading serves both the audience, which sees what is said while it is written, and whoever takes the object at the
end, so that what was shown and what is kept can't differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic_core import from_json

from openroom.ports.reply.lenient import LenientReader, Reading

_LONGEST = 200_000
_HOLD = 80
_SAY = "say"
_BLANKS = "\ufeff \t\r\n"
# What is no text, or may turn out to be none when more is written (``half``). A bare key opens an object only if a
# quote or a bracket follows its colon: {smiles} and {note: she smiles} are text.
_MARK = re.compile(
    r"""(?P<object>\{\s{0,80}(?:["'“‘`}]|\w{1,40}\s{0,9}:\s{0,9}["'“‘`\[{]))"""
    r"|(?P<half>\{\s{0,80}(?:\w{1,40}\s{0,9}(?::\s{0,9})?)?\Z|<(?:t(?:h(?:i(?:nk?)?)?)?)?\Z"
    r"|`{1,2}\Z|```[\w+-]{0,20}[ \t]{0,9}\Z)"
    r"|(?P<think><think>)|(?P<fence>```(?:[\w+-]{0,20}[ \t]{0,9}(?=[\r\n{]))?)"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reply held.

    ``how``: ``clean`` (one JSON object and nothing else, and no key twice), ``repaired`` (something was around it or
    amiss in it), ``cut`` (it ended too early; ``value`` holds what was complete, and the beginning of a free text),
    ``none`` (no object). ``missing`` are the keys that the schema requires and the reply lacks.
    """

    how: Literal["clean", "repaired", "cut", "none"]
    value: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def parse_reply(text: str, schema: Mapping[str, Any] | None = None) -> Parsed:
    """What a whole reply holds, see `ReplyReader`."""
    reader = ReplyReader(schema)
    reader.feed(text)
    return reader.close()[1]


class ReplyReader:
    """Fed with pieces of a reply, gives what is said as it becomes certain: the ``say`` of its object, or the text of a
    reply that is no JSON, after its first 80 characters have shown that no object follows.

    ``schema`` helps to tell the object from others, to bend scalars into lists, and to drop values of a wrong type.
    Never raises; text beyond 200,000 characters is not read.
    """

    def __init__(self, schema: Mapping[str, Any] | None = None) -> None:
        self.plain = False
        """Whether the reply is taken as plain text."""
        self._schema = schema
        self._known = set(_properties(schema)) or {_SAY}
        self._json = LenientReader(lambda key: _free_text(key, schema), _SAY)
        self._pieces: list[str] = []
        self._left = _LONGEST
        self._given: list[str] = []
        self._held = ""
        self._fenced = self._over = False
        self._object: dict[str, Any] = {}
        self._other: dict[str, Any] = {}
        self._reading = self._read()

    @property
    def text(self) -> str:
        """All that was given so far."""
        return "".join(self._given)

    @property
    def raw(self) -> str:
        return "".join(self._pieces)

    @property
    def complete(self) -> bool:
        """Whether no more will be said, though more may be written."""
        return _SAY in self._object

    def feed(self, piece: str) -> str:
        """Take one more piece; the characters that have become certain, often none."""
        before = len(self._given)
        self._pieces.append(piece)
        self._left -= len(piece)
        self._json.feed(piece if self._left >= 0 else piece[: self._left])
        self._go_on()
        return "".join(self._given[before:])

    def close(self) -> tuple[str, Parsed]:
        """The reply has ended: the rest of what is said, and what it held."""
        before = len(self._given)
        self._json.ended = True
        self._go_on()
        parsed = self._parsed()
        if self.plain and _SAY in parsed.value:
            parsed.value[_SAY] = self.text
        elif isinstance(say := parsed.value.get(_SAY), str):  # a number, for one, is said when it is whole
            self._given.append(say[len(self.text) :])
        return "".join(self._given[before:]), parsed

    def _go_on(self) -> None:
        next(self._reading, None)
        if not self.plain:
            self._given.extend(self._json.shown)
        self._json.shown.clear()

    # the object ----------------------------------------------------------------------------------------------------

    def _read(self) -> Reading[None]:
        """Look for an object with a known key."""
        while (yield from self._to_object()):
            self._object = {}
            yield from self._json.read_object(self._object)
            if self._known & self._object.keys():
                break
            self._other = self._other or self._object
        self._json.ended = True

    def _parsed(self) -> Parsed:
        if self._is_clean():
            return _fit(self._object, "clean", self._schema)
        found = self._object
        if not self._known & found.keys():
            found = self._other if self._schema is None else {}
        if not found:
            return Parsed("none", missing=_missing({}, self._schema))
        return _fit(found, "cut" if self._json.cut else "repaired", self._schema)

    def _is_clean(self) -> bool:
        """Whether a strict reader takes the whole reply, and as we did."""
        try:  # as bytes: of a str with half a character in it from_json says, as a TypeError, that it is none
            read = from_json(self.raw.encode(), allow_inf_nan=False)
            return bool(read == self._object) and not self._json.doubled
        except ValueError:
            return False

    # the text around it --------------------------------------------------------------------------------------------

    def _to_object(self) -> Reading[bool]:
        """Go to where the next object opens, or to the end."""
        json = self._json
        while True:
            mark = _MARK.search(json.text, json.at)
            start = mark.start() if mark else len(json.text)
            self._take(json.text[json.at : start])
            json.at = start
            if mark is None or mark.lastgroup == "half":
                if json.ended:
                    self._take_last(json.text[start:])
                    return False
                yield
            elif mark.lastgroup == "object":
                self._over, self._held = True, ""
                return True
            elif mark.lastgroup == "think":
                yield from json.skip_past("</think>")
            else:
                json.at = mark.end()
                self._take_fence(mark.group())

    def _take(self, text: str) -> None:
        """Text outside of an object, held until there is more of it than anybody puts before one."""
        if self._over:
            return
        self._held += text
        if not self.plain:
            self._held = self._held.lstrip(_BLANKS)
            self.plain = len(self._held) > _HOLD
        if self.plain:
            self._given.append(self._held)
            self._held = ""

    def _take_fence(self, fence: str) -> None:
        """A fence around the whole reply is not said, nor what follows it; any other is text."""
        if self._fenced:
            self._over = True
        elif self._held or self.plain:
            self._take(fence)
        else:
            self._fenced = True

    def _take_last(self, half: str) -> None:
        """The reply has ended, perhaps within what would have been an object or a fence."""
        if not (self._fenced or half.startswith(("{", "```"))):
            self._take(half)
        if self._held:
            self.plain = True
            self._given.append(self._held)


def _properties(schema: Mapping[str, Any] | None) -> Mapping[str, Any]:
    properties = schema.get("properties") if schema else None
    return properties if isinstance(properties, Mapping) else {}


def _free_text(key: str, schema: Mapping[str, Any] | None) -> bool:
    """Whether half a value is worth keeping: of a sentence yes, of an id or one of a list of words no."""
    rule = _properties(schema).get(key, {})
    free = rule.get("type") == "string" and not {"enum", "const", "pattern", "format"} & rule.keys()
    return key == _SAY or free


def _missing(value: Mapping[str, Any], schema: Mapping[str, Any] | None) -> tuple[str, ...]:
    required = schema.get("required", ()) if schema else ()
    return tuple(key for key in required if key not in value)


def _fit(value: dict[str, Any], how: Literal["clean", "repaired", "cut"], schema: Mapping[str, Any] | None) -> Parsed:
    """Bend top-level values to the schema's types where the meaning is plain, drop nulls and what does not fit."""
    fitted: dict[str, Any] = {}
    for key, item in value.items():
        kept, bent = _bend(item, _properties(schema).get(key))
        if kept is not None:
            fitted[key] = kept
        if bent and how == "clean":
            how = "repaired"
    return Parsed(how, fitted, _missing(fitted, schema))


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "array": (list,),
    "object": (dict,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


def _bend(item: Any, rule: Any) -> tuple[Any, bool]:
    """The value as the rule wants it (``None``: to be dropped) and whether it was changed."""
    if item is None:
        return None, True
    wanted = rule.get("type") if isinstance(rule, Mapping) else None
    if not isinstance(wanted, str) or wanted not in _TYPES:
        return item, False
    fits = isinstance(item, _TYPES[wanted]) and not (isinstance(item, bool) and wanted in ("integer", "number"))
    if fits:
        return item, False
    if wanted == "array":
        return [item], True
    if wanted == "string" and isinstance(item, (int, float)) and not isinstance(item, bool):
        return str(item), True
    if wanted in ("integer", "number") and isinstance(item, (str, float)):
        return _number(item, wanted), True
    return None, True


def _number(item: str | float, wanted: str) -> int | float | None:
    try:
        number = float(item)
    except ValueError:
        return None
    if number != number or abs(number) > 1e15:
        return None
    if wanted == "integer":
        return int(number) if number == int(number) else None
    return number
