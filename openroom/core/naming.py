"""Names in a story: of moments (save points) and of branches. They belong to the room, not to one way of its story.

Who may: who runs the room, and by its ``steer`` (`openroom.core.steering`) the players in it. Each player has a bound,
so that nobody fills the room's; who runs it always has room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openroom.core import action as act
from openroom.core.actor import Actor
from openroom.core.branches import Branch, Tree
from openroom.core.context import Context, Draft
from openroom.core.event import Branched, Event, Saved, save_id
from openroom.core.prop import Refusal
from openroom.core.state import State

MOST_OWN = 10
"""So many save points, and names of branches, has each player."""
MOST_PLAYERS = 40
"""So many have all players of a room together."""
MOST_SAVES = 50
"""So many has each who runs the room, beside those of the players."""
NAMES = ("saves", "branches")
"""What of the shared state is kept whichever way the story takes."""

Entries = Mapping[str, Mapping[str, Any]]


def save(state: State, action: act.Save, actor: Actor, context: Context) -> list[Draft] | Refusal:
    saves: Entries = state.shared.get("saves", {})
    if denied := _may_name(state, actor) or _full(saves, actor, context, "save points"):
        return denied
    if action.at is not None and action.at > state.seq:
        return Refusal("unknown_target", f"Expected an event from 1 to {state.seq}, came {action.at}.")
    id = save_id(state.seq + 1)
    head = state.head if action.at is None else Tree.of(state).standing(action.at)
    entry = {"name": action.name, "head": head, "at": context.now, "by": actor.id}
    return [{"kind": "saved", "id": id, "name": action.name, "patch": {"saves": {id: entry}}}]


def unsave(state: State, action: act.Unsave, actor: Actor) -> list[Draft] | Refusal:
    saved = state.shared.get("saves", {}).get(action.id)
    if saved is None:
        return Refusal("unknown_target", f"There is no save point {action.id!r}.")
    if not actor.may_run_room and saved["by"] != actor.id:
        return Refusal("not_allowed", "Only who made it, the room's owner or an operator may do that.")
    return [{"kind": "saved", "id": action.id, "name": saved["name"], "patch": {"saves": {action.id: None}}}]


def branch(state: State, action: act.Branch, actor: Actor, context: Context) -> list[Draft] | Refusal:
    """A branch gets a name or loses it, or is listed no more or again."""
    tree = Tree.of(state)
    now = _now(tree, state)
    first = action.of or now
    if first != now and first not in {one.first for one in tree.branches()}:
        return Refusal("unknown_target", f"No branch of this story begins with event {first}.")
    entries: Entries = state.shared.get("branches", {})
    entry = entries.get(str(first), {})
    if denied := _may_name(state, actor) or _others(state, entry, actor, action):
        return denied
    if action.listed is False and first == now:
        return Refusal("precondition", "The story is in that branch now; go to another one first.")
    after = _entry(entry, action, actor)
    if after == entry:
        return []
    if not entry and (full := _full(entries, actor, context, "named branches")):
        return full
    patch = {key: after.get(key) for key in {**entry, **after}} if after else None
    told = {"branch": first, "name": after.get("name"), "listed": None if action.listed is None else action.listed}
    return [{"kind": "branched", **told, "patch": {"branches": {str(first): patch}}}]


def unnamed(state: State, event: Saved | Branched) -> Draft:
    """What erasing a name that was given changes, where it stands still: its save point goes, and its branch has no
    name. Whoever gave it may have given it more than once."""
    patch: dict[str, dict[str, Any]] = {}
    for what, key, entry in _bearers(state, event):
        rest = {name for name in entry if name not in ("name", "by")}
        patch.setdefault(what, {})[key] = {"name": None} if what == "branches" and rest else None
    return {"patch": patch} if patch else {}


def nameless(state: State, event: Saved | Branched) -> State:
    """A snapshot without a name that was given."""
    shared = dict(state.shared)
    for what, key, entry in _bearers(state, event):
        shared[what] = {**shared[what], key: {**entry, "name": ""}}
    return State(state.seq, shared, state.hidden)


def same_names(event: Saved | Branched, events: Iterable[Event]) -> list[Event]:
    """The events that hold the very name that an event gave: its giver's, and whoever took it off or on a list."""
    held = [one for one in events if isinstance(one, Saved | Branched) and event.name and one.name == event.name]
    given = {_bearer(one) for one in held if one.actor == event.actor} | {_bearer(event)}
    return [one for one in held if _bearer(one) in given]


def _bearer(event: Saved | Branched) -> str:
    return event.id if isinstance(event, Saved) else str(event.branch)


def _bearers(state: State, event: Saved | Branched) -> list[tuple[str, str, Mapping[str, Any]]]:
    """What bears the name that an event gave: of the saves or branches, by which key, and the entry."""
    return [
        (what, key, entry)
        for what in NAMES
        for key, entry in state.shared.get(what, {}).items()
        if event.name and entry.get("name") == event.name and (entry.get("by") == event.actor or key == _bearer(event))
    ]


def _now(tree: Tree, state: State) -> int:
    """The first event of the branch in which the story goes on: where it was taken back, that begins now."""
    here: Branch | None = tree.branch_of(state.head)
    return here.first if here is not None and here.end == state.head else state.seq + 1


def _entry(entry: Mapping[str, Any], action: act.Branch, actor: Actor) -> dict[str, Any]:
    after = dict(entry)
    if action.name is not None:
        after.pop("name", None)
        after |= {"name": action.name} if action.name else {}
    if action.listed is not None:
        after.pop("off", None)
        after |= {} if action.listed else {"off": True}
    if not after.keys() & {"name", "off"}:
        return {}
    return {**after, "by": actor.id} if after != entry else after


def _others(state: State, entry: Mapping[str, Any], actor: Actor, action: act.Branch) -> Refusal | None:
    """What others have named is not for every player to name, nor what others have told to take off the list."""
    steers = actor.may_run_room or state.shared["run"].get("steer") == "everybody"
    alone = state.here("player") == [actor.id]
    mine = entry.get("by") == actor.id
    if steers or mine or (not entry and (alone or action.listed is None)):
        return None
    whose = "Only who named it, the" if entry else "Others are here too: only the"
    return Refusal("not_allowed", f"{whose} room's owner or an operator may do that.")


def _full(entries: Entries, actor: Actor, context: Context, what: str) -> Refusal | None:
    """Why ``actor`` may not add one more to what a room holds."""
    own = sum(one.get("by") == actor.id for one in entries.values())
    theirs = sum(one.get("by", "").startswith("player:") and one.get("by") != context.owner for one in entries.values())
    if actor.may_run_room:
        full, most = own >= MOST_SAVES, MOST_SAVES
    else:
        full, most = own >= MOST_OWN or theirs >= MOST_PLAYERS, MOST_OWN if own >= MOST_OWN else MOST_PLAYERS
    if not full:
        return None
    return Refusal("too_many", f"There are {most} {what} already; take one away first.")


def _may_name(state: State, actor: Actor) -> Refusal | None:
    mode = state.shared["run"].get("steer", "own")
    if actor.may_run_room or (mode in ("own", "everybody") and state.is_here(actor.id)):
        return None
    return Refusal("not_allowed", "Only the room's owner or an operator may do that.")
