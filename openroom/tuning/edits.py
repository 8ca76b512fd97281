"""Typed edits of a harness: the only way in which tuning changes a character.

An edit has an ``op`` and acts on one ``path``. `apply_edit` gives a new harness or raises `HarnessError`; `inverse`
gives the edit that takes it back, so that ``apply_edit(apply_edit(h, e), inverse(h, e)) == h``, same bytes.

Paths and tiers (`tier_of_path`): what is not on the allow-list is tier T3, which nobody may propose.

==  =====================================================================================================
T0  ``sampling/<name>``: automatic
T1  ``sections|rules|examples/<id>``, ``order``, ``menu/<verb>``, ``guards/<name>``: automatic to canary
T2  ``memory/<name>``, ``sections/knowledge…``, ``sections/memory…``: a person
T3  everything else (name, facts, secrets, safety rules, locked sections, evals, gate, budget): not proposable
==  =====================================================================================================
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Annotated, Any, Final, Literal, TypeVar, assert_never

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, TypeAdapter, ValidationError

from openroom.core.harness import (
    EXAMPLES,
    RULES,
    SAMPLING_BOUNDS,
    Example,
    Guards,
    Harness,
    HarnessError,
    Line,
    MemorySettings,
    OptionalLine,
    PartId,
    Rule,
    Trigger,
    digest_of,
)

_T = TypeVar("_T")


class Tier(IntEnum):
    """Who must agree to an edit; see the module's docstring."""

    T0 = 0
    T1 = 1
    T2 = 2
    T3 = 3


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class AddRule(_Edit):
    """Add a standing rule at index ``at`` of the rules (absent: at the end)."""

    op: Literal["add_rule"] = "add_rule"
    id: PartId
    text: Line
    at: StrictInt | None = Field(default=None, ge=0)


class AddTriggerRule(_Edit):
    """Add a rule "after X, do Y"."""

    op: Literal["add_trigger_rule"] = "add_trigger_rule"
    id: PartId
    text: Line
    after: Trigger
    at: StrictInt | None = Field(default=None, ge=0)


class RewordRule(_Edit):
    """Give a rule another text; its trigger stays."""

    op: Literal["reword_rule"] = "reword_rule"
    id: PartId
    text: Line


class MoveRule(_Edit):
    """Move a rule to index ``to`` of the rules; it can't pass a locked one."""

    op: Literal["move_rule"] = "move_rule"
    id: PartId
    to: StrictInt = Field(ge=0)


class DropRule(_Edit):
    """Take a rule out."""

    op: Literal["drop_rule"] = "drop_rule"
    id: PartId


class AddExample(_Edit):
    """Add an example exchange at index ``at`` (absent: at the end)."""

    op: Literal["add_example"] = "add_example"
    example: Example
    at: StrictInt | None = Field(default=None, ge=0)


class DropExample(_Edit):
    """Take an example out."""

    op: Literal["drop_example"] = "drop_example"
    id: PartId


class SetSection(_Edit):
    """Write a section's text. A new section enters ``order`` at ``at`` (absent: at the end); an empty text takes it
    out.
    """

    op: Literal["set_section"] = "set_section"
    id: PartId
    text: Annotated[str, Field(max_length=4000)]
    at: StrictInt | None = Field(default=None, ge=0)


class ReorderSections(_Edit):
    """Put the parts of the stable prompt in another order; the same parts must come back."""

    op: Literal["reorder_sections"] = "reorder_sections"
    order: tuple[PartId, ...]


class SetMenuWording(_Edit):
    """Word a verb of the menu; an empty text goes back to the verb's own label."""

    op: Literal["set_menu_wording"] = "set_menu_wording"
    verb: PartId
    text: OptionalLine


class SetSampling(_Edit):
    """Set a sampling parameter inside its bounds; an absent value goes back to the model's default."""

    op: Literal["set_sampling"] = "set_sampling"
    name: Literal["temperature", "top_p", "frequency_penalty", "presence_penalty"]
    value: float | None = None


