"""Pages that cannot rot: what exists is documented, links lead somewhere, and snippets parse, check or run."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, RootModel

from openroom import errors
from openroom.cli.reference import commands, commands_page
from openroom.cli.settings_page import settings_page
from openroom.core.action import Action
from openroom.core.character import Character
from openroom.core.event import Event
from openroom.core.lore.book import Lore
from openroom.core.scene import Scene
from openroom.library.check import check
from openroom.library.plugins import GROUP
from openroom.props.declared.spec import PropSpec
from openroom.settings import Settings
from tests import processes

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
FINDINGS = sorted((ROOT / "findings").glob("*.sh"))
PLACES = ("docs/*.md", "docs/lab/*.md", "findings/README.md", "README.md", "CHANGELOG.md")
PAGES = sorted(path for place in PLACES for path in ROOT.glob(place))
SOURCES = sorted((ROOT / "openroom").rglob("*.py"))

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def unfenced(text: str) -> str:
    return FENCE.sub("", text)


def rows(text: str, title: str) -> dict[str, str]:
    """The rows of the tables under a heading, by their first cell's code."""
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (body,) = [part for part in section if part.startswith(f"{title}\n")]
    found = re.findall(r"^\| `([^`]+)`\S* \|(.*)$", body, re.MULTILINE)
    return dict(found)


def codes(text: str) -> set[str]:
    """Every word that stands in code style; of `a.b` and `a[].b` each part too."""
    spans = re.findall(r"`([^`\n]+)`", unfenced(text))
    return {word for span in spans for word in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", span)}


def snippets(kind: str) -> list[Any]:
    """(page, code) of every fence with that information string."""
    return [
        pytest.param(path, code, id=f"{path.stem}-{number}")
        for path in PAGES
        for number, (info, code) in enumerate(FENCE.findall(path.read_text(encoding="utf-8")))
        if info.strip() == kind
    ]


def union(annotated: Any) -> tuple[type[BaseModel], ...]:
    """The members of a discriminated union."""
    return get_args(get_args(annotated)[0])


def own_fields(model: type[BaseModel], base: type[BaseModel], tag: str) -> list[str]:
    return [name for name in model.model_fields if name != tag and name not in base.model_fields]


# what exists is documented ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", union(Action), ids=lambda one: one.__name__)
def test_every_action_is_documented_with_its_fields(model: type[BaseModel]) -> None:
    documented = rows(page("actions-events.md"), "Actions")
    name = model.model_fields["do"].default
    assert name in documented
    assert not set(own_fields(model, BaseModel, "do")) - codes(documented[name])


@pytest.mark.parametrize("model", union(Event), ids=lambda one: one.__name__)
def test_every_event_is_documented_with_its_fields(model: type[BaseModel]) -> None:
    documented = rows(page("actions-events.md"), "Events")
    base = model.__mro__[1]
    assert issubclass(base, BaseModel)
    name = model.model_fields["kind"].default
    assert name in documented
    assert not set(own_fields(model, base, "kind")) - codes(documented[name])
    assert not set(base.model_fields) - set(documented)


def test_no_action_or_event_is_documented_that_does_not_exist() -> None:
    text = page("actions-events.md")
    assert set(rows(text, "Actions")) == {model.model_fields["do"].default for model in union(Action)}
    kinds = {model.model_fields["kind"].default for model in union(Event)}
    common = {*union(Event)[0].__mro__[1].model_fields, "kind"} - kinds
    assert set(rows(text, "Events")) - common == kinds


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def _reasons() -> Iterator[str]:
    """Every reason written into the source as the first text of a refusal, wherever it is made."""
    makers = {"Refusal", "RefusedError", "MalformedMessage", "_objection", "_turn_away"}
    for path in SOURCES:
        for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            if name in makers:
                texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                yield from (text for text in texts[:1] if re.fullmatch(r"[a-z_]+", text))


def test_every_reason_of_a_refusal_is_documented() -> None:
    found = set(_reasons())
    assert {"precondition", "too_many_rooms", "bad_join", "illegal_move"} <= found
    text = page("actions-events.md")
    assert not found - codes(text.partition("## Refusals")[2])


def test_every_reason_a_turn_fails_for_is_documented() -> None:
    kinds = {one.kind for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ModelError)}
    assert set(rows(page("actions-events.md"), "When a turn fails")) == kinds


def test_every_setting_is_documented_and_read() -> None:
    assert page("settings.md") == settings_page().replace(f"`{os.pathsep}`", "`:`"), "run: make docs"
    read = {node.attr for path in SOURCES if _knows_settings(path) for node in _settings_read(path)}
    via_property = {
        "store": "store_url",
        "characters": "character_folders",
        "scenes": "scene_folders",
        "author": "author_folder",
    }
    assert not {name for name in Settings.model_fields if via_property.get(name, name) not in read}


