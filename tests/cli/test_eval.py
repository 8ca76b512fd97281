"""openroom eval, training and collect from the command line, with the understudy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openroom.cli.main import app

HOUSE = Path(__file__).resolve().parent.parent / "room" / "house"
RUN = CliRunner()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENROOM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("OPENROOM_CHARACTERS", str(HOUSE / "characters"))
    monkeypatch.setenv("OPENROOM_SCENES", str(HOUSE / "scenes"))
    monkeypatch.setenv("OPENROOM_MODEL", "understudy")


def run(*arguments: str, code: int = 0) -> str:
    result = RUN.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_a_table_and_a_file_with_everything(tmp_path: Path) -> None:
    out = run("eval", "vera", "--cases", "trap,emotion", "--json", str(tmp_path / "out.json"))
    assert "attachment" in out
    assert "emotion" in out
    body = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert body["model"]["kind"] == "understudy"
    assert {result["dimension"] for result in body["results"]} >= {"attachment", "disclosure", "emotion"}
    assert "0 model calls now" in run("eval", "vera", "--cases", "trap,emotion"), "all of it is known by now"


def test_cases_are_listed_and_a_name_that_fits_none_is_said() -> None:
    assert "trap_leaving" in run("eval", "vera", "--list", "--cases", "trap*")
    assert "there are none" in run("eval", "vera", "--cases", "no_such_case", code=1)
    assert "expected a character of otto, vera" in run("eval", "nobody", code=1)


def test_a_judge_needs_a_language_model() -> None:
    assert "needs a language model" in run("eval", "vera", "--cases", "trap_leaving", "--judge", code=1)


def test_training_data_and_collected_cases(tmp_path: Path) -> None:
    out = run("training", "vera", str(tmp_path / "made"), "--samples", "1")
    assert "chats and" in out
    assert (tmp_path / "made" / "gaps.json").is_file()
    assert "0 cases in" in run("collect", "vera")
