"""The commands without a running server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openroom.cli.main import app
from openroom.evals.caseset import load_cases
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.settings import shipped

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENROOM_DATA", str(tmp_path / "data"))


def run(*arguments: str, code: int = 0) -> str:
    result = RUN.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_check_of_the_shipped_definitions() -> None:
    assert "All is well" in run("check")


def test_what_new_writes_passes_check_and_is_not_overwritten() -> None:
    for what in ("character", "scene", "prop"):
        path = run("new", what, "Old Zoe").splitlines()[0]
        assert "All is well" in run("check", path)
        assert "a file that is there already" in run("new", what, "Old Zoe", code=1)


def test_check_names_file_line_and_key(tmp_path: Path) -> None:
    run("new", "character", "Zoe")
    file = tmp_path / "characters" / "zoe" / "character.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("line:", "lnie:"), encoding="utf-8")
    out = run("check", str(file), code=1)
    assert "character.yaml:6:1: lnie" in out
    problems = json.loads(run("check", str(file), "--json", code=1))
    assert [(problem["key"], problem["level"]) for problem in problems] == [("lnie", "error")]


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    run("new", "character", "Zoe")
    file = tmp_path / "characters" / "zoe" / "character.yaml"
    text = file.read_text(encoding="utf-8").replace("greeting: Hello. Come in.", "greeting: One. Two. Three. Four.")
    file.write_text(text, encoding="utf-8")
    out = run("check", str(file))
    assert "greeting: warning: expected at most 3 sentences" in out
    assert "All is well. Warnings: 1." in out
    (problem,) = json.loads(run("check", str(file), "--json"))
    assert problem["level"] == "warning"


def test_a_definition_that_nobody_reads_is_named(tmp_path: Path) -> None:
    file = Path(run("new", "character", "Zoe").splitlines()[0])
    file.rename(file.with_suffix(".yml"))
    for path in ("characters/zoe", "characters/zoe/character.yml", "characters", "."):
        assert "character.yml" in run("check", path, code=1), path


def test_a_scene_whose_prop_is_of_no_kind_is_told_with_its_place(tmp_path: Path) -> None:
    run("new", "character", "Zoe")
    file = Path(run("new", "scene", "Attic").splitlines()[0])
    file.write_text(file.read_text(encoding="utf-8").replace("kind: record_player", "kind: samovarr"), encoding="utf-8")
    for path in (".", "scenes", "scenes/attic", str(file)):
        out = run("check", path, code=1)
        assert f"{file}:13:31: props[0].kind" in out, path
        assert "samovar, stove" in out
        assert "'samovarr'" in out
        assert "came none that can be opened" not in out
    file.write_text(file.read_text(encoding="utf-8").replace("samovarr", "samovar"), encoding="utf-8")
    assert "All is well" in run("check", ".")


def test_new_asks_for_pronouns_and_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("new", "character", "Mauzi", "--pronouns", "it/its", "--looks", "cat")
    folder = tmp_path / "characters"
    assert '"cat"' in (folder / "mauzi/art/avatar.json").read_text(encoding="utf-8")
    assert 'pronouns: "it/its"' in (folder / "mauzi/character.yaml").read_text(encoding="utf-8")
    assert "'dog'" in run("new", "character", "Rex", "--looks", "dog", code=1)
    assert not (folder / "rex").exists()
    monkeypatch.setattr("openroom.cli.new._somebody_is_there", lambda: True)
    result = RUN.invoke(app, ["new", "character", "Hal"], input="they/them\ndog\nvoice\n")
    assert result.exit_code == 0
    assert "looks to be one of" in result.output, "and is asked again"
    assert "Pronouns" in result.output
    assert "lamp, voice" in result.output
    assert '"voice"' in (folder / "hal/art/avatar.json").read_text(encoding="utf-8")
    assert "they/them" in (folder / "hal/character.yaml").read_text(encoding="utf-8")
    assert "All is well" in run("check")


def test_a_new_character_comes_with_cases_and_art_and_all_of_it_is_checked(tmp_path: Path) -> None:
    told = run("new", "character", "Zoe")
    folder = tmp_path / "characters" / "zoe"
    for file in ("character.yaml", "cases.yaml", "art/avatar.json"):
        assert (folder / file).is_file()
        assert str(Path("characters/zoe") / file) in told
    for path in (folder, folder / "cases.yaml", tmp_path, folder.parent):
        assert "All is well" in run("check", str(path))
    cases = load_cases(Library([folder.parent, shipped("characters")], [shipped("scenes")]), "zoe")
    assert cases.problems == ()
    assert {"zoe_name", "zoe_no_assistant"} <= set(cases.cases)
    text = (folder / "cases.yaml").read_text(encoding="utf-8")
    (folder / "cases.yaml").write_text(text.replace("check: says,", "check: sasy,"), encoding="utf-8")
    for path in (folder, folder / "cases.yaml", folder / "character.yaml", tmp_path):
        out = run("check", str(path), code=1)
        assert "cases.yaml:12:17: cases[0].checks[0].check" in out
        assert "sasy" in out


def test_tokens(tmp_path: Path) -> None:
    made = json.loads(run("token", "new", "--role", "operator", "--note", "Bea", "--uses", "1", "--json"))
    assert made["url"].startswith("http://127.0.0.1:8200/invite/")
    assert "\ntoken " not in run("token", "new", "--uses", "2"), "what can be used twice is no bearer token"
    assert "\ntoken " in run("token", "new")
    listed = json.loads(run("token", "list", "--json"))
    assert [token["note"] for token in listed].count("Bea") == 1
    run("token", "revoke", made["id"])
    assert "revoked" in run("token", "list")
    assert "There is no token" in run("token", "revoke", "nope", code=1)
    assert "expected one of" in run("token", "new", "--role", "king", code=2)


def test_models(tmp_path: Path) -> None:
    listed = json.loads(run("model", "list", "--json"))
    assert {model["installed"] for model in listed} == {False}
    assert listed[0]["name"] in run("model", "list")
    assert "openroom model install" in run("model", "path", listed[0]["name"], code=1)
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF")
    assert run("model", "path", str(own)).strip() == str(own)
    assert run("model", "install", str(own)).strip().endswith("own.gguf")


def test_rooms_of_a_stopped_server() -> None:
    assert "tea_room" in run("room", "list")
    assert "There is no room 'cellar'" in run("room", "export", "cellar", code=1)
    broken = Path("broken.json")
    for text, told in (
        ("{", "expected a room's full export"),
        ('{"full": false}', "came one person's view"),
        ("{}", "format"),
        (_log([{"kind": "said", "seq": 1, "at": 0, "actor": "a", "text": "x"}]), "the event `opened` first"),
    ):
        broken.write_text(text, encoding="utf-8")
        assert told in run("room", "import", str(broken), code=1)
    assert "up to date" in run("db", "upgrade")


def test_a_room_moves_as_a_file_and_replays_to_the_same_state(tmp_path: Path) -> None:
    asyncio.run(_an_evening(tmp_path / "data"))
    run("room", "export", "tea_room", "--out", "room.json")
    assert "is there already" in run("room", "export", "tea_room", "--out", "room.json", code=1)
    told = run("room", "replay", "room.json")
    assert "Ann: The lamp, please." in told
    state = told.rsplit("state ", 1)[1].strip()
    assert run("room", "replay", "tea_room").rsplit("state ", 1)[1].strip() == state
    copy = run("room", "import", "room.json").strip()
    assert copy.startswith("tea_room-")
    assert run("room", "replay", copy).rsplit("state ", 1)[1].strip() == state
    elsewhere = str(tmp_path / "elsewhere")
    assert run("room", "import", "room.json", "--data", elsewhere).strip() == "tea_room"
    run("room", "export", "tea_room", "--data", elsewhere, "--out", "again.json")
    first, again = (json.loads(Path(name).read_text(encoding="utf-8")) for name in ("room.json", "again.json"))
    assert again["events"] == first["events"]


async def _an_evening(data: Path) -> None:
    """Somebody talks, whispers, and lights the lamp; then the server stops."""
    settings = LobbySettings(watch=False, data=data)
    store = f"sqlite+aiosqlite:///{data / 'openroom.db'}"
    lobby = Lobby(characters=shipped("characters"), scenes=shipped("scenes"), store=store, settings=settings)
    async with lobby:
        room = await lobby.open("tea_room")
        async with room.join("Ann", person="ann") as ann:
            await ann.say("The lamp, please.")
            await ann.say("Between us.", to=["character:mira"])
            await lobby.directors["tea_room"].settled()
            await ann.act(next(option for option in room.options(ann.actor) if option.prop == "lamp").action())


def _log(events: list[dict[str, object]]) -> str:
    return json.dumps({"format": 1, "full": True, "room": "r", "scene": "s", "seq": len(events), "events": events})


def test_help_names_every_command() -> None:
    out = run("--help")
    for command in ("serve", "check", "new", "model", "room", "token", "db"):
        assert command in out


BELL = """\
from openroom import Prop


