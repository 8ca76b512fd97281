"""resolve(state, action) -> events | refusal: the one place that decides whether an action happens.

Pure: time comes in with the `Context`, past states come in for rewinds. One handler for each action; a handler
answers with drafts (events without seq) that `resolve` numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openroom.core import action as act
from openroom.core import casting, conduct, naming, setup, steering
from openroom.core import event as ev
from openroom.core.action import Action
from openroom.core.actor import Actor, is_character
from openroom.core.admission import is_banned, places_in, turned_away
from openroom.core.apply import apply
from openroom.core.branches import alternatives
from openroom.core.character import EMOTIONS
from openroom.core.context import Context, Draft
from openroom.core.event import Event, words_by
from openroom.core.past import recounted
from openroom.core.patch import diff, joined
from openroom.core.people import drawn, forgotten, free_name, introduced, next_order, unvisited
from openroom.core.persona import SELF, put_on
from openroom.core.prop import Outcome, Prop, Refusal, Timer
from openroom.core.redact import MARK, strike_of
from openroom.core.scene import TIMES, WEATHERS, Scene
from openroom.core.state import State, World
from openroom.core.traces import without
from openroom.core.view import perceives, visits_of
from openroom.errors import DefinitionError

__all__ = ["Context", "Refusal", "Resolved", "may_erase", "resolve"]

Handler = Callable[[State, Any, Actor, "Context"], "list[Draft] | Refusal"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Events, numbered after ``state.seq``, and the state after the last of them."""

    events: tuple[Event, ...]
    state: State


def resolve(state: State, action: Action, actor: Actor, context: Context) -> Resolved | Refusal:
    """Decide what ``action`` by ``actor`` does to ``state``."""
    denied = _denied(state, action, actor)
    if denied is not None:
        return denied
    drafts = _HANDLERS[type(action)](state, action, actor, context)
    if isinstance(drafts, Refusal):
        return drafts
    events: list[Event] = []
    for draft in introduced(state, actor, drafts, _cast(context.world)):
        event = _number(state, draft, actor, context)
        state = apply(state, event)
        events.append(event)
    return Resolved(tuple(events), state)


def _number(state: State, draft: Draft, actor: Actor, context: Context) -> Event:
    body = {"seq": state.seq + 1, "at": context.now, "actor": actor.id, **draft}
    if context.cause is not None:
        body.setdefault("cause", context.cause)
    if state.head != state.seq:
        body["parent"] = state.head
    return ev.load({key: value for key, value in body.items() if value is not None})


# who may ask --------------------------------------------------------------------------------------------------------

_SYSTEM_ONLY = (act.Define, act.Tick, act.Recount)
_RUNNERS_ONLY = (act.Configure, act.Advance, act.Reset, act.Remove, act.Unban, act.Note, act.Mute)
_NEEDS_PRESENCE = (act.Say, act.Use, act.Feel, act.Pass, act.Leave, act.Nudge, act.Roll)
_NEEDS_A_BODY = (act.Feel, act.Leave)


def _denied(state: State, action: Action, actor: Actor) -> Refusal | None:
    if isinstance(action, _SYSTEM_ONLY) and actor.role != "system":
        return Refusal("not_allowed", "Only the room itself does that.")
    if isinstance(action, _RUNNERS_ONLY) and not actor.may_run_room:
        return Refusal("not_allowed", "Only the room's owner or an operator may do that.")
    outside = actor.role in ("system", "game") and not isinstance(action, _NEEDS_A_BODY)
    if isinstance(action, _NEEDS_PRESENCE) and not outside and not state.is_here(actor.id):
        return Refusal("not_here", "You are not in the room.")
    watching = state.people.get(actor.id, {}).get("kind") == "spectator"
    if watching and not isinstance(action, (act.Enter, act.Leave)):
        return Refusal("watching", "Spectators watch; enter as a player to take part.")
    return None


# handlers -----------------------------------------------------------------------------------------------------------


def _say(state: State, action: act.Say, actor: Actor, context: Context) -> list[Draft] | Refusal:
    for who in action.to or ():
        if not state.is_here(who):
            return Refusal("unknown_target", f"{state.name(who)} is not in the room.")
    to = sorted({who for who in action.to or () if who != actor.id})
    if action.to and not to:
        return Refusal("unknown_target", "A whisper needs somebody else to hear it.")
    if state.is_muted(actor.id) and not action.cut:  # what had begun before is cut short, not taken back
        return Refusal("muted", f"{state.name(actor.id)} is muted.")
    if action.persona or action.play:
        return casting.say_as(state, action, to, actor, context.world)
    way = {"alternative_of": _asked_again(state, actor), "goes_on": state.hidden.get("goes_on", {}).get(actor.id)}
    said = {"kind": "said", "text": action.text, "to": to or None, "cut": True if action.cut else None, **way}
    return [said if to else {**said, "hidden": conduct.pooled(state, actor)}]


