"""The face that goes with a line, among those that a character can show."""

from __future__ import annotations

from collections.abc import Sequence

from openroom.language.feelings import feelings, nearest, reaction
from openroom.ports.model import Cue


def face(cue: Cue, say: str, do: Sequence[str]) -> str:
    """A feeling that the character can show and that goes with the line; empty when none does.

    The author's own feeling for an example line comes first.
    """
    written = [feeling.lower() for (_, answer), feeling in zip(cue.lines, cue.feelings, strict=False) if answer == say]
    written += [cue.felt[say].lower()] if say in cue.felt else []
    fitting = feelings(say, "" if cue.greet else cue.heard) or (() if cue.greet or do else reaction(cue.heard))
    return nearest((*written, *(fitting or ("happy",) * cue.greet), "calm"), cue.emotions)
