"""One item of a menu: what the matcher chooses among."""

from __future__ import annotations

import re
from dataclasses import dataclass

ASIDE = re.compile(r"\(([^()]*)\)")
"""What stands in brackets in a label: it says more of the thing and is no name of it."""


def without_asides(label: str) -> str:
    """A label without what stands in brackets, and without the blanks before it."""
    return " ".join(ASIDE.sub(" ", label).split())


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One thing the character could do now: ``id`` is the stable choice id, ``label`` how it is offered in words.

    ``words`` are further words by which somebody may ask for it (verb, prop name, synonyms), ``also`` the label in
    other languages.
    """

    id: str
    label: str
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
