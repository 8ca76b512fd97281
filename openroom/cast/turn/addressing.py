"""How a character calls whom it answers, where its card orders it: code sees to it, before a sentence is shown."""

from __future__ import annotations

from collections.abc import Iterable

from openroom.cast.turn.context import TurnContext
from openroom.core.actor import is_character
from openroom.language.addressed import Addressing, asked_name, replaced
from openroom.language.detect import detect, guess_language

_MAY_FORGET = 3
"""So many replies on end may go without the form where the model leads its own talk, and where the card's examples
show how often it comes: in every reply it sounds like a tic, and a small model says little else."""


def addressing(turn: TurnContext, *, recites: bool = False) -> Addressing | None:
    """What is seen to in this turn; nothing where the card orders nothing, or it speaks to another character.

    The ordered form is left alone where it would not fit: to somebody who asked to be called by a name, and in another
    language than the card's.
    """
    voice, who = turn.character.voice, turn.trigger.by
    if not (voice.address or voice.never_address) or not who or is_character(who):
        return None
    code = _card_language(turn)
    theirs = [said.text for said in turn.part.talk.heard if turn.is_theirs(said)]
    named = any(asked_name(line, code, introduced=turn.card.until_named) for line in theirs)
    spoken = next((found for line in reversed(theirs) if (found := detect(line))), code)
    able = turn.model.info.level == "able" and not turn.is_understudy
    return Addressing(
        address="" if named or spoken != code else voice.address,
        language=code,
        said=tuple(turn.part.talk.said),
        names=(turn.name(who),),
        never=voice.never_address,
        patience=_MAY_FORGET if able or turn.card.shows_itself else 0,
        recites=turn.is_understudy or recites,
        written=tuple(turn.spoken(line) for line in turn.card.written),
    )


def unaddressed(turn: TurnContext, said: Iterable[str]) -> tuple[str, ...]:
    """Lines that were said; before one that has the ordered form the line without it, as it was before code put the
    form there: so who recites knows it again."""
    form, code = turn.character.voice.address, _card_language(turn)
    found: list[str] = []
    for line in said:
        bare = replaced(line, form, "", code)
        found += [line] if bare == line else [bare, line]
    return tuple(found)


def _card_language(turn: TurnContext) -> str:
    own = turn.character.language.partition("-")[0].lower()
    return guess_language(turn.character.persona) if own == "en" else own
