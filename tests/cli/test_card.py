from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openroom.cards.released import Released
from openroom.cli.main import app
from openroom.cli.tuning import Speaking
from openroom.core.harness import Rule
from openroom.library.library import Library
from openroom.lobby.card_export import export_card
from openroom.models.scripted import ScriptedModel
from openroom.settings import Settings, shipped
from tests.cards import corpus

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENROOM_DATA", str(tmp_path / "data"))


def run(*arguments: str, code: int = 0) -> str:
    result = RUN.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_a_card_is_shown_brought_in_checked_and_taken_out(tmp_path: Path) -> None:
    data = corpus.GOOD["both"][0]
    (tmp_path / "card.bin").write_bytes(data)
    shown = run("card", "show", "card.bin")
    assert "Runa" in shown and "stands behind the pixels" in shown
    body = json.loads(run("card", "show", "card.bin", "--json"))
    assert (body["kind"], body["format"], body["spec"], body["lore"]) == ("card", "png", 3, 2)
    told = run("card", "import", "card.bin")
    folder = tmp_path / "data_author/characters/ru"
    assert str(folder) in told and "converted" in told and "entries, in the original" in told
    assert told.rstrip().endswith("press Talk beside its name.")
    assert "'Runa', which none has (did you mean 'ru'?)" in run("card", "draft", "Runa", code=1)
    (tmp_path / "world.json").write_bytes(corpus.dumped(corpus.WORLD))
    told = run("card", "import", "world.json", "--to", "character:mir", code=1)
    assert "expected the id of a character, came 'mir', which none has (did you mean 'mira'?)" in told
    assert "All is well" in run("check", str(folder))
    assert "All is well" in run("check"), "the author folder is read like the others"
    assert "kept" in run("card", "export", "ru", "--out", "again.png")
    assert (tmp_path / "again.png").read_bytes() == data
    assert "expected a new file" in run("card", "export", "ru", "--out", "again.png", code=1)
    run("card", "export", "ru", "--format", "charx", "--spec", "2", "--out", "ru.charx")
    assert json.loads(run("card", "show", "ru.charx", "--json"))["spec"] == 2


def test_a_card_brings_its_version_and_takes_it_out_again(tmp_path: Path) -> None:
    library = Library([shipped("characters")], [shipped("scenes")])
    author = library.characters["mira"].harness()
    version = author.model_copy(update={"rules": (*author.rules, Rule(id="short", text="One thing at a time."))})
    (tmp_path / "tuned.png").write_bytes(export_card(library, "mira", "png", 3, Released(version)).data)
    told = run("card", "import", "tuned.png")
    assert f"Version {version.digest[:12]} came along and is in force" in told
    told = run("card", "export", "mira_2", "--out", "again.png")
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "tuned.png").read_bytes()
    run("card", "export", "mira_2", "--out", "other.json", "--format", "json")
    prompt = json.loads((tmp_path / "other.json").read_bytes())["data"]["system_prompt"]
    assert prompt.endswith("One thing at a time.")


def test_a_lorebook_is_shown_and_is_no_character(tmp_path: Path) -> None:
    (tmp_path / "world").write_bytes(corpus.dumped(corpus.WORLD))
    assert "lorebook" in run("card", "show", "world")
    told = " ".join(run("card", "import", "world", code=1).split())
    assert "a lorebook by itself" in told and "--to" in told
    example = re.search(r"openroom (card import world --to character:[a-z]+)", told)
    assert example and "2 entries are in lore.yaml" in run(*example[1].split()), "the example works as it stands"


def test_a_card_that_came_before_is_named_and_comes_again_when_asked(tmp_path: Path) -> None:
    (tmp_path / "my card.json").write_bytes(corpus.dumped(corpus.V1))
    run("card", "import", "my card.json")
    told = " ".join(run("card", "import", "my card.json", code=1).split())
    assert "is here already, as 'runa'" in told and "openroom card import 'my card.json' --again" in told
    assert json.loads(run("card", "import", "my card.json", "--again", "--json"))["id"] == "runa_2"


def test_a_lorebook_is_given_to_who_came_with_openroom(tmp_path: Path) -> None:
    (tmp_path / "world").write_bytes(corpus.dumped(corpus.WORLD))
    file = tmp_path / "data_author/characters/mira/lore.yaml"
    told = run("card", "import", "world", "--to", "character:mira")
    assert str(file) in told and "2 entries are in lore.yaml" in told
    assert "All is well" in run("check", str(file)) and "All is well" in run("check")
    before = file.read_bytes()
    assert "one that has it" in run("card", "import", "world", "--to", "character:mira", code=1)
    assert file.read_bytes() == before
    run("card", "export", "mira", "--format", "json", "--out", "mira.json")
    assert not (tmp_path / "data").exists(), "who only looks makes no store"
    assert json.loads(run("card", "show", "mira.json", "--json"))["lore"] == 2
    body = json.loads(run("card", "import", "world", "--to", "scene:tea_room", "--json"))
    assert body["file"] == str(tmp_path / "data_author/scenes/tea_room/lore.yaml")
    assert "the id of a scene" in run("card", "import", "world", "--to", "scene:nowhere", code=1)


