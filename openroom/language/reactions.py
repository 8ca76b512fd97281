"""Which plain lines answer a line by its kind: a remark, or a question that nobody wrote an answer for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from openroom.language.data.questions.questions import ANSWERS
from openroom.language.data.reactions.de import GERMAN
from openroom.language.data.reactions.en import ENGLISH
from openroom.language.data.reactions.es import SPANISH
from openroom.language.data.reactions.ja import JAPANESE
from openroom.language.data.reactions.parts import Reaction
from openroom.language.data.reactions.zh import CHINESE
from openroom.language.sentences import asks

REACTIONS: Mapping[str, tuple[Reaction, ...]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "es": SPANISH,
    "ja": JAPANESE,
    "zh": CHINESE,
}
_MOST_READ = 300


def reactions(heard: str, language: str) -> tuple[str, ...]:
    """What answers a remark in a language (``en``, ``de``, ``es``, ``ja``, ``zh``), by its kind; nothing for a
    question, or what is of no kind."""
    found = None if asks(heard) else kind(heard, language)
    return found.lines if found is not None else ()


def plain_answers(heard: str, language: str) -> tuple[str, ...]:
    """What can be said to a question, a request or a name told where nobody wrote an answer, by its kind; nothing for
    what is of no kind. Lines may hold ``{speaker}`` and ``{name}`` (the character's)."""
    line = heard[:_MOST_READ].lower().replace("’", "'")
    return next((one.lines for one in ANSWERS.get(language, ()) if re.search(one.pattern, line)), ())


def kind(heard: str, language: str) -> Reaction | None:
    """The kind of remark that a line is; ``None``: of none that is known."""
    line = heard[:_MOST_READ].lower().replace("’", "'")
    return next((one for one in REACTIONS.get(language, ()) if re.search(one.pattern, line)), None)
