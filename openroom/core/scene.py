"""A scene: what a room is made from (``scenes/<id>/scene.yaml``)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from openroom.core.character import Part, Short, Slug, Text
from openroom.core.lore.book import Lore
from openroom.core.misplaced import Misplaced
from openroom.core.translation import Translations

ResponderMode = Literal["natural", "smart", "round_robin", "list", "pooled", "manual", "nobody"]
TIMES = ("dawn", "day", "dusk", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow", "storm", "fog")
Time = Annotated[str, StringConstraints(pattern=f"^({'|'.join(TIMES)})$")]
Weather = Annotated[str, StringConstraints(pattern=f"^({'|'.join(WEATHERS)})$")]


class Place(Part):
    """Where something stands on the stage, in per cent of its width and height (0, 0 is the upper left)."""

    x: Annotated[float, Field(ge=0, le=100)] = 50
    y: Annotated[float, Field(ge=0, le=100)] = 60
    scale: Annotated[float, Field(gt=0, le=5)] = 1


class ScenePlacedProp(Part):
    """A prop in the scene. ``kind`` names a prop definition; ``state`` overrides its initial values."""

    id: Slug
    kind: Slug
    name: str = Field(default="", max_length=60)
    place: Place = Place()
    state: dict[str, Any] = Field(default_factory=dict)


class SceneCharacter(Part):
    """A character of the scene and where it stands."""

    id: Slug
    place: Place = Place()


class Responders(Part):
    """Who answers. ``autoplay`` lets characters talk among themselves, at most ``autoplay_turns`` turns without a
    person's line. ``order`` names characters of the scene in the order in which they speak (`list`, `round_robin`);
    those it leaves out follow. ``nudge`` says who may have a character speak.
    """

    mode: ResponderMode = "natural"
    order: Annotated[tuple[Slug, ...], Field(max_length=12)] = ()
    nudge: Literal["everybody", "owner"] = "everybody"
    autoplay: bool = False
    autoplay_turns: Annotated[int, Field(ge=0, le=20)] = 4


class Stage(Part):
    """A stage of the scene's story; ``title`` is what people see of it, ``text`` what everybody perceives when it
    begins."""

    id: Slug
    title: str = Field(default="", max_length=60)
    text: Text


class Scene(Part):
    """A scene definition, format 1."""

    format: Literal[1]
    id: Slug
    title: Short
    line: Short
    description: Text
    backdrop: str = Field(default="", max_length=80)
    time: Time = "night"
    weather: Weather = "clear"
    language: str = Field(default="en", max_length=20)
    characters: Annotated[tuple[SceneCharacter, ...], Field(max_length=12)] = ()
    props: Annotated[tuple[ScenePlacedProp, ...], Field(max_length=40)] = ()
    responders: Responders = Responders()
    prologue: str = Field(default="", max_length=2000)
    stages: tuple[Stage, ...] = ()
    suggestions: Annotated[tuple[Short, ...], Field(max_length=8)] = ()
    """First lines a visitor might say, offered as suggested replies."""
    max_players: Annotated[int, Field(ge=1, le=1000)] = 24
    lore: Lore | None = None
    """What its characters know when it comes up; in a file of its own, ``lore.yaml`` beside the scene."""
    translations: Translations = Field(default_factory=dict, exclude=True)
    """Not a part of what a log pins: they change nothing that happens."""

    def texts(self) -> list[str]:
        found = [self.title, self.line, self.description, self.prologue, *self.suggestions]
        found += [prop.name for prop in self.props]
        found += [text for stage in self.stages for text in (stage.title, stage.text)]
        return list(dict.fromkeys(text for text in found if text))

    @model_validator(mode="after")
    def _order_is_of_the_cast(self) -> Scene:
        cast, order = [member.id for member in self.characters], self.responders.order
        wrong = [(at, one) for at, one in enumerate(order) if one not in cast or one in order[:at]]
        if wrong:
            raise Misplaced([(("responders", "order", at), f"each of {cast} once", repr(one)) for at, one in wrong])
        return self

    @field_validator("characters", "props", "stages")
    @classmethod
    def _unique_ids(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        ids = [item.id for item in items]
        double = sorted({one for one in ids if ids.count(one) > 1})
        if double:
            raise ValueError(f"expected ids that occur once, came {double} more than once")
        return items
