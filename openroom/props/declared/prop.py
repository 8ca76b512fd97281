"""YamlProp: a prop declared in YAML (`openroom.props.declared.spec.PropSpec`), working like one written in Python.

Untrusted text (names, parameters, notes) is filled into sentences in one pass over the author's text, never through
``str.format``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, create_model

from openroom.core.actor import Actor
from openroom.core.prop import Choice, NoArgs, Outcome, Prop, PropState, Refusal, Timer, Verb
from openroom.core.translation import public
from openroom.props.declared.fields import (
    MOST_VALUES,
    BoardNote,
    BooleanType,
    ChoiceType,
    FieldSpec,
    IntegerType,
    NotesField,
    ParamSpec,
    TextType,
)
from openroom.props.declared.spec import Change, Effect, PropSpec, VerbSpec
from openroom.props.declared.when import holds, judged

ACTOR = "actor"
"""Who uses a verb, in texts and among those it tells."""
_HOLE = re.compile(r"\{([^{}]*)\}")
_NOTES_SHOWN = 3


class YamlProp(Prop):
    """The rule book that a `PropSpec` declares. A spec with errors (`openroom.props.declared.lint.lint`) is the
    loader's to refuse."""

    def __init__(self, spec: PropSpec) -> None:
        self.spec = spec
        self.kind, self.name, self.line, self.art = spec.kind, spec.name, spec.line, spec.art
        self.shown_as = spec.shown_as
        self.State = _state(tuple(spec.state.items()))
        self.translations = public(spec.translations, spec.texts())
        self.hidden = tuple(name for name, field in spec.state.items() if field.hidden)
        self.notes = tuple(name for name, field in spec.state.items() if field.type == "notes" and not field.hidden)
        self.verbatim = ("actor", *_own_words(spec))
        self._declared = {name: _verb(name, verb) for name, verb in spec.verbs.items()}

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """The declared verbs by name."""
        return self._declared

    def _run(self, found: Verb, state: PropState, args: dict[str, Any], who: Actor, now: int) -> Outcome | Refusal:
        spec = self.spec.verbs[found.name]
        names = {"actor": who.name or who.id, "prop": self.name, **state, **args}
        outcome = self._effect(spec, spec.tells, state, names)
        if outcome is None and spec.in_vain:
            outcome = self._effect(spec.in_vain, spec.in_vain.tells, state, names)
            outcome = replace(outcome, failed=True) if outcome else None
        return outcome or Refusal("precondition", fill(spec.excuse, names) or f"{fill(found.label, names)}: not now.")

    def tick(self, state: PropState, name: str, now: int) -> Outcome | None:
        """The declared tick of that name, if its ``when`` holds."""
        spec = self.spec.ticks.get(name)
        return self._effect(spec, spec.tells, state, {"prop": self.name, **state}) if spec else None

    def choices(self, state: PropState, who: Actor) -> list[Choice]:
        """Each verb that is possible now and changes something, as far as one can see: what is hidden shows neither in
        what is offered nor in what is not. Parameters with few values are expanded."""
        found: list[Choice] = []
        for name, verb in self.verbs.items():
            if verb.allows(who):
                spec = self.spec.verbs[name]
                found += [one for one in expanded(name, spec) if self._offered(spec, state, one, who)]
        return found

    def _offered(self, spec: VerbSpec, state: PropState, choice: Choice, who: Actor) -> bool:
        args = {**choice.args, choice.text: "…"} if choice.text else choice.args
        names = {"actor": who.name or who.id, "prop": self.name, **state, **args}
        if self._may_happen(spec, state, names):
            return True
        sure = judged(spec.when, state, self.hidden) is True and self._effect(spec, "", state, names) is not None
        return not sure and spec.in_vain is not None and self._may_happen(spec.in_vain, state, names)

    def _may_happen(self, spec: Effect, state: PropState, names: Mapping[str, Any]) -> bool:
        """Whether, for all one can see, it is possible and changes something."""
        if judged(spec.when, state, self.hidden) is False:
            return False
        changes = not spec.set_ or spec.after is not None or bool(spec.scene.model_dump(exclude_none=True))
        for name, change in spec.set_.items():
            if name in self.hidden or any(one in self.hidden for one in holes(_said(change))):
                changes = True
                continue
            value = _changed(self.spec.state[name], state[name], change, names)
            if value is None:
                return False
            changes = changes or value != state[name]
        return changes

    def look(self, state: PropState) -> str:
        """The sentence of the first look whose ``when`` holds, else the prop's line."""
        found = next((look for look in self.spec.looks if holds(look.when, state)), None)
        return fill(found.text, {"prop": self.name, **state}) if found else self.line

    def look_key(self, state: PropState) -> str:
        """The picture of the first look whose ``when`` holds."""
        return next((look.picture for look in self.spec.looks if holds(look.when, state)), "")

    def _effect(self, spec: Effect, tells: str, state: PropState, names: Mapping[str, Any]) -> Outcome | None:
        """``None`` when its ``when`` fails, or a value would leave its bounds."""
        if not holds(spec.when, state):
            return None
        after = dict(state)
        for name, change in spec.set_.items():
            value = _changed(self.spec.state[name], after[name], change, names)
            if value is None:
                return None
            after[name] = value
        timers = [Timer(name, None) for name in spec.cancel]
        if spec.after is not None:
            timers += [Timer(name, round(spec.after.seconds * 1000)) for name in spec.after.do]
        scene = spec.scene.model_dump(exclude_none=True)
        to = None if spec.tells_to is None else tuple(who for who in spec.tells_to if who != ACTOR)
        return Outcome(after, fill(tells, {**names, **after}), tuple(timers), scene, to)


