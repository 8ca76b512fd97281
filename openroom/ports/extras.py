"""Optional libraries: one that is installed and cannot be loaded is done without, like one that is not there."""

from __future__ import annotations

import importlib
from typing import Any

ABSENT = "is not installed"


def optional(name: str) -> tuple[Any, str]:
    """The library ``name``, or why there is none: `ABSENT`, or what it raised. Whoever goes without it for the second
    reason says so: it is not what who installed it expects."""
    try:
        return importlib.import_module(name), ""
    except Exception as error:  # noqa: BLE001 - a library of somebody else's may raise anything
        if isinstance(error, ModuleNotFoundError) and error.name == name:
            return None, ABSENT
        return None, f"is installed and cannot be loaded ({type(error).__name__}: {error})"
