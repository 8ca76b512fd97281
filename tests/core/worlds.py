"""A small world for the core's tests, and a table of actions to draw from."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from openroom.core import action as act
from openroom.core import setup
from openroom.core.action import Action
from openroom.core.actor import SYSTEM, Actor
from openroom.core.apply import apply
from openroom.core.branches import Tree
from openroom.core.character import Character
from openroom.core.context import Context, Fork
from openroom.core.event import Event
from openroom.core.people import names_in
from openroom.core.resolve import Refusal, Resolved, resolve
from openroom.core.scene import Scene
from openroom.core.state import State, World
from openroom.props.declared.prop import YamlProp
from openroom.props.declared.spec import PropSpec

ANN = Actor("player:ann", "player", "Ann")
BEN = Actor("player:ben", "player", "Ben")
CLEO = Actor("player:cleo", "player", "Cleo")
HOST = Actor("player:host", "player", "Host", owner=True)
WATCHER = Actor("player:watch", "spectator", "Wim")
MIRA = Actor("character:mira", "character", "Mira")
OSKAR = Actor("character:oskar", "character", "Oskar")
GAME = Actor("game:quest", "game", "Quest")
ACTORS = (ANN, BEN, CLEO, HOST, WATCHER, MIRA, OSKAR, GAME, SYSTEM)

CUP: dict[str, Any] = {
    "format": 1,
    "kind": "cup",
    "name": "Cup",
    "line": "A cup.",
    "state": {"taken": {"type": "boolean"}},
    "verbs": {
        "grab": {
            "label": "Grab the cup",
            "when": {"taken": False},
            "else": "The cup is gone.",
            "set": {"taken": True},
            "tells": "{actor} grabs the cup.",
        },
        "put_back": {
            "label": "Put it back",
            "when": {"taken": True},
            "else": "It is there.",
            "set": {"taken": False},
            "tells": "{actor} puts the cup back.",
        },
    },
}
KETTLE: dict[str, Any] = {
    "format": 1,
    "kind": "kettle",
    "name": "Kettle",
    "line": "A kettle.",
    "state": {"water": {"type": "choice", "of": ["cold", "heating", "hot"]}, "level": {"type": "integer", "max": 3}},
    "verbs": {
        "heat": {
            "label": "Heat it",
            "when": {"water": "cold"},
            "else": "It is on.",
            "set": {"water": "heating"},
            "after": {"seconds": 2, "do": "boil"},
            "tells": "{actor} heats the kettle.",
        },
        "fill": {
            "label": "Fill it",
            "set": {"level": "+1"},
            "else": "It is full.",
            "tells": "{actor} fills the kettle.",
        },
        "off": {"label": "Off", "set": {"water": "cold"}, "cancel": ["boil"], "tells": "{actor} turns it off."},
        "storm": {"label": "Storm", "scene": {"weather": "storm"}, "tells": "{actor} calls the storm."},
    },
    "ticks": {"boil": {"when": {"water": "heating"}, "set": {"water": "hot"}, "tells": "The kettle boils."}},
    "looks": [{"when": {"water": "hot"}, "text": "hot", "picture": "hot"}, {"text": "{water}", "picture": "cold"}],
}


def character(name: str, **more: Any) -> Character:
    """A character of that id."""
    body = {
        "format": 1,
        "id": name,
        "name": name.title(),
        "line": "Lives here.",
        "persona": "Kind.",
        "greeting": "Hello.",
    }
    return Character.model_validate({**body, **more})


def world(**scene: Any) -> World:
    """Two characters, a cup and a kettle."""
    body: dict[str, Any] = {
        "format": 1,
        "id": "hut",
        "title": "A Hut",
        "line": "Small.",
        "description": "A hut.",
        "characters": [{"id": "mira"}, {"id": "oskar"}],
        "props": [{"id": "cup", "kind": "cup"}, {"id": "kettle", "kind": "kettle", "state": {"level": 1}}],
        "max_players": 3,
    }
    made = Scene.model_validate({**body, **scene})
    kinds = {"cup": YamlProp(PropSpec.model_validate(CUP)), "kettle": YamlProp(PropSpec.model_validate(KETTLE))}
    cast = {member.id: character(member.id) for member in made.characters}
    return World(made, cast, {prop.id: kinds[prop.kind] for prop in made.props})


def variants() -> list[World]:
    """Worlds that a room may be redefined to: the same, one with less in it, one with more and different things."""
    cup = {"id": "cup", "kind": "kettle"}
    return [
        world(),
        world(characters=[{"id": "mira"}], props=[{"id": "kettle", "kind": "kettle"}]),
        world(title="Changed", characters=[{"id": "yuki"}, {"id": "mira"}], props=[{"id": "new", "kind": "cup"}, cup]),
    ]


VARIANTS = variants()


class Table:
    """A room without a server: resolves, applies, keeps the log and the states that were."""

    def __init__(self, made: World | None = None) -> None:
        self.world = made or world()
        pins = {"scene": {"id": self.world.scene.id}, "props": {}, "characters": {}}
        first = setup.opening(self.world, pins, 1000)
        self.log: list[Event] = [first]
        self.states: list[State] = [State(), apply(State(), first)]
        self.now = 1000
        self.forgets = False
        """Whether who is not named in the last `window` events is forgotten, as a room does it."""
        self.window = 20

    @property
    def state(self) -> State:
        return self.states[-1]

    def do(self, actor: Actor, action: Action, **context: Any) -> Resolved | Refusal:
        """Resolve with what a room would fetch; time goes on by a second."""
        self.now += 1000
        if isinstance(action, act.Rewind) and action.to < len(self.states):
            to = Tree.of(self.state).standing(action.to)
            context.setdefault("past", self.states[to])
            context.setdefault("fork", Fork(to))
        if isinstance(action, (act.Rate, act.Erase)) and action.seq <= len(self.log):
            context.setdefault("target", self.log[action.seq - 1])
        if self.forgets and isinstance(action, (act.Enter, act.Leave, act.Remove)):
            context.setdefault("named", {name for event in self.log[-self.window :] for name in names_in(event)})
        if isinstance(action, act.Define) and "variant" in action.definition:
            context.setdefault("defined", VARIANTS[action.definition["variant"]])
        answer = resolve(self.state, action, actor, Context(self.world, self.now, **context))
        if isinstance(answer, Resolved):
            for event in answer.events:
                self.log.append(event)
                self.states.append(apply(self.state, event))
            if "defined" in context:
                self.world = context["defined"]
        return answer

    def must(self, actor: Actor, action: Action, **context: Any) -> tuple[Event, ...]:
        """As `do`, for what is expected to happen."""
        answer = self.do(actor, action, **context)
        assert isinstance(answer, Resolved), answer
        return answer.events

    def refused(self, actor: Actor, action: Action, **context: Any) -> str:
        """As `do`, for what is expected to be refused: the reason."""
        answer = self.do(actor, action, **context)
        assert isinstance(answer, Refusal), answer
        assert answer.message
        return answer.reason


def enter(actor: Actor, *, watch: bool = False) -> act.Enter:
    """The action of coming in under one's own name."""
    return act.Enter(name=actor.name, watch=watch)


