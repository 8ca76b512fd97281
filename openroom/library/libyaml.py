"""YAML read by libyaml, some twenty times as fast as ruamel.yaml reads it, where the two read a text alike."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.resolver import implicit_resolvers
from yaml import YAMLError
from yaml.composer import Composer
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.resolver import BaseResolver

from openroom.library.bounds import Bounded, Bounds, Size, TooCostly

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML was built without libyaml
    CParser = None

_READ_APART = re.compile("[\t\x85\u2028\u2029\ufeff]|\r(?!\n)|^%", re.MULTILINE)
"""What they may read differently: tabs, the line breaks of YAML 1.1, and directives."""


class _Apart(Exception):
    """An anchor, alias or tag, which they may read differently too."""


class _Composer(Bounded, Composer, BaseResolver):  # type: ignore[misc]
    """Nodes from libyaml's events. It is in Python, so that nesting ends in a `RecursionError`, not in a crash."""

    def __init__(self, text: str, bounds: Bounds) -> None:
        self.bounds = bounds
        Composer.__init__(self)
        BaseResolver.__init__(self)
        parser = CParser(text)
        self.check_event, self.peek_event, self.get_event = parser.check_event, parser.peek_event, parser.get_event

    def compose_node(self, parent: Any, index: Any) -> Any:
        """As PyYAML does, where nothing is to be read apart."""
        event = self.peek_event()
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _Apart
        return super().compose_node(parent, index)


for _versions, _tag, _pattern, _first in implicit_resolvers:
    if (1, 2) in _versions:
        _Composer.add_implicit_resolver(_tag, _pattern, _first)


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
        return _Composer(text, bounds or Bounds()).get_single_node()
    except _Apart:
        return None
    except YAMLError as error:
        if getattr(error, "context", None) == "while increasing flow level":
            raise RecursionError from error
        return None
