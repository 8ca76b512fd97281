"""Conditions on a declared prop's state: ``{lit: true, oil: {min: 1}}``, with ``or`` and ``not``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    StrictInt,
    Tag,
    model_validator,
)

from openroom.core.character import Part, Slug
from openroom.core.prop import PropState
from openroom.props.declared.fields import Value


class Test(Part):
    """What a field must be; all the given conditions hold together. For notes ``min`` and ``max`` count them."""

    __test__ = False  # no test class of pytest's

    is_: Value = Field(default=None, alias="is")
    not_: Value = Field(default=None, alias="not")
    in_: tuple[Value, ...] | None = Field(default=None, alias="in", min_length=1)
    min: StrictInt | None = None
    max: StrictInt | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Test:
        if not self.model_fields_set:
            raise ValueError("expected at least one of is, not, in, min, max")
        return self


def _as_test(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return {"in": value}
    return {"is": value} if isinstance(value, (bool, int, str)) else value


def _some(conditions: Any) -> Any:
    if not conditions:
        raise ValueError("expected at least one condition, came none")
    return conditions


class AnyOf(RootModel[tuple["When", ...]]):
    """What stands at the key ``or`` of a condition: one of these must hold."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[tuple[When, ...], Field(max_length=12), AfterValidator(_some)]


class NoneOf(RootModel["When"]):
    """What stands at the key ``not`` of a condition: it must not hold."""

    model_config = ConfigDict(frozen=True)
    root: Annotated[When, AfterValidator(_some)]


GROUPS = frozenset({"or", "not"})
"""Keys of a condition that are no field's."""


@dataclass(frozen=True, slots=True)
class _Group:
    """A value that stands at ``or`` or ``not`` and is no test of a field of that name."""

    key: str
    value: Any


def _grouped(when: Any) -> Any:
    if not isinstance(when, Mapping):
        return when
    return {key: _Group(key, value) if key in GROUPS and _groups(value) else value for key, value in when.items()}


def _groups(value: Any) -> bool:
    """Old logs may hold tests of fields that are called ``or`` and ``not``."""
    tests = {field.alias or name for name, field in Test.model_fields.items()}
    return not (isinstance(value, Mapping) and value and value.keys() <= tests)


def _ungrouped(value: Any) -> Any:
    return value.value if isinstance(value, _Group) else value


def _which(value: Any) -> str:
    if isinstance(value, _Group):
        return value.key
    return "or" if isinstance(value, AnyOf) else "not" if isinstance(value, NoneOf) else "test"


Condition = Annotated[
    Annotated[Test, BeforeValidator(_as_test), Tag("test")]
    | Annotated[AnyOf, BeforeValidator(_ungrouped), Tag("or")]
    | Annotated[NoneOf, BeforeValidator(_ungrouped), Tag("not")],
    Discriminator(_which),
]
When = Annotated[dict[Slug, Condition], BeforeValidator(_grouped)]
AnyOf.model_rebuild()
NoneOf.model_rebuild()


def holds(when: When, state: PropState) -> bool:
    """Whether every condition of ``when`` holds in ``state``."""
    return judged(when, state) is True


def judged(when: When, state: PropState, unknown: Collection[str] = ()) -> bool | None:
    """Whether ``when`` holds; ``None`` where that hangs on fields that are ``unknown``."""
    found = {_judged(name, condition, state, unknown) for name, condition in when.items()}
    return False if False in found else None if None in found else True


def _judged(name: str, condition: Condition, state: PropState, unknown: Collection[str]) -> bool | None:
    if isinstance(condition, AnyOf):
        found = {judged(one, state, unknown) for one in condition.root}
        return True if True in found else None if None in found else False
    if isinstance(condition, NoneOf):
        inner = judged(condition.root, state, unknown)
        return None if inner is None else not inner
    return None if name in unknown else _passes(condition, state[name])


def _passes(test: Test, value: Any) -> bool:
    given = test.model_fields_set
    amount = len(value) if isinstance(value, (list, tuple)) else value
    return not (
        ("is_" in given and not _same(value, test.is_))
        or ("not_" in given and _same(value, test.not_))
        or (test.in_ is not None and not any(_same(value, one) for one in test.in_))
        or (test.min is not None and amount < test.min)
        or (test.max is not None and amount > test.max)
    )


def _same(value: Any, wanted: Any) -> bool:
    return type(value) is type(wanted) and bool(value == wanted)