_people = st.sampled_from([actor.id for actor in ACTORS])
_seqs = st.integers(1, 40)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(
        act.Say, text=st.sampled_from(["Hello", "Mira?", "…"]), to=st.none() | st.lists(_people, min_size=1, max_size=2)
    ),
    st.builds(
        act.Use,
        prop=st.sampled_from(["cup", "kettle", "ghost"]),
        verb=st.sampled_from(["grab", "put_back", "heat", "fill", "off", "storm", "fly"]),
        args=st.sampled_from([{}, {}, {"x": 1}]),
    ),
    st.builds(act.Feel, emotion=st.sampled_from(["happy", "sad", "smug"])),
    st.builds(act.Pass),
    st.builds(act.Enter, name=st.sampled_from(["Ann", "Mira", "Zoë"]), watch=st.booleans()),
    st.builds(act.Leave),
    st.builds(act.Rate, seq=_seqs, value=st.sampled_from([-1, 0, 1]), reason=st.sampled_from(["", "dull"])),
    st.builds(act.Nudge, character=_people),
    st.builds(act.Roll, dice=st.sampled_from(["d6", "2d6+1", "d1", "six"])),
    st.builds(act.Note, text=st.sampled_from(["", "It is late.", "Whisper."])),
    st.builds(act.Mute, character=_people, on=st.booleans()),
    st.builds(
        act.Configure,
        responders=st.none() | st.sampled_from(["natural", "pooled", "manual"]),
        order=st.none() | st.sampled_from([[], ["character:oskar"], ["character:ghost"]]),
        nudge=st.none() | st.sampled_from(["everybody", "owner"]),
        autoplay=st.none() | st.booleans(),
        open=st.none() | st.booleans(),
    ),
    st.builds(act.Erase, seq=_seqs),
    st.builds(act.Rewind, to=_seqs),
    st.builds(act.Reset),
    st.builds(act.Remove, who=_people, ban=st.booleans(), reason=st.sampled_from(["", "rude"])),
    st.builds(act.Unban, who=_people),
    st.builds(
        act.Define,
        what=st.just("scene"),
        id=st.just("hut"),
        definition=st.sampled_from([{}, {"variant": 0}, {"variant": 1}, {"variant": 2}]),
    ),
    st.builds(act.Tick, timer=st.sampled_from(["kettle.boil", "cup.none"])),
)
_DEFINE = st.tuples(
    st.just(SYSTEM),
    st.builds(
        act.Define,
        what=st.just("scene"),
        id=st.just("hut"),
        definition=st.sampled_from([{"variant": 0}, {"variant": 1}, {"variant": 2}]),
    ),
)
_RUN = st.tuples(st.just(HOST), st.builds(act.Rewind, to=_seqs) | st.builds(act.Reset))
STEPS = st.lists(st.one_of(st.tuples(st.sampled_from(ACTORS), ACTIONS), _DEFINE, _RUN), max_size=40)
"""Who asks for what; redefining and turning back come up often, for they are where state could go wrong."""
