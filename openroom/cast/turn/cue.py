"""The cue: the structured side of a turn's prompt, for the understudy."""

from __future__ import annotations

from openroom.cast.turn import greeting
from openroom.cast.turn.addressing import unaddressed
from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.deeds import items
from openroom.core.character import PLAIN
from openroom.language.detect import guess_language
from openroom.ports.model import Cue


def cue(turn: TurnContext, known: tuple[str, ...], *, by_author: bool = False, sure: bool = False) -> Cue:
    """What it plays from; ``known`` are the facts that were recalled. ``by_author``: the understudy plays instead of a
    model, and may do all that is possible; ``sure``: only where it has an answer."""
    menu = tuple(turn.offer.possible.values()) if by_author else turn.offer.menu
    voice, examples = turn.character.voice, turn.harness.examples
    greetings = greeting.greetings(turn.character)
    answers = tuple((asked, turn.spoken(line)) for asked, line in turn.card.answers)
    written = {turn.spoken(line) for line in turn.card.written}
    made = (*(turn.spoken(one.say) for one in turn.card.examples), *(line for _, line in answers))
    return Cue(
        heard=turn.heard,
        speaker=turn.name(turn.trigger.by) if turn.trigger.by else "",
        address=voice.address,
        lines=(*((turn.spoken(one.heard), turn.spoken(one.say)) for one in examples), *answers),
        feelings=(*(example.emotion for example in examples), *("" for _ in answers)),
        deeds=(*(example.do.replace(" ", "_") for example in examples), *("" for _ in answers)),
        greetings=tuple(turn.spoken(line) for line in greetings),
        fallbacks=tuple(turn.spoken(line) for line in voice.fallbacks),
        own_voice=voice.register_ != PLAIN,
        said=unaddressed(turn, turn.part.talk.said[-40:] if by_author else turn.part.talk.said[-20:]),
        made=frozenset(made) - written,
        menu=items(menu),
        language=guess_language(turn.heard or " ".join(greetings)),
        emotions=turn.character.emotions.can,
        memories=known,
        nonce=turn.trigger.seq,
        greet=turn.trigger.why == "entered",
        go=turn.offer.go if turn.trigger.why == "awaited" else "",
        asked=turn.offer.asked,
        sincere=turn.sincere,
        admission=voice.admission,
        sure=sure,
    )
