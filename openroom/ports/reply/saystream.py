"""Takes the words a character says out of a reply while the reply is still being written."""

from __future__ import annotations

import json
import re

from openroom.ports.reply.lenient import tidy

_HOLD = 80
_BLANK = "\ufeff \t\r\n"
_PRELUDES = {"<think>": "</think>", "```": "\n"}
_OPENS_OBJECT = re.compile(r"\{\s*[\"'}]")
_MAY_OPEN_OBJECT = re.compile(r"\{\s*\Z")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX = frozenset("0123456789abcdefABCDEF")


class SayStream:
    """Fed with pieces of a reply, gives the characters of the top-level string ``say`` as they become certain.

    What it gives, put together, is what ``json.loads`` gives for that field (a lone surrogate becomes U+FFFD). A
    reply that is no JSON is given as it is, after its first 80 characters have shown that no object follows. Never
    raises.
    """

    def __init__(self, name: str = "say") -> None:
        self._object = _ObjectReader(name)
        self._state = "start"
        self._held = ""
        self._fenced = False
        self._given: list[str] = []

    @property
    def text(self) -> str:
        """All that was given so far."""
        return "".join(self._given)

    @property
    def complete(self) -> bool:
        """Whether the field's closing quote was seen."""
        return self._object.complete

    @property
    def plain(self) -> bool:
        """Whether the reply is taken as plain text."""
        return self._state == "plain"

    def feed(self, piece: str) -> str:
        """Take one more piece; the characters that have become certain, often none."""
        if self._state == "object":
            new = self._object.feed(piece)
        elif self._state == "plain":
            new = self._plain(piece)
        elif self._state == "start":
            self._held += piece
            new = self._decide(last=False)
        else:
            new = ""
        return self._give(new)

    def close(self) -> str:
        """The reply has ended: the rest of what was held back."""
        new = ""
        if self._state == "start":
            new = self._decide(last=True)
        if self._state == "plain":
            new += "" if _MAY_OPEN_OBJECT.search(self._held) and self._given else self._held
            self._held = ""
        return self._give(new)

    def _give(self, new: str) -> str:
        new = tidy(new)
        if new:
            self._given.append(new)
        return new

    def _decide(self, *, last: bool) -> str:
        """What kind of reply is this? Gives text once that is known."""
        held = self._held.lstrip(_BLANK)
        while opening := next((o for o in _PRELUDES if held.startswith(o)), ""):
            rest = self._after(held, opening, _PRELUDES[opening])
            if rest is None:
                self._held = held
                return ""
            held, self._fenced = rest.lstrip(_BLANK), self._fenced or opening == "```"
        self._held = held
        if not last and any(opening.startswith(held) for opening in _PRELUDES):
            return ""
        found = _OPENS_OBJECT.search(held)
        if found:
            self._state, self._held = "object", ""
            return self._object.feed(held[found.start() + 1 :])
        if last or (len(held) > _HOLD and not _MAY_OPEN_OBJECT.search(held)):
            self._state, self._held = "plain", ""
            return self._plain(held)
        return ""

    def _after(self, held: str, opening: str, ending: str) -> str | None:
        """What follows the block or line that ``opening`` begins; ``None``: it has not ended yet."""
        at = held.find(ending, len(opening))
        brace = held.find("{") if opening == "```" else -1
        if brace >= 0 and (at < 0 or brace < at):
            return held[brace:]
        return None if at < 0 else held[at + len(ending) :]

    def _plain(self, piece: str) -> str:
        """Plain text up to where an object or a closing fence begins."""
        text = self._held + piece
        stops = [m.start() for m in (_OPENS_OBJECT.search(text),) if m]
        if self._fenced and "```" in text:
            stops.append(text.index("```"))
        if stops:
            self._state, self._held = "done", ""
            return text[: min(stops)].rstrip()
        hold = _MAY_OPEN_OBJECT.search(text)
        keep = hold.start() if hold else len(text)
        if self._fenced and not hold:
            keep = len(text.rstrip("`\n"))
        self._held = text[keep:]
        return text[:keep]


