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

``when`` maps a field to a value, a list of values, or ``{is, not, in, min, max}``; its key ``or`` holds a list of such
mappings, one of which must hold, its key ``not`` one that must not. ``set`` maps a field to a value, ``"{param}"``,
``"+1"`` / ``"-1"`` (integers), ``{append: "{text}"}`` or ``{clear: true}`` (notes). In texts ``{actor}``, ``{prop}``,
parameters and fields are filled in; nothing else in braces is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictInt, StringConstraints, Tag, model_validator

from openroom.core.character import Part, Short, Slug
from openroom.core.scene import Time, Weather
from openroom.core.translation import Translations
from openroom.props.declared.fields import ChoiceType, FieldSpec, ParamSpec, Value
from openroom.props.declared.when import When

_HOLE = re.compile(r"\{[^{}]*\}")
_SIGNED = re.compile(r"^[+-]\d{1,6}$")


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


def _as_change(value: Any) -> Any:
    if isinstance(value, str) and _SIGNED.match(value):
        return {"by": int(value)}
    return {"to": value} if isinstance(value, (bool, int, str)) else value


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Hearers = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=80)], ...], BeforeValidator(_as_tuple)
]
"""Who perceives what comes of it: ``actor`` (who did it, who always does) and participant ids."""


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
    tells_to: Hearers | None = None
    """None: everybody."""


class ElseSpec(Effect):
    """What comes of a verb that was tried in vain. Such a verb is offered as long as it can be tried."""

    tells: Short


class VerbSpec(Effect):
    """A verb. ``who`` lists roles or participant ids that may use it (empty: anybody); ``else`` is said when
    ``when`` fails, or what happens then."""

    label: Short
    words: Annotated[tuple[Short, ...], Field(max_length=24)] = ()
    params: dict[Slug, ParamSpec] = Field(default_factory=dict)
    who: tuple[Annotated[str, StringConstraints(min_length=1, max_length=80)], ...] = ()
    else_: Annotated[
        Annotated[str, Field(max_length=300), Tag("sentence")] | Annotated[ElseSpec, Tag("branch")],
        Discriminator(lambda value: "branch" if isinstance(value, Mapping | ElseSpec) else "sentence"),
    ] = Field(default="", alias="else")
    tells: Short

    @property
    def in_vain(self) -> ElseSpec | None:
        """What happens when it is tried in vain, if anything does."""
        return self.else_ if isinstance(self.else_, ElseSpec) else None

    @property
    def excuse(self) -> str:
        """What is said when it can't be done."""
        return "" if isinstance(self.else_, ElseSpec) else self.else_


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
        """What people read: names, labels, sentences, looks, and the words of choices that are filled into them."""
        found = [self.name, self.line]
        for verb in self.verbs.values():
            found += [verb.label, verb.in_vain.tells if verb.in_vain else verb.excuse, verb.tells]
        found += [tick.tells for tick in self.ticks.values()]
        found += [look.text for look in self.looks]
        choices = [*self.state.items(), *(param for verb in self.verbs.values() for param in verb.params.items())]
        for name, choice in choices:
            if isinstance(choice, ChoiceType) and any(f"{{{name}}}" in text for text in found):
                found += choice.of
        return list(dict.fromkeys(text for text in found if any(char.isalpha() for char in _HOLE.sub("", text))))