def _asked_again(state: State, actor: Actor) -> int | None:
    """The line that this is another try at, where it is one."""
    again: int | None = state.hidden.get("again", {}).get(actor.id)
    return again


def _use(state: State, action: act.Use, actor: Actor, context: Context) -> list[Draft] | Refusal:
    placed, rules = state.props.get(action.prop), context.world.props.get(action.prop)
    if placed is None or rules is None:
        return Refusal("unknown_prop", f"There is no {action.prop!r} here; there is {', '.join(sorted(state.props))}.")
    who = replace(actor, name=state.name(actor.id)) if actor.id in state.people else actor
    outcome = context.safely(lambda: rules.use(state.of_prop(action.prop), action.verb, action.args, who, context.now))
    if isinstance(outcome, Refusal):
        return outcome
    changed = context.safely(lambda: _effects(state, action.prop, rules, outcome, context))
    if isinstance(changed, Refusal):
        return changed
    draft = {"kind": "used", "prop": action.prop, "verb": action.verb, "telling": outcome.telling}
    draft |= {"to": _hearers(outcome, actor.id), "failed": True if outcome.failed else None}
    return [{**draft, "args": action.args or None, **changed}]


def _hearers(outcome: Outcome, actor: str) -> list[str] | None:
    """Who perceives what came of it beside ``actor``, who did it; ``None``: everybody."""
    return None if outcome.to is None else sorted({*outcome.to} - {actor})


def _effects(state: State, prop_id: str, rules: Prop, outcome: Outcome, context: Context) -> Draft | Refusal:
    """The patches behind an outcome. A rule book whose new state does not fit is at fault: nothing happens."""
    placed = state.props[prop_id]
    if wrong := _nonsense(outcome):
        return Refusal("prop_fault", f"{placed['name']} is out of order: {wrong}.")
    try:
        after = rules.check(outcome.state)
    except DefinitionError as error:
        return Refusal("prop_fault", f"{placed['name']} is out of order: {error}")
    body, concealed = setup.placed(rules, after, placed["name"], placed["order"], placed["place"])
    patch: Draft = {}
    hidden: Draft = {}
    if change := diff(placed, body):
        patch["props"] = {prop_id: change}
    if change := diff(state.concealed(prop_id), concealed):
        hidden["props"] = {prop_id: change}
    for key, known in (("time", TIMES), ("weather", WEATHERS)):
        if key in outcome.scene and outcome.scene[key] not in known:
            return Refusal("prop_fault", f"{placed['name']} is out of order: expected {key} to be one of {known}.")
    scene = {key: value for key, value in outcome.scene.items() if key in ("time", "weather")}
    if change := diff(state.shared["scene"], {**state.shared["scene"], **scene}):
        patch["scene"] = change
    if outcome.timers:
        hidden["timers"] = _timers(prop_id, outcome.timers, context.now)
    return {"patch": patch or None, "hidden": hidden or None}


def _nonsense(outcome: Outcome) -> str:
    """What is no telling, or nobody it can be told to: third-party code may give anything."""
    telling: object = outcome.telling
    to: object = outcome.to
    if not isinstance(telling, str):
        return f"expected a sentence, came {type(telling).__name__}"
    if to is not None and not (isinstance(to, tuple | list) and all(isinstance(who, str) for who in to)):
        return f"expected ids of participants to tell it to, came {type(to).__name__}"
    return ""


def _timers(prop_id: str, timers: tuple[Timer, ...], now: int) -> Draft:
    return {
        f"{prop_id}.{t.name}": None if t.after_ms is None else {"at": now + t.after_ms, "prop": prop_id, "name": t.name}
        for t in timers
    }


