"""A text cut into sentences, and a sentence into clauses: the one place that knows where they end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

END = re.compile(
    r"""([.!?…。！？]+["'»”’)*\]]*)(\s+|$)"""  # space behind the marks: "3.5" goes on
    r"""|([。！？]["'»”’」』)]*|[!?]+(?=[\u3040-\u30ff\u3400-\u9fff]))|(\n+)"""  # scripts that put no space there
)
"""Where a sentence ends. The fourth group is a line break, which nothing can lengthen."""

_BREAK = r"(?:[;!?…。、，；：！？\n]|[.,:](?!(?<=\d.)\d))+|\s+[-–—]+\s+"
_CLOSING = " \"'»”’」』)*]"


def sentences(text: str) -> list[str]:
    """Split a text into sentences, marks kept."""
    found: list[str] = []
    at = 0
    for match in END.finditer(text):
        found.append(text[at : match.end()].strip())
        at = match.end()
    found.append(text[at:].strip())
    return [sentence for sentence in found if sentence]


def asks(text: str) -> bool:
    """Whether a text ends with a question mark."""
    return text.rstrip(_CLOSING).endswith(("?", "？"))


def clauses(sentence: str, joints: str = "") -> Iterator[tuple[str, str]]:
    """The clauses of a sentence, marks left out, each with the word that links it to the one before (mostly none).
    ``joints`` is a pattern of such words (`openroom.language.data.tongue.Tongue`)."""
    at, link = 0, ""
    for match in _breaks(joints).finditer(sentence):
        if part := sentence[at : match.start()].strip():
            yield link, part
            link = ""
        said = match.group().strip()
        at, link = match.end(), said if said.isalpha() else link
    if part := sentence[at:].strip():
        yield link, part


@cache
def _breaks(joints: str) -> re.Pattern[str]:
    return re.compile(rf"{_BREAK}|\b(?:{joints})\b" if joints else _BREAK)
