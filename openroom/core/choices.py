"""What a participant can do now: the same short list feeds people's buttons and characters' menus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openroom.core.action import Use
from openroom.core.actor import Actor
from openroom.core.prop import Choice, Prop, PropState, Refusal
from openroom.core.state import State, World
from openroom.core.translation import told


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that is possible now: ``id`` is ``<prop>.<choice>``, ``also`` the label in other languages; the rest as
    in `openroom.core.prop.Choice`.
    """

    id: str
    prop: str
    prop_name: str
    verb: str
    label: str
    args: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    text: str = ""
    also: tuple[str, ...] = ()

    def action(self, text: str = "") -> Use:
        """The action this option stands for; ``text`` fills its free-text argument."""
        args = dict(self.args)
        if self.text:
            args[self.text] = text
        return Use(prop=self.prop, verb=self.verb, args=args)

    def public(self) -> dict[str, Any]:
        """JSON form for clients."""
        body: dict[str, Any] = {"id": self.id, "prop": self.prop, "verb": self.verb, "label": self.label}
        if self.args:
            body["args"] = dict(self.args)
        if self.text:
            body["text"] = self.text
        return body


def options(state: State, world: World, who: Actor, limit: int | None = None, prop: str = "") -> list[Option]:
    """Everything ``who`` can do with the props now, in the props' order; ``limit`` bounds the choices of each prop,
    ``prop`` names the one that is asked about (empty: all)."""
    found: list[Option] = []
    for prop_id, placed in sorted(state.props.items(), key=lambda item: item[1].get("order", 0)):
        rules = world.props.get(prop_id)
        if rules is None or prop not in ("", prop_id):
            continue
        found.extend(_of_prop(prop_id, placed["name"], state, rules, who)[:limit])
    return found


def _of_prop(prop_id: str, name: str, state: State, rules: Prop, who: Actor) -> list[Option]:
    """A prop's choices; a third-party prop whose code fails offers none, and the others go on."""
    try:
        return [_option(prop_id, name, choice, rules) for choice in rules.choices(state.of_prop(prop_id), who)]
    except Exception:  # noqa: BLE001 - any fault of a third-party prop
        return []


def _option(prop_id: str, name: str, choice: Choice, rules: Prop) -> Option:
    words = (*choice.words, name.lower())
    also = tuple(told(texts, choice.label, rules.verbatim) for texts in rules.translations.values())
    return Option(
        f"{prop_id}.{choice.id}", prop_id, name, choice.verb, choice.label, choice.args, words, choice.text, also
    )


def foreseen(option: Option, stands: PropState, world: World, who: Actor, now: int) -> PropState | None:
    """How a prop that ``stands`` so will stand when ``who`` takes an option at ``now`` (ms). ``None``: that can't be
    told, as a text is to be written, its rules refuse it, or a third-party prop's code fails."""
    rules = world.props.get(option.prop)
    if rules is None or option.text:
        return None
    try:
        outcome = rules.use(stands, option.verb, option.args, who, now)
    except Exception:  # noqa: BLE001 - any fault of a third-party prop
        return None
    return None if isinstance(outcome, Refusal) else outcome.state
