"""What is wrong with a prop definition that its schema cannot see: names that lead nowhere, verbs nobody can reach."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from openroom.core.actor import Actor, Role
from openroom.core.prop import Outcome
from openroom.core.translation import mistranslated
from openroom.props.declared.prop import YamlProp, expanded, fits, holes, values
from openroom.props.declared.spec import (
    BooleanType,
    Change,
    ChoiceType,
    Effect,
    FieldSpec,
    IntegerType,
    NotesField,
    ParamSpec,
    PropSpec,
    Test,
    TextType,
    VerbSpec,
    When,
)

Loc = tuple[str | int, ...]
_STATES_TRIED = 1500


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at ``loc`` in the definition. One with ``fatal`` makes the prop unusable."""

    loc: Loc
    expected: str
    came: str = ""
    fatal: bool = True


def lint(spec: PropSpec) -> list[Problem]:
    """Everything wrong with a spec that fits its schema."""
    found: list[Problem] = []
    for name, verb in spec.verbs.items():
        found += _effect(spec, ("verbs", name), verb, verb.params)
        found += _verb(spec, ("verbs", name), verb)
    for name, tick in spec.ticks.items():
        found += _effect(spec, ("ticks", name), tick, {})
        found += _names(("ticks", name, "tells"), tick.tells, {"prop", *spec.state})
    for index, look in enumerate(spec.looks):
        found += _when(spec, ("looks", index, "when"), look.when)
        found += _names(("looks", index, "text"), look.text, {"prop", *spec.state})
        if not look.when and index + 1 < len(spec.looks):
            found.append(Problem(("looks", index + 1), "no look after one without `when`", "it can never show", False))
            break
    for loc, expected, came in mistranslated(spec.translations, spec.texts()):
        found.append(Problem(loc, expected, came, fatal=False))
    if not any(flaw.fatal for flaw in found):
        found += _unreachable(spec)
    return found


def _verb(spec: PropSpec, loc: Loc, verb: VerbSpec) -> Iterator[Problem]:
    known = {"actor", "prop", *spec.state, *verb.params}
    yield from _names((*loc, "tells"), verb.tells, known)
    yield from _names((*loc, "else"), verb.else_, known)
    yield from _names((*loc, "label"), verb.label, set(verb.params))
    if verb.when and not verb.else_:
        yield Problem((*loc, "else"), "a sentence that tells why `when` fails", "none", False)
    texts = [name for name, param in verb.params.items() if isinstance(param, TextType)]
    for name in texts[1:]:
        yield Problem((*loc, "params", name), "at most one text parameter", f"{len(texts)}")
    for name, param in verb.params.items():
        if name not in texts and not values(param):
            yield Problem((*loc, "params", name), "at most 24 values, so that a menu can offer them", "more", False)
        if name == "actor":
            yield Problem((*loc, "params", name), "a parameter name other than actor and prop", name)


def _effect(spec: PropSpec, loc: Loc, effect: Effect, params: dict[str, ParamSpec]) -> Iterator[Problem]:
    yield from _when(spec, (*loc, "when"), effect.when)
    for name, change in effect.set_.items():
        field = spec.state.get(name)
        if field is None:
            yield _no_field(spec, (*loc, "set", name), name)
        else:
            yield from _change(spec, (*loc, "set", name), field, change, params)
    timers: list[tuple[Loc, str]] = [((*loc, "after", "do"), name) for name in effect.after.do] if effect.after else []
    timers += [((*loc, "cancel", index), name) for index, name in enumerate(effect.cancel)]
    for where, name in timers:
        if name not in spec.ticks:
            yield Problem(where, _one_of("a tick", spec.ticks), repr(name))


def _when(spec: PropSpec, loc: Loc, when: When) -> Iterator[Problem]:
    for name, test in when.items():
        field = spec.state.get(name)
        if field is None:
            yield _no_field(spec, (*loc, name), name)
        else:
            yield from _test((*loc, name), field, test)


def _test(loc: Loc, field: FieldSpec, test: Test) -> Iterator[Problem]:
    given = test.model_fields_set
    if given & {"min", "max"} and not isinstance(field, (IntegerType, NotesField)):
        yield Problem(loc, "min and max for integers and notes only", f"a {field.type}")
    exact = [one for one in (test.is_, test.not_) if one is not None] + list(test.in_ or ())
    for one in exact:
        if isinstance(field, NotesField) or not fits(field, one):
            yield Problem(loc, _kind(field), repr(one))


def _change(
    spec: PropSpec, loc: Loc, field: FieldSpec, change: Change, params: dict[str, ParamSpec]
) -> Iterator[Problem]:
    notes = isinstance(field, NotesField)
    if (change.append is not None or change.clear is not None) != notes:
        wanted = "append or clear" if notes else _kind(field)
        yield Problem(loc, f"{wanted} (the field is of type {field.type})", "something else")
        return
    if change.by is not None and not isinstance(field, IntegerType):
        yield Problem(loc, _kind(field), f"{change.by:+d}")
    text = change.append if notes else change.to
    if isinstance(text, str) and holes(text):
        yield from _names(loc, text, {*params, *spec.state, *(("actor",) if loc[0] == "verbs" else ())})
        yield from _whole(loc, field, text, {**spec.state, **params})
    elif change.to is not None and not fits(field, change.to):
        yield Problem(loc, _kind(field), repr(change.to))


