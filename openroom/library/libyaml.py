"""YAML read by libyaml, some twenty times as fast as ruamel.yaml reads it, where the two read a text alike."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.resolver import implicit_resolvers
from ruamel.yaml.util import LazyEval
from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from openroom.library.bounds import Bounds, Size, TooCostly

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML was built without libyaml
    CParser = None

_YAML = "tag:yaml.org,2002:"
_READ_APART = re.compile("[\t\x85\u2028\u2029\ufeff]|\r(?!\n)|^%", re.MULTILINE)
"""What they may read differently: tabs, the line breaks of YAML 1.1, and directives."""


class _Apart(Exception):
    """An anchor, alias or tag, which they may read differently too."""


class _Composer:
    """Nodes from libyaml's events. It is in Python, so that nesting ends in a `RecursionError`, not in a crash."""

    def __init__(self, text: str, bounds: Bounds) -> None:
        self._parser, self._bounds = CParser(text), bounds

    def root(self) -> Node | None:
        """The one node of the text; none where it has none, or more than one document. Raises `YAMLError`, `_Apart`,
        `TooCostly` and `RecursionError`."""
        self._next()  # the stream begins
        if isinstance(self._next(), StreamEndEvent):
            return None
        node = self._node(self._next())
        self._next()  # the document ends
        return node if isinstance(self._next(), StreamEndEvent) else None

    def _next(self) -> Event:
        return self._parser.get_event()

    def _node(self, event: Event) -> Node:
        with self._bounds:
            if isinstance(event, AliasEvent) or event.anchor or event.tag:
                raise _Apart
            if isinstance(event, ScalarEvent):
                return ScalarNode(_tag(event), event.value, event.start_mark, event.end_mark, style=event.style)
            if isinstance(event, SequenceStartEvent):
                return self._sequence(event)
            return self._mapping(event)

    def _sequence(self, event: SequenceStartEvent) -> Node:
        node = SequenceNode(f"{_YAML}seq", [], event.start_mark, None, flow_style=event.flow_style)
        while not isinstance(event := self._next(), SequenceEndEvent):
            node.value.append(self._node(event))
        node.end_mark = event.end_mark
        return node

    def _mapping(self, event: MappingStartEvent) -> Node:
        node = MappingNode(f"{_YAML}map", [], event.start_mark, None, flow_style=event.flow_style)
        while not isinstance(event := self._next(), MappingEndEvent):
            node.value.append((self._node(event), self._node(self._next())))
        node.end_mark = event.end_mark
        return node


def _resolvers() -> dict[str, list[tuple[str, LazyEval]]]:
    """What the plain texts of YAML 1.2 that begin with a letter may be: tags, and how such texts look."""
    found: dict[str, list[tuple[str, LazyEval]]] = {}
    for versions, tag, pattern, first in implicit_resolvers:
        for letter in first if (1, 2) in versions else ():
            found.setdefault(letter, []).append((tag, pattern))
    return found


_RESOLVERS = _resolvers()


def _tag(event: ScalarEvent) -> str:
    """What a text is: by how it looks where it is plain, else a text."""
    maybe = _RESOLVERS.get(event.value[:1], ()) if event.implicit[0] else ()
    return next((tag for tag, pattern in maybe if pattern.match(event.value)), f"{_YAML}str")


def count(text: str, size: Size) -> None:
    """Raises `TooCostly` for a text of more nodes or values than ``size`` allows: its events are counted, a tenth
    of the work of composing them, and no further than that. What is no YAML is for others to say."""
    if CParser is None or len(text) <= min(size):
        return
    parser, nodes, values = CParser(text), 0, 0
    inside: list[bool | None] = []  # of each mapping around: whether a key comes next; of a list: None
    try:
        while (event := parser.get_event()) is not None:
            if isinstance(event, MappingEndEvent | SequenceEndEvent):
                inside.pop()
                continue
            if not isinstance(event, ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent):
                continue
            nodes += 1
            values += not (inside and inside[-1])
            if inside and inside[-1] is not None:
                inside[-1] = not inside[-1]
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                inside.append(True if isinstance(event, MappingStartEvent) else None)
            if nodes > size.nodes:
                raise TooCostly(f"at most {size.nodes:,} keys and values", "more")
            if values > size.values:
                raise TooCostly(f"at most {size.values:,} values", "more")
    except YAMLError:
        return


def compose(text: str, bounds: Bounds | None = None) -> Any:
    """The root node of ``text``, or None where ruamel.yaml is to read it: it says better what is wrong. Raises
    `TooCostly`, and `RecursionError`: nesting that deep takes ruamel.yaml hours."""
    if CParser is None or _READ_APART.search(text):
        return None
    try:
        return _Composer(text, bounds or Bounds()).root()
    except _Apart:
        return None
    except YAMLError as error:
        if getattr(error, "context", None) == "while increasing flow level":
            raise RecursionError from error
        return None
