"""The greeting an author wrote, said as it stands: at once, and without a call."""

from __future__ import annotations

from collections.abc import Sequence

from openroom.core import placeholders
from openroom.core.character import Character
from openroom.language.detect import ANSWER_IN, detect
from openroom.language.feelings import feelings


def as_written(character: Character, language: str) -> bool:
    """Whether who reads ``language`` (empty: unknown) is greeted in the author's words: unless the author wants it
    worded anew, or wrote in another language."""
    if character.greet != "written":
        return False
    own = {character.language.partition("-")[0].lower(), detect(" ".join(greetings(character)))}
    return language not in ANSWER_IN or language in own


def greetings(character: Character) -> tuple[str, ...]:
    """All of them, in the author's order."""
    return (character.greeting, *character.greetings)


def choose(character: Character, said: Sequence[str], visitor: str) -> str:
    """The first greeting that was not said lately, else the one that was said longest ago, said to ``visitor``."""

    def last_said(line: str) -> int:
        return max((at for at, one in enumerate(said) if placeholders.was_said(line, one)), default=-1)

    return placeholders.to(min(greetings(character), key=last_said), visitor)


def face(character: Character, line: str) -> str:
    """How it looks while it says so: as the words do, else glad, else as always."""
    return next(
        (one for one in (*feelings(line), "happy") if one in character.emotions.can), character.emotions.default
    )
