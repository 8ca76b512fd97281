"""The plain-YAML form of a prop (``scenes/_props/<kind>.yaml``), format 1. `openroom.props.declared.prop.YamlProp`
makes it work.

    format: 1
    kind: lamp
    name: Paper lamp
    line: A paper lamp on a brass stand.
    state:
      lit: {type: boolean}
    verbs:
      light:
        label: Light the lamp
        words: [light, lamp]
        when: {lit: false}
        else: The lamp is already lit.
        set: {lit: true}
        tells: "{actor} lights the lamp."
    looks:
      - {when: {lit: true}, text: It glows., picture: lit}
      - {text: It is dark., picture: dark}

``when`` maps a field to a value, a list of values, or ``{is, not, in, min, max}``. ``set`` maps a field to a value,
``"{param}"``, ``"+1"`` / ``"-1"`` (integers), ``{append: "{text}"}`` or ``{clear: true}`` (notes). In texts
``{actor}``, ``{prop}``, parameters and fields are filled in; nothing else in braces is allowed.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StringConstraints, field_validator, model_validator

from openroom.core.character import Part, Short, Slug
from openroom.core.scene import Time, Weather
from openroom.core.translation import Translations

Word = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f{}]{1,40}$")]
_SIGNED = re.compile(r"^[+-]\d{1,6}$")


def _scalar(value: Any) -> Any:
    if isinstance(value, (bool, int, str)):
        return value
    raise ValueError("expected true, false, a whole number or a text")


Value = Annotated[Any, BeforeValidator(_scalar)]
"""One value of a field: a boolean, a whole number or a text."""


class BooleanType(Part):
    """True or false."""

    type: Literal["boolean"]


class IntegerType(Part):
    """A whole number from ``min`` to ``max``, both included."""

    type: Literal["integer"]
    min: StrictInt = 0
    max: StrictInt = 100

    @model_validator(mode="after")
    def _some_room(self) -> IntegerType:
        if self.min > self.max:
            raise ValueError(f"expected min <= max, came {self.min} > {self.max}")
        return self


class ChoiceType(Part):
    """One of the words in ``of``."""

    type: Literal["choice"]
    of: Annotated[tuple[Word, ...], Field(min_length=1, max_length=24)]

    @field_validator("of")
    @classmethod
    def _no_doubles(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        if len({word.casefold() for word in words}) != len(words):
            raise ValueError("expected words that occur once")
        return words


class TextType(Part):
    """One line of text of at most ``max`` characters."""

    type: Literal["text"]
    max: Annotated[StrictInt, Field(ge=1, le=2000)] = 200


class BooleanField(BooleanType):
    """A boolean of the state."""

    initial: StrictBool = False


class IntegerField(IntegerType):
    """A whole number of the state; it starts at ``initial``, or else at ``min``."""

    initial: StrictInt | None = None

    @model_validator(mode="after")
    def _initial_fits(self) -> IntegerField:
        if self.initial is not None and not self.min <= self.initial <= self.max:
            raise ValueError(f"expected initial from {self.min} to {self.max}, came {self.initial}")
        return self


class ChoiceField(ChoiceType):
    """A word of the state; it starts as ``initial``, or else as the first one."""

    initial: Word | None = None

    @model_validator(mode="after")
    def _initial_fits(self) -> ChoiceField:
        if self.initial is not None and self.initial not in self.of:
            raise ValueError(f"expected initial to be one of {list(self.of)}, came {self.initial!r}")
        return self


class TextField(TextType):
    """A text of the state."""

    initial: str = ""

    @model_validator(mode="after")
    def _initial_fits(self) -> TextField:
        if len(self.initial) > self.max:
            raise ValueError(f"expected an initial text of at most {self.max} characters, came {len(self.initial)}")
        return self


class BoardNote(Part):
    """One signed note."""

    by: Annotated[str, StringConstraints(max_length=60)] = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class NotesField(Part):
    """A list of signed notes; where ``max`` are there already, the oldest makes room for a new one."""

    type: Literal["notes"]
    max: Annotated[StrictInt, Field(ge=1, le=100)] = 12
    initial: tuple[BoardNote, ...] = ()

    @model_validator(mode="after")
    def _initial_fits(self) -> NotesField:
        if len(self.initial) > self.max:
            raise ValueError(f"expected at most {self.max} initial notes, came {len(self.initial)}")
        return self


FieldSpec = Annotated[BooleanField | IntegerField | ChoiceField | TextField | NotesField, Field(discriminator="type")]
ParamSpec = Annotated[BooleanType | IntegerType | ChoiceType | TextType, Field(discriminator="type")]


class Test(Part):
    """What a field must be; all the given conditions hold together. For notes ``min`` and ``max`` count them."""

    __test__ = False  # no test class of pytest's

    is_: Value = Field(default=None, alias="is")
    not_: Value = Field(default=None, alias="not")
    in_: tuple[Value, ...] | None = Field(default=None, alias="in", min_length=1)
    min: StrictInt | None = None
    max: StrictInt | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Test:
        if not self.model_fields_set:
            raise ValueError("expected at least one of is, not, in, min, max")
        return self


class Change(Part):
    """What becomes of a field: exactly one of the four."""

    to: Value = None
    by: StrictInt | None = None
    append: Short | None = None
    clear: Literal[True] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Change:
        if len(self.model_fields_set) != 1:
            raise ValueError("expected exactly one of to, by, append, clear")
        return self


def _as_test(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return {"in": value}
    return {"is": value} if isinstance(value, (bool, int, str)) else value


def _as_change(value: Any) -> Any:
    if isinstance(value, str) and _SIGNED.match(value):
        return {"by": int(value)}
    return {"to": value} if isinstance(value, (bool, int, str)) else value


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


When = dict[Slug, Annotated[Test, BeforeValidator(_as_test)]]


class After(Part):
    """A timer: ``seconds`` from now the tick ``do`` happens, or of several those whose ``when`` holds then. Setting it
    again moves it.
    """

    seconds: Annotated[float, Field(ge=0.1, le=86_400)]
    do: Annotated[tuple[Slug, ...], BeforeValidator(_as_tuple), Field(min_length=1, max_length=8)]


class SceneChange(Part):
    """What becomes of the scene's time of day and weather."""

    time: Time | None = None
    weather: Weather | None = None


