"""The marks that tell a model's thoughts from its answer, as servers pass them on that do not part the two themselves.

As models of 2024 to 2026 write them: tags (``<think>``, ``<reasoning>``), Magistral's ``[THINK]``, Kimi's ``◁think▷``,
tokens such as Cohere's, the channels of gpt-oss (``<|channel|>analysis``, also with its tokens cut out) and of Gemma.
"""

from __future__ import annotations

import re

_NAME = r"(?i:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|scratchpad|seed:think)"

OPENS = (
    rf"<\|?{_NAME}\|?>|\[THINK\]|◁think▷|<\|START_THINKING\|>|<\|(?:begin|start)_of_thought\|>"
    r"|<\|channel\|?>"  # also the one that opens the answer: its name follows, and CLOSES has it
)
CLOSES = (
    rf"</\|?{_NAME}\|?>|<\|/{_NAME}\|>|\[/THINK\]|◁/think▷|<\|END_THINKING\|>|<\|end_of_thought\|>|<channel\|>"
    r"|<\|channel\|>final(?: ?<\|constrain\|>\w{1,20})?<\|message\|>|assistantfinal"
)
AROUND = r"</?(?i:answer|response|output|solution|reply)>|</?s>|<\|\w{1,30}\|>|<(?:start|end)_of_turn>"
"""Marks around an answer, and tokens that are none of its words."""

HALF = r"<[^<>{}\s]{0,30}\Z|\[(?:/?(?:T(?:H(?:I(?:NK?)?)?)?)?)?\Z|◁/?(?:t(?:h(?:i(?:nk?)?)?)?)?\Z|" + (
    "a(?:s(?:s(?:i(?:s(?:t(?:a(?:n(?:t(?:f(?:i(?:n(?:a)?)?)?)?)?)?)?)?)?)?)?)?" + r"\Z"
)
"""The beginning of what may become one of these when more is written."""

LONGEST = 70
"""No mark that closes thoughts has more characters."""

_CLOSED = re.compile(CLOSES)
_OPENED = re.compile(rf"\s*(?:{OPENS})")
_MAY_OPEN = re.compile(rf"\s*(?:{HALF})?\Z")


def end_of_thoughts(text: str, at: int = 0) -> int:
    """Where the answer begins in a text of which thoughts stand at ``at``; -1 if they do not end in it."""
    found = _CLOSED.search(text, at)
    return found.end() if found else -1


class Thoughts:
    """Fed with a reply as it is written, holds it back while it is nothing but thoughts.

    For whoever has to know whether a model got as far as its answer; what is passed on has its thoughts still in it.
    """

    def __init__(self) -> None:
        self.held = ""
        self.opened = False
        """Whether a mark has opened thoughts, and none has ended them."""
        self._over = False

    def feed(self, piece: str) -> str:
        """Take a piece; what may be passed on."""
        if self._over:
            return piece
        seen = max(len(self.held) - LONGEST, 0)
        self.held += piece
        if self.opened or _OPENED.match(self.held):
            self._over = end_of_thoughts(self.held, seen) >= 0
            self.opened = not self._over
        else:
            self._over = not _MAY_OPEN.match(self.held)
        return self.close() if self._over else ""

    def close(self) -> str:
        """What is still held, to be passed on."""
        rest, self.held = self.held, ""
        return rest
