"""The face of a small model's reply. Such a model writes *curious* or *calm* whatever it hears and says, so where that
is all, what was heard and what is said decide (`openroom.language.feelings`)."""

from __future__ import annotations

from openroom.cast.turn.context import TurnContext
from openroom.language import slips
from openroom.language.detect import guess_language
from openroom.language.feelings import feelings, nearest, reaction

_FLAT = frozenset({"", "curious", "calm", "neutral"})
_UNSURE = frozenset({"curious", "embarrassed"})
"""What the shape of a line alone says too often: a question, an "oh no"."""
_AT = {"bad": ("worried", "tender", "sad"), "good": ("happy", "amused"), "": ()}
_SORRY = ("tender", "worried", "sad")


def face(turn: TurnContext, say: str, emotion: str) -> str:
    """The feeling to show with ``say``: the model's own ``emotion``, or a clearer one among those that can be shown."""
    if not turn.author_leads or not say or emotion.lower() not in _FLAT:
        return emotion
    code = guess_language(turn.heard) if turn.heard else turn.part.language
    felt = [one for one in (*feelings(say, turn.heard), *reaction(turn.heard)) if one not in _UNSURE]
    sorry = _SORRY if slips.is_sorry(say, code) else ()
    return nearest((*_AT[slips.news(turn.heard, code)], *sorry, *felt), turn.character.emotions.can) or emotion
