"""Copies of the fixtures, a server over them, and the commands."""

from __future__ import annotations

import contextlib
import importlib
import json
import shlex
import shutil
import tomllib
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import openroom
from tests.compat.endpoint import Endpoint, scripted, speaking
from tests.server.live import serving

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = {"ann": "player", "bob": "player", "cara": "player", "op": "operator"}
DATA = Path(__file__).resolve().parent / "data"


@cache
def expected(name: str) -> Any:
    """What was recorded when the fixtures were made."""
    with zipfile.ZipFile(DATA / "expected.zip") as archive:
        return json.loads(archive.read(f"{name}.json"))


@cache
def script(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class House:
    """Copies that a test may spoil: a data folder (an empty one, or that of then) and the author's files."""

    data: Path
    authors: Path
    endpoint: Endpoint

    def greets_anew(self) -> None:
        """Have a model word greetings, as it did then; by itself a greeting is now said as its author wrote it."""
        for card in self.authors.glob("characters/*/character.yaml"):
            card.write_text(card.read_text(encoding="utf-8") + "greet: anew\n", encoding="utf-8")

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """A server over them; its address."""
        settings = openroom.Settings.load(
            data=self.data,
            characters=(self.authors / "characters",),
            scenes=(self.authors / "scenes",),
            model="scripted",
            model_url=self.endpoint.url,
            autoplay=False,
            grace_seconds=600,  # who lost the connection comes back, however slow the machine is
            rate_burst=1000,
            port=0,
            log_level="warning",
        )
        async with serving(openroom.create_app(settings)) as port:
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty data folder, the author's files, and the scripted model."""
    shutil.copytree(DATA / "house", tmp_path / "house")
    with speaking(scripted(script("replies"))) as endpoint:
        yield House(tmp_path / "data", tmp_path / "house", endpoint)


@pytest.fixture
def lived_in(house: House) -> House:
    """The same with the data folder of then."""
    with zipfile.ZipFile(DATA / "folder.zip") as archive:
        archive.extractall(house.data)
    return house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Runs a command of openroom on the house; what it printed."""
    monkeypatch.setenv("OPENROOM_DATA", str(house.data))
    monkeypatch.setenv("OPENROOM_CHARACTERS", str(house.authors / "characters"))
    monkeypatch.setenv("OPENROOM_SCENES", str(house.authors / "scenes"))
    monkeypatch.setenv("COLUMNS", "200")
    runner, command = CliRunner(), _command()

    def call(words: str) -> str:
        result = runner.invoke(command, shlex.split(words))
        assert result.exit_code == 0, f"{words}\n{result.output}\n{result.exception!r}"
        return result.stdout

    return call


@pytest.fixture
def tokens(run: Callable[[str], str]) -> dict[str, str]:
    """Fresh tokens for the people of the script, in a house where nobody was yet."""
    made = {who: json.loads(run(f"token new --role {role} --note {who} --json")) for who, role in PEOPLE.items()}
    return {who: str(token["token"]) for who, token in made.items()}


def _command() -> Any:
    """The command as it is installed, wherever it lives."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["openroom"].partition(":")
    return getattr(importlib.import_module(module), name)