def test_a_model_names_more_and_what_it_makes_up_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = "It is Nora who minds the inn."
    (tmp_path / "nora").write_bytes(corpus.dumped({**corpus.V1, "name": "Nora", "description": f"{quote} It snows."}))
    run("card", "import", "nora")
    items = [{"what": "fact", "text": text, "quote": text} for text in (quote, "I am a horse.")]
    model = ScriptedModel([("", {"items": items})])

    @asynccontextmanager
    async def speaking(settings: Settings) -> AsyncIterator[Speaking]:
        assert settings.model == "wordy"
        yield Speaking(model, "scripted", None)

    monkeypatch.setattr("openroom.cli.card.speaking", speaking)
    told = run("card", "draft", "nora", "--model", "wordy")
    assert "1 did not count" in told and "its quote is not on the card" in told and ", model: " in told
    assert quote in told and "horse" not in told.replace("#   'I am a horse.'", "")
    assert "1 did not count" in run("card", "draft", "nora", "--model", "wordy", "--cases")


def test_a_model_chooses_what_of_a_long_persona_is_read_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prose = " ".join(f"On day {at} it rained and the boat stayed in as ever." for at in range(120))
    (tmp_path / "nora").write_bytes(corpus.dumped({**corpus.V1, "name": "Nora", "description": prose}))
    asked: list[str | None] = []

    @asynccontextmanager
    async def speaking(settings: Settings, *, starts: bool) -> AsyncIterator[Speaking]:
        assert not starts, "a local model is small, and not waited for"
        asked.append(settings.model)
        yield Speaking(ScriptedModel([("", {"keep": [70, 60]})]), "scripted", None)

    monkeypatch.setattr("openroom.cli.card.speaking", speaking)
    told = run("card", "import", "nora", "--model", "wordy")
    assert "; chosen by scripted; left out there" in told and asked == ["wordy"]
    assert "All is well" in run("check", "data_author/characters/nora")
    assert "is here already" in run("card", "import", "nora", "--model", "wordy", code=1) and len(asked) == 1
    assert "; chosen by code; left out there" in run("card", "import", "nora", "--again") and asked == ["wordy"]


def test_mistakes_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"x")
    assert "another kind of file" in run("card", "import", "x.png", code=1)
    assert "a file that can be read" in run("card", "show", "nowhere", code=1)
    assert "the id of a character" in run("card", "export", "nobody", "--out", "y", code=1)
    assert "--spec 2|3" in run("card", "export", "mira", "--spec", "4", "--out", "y", code=1)


def test_a_draft_is_printed_with_the_words_it_rests_on_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "card.bin").write_bytes(corpus.GOOD["both"][0])
    run("card", "import", "card.bin")
    before = {path: path.read_bytes() for path in (tmp_path / "data_author").rglob("*") if path.is_file()}
    told = run("card", "draft", "ru")
    assert told.startswith("# A draft") and "facts:" in told and "# persona " in told
    assert run("card", "draft", "ru", "--cases").startswith("#")
    assert '"split": "report"' in run("card", "draft", "ru", "--alone", "report")
    assert '"split": "gate"' in run("card", "draft", "ru", "--alone", "tune")
    assert {path: path.read_bytes() for path in (tmp_path / "data_author").rglob("*") if path.is_file()} == before
    assert "expected the id of a character" in run("card", "draft", "nobody", code=1)


def test_a_character_is_removed_and_put_back(tmp_path: Path) -> None:
    (tmp_path / "card").write_bytes(corpus.dumped(corpus.V1))
    run("card", "import", "card")
    folder = tmp_path / "data_author/characters/runa"
    result = RUN.invoke(app, ["card", "remove", "runa"], input="n\n")
    assert result.exit_code == 1 and str(tmp_path / "data_author_bin") in "".join(result.output.split("\n"))
    assert folder.is_dir(), "it asks first"
    told = run("card", "remove", "runa", "--yes")
    assert "data_author_bin" in told and "openroom card remove --undo runa" in told and not folder.exists()
    assert "in the author folder" in run("card", "remove", "mira", "--yes", code=1)
    assert "the id of a character" in run("card", "remove", code=1)
    assert "it is back" in run("card", "remove", "--undo") and folder.is_dir()
    assert json.loads(run("card", "remove", "runa", "--yes", "--json"))["scenes"] == []
    assert json.loads(run("card", "remove", "runa", "--undo", "--json"))["folder"] == str(folder)
