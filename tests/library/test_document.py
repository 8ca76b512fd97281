"""YAML files at the boundary: what is wrong is named with line and column, and nothing harms."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.errors import DefinitionError
from openroom.library import bounds, document, libyaml
from openroom.library.bounds import Size, TooCostly
from openroom.library.document import dotted, parse_document, read_document


def parse(text: str | bytes) -> object:
    return parse_document(text if isinstance(text, bytes) else text.encode(), "x.yaml").value


def test_plain_values_and_their_places() -> None:
    document = parse_document(b"a: 1\nb:\n  - x\n  - {c: 2.5, d: true}\n", "x.yaml")
    assert document.value == {"a": 1, "b": ["x", {"c": 2.5, "d": True}]}
    assert document.keys[("b",)] == (2, 1)
    assert document.values[("b", 1, "d")] == (4, 17)
    error = document.error(("b", 1, "zzz", 0), "something")
    assert (error.line, error.column, error.key) == (4, 5, "b[1].zzz[0]")


def test_words_that_other_yaml_readers_take_for_booleans_are_texts() -> None:
    assert parse("a: yes\nb: off\nc: no\nd: 2001-01-01\ne: 1_000\nf: 'true'") == {
        "a": "yes",
        "b": "off",
        "c": "no",
        "d": "2001-01-01",
        "e": 1000,
        "f": "true",
    }


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb: [1, 2\nc: 3", 3, 2, "expected ',' or ']'"),
        ("a: 1\na: 2", 2, 1, "each key once"),
        ("a:\n\t- b", 2, 1, "cannot start any token"),
        ("a: 1\n---\nb: 2", 2, 1, "but found another document"),
        ("a: !!python/object/apply:os.system ['true']", 1, 4, "python"),
        ("a: !mine x", 1, 4, "tag"),
        ("? [1, 2]\n: x", 1, 3, "key"),
        ("a: &x [*x]", 1, 4, "more, or an alias to itself"),
        ("a: *nobody", 1, 4, "undefined alias"),
        (b"a: 1\nb: \xff", 2, 4, "0xff"),
        ("a: !!int hello", 1, 4, "hello"),
        ("", 1, 1, "an empty file"),
        ("# nothing\n", 1, 1, "an empty file"),
    ],
)
def test_what_is_wrong_has_a_place(text: str | bytes, line: int, column: int, words: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(text)
    error = caught.value
    assert (error.file, error.line) == ("x.yaml", line)
    assert error.column is not None
    assert words in str(error)
    if "more, or an alias" not in words:
        assert error.column == column


def test_alias_bombs_are_refused() -> None:
    levels = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    levels += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(DefinitionError, match="at most 50,000 values"):
        parse("\n".join(levels))


@pytest.mark.parametrize("unit", ["1, ", "[1, 2], ", "{a: 1}, "])
def test_too_many_values_are_counted_before_any_is_read(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def compose(*_given: object) -> None:
        raise AssertionError("nothing is composed")

    monkeypatch.setattr(libyaml, "compose", compose)
    text = f"entries: [{unit * 250_000}]\n".encode()
    with pytest.raises(DefinitionError, match=r"lore\.yaml.*at most [25]..,000 (values|keys and values)"):
        parse_document(text, "lore.yaml")


def test_what_is_counted_is_what_is_read() -> None:
    text = "a: [1, {b: 2, c: [3]}, []]\nd:\n  - e: 4\nf:\n"
    values = len(parse_document(text.encode(), "x.yaml").values)
    libyaml.count(text, Size(values=values, nodes=99))
    with pytest.raises(TooCostly, match=f"at most {values - 1} values"):
        libyaml.count(text, Size(values=values - 1, nodes=99))


def test_deep_and_big_files_are_refused() -> None:
    with pytest.raises(DefinitionError, match="levels of nesting"):
        parse("[" * 60 + "]" * 60)
    with pytest.raises(DefinitionError, match="levels of nesting"):
        parse("[" * 20_000)
    with pytest.raises(DefinitionError, match="at most 1,000,000 bytes"):
        parse(b"#" * (bounds.size_of("x").bytes + 1))


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(DefinitionError, match="a file that can be read") as caught:
            read_document(path)
        assert caught.value.file == str(path)


@given(st.text(alphabet=":-[]{}&*!|>'\"%@`#,? \n\tab1~.", max_size=40) | st.text(max_size=30))
def test_fuzzed_files_are_read_or_refused(text: str) -> None:
    try:
        document = parse_document(text.encode("utf-8", "surrogatepass"), "x.yaml")
    except DefinitionError as error:
        assert error.file == "x.yaml"
        assert error.expected
    else:
        assert () in document.values


@given(st.binary(max_size=40))
def test_fuzzed_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_document(data, "x.yaml")
    except DefinitionError as error:
        assert error.file == "x.yaml"


def test_paths_are_written_with_dots_and_brackets() -> None:
    assert dotted(("voice", "catchphrases", 0, "rate")) == "voice.catchphrases[0].rate"


@pytest.mark.parametrize("slow", ["", "anchor: &x 1\n"])
def test_reading_ends_at_so_many_values(slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = slow + "many: [" + ", ".join("1" for _ in range(40)) + "]"
    assert parse(text)
    monkeypatch.setattr(document, "size_of", lambda name: bounds.Size(nodes=30))
    with pytest.raises(DefinitionError, match=r"x\.yaml.*at most 30 keys and values"):
        parse(text)


@pytest.mark.parametrize("slow", ["", "#\t\n"])
def test_nesting_is_bounded_while_a_file_is_read(slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = [0]

    def counted(self: bounds.Bounds) -> None:
        at_once[0] += 1
        assert at_once[0] < 200
        _node(self)

    _node = bounds.Bounds.__enter__
    monkeypatch.setattr(bounds.Bounds, "__enter__", counted)
    for deep in ("[" * 300 + "]" * 300, "- " * 300 + "x", "a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 300))):
        at_once[0] = 0
        with pytest.raises(DefinitionError, match="at most 40 levels of nesting"):
            parse(slow + deep)


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: !mine x\n", "a:\t1\n", "a: [1, 2\n"])
def test_what_only_the_slow_parser_reads_is_small(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_SLOW_BYTES", 60)
    assert parse("plain: " + "x" * 100)
    with pytest.raises(DefinitionError, match="at most 60 characters in a file with tabs"):
        parse(text + "#" * 60)