class SetGuard(_Edit):
    """Set a guard; an absent value takes ``facts_at_hand`` away again (the others need one)."""

    op: Literal["set_guard"] = "set_guard"
    name: Literal["loop_detection", "max_sentences", "repair_attempts", "reminder", "banned_words", "facts_at_hand"]
    value: StrictBool | StrictInt | OptionalLine | tuple[Line, ...] | None = None


class SetMemory(_Edit):
    """Set how much a turn recalls."""

    op: Literal["set_memory"] = "set_memory"
    name: Literal["recall_facts", "recall_episodes", "recall_lore"]
    value: StrictInt


Edit = Annotated[
    AddRule
    | AddTriggerRule
    | RewordRule
    | MoveRule
    | DropRule
    | AddExample
    | DropExample
    | SetSection
    | ReorderSections
    | SetMenuWording
    | SetSampling
    | SetGuard
    | SetMemory,
    Field(discriminator="op"),
]
EDIT: Final[TypeAdapter[Edit]] = TypeAdapter(Edit)

_ID = r"[a-z][a-z0-9_]{0,39}"
_ALLOWED: Final[tuple[tuple[re.Pattern[str], Tier], ...]] = tuple(
    (re.compile(pattern, re.ASCII), tier)
    for pattern, tier in (
        (rf"sampling/(?:{'|'.join(SAMPLING_BOUNDS)})", Tier.T0),
        (rf"memory/(?:{'|'.join(MemorySettings.model_fields)})", Tier.T2),
        (r"sections/(?:knowledge|memory)[a-z0-9_]{0,30}", Tier.T2),
        (rf"(?:sections|rules|examples|menu)/{_ID}", Tier.T1),
        (rf"guards/(?:{'|'.join(Guards.model_fields)})", Tier.T1),
        (r"order", Tier.T1),
    )
)


def parse_edit(raw: Any) -> Edit:
    """An edit from outside (a dict, as read from JSON). Raises `HarnessError` when it is none."""
    try:
        return EDIT.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise HarnessError(f"expected a typed edit: {where}: {first['msg']}") from error


def path_of(edit: Edit) -> str:
    """The path an edit acts on."""
    match edit:
        case AddRule() | AddTriggerRule() | RewordRule() | MoveRule() | DropRule():
            return f"rules/{edit.id}"
        case AddExample():
            return f"examples/{edit.example.id}"
        case DropExample():
            return f"examples/{edit.id}"
        case SetSection():
            return f"sections/{edit.id}"
        case ReorderSections():
            return "order"
        case SetMenuWording():
            return f"menu/{edit.verb}"
        case SetSampling():
            return f"sampling/{edit.name}"
        case SetGuard():
            return f"guards/{edit.name}"
        case SetMemory():
            return f"memory/{edit.name}"
        case _:
            assert_never(edit)


def label(edit: Edit) -> str:
    """How notes name an edit: operation, path, and six digits of its digest, so that another value is another edit."""
    return f"{edit.op} {path_of(edit)} #{digest_of(edit.model_dump_json().encode())[:6]}"


def tier_of_path(path: str) -> Tier:
    """The tier of a path; T3 for whatever the allow-list does not name, letter for letter."""
    return next((tier for pattern, tier in _ALLOWED if pattern.fullmatch(path)), Tier.T3)


def tier_of(harness: Harness, edit: Edit) -> Tier:
    """The tier of an edit of this harness: T3 where it touches a locked rule or section."""
    path = path_of(edit)
    kind, _, name = path.partition("/")
    if kind == "rules":
        rule = harness.rule(name)
        if rule is not None and rule.locked:
            return Tier.T3
    if kind == "sections" and name in harness.locked_sections:
        return Tier.T3
    return tier_of_path(path)


