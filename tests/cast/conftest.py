"""The small house of `tests.room`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from openroom.library.library import Library
from tests.room.conftest import HOUSE, clock, open_lobby

__all__ = ["clock", "open_lobby"]


@pytest.fixture
def house_with(tmp_path: Path) -> Callable[[str], Library]:
    """The house with more keys in Vera's card."""

    def made(more: str) -> Library:
        shutil.copytree(HOUSE, tmp_path / "house")
        card = tmp_path / "house" / "characters" / "vera" / "character.yaml"
        card.write_text(card.read_text(encoding="utf-8") + more, encoding="utf-8")
        library = Library([tmp_path / "house" / "characters"], [tmp_path / "house" / "scenes"])
        assert [problem for problem in library.problems if not problem.warning] == []
        return library

    return made


@pytest.fixture
def anew(house_with: Callable[[str], Library]) -> Library:
    """The house where a model words greetings."""
    return house_with("greet: anew\n")
