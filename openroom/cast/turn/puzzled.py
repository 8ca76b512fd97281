"""What a character says of what it cannot know, where a model went on claiming to know it."""

from __future__ import annotations

from openroom.cast.turn.addressing import addressing
from openroom.cast.turn.context import TurnContext
from openroom.language.data.made.made import MADE
from openroom.language.detect import guess_language
from openroom.language.text import normal


def puzzled(turn: TurnContext) -> str:
    """A line that asks what that is, in the language of the question; empty where it was asked nothing of the kind, or
    every such line was said lately."""
    if not turn.not_known:
        return ""
    address = addressing(turn)
    bare = address.bare if address is not None else str
    said = {bare(normal(line)) for line in turn.part.talk.said}
    line = next((one for one in MADE[guess_language(turn.heard)].puzzled if normal(one) not in said), "")
    return address.put(line, "") if address is not None and line else line
