"""The greeting an author wrote, said as it stands: at once, and without a call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openroom.core.action import MOST_SAID
from openroom.core.character import Character
from openroom.core.macros import was_said
from openroom.language.detect import ANSWER_IN, detect
from openroom.language.feelings import feelings
from openroom.language.sentences import cut_to

_TOLD_BY = 400
"""So many characters of a long greeting tell it from the others."""


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


def which(character: Character, said: str) -> int | None:
    """The number of the greeting that a line of its own was: 0 for the first; ``None`` where it was none."""
    found = (at for at, one in enumerate(greetings(character)) if _is(one, said, len(one) < MOST_SAID // 2))
    return next(found, None)


def choose(character: Character, said: Sequence[str], spoken: Callable[[str], str]) -> list[str]:
    """The first greeting that was not said lately, else the one that was said longest ago, as ``spoken`` says it: in
    lines that are no longer than one may be. None where nothing is left of it once it is spoken."""

    def last_said(line: str) -> int:
        whole = len(line) < MOST_SAID // 2
        return max((at for at, one in enumerate(said) if _is(line, one, whole)), default=-1)

    return cut_to(spoken(min(greetings(character), key=last_said)), MOST_SAID)


def _is(line: str, said: str, whole: bool) -> bool:
    return was_said(line, said) if whole else was_said(line, said[:_TOLD_BY], whole=False)


def face(character: Character, line: str) -> str:
    """How it looks while it says so: as the words do, else glad, else as always."""
    return next(
        (one for one in (*feelings(line), "happy") if one in character.emotions.can), character.emotions.default
    )
