"""What is said with a deed for which nothing else is."""

from __future__ import annotations

from openroom.cast.turn.context import TurnContext
from openroom.language.detect import guess_language


def while_doing(turn: TurnContext) -> str:
    """What its author has it say while it does what it was asked for, where nobody here has heard it; empty in another
    language than the card's, and where it does nothing."""
    if not turn.offer.spoken or guess_language(turn.heard) != guess_language(turn.character.greeting):
        return ""
    said = turn.said
    fresh = [one for line in turn.character.voice.doing if (one := turn.spoken(line)) not in said]
    return fresh[turn.trigger.seq % len(fresh)] if fresh else ""