def _own_words(spec: PropSpec) -> list[str]:
    """The names in braces that stand for what people wrote."""
    fields = [name for name, field in spec.state.items() if isinstance(field, (TextType, NotesField))]
    params = [
        name for verb in spec.verbs.values() for name, param in verb.params.items() if isinstance(param, TextType)
    ]
    return sorted({*fields, *params})


def holes(text: str) -> list[str]:
    """The names in braces in an author's text."""
    return _HOLE.findall(text)


def fill(text: str, names: Mapping[str, Any]) -> str:
    """Put values for ``{name}`` into an author's text. One pass: braces inside a value stay as they are."""
    return _HOLE.sub(lambda hole: _words(names[hole[1]]) if hole[1] in names else hole[0], text)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        shown = [f"{note['by']}: “{note['text']}”" if note["by"] else f"“{note['text']}”" for note in value]
        return "; ".join(shown[-_NOTES_SHOWN:]) or "nothing"
    return str(value)


def _said(change: Change) -> str:
    """The text that a field is set from, if it is from one."""
    text = change.to if change.append is None else change.append
    return text if isinstance(text, str) else ""


def _changed(field: FieldSpec, old: Any, change: Change, names: Mapping[str, Any]) -> Any:
    """The field's new value, or ``None`` where it does not fit."""
    if isinstance(field, NotesField):
        if change.clear:
            return []
        text = fill(change.append or "", names)
        return [*old, {"by": str(names.get("actor", ""))[:60], "text": text[:2000]}][-field.max :]
    value = old + change.by if change.by is not None else _resolved(change.to, names)
    return value if field.fits(value) else None


def _resolved(value: Any, names: Mapping[str, Any]) -> Any:
    """``"{name}"`` alone is that name's value with its type; braces inside a longer text are filled in."""
    if not isinstance(value, str):
        return value
    whole = _HOLE.fullmatch(value)
    return names.get(whole[1]) if whole else fill(value, names)


# models from specs --------------------------------------------------------------------------------------------------


def _one_line(text: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not plain:
        raise ValueError("expected a text with words in it")
    return plain


def _value_type(spec: FieldSpec | ParamSpec) -> Any:
    if isinstance(spec, BooleanType):
        return StrictBool
    if isinstance(spec, IntegerType):
        return Annotated[StrictInt, Field(ge=spec.min, le=spec.max)]
    if isinstance(spec, ChoiceType):
        return Literal[spec.of]
    if isinstance(spec, TextType):
        return Annotated[str, Field(max_length=spec.max)]
    return Annotated[tuple[BoardNote, ...], Field(max_length=spec.max)]


def _field_type(spec: FieldSpec) -> tuple[Any, Any]:
    initial: Any = spec.initial
    if initial is None:
        initial = spec.min if isinstance(spec, IntegerType) else spec.of[0] if isinstance(spec, ChoiceType) else None
    return _value_type(spec), initial


def _param_type(spec: ParamSpec) -> tuple[Any, Any]:
    kind = _value_type(spec)
    if isinstance(spec, TextType):
        kind = Annotated[str, Field(max_length=spec.max), AfterValidator(_one_line)]
    return kind, ...


def _model(name: str, fields: dict[str, tuple[Any, Any]]) -> type[BaseModel]:
    # Names that BaseModel has itself (``copy``, ``json``) may be fields too: the model sees them under a safe name.
    safe = {f"{key}_": (kind, Field(default=default, alias=key)) for key, (kind, default) in fields.items()}
    config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)
    made: type[BaseModel] = create_model(name, __config__=config, **safe)  # type: ignore[call-overload]
    return made


def _verb(name: str, spec: VerbSpec) -> Verb:
    args = _args(tuple(spec.params.items())) if spec.params else NoArgs
    return Verb(name, _bare(spec.label), spec.words, args, spec.who)


# A model takes a millisecond to make, and each room that opens makes its props anew from what its log pins.
@lru_cache(maxsize=512)
def _state(fields: tuple[tuple[str, FieldSpec], ...]) -> type[BaseModel]:
    return _model("State", {name: _field_type(field) for name, field in fields})


@lru_cache(maxsize=512)
def _args(params: tuple[tuple[str, ParamSpec], ...]) -> type[BaseModel]:
    return _model("Args", {name: _param_type(param) for name, param in params})


def _bare(label: str) -> str:
    """A label for the verb as such: ``Brew {tea}`` -> ``Brew …``."""
    return _HOLE.sub("…", label)


# choices ------------------------------------------------------------------------------------------------------------


def expanded(name: str, spec: VerbSpec, most: int | None = MOST_VALUES) -> Iterator[Choice]:
    """A verb as choices: one for each combination of its parameters' values, text left open, and at most so many."""
    texts = [key for key, param in spec.params.items() if isinstance(param, TextType)]
    open_params = [key for key, param in spec.params.items() if key not in texts]
    if len(texts) > 1 or not all(spec.params[key].values() for key in open_params):
        return
    text = texts[0] if texts else ""
    combinations = itertools.product(*(spec.params[key].values() for key in open_params))
    for combination in itertools.islice(combinations, most):
        args = dict(zip(open_params, combination, strict=True))
        tail = "".join(f":{_words(value).replace(' ', '_')}" for value in combination)
        label = _bare(fill(spec.label, args))
        extra = tuple(value.lower() for value in combination if isinstance(value, str))
        yield Choice(name + tail, name, label, args, (*extra, *spec.words), text)
