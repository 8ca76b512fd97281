"""The measure of sense: scenes can be played and gone on with, what labellers read is blind, and figures count."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest

from benchmarks import sense
from benchmarks.sense import Arriving, Kept, library, scene
from benchmarks.sense_labels import SPEAKERS, agreement, checked, half_of, read_items, read_labels, sheet, table
from benchmarks.sense_scenes import SCRIPTS
from openroom.errors import ModelUnreachable
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Delta, ModelInfo, ModelRequest, Usage

MIRA = next(script for script in SCRIPTS if script.id == "mira_en")
HARLAN = next(script for script in SCRIPTS if script.id == "harlan_es")


class Numbered:
    """Says the number of its call, as a local model would; unreachable from ``ends`` on."""

    info = ModelInfo("numbered", "local")

    def __init__(self, ends: int = 99) -> None:
        self.calls, self.ends = 0, ends

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        if self.calls >= self.ends:
            raise ModelUnreachable("gone")
        self.calls += 1
        yield Delta(json.dumps({"say": f"That was call number {self.calls}.", "emotion": "calm"}))
        yield Usage()


class Started(Numbered):
    """A local model that is there at once and remembers by which names it was asked for."""

    names: ClassVar[list[str]] = []

    def __init__(self, name: str, *, folder: Path) -> None:
        super().__init__()
        self.names.append(name)

    async def wait_ready(self, limit: float) -> None: ...

    async def aclose(self) -> None: ...


def test_the_scripts_are_what_the_measure_says_they_are() -> None:
    assert sum(len(script.lines) for script in SCRIPTS) * len(SPEAKERS) == 300
    replies = Counter[str]()
    for script in SCRIPTS:
        replies[script.language] += len(script.lines) * len(SPEAKERS)
    assert set(replies) == {"en", "de", "es", "zh", "ja"}
    assert min(replies.values()) >= 20
    assert len({script.character for script in SCRIPTS}) == 9
    assert len({script.id for script in SCRIPTS}) == len(SCRIPTS)


def test_the_strangers_cards_are_plain() -> None:
    found = library()
    assert found.problems == []
    for name in ("harlan", "nima"):
        card = found.characters[name]
        assert not card.examples
        assert not card.facts
        assert 150 <= len(card.persona.split()) * 4 / 3 <= 400 or 150 <= len(card.persona) / 4 <= 400


@pytest.mark.parametrize(
    ("asked", "name"), [((), "qwen2.5-coder-1.5b"), (("--model", "/models/other.gguf"), "/models/other.gguf")]
)
def test_another_local_model_can_be_played(tmp_path, monkeypatch, asked, name) -> None:
    monkeypatch.setattr(Started, "names", [])
    monkeypatch.setattr(sense, "LocalModel", Started)
    out = tmp_path / "OUT.jsonl"
    sense.main(["play", str(out), "--speakers", "local", "--scenes", "1", "--data", str(tmp_path), *asked])
    assert Started.names == [name]
    assert [item["reply"] for item in read_items(out)][-1].startswith("That was call number")


async def test_a_scene_is_kept_blind(tmp_path) -> None:
    out, key = tmp_path / "OUT.jsonl", {}
    for speaker in ("understudy", "local"):
        await scene(out, key, MIRA, speaker, 1, Numbered())
    items = read_items(out)
    assert len(items) == 10
    assert {(one["language"], one["character"], one["visitor"]) for one in items} == {("en", "mira", "Tom")}
    assert [one["line"] for one in items[:5]] == list(MIRA.lines)
    assert [line["text"] for line in items[1]["before"] if line["who"] == "Tom"] == [MIRA.lines[0]]
    lamp = [next(one for one in item["things"] if one["prop"] == "lamp")["look"] for item in items[2:5]]
    assert lamp == ["dark", "lit and warm", "lit and warm"]
    assert items[3]["deeds"] == ["Mira lights the lamp."]
    read = sheet(items, library())
    assert all(f"#{item['id']}" in read for item in items)
    for text in (read, out.read_text()):
        assert not any(word in text for word in ("understudy", "numbered"))
    assert [one for one in read.split() if one.startswith("#")] != [f"#{item['id']}" for item in items]
    assert Counter(one["spoke"] for one in key.values()) == {"understudy": 5, "local": 5}


async def test_mixed_is_the_understudy_until_the_weights_are_there(tmp_path) -> None:
    key: dict[str, dict[str, str]] = {}
    await scene(tmp_path / "OUT.jsonl", key, HARLAN, "mixed", 1, Numbered())
    assert [one["spoke"] for one in key.values()] == ["understudy", "understudy", "local", "local", "local"]
    said = [item["reply"] for item in read_items(tmp_path / "OUT.jsonl")]
    assert ["That was call number" in one for one in said] == [False, False, True, True, True]


@pytest.mark.parametrize("speaker", ["local", "mixed"])
async def test_a_scene_that_was_stopped_goes_on_without_asking_again(tmp_path, speaker) -> None:
    whole, stopped = tmp_path / "whole.jsonl", tmp_path / "stopped.jsonl"
    model = Numbered()
    await scene(whole, {}, HARLAN, speaker, 1, model)
    with pytest.raises(ModelUnreachable):
        await scene(stopped, {}, HARLAN, speaker, 1, Numbered(ends=2))
    assert not stopped.exists()
    rest = Numbered()
    rest.calls = 2
    await scene(stopped, {}, HARLAN, speaker, 1, rest)
    assert rest.calls == model.calls
    assert stopped.read_text() == whole.read_text()


async def test_who_would_speak_is_told_before_the_turn(tmp_path) -> None:
    kept = Kept(Arriving(Numbered()), tmp_path / "calls.jsonl", "a", {})
    assert kept.info == Understudy().info


# labels ---------------------------------------------------------------------------------------------------------------


def item(number: int, reply: str, **more: object) -> dict[str, object]:
    lamp = {"prop": "lamp", "name": "Paper lamp", "look": "dark", "state": {"lit": False}}
    body = {"id": f"id{number}", "language": "en", "character": "mira", "visitor": "Tom", "before": []}
    return {
        **body,
        "line": "My name is Tom.",
        "reply": reply,
        "deeds": [],
        "things": [lamp],
        "things_before": [lamp],
        **more,
    }


ITEMS = [item(0, "My name is Tom."), item(1, "Sit down, Tom."), item(2, "The lamp is lit."), item(3, "Bees hum.")]
KEY = {f"id{n}": {"speaker": "local" if n else "mixed", "spoke": "local", "did": [], "notes": []} for n in range(4)}


def labelled(tmp_path, *rows: str):
    path = tmp_path / "labels.tsv"
    path.write_text("id\tanswers\twho\tfits\tgo_on\tnote\n" + "".join(f"{row}\n" for row in rows))
    return read_labels(path, ITEMS)


def test_labels_are_counted(tmp_path) -> None:
    labels = labelled(
        tmp_path, "id0\t0\t0\t1\t0\tsays it is Tom", "id1\t1\t1\t1\t1", "id2\t1\t1\t0\t0", "id3\t1\t1\t1\t0"
    )
    assert labels["id0"].note == "says it is Tom"
    got = table(ITEMS, KEY, labels)
    assert "4 of 4 replies labelled" in got
    assert "| all | all | 4 | 50% [15%, 85%] | 75% | 75% | 75% | 25% |" in got
    assert "| speaker | local | 3 | 67% " in got
    assert "| speaker | mixed | 1 | 0% " in got


@pytest.mark.parametrize(
    "row", ["id0\t1\t1", "id0\t1\t1\t2\t0", "nobody\t1\t1\t1\t1", "id1\t1\t1\t1\t1\nid1\t1\t1\t1\t1"]
)
def test_a_line_that_is_no_label_is_told(tmp_path, row) -> None:
    with pytest.raises(ValueError, match=r"labels\.tsv:\d"):
        labelled(tmp_path, row)


def test_checks_are_held_against_labels(tmp_path) -> None:
    labels = labelled(tmp_path, "id0\t0\t0\t1\t0", "id1\t1\t1\t1\t1", "id2\t1\t1\t1\t0", "id3\t0\t1\t1\t0")
    got = agreement(ITEMS, KEY, labels, library(), "both", show=True)
    assert "half both: 4 labelled replies" in got
    assert "agreement    2/4" in got
    assert "sensitivity  1/2" in got
    assert "specificity  1/2" in got
    assert "| own_part | 1 | 1 |" in got
    assert "| true_to_room | 1 | 0 |" in got
    alarm, missed = got.index("#id2"), got.index("#id3")
    assert alarm < missed
    halves = [agreement(ITEMS, KEY, labels, library(), half).splitlines()[0] for half in ("dev", "held")]
    assert sum(int(one.split(": ")[1].split()[0]) for one in halves) == 4
    assert {half_of(one["id"]) for one in (item(n, "") for n in range(20))} == {"dev", "held"}


def test_notes_of_the_prompt_are_for_the_checks_alone() -> None:
    said = item(4, "You do it now: light the paper lamp over there.")
    key = {"id4": {"did": [], "notes": ["(You do it now: light the paper lamp over there.)"]}}
    found = [one.check for one in checked(said, key, library().characters["mira"]) if not one.passed]
    assert found == ["said_aloud"]