class Bell(Prop):
    kind, name, line = "bell", "Bell", "A bell."
"""
TOWER = "format: 1\nid: tower\ntitle: Tower\nline: A tower.\ndescription: A tower.\nprops: [{id: bell, kind: bell}]\n"


def test_check_is_told_of_props_that_a_game_passes_in(tmp_path: Path) -> None:
    scene = tmp_path / "scenes" / "tower" / "scene.yaml"
    scene.parent.mkdir(parents=True)
    scene.write_text(TOWER, encoding="utf-8")
    (tmp_path / "own_bell.py").write_text(BELL, encoding="utf-8")
    assert "came 'bell'" in run("check", "scenes", code=1)
    for arguments in (("scenes",), (str(scene),), ()):
        assert "All is well" in run("check", *arguments, "--prop", "own_bell:Bell")
    for name in ("own_bell:Gong", "no_such_module:Bell", "own_bell", "json:loads"):
        result = RUN.invoke(app, ["check", "--prop", name])
        assert result.exit_code != 0
        assert name in result.output


def test_prompt_shows_what_a_model_is_told_and_what_was_made(tmp_path: Path) -> None:
    assert "[system] You are Mira." in run("prompt", "mira")
    assert "Made for you" not in run("prompt", "mira")
    folder = tmp_path / "characters" / "bo"
    folder.mkdir(parents=True)
    (folder / "character.yaml").write_text(
        "format: 1\nid: bo\nname: Bo\nline: A ferryman.\ngreeting: Come in.\n"
        "persona: You are a ferryman. You live in the mill. You call visitors captain.\n",
        encoding="utf-8",
    )
    shown = run("prompt", "bo", "--local")
    assert '{"say": "I live in the mill, captain."' in shown
    assert "Made for you" in shown
    assert "voice.address: captain  <- You call visitors captain." in shown
    assert {item["key"] for item in json.loads(run("prompt", "bo", "--json"))["made"]} >= {"voice.address"}
    assert "expected a character of" in run("prompt", "nobody", code=1)