def _tick(state: State, action: act.Tick, actor: Actor, context: Context) -> list[Draft] | Refusal:
    timer = state.hidden.get("timers", {}).get(action.timer)
    if timer is None or timer["at"] > context.now:
        return Refusal("not_due", f"No timer {action.timer!r} is due.")
    gone: Draft = {"timers": {action.timer: None}}
    rules, prop_id = context.world.props.get(timer["prop"]), timer["prop"]
    silent = [{"kind": "happened", "timer": action.timer, "prop": prop_id, "hidden": gone}]
    if rules is None or prop_id not in state.props:
        return silent
    outcome = context.safely(lambda: rules.tick(state.of_prop(prop_id), timer["name"], context.now))
    if outcome is None or isinstance(outcome, Refusal):
        return silent
    changed = context.safely(lambda: _effects(state, prop_id, rules, outcome, context))
    if isinstance(changed, Refusal):
        return silent
    changed["hidden"] = joined(gone, changed["hidden"] or {})
    return [{**silent[0], "telling": outcome.telling or None, "to": _hearers(outcome, actor.id), **changed}]


def _feel(state: State, action: act.Feel, actor: Actor, context: Context) -> list[Draft] | Refusal:
    definition = context.world.character(actor.id)
    can = definition.emotions.can if definition else _all_emotions(context.world)
    if action.emotion not in can:
        return Refusal("unknown_emotion", f"Expected one of {', '.join(can)}.")
    if state.people[actor.id].get("emotion") == action.emotion:
        return []
    return [{"kind": "felt", "emotion": action.emotion, "patch": {"people": {actor.id: {"emotion": action.emotion}}}}]


def _all_emotions(world: World) -> list[str]:
    """What players may show: the usual emotions and those of the scene's characters."""
    own = (emotion for character in world.characters.values() for emotion in character.emotions.can)
    return list(dict.fromkeys((*EMOTIONS, *own)))


def _pass(state: State, action: act.Pass, actor: Actor, context: Context) -> list[Draft] | Refusal:
    return [{"kind": "passed", "note": action.note or None}]


def _enter(state: State, action: act.Enter, actor: Actor, context: Context) -> list[Draft] | Refusal:
    kind, person = _kind_of(actor, action.watch), state.people.get(actor.id, {})
    if person.get("here") and person["kind"] == kind and not is_banned(state, actor.id):
        return []
    places = places_in(context.world.scene, context.places)
    if denied := turned_away(state, actor, kind, places=places, private=context.private):
        return denied
    persona = actor.persona(action.persona)
    if persona is None and action.persona not in (None, SELF):
        return Refusal("unknown_persona", f"You have no persona {action.persona!r}.")
    gone = forgotten(state, context.named, private=context.private, but=actor.id)
    others = {other: p for other, p in state.people.items() if other not in gone} if gone else state.people
    order = person.get("order") or next_order(others)
    called, look = (persona.name, persona.look or action.look) if persona else (action.name, action.look)
    name = free_name(others, actor.id, called, _cast(context.world))
    shown = put_on(person, name, persona, state.seq + 1)
    entry = {
        "kind": kind,
        "name": name,
        "order": order,
        "here": True,
        **drawn(person, look, afresh="worn" in shown),
        **shown,
        **({"heard_of": None} if person.get("heard_of") else {}),
    }
    who = {"who": actor.id, "name": entry["name"], "language": action.language}
    patch = {"people": {**dict.fromkeys(gone), actor.id: entry}}
    visits = dict.fromkeys(one for one in unvisited(state, gone) if one != actor.id)
    return [{"kind": "entered", **who, "patch": patch, "hidden": {"visits": visits} if visits else None}]


def _kind_of(actor: Actor, watch: bool) -> str:
    if watch or actor.role == "spectator":
        return "spectator"
    return "character" if is_character(actor.id) else "player"


def _cast(world: World) -> list[str]:
    """The names of the characters, which nobody else takes."""
    return [character.name for character in world.characters.values()]


def _leave(state: State, action: act.Leave, actor: Actor, context: Context) -> list[Draft] | Refusal:
    return [_left(state, context, actor.id, context.leave_how)]


def _left(state: State, context: Context, who: str, how: str, reason: str = "") -> Draft:
    gone: Draft = dict.fromkeys(forgotten(state, context.named, private=context.private, but=who))
    visits: Draft = dict.fromkeys(unvisited(state, gone))
    hidden = {"visits": visits} if visits else {}
    changes: Draft = {"patch": {"people": {**gone, who: {"here": None}}}, "hidden": hidden}
    for prop_id in state.props:
        for side, change in _freed(state, prop_id, who, context).items():
            changes[side] = joined(changes[side], {"props": change["props"]})
    left = {"kind": "left", "who": who, "name": state.name(who), "how": how, "reason": reason or None}
    return {**left, "patch": changes["patch"], "hidden": changes["hidden"] or None}


