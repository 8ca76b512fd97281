"""What the steps of a turn share: who plays, on which occasion, in which version, and before whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openroom.cast.turn.deeds import Offer
from openroom.cast.turn.mind import Mind
from openroom.cast.turn.secrets import tellable
from openroom.cast.turn.talk import party_to
from openroom.core.actor import Actor, is_character
from openroom.core.character import Character, Secret
from openroom.core.condense import Budget
from openroom.core.event import Said
from openroom.core.harness import Harness
from openroom.core.macros import ANYBODY, Values, filled
from openroom.core.persona import mask_by, mask_now, mask_of
from openroom.core.state import World
from openroom.core.view import visits_of
from openroom.errors import ModelMalformed
from openroom.ports.budget import budget_of
from openroom.ports.embedder import Embedder
from openroom.ports.model import Model
from openroom.ports.patterns import TURN_SECONDS, Allowance, Patterns
from openroom.ports.prompt import Party
from openroom.room.clock import moment
from openroom.room.room import Room

if TYPE_CHECKING:
    from openroom.cast.turn.lore import LoreUse

Why = Literal["said", "entered", "nudged", "awaited", "autoplay", "noticed", "continued"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a turn begins: the event, who it answers, whether it may pass, and which language who came in reads.
    ``person`` is who called for it, also where a character's line did so after theirs. Another try (``again``: the
    seq of the move that asked for it) says none of the lines to ``avoid``, and is as somebody ``wished``."""

    why: Why
    seq: int
    by: str
    whisper: bool = False
    may_pass: bool = False
    language: str = ""
    person: str = ""
    again: int = 0
    avoid: tuple[str, ...] = ()
    wish: str = ""
    persona: str = ""
    """The persona that spoke, where it was not the one they show."""

    @property
    def since(self) -> int:
        """The event that called for the turn: if the story goes another way after it, it is called for no more."""
        return max(self.seq, self.again)


