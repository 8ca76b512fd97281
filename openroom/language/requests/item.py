"""One item of a menu: what the matcher chooses among."""

from __future__ import annotations

from dataclasses import dataclass


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
