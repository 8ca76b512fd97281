"""How much lore goes in: the lowest priority is left out first, and what is smaller may still fit behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openroom.core.lore.moment import Lit, Unlit
from openroom.language.tokens import estimate_tokens


def fitting(
    lit: Sequence[Lit], most: int, cost: Callable[[Lit], int] = lambda one: estimate_tokens(one.entry.text)
) -> tuple[list[Lit], list[Unlit]]:
    """Those that fit into ``most`` tokens, in the order they came, and those that do not. Entries with ``any_budget``
    are always in and take no part of it. They may be of several books, which may have the same ids."""
    left, kept = most, set[int]()
    for one in sorted(lit, key=lambda one: -one.entry.rank):
        tokens = 0 if one.entry.any_budget else cost(one)
        if tokens <= left:
            left -= tokens
            kept.add(id(one))
    out = [Unlit(one.entry, "budget", one.key) for one in lit if id(one) not in kept]
    return [one for one in lit if id(one) in kept], out
