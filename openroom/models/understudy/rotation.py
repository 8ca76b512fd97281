"""Lines in rotation: which of a list is said next, and what fills its slots."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from openroom.language.likeness import same
from openroom.language.requests.item import MenuItem, without_asides
from openroom.language.sentences import sentences
from openroom.language.text import normal
from openroom.language.words import content
from openroom.models.understudy import phrases
from openroom.ports.model import Cue

_LONGEST_DEED = 60
_LONGEST_MEMORY = 160
_LONGEST_LINE = 400
"""No template is longer, with its slots filled."""


def unsaid(lines: Sequence[str], cue: Cue) -> list[str]:
    """Those of the lines that were not said yet."""
    return [line for line in lines if not was_said(line, cue)]


def was_said(line: str, cue: Cue) -> bool:
    """Whether a line was said, or one that says the same."""
    return any(same(line, said) for said in cue.said)


def rotate(templates: Sequence[str], cue: Cue, do: Sequence[str] = ()) -> str:
    """The next line of a rotation: after the one said last, or from a place that the nonce picks.

    The lines said tell where the rotation stands, so nothing has to be remembered between calls, and no line comes
    again before all others had their turn (as far back as ``cue.said`` reaches).
    """
    slots = _slots(cue, templates, do)
    start = _after_last(templates, cue)
    order = [templates[(start + i) % len(templates)] for i in range(len(templates))]
    filled = [line for line in (fill(template, slots) for template in order) if line]
    known = {normal(part) for said in cue.said for part in sentences(said)}
    fresh = [line for line in filled if known.isdisjoint(map(normal, sentences(line)))]
    return (fresh or [line for line in filled if not was_said(line, cue)] or filled)[0]


def _after_last(templates: Sequence[str], cue: Cue) -> int:
    for said in reversed(cue.said):
        for place, template in enumerate(templates if len(said) <= _LONGEST_LINE else ()):
            if re.fullmatch(_pattern(template), said, re.DOTALL):
                return place + 1
    return cue.nonce + zlib.crc32(cue.speaker.encode("utf-8", "replace"))


def _pattern(template: str) -> str:
    return "".join(".+?" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", template))


def fill(template: str, slots: dict[str, str]) -> str:
    """The template with its slots filled; empty when one has nothing to fill it."""
    names = re.findall(r"\{(\w+)\}", template)
    if any(not slots.get(name) for name in names):
        return ""
    return re.sub(r"\{(\w+)\}", lambda match: slots[match.group(1)], template)


def _slots(cue: Cue, templates: Sequence[str], do: Sequence[str]) -> dict[str, str]:
    """What fills the slots that these templates have."""
    wanted = set(re.findall(r"\{(\w+)\}", "".join(templates)))
    return {
        "speaker": " ".join((cue.address or cue.speaker).split())[:40],
        "deed": _deed(cue.menu, cue.nonce) if "deed" in wanted else "",
        "done": _in_words([item for one in do for item in cue.menu if item.id == one]),
        "memory": _memory(cue) if "memory" in wanted else "",
    }


def _deed(menu: Sequence[MenuItem], nonce: int) -> str:
    """Something from the menu as words after "I could": its label, begun in lower case."""
    usable = [label for item in menu if (label := _as_words(item))]
    return usable[nonce % len(usable)] if usable else ""


def _in_words(items: Sequence[MenuItem]) -> str:
    """What is being done, as words after "I'll"; empty when a label cannot stand there."""
    labels = [_as_words(item) for item in items]
    return " and ".join(labels) if all(labels) else ""


def _as_words(item: MenuItem) -> str:
    """A label within a sentence; empty for one that is no plain "Verb some thing"."""
    label = without_asides(item.label).rstrip(".!")
    if len(label) > _LONGEST_DEED or not re.fullmatch(r"[A-Z][a-z]+(?: [\w'’-]+)+", label):
        return ""
    return label[0].lower() + label[1:]


def _memory(cue: Cue) -> str:
    """A remembered sentence about what was heard, of which the speaker is part and nothing says that it is private."""
    about = content(cue.heard)
    for memory in cue.memories:
        ours = cue.speaker and cue.speaker.lower() in memory.lower()
        if (
            ours
            and about & content(memory)
            and len(memory) <= _LONGEST_MEMORY
            and not re.search(phrases.SECRECY, memory.lower())
        ):
            return memory
    return ""