class _ObjectReader:
    """The inside of a JSON object, character by character."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._mode = "key"
        self._quote = ""
        self._raw: list[str] = []
        self._key = ""
        self._nest = 0
        self._escaped = False
        self._say = _StringReader()
        self._apostrophe = False
        self.complete = False

    def feed(self, piece: str) -> str:
        out: list[str] = []
        for char in piece:
            if self._mode == "say":
                out.append(self._in_say(char))
            elif self._mode != "end":
                getattr(self, f"_in_{self._mode}")(char)
        return "".join(out)

    def _in_say(self, char: str) -> str:
        if self._apostrophe:  # a single quote inside single quotes: an apostrophe if a letter follows
            self._apostrophe = False
            if char.isalpha():
                return "'" + self._say.feed(char)
            return self._end_say()
        if char == self._quote and not self._say.in_escape:
            if char == "'" and self._say.after_letter:
                self._apostrophe = True
                return ""
            return self._end_say()
        return self._say.feed(char)

    def _end_say(self) -> str:
        self._mode, self.complete = "end", True
        return self._say.close()

    def _in_key(self, char: str) -> None:
        if char in "\"'":
            self._quote, self._raw, self._escaped, self._mode = char, [], False, "name"
        elif char == "}":
            self._mode = "end"

    def _in_name(self, char: str) -> None:
        if char == self._quote and not self._escaped:
            self._key, self._mode = _unquote("".join(self._raw)), "colon"
            return
        self._raw.append(char)
        self._escaped = char == "\\" and not self._escaped

    def _in_colon(self, char: str) -> None:
        if char == ":":
            self._mode = "value"
        elif char == "}":
            self._mode = "end"
        elif char == ",":
            self._mode = "key"

    def _in_value(self, char: str) -> None:
        if char.isspace():
            return
        if char in "\"'":
            self._quote, self._escaped = char, False
            self._mode = "say" if self._key == self._name else "skip"
            self._nest = 0
            return
        self._quote, self._mode, self._nest = "", "skip", 0
        self._in_skip(char)

    def _in_skip(self, char: str) -> None:
        """A value that is not wanted: a string, a scalar or something nested."""
        if self._quote:
            if char == self._quote and not self._escaped:
                self._quote = ""
            self._escaped = char == "\\" and not self._escaped
        elif char == '"' or (char == "'" and self._nest):
            self._quote, self._escaped = char, False
        elif char in "{[":
            self._nest += 1
        elif char in "}]":
            self._nest -= 1
            if self._nest < 0:
                self._mode = "end"
        elif char == "," and self._nest == 0:
            self._mode = "key"


class _StringReader:
    """The inside of a JSON string: decodes escapes, joins surrogate pairs, waits where a piece ends in the middle."""

    def __init__(self) -> None:
        self._escape = ""
        self._high = 0
        self.after_letter = False

    @property
    def in_escape(self) -> bool:
        return bool(self._escape)

    def feed(self, char: str) -> str:
        if not self._escape:
            if char == "\\":
                self._escape = char
                return ""
            self.after_letter = char.isalpha()
            return self._flush() + char
        if len(self._escape) == 1 and char != "u":
            self._escape = ""
            return self._flush() + _ESCAPES.get(char, char)
        if len(self._escape) > 1 and char not in _HEX:
            self._escape = ""  # not an escape that JSON knows
            return self._flush() + "\ufffd" + self.feed(char)
        self._escape += char
        return self._code() if len(self._escape) == 6 else ""

    def close(self) -> str:
        return self._flush()

    def _code(self) -> str:
        code, self._escape = int(self._escape[2:], 16), ""
        if 0xD800 <= code < 0xDC00:
            before = self._flush()
            self._high = code
            return before
        if 0xDC00 <= code < 0xE000 and self._high:
            whole = 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00)
            self._high = 0
            return chr(whole)
        return self._flush() + chr(code)

    def _flush(self) -> str:
        """A high surrogate that found no partner."""
        lost, self._high = self._high, 0
        return "\ufffd" if lost else ""


def _unquote(raw: str) -> str:
    """A key as json.loads reads it; as it stands if that fails."""
    try:
        return str(json.loads(f'"{raw}"'))
    except ValueError:
        return raw
