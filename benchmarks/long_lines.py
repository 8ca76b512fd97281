"""Kinds of long lines that nobody means to say: what a pattern may run away on (tests/test_long_lines.py too)."""

from __future__ import annotations

LONGEST = 4000
"""So many characters a line may have."""

MARKS = ".!?…。！？,，、;:：'’\"“”«»„「」『』()（）[]{}<>*_~#/\\|@=+-–—&%$0"
LETTERS = "aWé你か \n\t\u200b😀"
WORDS = (
    "a.", "a. ", "a, ", "a b ", ". ", "? ", '."', "。」", "!?", "!か", "你。", "1.", "1,", "1 ", "- ", " -", "\n ",
    "( ", "((a", "«(", "a:", "a: ", "A. ", "Mr. ", "i'll ", "let me ", "i am ", "not a ", "i like ", "so sorry ",
    "leave ", "keep ", "now, ", "my ", "always ", "one ", "coffee not ", "ha", "you say ", "give the ", "would you ",
    "you ", "please. ", "the lamp is ", "何", "我能", '{"', "\\u", "```", "<think>", "{a:", "[[",
)  # fmt: skip
"""Beginnings of what patterns look for, which then does not come, and clauses of a letter."""

KINDS = (*MARKS, *LETTERS, *WORDS)


def run(kind: str, chars: int) -> str:
    """One kind, over and over."""
    return kind * (chars // len(kind))
