"""The library: what is there, what is wrong, pinning, and living with edits."""

from __future__ import annotations

import asyncio
import json
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from pydantic import ValidationError

from openroom.core.apply import apply
from openroom.core.prop import Prop
from openroom.core.setup import opening
from openroom.core.state import State, problems
from openroom.errors import DefinitionError, RoomNotFound
from openroom.library.document import Document, parse_document
from openroom.library.library import Changes, Library
from openroom.props.declared.prop import YamlProp
from openroom.props.shipped import PROPS
from openroom.settings import shipped
from tests.library.worlds import BELL, CHARACTER, LAMP, SCENE, make, write
from tests.waiting import patience, rung


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path)


def read(root: Path) -> Library:
    return Library([root / "characters"], [root / "scenes"])


def only(library: Library) -> DefinitionError:
    assert len(library.problems) == 1, [str(problem) for problem in library.problems]
    return library.problems[0]


def test_everything_is_there_by_id(root: Path) -> None:
    library = read(root)
    assert library.problems == []
    assert set(library.characters) == {"ada"}
    assert set(library.scenes) == {"hut"}
    shipped_kinds = {path.stem for path in (shipped("scenes") / "_props").glob("*.yaml")}
    assert set(library.props) == {"lamp", *PROPS, *shipped_kinds}
    assert set(library.kinds("hut")) == {"lamp", "bell", *PROPS, *shipped_kinds}
    assert library.kinds("hut")["lamp"].line == "A lamp.", "an author's own goes first"
    assert library.folder("ada") == root / "characters/ada"
    assert library.folder("nobody") is None


def test_a_world_is_what_a_room_starts_from(root: Path) -> None:
    library = read(root)
    world = library.world("hut")
    state = apply(State(), opening(world, library.definitions("hut"), 0))
    assert problems(state, world) == []
    assert state.props["lamp"]["state"] == {"lit": True}
    assert set(state.props) == {"lamp", "bell", "player"}
    with pytest.raises(RoomNotFound, match="hut"):
        library.world("palace")


def test_pinned_definitions_make_the_same_world_whatever_the_files_say(root: Path) -> None:
    library = read(root)
    world = library.world("hut")
    pinned = json.loads(json.dumps(library.definitions("hut"), allow_nan=False))
    assert pinned["props"]["record_player"] == {"python": "record_player"}
    write(root / "scenes/_props/lamp.yaml", LAMP.replace("A lamp.", "Changed."))
    library.reload()
    again = library.world_from(pinned)
    assert (again.scene, dict(again.characters)) == (world.scene, dict(world.characters))
    for prop_id, rules in world.props.items():
        other = again.props[prop_id]
        assert type(other) is type(rules)
        if isinstance(rules, YamlProp) and isinstance(other, YamlProp):
            assert other.spec == rules.spec


def test_pins_that_cannot_be_met_are_told(root: Path) -> None:
    library = read(root)
    pinned = library.definitions("hut")
    gone = {**pinned, "props": {**pinned["props"], "record_player": {"python": "gone"}}}
    with pytest.raises(DefinitionError, match="to be installed"):
        library.world_from(gone)
    with pytest.raises(DefinitionError, match="ada"):
        library.world_from({**pinned, "characters": {}})
    with pytest.raises(DefinitionError, match="bell"):
        library.world_from({**pinned, "props": {k: v for k, v in pinned["props"].items() if k != "bell"}})
    with pytest.raises(DefinitionError, match=r"scene\.format"):
        library.world_from({**pinned, "scene": {**pinned["scene"], "format": 9}})


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("{id: ada,", "{id: eve,", "characters[0].id", "ada"),
        ("kind: bell", "kind: gong", "props[1].kind", "bell"),
        ("lit: true", "lit: 5", "props[0].state.lit", "5"),
        ("id: hut", "id: shed", "id", "'hut'"),
        ("kind: record_player", "kind: record_player, state: {volume: 99}", "props[2].state.volume", "10"),
    ],
)
def test_what_a_scene_names_must_be_there(root: Path, old: str, new: str, key: str, words: str) -> None:
    write(root / "scenes/hut/scene.yaml", SCENE.replace(old, new))
    library = read(root)
    problem = only(library)
    assert (problem.key, problem.file.endswith("scene.yaml")) == (key, True)
    assert problem.line == 1 + SCENE[: SCENE.index(old)].count("\n")
    assert words in str(problem)
    assert library.scenes == {}


def test_an_examples_deed_must_be_in_its_scenes(root: Path) -> None:
    text = CHARACTER.format(id="ada", name="Ada").replace("lamp.light", "organ.play")
    write(root / "characters/ada/character.yaml", text)
    problem = only(read(root))
    assert problem.key == "examples[0].do"
    assert "bell, lamp, player" in str(problem)


