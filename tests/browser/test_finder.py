from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import finder


def _executable(path: Path, exit_code: int = 0) -> Path:
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENROOM_BROWSER", raising=False)


def test_the_named_browser_wins_and_must_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = _executable(tmp_path / "mine")
    monkeypatch.setenv("OPENROOM_BROWSER", str(named))
    assert finder.find_or_install() == named
    _executable(named, exit_code=3)
    with pytest.raises(
        finder.BrowserMissing, match=r"OPENROOM_BROWSER: expected a Chromium that starts, came .*exit 3"
    ):
        finder.find_or_install()


def test_one_on_the_path_is_taken_but_not_one_that_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "_playwright_own", _nothing)
    monkeypatch.setattr(finder, "_USUAL_PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    _executable(tmp_path / "chromium", exit_code=1)
    good = _executable(tmp_path / "google-chrome")
    assert finder.find_or_install() == good


def test_without_any_the_instruction_names_every_try(monkeypatch: pytest.MonkeyPatch) -> None:
    for step in ("_playwright_own", "_on_path", "_install_with_playwright", "_install_with_apt", "_install_with_npm"):
        monkeypatch.setattr(finder, step, _nothing)
    with pytest.raises(finder.BrowserMissing) as caught:
        finder.find_or_install()
    text = str(caught.value)
    assert "apt install chromium" in text
    assert "export OPENROOM_BROWSER=" in text
    assert text.count("not here") == 5


def _nothing():
    raise finder._NoWay("not here")
