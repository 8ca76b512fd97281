"""Finding the keys of a whole book in a line at one go, whatever their number.

Literal keys stand in tries, so that a line is walked once: its cost follows the line's length, not the number of keys.
What a line holds is kept: the same line is not walked again at the next turn, nor for another character. Patterns
(JavaScript) are none of this: who scans knows what they found (`openroom.ports.patterns`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"\w+")
_WIDE = "\u2e80"
"""From here on letters stand without spaces: a word there has no ends to go by."""
_LINES_KEPT = 1024
_END = ""
"""Where a key ends in a trie: no letter is empty."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is looked for. ``text`` is folded already where ``case`` does not count; with ``pattern`` it is the source
    of a JavaScript regular expression, and ``flags`` are its flags."""

    text: str
    flags: str = ""
    case: bool = False
    whole: bool = False
    pattern: bool = False

    def __str__(self) -> str:
        return f"/{self.text}/{self.flags}" if self.pattern else self.text


class Matcher:
    """The keys of a book."""

    def __init__(self, keys: Iterable[Key]) -> None:
        distinct = dict.fromkeys(keys)
        self.patterns = tuple(key for key in distinct if key.pattern)
        self._tries = {(case, whole): _Trie() for case in (False, True) for whole in (False, True)}
        for key in distinct:
            if not key.pattern:
                self._tries[key.case, key.whole and _has_ends(key.text)].add(key)
        self._known: OrderedDict[str, frozenset[Key]] = OrderedDict()

    def hits(self, text: str) -> frozenset[Key]:
        """The literal keys that ``text`` holds."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._look(text)
            if len(self._known) > _LINES_KEPT:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(text)
        return known

    def _look(self, text: str) -> frozenset[Key]:
        line = unicodedata.normalize("NFC", text)
        found: set[Key] = set()
        for case in (False, True):
            whole, part = self._tries[case, True], self._tries[case, False]
            if not whole and not part:
                continue
            held = line if case else line.casefold()
            if whole:
                whole.walk_words(held, found)
            if part:
                part.walk(held, found)
        return frozenset(found)


class _Trie:
    """Keys by their letters."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self._signs = False
        """Whether a key begins with something that is no letter."""

    def __bool__(self) -> bool:
        return bool(self._root)

    def add(self, key: Key) -> None:
        text = unicodedata.normalize("NFC", key.text)
        self._signs = self._signs or not _is_letter(text[0])
        node = self._root
        for letter in text:
            node = node.setdefault(letter, {})
        node.setdefault(_END, []).append(key)

    def walk(self, text: str, found: set[Key]) -> None:
        """All keys anywhere in ``text``."""
        root, end = self._root, len(text)
        for at, letter in enumerate(text):
            node = root.get(letter)
            place = at + 1
            while node is not None:
                if _END in node:
                    found.update(node[_END])
                node = node.get(text[place]) if place < end else None
                place += 1

    def walk_words(self, text: str, found: set[Key]) -> None:
        """The keys that stand in ``text`` as whole words."""
        root, end = self._root, len(text)
        for start in range(end) if self._signs else (word.start() for word in _WORD.finditer(text)):
            node = root.get(text[start])
            if node is None or (_is_letter(text[start]) and start and _is_letter(text[start - 1])):
                continue
            place = start + 1
            while node is not None:
                if _END in node and not (place < end and _is_letter(text[place]) and _is_letter(text[place - 1])):
                    found.update(node[_END])
                node = node.get(text[place]) if place < end else None
                place += 1


def _has_ends(text: str) -> bool:
    return max(text) < _WIDE


def _is_letter(char: str) -> bool:
    return char < _WIDE and (char.isalnum() or char == "_")
