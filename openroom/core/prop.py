"""Props: the things in a room, with typed state and verbs whose rules live in code.

A prop is a subclass of `Prop` (Python) or a `openroom.props.declared.prop.YamlProp` (declared in YAML). It is a pure
rule book: it holds no state itself. State is a dict of JSON types without nulls, validated by ``State``; a verb takes
the state and returns an `Outcome` (the new state and one plain sentence of what everybody saw) or a `Refusal`.

    class Bell(Prop):
        kind, name, line = "bell", "Bell", "A small brass bell."

        class State(BaseModel):
            rung: int = 0

        @verb("Ring the bell", words=("ring", "chime"))
        def ring(self, state, who, now):
            return Outcome({**state, "rung": state["rung"] + 1}, f"{who.name} rings the bell.")
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from openroom.core.actor import Actor
from openroom.errors import DefinitionError

PropState = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action was not done: a stable ``reason`` for programs, a ``message`` for people."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Timer:
    """A prop's request to be ticked ``after_ms`` from now; ``None`` cancels the timer of that name."""

    name: str
    after_ms: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did: the prop's whole new state, what everybody saw, timers to set, and changes of the scene
    (``time``, ``weather``). An empty ``telling`` makes a tick pass silently.

    ``to`` names the participants who perceive it beside whoever did it (``()``: nobody else; ``None``: all who are in
    the room). ``failed``: it was tried in vain, and this is what came of it.
    """

    state: PropState
    telling: str = ""
    timers: tuple[Timer, ...] = ()
    scene: Mapping[str, str] = field(default_factory=dict)
    to: tuple[str, ...] | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Something one can do with a prop now: a button for people, a menu item for characters.

    ``id`` is unique within the prop (``light``, ``move:e2e4``); ``args`` are the arguments it stands for; ``text``
    names the one free-text argument that the chooser still has to write (empty: none).
    """

    id: str
    verb: str
    label: str
    args: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    text: str = ""


class NoArgs(BaseModel):
    """A verb without arguments."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of a prop: its label, words it is asked for by, its parameters, and who may use it (empty: anybody who
    may act).
    """

    name: str
    label: str
    words: tuple[str, ...] = ()
    params: type[BaseModel] = NoArgs
    who: tuple[str, ...] = ()

    def allows(self, actor: Actor) -> bool:
        """Whether ``actor`` may use it: by role or by id."""
        return not self.who or actor.role in self.who or actor.id in self.who


VerbMethod = Callable[..., Outcome | Refusal]


def verb(
    label: str, *, words: Sequence[str] = (), params: type[BaseModel] = NoArgs, who: Sequence[str] = ()
) -> Callable[[VerbMethod], VerbMethod]:
    """Mark a method of a `Prop` as a verb. It is called as ``method(state, who, now, **args)``; ``now`` in ms."""

    def mark(method: VerbMethod) -> VerbMethod:
        name = method.__name__
        method.__openroom_verb__ = Verb(name, label, tuple(words), params, tuple(who))  # type: ignore[attr-defined]
        return method

    return mark