class Effect(Part):
    """What a verb or a tick does, given that ``when`` holds."""

    when: When = Field(default_factory=dict)
    set_: dict[Slug, Annotated[Change, BeforeValidator(_as_change)]] = Field(default_factory=dict, alias="set")
    scene: SceneChange = SceneChange()
    after: After | None = None
    cancel: tuple[Slug, ...] = ()
    """Ticks that shall not happen any more."""


class VerbSpec(Effect):
    """A verb. ``who`` lists roles or participant ids that may use it (empty: anybody); ``else`` is said when
    ``when`` fails."""

    label: Short
    words: Annotated[tuple[Short, ...], Field(max_length=24)] = ()
    params: dict[Slug, ParamSpec] = Field(default_factory=dict)
    who: tuple[Annotated[str, StringConstraints(min_length=1, max_length=80)], ...] = ()
    else_: str = Field(default="", alias="else", max_length=300)
    tells: Short


class TickSpec(Effect):
    """What happens by itself when a timer runs out; without ``tells`` it passes silently."""

    tells: str = Field(default="", max_length=300)


class LookSpec(Part):
    """What one sees while ``when`` holds: a sentence and the key of a picture."""

    when: When = Field(default_factory=dict)
    text: Short
    picture: Slug | Literal[""] = ""


class PropSpec(Part):
    """A prop definition, format 1."""

    format: Literal[1]
    kind: Slug
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    line: Short
    art: str = Field(default="", max_length=80)
    shown_as: str = Field(default="", max_length=80, exclude=True)
    """The kind, written in Python, whose view shows it. As translations no part of what a log pins."""
    state: Annotated[dict[Slug, FieldSpec], Field(max_length=24)] = Field(default_factory=dict)
    verbs: Annotated[dict[Slug, VerbSpec], Field(max_length=24)] = Field(default_factory=dict)
    ticks: Annotated[dict[Slug, TickSpec], Field(max_length=24)] = Field(default_factory=dict)
    looks: Annotated[tuple[LookSpec, ...], Field(max_length=24)] = ()
    translations: Translations = Field(default_factory=dict, exclude=True)
    """Not a part of what a log pins: they change nothing that happens."""

    def texts(self) -> list[str]:
        """What people read: names, labels, sentences, and the words of choices that are filled into them. Looks are
        told to characters only.
        """
        found = [self.name, self.line]
        for verb in self.verbs.values():
            found += [verb.label, verb.else_, verb.tells]
        found += [tick.tells for tick in self.ticks.values()]
        choices = [*self.state.items(), *(param for verb in self.verbs.values() for param in verb.params.items())]
        for name, choice in choices:
            if isinstance(choice, ChoiceType) and any(f"{{{name}}}" in text for text in found):
                found += choice.of
        return list(dict.fromkeys(text for text in found if any(char.isalpha() for char in text)))