def test_a_broken_edit_keeps_the_last_good_version_and_is_told(root: Path) -> None:
    library = read(root)
    path = write(root / "characters/ada/character.yaml", "format: 1\nid: ada\nname: [\n")
    changes = library.reload()
    assert changes == Changes(problems=True)
    assert library.characters["ada"].name == "Ada"
    assert only(library).line == 4
    assert library.world("hut").characters["ada"].name == "Ada"
    path.write_text(CHARACTER.format(id="ada", name="Adele"), encoding="utf-8")
    changes = library.reload()
    assert changes == Changes(characters=frozenset({"ada"}), problems=True)
    assert library.characters["ada"].name == "Adele"
    assert library.problems == []
    assert not library.reload()


def test_a_scene_keeps_its_last_good_version_too(root: Path) -> None:
    library = read(root)
    write(root / "scenes/hut/scene.yaml", SCENE.replace("kind: bell", "kind: gong"))
    library.reload()
    assert only(library).key == "props[1].kind"
    assert library.world("hut").props["bell"].kind == "bell"


def test_a_prop_with_errors_keeps_its_last_good_version(root: Path) -> None:
    library = read(root)
    before = library.props["lamp"]
    write(root / "scenes/_props/lamp.yaml", LAMP.replace("set: {lit: true}", "set: {lid: true}"))
    library.reload()
    assert only(library).key == "verbs.light.set.lid"
    assert library.props["lamp"] is before


def test_changes_name_what_changed(root: Path) -> None:
    library = read(root)
    write(root / "scenes/_props/lamp.yaml", LAMP.replace("A lamp.", "A bright lamp."))
    write(root / "scenes/hut/scene.yaml", SCENE.replace("A Hut", "A Big Hut"))
    assert library.reload() == Changes(scenes=frozenset({"hut"}), props=frozenset({"lamp"}))
    write(root / "scenes/barn/scene.yaml", SCENE.replace("id: hut", "id: barn").replace("- {id: bell, kind: bell}", ""))
    assert library.reload() == Changes(scenes=frozenset({"barn"}))
    (root / "scenes/barn/scene.yaml").unlink()
    assert library.reload() == Changes(scenes=frozenset({"barn"}))


def test_a_deleted_character_takes_its_scene_along(root: Path) -> None:
    library = read(root)
    (root / "characters/ada/character.yaml").unlink()
    changes = library.reload()
    assert (changes.characters, changes.scenes) == ({"ada"}, {"hut"})
    assert only(library).key == "characters[0].id"


