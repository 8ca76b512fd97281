"""`openroom check` and `openroom new`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from openroom.errors import DefinitionError
from openroom.library.avatar import SPECIES, misdrawn
from openroom.library.check import check
from openroom.library.library import Library
from openroom.library.scaffold import scaffold, slug_of
from tests.library.worlds import BELL, CHARACTER, LAMP, SCENE, make, write


def test_good_files_have_no_problems_however_they_are_named(tmp_path: Path) -> None:
    root = make(tmp_path)
    for path in (
        root,
        root / "characters",
        root / "scenes",
        root / "characters/ada",
        root / "characters/ada/character.yaml",
        root / "scenes/hut",
        root / "scenes/hut/scene.yaml",
        root / "scenes/_props",
        root / "scenes/_props/lamp.yaml",
        root / "scenes/hut/props",
    ):
        library = Library([root / "characters"], [root / "scenes"])
        assert [str(problem) for problem in check([path], library=library)] == [], path


def test_problems_are_found_wherever_they_are_and_once(tmp_path: Path) -> None:
    root = make(tmp_path)
    write(root / "characters/ada/character.yaml", CHARACTER.format(id="ada", name="Ada") + "zzz: 1\n")
    write(root / "scenes/_props/lamp.yaml", LAMP.replace("{actor} lights", "{owner} lights"))
    found = check([root, root / "characters/ada", root / "scenes/_props/lamp.yaml"])
    keys = [problem.key for problem in found]
    assert keys.count("zzz") == 1
    assert keys.count("verbs.light.tells") == 1


def test_a_scene_alone_is_checked_against_what_lies_beside_it_and_the_library(tmp_path: Path) -> None:
    root = make(tmp_path / "mine")
    assert check([root / "scenes/hut/scene.yaml"]) == []
    write(root / "scenes/hut/scene.yaml", SCENE.replace("{id: ada,", "{id: bob,"))
    assert [problem.key for problem in check([root / "scenes/hut/scene.yaml"])] == ["characters[0].id"]
    other = tmp_path / "other"
    write(other / "characters/bob/character.yaml", CHARACTER.format(id="bob", name="Bob"))
    behind = Library([other / "characters"], [])
    assert check([root / "scenes/hut/scene.yaml"], library=behind) == []


def test_the_librarys_own_problems_are_not_told(tmp_path: Path) -> None:
    root = make(tmp_path / "mine")
    other = tmp_path / "other"
    write(other / "characters/bad/character.yaml", "nonsense: 1")
    assert check([root], library=Library([other / "characters"], [])) == []


def test_what_is_not_there_or_holds_nothing_is_told(tmp_path: Path) -> None:
    assert "a file or a folder" in str(check([tmp_path / "none"])[0])
    assert "definitions in this folder" in str(check([tmp_path])[0])


def test_a_prop_under_a_wrong_name_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "gong.yaml", BELL)
    (problem,) = check([path])
    assert (problem.line, problem.key) == (2, "kind")


@pytest.mark.parametrize("what", ["character", "scene", "prop"])
@pytest.mark.parametrize("name", ["Old Anna", 'Zoë "the Fox": #1 {x}', "a"])
def test_a_new_definition_passes_the_check_and_is_never_overwritten(what: str, name: str, tmp_path: Path) -> None:
    path = scaffold(what, name, tmp_path)  # type: ignore[arg-type]
    assert [str(problem) for problem in check([path])] == []
    assert [str(problem) for problem in check([tmp_path])] == []
    assert "#" in path.read_text(encoding="utf-8")
    path.write_text("mine now", encoding="utf-8")
    with pytest.raises(DefinitionError, match="there already"):
        scaffold(what, name, tmp_path)  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "mine now"


def test_what_a_new_character_says_in_comments_may_be_taken_over(tmp_path: Path) -> None:
    """Each commented key, as it stands, in the place of the one that is written."""
    path = scaffold("character", "Old Anna", tmp_path)
    text = path.read_text(encoding="utf-8").replace("  # - {heard", "  - {heard").replace("facts: []   ", "facts:")
    open_ones = [re.sub(r"^(\s*)#( {2,}\S| \w+: ?)", r"\1\2", line).replace("\n ", "\n") for line in text.split("\n")]
    lines = [re.sub(r"^ (\w+:)", r"\1", re.sub(r"^   (\w+:)", r"  \1", line)) for line in open_ones]
    path.write_text("\n".join(lines), encoding="utf-8")
    keys = {line.partition(":")[0].strip() for line in lines if not line.startswith("#")}
    assert {"greetings", "fallbacks", "relationships", "emotions", "secrets", "rules"} <= keys
    assert [str(problem) for problem in check([path])] == []


def test_a_new_character_scene_and_prop_work_together(tmp_path: Path) -> None:
    scaffold("character", "Old Anna", tmp_path)
    scaffold("prop", "Music Box", tmp_path)
    scene = scaffold("scene", "Attic", tmp_path)
    text = scene.read_text(encoding="utf-8").replace("characters: []", "characters: [{id: old_anna}]")
    scene.write_text(text + "", encoding="utf-8")
    library = Library([tmp_path / "characters"], [tmp_path / "scenes"])
    assert library.problems == []
    assert library.world("attic").characters["old_anna"].name == "Old Anna"
    assert library.props["music_box"].name == "Music Box"


@pytest.mark.parametrize("name", ["Old Anna", 'Zoë "the Fox": #1 {x}', "a", "x" * 60])
def test_a_new_character_is_a_folder_with_cases_and_art(name: str, tmp_path: Path) -> None:
    path = scaffold("character", name, tmp_path)
    assert sorted(file.relative_to(path.parent).as_posix() for file in path.parent.rglob("*.*")) == [
        "art/avatar.json",
        "cases.yaml",
        "character.yaml",
    ]
    assert json.loads((path.parent / "art/avatar.json").read_text(encoding="utf-8"))["hair"]["style"]


@pytest.mark.parametrize("looks", SPECIES)
def test_what_it_is_to_look_like_is_drawn(looks: str, tmp_path: Path) -> None:
    names = ["Anna", "Bert", "Cora", "Dora"]
    paths = [scaffold("character", name, tmp_path, looks=looks, pronouns='"so" \\ {x}') for name in names]  # type: ignore[arg-type]
    drawn = [(path.parent / "art/avatar.json").read_text(encoding="utf-8") for path in paths]
    assert [misdrawn(text.encode()) for text in drawn] == [[]] * 4
    assert len(set(drawn)) == (4 if looks == "person" else 1), "no two people are alike"
    library = Library([tmp_path / "characters"], [])
    assert library.problems == []
    assert library.characters["anna"].pronouns == '"so" \\ {x}'


def test_cases_and_art_that_are_there_are_kept(tmp_path: Path) -> None:
    mine = write(tmp_path / "characters/anna/cases.yaml", "mine")
    scaffold("character", "Anna", tmp_path)
    assert mine.read_text(encoding="utf-8") == "mine"


def test_names_become_ids() -> None:
    assert slug_of("Old Zoë") == "old_zoe"
    assert slug_of("  The 3rd Man! ") == "the_3rd_man"
    for bad in ("", "!!!", "42", "美咲", "../../etc", "x" * 61, "a\nb"):
        if bad == "../../etc":
            assert slug_of(bad) == "etc"
            continue
        with pytest.raises(DefinitionError, match="begins with a letter"):
            slug_of(bad)


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    write(tmp_path / "characters", "a file where a folder should be")
    with pytest.raises(DefinitionError, match=r"can be written to|there already"):
        scaffold("character", "Anna", tmp_path)
