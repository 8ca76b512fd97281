"""Small text helpers that need no language model: folding, whole words, who is named in a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

_BETWEEN = re.compile(r"[\W_]+")
"""What is neither a letter nor a digit, in any script."""
_WIDE = "\u2e80"
"""From here on letters stand without spaces, each for a syllable or a word."""


def printable(text: str) -> str:
    """The text without control characters but line breaks and tabs, stripped (a NUL does not fit every database)."""
    if text.isprintable():  # most lines; then there is nothing to look for
        return text.strip()
    gone = (char for char in set(text) if char not in "\n\t" and unicodedata.category(char) == "Cc")
    return text.translate(dict.fromkeys(map(ord, gone))).strip()


def ends(text: str, longest: int) -> str:
    """The text; of one longer than so many characters the beginning and the end, with a line break between: what it is
    about, and what it asks, stands there."""
    return text if len(text) <= longest else f"{text[: longest // 2]}\n{text[-(longest // 2) :]}"


def one_line(text: str) -> str:
    """A text without line breaks, of which there are many kinds: where it is one line among others it stays one."""
    return " ".join(text.split())


def spoken(text: str) -> str:
    """What somebody says, as it may stand in a prompt: one line, without the round brackets in which the room tells
    what happens there. Faces may keep theirs :) where no two of them frame anything."""
    line = one_line(text)
    if not _FACE.search(line):
        return line.translate(_UNFRAMED)
    line = _BRACKET.sub(lambda found: _SQUARE[found.group()], line)
    before, closing, after = line.rpartition(")")
    return before.replace("(", "[") + closing + after


def framed(text: str) -> str:
    """A text that stands within such brackets: one line that can't close them."""
    return one_line(text).translate(_UNFRAMED)


def called(name: str) -> str:
    """A name in a prompt: it can't close brackets, nor say a line of its own behind a colon."""
    return framed(name.translate(_NO_COLON))


_SQUARE = {"(": "[", ")": "]", "（": "［", "）": "］"}
_BRACKET = re.compile(r"(?<![:;=])(?<![:;=][-'^])[()]|\((?=\w)|[（）]")
_FACE = re.compile(r"[:;=][-'^]?[()]")
_UNFRAMED = str.maketrans(_SQUARE)
_NO_COLON = str.maketrans(":：", "  ")


def normal(text: str) -> str:
    """Case, width, punctuation and spacing folded away, for comparing: ``"Good  evening!"`` -> ``"good evening"``."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def width(text: str) -> int:
    """How much room a text takes: a letter of Chinese or Japanese says more than one of Latin script, and counts for
    two."""
    return len(text) if text.isascii() else len(text) + sum(char >= _WIDE for char in text)


def first_word(words: Iterable[str], text: str) -> str:
    """The first of ``words`` that occurs in ``text`` as a whole word or phrase; empty when none does."""
    held = f" {normal(text)} "
    return next((word for word in words if (wanted := _wanted(word)) and _occurs(wanted, held)), "")


_wanted = lru_cache(maxsize=4096)(normal)
"""The words that are looked for are the same ones again and again, unlike the lines in which they are."""


def mentions(text: str, names: Mapping[str, str]) -> list[str]:
    """Whose name (or its first part) ``text`` names, in the order they are named. ``names`` maps ids to display
    names.
    """
    held = f" {normal(text)} "
    found: list[tuple[int, str]] = []
    for who, name in names.items():
        places = [_place(part, held) for part in _calls(name)]
        if named := [place for place in places if place >= 0]:
            found.append((min(named), who))
    return [who for _, who in sorted(found)]


def _place(name: str, held: str) -> int:
    """Where a name stands first; -1 where it does not."""
    at = held.find(name)
    while at >= 0:
        end = at + len(name)
        if _stands(name, held[at - 1], held[end : end + _LONGEST_ADDRESS]):
            return at
        at = held.find(name, at + 1)
    return -1


def _stands(name: str, before: str, after: str) -> bool:
    """Whether a name is a word there: by itself, spoken to, or among letters of another script ("Yukiさん").
    One in Chinese letters stands anywhere; a single such letter has to be spoken to, since it is a word too."""
    if all(_script(char) == "han" for char in name):
        return len(name) > 1 or (before == " " == after[0]) or after.startswith(_ADDRESSED)
    begins, ends = _script(before) != _script(name[0]), _script(after[0]) != _script(name[-1])
    return begins and (ends or after.startswith((*_ADDRESSED, *_PARTICLES)))


_ADDRESSED = ("さん", "さま", "ちゃん", "くん", "君", "様", "氏", "先生", "小姐", "女士", "씨", "님", "야", "아")
"""What follows a name that is spoken to or of."""
_PARTICLES = ("は", "が", "を", "に", "も", "と", "の", "는", "은", "이", "가")
_LONGEST_ADDRESS = 3
_SCRIPTS = (("\u3040", "\u309f", "hiragana"), ("\u30a0", "\u30ff", "katakana"), ("\uac00", "\ud7af", "hangul"))


def _script(char: str) -> str:
    """Which of the scripts without spaces (or with endings) a letter is of; those with spaces are one."""
    if char == " ":
        return ""
    if char < _WIDE:
        return "spaced"
    return next((name for first, last, name in _SCRIPTS if first <= char <= last), "han")


def _calls(name: str) -> list[str]:
    """What somebody may be called by: the whole name, and each part of three letters or more."""
    whole = normal(name)
    parts = [part for part in whole.split() if width(part) >= 3 and part not in _TITLES]
    return [whole, *parts]


_TITLES = frozenset({"the", "mrs", "miss", "von", "van", "der", "señor", "señora", "herr", "frau", "captain", "doctor"})


def _occurs(wanted: str, held: str) -> bool:
    return f" {wanted} " in held or (wanted in held and max(wanted) >= _WIDE)  # such scripts have no spaces
