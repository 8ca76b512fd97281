"""How a person is drawn: a choice among the parts that characters are drawn of (docs/art.md), nothing free.

Who has chosen nothing has no look: whoever draws them makes one from their id.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Look(BaseModel):
    """Names of parts, and colours as ``#rrggbb``. Without ``glasses``, ``beard`` or ``hat`` there are none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    skin: Colour
    hair: Literal[
        "short", "crop", "bob", "long", "bun", "braids", "plait", "curly", "tousled", "swept", "ponytail", "wisps",
        "bald",
    ]  # fmt: skip
    hair_colour: Colour
    clothes: Literal["dress", "apron", "coat", "uniform", "sweater", "waistcoat", "robe", "overalls", "cloak"]
    colour: Colour
    """Of the clothes."""
    glasses: Literal["round", "half"] | None = None
    beard: Literal["full", "short", "goatee", "moustache"] | None = None
    hat: Literal["cap", "peaked", "beret", "top", "scarf", "knit", "straw", "hood"] | None = None

    def chosen(self) -> dict[str, Any]:
        """As it stands in the state: what is absent is not there."""
        return self.model_dump(exclude_none=True)
