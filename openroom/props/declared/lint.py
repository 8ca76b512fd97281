"""What is wrong with a prop definition that its schema cannot see: names that lead nowhere, verbs nobody can reach."""

from __future__ import annotations

import itertools
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from openroom.core.actor import Actor, Role
from openroom.core.prop import Outcome
from openroom.core.translation import mistranslated
from openroom.props.declared.fields import ChoiceType, FieldSpec, IntegerType, NotesField, ParamSpec, TextType
from openroom.props.declared.prop import ACTOR, YamlProp, expanded, holes
from openroom.props.declared.spec import Change, Effect, Hearers, PropSpec, VerbSpec
from openroom.props.declared.when import GROUPS, AnyOf, NoneOf, Test, When

Loc = tuple[str | int, ...]
_STATES_TRIED = 1500
_USES_TRIED = 40_000
_PARTICIPANTS = ("character:", "player:", "game:")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at ``loc`` in the definition. One with ``fatal`` makes the prop unusable."""

    loc: Loc
    expected: str
    came: str = ""
    fatal: bool = True


def lint(spec: PropSpec) -> list[Problem]:
    """Everything wrong with a spec that fits its schema."""
    taken = "a name other than or and not, which are words of conditions"
    found = [Problem(("state", name), taken, name) for name in sorted(GROUPS & spec.state.keys())]
    for name, verb in spec.verbs.items():
        found += _effect(spec, ("verbs", name), verb, verb.params)
        found += _verb(spec, ("verbs", name), verb)
    for name, tick in spec.ticks.items():
        found += _effect(spec, ("ticks", name), tick, {})
        found += _names(("ticks", name, "tells"), tick.tells, {"prop", *spec.state})
        found += _hearers(("ticks", name, "tells_to"), tick.tells_to, actor=False)
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
    yield from _hearers((*loc, "tells_to"), verb.tells_to)
    yield from _names((*loc, "else"), verb.excuse, known)
    if verb.in_vain:
        yield from _effect(spec, (*loc, "else"), verb.in_vain, verb.params)
        yield from _names((*loc, "else", "tells"), verb.in_vain.tells, known)
        yield from _hearers((*loc, "else", "tells_to"), verb.in_vain.tells_to)
    yield from _names((*loc, "label"), verb.label, set(verb.params))
    if verb.when and not verb.else_:
        yield Problem((*loc, "else"), "a sentence that tells why `when` fails", "none", False)
    texts = [name for name, param in verb.params.items() if isinstance(param, TextType)]
    for name in texts[1:]:
        yield Problem((*loc, "params", name), "at most one text parameter", f"{len(texts)}")
    for name, param in verb.params.items():
        if name not in texts and not param.values():
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


def _hearers(loc: Loc, hearers: Hearers | None, *, actor: bool = True) -> Iterator[Problem]:
    for who in hearers or ():
        if not (who.startswith(_PARTICIPANTS) or (actor and who == ACTOR)):
            wanted = "actor, or " if actor else ""
            yield Problem(loc, f"{wanted}a participant's id (such as character:mira)", repr(who))


def _when(spec: PropSpec, loc: Loc, when: When) -> Iterator[Problem]:
    for name, condition in when.items():
        if isinstance(condition, AnyOf):
            for index, one in enumerate(condition.root):
                yield from _when(spec, (*loc, name, index), one)
        elif isinstance(condition, NoneOf):
            yield from _when(spec, (*loc, name), condition.root)
        elif name not in spec.state:
            yield _no_field(spec, (*loc, name), name)
        else:
            yield from _test((*loc, name), spec.state[name], condition)


def _test(loc: Loc, field: FieldSpec, test: Test) -> Iterator[Problem]:
    given = test.model_fields_set
    if given & {"min", "max"} and not isinstance(field, (IntegerType, NotesField)):
        yield Problem(loc, "min and max for integers and notes only", f"a {field.type}")
    exact = [one for one in (test.is_, test.not_) if one is not None] + list(test.in_ or ())
    for one in exact:
        if not field.fits(one):
            yield Problem(loc, field.expected, repr(one))


def _change(
    spec: PropSpec, loc: Loc, field: FieldSpec, change: Change, params: dict[str, ParamSpec]
) -> Iterator[Problem]:
    notes = isinstance(field, NotesField)
    if (change.append is not None or change.clear is not None) != notes:
        wanted = "append or clear" if notes else field.expected
        yield Problem(loc, f"{wanted} (the field is of type {field.type})", "something else")
        return
    if change.by is not None and not isinstance(field, IntegerType):
        yield Problem(loc, field.expected, f"{change.by:+d}")
    text = change.append if notes else change.to
    if isinstance(text, str) and holes(text):
        yield from _names(loc, text, {*params, *spec.state, *(("actor",) if loc[0] == "verbs" else ())})
        yield from _whole(loc, field, text, {**spec.state, **params})
    elif change.to is not None and not field.fits(change.to):
        yield Problem(loc, field.expected, repr(change.to))


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
            yield Problem(loc, field.expected, f"{text}, which may be {sorted(set(source.of) - set(field.of))}")
    elif not isinstance(field, TextType):
        yield Problem(loc, field.expected, repr(text))


def _names(loc: Loc, text: str, known: set[str]) -> Iterator[Problem]:
    for name in holes(text):
        if name not in known:
            yield Problem(loc, _one_of("a name", known), f"{{{name}}}")


def _no_field(spec: PropSpec, loc: Loc, name: str) -> Problem:
    return Problem(loc, _one_of("a field of state", spec.state), repr(name))


def _one_of(what: str, known: Any) -> str:
    return f"{what} ({', '.join(sorted(known)) or 'there is none'})"


# what can happen ----------------------------------------------------------------------------------------------------


def _unreachable(spec: PropSpec) -> Iterator[Problem]:
    """Verbs and ticks that nothing leads to from the initial state; silent where there is too much to try."""
    reached = _reached(spec)
    if reached is None:
        return
    for name, verb in spec.verbs.items():
        if ("verbs", name) not in reached:
            yield Problem(
                ("verbs", name), "a verb that can be reached from the initial state", "one that never can", False
            )
        if verb.in_vain and ("else", name) not in reached:
            yield Problem(("verbs", name, "else"), "something that can happen", "a verb that is never in vain", False)
    for name in spec.ticks:
        if ("ticks", name) not in reached:
            yield Problem(("ticks", name), "a tick that some `after` starts", "one that never happens", False)


def _reached(spec: PropSpec) -> set[tuple[str, str]] | None:
    """The verbs, failures of verbs and ticks that can happen: every state is tried, breadth first, with the timers that
    wait in it. ``None`` where that would take too long."""
    if any(_too_wide(param) for verb in spec.verbs.values() for param in verb.params.values()):
        return None
    prop, actors = YamlProp(spec), _actors(spec)
    uses = [(name, args, who) for name, verb in spec.verbs.items() for args, who in _ways(prop, name, verb, actors)]
    start: _Node = (prop.initial({}), frozenset())
    queue, seen = deque([start]), {_key(start)}
    reached: set[tuple[str, str]] = set()
    while queue:
        if len(seen) > min(_STATES_TRIED, _USES_TRIED / max(1, len(uses))):
            return None
        state, waiting = queue.popleft()
        for what, node in [*_used(prop, state, waiting, uses), *_ticked(prop, state, waiting)]:
            reached.add(what)
            if _key(node) not in seen:
                seen.add(_key(node))
                queue.append(node)
    return reached


_Node = tuple[dict[str, Any], frozenset[str]]
"""A state and the names of the timers that wait in it."""

_Use = tuple[str, dict[str, Any], Actor]
_Step = tuple[tuple[str, str], _Node]
"""What happened, and where it led."""


def _actors(spec: PropSpec) -> list[Actor]:
    """A player, and somebody for each role or id that a verb is for."""
    named = sorted({who for verb in spec.verbs.values() for who in verb.who})
    return [Actor("lint", "player", "Ann"), *(_somebody(who) for who in named)]


def _somebody(who: str) -> Actor:
    role = next((role for role in get_args(Role) if role == who), None)
    return Actor("lint", role, "Ann") if role else Actor(who, "player", "Ann")


def _ways(prop: YamlProp, name: str, verb: VerbSpec, actors: list[Actor]) -> Iterator[tuple[dict[str, Any], Actor]]:
    """Every way to use a verb: arguments, and somebody who may."""
    who = next(actor for actor in actors if prop.verbs[name].allows(actor))
    for choice in itertools.islice(expanded(name, verb, None), _USES_TRIED):
        yield ({**choice.args, choice.text: "word"} if choice.text else dict(choice.args)), who


def _used(prop: YamlProp, state: dict[str, Any], waiting: frozenset[str], uses: list[_Use]) -> Iterator[_Step]:
    for name, args, who in uses:
        outcome = prop.use(state, name, args, who, 0)
        if isinstance(outcome, Outcome):
            yield ("else" if outcome.failed else "verbs", name), _after(prop, outcome, waiting)


def _ticked(prop: YamlProp, state: dict[str, Any], waiting: frozenset[str]) -> Iterator[_Step]:
    for name in sorted(waiting):
        outcome = prop.tick(state, name, 0)
        if outcome is not None:
            yield ("ticks", name), _after(prop, outcome, waiting - {name})


def _after(prop: YamlProp, outcome: Outcome, waiting: frozenset[str]) -> _Node:
    on = {timer.name for timer in outcome.timers if timer.after_ms is not None}
    off = {timer.name for timer in outcome.timers if timer.after_ms is None}
    return prop.check(outcome.state), frozenset((waiting - off) | on)


def _too_wide(param: ParamSpec) -> bool:
    return not isinstance(param, TextType) and not param.values()


def _key(node: _Node) -> str:
    """Of notes only their number matters: no condition can see more."""
    state = {name: len(value) if isinstance(value, list) else value for name, value in node[0].items()}
    return json.dumps([state, sorted(node[1])], sort_keys=True)
