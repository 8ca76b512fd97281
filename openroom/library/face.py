"""``art/face.json``: which square of a character's pictures is the face, for small round frames (docs/art.md)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationError

from openroom.core.character import Part

FACE = "face.json"
"""Its name, beside the portraits."""
_Share = Annotated[float, Field(ge=0, le=1)]


class Face(Part):
    """A square in shares of the picture: its left edge ``x`` and its ``size`` of the width, its upper edge ``y`` of the
    height."""

    x: _Share
    y: _Share
    size: Annotated[float, Field(ge=0.05, le=1)]


def misplaced(data: bytes) -> list[tuple[str, str, str]]:
    """(key, what was expected, what came) for each mistake in a face's file."""
    try:
        Face.model_validate_json(data)
    except ValidationError as error:
        return [
            (".".join(map(str, one["loc"])), f"x, y and size as shares of the picture ({one['msg']})", str(one["type"]))
            for one in error.errors()
        ]
    return []