def _knows_settings(path: Path) -> bool:
    """Layers below the faces have small settings of their own, with fields that may be called the same."""
    part = path.relative_to(ROOT / "openroom").parts[0]
    return part in ("server", "gui", "cli", "tuning") or path.name == "discovery.py"


def _settings_read(path: Path) -> Iterator[ast.Attribute]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("settings"):
            yield node


def test_the_page_of_commands_is_current_and_each_has_a_sentence() -> None:
    assert page("commands.md") == commands_page(), "run: make docs"
    assert {"openroom serve", "openroom token new"} <= set(commands())
    assert [name for name, command in commands().items() if not command.help] == []


def _keys(model: Any, seen: set[Any]) -> Iterator[str]:
    """The keys that an author may write for a model, and those of the models inside it."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if model in seen:
            return
        seen.add(model)
        for name, field in model.model_fields.items():
            if not issubclass(model, RootModel):
                yield field.alias or name
            yield from _keys(field.annotation, seen)
            for extra in field.metadata:
                yield from _keys(extra, seen)
    for part in (*get_args(model), *getattr(getattr(model, "__value__", None), "__args__", ())):
        yield from _keys(part, seen)


@pytest.mark.parametrize("model", [Character, Scene, PropSpec, Lore], ids=lambda one: one.__name__)
def test_every_key_that_authors_may_write_is_documented(model: type[BaseModel]) -> None:
    found = set(_keys(model, set() if model is Lore else {Lore}))  # a lorebook has a file, and a page, of its own
    known, name = {
        "Character": ("after_turns", "characters.md"),
        "Scene": ("autoplay_turns", "scenes.md"),
        "PropSpec": ("append", "props.md"),
        "Lore": ("scan_depth", "lore.md"),
    }[model.__name__]
    assert known in found
    assert not found - codes(page(name))


def test_every_option_of_a_prop_in_python_is_documented() -> None:
    from openroom.core.prop import Choice, Outcome, Prop, verb

    text = page("props.md").partition("## A prop in Python")[2]
    words = set(re.findall(r"[A-Za-z_]+", text))
    public = {name for name in vars(Prop) if not name.startswith("_")} - {"verbs", "use", "manifest"}
    options = set(typing.get_type_hints(verb)) - {"return"}
    assert not (public | options | set(Outcome.__dataclass_fields__)) - words
    assert "Choice(" in text
    assert Choice.__dataclass_fields__.keys() >= {"id", "verb", "label", "args", "words", "text"}


def test_every_public_name_is_documented() -> None:
    import openroom

    words = set(re.findall(r"[A-Za-z_]+", page("developers.md") + page("props.md")))
    assert not set(openroom.__all__) - words - {"Action", "OpenroomError", "create_app"} - _exported_elsewhere(words)
    assert GROUP in page("developers.md")


def _exported_elsewhere(words: set[str]) -> set[str]:
    return {"Room"} if "room" in words else set()


# links and snippets -------------------------------------------------------------------------------------------------


def _anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", unfenced(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=lambda one: one.stem)
def test_no_relative_link_is_dead(path: Path) -> None:
    for pair in LINK.findall(unfenced(path.read_text(encoding="utf-8"))):
        target = "".join(pair)
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = path.parent / name if name else path
        assert there.exists(), target
        if anchor:
            assert anchor in _anchors(there), target


def test_every_fence_says_what_it_is() -> None:
    known = {
        "python",
        "python runnable",
        "sh",
        "js",
        "toml",
        "yaml character",
        "yaml scene",
        "yaml prop",
        "yaml lore",
        "json",
        "text",
        "",
    }
    infos = {info.strip() for path in PAGES for info, _ in FENCE.findall(path.read_text(encoding="utf-8"))}
    assert infos <= known


@pytest.mark.parametrize(("path", "code"), snippets("python") + snippets("python runnable"))
def test_python_parses(path: Path, code: str) -> None:
    ast.parse(code, f"{path.name}")


@pytest.mark.parametrize(("path", "code"), snippets("python runnable"))
def test_runnable_python_runs(path: Path, code: str, tmp_path: Path) -> None:
    (tmp_path / "snippet.py").write_text(code, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENROOM_")}
    done = processes.run(
        [sys.executable, "-W", "error", "snippet.py"],
        cwd=tmp_path,
        env={**environment, "OPENROOM_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("path", "code"), snippets("sh"))
def test_shell_parses_and_calls_only_commands_and_options_there_are(path: Path, code: str) -> None:
    done = processes.run(["bash", "-n", "-c", code])
    assert (done.returncode, done.stderr) == (0, "")
    for line in re.findall(r"\bopenroom (?!-)[^|)\n#]*", code):
        assert _command(line) is not None, line


@pytest.mark.parametrize("path", PAGES, ids=lambda one: one.stem)
def test_commands_named_in_the_text_exist(path: Path) -> None:
    named = re.findall(r"`(openroom [a-z][^`]*)`", " ".join(unfenced(path.read_text(encoding="utf-8")).split()))
    groups = {" ".join(words.split()[:2]) for words in commands()}
    for line in named:
        assert _command(line) is not None or line in groups, line


def _command(line: str) -> Any:
    """The command that a line calls, if it and its options exist."""
    words = line.split()
    for length in (3, 2):
        command = commands().get(" ".join(words[:length]))
        if command is not None:
            options = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
            wanted = {word.partition("=")[0] for word in words if word.startswith("--")}
            return command if wanted <= options else None
    return None


@pytest.mark.parametrize(("path", "code"), snippets("toml"))
def test_toml_parses(path: Path, code: str) -> None:
    assert tomllib.loads(code)


@pytest.mark.parametrize("path", FINDINGS, ids=lambda one: one.stem)
def test_a_finding_says_what_it_is_and_runs_without_openroom(path: Path) -> None:
    """They are run by hand: they need the network and other people's packages."""
    text = path.read_text(encoding="utf-8")
    done = processes.run(["bash", "-n", str(path)])
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"#!/usr/bin/env bash\n# .*\d+\.\d+.* seen on \d{4}-\d{2}-\d{2}", text)
    assert "openroom" not in text


