"""The shapes of a snapshot's ``state`` and ``manifest``: what the room shares, and the public side of its definitions.

They say what is always there. More fields may come under openroom.v1, so a client ignores those it does not know.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from openroom.core.look import Look


class _Shape(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Place(_Shape):
    """Where it stands on the stage: ``x`` and ``y`` in percent, ``scale`` its size."""

    x: float
    y: float
    scale: float


class SceneNow(_Shape):
    """The scene as it is now."""

    id: str
    title: str
    time: str
    weather: str
    stage: str | None = None


class RunNow(_Shape):
    """How the room runs; absent is false."""

    responders: Literal["natural", "smart", "round_robin", "list", "pooled", "manual", "nobody"]
    order: list[str] | None = None
    """Characters in the order in which they speak; those it leaves out follow as they came."""
    nudge: Literal["everybody", "owner"] | None = None
    """Who may nudge a character; absent: everybody."""
    muted: dict[str, Literal[True]] | None = None
    """Characters that are to say nothing, by id."""
    steer: Literal["owner", "everybody", "nobody"] | None = None
    """Who may take the story another way; absent: every player, as far as their own words alone are left behind."""
    autoplay: bool | None = None
    open: bool | None = None


class ThingNow(_Shape):
    """A thing: its kind's own ``state``, and ``look``, the key of the picture and of the sentence that show it
    (`Prop.look_key`)."""

    kind: str
    name: str
    order: int
    place: Place
    state: dict[str, Any]
    look: str | None = None


class PersonaShown(_Shape):
    """A persona that somebody has shown in the room, or how they were called as themselves (``self``); ``is_me``:
    characters know that it is them."""

    name: str
    about: str | None = None
    is_me: bool | None = None


class PersonNow(_Shape):
    """Somebody who is or was here, or the actor of a game, which is never ``here``. ``place``: of characters; ``look``:
    of people who chose one; ``persona``: the one that they show, of the ``personas`` (by id) that they have shown here;
    ``worn``: from which event on they showed which (``self``: themselves), for names in what was said before."""

    kind: Literal["character", "player", "spectator", "game", "past"]
    name: str
    order: int
    here: bool | None = None
    emotion: str | None = None
    place: Place | None = None
    look: Look | None = None
    persona: str | None = None
    personas: dict[str, PersonaShown] | None = None
    worn: dict[str, str] | None = None


class SavePoint(_Shape):
    """A moment with a name: who gave it when (ms since 1970), and the event that the story stood at (``head``)."""

    name: str
    head: int
    at: int
    by: str


class BranchNamed(_Shape):
    """What somebody said of a branch: its name, or that it is ``off`` the list."""

    by: str
    name: str | None = None
    off: bool | None = None


class RoomState(_Shape):
    """What everybody shares. Things and people by id, in ``order``; ``saves`` by id, ``branches`` by their first
    event."""

    scene: SceneNow
    run: RunNow
    props: dict[str, ThingNow]
    people: dict[str, PersonNow]
    saves: dict[str, SavePoint] | None = None
    branches: dict[str, BranchNamed] | None = None


class Stage(_Shape):
    """A stage of the scene's story."""

    id: str
    title: str


class SceneText(_Shape):
    """The scene as its author wrote it."""

    id: str
    title: str
    line: str
    description: str
    backdrop: str
    prologue: str
    language: str
    suggestions: list[str]
    max_players: int
    stages: list[Stage]


class Sound(_Shape):
    """How a character sounds where its lines are read aloud: a BCP 47 tag, pitch 0..2 and rate 0.5..2 (1 is the voice's
    own), names of voices, the best liked first."""

    language: str | None = None
    pitch: float | None = None
    rate: float | None = None
    voices: list[str] | None = None


class CharacterCard(_Shape):
    """The public side of a character; what is empty is absent."""

    id: str
    name: str
    line: str | None = None
    appearance: str | None = None
    pronouns: str | None = None
    body: Literal["none", "figure"] | None = None
    """``none``: a narrator, who is not seen; absent: it stands in the room."""
    colour: str | None = None
    art: str
    language: str | None = None
    emotions: list[str]
    attitude: str | None = None
    sound: Sound | None = None


class Verb(_Shape):
    """What one can do with a thing; ``params`` is a JSON Schema by parameter."""

    label: str
    words: list[str]
    params: dict[str, Any]


class ThingText(_Shape):
    """A thing as its author wrote it; ``shown_as`` names its view in the pages."""

    kind: str
    name: str
    line: str
    art: str
    shown_as: str | None = None
    personal: bool | None = None
    verbs: dict[str, Verb]


class Manifest(_Shape):
    """The public side of the definitions: characters by participant id, things by id."""

    scene: SceneText
    characters: dict[str, CharacterCard]
    props: dict[str, ThingText]
