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

from openroom.ports.reply import thoughts
from openroom.ports.reply.fit import SAY, fit, free_text, missing, properties
from openroom.ports.reply.lenient import LenientReader, Reading, read_string

_LONGEST = 200_000
_HOLD = 80
_BLANKS = "\ufeff \t\r\n"
# What is no text, or may turn out to be none when more is written (``half``). A bare key opens an object only if a
# quote or a bracket follows its colon: {smiles} and {note: she smiles} are text.
_MARK = re.compile(
    r"""(?P<object>\{\s{0,80}(?:["'“‘`}]|\w{1,40}\s{0,9}:\s{0,9}["'“‘`\[{]))"""
    rf"|(?P<opens>{thoughts.OPENS})|(?P<closes>{thoughts.CLOSES})|(?P<around>{thoughts.AROUND})"
    rf"|(?P<half>\{{\s{{0,80}}(?:\w{{1,40}}\s{{0,9}}(?::\s{{0,9}})?)?\Z|{thoughts.HALF}"
    r"|`{1,2}\Z|```[\w+-]{0,20}[ \t]{0,9}\Z)"
    r"|(?P<fence>```(?:[\w+-]{0,20}[ \t]{0,9}(?=[\r\n{]))?)"
)
_IN_REPLY = re.compile(r"\s*(?:```[\w+-]{0,20}\s*)?\{")
"""How a text begins that is the code of a reply."""
_DEEPEST = 4


