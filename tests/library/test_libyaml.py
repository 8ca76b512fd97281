"""What is read fast, by libyaml, is what ruamel.yaml would read."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openroom.errors import DefinitionError
from openroom.evals.lexicon import LIBRARY as CHECKS
from openroom.library import libyaml
from openroom.library.document import Document, Loc, parse_document
from openroom.settings import shipped

_WORDS = """
    a b é 🦊 k: é: - ? : , [ ] { } [a,b] {c:1} "x" 'y' '' " ' \\ \\n # ~ null true Yes 0o7 0x1f 1_000 -1.5 .inf = <<:
    http://x?y a:b 2001-01-01 > >- >+ | |- |2 % & * ! @ ` &x *x !t !!str %YAML --- ...
"""
_BREAKS = ["\r", "\r\n", "\n", "\n  ", "\n    ", "\nk: ", "\n- ", "\n  k: ", "\x85", "\u2028"]
_PIECES = [*_WORDS.split(), *(f"{word} " for word in _WORDS.split()), *[" ", "\xa0", "\t", "\ufeff", *_BREAKS] * 3]


def read(text: str, parser: object) -> Document | str:
    """What ``text`` says, or what is wrong with it."""
    with mock.patch.object(libyaml, "CParser", parser):
        try:
            return parse_document(text.encode(), "x.yaml")
        except DefinitionError as error:
            return str(error)


def places(document: Document) -> dict[Loc, tuple[int, int]]:
    """Where its values stand; an empty one stands nowhere."""
    found = {}
    for loc, place in document.values.items():
        value = document.value
        for part in loc:
            value = value[part]
        if value is not None:
            found[loc] = place
    return found


def alike(fast: Document | str, thorough: Document | str) -> bool:
    if not isinstance(fast, Document) or not isinstance(thorough, Document):
        return fast == thorough
    return (fast.value, fast.keys, places(fast)) == (thorough.value, thorough.keys, places(thorough))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_PIECES), max_size=16).map(lambda pieces: "top: " + "".join(pieces)))
def test_what_ruamel_reads_is_read_alike(text: str) -> None:
    fast, thorough = read(text, libyaml.CParser), read(text, None)
    refused = isinstance(thorough, str) and isinstance(fast, Document)
    assert refused or alike(fast, thorough)


def test_the_shipped_files_are_read_fast_and_alike() -> None:
    files = [path for name in ("characters", "scenes") for path in shipped(name).rglob("*.yaml")]
    files += CHECKS.glob("*.yaml")
    assert len(files) > 40
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert libyaml.compose(text) is not None, file
        assert alike(read(text, libyaml.CParser), read(text, None)), file


@pytest.mark.parametrize(
    "text", ["a: &x 1", "a: *x", "a: !!str 1", "a: 1\t", "a: b\u2028c", "%YAML 1.1\n---\na: 1", "a: [", ""]
)
def test_what_may_be_read_apart_or_is_wrong_is_left_to_ruamel(text: str) -> None:
    assert libyaml.compose(text) is None


@pytest.mark.parametrize("text", ['a: "*She* hums & !"', "a: b *c* &d !e", "a: |\n  *x\n  &y !z\n"])
def test_signs_in_texts_are_read_fast(text: str) -> None:
    """Cards are full of ``*she hums*``; read slowly, a lorebook of any size would be refused."""
    assert libyaml.compose(text) is not None and alike(read(text, libyaml.CParser), read(text, None))


@pytest.mark.parametrize("text", ["[" * 900_000, "- " * 100_000, "? " * 100_000])
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    """Without libyaml, the first of them would take hours."""
    with pytest.raises(DefinitionError, match="levels of nesting"):
        parse_document(text.encode(), "x.yaml")
