"""What a plain card says that it never does is not agreed to: not in words, and not by a deed."""

from __future__ import annotations

import re

from openroom.language.matching import uncalled
from openroom.language.sentences import OPEN_QUESTION, asks, sentences
from openroom.language.slips import is_asked_for, is_vow, slips
from openroom.language.words import content, telling_words
from openroom.models.understudy import phrases
from openroom.models.understudy.rotation import rotate, was_said
from openroom.ports.model import Cue

_MOST_OF_IT = 0.6
"""So much of a vow comes up in a line that asks for what it is about; of a deed that the room offers all has to: who
lights no lamp before dark lights it all the same."""


def refusal(cue: Cue, language: str) -> str:
    """The vow that stands against what is asked for, as the character tells it itself, or words of ours where it has
    just been said; empty where none does."""
    heard = uncalled(cue.heard)
    if not cue.asked and not _wants_it(cue.heard, language):
        return ""
    share = 1.0 if cue.asked else _MOST_OF_IT
    vows = [one for one in cue.told if is_vow(one, language) and _speaks_of(heard, one, language, share)]
    fresh = [one for one in vows if not was_said(one, cue)]
    return fresh[0] if fresh else rotate(phrases.ORDERED[language], cue) if vows else ""


def _wants_it(heard: str, language: str) -> bool:
    """Whether a line orders something, or asks what wants a yes or a no."""
    last = (sentences(heard) or [""])[-1].lower()
    return is_asked_for(heard, language) or (asks(heard) and not re.match(OPEN_QUESTION, last))


def _speaks_of(heard: str, vow: str, language: str, share: float) -> bool:
    """Whether so much of what a vow is about comes up in a line, and two words at least."""
    about, said = _about(vow, language), _about(heard, language)
    return len(about & said) >= max(2, round(share * len(about)))


def _about(text: str, language: str) -> frozenset[str]:
    if slips(language).spaced:
        return content(text, language) - content("never refuse nie niemals nunca jamás", language)
    return frozenset(word for word in telling_words(text, 80) if len(word) > 1)
