"""What is said of settings that do not fit, with the place where each was given."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

PREFIX = "OPENROOM_"


def variable(name: str, environ: Mapping[str, str]) -> str | None:
    """The name, as it is written in the environment, of the variable that sets this field; none if unset or empty."""
    wanted = PREFIX + name.upper()
    return next((key for key, value in environ.items() if key.upper() == wanted and value), None)


def sentence(
    error: ValidationError,
    fields: Mapping[str, FieldInfo],
    flags: Mapping[str, Any],
    values: Mapping[str, Any],
    file: Path | None,
) -> str:
    """What is wrong with settings: for each the variable, flag or key of the file, what was expected and what came."""
    lines = []
    for problem in error.errors(include_url=False, include_context=False):
        expected = (
            problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ").partition(", unable")[0]
        )
        if not problem["loc"]:
            lines.append(expected)
            continue
        name = str(problem["loc"][0])
        if name in flags:
            place, came = f"--{name.replace('_', '-')}", flags[name]
        elif name in values:
            place, came = f"{file}: {name}", values[name]
        else:
            place = variable(name, os.environ) or PREFIX + name.upper()
            came = os.environ.get(place, "")
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(name, fields, n=1)
            expected = "the name of a setting" + (f", perhaps {near[0]!r}" if near else "")
            came = name
        lines.append(f"{place}: expected {expected}, came {_shown(fields, name, came)}")
    return "; ".join(lines)


def _shown(fields: Mapping[str, FieldInfo], name: str, came: Any) -> str:
    """What came, without a secret or the password in a URL."""
    field = fields.get(name)
    if field is not None and "SecretStr" in str(field.annotation):
        return f"{len(str(came))} characters"
    return re.sub(r"//[^/@\s]*@", "//...@", repr(came))