def _freed(state: State, prop_id: str, who: str, context: Context) -> Draft:
    """What becomes of a prop when somebody leaves who held a part of it (a seat at a board): patches of both sides."""
    rules = context.world.props.get(prop_id)
    if rules is None:
        return {}
    after = context.safely(lambda: rules.left(state.of_prop(prop_id), who))
    if after is None or isinstance(after, Refusal):
        return {}
    changed = context.safely(lambda: _effects(state, prop_id, rules, Outcome(after), context))
    if isinstance(changed, Refusal):
        return {}
    return {side: change for side, change in changed.items() if change and "props" in change}


def _rate(state: State, action: act.Rate, actor: Actor, context: Context) -> list[Draft] | Refusal:
    target = context.target
    if not isinstance(target, ev.Said) or not is_character(words_by(target)) or target.imported:
        return Refusal("unknown_target", f"Event {action.seq} is not a character's reply.")
    if not actor.may_run_room and not perceives(actor.id, target, visits_of(state)):
        return Refusal("unknown_target", f"Event {action.seq} is not a character's reply.")
    return [{"kind": "rated", "target": action.seq, "value": action.value, "reason": action.reason or None}]


def _advance(state: State, action: act.Advance, actor: Actor, context: Context) -> list[Draft] | Refusal:
    stages = {stage.id: stage for stage in context.world.scene.stages}
    stage = stages.get(action.stage)
    if stage is None:
        return Refusal("unknown_target", f"Expected one of the stages {', '.join(stages) or 'none'}.")
    if state.shared["scene"].get("stage") == stage.id:
        return []
    patch = {"scene": {"stage": stage.id}}
    return [{"kind": "happened", "stage": stage.id, "telling": stage.text, "patch": patch}]


def _erase(state: State, action: act.Erase, actor: Actor, context: Context) -> list[Draft] | Refusal:
    target = context.target
    if target is None or not may_erase(actor, target):
        return Refusal("not_allowed", "You can erase your own lines.")
    if target.erased:
        return []
    if isinstance(target, ev.Said):
        return [{"kind": "erased", "target": seq, "to": target.to} for seq in _wordings(state, target, actor)]
    if isinstance(target, ev.Saved | ev.Branched) and target.name and getattr(target, "listed", None) is None:
        return [{"kind": "erased", "target": action.seq, **naming.unnamed(state, target)}]
    if isinstance(target, ev.Moved) and target.wish:
        return [{"kind": "erased", "target": action.seq, "to": target.to}]
    struck = _struck(state, target, context) if isinstance(target, ev.Used) else None
    if struck is None and actor.may_run_room and _reads_out(target):
        struck = {"to": target.to}
    if struck is None:
        return Refusal(
            "unknown_target", f"Event {action.seq} is not a line that was said, a name, nor words that were written."
        )
    return struck if isinstance(struck, Refusal) else [{"kind": "erased", "target": action.seq, **struck}]


def _wordings(state: State, target: ev.Said, actor: Actor) -> Sequence[int]:
    """The line and all that it was worded as before and since, on every way of the story; of a character's line that
    somebody reworded, for them their own words alone."""
    whole = target.actor == actor.id or actor.may_run_room
    return alternatives(state).get(target.seq, (target.seq,)) if whole else (target.seq,)


def _reads_out(event: Event) -> bool:
    """Whether a use changed nothing and only told: it may tell words whose writer has erased them since."""
    return isinstance(event, ev.Used) and bool(event.telling) and not (event.patch or event.hidden or event.failed)


def may_erase(actor: Actor, target: Event) -> bool:
    """Whether the words of ``target`` are one's own, or the room one's own to run."""
    worded = isinstance(target, ev.Said) and target.edited_by == actor.id
    return words_by(target) == actor.id or worded or actor.may_run_room


def _struck(state: State, target: ev.Used, context: Context) -> Draft | Refusal | None:
    """The patches that take what was written at ``target`` off its thing; ``None`` when nothing was."""
    rules, placed = context.world.props.get(target.prop), state.props.get(target.prop)
    if strike_of(target, rules) is None:
        return None
    standing = context.standing
    changed: Draft = {}
    if placed is not None and rules is not None and standing.state:
        after = without(state.of_prop(target.prop), standing.state, MARK)
        found = context.safely(lambda: _effects(state, target.prop, rules, Outcome(after), context))
        if isinstance(found, Refusal):
            return found
        changed = found
    if standing.aside:
        aside = state.hidden["aside"][target.prop]
        change = diff(aside, without(aside, standing.aside, MARK))
        changed["hidden"] = joined(changed.get("hidden") or {}, {"aside": {target.prop: change}})
    return changed


