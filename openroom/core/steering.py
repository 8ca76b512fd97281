"""Taking the story another way: back, to another try at a line, to other words, to a moment that has a name.

Nothing is overwritten: each is a `Moved` that puts the head where the new way begins. Who may: who runs the room; and
by the room's ``steer`` every player (``everybody``), those whose own words alone are left behind (``own``, where it
says nothing), or nobody else (``owner``; ``nobody`` shuts it for the owner, too, but not for operators).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.core import action as act
from openroom.core import setup
from openroom.core.actor import Actor, is_character
from openroom.core.branches import alternatives, root_of
from openroom.core.context import Context, Draft
from openroom.core.event import Event, Said, words_by
from openroom.core.naming import NAMES
from openroom.core.patch import diff, merge
from openroom.core.people import brought_back
from openroom.core.prop import Refusal
from openroom.core.state import State
from openroom.core.view import perceives, visits_of

PASSING = (
    "entered",
    "left",
    "configured",
    "defined",
    "happened",
    "felt",
    "passed",
    "nudged",
    "rated",
    "saved",
    "branched",
    "muted",
    "noted",
)
"""What is nobody's words: who steers may leave it behind."""


def may_steer(state: State, actor: Actor, context: Context) -> Refusal | None:
    """Why ``actor`` may not take the story another way; ``None``: they may."""
    mode = state.shared["run"].get("steer", "own")
    if mode == "nobody" and actor.role not in ("operator", "system", "game"):
        return Refusal("not_allowed", "In this room nobody takes the story another way.")
    if actor.may_run_room:
        return None
    if not state.is_here(actor.id):
        return Refusal("not_here", "You are not in the room.")
    if mode == "owner":
        return Refusal("not_allowed", "Only the room's owner or an operator may do that.")
    if mode == "everybody" or _is_own(actor.id, state, context):
        return None
    return Refusal("not_allowed", "Others have had their say since then; only the room's owner may leave that behind.")


def _is_own(who: str, state: State, context: Context) -> bool:
    """Whether nobody else's words are left behind, and what is answered anew was said by them."""
    fork = context.fork
    if fork is None or fork.leaving is None or fork.entering is None or fork.caller != who:
        return False
    return all(_is_for(who, event, state) for event in (*fork.leaving, *fork.entering))


def _is_for(who: str, event: Event, state: State) -> bool:
    """Whether an event is one's own, a character's that one heard, or nobody's words."""
    if words_by(event) == who:
        return True
    if is_character(words_by(event)):
        return event.kind in PASSING or perceives(who, event, visits_of(state))
    told = event.kind == "happened" and event.actor != "system"  # a stage of its story
    return event.kind in PASSING and not told


def rewind(state: State, action: act.Rewind, actor: Actor, context: Context) -> list[Draft] | Refusal:
    return _go_to(state, actor, context, action.to, "rewind")


def load(state: State, action: act.Load, actor: Actor, context: Context) -> list[Draft] | Refusal:
    saved = state.shared.get("saves", {}).get(action.id)
    if saved is None:
        return Refusal("unknown_target", f"There is no save point {action.id!r}.")
    return _go_to(state, actor, context, saved["head"], "load")


def _go_to(state: State, actor: Actor, context: Context, to: int, why: str) -> list[Draft] | Refusal:
    if to > state.seq or context.past is None or context.fork is None:
        return Refusal("unknown_target", f"Expected an event from 1 to {state.seq}, came {to}.")
    if denied := may_steer(state, actor, context):
        return denied
    return [moved(state, context, context.fork.point, why)]


def choose(state: State, action: act.Choose, actor: Actor, context: Context) -> list[Draft] | Refusal:
    if (wrong := _no_line(state, action.seq, actor, context)) is not None:
        return wrong
    if action.seq not in alternatives(state):
        return Refusal("unknown_target", f"Event {action.seq} is no alternative of another line.")
    if denied := may_steer(state, actor, context):
        return denied
    fork = context.fork
    assert fork is not None
    return [] if fork.point == state.head else [moved(state, context, fork.point, "choose", of=action.seq)]


def retry(state: State, action: act.Retry, actor: Actor, context: Context) -> list[Draft] | Refusal:
    if (wrong := _no_line(state, action.seq, actor, context)) is not None:
        return wrong
    fork = context.fork
    assert fork is not None
    assert fork.target is not None
    who = fork.target.actor
    if not is_character(who) or not state.is_here(who):
        return Refusal("unknown_target", f"Event {action.seq} is not a line of a character that is here.")
    if state.is_muted(who):
        return Refusal("muted", f"{state.name(who)} is muted.")
    if denied := may_steer(state, actor, context):
        return denied
    wish = " ".join(action.wish.split()) or None
    to = None if fork.target.to is None else [*fork.target.to, who]  # it is asked for it, whoever asks
    told = {"of": action.seq, "character": who, "wish": wish, "to": to}
    return [moved(state, context, fork.point, "retry", **told)]