class TurnContext:
    """A character's go as each of its steps knows it. ``offer``, ``sincere``, ``not_known`` and ``confidants`` are
    found when the request is composed. ``character`` and ``harness`` are as they are played, with what was made for a
    card that leaves it out (`openroom.core.completed`); ``version`` is the digest of the harness that was given."""

    def __init__(self, id: str, room: Room, part: Mind, trigger: Occasion, model: Model, harness: Harness) -> None:
        self.id, self.room, self.part, self.trigger = id, room, part, trigger
        self.model, self.version = model, harness.digest
        self.card = part.card(_definition(room.world, part.who))
        self.character, self.harness = self.card.character, part.played(self.card, harness)
        self.actor = Actor(part.who, "character", self.character.name)
        self.offer = Offer((), (), {}, self.is_local, False)
        self.sincere = False
        """Whether it was asked, and not in play, what it is."""
        self.not_known: tuple[str, ...] = ()
        """Words of the line that is answered for what the character cannot know."""
        self.confidants: tuple[str, ...] = ()
        """Who was there when secrets, or what was confided, went into the prompt."""
        self.party: Party | None = None
        """Who may hear what was confided and stands in the prompt, by mask; ``None`` where nothing was."""
        self.embedder: Embedder | None = None
        """Who compares what was said with the author's lines by meaning."""
        self.patterns: Patterns | None = None
        """Who looks for keys of lore that are regular expressions."""
        self.scans = Allowance(0.0 if self.is_understudy else TURN_SECONDS)
        """How long such keys may still be looked for in this turn; never for the understudy, which reads no lore."""
        self.lore: tuple[LoreUse, ...] = ()
        """Which entries of lorebooks came up, and what became of each."""

    @property
    def is_local(self) -> bool:
        """Whether a model on this machine speaks: it is small, and every token it reads costs time."""
        return self.model.info.kind == "local"

    @property
    def is_understudy(self) -> bool:
        """Whether the understudy speaks: its calls are free, and it reads the cue only."""
        return self.model.info.kind == "understudy"

    @property
    def author_leads(self) -> bool:
        """Whether the author's words come before the model's own: it talks too poorly to lead."""
        return self.model.info.level == "small" and not self.is_understudy

    @property
    def minds_sense(self) -> bool:
        """Whether code looks for nonsense before a sentence is shown."""
        return self.model.info.level != "able" and not self.is_understudy

    @property
    def budget(self) -> Budget:
        """What of talk, persona and facts the model has room for."""
        return budget_of(self.model.info)

    @property
    def heard(self) -> str:
        """The line that is answered; empty where the turn answers none."""
        return self.heard_line.text if self.heard_line is not None else ""

    @property
    def heard_line(self) -> Said | None:
        """The same as an event: the last that nobody who will hear the reply was kept from."""
        if self.trigger.why not in ("said", "autoplay"):
            return None
        return next((said for said in reversed(self.part.talk.heard) if self.all_know(said)), None)

    @property
    def about(self) -> tuple[int, ...]:
        """The seq of the line that is answered, for notes that rest on it."""
        return () if self.heard_line is None else (self.heard_line.seq,)

    def all_know(self, said: Said) -> bool:
        """Whether a line may come up before all who will hear the reply: said aloud, or they were party to it."""
        party = party_to(said, self.room.state)
        return party is None or party.issuperset(self.masks(self.hearers))

    def name(self, who: str) -> str:
        """What somebody is called in the room; who is answered, as they spoke."""
        if who == self.trigger.by and self.trigger.persona:
            shown = self.room.state.people.get(who, {}).get("personas", {})
            return str(shown.get(self.trigger.persona, {}).get("name", self.room.state.name(who)))
        return self.room.state.name(who)

    def mask(self, who: str) -> str:
        """Whom the character takes somebody for (`openroom.core.persona`); who is answered, as they spoke."""
        state, spoke = self.room.state, self.trigger.persona
        return mask_by(state, who, spoke) if spoke and who == self.trigger.by else mask_now(state, who)

    def masks(self, hearers: Sequence[str]) -> list[str]:
        """The masks of those who hear: of who speaks as another persona than they show, both."""
        state = self.room.state
        return list(dict.fromkeys([*(mask_now(state, who) for who in hearers), *map(self.mask, hearers)]))

    def is_theirs(self, said: Said) -> bool:
        """Whether a line is of who is answered, as far as the character can tell."""
        by = self.trigger.by
        return said.actor == by and mask_of(self.room.state, said) == self.mask(by)

    @property
    def visitor(self) -> str:
        """Who is spoken to, as ``{{user}}`` in a line says it."""
        return self.name(self.trigger.by) if self.trigger.by else ANYBODY

    def spoken(self, line: str) -> str:
        """An author's line as it is said now. What is drawn goes by the room and by the turn's id, which stands in the
        event as its cause, so it can be drawn again; a ``{{pick}}`` by the room and the character alone."""
        return filled(line, self._values())

    def _values(self) -> Values:
        room, now = self.room.id, moment(self.room.clock()).astimezone()
        return Values(
            char=self.character.name,
            user=self.visitor,
            time=f"{now:%H:%M}",
            date=f"{now.day} {now:%B} {now.year}",
            weekday=f"{now:%A}",
            seed=f"{room}/{self.id}",
            stable=f"{room}/{self.character.id}",
        )

    @property
    def to(self) -> list[str] | None:
        """Who the reply is for: everybody (``None``), or the whisperer."""
        return [self.trigger.by] if self.trigger.whisper else None

    @property
    def hearers(self) -> list[str]:
        """Everybody who will perceive the reply, the character left out."""
        return self.to or self.others

    @property
    def listeners(self) -> list[str]:
        """The people among the hearers; where nobody is, all of them. Characters heard everything the evening
        long: counted, they would use up a line for whoever comes."""
        return [who for who in self.hearers if not is_character(who)] or self.hearers

    @property
    def said(self) -> list[str]:
        """The lines of its own that somebody who will hear the reply has heard in their visit. Of greetings all are
        told apart, so that who comes again is greeted anew."""
        talk = self.part.talk
        heard = talk.said if self.trigger.why == "entered" else talk.said_to(self.listeners, visits_of(self.room.state))
        return [*heard, *self.trigger.avoid]

    @property
    def others(self) -> list[str]:
        """Everybody who is here, the character left out."""
        return [who for who in self.room.state.here() if who != self.part.who]

    @property
    def audience(self) -> list[str] | None:
        """Who may hear it as things are now: everybody (``None``), or these.

        Who comes in while a secret is on its way, and may not learn it, does not hear this reply.
        """
        if self.to or not self.confidants or self._all_may_hear():
            return self.to
        return [who for who in self.confidants if self.room.state.is_here(who)]

    def _all_may_hear(self) -> bool:
        """Whether all who are here now may be told what stands in the prompt."""
        confided = self.party is None or self.party.issuperset(self.masks(self.hearers))
        return confided and self.part.told.keys() <= {secret.id for secret in self.tellable(self.hearers)}

    def tellable(self, hearers: Sequence[str]) -> list[Secret]:
        """The secrets that may come out now before ``hearers``."""
        stages = [stage.id for stage in self.room.world.scene.stages]
        replies = {who: self.part.talk.replies.get(self.mask(who), 0) for who in hearers}
        return tellable(self.character, self.room.state, stages, hearers, replies)


def _definition(world: World, who: str) -> Character:
    definition = world.character(who)
    if definition is None:
        raise ModelMalformed(f"{who} has no definition in this room.")
    return definition