def _world(folder: Path) -> None:
    """The files of the page for creators, and the worked example of the page on props."""
    places = {
        ("creators.md", "yaml character"): "characters/nora_quill/character.yaml",
        ("creators.md", "yaml scene"): "scenes/night_library/scene.yaml",
        ("creators.md", "yaml prop"): "scenes/_props/reading_lamp.yaml",
        ("props.md", "yaml prop"): "scenes/_props/fireplace.yaml",
    }
    for name in ("creators.md", "props.md"):
        for info, code in FENCE.findall(page(name)):
            if (name, info) in places:
                file = folder / places.pop((name, info))
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(code, encoding="utf-8")
    assert places == {}


@pytest.mark.parametrize(("path", "code"), snippets("yaml lore"))
def test_lorebooks_on_the_pages_pass_the_check(path: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "lore.yaml"
    file.write_text(code, encoding="utf-8")
    assert check([file]) == []


def test_the_world_of_the_page_for_creators_passes_its_own_check(tmp_path: Path) -> None:
    _world(tmp_path)
    assert check([tmp_path]) == []


def test_what_check_answers_is_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _world(tmp_path)
    for file, right, wrong in (
        ("characters/nora_quill/character.yaml", "\nline: ", "\nlines: "),
        ("characters/nora_quill/character.yaml", "talkativeness: 0.7", "talkativeness: 7"),
        ("scenes/_props/reading_lamp.yaml", "when: {lit: false}", "when: {lid: false}"),
    ):
        text = Path(file).read_text(encoding="utf-8")
        assert right in text
        Path(file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    Path("scenes/_props/fireplace.yaml").unlink()
    said = [str(problem) for problem in check([Path()])]
    documented = re.findall(r"^    ((?:characters|scenes)/\S+:\d.*)$", page("creators.md"), re.MULTILINE)
    assert len(documented) == 3
    for line, problem in zip(documented, said, strict=True):
        start, cut, end = line.partition("appearance, art, … ")
        assert problem == line or (cut and problem.startswith(start) and problem.endswith(end))


async def test_who_follows_the_page_for_creators_meets_what_it_promises(tmp_path: Path) -> None:
    from openroom import Lobby

    _world(tmp_path)
    promised = re.findall(r"^\| `([^`]+[!?])` \| (.+) \|$", page("creators.md"), re.MULTILINE)
    assert len(promised) == 3
    async with Lobby(characters=tmp_path / "characters", scenes=tmp_path / "scenes", store="memory:") as lobby:
        room = await lobby.open("night_library")
        seen: list[str] = []
        room.listen(lambda events: seen.extend(getattr(e, "text", "") or getattr(e, "telling", "") for e in events))
        async with room.join("Ann") as ann:
            await lobby.directors["night_library"].settled()
            for line, answers in promised:
                seen.clear()
                await ann.say(line)
                await lobby.directors["night_library"].settled()
                for answer in re.findall(r"`([^`]+)`", answers):
                    assert any(text.startswith(answer) for text in seen), seen


def test_the_changelog_keeps_to_its_form() -> None:
    """Unreleased first; below each version kinds of Keep a Changelog, each once and with lines; no line twice."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    versions = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert versions[0].startswith("[Unreleased]\n")
    for version in versions:
        parts = re.split(r"^### ", version, flags=re.MULTILINE)[1:]
        found = [part.partition("\n")[0] for part in parts]
        assert found and set(found) <= kinds and len(found) == len(set(found))
        assert all("\n- " in part for part in parts)
    for version in versions[1:]:
        assert re.match(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}\n", version), version
    lines = re.findall(r"^- .*$", text, re.MULTILINE)
    assert len(lines) == len(set(lines))
