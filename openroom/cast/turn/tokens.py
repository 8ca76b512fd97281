"""A cheap estimate of how many tokens a text costs: about four Latin characters, or one CJK character, a token."""

from __future__ import annotations


def estimate(text: str) -> int:
    """Estimated tokens of ``text``, at least 1."""
    if text.isascii():
        return max(1, (len(text) + 3) // 4)
    wide = sum(1 for char in text if ord(char) >= 0x2E80)
    return max(1, wide + (len(text) - wide + 3) // 4)
