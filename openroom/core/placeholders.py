"""``{{char}}`` and ``{{user}}``, as authors of character cards write them: the character's name, and whom it talks to.

``{{char}}`` is known when a card is read. Who is talked to is known only when a line is said: until then a spoken line
keeps its ``{{user}}``, and what is true whoever comes in says "the visitor" instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_ANY = re.compile(r"\{\{[^{}\n]{0,40}\}\}")
_CHAR = re.compile(r"\{\{\s*char\s*\}\}|<bot>|<char>", re.IGNORECASE)
_USER = re.compile(r"\{\{\s*user\s*\}\}|<user>", re.IGNORECASE)
ANYBODY = "the visitor"


def with_name(value: Any, name: str, spoken: frozenset[str] = frozenset(), *, said: bool = False) -> Any:
    """A card's values with ``{{char}}`` filled in, and ``{{user}}`` too except under the keys ``spoken``."""
    if isinstance(value, str):
        named = _CHAR.sub(lambda _: name, value)
        return named if said else _USER.sub(ANYBODY, named)
    if isinstance(value, Mapping):
        return {key: with_name(one, name, spoken, said=said or key in spoken) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [with_name(one, name, spoken, said=said) for one in value]
    return value


def to(line: str, user: str) -> str:
    """A spoken line, said to ``user``."""
    return _USER.sub(lambda _: user, line)


def was_said(line: str, text: str) -> bool:
    """Whether ``text`` is the line as it was said to somebody, whoever that was."""
    first, *rest = _USER.split(line)
    if not rest:
        return text == line
    at = len(first)
    for part in rest[:-1]:
        at = text.find(part, at) + len(part)
        if at < len(part):
            return False
    return text.startswith(first) and text.endswith(rest[-1]) and len(text) - len(rest[-1]) >= at


def unknown_in(text: str) -> Iterator[str]:
    """What stands in double braces and is neither of the two."""
    return (found for found in _ANY.findall(text) if not (_CHAR.fullmatch(found) or _USER.fullmatch(found)))
