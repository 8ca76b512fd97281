"""The cue: the structured side of a turn's prompt, for the understudy."""

from __future__ import annotations

from openroom.cast.turn import greeting
from openroom.cast.turn.addressing import unaddressed
from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.deeds import items
from openroom.cast.turn.sense import recalled
from openroom.core.character import PLAIN
from openroom.core.completed import MADE_KIND
from openroom.language.data.made.made import MADE
from openroom.language.detect import guess_language
from openroom.ports.model import Cue


def cue(turn: TurnContext, known: tuple[str, ...], *, by_author: bool = False, sure: bool = False) -> Cue:
    """What it plays from; ``known`` are the facts that were recalled. ``by_author``: the understudy plays instead of a
    model, and may do all that is possible; ``sure``: only where it has an answer."""
    menu = tuple(turn.offer.possible.values()) if by_author else turn.offer.menu
    voice, examples = turn.character.voice, (*turn.harness.examples, *turn.card.more)
    greetings = greeting.greetings(turn.character)
    ready = {line: turn.spoken(line) for line in {line for _, line in turn.card.answers}}
    written = {turn.spoken(line) for line in turn.card.written}
    made = tuple(turn.spoken(one.say) for one in (*turn.card.examples, *turn.card.more))
    return Cue(
        heard=turn.heard,
        speaker=turn.name(turn.trigger.by) if turn.trigger.by else "",
        address=voice.address,
        lines=tuple((turn.spoken(one.heard), turn.spoken(one.say)) for one in examples),
        answers=tuple((asked, ready[line]) for asked, line in turn.card.answers),
        feelings=tuple(example.emotion for example in examples),
        felt={turn.spoken(line): feeling for line, feeling in turn.card.feelings.items()},
        deeds=tuple(example.do.replace(" ", "_") for example in examples),
        greetings=tuple(turn.spoken(line) for line in greetings),
        fallbacks=tuple(turn.spoken(line) for line in _fallbacks(turn)),
        doing=tuple(turn.spoken(line) for line in voice.doing),
        own_voice=voice.register_ != PLAIN,
        said=unaddressed(turn, turn.said),
        made=frozenset(made) - written,
        menu=items(menu),
        language=guess_language(turn.heard or " ".join(greetings)),
        emotions=turn.character.emotions.can,
        memories=known,
        nonce=turn.trigger.seq + turn.trigger.again,
        greet=turn.trigger.why == "entered",
        go=turn.offer.go if turn.trigger.why == "awaited" else "",
        asked=turn.offer.asked,
        lacking=bool(turn.offer.lacking),
        sincere=turn.sincere,
        admission=voice.admission,
        sure=sure,
        name=turn.character.name,
        by_name=turn.card.by_name,
        plain=not turn.card.of.voice.fallbacks and (voice.register_ == PLAIN or not turn.card.shows_itself),
        puzzled=MADE[guess_language(turn.heard)].puzzled if turn.not_known and turn.is_understudy else (),
        recalled=recalled(turn, known),
        told=tuple(fact.text for fact in turn.character.facts if fact.kind == MADE_KIND),
    )


def _fallbacks(turn: TurnContext) -> tuple[str, ...]:
    """What fits where nothing answers; of what it cannot know, where no line of its author's fits, that it does not."""
    if turn.not_known and not turn.card.of.voice.fallbacks and turn.character.voice.fallbacks:
        return MADE[guess_language(turn.heard)].puzzled
    return turn.character.voice.fallbacks
