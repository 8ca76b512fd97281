"""One mistake is told once, at its own line, with what to do about it; nothing that is lost is lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from openroom.errors import DefinitionError
from openroom.library.library import Library
from openroom.settings import shipped
from tests.library.worlds import BELL, CHARACTER, LAMP, SCENE, make, write

CARD, HUT, LAMPS, BELLS = (
    "characters/ada/character.yaml",
    "scenes/hut/scene.yaml",
    "scenes/_props/lamp.yaml",
    "scenes/hut/props/bell.yaml",
)
TEXTS = {CARD: CHARACTER.format(id="ada", name="Ada"), HUT: SCENE, LAMPS: LAMP, BELLS: BELL}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path)


def problems(root: Path) -> list[DefinitionError]:
    return Library([root / "characters"], [root / "scenes"]).problems


def only(root: Path) -> DefinitionError:
    """The one problem."""
    found = problems(root)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def told(root: Path) -> str:
    """The one problem, as it is told, without where the test runs."""
    return str(only(root)).replace(f"{root}/", "")


@pytest.mark.parametrize("file", [CARD, LAMPS, BELLS])
@pytest.mark.parametrize("text", ["format: 1\nid: [\n", "format: 2\n", "zzz: 1\n", "- a\n", ""])
def test_who_names_what_is_broken_makes_no_mistake(root: Path, file: str, text: str) -> None:
    write(root / file, text)
    assert {problem.file.replace(f"{root}/", "") for problem in problems(root)} == {file}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("line: Lives here.", "line: Abbess: rules", "a colon and a blank"),
        ("greeting: Hello.", "greeting: *looks up* Hello.", "begins with *"),
        ("greeting: Hello.", "greeting: @all of you", "begins with @"),
        ("greeting: Hello.", "greeting: %hello", "begins with %"),
        ("greeting: Hello.", "greeting: `hello`", "begins with `"),
        ("greeting: Hello.", "greeting: !Hello there", "begins with !"),
        ("greeting: Hello.", "greeting: {{user}}, come in", "begins with {{"),
        ("greeting: Hello.", 'greeting: "Hello." she says.', "behind its closing quote"),
        ("greeting: Hello.", "greeting: 'It's late.'", "behind its closing quote"),
        ("greeting: Hello.", "greeting: [whispers] Hello.", "a bracket"),
        ("greeting: Hello.", "greetings:\n\t- Hello.", "not with tabs"),
    ],
)
def test_a_trap_of_yaml_is_told_with_its_cure(root: Path, old: str, new: str, words: str) -> None:
    write(root / CARD, TEXTS[CARD].replace(old, new))
    problem = only(root)
    assert words in str(problem)
    line = next(at for at, one in enumerate(TEXTS[CARD].split("\n"), 1) if one == old) + new.count("\n")
    assert problem.line == line


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("line: Room #1 on the left", "#1 on the left"),
        ("line: Wants #peace and quiet", "#peace and quiet"),
        ("line: &Sons of somebody", "&Sons"),
    ],
)
def test_a_text_that_lost_a_part_is_told(root: Path, line: str, lost: str) -> None:
    write(root / CARD, TEXTS[CARD].replace("line: Lives here.", line))
    problem = only(root)
    assert (problem.line, problem.came, problem.warning) == (5, repr(lost), True)


@pytest.mark.parametrize(
    "line", ["line: Here. # a comment", 'line: "Room #1"', "line: Room#1", "line: Here. #", "line: Here. ## 1"]
)
def test_a_comment_is_none(root: Path, line: str) -> None:
    write(root / CARD, TEXTS[CARD].replace("line: Lives here.", line))
    assert problems(root) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (CARD, "lamp.light", "lamp.lights", "7:NN"),
        (CARD, "lamp.light", "lamp", "<prop>.<verb> with a prop of its scenes (bell, lamp, player)"),
        (CARD, "lamp.light", "bell.rings", "a verb of bell (ring)"),
        (CARD, "lamp.light", "player.plays", "a verb of player"),
        (CARD, "lamp.light", "organ.play", "a prop of its scenes (bell, lamp, player)"),
        (CARD, "greeting:", "art: nowhere\ngreeting:", "characters/nowhere/art is not there"),
        (HUT, "line: Small.", "line: Small.\nbackdrop: nowhere", "scenes/nowhere/art is not there"),
        (CARD, "greeting:", "relationships: {nobody: {kind: a foe}}\ngreeting:", "'visitor' or a character (ada)"),
        (CARD, "greeting:", "secrets: [{id: a, text: b, after_stage: midnight}]\ngreeting:", "it is never told"),
        (CARD, "persona: Kind.", "persona: Hid it.\nsecrets: [{id: a, text: b, words: [hid it]}]", "'hid it', one of"),
        (CARD, "Hello.", "Hello. Dug deep.\nsecrets: [{id: a, text: b, words: [dug]}]", "gives no secret away"),
        (CARD, "say: Light.", "say: Delve.", ""),
        (CARD, "greeting: Hello.", "greeting: Hi.\nvoice: {banned: [hi]}", "'hi', which it never says"),
        (CARD, "say: Light.", "say: 'Oh, dear.'}\n  - {heard: x, say: Light.", ""),
        (CARD, "greeting: Hello.", "greeting: Ho.\nguards: {banned_words: [ho]}", "'ho', which it never says"),
        (CARD, "greeting: Hello.", "greeting: One day. It rains. It snows. It ends.", "at most 3 sentences"),
        (CARD, "say: Light.", "say: One day. It rains. It snows. It ends.", "at most 3 sentences"),
        (CARD, "greeting: Hello.", 'greeting: "Hello {{random}}."', "came {{random}}"),
        (HUT, "kind: bell", "kind: bells", "a kind of prop (bell, chess,"),
        (HUT, "id: ada,", "id: adda,", "a character (ada)"),
    ],
)  # fmt: skip
def test_what_a_definition_names_or_says_against_itself(
    root: Path, file: str, old: str, new: str, expected: str
) -> None:
    assert old in TEXTS[file]
    write(root / file, TEXTS[file].replace(old, new))
    if not expected:
        assert problems(root) == []
        return
    said = told(root)
    assert said.startswith(f"{file}:")
    assert expected.replace("7:NN", "a verb of lamp (dim, light)") in said


@pytest.mark.parametrize("do", ["lamp.light", "bell.ring", "player.play", "player.stop"])
def test_a_deed_that_is_there_is_fine(root: Path, do: str) -> None:
    write(root / CARD, TEXTS[CARD].replace("lamp.light", do))
    assert problems(root) == []


@pytest.mark.parametrize(
    ("before", "after", "meant"),
    [
        (CARD, "characters/ada/character.yml", CARD),
        (CARD, "characters/ada/Character.yaml", CARD),
        (CARD, "characters/ada/ada.yaml", CARD),
        (CARD, "characters/mine/ada/character.yaml", CARD),
        (CARD, "characters/ada.yaml", CARD),
        (HUT, "scenes/hut/scene.yml", HUT),
        (HUT, "scenes/hut.yaml", HUT),
        (LAMPS, "scenes/_props/lamp.yml", LAMPS),
        (BELLS, "scenes/hut/props/bell.YML", BELLS),
    ],
)
def test_a_file_that_nobody_reads_is_told(root: Path, before: str, after: str, meant: str) -> None:
    (root / after).parent.mkdir(parents=True, exist_ok=True)
    (root / before).rename(root / after)
    said = told(root)
    assert said.startswith(f"{after}: expected {meant}, came {Path(after).name}")


@pytest.mark.parametrize("beside", ["characters/ada/notes.yaml", "scenes/hut/old.yml", "scenes/_props/lamp.yml"])
def test_a_file_beside_the_right_one_is_a_warning(root: Path, beside: str) -> None:
    write(root / beside, "a: 1")
    problem = only(root)
    assert (problem.warning, problem.file.endswith(beside)) == (True, True)


def test_a_character_whose_file_is_renamed_goes_on_in_a_running_server(root: Path) -> None:
    library = Library([root / "characters"], [root / "scenes"])
    (root / CARD).rename(root / "characters/ada/character.yml")
    library.reload()
    assert set(library.characters) == {"ada"}
    assert set(library.scenes) == {"hut"}


def test_the_props_that_come_with_openroom_may_be_placed_from_any_folder(root: Path) -> None:
    names = sorted(path.stem for path in (shipped("scenes") / "_props").glob("*.yaml"))
    assert "samovar" in names
    lines = "".join(f"  - {{id: {name}_1, kind: {name}}}\n" for name in names)
    write(root / HUT, SCENE + lines)
    library = Library([root / "characters"], [root / "scenes"])
    assert library.problems == []
    assert {rules.kind for rules in library.world("hut").props.values()} >= set(names)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("pitch", "3", "2"),
        ("rate", "fast", "a number"),
        ("language", "Klingon, please", "a BCP 47 tag, such as en or pt-BR"),
        ("volume", "1", "language, pitch, rate, voices"),
    ],
)
def test_a_sound_that_does_not_fit_is_told_at_its_place(root: Path, key: str, value: str, expected: str) -> None:
    write(root / CARD, TEXTS[CARD] + f"voice:\n  sound:\n    {key}: {value!r}\n".replace("'3'", "3"))
    problem = only(root)
    assert problem.line == TEXTS[CARD].count("\n") + 3
    assert f"voice.sound.{key}" in str(problem)
    assert expected in str(problem)
