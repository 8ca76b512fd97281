"""Checks by name: openroom's own, and those of installed plugins (entry-point group ``openroom.plugins``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import ValidationError

from openroom.errors import DefinitionError
from openroom.evals.case import CheckSpec
from openroom.evals.checks import card, conduct, deeds, people, sense, speech
from openroom.evals.checks.base import Check, Params

GROUP = "openroom.plugins"
_OWN = (*card.CHECKS, *speech.CHECKS, *conduct.CHECKS, *people.CHECKS, *deeds.CHECKS, *sense.CHECKS)


@lru_cache(maxsize=1)
def checks() -> Mapping[str, Check]:
    """All checks. openroom's own can't be replaced; a plugin that does not load is left out (`plugin_problems`)."""
    return _load()[0]


def plugin_problems() -> list[DefinitionError]:
    """What went wrong with checks of plugins."""
    return list(_load()[1])


@lru_cache(maxsize=1)
def _load() -> tuple[dict[str, Check], tuple[DefinitionError, ...]]:
    found: dict[str, Check] = {kind.name: kind() for kind in _OWN}
    problems: list[DefinitionError] = []
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            check = _plugin(point)
        except DefinitionError as error:
            problems.append(error)
            continue
        if check is not None and check.name and check.name not in found:
            found[check.name] = check
    return found, tuple(problems)


def _plugin(point: EntryPoint) -> Check | None:
    try:
        kind = point.load()
        return kind() if isinstance(kind, type) and issubclass(kind, Check) else None
    except Exception as error:  # third-party code may raise anything; the rest must go on
        came = f"{type(error).__name__}: {error}"
        raise DefinitionError("a plugin that loads", came=came, file=f"plugin {point.name}") from error


def parameters(spec: CheckSpec) -> tuple[Check, Params]:
    """The check that a spec names, with its parameters. Raises `DefinitionError` (``key`` is the parameter)."""
    check = checks().get(spec.check)
    if check is None:
        raise DefinitionError(f"a check of {', '.join(sorted(checks()))}", came=repr(spec.check), key="check")
    try:
        params: Any = check.Params.model_validate(spec.given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(sorted(check.Params.model_fields)) or "none"
        expected = f"one of the parameters {known}" if first["type"] == "extra_forbidden" else str(first["msg"])
        raise DefinitionError(expected, came=repr(first["input"])[:60], key=key) from error
    return check, params
