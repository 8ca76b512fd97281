"""lore.yaml beside a character or a scene: read, checked with lines, kept where it is broken, pinned by a log."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from openroom.library.check import check
from openroom.library.library import Library
from openroom.library.lore_check import pattern_problems
from openroom.patterns.javascript import JavaScriptPatterns
from tests.room.conftest import HOUSE

GOOD = """format: 1
entries:
  - id: lamp
    keys: [lamp]
    text: The lamp was bought in Odessa.
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(HOUSE, tmp_path / "house")
    return tmp_path / "house"


def _library(house: Path) -> Library:
    return Library([house / "characters"], [house / "scenes"])


def _vera(house: Path) -> Path:
    return house / "characters" / "vera" / "lore.yaml"


def _told(problems: list) -> list[str]:
    return [f"{one.line}:{one.column} {one.key}: expected {one.expected}, came {one.came}" for one in problems]


def test_a_book_is_part_of_its_character_and_scene(house: Path) -> None:
    _vera(house).write_text(GOOD, encoding="utf-8")
    (house / "scenes" / "parlour" / "lore.yaml").write_text(GOOD.replace("Odessa", "Kiev"), encoding="utf-8")
    library = _library(house)
    assert library.problems == []
    world = library.world("parlour")
    assert world.characters["vera"].lore.entries[0].text == "The lamp was bought in Odessa."
    assert world.scene.lore.entries[0].text == "The lamp was bought in Kiev."
    assert world.characters["otto"].lore is None


def test_one_that_lies_in_another_folder_is_given_to_a_character_and_a_scene(house: Path, tmp_path: Path) -> None:
    author = tmp_path / "author"
    for place in ("characters/vera", "scenes/parlour"):
        (author / place).mkdir(parents=True)
        (author / place / "lore.yaml").write_text(GOOD, encoding="utf-8")
    library = Library([house / "characters", author / "characters"], [house / "scenes", author / "scenes"])
    assert library.problems == []
    assert library.characters["vera"].lore == library.scenes["parlour"].lore is not None
    assert library.lore_file("character", "vera") == author / "characters/vera/lore.yaml"
    _vera(house).write_text(GOOD.replace("Odessa", "Kiev"), encoding="utf-8")
    library.reload()
    assert library.characters["vera"].lore.entries[0].text.endswith("Kiev."), "the one beside it counts"
    assert library.lore_file("character", "otto") is None is library.lore_file("scene", "nowhere")


@pytest.mark.parametrize(
    "when", ["[{not_any: [lamp]}]", "[{any: [oil]}, {not_any: [oil, wick]}]", "[{all: [oil, b], not_any: [b]}]"]
)
def test_conditions_that_forbid_what_they_ask_for_are_told(when: str, house: Path) -> None:
    _vera(house).write_text(GOOD + f"    when: {when}\n", encoding="utf-8")
    (problem,) = _library(house).problems
    assert problem.warning and "conditions that can hold" in str(problem)
    _vera(house).write_text(GOOD + "    when: [{not_any: [oil]}]\n", encoding="utf-8")
    assert _library(house).problems == []


def test_a_log_pins_it(house: Path) -> None:
    _vera(house).write_text(GOOD, encoding="utf-8")
    library = _library(house)
    definitions = library.definitions("parlour")
    assert definitions["characters"]["vera"]["lore"]["entries"] == [
        {"id": "lamp", "keys": ["lamp"], "text": "The lamp was bought in Odessa."}
    ]
    assert "lore" not in definitions["characters"]["otto"]
    assert library.world_from(definitions).characters["vera"].lore == library.characters["vera"].lore


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("    stiky: 3", "6:5 entries[0].stiky: expected one of the keys"),
        ("    probability: 3", "6:18 entries[0].probability: expected less than or equal to 1, came 3"),
        ("    turns: [swipe]", "6:13 entries[0].turns[0]: expected 'said'"),
        ("    when: [{}]", "6:12 entries[0].when[0]: expected keys under any"),
        ("  - {id: lamp, text: again}", "6:10 entries[1].id: expected an id that no other entry has, came 'lamp'"),
    ],
)
def test_mistakes_are_told_with_their_place(house: Path, line: str, told: str) -> None:
    _vera(house).write_text(f"{GOOD}{line}\n", encoding="utf-8")
    for path in (_vera(house), _vera(house).parent, house, _vera(house).with_name("character.yaml")):
        problems = [one for one in check([path]) if not one.warning]
        assert len(problems) == 1
        assert _told(problems)[0].startswith(told)
        assert problems[0].file.endswith("vera/lore.yaml")


