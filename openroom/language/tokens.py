"""A cheap estimate of how many tokens a text costs a model."""

from __future__ import annotations


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has: four ASCII characters to a token, every other character one.

    Meant to err upwards: budgets are reserved with it before a call, and the talk is cut by it.
    """
    ascii_count = len(text.encode("ascii", "ignore"))
    return -(-ascii_count // 4) + len(text) - ascii_count
