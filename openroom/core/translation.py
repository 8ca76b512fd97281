"""Translations: how the texts of a scene, a prop or a character's public side read in other languages.

    translations:
      de:
        Paper lamp: Papierlampe
        "{actor} lights the lamp.": "{actor} zündet die Lampe an."

They are by language (``de``, ``pt-BR``) and by the text as its author wrote it. What stands in braces stands in the
translation too. They are for people's eyes: no rule, no prompt and no log knows them, and a text that has none is
shown as its author wrote it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Annotated

from pydantic import Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Translation = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Translations = Annotated[dict[Code, Annotated[dict[str, Translation], Field(max_length=1000)]], Field(max_length=40)]
"""By language, by the author's text."""

_HOLE = re.compile(r"\{([^{}]*)\}")


def translated(translations: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """The texts in ``language`` (``de-AT`` falls back to ``de``); empty where there are none."""
    wished = language.lower()
    for code in (wished, wished.partition("-")[0]):
        for given, texts in translations.items():
            if given.lower() == code:
                return texts
    return {}


def public(translations: Mapping[str, Mapping[str, str]], texts: Collection[str]) -> dict[str, dict[str, str]]:
    """The translations of ``texts``, and of nothing else: who translates what nobody may read has it told to nobody."""
    known = frozenset(texts)
    return {code: {text: entries[text] for text in entries if text in known} for code, entries in translations.items()}


def mistranslated(
    translations: Mapping[str, Mapping[str, str]], texts: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(place, what was expected, what came) for each translation of a text that is none of ``texts``, and for each that
    has other names in braces than the text."""
    known = sorted(set(texts))
    for code, entries in translations.items():
        for text, other in entries.items():
            place = ("translations", code, text)
            wanted, came = _holes(text), _holes(other)
            if text not in known:
                yield place, _one_of(text, known), repr(text)
            elif wanted != came:
                names = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "nothing"
                yield place, f"{names} in braces, as in the text itself", repr(other)


def _holes(text: str) -> set[str]:
    return set(_HOLE.findall(text))


def _one_of(text: str, known: list[str]) -> str:
    near = difflib.get_close_matches(text, known, 1)
    return "a text of this file, letter by letter" + (f" (did you mean {near[0]!r}?)" if near else "")


def told(texts: Mapping[str, str], text: str, verbatim: Collection[str] = ()) -> str:
    """``text`` in another language, also where names were filled in; as it is where there is no translation. What
    stands for a name in ``verbatim`` is left alone.
    """
    if text in texts:
        return texts[text]
    for pattern, other in _patterns(tuple(texts.items())):
        found = pattern.fullmatch(text)
        if found is not None:
            return _filled(other, found.groupdict(), texts, verbatim)
    return text


def _filled(text: str, names: Mapping[str, str], texts: Mapping[str, str], verbatim: Collection[str]) -> str:
    words = {name: value if name in verbatim else texts.get(value, value) for name, value in names.items()}
    return _HOLE.sub(lambda hole: words.get(hole[1], hole[0]), text)


@lru_cache(maxsize=256)
def _patterns(texts: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    """The texts with names in braces as patterns, those with the most words of their own first."""
    open_ones = [(text, other) for text, other in texts if _HOLE.search(text)]
    open_ones.sort(key=lambda one: -len(_HOLE.sub("", one[0])))
    return [(_pattern(text), other) for text, other in open_ones]


def _pattern(text: str) -> re.Pattern[str]:
    parts, seen = [], set[str]()
    for part in re.split(r"(\{\w+\})", text):
        name = part[1:-1] if _HOLE.fullmatch(part) else ""
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.*?)")
            seen.add(name)
        else:
            parts.append(re.escape(part))
    return re.compile("".join(parts), re.DOTALL)