def test_mistakes_of_a_scenes_book_are_told_with_the_scene(house: Path) -> None:
    path = house / "scenes" / "parlour" / "lore.yaml"
    path.write_text(f"{GOOD}    colour: red\n", encoding="utf-8")
    for asked in (path.with_name("scene.yaml"), path.parent):
        assert [one.file.endswith("parlour/lore.yaml") for one in check([asked])] == [True]


def test_who_is_named_and_is_nowhere_is_told(house: Path) -> None:
    _vera(house).write_text(f"{GOOD}    to: [anyone, nadja]\n    characters: [anyone]\n", encoding="utf-8")
    problems = _library(house).problems
    assert [(one.key, one.warning) for one in problems] == [
        ("entries[0].to[1]", True),
        ("entries[0].characters[0]", True),
    ]


def test_an_entry_that_nothing_wakes_is_told(house: Path) -> None:
    _vera(house).write_text("format: 1\nentries:\n  - {id: lamp, text: It is old.}\n", encoding="utf-8")
    assert _told(_library(house).problems) == ["3:5 entries[0]: expected keys, or constant: true, came neither"]


def test_lore_does_not_stand_in_the_card(house: Path) -> None:
    card = house / "characters" / "vera" / "character.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "lore: {format: 1}\n", encoding="utf-8")
    problem = _library(house).problems[0]
    assert (problem.key, problem.expected) == ("lore", "lore in a file of its own, lore.yaml")


def test_a_broken_edit_keeps_what_was_good_last(house: Path, tmp_path: Path) -> None:
    _vera(house).write_text(GOOD, encoding="utf-8")
    library = _library(house)
    library.keep(tmp_path / "good")
    _vera(house).write_text("format: 1\nentries: 3\n", encoding="utf-8")
    changes = library.reload()
    assert (changes.characters, changes.problems) == (frozenset(), True)
    assert library.characters["vera"].lore.entries[0].id == "lamp"
    after_a_restart = _library(house)
    after_a_restart.keep(tmp_path / "good")
    assert after_a_restart.characters["vera"].lore.entries[0].id == "lamp"


def test_an_edit_is_a_change_of_its_character_and_seen(house: Path) -> None:
    library = _library(house)
    before = library._folders.stamps()
    _vera(house).write_text(GOOD, encoding="utf-8")
    assert library._folders.stamps() != before
    assert library.reload().characters == {"vera"}
    _vera(house).unlink()
    assert library.reload().characters == {"vera"}
    assert library.characters["vera"].lore is None


BROKEN = """format: 1
entries:
  - id: lamp
    keys:
      - lamp
      - "/lam(p/i"
      - /lamp/I
      - a/path/word
      - /roof|/attic/up
    text: Lit.
  - {id: reef, text: Seven., keys: [reef], when: [{any: [ship, "/[z-a]/"]}]}
"""


@pytest.fixture
async def patterns() -> AsyncIterator[JavaScriptPatterns]:
    engine = JavaScriptPatterns()
    yield engine
    await engine.close()


async def test_keys_that_are_no_regular_expressions_are_told_with_their_lines(
    house: Path, patterns: JavaScriptPatterns
) -> None:
    _vera(house).write_text(BROKEN, encoding="utf-8")
    folder = _vera(house).parent
    for path in (folder / "lore.yaml", folder / "character.yaml", folder, house, house / "characters"):
        problems = await pattern_problems([path], patterns)
        assert [(one.line, one.key) for one in problems] == [
            (6, "entries[0].keys[1]"),
            (7, "entries[0].keys[2]"),
            (11, "entries[1].when[0].any[1]"),
        ]
        assert all(one.warning and one.file.endswith("lore.yaml") for one in problems)
    first, flags, ranged = (one.came for one in problems)
    assert "'/lam(p/i'" in first and "Unbalanced parenthesis" in first
    assert "'I' are no flags" in flags and "Range values reversed" in ranged
    _vera(house).write_text(GOOD, encoding="utf-8")
    assert await pattern_problems([house], patterns) == []


async def test_without_patterns_no_engine_is_started(house: Path, patterns: JavaScriptPatterns) -> None:
    _vera(house).write_text(GOOD, encoding="utf-8")
    assert await pattern_problems([house], patterns) == []
    assert patterns.starts == 0