How = Literal["clean", "repaired", "cut", "none"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reply held.

    ``how``: ``clean`` (one JSON object and nothing else, and no key twice), ``repaired`` (something was around it or
    amiss in it), ``cut`` (it ended too early; ``value`` holds what was complete, and the beginning of a free text),
    ``none`` (no object). ``missing`` are the keys that the schema requires and the reply lacks.
    """

    how: How
    value: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def parse_reply(text: str, schema: Mapping[str, Any] | None = None) -> Parsed:
    """What a whole reply holds, see `ReplyReader`."""
    reader = ReplyReader(schema)
    reader.feed(text)
    return reader.close()[1]


class ReplyReader:
    """Fed with pieces of a reply, gives what is said as it becomes certain: the ``say`` of its object, or the text of a
    reply that is no JSON.

    That text comes once its first 80 characters have shown that no object follows. With a ``schema`` it comes at the
    end: there it is rare, and thoughts look the same until they end in a mark that nothing has opened. The schema also
    helps to tell the object from others, to bend scalars into lists, and to drop values of a wrong type. Never raises;
    text beyond 200,000 characters is not read.
    """

    def __init__(self, schema: Mapping[str, Any] | None = None) -> None:
        self.plain = False
        """Whether the reply is taken as plain text."""
        self._schema = schema
        self._known = set(properties(schema)) or {SAY}
        self._json = LenientReader(lambda key: free_text(key, schema), SAY)
        self._pieces: list[str] = []
        self._left = _LONGEST
        self._given: list[str] = []
        self._held = self._before = ""
        self._fenced = self._over = self._begun = self._silent = self._nested = False
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
        return SAY in self._object and not self._silent

    @property
    def whole(self) -> bool:
        """Whether the reply itself says where its words end, so that they are not the beginning of what was meant."""
        return SAY in self._object and not (self._json.cut if self._nested else self._json.half_shown)

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
        self._unwrap()
        parsed = self._parsed()
        self._silent = False
        if self.plain and SAY in parsed.value:
            parsed.value[SAY] = self.text
        elif isinstance(say := parsed.value.get(SAY), str):  # a number, for one, is said when it is whole
            self._given.append(say[len(self.text) :])
        elif self._before:  # long words before an object without any
            self.plain = True
            self._given.append(self._before)
        return "".join(self._given[before:]), parsed

    def _go_on(self) -> None:
        next(self._reading, None)
        shown = self._json.shown
        if not self.plain and not self._begun:
            words = "".join(shown)
            if not words.strip():
                return
            self._begun = True
            self._silent = self._silent or words.lstrip()[0] in "{`<◁"  # a reply in the reply, perhaps, or thoughts
        if not (self.plain or self._silent):
            self._given.extend(shown)
        shown.clear()

    # the object ----------------------------------------------------------------------------------------------------

    def _read(self) -> Reading[None]:
        """Look for an object with a known key."""
        while (yield from self._to_object()):
            self._object = {}
            yield from self._json.read_object(self._object)
            found = self._object if self._schema is None else _within(self._object, self._schema)
            if found is None or not self._known & found.keys():
                self._other = self._other or self._object
                continue
            self._nested, self._object = found is not self._object, found
            if not self._before or not (yield from self._past_thoughts()):
                break
            self._forget()  # thoughts like to quote the form that is asked for
        self._json.ended = True

    def _unwrap(self) -> None:
        """A reply within a reply, written as JSON once more or after thoughts: its own words are what is said."""
        say = self._object.get(SAY)
        if not isinstance(say, str) or not self._silent or self._schema is None:
            return
        inner = _within(say, self._schema) or {}
        if not inner and thoughts.end_of_thoughts(say) >= 0:
            reader = ReplyReader(self._schema)
            reader.feed(say)
            words, parsed = reader.close()
            inner = {SAY: words, **parsed.value}
        self._nested, self._object = self._nested or bool(inner), {**self._object, **inner}

    def _parsed(self) -> Parsed:
        if self._is_clean():
            return self._fitted(self._object, "clean")
        found = self._object
        if not self._known & found.keys():
            found = self._other if self._schema is None else {}
        if not found:
            return Parsed("none", missing=missing({}, self._schema))
        return self._fitted(found, "cut" if self._json.cut else "repaired")

    def _fitted(self, found: dict[str, Any], how: How) -> Parsed:
        value, bent = fit(found, self._schema)
        return Parsed("repaired" if bent and how == "clean" else how, value, missing(value, self._schema))

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
                if self._schema is not None and len(self._held) > _HOLD:
                    self._before, self._silent = self._held, True
                self._over, self._held = True, ""
                return True
            elif mark.lastgroup == "opens":
                yield from self._past_thoughts()
            elif mark.lastgroup == "closes":
                json.at = mark.end()
                self._forget()
            elif mark.lastgroup == "around":
                json.at = mark.end()
            else:
                json.at = mark.end()
                self._take_fence(mark.group())

    def _past_thoughts(self) -> Reading[bool]:
        """Go behind the mark that ends thoughts, or to the end; whether there is such a mark."""
        json = self._json
        while (end := thoughts.end_of_thoughts(json.text, json.at)) < 0:
            if json.ended:
                json.at = len(json.text)
                return False
            json.at = max(json.at, len(json.text) - thoughts.LONGEST)
            yield
        json.at = end
        return True

    def _forget(self) -> None:
        """What stood here were thoughts: the reply only begins now, unless it was plain and has been said."""
        self._held = self._before = ""
        self._fenced = self._over = self._begun = self._silent = False
        self._object, self._other = {}, {}
        self._json.shown.clear()

    def _take(self, text: str) -> None:
        """Text outside of an object, held until there is more of it than anybody puts before one."""
        if self._over:
            return
        self._held += text
        if not self.plain:
            self._held = self._held.lstrip(_BLANKS)
            self.plain = len(self._held) > _HOLD and self._schema is None
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
        if not half.startswith(("{", "`" if self._fenced else "```")):
            self._take(half)
        if self._held.startswith('"') and self._schema is not None:  # JSON as a JSON string
            self._object = _within(read_string(self._held), self._schema) or {}
            self._nested, self._json.cut = True, not self._held.rstrip().endswith('"')
        if self._held and not self._object:
            self.plain = True
            self._given.append(self._held)


def _within(value: Any, schema: Mapping[str, Any], depth: int = _DEEPEST) -> dict[str, Any] | None:
    """The object with a key of the schema that a value is or holds, also as text."""
    if isinstance(value, str):
        return parse_reply(value, schema).value if _IN_REPLY.match(value) else None
    if isinstance(value, dict):
        if properties(schema).keys() & value.keys():
            return value
        value = list(value.values())
    if not isinstance(value, list) or not depth:
        return None
    return next((found for one in value if (found := _within(one, schema, depth - 1))), None)
