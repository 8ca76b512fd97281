"""Inclusion groups: of a group one entry is in at a time."""

from __future__ import annotations

from collections.abc import Sequence

from openroom.core.chance import roll
from openroom.core.lore.moment import Lit


def one_of_each(fresh: Sequence[Lit], there: Sequence[Lit], seed: str) -> tuple[list[Lit], list[Lit]]:
    """Of those that would come in, who does and who does not; ``there`` are in already, from a round before.

    A group that has one in takes no other. Else: who stays (sticky) goes first, then, among those that are ``scored``,
    who has the most keys, then ``first`` with the highest ``order``, then the draw by ``weight``. An entry in several
    groups has to win all of them.
    """
    taken = {group for one in there for group in one.entry.groups}
    out: set[str] = {one.entry.id for one in fresh if taken & set(one.entry.groups)}
    for group in dict.fromkeys(group for one in fresh for group in one.entry.groups):
        rivals = [one for one in fresh if group in one.entry.groups and one.entry.id not in out]
        if len(rivals) > 1:
            winner = _winner(rivals, seed, group)
            out |= {one.entry.id for one in rivals if one is not winner}
    return [one for one in fresh if one.entry.id not in out], [one for one in fresh if one.entry.id in out]


def _winner(rivals: Sequence[Lit], seed: str, group: str) -> Lit:
    left = [one for one in rivals if one.why == "sticky"] or list(rivals)
    if any(one.entry.scored for one in left):
        most = max(one.score for one in left)
        left = [one for one in left if not one.entry.scored or one.score == most]
    if firsts := [one for one in left if one.entry.first]:
        return max(firsts, key=lambda one: one.entry.order)
    return _drawn(left, roll(seed, "lore group", group))


def _drawn(rivals: Sequence[Lit], chance: float) -> Lit:
    """One of them, by its share of all weights; where none has any, each as likely."""
    weights = [one.entry.weight for one in rivals]
    if not any(weights):
        weights = [1] * len(rivals)
    left = chance * sum(weights)
    for one, weight in zip(rivals, weights, strict=True):
        left -= weight
        if left < 0:
            return one
    return rivals[-1]