def _whole(loc: Loc, field: FieldSpec, text: str, known: dict[str, Any]) -> Iterator[Problem]:
    """A field set from one parameter must be of its type."""
    names = holes(text)
    source = known.get(names[0])
    if isinstance(field, NotesField):
        return
    if text == f"{{{names[0]}}}" and source is not None:
        if source.type != field.type:
            yield Problem(loc, f"a {field.type}", f"{text}, a {source.type}")
        elif isinstance(field, ChoiceType) and not set(source.of) <= set(field.of):
            yield Problem(loc, _kind(field), f"{text}, which may be {sorted(set(source.of) - set(field.of))}")
    elif not isinstance(field, TextType):
        yield Problem(loc, _kind(field), repr(text))


def _names(loc: Loc, text: str, known: set[str]) -> Iterator[Problem]:
    for name in holes(text):
        if name not in known:
            yield Problem(loc, _one_of("a name", known), f"{{{name}}}")


def _no_field(spec: PropSpec, loc: Loc, name: str) -> Problem:
    return Problem(loc, _one_of("a field of state", spec.state), repr(name))


def _one_of(what: str, known: Any) -> str:
    return f"{what} ({', '.join(sorted(known)) or 'there is none'})"


def _kind(field: FieldSpec) -> str:
    if isinstance(field, BooleanType):
        return "true or false"
    if isinstance(field, IntegerType):
        return f"a whole number from {field.min} to {field.max}"
    if isinstance(field, ChoiceType):
        return f"one of {', '.join(field.of)}"
    return f"a text of at most {field.max} characters" if isinstance(field, TextType) else "notes"


# what can happen ----------------------------------------------------------------------------------------------------


def _unreachable(spec: PropSpec) -> Iterator[Problem]:
    """Verbs and ticks that nothing leads to from the initial state; silent where there are too many states to try."""
    verbs, ticks = _reached(spec)
    for name in [name for name in spec.verbs if name not in verbs]:
        yield Problem(("verbs", name), "a verb that can be reached from the initial state", "one that never can", False)
    for name in [name for name in spec.ticks if name not in ticks]:
        yield Problem(("ticks", name), "a tick that some `after` starts", "one that never happens", False)


def _reached(spec: PropSpec) -> tuple[set[str], set[str]]:
    """The verbs and ticks that can happen: every state is tried, breadth first, with the timers that wait in it."""
    prop = YamlProp(spec)
    actors = _actors(spec)
    start: _Node = (prop.initial({}), frozenset())
    queue, seen = deque([start]), {_key(start)}
    verbs = {name for name, verb in spec.verbs.items() if any(_too_wide(param) for param in verb.params.values())}
    ticks: set[str] = set()
    while queue:
        if len(seen) > _STATES_TRIED:
            return set(spec.verbs), set(spec.ticks)
        state, waiting = queue.popleft()
        used = list(_uses(prop, state, actors))
        ticked = list(_ticks(prop, state, waiting))
        verbs |= {name for name, _ in used}
        ticks |= {name for name, _ in ticked}
        for node in [
            *(_after(prop, outcome, waiting) for _, outcome in used),
            *(_after(prop, outcome, waiting - {name}) for name, outcome in ticked),
        ]:
            if _key(node) not in seen:
                seen.add(_key(node))
                queue.append(node)
    return verbs, ticks


_Node = tuple[dict[str, Any], frozenset[str]]
"""A state and the names of the timers that wait in it."""


def _actors(spec: PropSpec) -> list[Actor]:
    """A player, and somebody for each role or id that a verb is for."""
    named = sorted({who for verb in spec.verbs.values() for who in verb.who})
    return [Actor("lint", "player", "Ann"), *(_somebody(who) for who in named)]


def _somebody(who: str) -> Actor:
    role = next((role for role in get_args(Role) if role == who), None)
    return Actor("lint", role, "Ann") if role else Actor(who, "player", "Ann")


def _uses(prop: YamlProp, state: dict[str, Any], actors: list[Actor]) -> Iterator[tuple[str, Outcome]]:
    for name, spec in prop.spec.verbs.items():
        who = next(actor for actor in actors if prop.verbs[name].allows(actor))
        for choice in expanded(name, spec):
            args = {**choice.args, choice.text: "word"} if choice.text else choice.args
            outcome = prop.use(state, name, args, who, 0)
            if isinstance(outcome, Outcome):
                yield name, outcome


def _ticks(prop: YamlProp, state: dict[str, Any], waiting: frozenset[str]) -> Iterator[tuple[str, Outcome]]:
    for name in sorted(waiting):
        outcome = prop.tick(state, name, 0)
        if outcome is not None:
            yield name, outcome


def _after(prop: YamlProp, outcome: Outcome, waiting: frozenset[str]) -> _Node:
    on = {timer.name for timer in outcome.timers if timer.after_ms is not None}
    off = {timer.name for timer in outcome.timers if timer.after_ms is None}
    return prop.check(outcome.state), frozenset((waiting - off) | on)


def _too_wide(param: ParamSpec) -> bool:
    return not isinstance(param, TextType) and not values(param)


def _key(node: _Node) -> str:
    """Of notes only their number matters: no condition can see more."""
    state = {name: len(value) if isinstance(value, list) else value for name, value in node[0].items()}
    return json.dumps([state, sorted(node[1])], sort_keys=True)
