"""How a room is conducted: who may be made to speak and who is to be silent, its note, and dice before everybody.

Rules of `openroom.core.resolve`, as pure as that: each answers with drafts of events, or a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openroom.core import action as act
from openroom.core.actor import Actor, is_character
from openroom.core.chance import MOST_DICE, Dice, dice
from openroom.core.context import Draft, Fork
from openroom.core.prop import Refusal
from openroom.core.state import State

MOST_ROLLED_SIDES = 1000
MOST_ADDED = 10_000
"""What is added to a throw, or taken off, at most."""

_USUAL: Mapping[str, tuple[Any, ...]] = {"nudge": ("everybody",), "steer": ("own",)}
"""What is so where nothing is said of it, and so stands nowhere."""


def may_nudge(state: State, actor: Actor) -> bool:
    """Whether the room lets ``actor`` ask a character to speak."""
    return actor.may_run_room or state.shared["run"].get("nudge") != "owner"


def nudge(state: State, action: act.Nudge, actor: Actor, fork: Fork | None = None) -> list[Draft] | Refusal:
    """A character is asked to speak now; to go on, where ``fork`` names the line of its own that stands last."""
    who = action.character
    if not is_character(who) or not state.is_here(who):
        return Refusal("unknown_target", f"No character {who!r} is in the room.")
    if not may_nudge(state, actor):
        return Refusal("not_allowed", "Here only who runs the room may ask a character to speak.")
    if state.is_muted(who):
        return Refusal("muted", f"{state.name(who)} is muted.")
    goes_on = fork.target.seq if action.go_on and fork and fork.target else None
    if action.go_on and goes_on is None:
        return Refusal("unknown_target", f"{state.name(who)} has said nothing to go on from.")
    return [{"kind": "nudged", "character": who, "goes_on": goes_on}]


def mute(state: State, action: act.Mute) -> list[Draft] | Refusal:
    """A character is to say nothing, or may speak again."""
    who = action.character
    if not is_character(who) or who not in state.people:
        return Refusal("unknown_target", f"No character {who!r} is in the room.")
    if state.is_muted(who) == action.on:
        return []
    others = state.shared["run"].get("muted", {}).keys() - {who}
    patch = {"run": {"muted": {who: True if action.on else None} if action.on or others else None}}
    return [{"kind": "muted", "character": who, "on": action.on, "patch": patch}]


def note(state: State, action: act.Note, actor: Actor, owner: str) -> list[Draft]:
    """The room's note is another one, or none. Only who wrote it and the room's ``owner`` perceive that."""
    if action.text == state.note:
        return []
    to = [owner] if owner and owner != actor.id else []
    written = {"text": action.text} if action.text else None
    return [{"kind": "noted", "text": action.text or None, "to": to, "hidden": {"note": written}}]


def configure(state: State, action: act.Configure) -> list[Draft] | Refusal:
    """How the room runs is another."""
    order = action.order or []
    if unknown := [who for who in order if not is_character(who) or who not in state.people]:
        return Refusal("unknown_target", f"No character {unknown[0]!r} is in the room.")
    if len(set(order)) < len(order):
        return Refusal("bad_args", "Expected an order in which each character stands once.")
    wished = {key: value for key, value in action.model_dump(exclude={"do"}).items() if value is not None}
    wished = {key: None if value in _USUAL.get(key, (False, [])) else value for key, value in wished.items()}
    run = state.shared["run"]
    change = {key: value for key, value in wished.items() if run.get(key) != value}
    if not change:
        return []
    afresh = {"pool": None} if "responders" in change and "pool" in state.hidden else None
    return [{"kind": "configured", "patch": {"run": change}, "hidden": afresh}]


def in_pool(state: State, present: list[str]) -> list[str]:
    """Of ``present`` those who have not spoken yet in this round of a pooled room; all of them where all have."""
    spoken = state.hidden.get("pool", {})
    return [who for who in present if who not in spoken] or present


def pooled(state: State, actor: Actor) -> Draft | None:
    """The hidden patch of a line said aloud in a pooled room: who has spoken in this round. When all have, a new one
    begins."""
    if state.shared["run"]["responders"] != "pooled" or not is_character(actor.id):
        return None
    before = state.hidden.get("pool", {})
    after = {**before, actor.id: True}
    if all(who in after or state.is_muted(who) for who in state.here("character")):
        return {"pool": None} if before else None
    return {"pool": {actor.id: True}} if actor.id not in before else None


def roll(action: act.Roll, seed: str) -> list[Draft] | Refusal:
    """Dice fall, by ``seed``."""
    thrown = dice(action.dice)
    if thrown is None or not _in_bounds(thrown):
        return Refusal(
            "bad_args",
            f"Expected dice such as 2d6+1: at most {MOST_DICE}, of 2 to {MOST_ROLLED_SIDES} sides, and at most "
            f"{MOST_ADDED} added or taken off.",
        )
    fell = thrown.throw(seed)
    return [{"kind": "rolled", "dice": str(thrown), "eyes": list(fell.eyes), "total": fell.total, "seed": seed}]


def _in_bounds(thrown: Dice) -> bool:
    return thrown.count <= MOST_DICE and 2 <= thrown.sides <= MOST_ROLLED_SIDES and abs(thrown.bonus) <= MOST_ADDED
