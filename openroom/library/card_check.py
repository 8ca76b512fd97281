"""What a character's card says against itself: nothing that keeps it from playing, all of it worth a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openroom.core.character import Character
from openroom.core.macros import SPOKEN, unknown_in
from openroom.errors import DefinitionError
from openroom.language.sentences import sentences, spans
from openroom.language.text import first_word
from openroom.library.document import Document, Loc

_Text = tuple[Loc, str]


def card_problems(document: Document, character: Character) -> Iterator[DefinitionError]:
    """Warnings at the place of each."""
    lines, told = list(_lines(character)), list(_told(character))
    kept = [word for secret in character.secrets for word in secret.words]
    never = [*character.voice.banned, *character.guards.banned_words, *character.voice.never_address]
    for loc, text in (*told, *lines):
        if word := first_word(kept, text):
            yield _warning(document, loc, "a text that gives no secret away", f"{word!r}, one of the words of a secret")
    for loc, text in lines:
        if word := first_word(never, text):
            yield _warning(document, loc, "a line in words that the character uses", f"{word!r}, which it never says")
    # What it has ready stands in no prompt, so no model learns from its length.
    yield from _too_long(document, character, [one for one in lines if one[0][0] != "repertoire"])
    chosen = character.condensed
    if chosen is not None and not chosen.spans(character.persona):
        expected = "no choice of sentences, or one of this persona: code chooses what is read of it"
        yield _warning(document, ("condensed",), expected, "one of the persona as it was before it was edited")
    elif chosen is not None and (strange := set(chosen.keep) - set(spans(character.persona))):
        came = f"{len(strange)} that are none"
        yield _warning(document, ("condensed", "keep"), "spans of whole sentences of the persona", came)
    for loc, found in unknown_macros(document.value):
        yield _warning(document, loc, "a macro that is known here (docs/macros.md), or no double braces", found[:80])


def unknown_macros(value: Any) -> Iterator[_Text]:
    """The macros of a character's values that stay as they were written, as nothing stands for them or they are too
    deep in others, each with the place of its text."""
    for loc, text in _texts(value, ()):
        yield from ((loc, found) for found in unknown_in(text, spoken=not SPOKEN.isdisjoint(loc)))


def _too_long(document: Document, character: Character, lines: list[_Text]) -> Iterator[DefinitionError]:
    most = character.harness().guards.max_sentences
    for loc, text in lines:
        count = len(sentences(text))
        if most and count > most:
            expected = f"at most {most} sentences, as in all it says (voice.length, guards.max_sentences)"
            yield _warning(document, loc, expected, f"{count}, which is said whole, and which a model learns from")


def _lines(character: Character) -> Iterator[_Text]:
    """What the character says in its author's words."""
    yield ("greeting",), character.greeting
    yield from ((("greetings", at), line) for at, line in enumerate(character.greetings))
    yield from ((("examples", at, "say"), one.say) for at, one in enumerate(character.examples))
    yield from ((("repertoire", at, "say"), one.say) for at, one in enumerate(character.repertoire))
    yield from ((("voice", "fallbacks", at), line) for at, line in enumerate(character.voice.fallbacks))
    yield from ((("voice", "doing", at), line) for at, line in enumerate(character.voice.doing))


def _told(character: Character) -> Iterator[_Text]:
    """What every prompt or every visitor gets."""
    for key in ("line", "appearance", "persona"):
        yield (key,), getattr(character, key)
    yield from ((("facts", at, "text"), fact.text) for at, fact in enumerate(character.facts))
    yield from ((("examples", at, "heard"), one.heard) for at, one in enumerate(character.examples))


def _warning(document: Document, loc: Loc, expected: str, came: str) -> DefinitionError:
    return document.error(loc, expected, came=came, warning=True)


def _texts(value: Any, loc: Loc) -> Iterator[_Text]:
    """Every text of a file, with its place."""
    if isinstance(value, str):
        yield loc, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from _texts(one, (*loc, key))
