"""Where a sentence begins to go round in circles, as small models do ("the seasons, the seasons, the seasons")."""

from __future__ import annotations

import re

from openroom.language.text import normal, width

_ITEM = re.compile(r"[^,;:，、；：]+")
_JOINT = re.compile(r"^(?:and|or|und|oder|y|o) ")
_BETWEEN = " \t\n,;:，、；："
_JOINTS = ("and", "or", "und", "oder", "y", "o")
_TIMES = 3
_WIDEST = 6
"""A shorter item may be said so often for a reason ("No, no, no")."""
_GROUP = 6
_MOST_READ = 700


def goes_round(text: str) -> int:
    """Where a text says one thing of its list for the second time, when it has said it three times, or the same words
    three times on end; 0 where it does not. What stands before that may be said."""
    text = text[:_MOST_READ]
    return _listed(text) or _on_end(text)


def ended(text: str) -> str:
    """The beginning of such a sentence with an end of its own; empty where nothing is left of it."""
    begun, longer = text.rstrip(_BETWEEN), ""
    while begun != longer:
        longer, last = begun, begun[-_GROUP:].rpartition(" ")[2]
        begun = (begun[: -len(last)] if last.lower() in _JOINTS else begun).rstrip(_BETWEEN)
    return begun and begun + ("。" if width(begun[-1]) > 1 else ".")


def _listed(text: str) -> int:
    again: dict[str, list[int]] = {}
    for found in _ITEM.finditer(text):
        item = _JOINT.sub("", normal(found.group()))
        if width(item) >= _WIDEST:
            again.setdefault(item, []).append(found.start())
            if len(again[item]) == _TIMES:
                return min(starts[1] for starts in again.values() if len(starts) > 1)
    return 0


def _on_end(text: str) -> int:
    begins = max(text.rfind(mark) for mark in ",;，、；") + 1
    found = [(one.group().lower(), one.start()) for one in re.finditer(r"\w+", text[begins:])]
    words = [word for word, _ in found]
    for size in range(1, _GROUP + 1):
        last = words[-size:]
        if len("".join(last)) >= _WIDEST and words[-_TIMES * size :] == last * _TIMES:
            return begins + found[-(_TIMES - 1) * size][1]
    return 0
