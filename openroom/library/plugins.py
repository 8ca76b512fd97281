"""The kinds of props written in Python: openroom's own and those of installed plugins.

A plugin names a `Prop` subclass under the entry-point group ``openroom.plugins``:

    [project.entry-points."openroom.plugins"]
    bell = "my_package.bell:Bell"

The group serves other extension points too; what is not a prop is left to them.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from openroom.core.prop import Prop
from openroom.errors import DefinitionError
from openroom.props.shipped import PROPS

GROUP = "openroom.plugins"


def python_kinds(plugins: bool = True, own: Iterable[type[Prop]] = ()) -> tuple[dict[str, Prop], list[DefinitionError]]:
    """A rule book for each kind, and what went wrong with plugins. openroom's own kinds cannot be replaced.

    ``own`` are props that an embedding application passes in. Raises `DefinitionError` when one's kind is taken.
    """
    kinds: dict[str, Prop] = {kind: prop() for kind, prop in PROPS.items()}
    for given in own:
        if not given.kind or given.kind in kinds:
            raise DefinitionError("a kind that is not taken", came=repr(given.kind), file=given.__name__, key="kind")
        kinds[given.kind] = given()
    problems: list[DefinitionError] = []
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name) if plugins else ():
        try:
            prop = _load(point, kinds)
        except DefinitionError as error:
            problems.append(error)
            continue
        if prop is not None:
            kinds[prop.kind] = prop
    return kinds, problems


def prop_class(name: str) -> type[Prop]:
    """The prop in Python that a name leads to (``my_game.bell:Bell``). Raises `DefinitionError`."""
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # third-party code may raise anything
        raise DefinitionError(
            "a prop that loads, such as my_game.bell:Bell", came=f"{name!r} ({type(error).__name__}: {error})"
        ) from error
    if not (isinstance(found, type) and issubclass(found, Prop)):
        raise DefinitionError("a subclass of openroom.Prop", came=repr(name))
    return found


def folder_of(rules: Prop) -> Path | None:
    """The folder that a prop's module stands in: its view and its art lie there."""
    file = getattr(sys.modules.get(type(rules).__module__), "__file__", None)
    return Path(file).parent if file else None


def _load(point: EntryPoint, known: Mapping[str, Prop]) -> Prop | None:
    name = f"plugin {point.name}"
    try:
        found = point.load()
        prop = found() if isinstance(found, type) and issubclass(found, Prop) else None
    except Exception as error:  # third-party code may raise anything; the rest must go on
        raise DefinitionError("a plugin that loads", came=f"{type(error).__name__}: {error}", file=name) from error
    if prop is not None and (not prop.kind or prop.kind in known):
        raise DefinitionError("a kind that is not taken", came=repr(prop.kind), file=name, key="kind")
    return prop
