"""One YAML file as plain values, with the place of every key and value. YAML 1.2; no tags but the plain ones.

Limits: 40 levels, and those of `openroom.library.bounds`. Everything wrong is a `DefinitionError` with file, line,
column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from openroom.errors import DefinitionError
from openroom.library import libyaml
from openroom.library.bounds import MAX_DEPTH, Bounds, TooCostly, size_of
from openroom.library.traps import cure, cut_texts, unused_anchors

_TAG = "tag:yaml.org,2002:"
_PLAIN = {_TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp")}
_SHOWN = 60

Loc = tuple[str | int, ...]
Node = Any
"""A node of ruamel.yaml or of PyYAML: both have ``id``, ``tag``, ``value`` and ``start_mark``."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's value and where its parts stand. ``keys`` and ``values`` map a path to (line, column), counted
    from 1."""

    file: str
    value: Any
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    cut: tuple[DefinitionError, ...] = ()
    """Warnings of texts of which a part is lost: it was read as a comment, or as a name."""

    def error(
        self,
        loc: Sequence[str | int],
        expected: str,
        *,
        came: str = "",
        at_key: bool = False,
        warning: bool = False,
    ) -> DefinitionError:
        """An error at ``loc``, or at the nearest part around it that is there."""
        real = self.real(loc)
        table = self.keys if at_key and real in self.keys else self.values
        line, column = table.get(real, (1, 1))
        place = {"line": line, "column": column}
        return DefinitionError(expected, came=came, file=self.file, key=dotted(loc), warning=warning, **place)

    def real(self, loc: Sequence[str | int]) -> Loc:
        """The longest part of ``loc`` that stands in the file."""
        path = tuple(loc)
        while path and path not in self.values:
            path = path[:-1]
        return path


def dotted(loc: Sequence[str | int]) -> str:
    """``("facts", 0, "id")`` -> ``facts[0].id``."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def read_document(path: Path, shown: str = "") -> Document:
    """Read a YAML file; ``shown`` is how errors call it. Raises `DefinitionError`."""
    name = shown or str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(size_of(path.name).bytes + 1)
    except OSError as error:
        raise DefinitionError("a file that can be read", came=error.strerror or str(error), file=name) from error
    return parse_document(data, name)


def parse_document(data: bytes, name: str) -> Document:
    """Read YAML from bytes. Raises `DefinitionError`."""
    size = size_of(name)
    if len(data) > size.bytes:
        raise DefinitionError(f"at most {size.bytes:,} bytes", came="more", file=name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise DefinitionError(
            "UTF-8 text", came=f"byte {data[error.start]:#04x}", file=name, line=line, column=column
        ) from error
    node = _compose(text, name)
    if node is None:
        raise DefinitionError("a mapping of keys to values", came="an empty file", file=name, line=1, column=1)
    reader = _Reader(name)
    value = reader.build(node, ())
    lost = [*cut_texts(text.split("\n"), reader.ends), *unused_anchors(text, reader.anchors)]
    cut = tuple(
        DefinitionError(expected, came=repr(came[:_SHOWN]), file=name, line=line, column=column, warning=True)
        for line, column, expected, came in lost
    )
    return Document(name, value, reader.keys, reader.values, cut)


def _compose(text: str, name: str) -> Node | None:
    size = size_of(name)
    most = size.nodes
    try:
        libyaml.count(text, size)
        node: Node | None = libyaml.compose(text, Bounds(most=most)) or _compose_slowly(text, Bounds(most=most))
    except TooCostly as error:
        raise DefinitionError(error.expected, came=error.came, file=name) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = {"line": mark.line + 1, "column": mark.column + 1} if mark else {}
        came = ": ".join(part.strip() for part in (error.context, error.problem) if part)
        help = cure(_line(text, mark.line) if mark else "", came)
        raise DefinitionError("valid YAML", came=f"{came} ({help})" if help else came, file=name, **place) from error
    except RecursionError as error:
        raise DefinitionError(f"at most {MAX_DEPTH} levels of nesting", came="more", file=name) from error
    except (YAMLError, ValueError) as error:
        raise DefinitionError("valid YAML", came=" ".join(str(error).split())[:200], file=name) from error
    return node


class _Composer(Composer):
    """ruamel.yaml's, within bounds."""

    bounds: Bounds

    def compose_node(self, parent: Node | None, index: Node | int | None) -> Node | None:
        """As ruamel.yaml does."""
        with self.bounds:
            return super().compose_node(parent, index)


def _compose_slowly(text: str, bounds: Bounds) -> Node | None:
    bounds.slow(text)
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.composer.bounds = bounds
    yaml.composer.warn_double_anchors = False
    node: Node | None = yaml.compose(text)
    return node


def _line(text: str, number: int) -> str:
    """A line of the text, counted from 0; readers of YAML know more line breaks than this does."""
    return next(iter(text.split("\n")[number : number + 1]), "")


class _Reader:
    """Builds plain values from nodes and notes their places."""

    def __init__(self, name: str) -> None:
        self.name, self._most = name, size_of(name).values
        self.keys: dict[Loc, tuple[int, int]] = {}
        self.values: dict[Loc, tuple[int, int]] = {}
        self.ends: set[tuple[int, int]] = set()
        """Where texts without quotes end, counted from 0."""
        self.anchors: dict[str, tuple[int, int]] = {}
        self._scalars = YAML(typ="safe", pure=True)

    def build(self, node: Node, loc: Loc) -> Any:
        if len(self.values) >= self._most:
            raise self._error(node, loc, f"at most {self._most:,} values, aliases followed", "more")
        if len(loc) > MAX_DEPTH:
            raise self._error(node, loc, f"at most {MAX_DEPTH} levels of nesting", "more, or an alias to itself")
        self.values[loc] = _place(node)
        if anchor := getattr(node, "anchor", None):
            self.anchors[anchor] = _place(node)
        if node.id == "mapping" and node.tag == _TAG + "map":
            return self._mapping(node, loc)
        if node.id == "sequence" and node.tag == _TAG + "seq":
            return [self.build(item, (*loc, index)) for index, item in enumerate(node.value)]
        if node.id == "scalar" and node.tag in _PLAIN:
            return self._scalar(node, loc)
        tag = f"the tag {str(node.tag)[:_SHOWN]} (a text that begins with ! goes in quotes)"
        raise self._error(node, loc, "a plain value", tag)

    def _mapping(self, node: Node, loc: Loc) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if key_node.id == "scalar" else None
            if key is None or key_node.tag not in _PLAIN:
                raise self._error(key_node, loc, "a text as key", str(key_node.tag).removeprefix(_TAG))
            if key in built:
                raise self._error(key_node, (*loc, key), "each key once", f"{key!r} again")
            self.keys[(*loc, key)] = _place(key_node)
            built[key] = self.build(value_node, (*loc, key))
        return built

    def _scalar(self, node: Node, loc: Loc) -> Any:
        if node.tag in (_TAG + "str", _TAG + "timestamp"):
            if not node.style:
                self.ends.add((node.end_mark.line, node.end_mark.column))
            return node.value
        try:
            return self._scalars.constructor.construct_object(ScalarNode(node.tag, node.value))
        except (YAMLError, ValueError, OverflowError) as error:
            raise self._error(node, loc, "a plain value", repr(node.value)[:_SHOWN]) from error

    def _error(self, node: Node, loc: Loc, expected: str, came: str) -> DefinitionError:
        line, column = _place(node)
        return DefinitionError(expected, came=came, file=self.name, line=line, column=column, key=dotted(loc)[:200])


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
