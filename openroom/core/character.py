"""A character: the persistent persona as its author wrote it (``characters/<id>/character.yaml``).

What tuning may change lives in the `Harness` that `Character.harness` derives; everything else here is locked.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from openroom.core.harness import Example, Guards, Harness, HarnessSampling, Line, MemorySettings, OptionalLine, Rule
from openroom.core.lore.book import Lore
from openroom.core.macros import read_card, read_name
from openroom.core.misplaced import Misplaced
from openroom.core.translation import Translations
from openroom.language.honesty import admits, denies

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Persona = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
"""How long a description may be; what of it a model reads is chosen for its prompt (`openroom.core.condense`)."""
Greeting = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Unit = Annotated[float, Field(ge=0, le=1)]
Place = Annotated[int, Field(ge=0, le=20_000)]
VoiceName = Annotated[Line, Field(max_length=100)]

EMOTIONS = ("calm", "happy", "amused", "tender", "curious", "surprised", "worried", "sad", "angry", "embarrassed")
"""The emotions every character can show; a definition may choose fewer or add its own."""


PLAIN = "plain, friendly"
"""The register of who has none of its own."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")

_OPEN, _WARM = 0.45, 0.65
"""From so much affinity on a character meets visitors openly, and warmly."""


class Part(BaseModel):
    """Base of everything authors write: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Catchphrase(Part):
    """A turn of phrase and how often it should occur: ``rate`` is the share of replies that hold it, at most."""

    text: Short
    rate: Unit = 0.1


class Sound(Part):
    """How the character sounds to a player whose browser reads its lines aloud (Web Speech). Never in a prompt."""

    language: str = Field(default="", max_length=35)
    """What its voice speaks, as a BCP 47 tag (``en-GB``); empty: the character's `language`."""
    pitch: float = Field(default=1, ge=0, le=2)
    """0 (lowest) to 2 (highest); 1 is the voice's own."""
    rate: float = Field(default=1, ge=0.5, le=2)
    """How fast: 0.5 (half as fast) to 2; 1 is the voice's own."""
    voices: Annotated[tuple[VoiceName, ...], Field(max_length=8)] = ()
    """Names of voices, the best liked first; which of them there are is the browser's matter."""

    @field_validator("language")
    @classmethod
    def _is_a_tag(cls, tag: str) -> str:
        if tag and not _TAG.fullmatch(tag):
            raise ValueError(f"expected a language as a BCP 47 tag, such as en or pt-BR, came {tag!r}")
        return tag

    def given(self) -> dict[str, Any]:
        """What its author chose, as JSON; a page goes by the voice's own for the rest."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Voice(Part):
    """How the character talks. ``length`` bounds a reply: short is 1-2 sentences, medium up to 4, long up to 8."""

    register_: Short = Field(default=PLAIN, alias="register")
    length: Literal["short", "medium", "long"] = "short"
    catchphrases: tuple[Catchphrase, ...] = ()
    banned: tuple[Short, ...] = ()
    address: str = Field(default="", max_length=60)
    """What the character calls a visitor (``traveller``); empty: by name."""
    never_address: tuple[Short, ...] = ()
    """Forms of address it must not use."""
    fallbacks: Annotated[tuple[Short, ...], Field(max_length=24)] = ()
    """What it says when it has no answer: lines that fit anything. Only the understudy needs them."""
    doing: Annotated[tuple[Short, ...], Field(max_length=24)] = ()
    """What it says while it does what it was asked for, where no other line of its author's does: lines that fit any
    deed. The understudy says them, and a small model that finds no words."""
    admission: str = Field(default="", max_length=300)
    """How it says, sincerely asked, that it is software; empty: in plain words."""
    sound: Sound | None = None
    """How it sounds where it is read aloud; none: as the browser's own voice for its language."""

    @field_validator("admission")
    @classmethod
    def _admits(cls, text: str) -> str:
        if text and (denies(text, asked=True) or not admits(text, answer=True)):
            raise ValueError(f'expected words that say that it is software ("A program plays me."), came {text!r}')
        return text

    @property
    def max_sentences(self) -> int:
        """The sentence bound behind ``length``."""
        return {"short": 2, "medium": 4, "long": 8}[self.length]


class Fact(Part):
    """One thing that is true of the character. ``say`` is how it tells it itself, ``ask`` is a question about it,
    ``answer`` lists words of which one must occur in a true answer, ``wrong`` lists words that contradict it."""

    id: Slug
    text: Short
    say: str = Field(default="", max_length=300)
    kind: Slug = "fact"
    ask: tuple[Short, ...] = ()
    answer: tuple[Short, ...] = ()
    wrong: tuple[Short, ...] = ()


