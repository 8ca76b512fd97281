"""Generate: one streamed model call, whose words pass the guards sentence by sentence before anybody sees them, and
what the guards of a turn go by."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from openroom.cast.turn.addressing import addressing
from openroom.cast.turn.context import TurnContext
from openroom.cast.turn.guards import GuardRules, Objection, SentenceGate
from openroom.cast.turn.secrets import kept
from openroom.cast.turn.sense import authored, moment
from openroom.cast.turn.wordless import while_doing
from openroom.language import slips
from openroom.language.detect import guess_language
from openroom.language.own_name import asks_own_name
from openroom.language.text import first_word
from openroom.ports.model import Delta, Model, ModelRequest, Usage
from openroom.ports.reply.structured import Parsed, ReplyReader

_FEW = 2
"""A small model's third sentence seldom follows from the line that it answers."""


@dataclass(frozen=True, slots=True)
class Generated:
    """A finished call: the words that passed, what the guards found, the parsed object, and what it cost."""

    shown: str
    flaws: tuple[Objection, ...]
    parsed: Parsed
    raw: str
    usage: Usage
    cut: bool = False
    """Whether the reply ended before its words did, so that ``shown`` is not all that was meant."""
    by_author: bool = False
    """Whether the words are the author's, chosen by code, and not the model's."""


class Draft:
    """A reply while it is written. ``shown`` is provisional: a Stop commits exactly that much."""

    def __init__(self, rules: GuardRules, show: Callable[[str], None]) -> None:
        self._gate = SentenceGate(rules)
        self._show = show

    @property
    def shown(self) -> str:
        """The sentences that everybody has seen."""
        return self._gate.shown.strip()

    async def write(self, model: Model, request: ModelRequest) -> Generated:
        """Run the call to its end. Raises `openroom.errors.ModelError`; cancelling closes the model's stream."""
        reader, usage, full = ReplyReader(request.schema), Usage(estimated=True), False
        async with aclosing(cast("Any", model.stream(request))) as stream:
            async for item in stream:
                if isinstance(item, Delta):
                    grown = reader.feed(item.text)
                    full = _is_full(reader.text, request)
                    self._take(grown, last=reader.complete and not full)
                    if self._gate.circles:
                        break
                else:
                    usage = item
        rest, parsed = reader.close()
        self._take(rest)
        cut = self._gate.unfinished and (full or (usage.cut_short and not reader.whole))
        if not cut or (
            (full or usage.finish == "length") and not self.shown
        ):  # half a sentence, where that is all there is
            self._take("", last=True)
        return Generated(self.shown, tuple(self._gate.flaws), parsed, reader.raw, usage, cut)

    def _take(self, text: str, *, last: bool = False) -> None:
        grew = self._gate.feed(text)
        if last:
            grew = self._gate.close() or grew
        if grew:
            self._show(self.shown)


def _is_full(said: str, request: ModelRequest) -> bool:
    """Whether a reply ended because no more was let in, wherever it stood."""
    say = (request.schema or {}).get("properties", {}).get("say", {})
    return "maxLength" in say and len(said) >= int(say["maxLength"])


def guard_rules(turn: TurnContext, *, recites: bool = False) -> GuardRules:
    """The rules as things are now: who is here, what may be told, what was said. ``recites``: the author's lines are
    played, whoever the model is."""
    state, guards, voice, talk = turn.room.state, turn.harness.guards, turn.character.voice, turn.part.talk
    told, quotes = turn.tellable(turn.hearers), answers_by_quoting(turn, recites)
    return GuardRules(
        own_name=turn.character.name,
        other_names=tuple(state.name(who) for who in state.people if who != turn.part.who),
        secret_words=tuple(word for secret in kept(turn.character, told) for word in secret.words),
        banned=(*voice.banned, *guards.banned_words),
        never_address=voice.never_address,
        phrases=tuple(phrase.text for phrase in voice.catchphrases),
        overused=_overused(turn),
        earlier=() if quotes else tuple(_earlier(turn, recites=recites)),
        heard=() if quotes else tuple(said.text for said in talk.heard[-20:]),
        max_sentences=min(guards.max_sentences or _FEW, _FEW) if turn.author_leads else guards.max_sentences,
        loop_detection=guards.loop_detection,
        doing=turn.offer.doing,
        honest=turn.sincere or turn.author_leads,
        authored=tuple(turn.spoken(line) for line in authored(turn)),
        recites=turn.is_understudy or recites,
        moment=moment(turn) if turn.minds_sense and not recites else None,
        addressing=addressing(turn, recites=recites),
        unknown=turn.not_known,
        language=guess_language(turn.heard) if turn.heard else turn.part.language,
        by_name=turn.card.by_name,
        instead=bool(while_doing(turn)),
    )


def answers_by_quoting(turn: TurnContext, recites: bool) -> bool:
    """Whether code says to somebody what they told before, or their name: their words are theirs to hear again, and who
    asks twice is told twice."""
    heard, code = turn.heard, guess_language(turn.heard)
    return (recites or turn.is_understudy) and (slips.asks_what_one_said(heard, code) or asks_own_name(heard, code))


def _earlier(turn: TurnContext, *, recites: bool) -> list[str]:
    """The lines that are not said again. The author's count for who heard them; a model reads all its own in the talk,
    and would only copy them."""
    if recites or turn.is_understudy:
        return turn.said
    said = turn.part.talk.said if turn.is_local else turn.part.talk.said[-20:]
    return [*said, *turn.trigger.avoid]


def _overused(turn: TurnContext) -> tuple[str, ...]:
    """Catchphrases that came up so lately that once more would be above their rate."""
    said = turn.part.talk.said
    found = []
    for phrase in turn.character.voice.catchphrases:
        lately = len(said) if phrase.rate == 0 else round(1 / phrase.rate) - 1
        recent = said[max(0, len(said) - lately) :]
        if phrase.rate == 0 or any(first_word([phrase.text], line) for line in recent):
            found.append(phrase.text)
    return tuple(found)
