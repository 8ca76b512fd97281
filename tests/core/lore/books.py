"""Small books and moments to judge them at."""

from __future__ import annotations

from openroom.core.lore.book import Lore
from openroom.core.lore.judge import judge
from openroom.core.lore.moment import Line, Moment, Verdict


def book(*entries: dict, **more) -> Lore:
    """A book; each entry is given an id and a text where it has none."""
    named = [{"id": f"e{at}", "text": f"Text {at}.", **one} for at, one in enumerate(entries)]
    return Lore.model_validate({"format": 1, "entries": named, **more})


def moment(*lines: str, **more) -> Moment:
    """The newest line last; every second one is the character's own where ``replies`` is not given."""
    told = tuple(Line(seq, 1_000 * seq, text) for seq, text in enumerate(lines, 1))
    return Moment(told, more.pop("count", len(told)), **more)


def ids(verdict: Verdict) -> list[str]:
    return [one.entry.id for one in verdict.lit]


def lit(lore: Lore, *lines: str, **more) -> list[str]:
    """The ids of what is in."""
    return ids(judge(lore, moment(*lines, **more)))


def why(lore: Lore, *lines: str, **more) -> dict[str, str]:
    """Why each entry is out whose key was found."""
    return {one.entry.id: one.why for one in judge(lore, moment(*lines, **more)).unlit}
