"""What a character can be asked: the questions on its card that anybody may be shown.

A card's ``ask`` wordings and example questions are there to test answers; some give the answer away, name what a
visitor has not heard of, or come near to a secret. Those are not offered to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openroom.core.character import Character
from openroom.language.data.tongue import EMPTY_CHARACTERS
from openroom.language.data.tongues import TONGUES
from openroom.language.honesty import asks_what_you_are
from openroom.language.text import first_word
from openroom.language.words import WORD, content, is_unspaced, words_of

_ASKS = ("?", "？")
_NOUNS_ARE_CAPITAL = frozenset({"de"})
"""Where a capital within a sentence does not show a name."""
_OWN = frozenset(["i", "me", "my", "mine", "ich", "mich", "mir", "mein", "meine", "yo", "mi", "mis", "我", "私", "僕"])
"""Words of who speaks, without accents."""


@dataclass(frozen=True, slots=True)
class Question:
    """``texts`` are wordings of one question, as the author wrote them, the one to be preferred first."""

    texts: tuple[str, ...]


def askable(character: Character, cast: Iterable[Character], known: Sequence[str]) -> list[Question]:
    """What ``character`` can be asked, facts first. No question shares a word with a secret of its own, none holds what
    gives away a secret of the ``cast``, and every name in it stands in one of the ``known`` texts, which the asker has
    perceived."""
    members = list(cast)
    language = character.language.partition("-")[0].lower()
    kept = _kept(character, members, language)
    telling = [word for one in members for secret in one.secrets for word in secret.words]
    heard = frozenset(word for text in known for word in words_of(text))
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for texts in _wordings(character):
        open_ = [one for one in texts if not _about(one, language) & kept and not first_word(telling, one)]
        if fine := [one for one in open_ if _names(one, language) <= heard]:
            about = _about(fine[0], language) or frozenset(fine)
            found[about] = (*found.get(about, ()), *fine)  # an example that asks what a fact does is no second question
    return [Question(texts) for texts in found.values()]


def _wordings(character: Character) -> Iterator[tuple[str, ...]]:
    """Questions whose words do not hold their own answer; of the examples those that are questions and ask for no
    deed, nor what the character is, nor speak of whoever asks: a visitor has no ring that was stolen."""
    for fact in character.facts:
        yield tuple(one for one in fact.ask if not first_word(fact.answer, one))
    for example in character.examples:
        asks = (
            example.heard.endswith(_ASKS)
            and "{{" not in example.heard
            and not example.do
            and not _of_oneself(example.heard)
        )
        if asks and not asks_what_you_are(example.heard, character.name):
            yield (example.heard,)


def _of_oneself(text: str) -> bool:
    """Whether a line speaks of who says it, or is a bare call ("Hello?")."""
    words = words_of(text)
    if is_unspaced(text):
        return any(one in text for one in _OWN)
    return len(words) < 2 or any(word.partition("'")[0] in _OWN for word in words)


def _kept(character: Character, cast: Sequence[Character], language: str) -> frozenset[str]:
    """What its secrets are about; that somebody of the cast is in them makes nobody's name a secret."""
    texts = [text for secret in character.secrets for text in (secret.text, secret.hint, *secret.words)]
    names = {word for one in cast for word in _about(one.name, language)}
    return frozenset(word for text in texts for word in _about(text, language)) - names


def _about(text: str, language: str) -> frozenset[str]:
    """The words that say what a text is about; of scripts without spaces, pairs of characters that are not empty."""
    found = content(text, language if language in TONGUES else "en")
    if not is_unspaced(text):
        return found
    return frozenset(pair for pair in found if len(pair) > 1 and not EMPTY_CHARACTERS.issuperset(pair))


def _names(text: str, language: str) -> frozenset[str]:
    """Words within the sentence that a capital marks as names, in one spelling."""
    if language in _NOUNS_ARE_CAPITAL:
        return frozenset()
    found = set[str]()
    for match in WORD.finditer(text):
        begins = text[: match.start()].rstrip(" \"'¿¡«“")[-1:] in ("", ".", "!", "?", ":")
        word = match.group()
        if not begins and word[0].isupper() and word.partition("'")[0].partition("’")[0] != "I":
            found.update(words_of(word.removesuffix("'s").removesuffix("’s")))
    return frozenset(found)