def apply_edit(harness: Harness, edit: Edit) -> Harness:
    """The harness with the edit made. Raises `HarnessError` when it does not fit (unknown id, double, locked,
    bounds).
    """
    if tier_of(harness, edit) is Tier.T3:
        raise HarnessError(f"expected an edit of a tunable part, came {edit.op} of locked or unknown {path_of(edit)}")
    data = harness.model_dump()
    data.update(_changes(harness, edit))
    try:
        return Harness.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise HarnessError(f"{edit.op} of {path_of(edit)}: {first['msg']}") from error


def apply_edits(harness: Harness, edits: tuple[Edit, ...] | list[Edit]) -> Harness:
    """All edits, one after the other. Raises what `apply_edit` raises."""
    for edit in edits:
        harness = apply_edit(harness, edit)
    return harness


def inverse(harness: Harness, edit: Edit) -> Edit:
    """The edit that takes ``edit`` of ``harness`` back. Raises `HarnessError` when it names what is not there."""
    match edit:
        case AddRule() | AddTriggerRule() | RewordRule() | MoveRule() | DropRule():
            return _inverse_of_rule(harness, edit)
        case AddExample():
            return DropExample(id=edit.example.id)
        case DropExample():
            example = _example(harness, edit.id)
            return AddExample(example=example, at=harness.examples.index(example))
        case SetSection():
            at = harness.order.index(edit.id) if edit.id in harness.sections else None
            return SetSection(id=edit.id, text=harness.sections.get(edit.id, ""), at=at)
        case ReorderSections():
            return ReorderSections(order=harness.order)
        case _:
            return _inverse_of_setting(harness, edit)


def value_at(harness: Harness, path: str) -> Any:
    """The JSON value at a path, ``None`` when there is nothing; for patches and diffs."""
    kind, _, name = path.partition("/")
    data = harness.model_dump(mode="json", exclude_none=True)
    if kind == "order":
        return data["order"]
    if kind in (RULES, EXAMPLES):
        return next(({**item, "at": index} for index, item in enumerate(data[kind]) if item["id"] == name), None)
    part = data.get(kind)
    return part.get(name) if isinstance(part, dict) else None


def diff(old: Harness, new: Harness) -> list[dict[str, Any]]:
    """What differs, as ``[{path, before, after}]`` in path order; an absent side means there was nothing."""
    paths = sorted(_paths(old) | _paths(new))
    rows = ((path, value_at(old, path), value_at(new, path)) for path in paths)
    return [
        {"path": path, **{k: v for k, v in (("before", before), ("after", after)) if v is not None}}
        for path, before, after in rows
        if before != after
    ]


def _paths(harness: Harness) -> set[str]:
    named = {path for path, _ in harness.texts()} | {"order"}
    settings = (("sampling", harness.sampling), ("guards", harness.guards), ("memory", harness.memory))
    return named | {f"{kind}/{name}" for kind, part in settings for name in type(part).model_fields}


def _changes(harness: Harness, edit: Edit) -> dict[str, Any]:
    match edit:
        case AddRule() | AddTriggerRule() | RewordRule() | MoveRule() | DropRule():
            return {RULES: _rules(harness, edit)}
        case AddExample():
            return {EXAMPLES: _inserted(harness.examples, edit.example, edit.at)}
        case DropExample():
            gone = _example(harness, edit.id)
            return {EXAMPLES: tuple(example for example in harness.examples if example is not gone)}
        case SetSection():
            return _section(harness, edit)
        case ReorderSections():
            return {"order": _same_parts(harness, edit.order)}
        case SetMenuWording():
            menu = {verb: text for verb, text in harness.menu.items() if verb != edit.verb}
            return {"menu": {**menu, edit.verb: edit.text} if edit.text else menu}
        case SetSampling():
            return {"sampling": {**harness.sampling.model_dump(), edit.name: edit.value}}
        case SetGuard():
            return {"guards": {**harness.guards.model_dump(), edit.name: edit.value}}
        case SetMemory():
            return {"memory": {**harness.memory.model_dump(), edit.name: edit.value}}
        case _:
            assert_never(edit)


