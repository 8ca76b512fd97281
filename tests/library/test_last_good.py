"""A mistake that was saved before a start costs no more than one saved after it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from openroom.library.library import Library
from tests.library.worlds import CHARACTER, LAMP, SCENE, make, write

CARD, HUT, SHARED = "characters/ada/character.yaml", "scenes/hut/scene.yaml", "scenes/_props/lamp.yaml"


def started(root: Path) -> Library:
    """The library of a server that starts anew on the same data folder."""
    library = Library([root / "characters"], [root / "scenes"])
    library.keep(root / "data" / "last_good")
    return library


@pytest.mark.parametrize(
    ("file", "broken"),
    [
        (CARD, "format: 1\nid: [\n"),
        (CARD, CHARACTER.format(id="bob", name="Bob")),
        (HUT, "line: 5\n"),
        (HUT, SCENE.replace("id: ada,", "id: nobody,")),
        (HUT, SCENE.replace("kind: lamp", "kind: nothing")),
        (SHARED, LAMP.replace("{actor}", "{owner}")),
        (SHARED, ""),
    ],
)
def test_a_broken_file_is_as_it_was_good_last_after_a_restart_too(tmp_path: Path, file: str, broken: str) -> None:
    root = make(tmp_path)
    pinned = started(root).definitions("hut")
    write(root / file, broken)
    for _ in range(2):
        library = started(root)
        assert library.problems
        assert library.definitions("hut") == pinned
    write(root / file, {CARD: CHARACTER.format(id="ada", name="Adele"), HUT: SCENE, SHARED: LAMP}[file])
    library = started(root)
    assert library.problems == []
    assert library.characters["ada"].name == ("Adele" if file == CARD else "Ada")


def test_who_deletes_a_file_means_it(tmp_path: Path) -> None:
    root = make(tmp_path)
    started(root)
    (root / CARD).unlink()
    assert set(started(root).characters) == set()
    write(root / CARD, "broken: [")
    assert set(started(root).characters) == set(), "nothing of it is kept"


def test_without_a_data_folder_nothing_is_written(tmp_path: Path) -> None:
    root = make(tmp_path)
    before = sorted(root.rglob("*"))
    library = Library([root / "characters"], [root / "scenes"])
    library.reload()
    assert sorted(root.rglob("*")) == before


def test_copies_are_for_the_server_alone(tmp_path: Path) -> None:
    root = make(tmp_path)
    started(root)
    kept = root / "data" / "last_good"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept.iterdir()} == {0o600}


def test_a_folder_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    root = make(tmp_path)
    (root / "data").write_text("a file", encoding="utf-8")
    assert set(started(root).scenes) == {"hut"}