def test_author_files_are_only_read(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    library = read(root)
    library.reload()
    library.definitions("hut")
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_the_first_folder_that_has_an_id_wins(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    mine = tmp_path_factory.mktemp("mine")
    write(mine / "ada/character.yaml", CHARACTER.format(id="ada", name="My Ada"))
    library = Library([mine, root / "characters"], [root / "scenes"])
    assert library.characters["ada"].name == "My Ada"
    assert library.folder("ada") == mine / "ada"


def test_a_scenes_own_prop_goes_before_the_shared_one(root: Path) -> None:
    write(root / "scenes/hut/props/lamp.yaml", LAMP.replace("A lamp.", "Its own lamp."))
    library = read(root)
    assert library.world("hut").props["lamp"].line == "Its own lamp."
    assert library.props["lamp"].line == "A lamp."


def test_built_in_kinds_cannot_be_replaced(root: Path) -> None:
    write(root / "scenes/_props/chess.yaml", BELL.replace("kind: bell", "kind: chess"))
    library = read(root)
    assert "built-in" in str(only(library))
    assert not isinstance(library.props["chess"], YamlProp)


def test_folders_that_are_not_there_and_hidden_files(root: Path) -> None:
    write(root / "scenes/_props/.#lamp.yaml", "garbage: [")
    write(root / "characters/.trash/character.yaml", "garbage: [")
    assert read(root).problems == []
    problem = only(Library([root / "characters", root / "nowhere"], [root / "scenes"]))
    assert problem.file.endswith("nowhere")


def test_an_unchanged_file_is_parsed_once_and_libraries_share_nothing_that_changes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def noted(data: bytes, shown: str) -> Document:
        parsed.append(Path(shown).name)
        return parse_document(data, shown)

    monkeypatch.setattr("openroom.library.files.parse_document", noted)
    one, two = read(root), read(root)
    assert sorted(parsed) == ["bell.yaml", "character.yaml", "lamp.yaml", "scene.yaml"]
    assert one.props["lamp"] is not two.props["lamp"]
    write(root / "characters/ada/character.yaml", CHARACTER.format(id="ada", name="Adele"))
    assert two.reload() == Changes(characters=frozenset({"ada"}))
    assert parsed[4:] == ["character.yaml"]
    assert (one.characters["ada"].name, two.characters["ada"].name, read(root).characters["ada"].name) == (
        "Ada",
        "Adele",
        "Adele",
    )
    with pytest.raises(ValidationError, match="frozen"):
        two.characters["ada"].name = "Eve"  # type: ignore[misc]


async def test_watching_tells_what_changed(root: Path) -> None:
    library = read(root)
    told: asyncio.Queue[Changes] = asyncio.Queue()
    async with patience():
        watching = asyncio.create_task(library.watch(told.put, every=0.02))
        try:
            await rung(0.1)
            assert told.empty()
            new = root / "characters/ada/character.new"
            write(new, CHARACTER.format(id="ada", name="Adelaide"))
            new.replace(new.with_suffix(".yaml"))  # whole at once, whenever it is looked at
            assert (await told.get()).characters == {"ada"}
            assert library.characters["ada"].name == "Adelaide"
        finally:
            watching.cancel()


class Gong(Prop):
    """What a plugin may bring."""

    kind, name, line = "gong", "Gong", "A gong."


class Raising(Prop):
    """A plugin that breaks when it is made."""

    kind = "raising"

    def __init__(self) -> None:
        raise RuntimeError("no gong today")


class Usurper(Prop):
    """A plugin that wants a built-in kind."""

    kind = "chess"


def test_plugins_bring_props_and_broken_ones_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = "openroom.plugins"
    points = [
        EntryPoint("gong", f"{__name__}:Gong", group),
        EntryPoint("broken", f"{__name__}:Raising", group),
        EntryPoint("taken", f"{__name__}:Usurper", group),
        EntryPoint("missing", "no_such_module_at_all:Thing", group),
        EntryPoint("other", "json:dumps", group),
    ]
    monkeypatch.setitem(__import__("sys").modules, __name__, __import__("types").SimpleNamespace(**globals()))
    monkeypatch.setattr("openroom.library.plugins.entry_points", lambda group: EntryPoints(points))
    write(root / "scenes/hut/scene.yaml", SCENE.replace("kind: bell", "kind: gong"))
    library = read(root)
    assert library.world("hut").props["bell"].kind == "gong"
    assert [problem.file for problem in library.problems] == ["plugin broken", "plugin missing", "plugin taken"]
    assert "no gong today" in str(library.problems[0])


def test_a_prop_says_whose_view_shows_it_and_no_log_pins_that(root: Path) -> None:
    before = read(root).definitions("hut")
    write(root / "scenes/_props/lamp.yaml", LAMP.replace("line: A lamp.", "line: A lamp.\nshown_as: diary"))
    library = read(root)
    assert library.problems == []
    assert library.definitions("hut") == before
    assert library.world_from(before).props["lamp"].manifest()["shown_as"] == "diary"
    write(root / "scenes/_props/lamp.yaml", LAMP.replace("line: A lamp.", "line: A lamp.\nshown_as: dairy"))
    problem = only(read(root))
    assert (problem.line, problem.key) == (5, "shown_as")
    assert "diary" in problem.expected


def test_a_prop_in_python_has_the_folder_of_its_module(root: Path) -> None:
    library = read(root)
    folder = library.prop_folder("diary")
    assert folder is not None
    assert (folder / "rules.py").is_file()
    assert library.prop_folder("lamp") is None


def test_an_embedding_application_brings_its_own_props(root: Path) -> None:
    write(root / "scenes/hut/scene.yaml", SCENE.replace("kind: bell", "kind: gong"))
    library = Library([root / "characters"], [root / "scenes"], props=[Gong])
    assert library.problems == []
    again = library.world_from(library.definitions("hut"))
    assert isinstance(again.props["bell"], Gong)
    with pytest.raises(DefinitionError, match="not taken"):
        Library([root / "characters"], [root / "scenes"], props=[Usurper])


def test_a_scene_is_broken_by_its_own_files_and_by_no_warning(root: Path) -> None:
    write(root / "characters/mill/character.yaml", "name: [")
    write(
        root / "scenes/mill/scene.yaml",
        SCENE.replace("id: hut", "id: mill").replace("  - {id: bell, kind: bell}\n", ""),
    )
    library = read(root)
    assert library.problems and not library.is_broken("mill")
    write(root / "scenes/mill/scene.yaml", "title: [")
    library.reload()
    assert library.is_broken("mill") and not library.is_broken("hut")
    (root / "scenes/mill/scene.yaml").unlink()
    library.reload()
    assert library.problems and not library.is_broken("mill"), "there is no file"