def edit(state: State, action: act.Edit, actor: Actor, context: Context) -> list[Draft] | Refusal:
    if (wrong := _no_line(state, action.seq, actor, context)) is not None:
        return wrong
    fork = context.fork
    assert fork is not None
    target = fork.target
    assert isinstance(target, Said)
    if target.actor != actor.id and not is_character(target.actor):
        return Refusal("not_allowed", "You can edit your own lines, and what characters say.")
    if denied := may_steer(state, actor, context) or _may_put_words(state, actor, target):
        return denied
    if action.text == target.text:
        return []
    way: Draft = {"alternative_of": root_of(state, action.seq), "edited": True}
    way |= {"edited_by": actor.id} if actor.id != target.actor else {}
    way |= {"persona": target.persona, "played_by": actor.id if target.played_by else None}
    said = {"kind": "said", "actor": target.actor, "text": action.text, "to": target.to, **way}
    to = {"of": action.seq, "to": target.to}
    return [moved(state, context, fork.point, "edit", **to), said, *map(_told_again, fork.rest)]


def _may_put_words(state: State, actor: Actor, target: Said) -> Refusal | None:
    """What others hear a character say is not for any player to word."""
    alone = state.here("player") == [actor.id] and not state.here("spectator")
    if target.actor == actor.id or actor.may_run_room or alone or state.shared["run"].get("steer") == "everybody":
        return None
    return Refusal("not_allowed", "Others are here; only the room's owner may word what characters say.")


def _told_again(event: Event) -> Draft:
    """What was done with a line whose words are others now. The state is what it was, so its patches hold."""
    body = event.model_dump(exclude={"seq", "at", "parent", "cause", "alternative_of"}, exclude_none=True)
    return {**body, "patch": event.patch, "hidden": event.hidden}


def delete(state: State, action: act.Delete, actor: Actor, context: Context) -> list[Draft] | Refusal:
    if (wrong := _no_line(state, action.seq, actor, context)) is not None:
        return wrong
    fork = context.fork
    assert fork is not None
    assert fork.target is not None
    if denied := may_steer(state, actor, context):
        return denied
    return [moved(state, context, fork.point, "delete", of=action.seq, to=fork.target.to)]


def _no_line(state: State, seq: int, actor: Actor, context: Context) -> Refusal | None:
    """A refusal where ``seq`` is no line that ``actor`` knows of."""
    target = context.fork.target if context.fork else None
    known = isinstance(target, Said) and not target.erased and context.past is not None
    if known and target is not None and (actor.may_run_room or perceives(actor.id, target, visits_of(state))):
        return None
    return Refusal("unknown_target", f"Event {seq} is not a line of this story.")


def reset(state: State, action: act.Reset, actor: Actor, context: Context) -> list[Draft] | Refusal:
    fresh = setup.initial(context.world)
    fresh = State(fresh.seq, {**fresh.shared, "run": state.shared["run"]}, fresh.hidden)  # how a room runs is no story
    return [_moved(state, _with_aside(fresh, state.hidden.get("aside", {})), 1, "reset")]


def moved(state: State, context: Context, head: int, why: str, **more: Any) -> Draft:
    """The story goes on from ``head``, with the state of then (``context.past``)."""
    past, aside = context.past, state.hidden.get("aside", {})
    assert past is not None
    if past.hidden.get("defined") != state.hidden.get("defined"):
        # Definitions have changed since: what no longer fits them goes aside, with what is there already.
        past = setup.refit(past, context.world)
        aside = {**aside, **past.hidden["aside"]}
    past = State(past.seq, {**past.shared, "run": state.shared["run"]}, past.hidden)
    return {**_moved(state, _with_aside(past, aside), head, why), **more}


def _with_aside(past: State, aside: Mapping[str, Any]) -> State:
    return State(past.seq, past.shared, {**past.hidden, "aside": aside})


def _moved(state: State, past: State, head: int, why: str) -> Draft:
    """Back to ``past`` in props, scene, run and emotions. Who is here stays: time turns back for the room, not for
    people.
    """
    known, visits = brought_back(state, past, head)
    people = {who: _as_before(p, past.people.get(who, {})) for who, p in known.items()}
    after = {**past.shared, "people": people}
    for names in NAMES:
        after.pop(names, None)
    after |= {names: state.shared[names] for names in NAMES if names in state.shared}
    hidden = {**setup.hidden_patch(state, past), **({"visits": visits} if visits else {})}
    timers: Draft = dict.fromkeys(state.hidden.get("timers", {}))
    return {
        "kind": "moved",
        "head": head,
        "why": why,
        "patch": diff(state.shared, after) or None,
        "hidden": {"timers": {**timers, **past.hidden.get("timers", {})}, **hidden},
    }


def _as_before(person: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:
    return merge(person, {"emotion": before["emotion"]}) if "emotion" in before else person