def _remove(state: State, action: act.Remove, actor: Actor, context: Context) -> list[Draft] | Refusal:
    person = state.people.get(action.who)
    if person is None or person["kind"] in ("character", "game", "past") or action.who == actor.id:
        return Refusal("unknown_target", f"No player or spectator {action.who!r} is known here.")
    how = "banned" if action.ban else "removed"
    bans = {"bans": {action.who: {"reason": action.reason} if action.reason else {}}} if action.ban else None
    if not person.get("here"):
        return [{"kind": "configured", "hidden": bans}] if bans else Refusal("not_here", f"{person['name']} has left.")
    left = _left(state, context, action.who, how, action.reason)
    return [{**left, "hidden": joined(left["hidden"] or {}, bans or {}) or None}]


def _unban(state: State, action: act.Unban, actor: Actor, context: Context) -> list[Draft] | Refusal:
    if action.who not in state.hidden.get("bans", {}):
        return Refusal("unknown_target", f"{action.who!r} is not banned.")
    return [{"kind": "unbanned", "who": action.who, "hidden": {"bans": {action.who: None}}}]


def _define(state: State, action: act.Define, actor: Actor, context: Context) -> list[Draft] | Refusal:
    if context.defined is None:
        return Refusal("bad_args", "A new definition needs the world it makes.")
    after = setup.refit(state, context.defined)
    scene = {**after.shared["scene"], **_new_sky(context.world.scene, context.defined.scene)}
    after = replace(after, shared={**after.shared, "scene": scene})
    hidden = setup.hidden_patch(state, after)
    if visits := _visits(state, after.shared, state.seq + 1):
        hidden["visits"] = visits
    body = {"kind": "defined", "what": action.what, "id": action.id, "definition": action.definition}
    return [{**body, "patch": diff(state.shared, after.shared) or None, "hidden": hidden or None}]


def _new_sky(before: Scene, now: Scene) -> dict[str, str]:
    """The time and weather that a scene's author has changed; what a thing made of the rest stays."""
    skies = {"time": (before.time, now.time), "weather": (before.weather, now.weather)}
    return {key: new for key, (old, new) in skies.items() if new != old}


def _visits(state: State, after: Mapping[str, Any], seq: int) -> Draft:
    """Characters that a new definition brings in perceive from now on, those it takes out no longer."""
    visits: Draft = {}
    for who, person in after["people"].items():
        if person.get("here") and not state.is_here(who):
            visits[who] = {str(seq): 0}
        elif state.is_here(who) and not person.get("here"):
            visits[who] = {start: seq for start, end in state.hidden["visits"].get(who, {}).items() if end == 0}
    return visits


def _recount(state: State, action: act.Recount, actor: Actor, context: Context) -> list[Draft] | Refusal:
    return recounted(state, action)


_HANDLERS: Mapping[type[Any], Handler] = {
    act.Say: _say,
    act.Use: _use,
    act.Feel: _feel,
    act.Pass: _pass,
    act.Enter: _enter,
    act.Leave: _leave,
    act.Rate: _rate,
    act.Nudge: lambda state, action, actor, context: conduct.nudge(state, action, actor, context.fork),
    act.Roll: lambda _state, action, _actor, context: conduct.roll(action, context.seed),
    act.Note: lambda state, action, actor, context: conduct.note(state, action, actor, context.owner),
    act.Mute: lambda state, action, _actor, _: conduct.mute(state, action),
    act.Configure: lambda state, action, _actor, _: conduct.configure(state, action),
    act.Advance: _advance,
    act.Erase: _erase,
    act.Rewind: steering.rewind,
    act.Reset: steering.reset,
    act.Retry: steering.retry,
    act.Choose: steering.choose,
    act.Edit: steering.edit,
    act.Delete: steering.delete,
    act.Save: naming.save,
    act.Unsave: lambda state, action, actor, _: naming.unsave(state, action, actor),
    act.Branch: naming.branch,
    act.Load: steering.load,
    act.Remove: _remove,
    act.Unban: _unban,
    act.Define: _define,
    act.Tick: _tick,
    act.Recount: _recount,
}