class Knowledge(Part):
    """The limits of what the character knows. ``until`` is the last year it knows of; ``unknown`` are topics it never
    heard of.
    """

    period: str = Field(default="", max_length=200)
    until: int | None = Field(default=None, ge=-5000, le=3000)
    unknown: tuple[Short, ...] = ()


class Secret(Part):
    """Something the character keeps. ``hint`` may show before it is told; ``to`` lists who may learn it (``anyone``,
    a character's id). It may be told after ``after_turns`` and from ``after_stage`` on; before that, or with
    ``never``, it is in no prompt."""

    id: Slug
    text: Text
    hint: str = Field(default="", max_length=300)
    words: tuple[Short, ...] = ()
    """Words that give it away: a reply with one of them leaks it."""
    to: tuple[Short, ...] = ("anyone",)
    after_turns: int | None = Field(default=None, ge=1, le=10_000)
    """May be told after so many of the character's replies to this person."""
    after_stage: Slug | None = None
    """May be told from this stage of the scene on."""
    never: bool = False


class Relationship(Part):
    """What the character feels for another one (or for ``visitor``). ``affinity``, 0..1, is how much it likes them."""

    kind: Short
    feeling: str = Field(default="", max_length=300)
    affinity: Unit = 0.5


class Emotions(Part):
    """What can show on the character's face: ``default`` is how it looks when nothing happened."""

    default: Slug = "calm"
    can: tuple[Slug, ...] = EMOTIONS

    @model_validator(mode="after")
    def _default_is_one(self) -> Emotions:
        if self.default not in self.can:
            raise Misplaced([(("default",), f"one of {list(self.can)}", repr(self.default))])
        return self


class ExampleLine(Part):
    """One exchange in the author's words: ``heard`` was said to the character, ``say`` is its answer."""

    heard: Short
    say: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
    emotion: Annotated[OptionalLine, Field(max_length=40)] = ""
    do: Annotated[OptionalLine, Field(max_length=80)] = ""


class Ready(Part):
    """A line that the character has ready: ``heard`` are ways to say one thing to it, and ``say`` answers each of them,
    whatever happened before and however things stand."""

    heard: Annotated[tuple[Short, ...], Field(min_length=1, max_length=12)]
    say: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
    emotion: Annotated[OptionalLine, Field(max_length=40)] = ""


class Turning(Part):
    """How the character takes part: ``talkativeness`` 0..1 is the chance to answer a line that addresses nobody."""

    talkativeness: Unit = 0.6


class KeptFirst(Part):
    """Which sentences of a long persona a model with little room reads first, as a model named them when the card came
    in (``by``). ``keep`` are their spans in the persona as it is read, macros filled in, the one to keep first first;
    ``of`` is that persona's digest (`digest_of`): of another persona it says nothing."""

    of: str = Field(pattern=r"^[0-9a-f]{16}$")
    by: str = Field(default="", max_length=100)
    keep: Annotated[tuple[tuple[Place, Place], ...], Field(min_length=1, max_length=400)]

    def spans(self, persona: str) -> tuple[tuple[int, int], ...]:
        """The spans, where they are of this ``persona``; else none."""
        return self.keep if self.of == digest_of(persona) else ()


def digest_of(persona: str) -> str:
    """What tells a persona from an edited one: the first 16 digits of its SHA-256."""
    return hashlib.sha256(persona.encode("utf-8", "replace")).hexdigest()[:16]


