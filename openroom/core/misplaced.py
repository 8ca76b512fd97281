"""Values that are wrong beside each other, each told at its own place in the file."""

from __future__ import annotations

from collections.abc import Sequence

Wrong = tuple[tuple[str | int, ...], str, str]
"""Where, what was expected, what came."""


class Misplaced(ValueError):
    """Raised by validators of whole definitions; ``wrong`` are the places within what was validated."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("; ".join(f"expected {expected}, came {came}" for _, expected, came in self.wrong))