def _rules(harness: Harness, edit: AddRule | AddTriggerRule | RewordRule | MoveRule | DropRule) -> tuple[Rule, ...]:
    match edit:
        case AddRule():
            return _inserted(harness.rules, Rule(id=edit.id, text=edit.text), edit.at)
        case AddTriggerRule():
            return _inserted(harness.rules, Rule(id=edit.id, text=edit.text, after=edit.after), edit.at)
    rule = _rule(harness, edit.id)
    rest = tuple(other for other in harness.rules if other.id != edit.id)
    match edit:
        case RewordRule():
            new = rule.model_copy(update={"text": edit.text})
            return tuple(new if other.id == edit.id else other for other in harness.rules)
        case MoveRule():
            return _inserted(rest, rule, edit.to)
        case DropRule():
            return rest
        case _:
            assert_never(edit)


def _section(harness: Harness, edit: SetSection) -> dict[str, Any]:
    text = edit.text.strip()
    if not text:
        if edit.id not in harness.sections:
            raise HarnessError(f"expected a section that exists, came {edit.id!r} to take out")
        rest = {key: value for key, value in harness.sections.items() if key != edit.id}
        return {"sections": rest, "order": tuple(part for part in harness.order if part != edit.id)}
    order = harness.order
    if edit.id not in harness.sections:
        order = _inserted(order, edit.id, edit.at)
    return {"sections": {**harness.sections, edit.id: text}, "order": order}


def _same_parts(harness: Harness, order: tuple[str, ...]) -> tuple[str, ...]:
    if sorted(order) != sorted(harness.order):
        raise HarnessError(f"expected the parts {sorted(harness.order)}, came {sorted(order)}")
    return order


def _inserted(items: tuple[_T, ...], item: _T, at: int | None) -> tuple[_T, ...]:
    index = len(items) if at is None else at
    if index > len(items):
        raise HarnessError(f"expected an index up to {len(items)}, came {index}")
    return (*items[:index], item, *items[index:])


def _inverse_of_rule(harness: Harness, edit: AddRule | AddTriggerRule | RewordRule | MoveRule | DropRule) -> Edit:
    if isinstance(edit, AddRule | AddTriggerRule):
        return DropRule(id=edit.id)
    rule = _rule(harness, edit.id)
    at = harness.rules.index(rule)
    if isinstance(edit, RewordRule):
        return RewordRule(id=rule.id, text=rule.text)
    if isinstance(edit, MoveRule):
        return MoveRule(id=rule.id, to=at)
    if rule.after is None:
        return AddRule(id=rule.id, text=rule.text, at=at)
    return AddTriggerRule(id=rule.id, text=rule.text, after=rule.after, at=at)


def _inverse_of_setting(harness: Harness, edit: SetMenuWording | SetSampling | SetGuard | SetMemory) -> Edit:
    match edit:
        case SetMenuWording():
            return SetMenuWording(verb=edit.verb, text=harness.menu.get(edit.verb, ""))
        case SetSampling():
            return SetSampling(name=edit.name, value=getattr(harness.sampling, edit.name))
        case SetGuard():
            return SetGuard(name=edit.name, value=getattr(harness.guards, edit.name))
        case SetMemory():
            return SetMemory(name=edit.name, value=getattr(harness.memory, edit.name))
        case _:
            assert_never(edit)


def _rule(harness: Harness, rule_id: str) -> Rule:
    rule = harness.rule(rule_id)
    if rule is None:
        raise HarnessError(f"expected a rule that exists, came {rule_id!r}")
    return rule


def _example(harness: Harness, example_id: str) -> Example:
    example = harness.example(example_id)
    if example is None:
        raise HarnessError(f"expected an example that exists, came {example_id!r}")
    return example
