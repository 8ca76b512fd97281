"""Which of a character's own facts a line asks about, for the guard that puts them at hand.

The facts stand in the stable prompt already. A small model overlooks them there and makes something up; what stands
right before its answer it follows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from openroom.core.character import Fact
from openroom.language.detect import guess_language
from openroom.language.matching import other_matter
from openroom.language.words import content

_MOST_HEARD = 600
"""A question is no longer."""
ASKED = 0.3
"""So alike, and a line asks about a fact: of the lines of the shipped cases nearly all that do are above it, and 41 of
776 others."""
SURELY = 0.45
"""So alike where nobody has chosen to have facts put at hand: a wrong one is said aloud."""


def asked_about(
    facts: Sequence[Fact],
    heard: str,
    most: int,
    translations: Mapping[str, Mapping[str, str]] | None = None,
    *,
    least: float = ASKED,
) -> list[Fact]:
    """Up to ``most`` facts that ``heard`` is about, the nearest first: by the stems of words that it shares with the
    fact or with a question about it (cosine of the two sets), as the author wrote it or in translation; ``least`` is
    how alike they are at least. "How long have you been here?" is not about a fact that answers "How long ... sober?".
    """
    if not most:
        return []
    heard = heard[:_MOST_HEARD]
    language = guess_language(heard)
    said, translated = content(heard, language), (translations or {}).get(language, {})
    scored = []
    for fact in facts:
        texts = (translated.get(text, text) for text in (fact.text, *fact.ask))
        meant = (_alike(said, content(text, language)) for text in texts if not other_matter(heard, text, language))
        scored.append((max(meant, default=0.0), fact))
    near = sorted((pair for pair in scored if pair[0] > least), key=lambda pair: -pair[0])
    return [fact for _, fact in near[:most]]


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0
