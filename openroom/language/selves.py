"""A line as a string of parts (`openroom.language.data.selves.parts`): who is spoken of, being, and as what.

Rules about what one is are written over these strings, so one rule holds for many wordings and five languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from openroom.language.alike import folded, seen
from openroom.language.data.selves.de import GERMAN
from openroom.language.data.selves.en import ENGLISH
from openroom.language.data.selves.es import SPANISH
from openroom.language.data.selves.ja import JAPANESE
from openroom.language.data.selves.parts import Parts
from openroom.language.data.selves.zh import CHINESE
from openroom.language.sentences import sentences
from openroom.language.text import width

_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[?.!…]|[,;:—–()]|\d+")
_RUN = re.compile(r"[a-z]+|[?.!…。]|[,;:、—–()]|[^\W\d_]|\d+")
_QUOTED = re.compile(r"[\"“„«「『]([^\"“”„«»「」『』]{3,200})[\"”“»」』]")
_TELLING = frozenset("HPMCKRFVlf")
"""The parts of which one must occur; without them, nothing is said of what one is."""
_DOTTED = re.compile(r"(?<![a-z])(?:(?:[a-z]\. ?)+[a-z]\.|(?:[a-z]\.)+[a-z](?![a-z]))")
"""An abbreviation: A.I."""
_COARSE = str.maketrans({"b": None, "e": None, "g": "x", "s": "x"})
"""Without the parts that only an admission is read with."""
_INFLECTED = re.compile("[a-z]{2,}(?:ing|ed)")
_RUNS = re.compile(r"([ADRrm,])\1+")
_MISSPELT = 4
"""Words of so many letters are also known with two letters in the wrong order, or one doubled."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The phrases of a language, each as a tuple of tokens; and how long those that begin with a token are, longest
    first."""

    code: str
    phrases: Mapping[tuple[str, ...], str]
    lengths: Mapping[str, tuple[int, ...]]
    spaced: bool
    telling: frozenset[str]
    """Words (two letters where they are spelt out; of unspaced languages, first letters) of which one is in whatever
    says what one may be."""


def readings(text: str, name: str = "", *, fine: bool = False) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sentences of a text as strings of parts, with the language they are read in: once for each language that
    it may well be in, and only where a word says what one may be. Who is spoken of by ``name`` is read as you;
    ``fine``, with the parts that only an admission is read with."""
    codes, plain, words = _spelt(text)
    found = {
        lexicon.code: _read(_addressed(plain, name, lexicon), lexicon.code)
        for lexicon in map(_lexicon, codes)
        if not lexicon.telling.isdisjoint(words if lexicon.spaced else plain)
    }
    plainly = {code: tuple(map(coarse, read)) for code, read in found.items()}
    strange = {code: sum(parts.count("x") for parts in read) for code, read in plainly.items()}
    fewest = min(strange.values(), default=0)  # of words that are strange to it: in a wrong one a no is overlooked
    for code, read in plainly.items():
        if strange[code] == fewest:
            yield code, tuple(map(_joined, found[code])) if fine else read


@lru_cache(maxsize=64)
def _spelt(text: str) -> tuple[tuple[str, ...], str, frozenset[str]]:
    """The languages a text may be in, its spelling, its words and pairs of them. Kept for a while: a line is read with
    the name of each who hears it."""
    text = text.casefold().replace("’", "'")
    codes = ("ja",) if _KANA.search(text) else ("zh",) if _HAN.search(text) else ("en", "de", "es")
    plain = _folded(text, spaced=len(codes) > 1)
    tokens = _TOKEN.findall(plain)
    return codes, plain, frozenset((*tokens, *map(" ".join, pairwise(tokens))))


def _addressed(text: str, name: str, lexicon: _Lexicon) -> str:
    """The text with "you" for a name or a part of it, but where somebody is called by it ("Mira, ...")."""
    whole = _folded(name.casefold(), spaced=lexicon.spaced)
    called = [re.escape(part) for part in (whole, *whole.split()) if width(part) >= _SHORTEST_NAME]
    if not called:
        return text
    named = rf"(?<![a-z])(?<![,、] )(?<![,、])(?:{'|'.join(called)})(?![a-z'])(?! ?[,、:!])"
    return re.sub(named, _YOU[lexicon.code], text)