class Character(Part):
    """A character definition, format 1."""

    format: Literal[1]
    id: Slug
    name: Short
    line: Short
    """The public line: what everybody may know."""
    appearance: str = Field(default="", max_length=1000)
    persona: Persona
    condensed: KeptFirst | None = None
    """What of a long persona is read first; none: what code chooses."""
    body: Literal["figure", "none"] = "figure"
    """Whether it stands in the room; without a body it is a narrator, who tells what happens and is not seen."""
    language: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    pronouns: str = Field(default="", max_length=40)
    voice: Voice = Voice()
    facts: tuple[Fact, ...] = ()
    knowledge: Knowledge = Knowledge()
    secrets: tuple[Secret, ...] = ()
    boundaries: tuple[Short, ...] = ()
    goals: tuple[Short, ...] = ()
    relationships: dict[Slug, Relationship] = {}
    emotions: Emotions = Emotions()
    greeting: Greeting
    greetings: tuple[Greeting, ...] = ()
    greet: Literal["written", "anew"] = "written"
    """Whether a greeting is said as written, or a model words it anew."""
    examples: Annotated[tuple[ExampleLine, ...], Field(max_length=24)] = ()
    repertoire: Annotated[tuple[Ready, ...], Field(max_length=120)] = ()
    """What it has ready besides: it stands in no prompt, and is said where it surely answers and the model is small."""
    rules: Annotated[tuple[Line, ...], Field(max_length=80)] = ()
    turns: Turning = Turning()
    sampling: HarnessSampling = HarnessSampling(temperature=0.7, top_p=0.9)
    guards: Guards = Guards()
    memory: MemorySettings = MemorySettings()
    colour: str = Field(default="#8d6e63", pattern=r"^#[0-9a-fA-F]{6}$")
    art: str = Field(default="", max_length=80)
    """Name of the character's art folder; empty: its own id."""
    lore: Lore | None = None
    """What it knows when it comes up; in a file of its own, ``lore.yaml`` beside the card."""
    translations: Translations = Field(default_factory=dict, exclude=True)
    """Not a part of what a log pins: they change nothing that happens."""

    @model_validator(mode="before")
    @classmethod
    def _macros(cls, given: Any) -> Any:
        name = given.get("name") if isinstance(given, dict) else None
        if not isinstance(name, str):
            return given
        card = str(given.get("id", ""))
        name = read_name(name, card)
        return read_card({key: value for key, value in given.items() if key != "name"}, name, card) | {"name": name}

    @field_validator("facts", "secrets")
    @classmethod
    def _unique_ids(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        ids = [item.id for item in items]
        double = sorted({one for one in ids if ids.count(one) > 1})
        if double:
            raise ValueError(f"expected ids that occur once, came {double} more than once")
        return items

    @model_validator(mode="after")
    def _example_emotions(self) -> Character:
        can = self.emotions.can
        shown = [("examples", at, one.emotion) for at, one in enumerate(self.examples)]
        shown += [("repertoire", at, one.emotion) for at, one in enumerate(self.repertoire)]
        wrong = [((key, at, "emotion"), f"one of {list(can)}", repr(e)) for key, at, e in shown if e and e not in can]
        if wrong:
            raise Misplaced(wrong)
        return self

    @property
    def is_narrator(self) -> bool:
        """Whether it tells what happens, and is nowhere to be seen."""
        return self.body == "none"

    def harness(self) -> Harness:
        """The harness as the author wrote it: the first version, which tuning starts from."""
        guards = self.guards
        if not guards.max_sentences:
            guards = guards.model_copy(update={"max_sentences": self.voice.max_sentences + 1})
        return Harness(
            rules=tuple(Rule(id=f"author_{n}", text=text) for n, text in enumerate(self.rules, 1)),
            examples=tuple(
                Example(id=f"author_{n}", heard=e.heard, say=e.say, emotion=e.emotion, do=e.do)
                for n, e in enumerate(self.examples, 1)
            ),
            sampling=self.sampling,
            guards=guards,
            memory=self.memory,
        )

    def texts(self) -> list[str]:
        """What people read of it before it says a word."""
        return list(dict.fromkeys(text for text in (self.line, self.appearance, self.pronouns) if text))

    def heard(self) -> list[str]:
        """What may be said to it, in its author's words: translations tell these too, and nobody gets them but as a
        suggestion (`openroom.core.askable`)."""
        asked = [text for fact in self.facts for text in fact.ask]
        return list(dict.fromkeys([*asked, *(example.heard for example in self.examples)]))

    def public(self) -> dict[str, Any]:
        """What anybody may perceive of the character without talking to it."""
        card = {
            "id": self.id,
            "name": self.name,
            "line": self.line,
            "appearance": self.appearance,
            "pronouns": self.pronouns,
            "body": self.body if self.is_narrator else "",
            "colour": self.colour,
            "art": self.art or self.id,
            "language": self.language,
            "emotions": list(self.emotions.can),
            "attitude": self.attitude(),
            "sound": (self.voice.sound and self.voice.sound.given()) or "",
        }
        return {key: value for key, value in card.items() if value != ""}

    def attitude(self) -> str:
        """How it meets a visitor, as anybody can tell: ``reserved``, ``open`` or ``warm``; empty: it does not say."""
        visitor = self.relationships.get("visitor")
        if visitor is None:
            return ""
        return "reserved" if visitor.affinity < _OPEN else "open" if visitor.affinity < _WARM else "warm"

    def likes(self, other: str) -> float:
        """How much it likes another character (by id), 0..1; 0.5 where nothing is written."""
        known = self.relationships.get(other)
        return known.affinity if known else 0.5
