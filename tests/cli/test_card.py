from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openroom.cli.main import app
from tests.cards import corpus

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENROOM_DATA", str(tmp_path / "data"))


def run(*arguments: str, code: int = 0) -> str:
    result = RUN.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_a_card_is_shown_brought_in_checked_and_taken_out(tmp_path: Path) -> None:
    data = corpus.GOOD["both"][0]
    (tmp_path / "card.bin").write_bytes(data)
    shown = run("card", "show", "card.bin")
    assert "Runa" in shown and "stands behind the pixels" in shown
    body = json.loads(run("card", "show", "card.bin", "--json"))
    assert (body["kind"], body["format"], body["spec"], body["lore"]) == ("card", "png", 3, 2)
    told = run("card", "import", "card.bin")
    folder = tmp_path / "data_author/characters/ru"
    assert str(folder) in told and "converted" in told and "entries, in the original" in told
    assert "All is well" in run("check", str(folder))
    assert "All is well" in run("check"), "the author folder is read like the others"
    assert "kept" in run("card", "export", "ru", "--out", "again.png")
    assert (tmp_path / "again.png").read_bytes() == data
    assert "expected a new file" in run("card", "export", "ru", "--out", "again.png", code=1)
    run("card", "export", "ru", "--format", "charx", "--spec", "2", "--out", "ru.charx")
    assert json.loads(run("card", "show", "ru.charx", "--json"))["spec"] == 2


def test_a_lorebook_is_shown_and_is_no_character(tmp_path: Path) -> None:
    (tmp_path / "world").write_bytes(corpus.dumped(corpus.WORLD))
    assert "lorebook" in run("card", "show", "world")
    assert "a lorebook by itself" in run("card", "import", "world", code=1)


def test_mistakes_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"x")
    assert "another kind of file" in run("card", "import", "x.png", code=1)
    assert "a file that can be read" in run("card", "show", "nowhere", code=1)
    assert "the id of a character" in run("card", "export", "nobody", "--out", "y", code=1)
    assert "--spec 2|3" in run("card", "export", "mira", "--spec", "4", "--out", "y", code=1)


def test_a_draft_is_printed_with_the_words_it_rests_on_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "card.bin").write_bytes(corpus.GOOD["both"][0])
    run("card", "import", "card.bin")
    before = {path: path.read_bytes() for path in (tmp_path / "data_author").rglob("*") if path.is_file()}
    told = run("card", "draft", "ru")
    assert told.startswith("# A draft") and "facts:" in told and "# persona " in told
    assert run("card", "draft", "ru", "--cases").startswith("#")
    assert {path: path.read_bytes() for path in (tmp_path / "data_author").rglob("*") if path.is_file()} == before
    assert "expected the id of a character" in run("card", "draft", "nobody", code=1)