def coarse(parts: str) -> str:
    """Parts without those that only an admission is read with."""
    return _joined(parts.translate(_COARSE))


def unquoted(text: str) -> str:
    """The text without what it quotes; a text that is nothing but a quotation stays."""
    bare = _QUOTED.sub(" , ", text)
    return bare if any(char.isalnum() for char in bare) else text


@lru_cache(maxsize=64)
def _read(text: str, code: str) -> tuple[str, ...]:
    """The sentences of a text as parts. Kept for a while: a name is mostly in none of them."""
    lexicon = _lexicon(code)
    found = sentences(text)
    parts = {sentence: _parts(sentence, lexicon) for sentence in dict.fromkeys(found)}
    return tuple(parts[sentence] for sentence in found)


def _parts(text: str, lexicon: _Lexicon) -> str:
    tokens = (_TOKEN if lexicon.spaced else _RUN).findall(text)
    found: list[str] = []
    at = 0
    while at < len(tokens):
        for size in lexicon.lengths.get(tokens[at], ()):
            part = lexicon.phrases.get(tuple(tokens[at : at + size]))
            if part is not None:
                break
        else:
            size, part = 1, _unknown(tokens[at], lexicon.code)
        if part != "x" or lexicon.spaced or found[-1:] != ["x"]:  # letters without spaces: one unknown word
            found.append(part)
        at += size
    return "".join(found)


def _joined(parts: str) -> str:
    """With one part for a run of the same that says no more than one does."""
    return _RUNS.sub(r"\1", parts)


def _unknown(piece: str, code: str) -> str:
    if piece == "?":
        return "?"
    if piece in ".!…。":
        return "."
    if piece.isdigit():
        return "A"
    if code == "en" and _INFLECTED.fullmatch(piece):
        return "g"
    return "x" if piece.isalpha() or "'" in piece else ","


def _folded(text: str, *, spaced: bool) -> str:
    """In one spelling: widths folded, what shows nothing left out, accents taken off where letters have some, and
    abbreviations without their dots, which would end a sentence."""
    shown = filter(None, map(seen, text.splitlines()))
    plain = "\n".join(folded(line) if spaced else unicodedata.normalize("NFKC", line) for line in shown)
    return _DOTTED.sub(lambda found: found.group().replace(".", "").replace(" ", ""), plain)


_YOU: Mapping[str, str] = {"en": "you", "de": "du", "es": "tu", "zh": "你", "ja": "あなた"}
_SHORTEST_NAME = 3
_WORDS: Mapping[str, Parts] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "zh": CHINESE, "ja": JAPANESE}


@cache
def _lexicon(code: str) -> _Lexicon:
    spaced = code not in ("ja", "zh")
    phrases: dict[tuple[str, ...], str] = {}
    for parts, listed in _WORDS[code].items():
        for phrase in listed.split(", "):
            tokens = tuple((_TOKEN if spaced else _RUN).findall(phrase))
            phrases.setdefault(tokens, parts)
    if spaced:
        for tokens, parts in list(phrases.items()):
            if parts in ("H", "P", "M", "C", "B", "YB") and len(tokens) == 1:
                for slip in _slips(tokens[0]):
                    phrases.setdefault((slip,), parts)
    said = [tokens for tokens, parts in phrases.items() if not _TELLING.isdisjoint(parts)]
    telling = frozenset(_telling(tokens) if spaced else tokens[0][0] for tokens in said)
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for tokens in filter(None, phrases):
        lengths[tokens[0]].add(len(tokens))
    longest_first = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
    return _Lexicon(code, phrases, longest_first, spaced, telling)


def _telling(tokens: tuple[str, ...]) -> str:
    """The word to look for: the longest; where letters are spelt out ("a i"), two of them, since "a" is everywhere."""
    longest = max(tokens, key=len)
    return longest if len(longest) > 1 else " ".join(tokens[:2])


def _slips(word: str) -> Iterator[str]:
    """How fingers slip: neighbours in the wrong order, a letter doubled, in a longer word a letter left out."""
    if len(word) < _MISSPELT:
        return
    for at in range(1, len(word)):
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        yield word[:at] + word[at] + word[at:]
        if len(word) > _MISSPELT + 1:
            yield word[:at] + word[at + 1 :]