class Prop:
    """Base of props. Subclasses set ``kind``, ``name``, ``line`` and ``State`` and mark verbs with `verb`."""

    kind: str = ""
    name: str = ""
    line: str = ""
    art: str = ""
    shown_as: str = ""
    """The kind, written in Python, whose ``view.js`` shows it in the pages; empty: its verbs are all there is."""
    personal: bool = False
    """Whether one acts here for oneself (a game, a diary): the pages suggest nobody to be asked to do it."""
    partial: bool = False
    """Whether it stands in for rules that an extra brings: files may name verbs that it does not have."""
    State: type[BaseModel] = NoArgs
    version: int = 1
    """Of the shape of its state. Who raises it says in `migrate` what becomes of the states of before."""
    hidden: tuple[str, ...] = ()
    """Fields of its state that only its rules know, until they tell; they leave the server in full exports alone."""
    notes: tuple[str, ...] = ()
    """Fields of its state that hold signed notes (``{"by", "text"}``): the pages show them, where no view does."""
    translations: Mapping[str, Mapping[str, str]] = {}
    """By language, by the text as it stands here, with ``{name}`` for what is filled in (`core.translation`)."""
    verbatim: tuple[str, ...] = ("actor", "text")
    """Which of the names in braces stand for people's own words: these are never translated."""
    _verbs: ClassVar[Mapping[str, Verb]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found = {
            name: method.__openroom_verb__
            for name, method in inspect.getmembers(cls, inspect.isfunction)
            if hasattr(method, "__openroom_verb__")
        }
        cls._verbs = found

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """The verbs by name."""
        return self._verbs

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """By field of its state that holds one of several words (a stage, a level): these words."""
        found = {name: _words(field.annotation) for name, field in self.State.model_fields.items()}
        return {name: words for name, words in found.items() if len(words) > 1}

    def initial(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The state a new room starts with; ``options`` come from the scene. Raises `DefinitionError`."""
        return self.check(options)

    def check(self, state: PropState) -> dict[str, Any]:
        """Validate a state and return it as plain JSON types. Raises `DefinitionError`."""
        try:
            return self.State.model_validate(dict(state)).model_dump(mode="json", exclude_none=True)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise DefinitionError(first["msg"], came=repr(first["input"])[:80], key=key) from error

    def migrate(self, old: dict[str, Any], version: int) -> PropState:
        """``old`` as the rules of today would have it; it was made by those of ``version``, and holds what was put
        aside since too. Called when a room opens. What does not fit, or has no place, is put aside."""
        return old

    def use(self, state: PropState, name: str, args: Mapping[str, Any], who: Actor, now: int) -> Outcome | Refusal:
        """Use a verb. Bad arguments are refused with what was expected."""
        found = self.verbs.get(name)
        if found is None:
            return Refusal("unknown_verb", f"{self.name} has no verb {name!r}; it has {', '.join(sorted(self.verbs))}.")
        if not found.allows(who):
            return Refusal("not_allowed", f"{found.label}: not for you.")
        try:
            checked = found.params.model_validate(dict(args))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"]) or "args"
            return Refusal("bad_args", f"{found.label}: {key}: {first['msg']}.")
        return self._run(found, state, checked.model_dump(mode="json", exclude_none=True), who, now)

    def _run(self, found: Verb, state: PropState, args: dict[str, Any], who: Actor, now: int) -> Outcome | Refusal:
        outcome: Outcome | Refusal = getattr(self, found.name)(state, who, now, **args)
        return outcome

    def tick(self, state: PropState, name: str, now: int) -> Outcome | None:
        """The timer ``name`` is due at ``now`` (ms). ``None``: nothing happens."""
        return None

    def left(self, state: PropState, who: str) -> PropState | None:
        """``who`` (a participant id) has left the room: the state without their hold on it. ``None``: they had none."""
        return None

    def choices(self, state: PropState, who: Actor) -> Sequence[Choice]:
        """What ``who`` can do now, most useful first. By default each verb without parameters."""
        return [
            Choice(name, name, found.label, words=found.words)
            for name, found in self.verbs.items()
            if found.params is NoArgs and found.allows(who)
        ]

    def awaits(self, state: PropState) -> str:
        """Whose go it is: the participant id this prop waits for (a chess player); empty: nobody's."""
        return ""

    def look(self, state: PropState) -> str:
        """What one sees: one plain sentence for prompts, screen readers and tooltips."""
        return self.line

    def look_key(self, state: PropState) -> str:
        """Which of its pictures to show (``lit``, ``off``); empty: the only one."""
        return ""

    def manifest(self) -> dict[str, Any]:
        """The public description: kind, name, line, how it is shown, and each verb with label, words and JSON Schema of
        its parameters.
        """
        return {
            "kind": self.kind,
            "name": self.name,
            "line": self.line,
            "art": self.art or self.kind,
            **({"shown_as": self.shown_as} if self.shown_as else {}),
            **({"personal": True} if self.personal else {}),
            **({"notes": list(self.notes)} if self.notes else {}),
            "verbs": {
                name: {
                    "label": v.label,
                    "words": list(v.words),
                    "params": v.params.model_json_schema()["properties"] if v.params is not NoArgs else {},
                }
                for name, v in self.verbs.items()
            },
        }


def _words(annotation: Any) -> tuple[str, ...]:
    """The words that a field may hold, where its type lists them."""
    parts = get_args(annotation)
    if get_origin(annotation) is Literal:
        return tuple(one for one in parts if isinstance(one, str))
    return tuple(word for part in parts for word in _words(part)) if type(None) in parts else ()
