"""The cue: the structured side of a turn's prompt, for the understudy."""

from __future__ import annotations

from openroom.cast.turn import greeting
from openroom.cast.turn.addressing import unaddressed
from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.deeds import items
from openroom.core.character import PLAIN
from openroom.language.data.made.made import MADE
from openroom.language.detect import guess_language
from openroom.ports.model import Cue


def cue(turn: TurnContext, known: tuple[str, ...], *, by_author: bool = False, sure: bool = False) -> Cue:
    """What it plays from; ``known`` are the facts that were recalled. ``by_author``: the understudy plays instead of a
    model, and may do all that is possible; ``sure``: only where it has an answer."""
    menu = tuple(turn.offer.possible.values()) if by_author else turn.offer.menu
    voice, examples = turn.character.voice, (*turn.harness.examples, *turn.card.more)
    greetings = greeting.greetings(turn.character)
    written = {turn.spoken(line) for line in turn.card.written}
    made = tuple(turn.spoken(one.say) for one in (*turn.card.examples, *turn.card.more))
    return Cue(
        heard=turn.heard,
        speaker=turn.name(turn.trigger.by) if turn.trigger.by else "",
        address=voice.address,
        lines=tuple((turn.spoken(one.heard), turn.spoken(one.say)) for one in examples),
        answers=tuple((asked, turn.spoken(line)) for asked, line in turn.card.answers),
        feelings=tuple(example.emotion for example in examples),
        deeds=tuple(example.do.replace(" ", "_") for example in examples),
        greetings=tuple(turn.spoken(line) for line in greetings),
        fallbacks=tuple(turn.spoken(line) for line in _fallbacks(turn)),
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


def _fallbacks(turn: TurnContext) -> tuple[str, ...]:
    """What fits where nothing answers; of what it cannot know, where no line of its author's fits, that it does not."""
    if turn.not_known and not turn.card.of.voice.fallbacks and turn.character.voice.fallbacks:
        return MADE[guess_language(turn.heard)].puzzled
    return turn.character.voice.fallbacks
