"""Plain answers to what nobody wrote an answer for, by its kind: what is not known or not told takes up what was asked,
so that it answers this question and no other.

A pattern is searched in a line in lower case, with straight apostrophes; the first that is found counts. ``{speaker}``
is who spoke, ``{name}`` the character. Nothing in them says what may be untrue of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping

from openroom.language.data.questions.de import GERMAN
from openroom.language.data.questions.en import ENGLISH
from openroom.language.data.questions.es import SPANISH
from openroom.language.data.questions.ja import JAPANESE
from openroom.language.data.questions.zh import CHINESE
from openroom.language.data.reactions.parts import Reaction

ANSWERS: Mapping[str, tuple[Reaction, ...]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "es": SPANISH,
    "zh": CHINESE,
    "ja": JAPANESE,
}
