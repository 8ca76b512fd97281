"""Whether replies make sense: played, labelled by hand without knowing who spoke, and held against the checks.

    python -m benchmarks.sense play OUT.jsonl [--speakers understudy local mixed] [--seed 1] [--scenes 20] [--model ...]
    python -m benchmarks.sense sheet OUT.jsonl > SHEET.txt        # what a labeller reads: shuffled, and blind
    python -m benchmarks.sense labels OUT.jsonl LABELS.tsv        # how many replies make sense
    python -m benchmarks.sense agree OUT.jsonl LABELS.tsv --half dev [--show]

``play`` has each script of `benchmarks.sense_scenes` (20 of 5 lines) played by each speaker, in a real room, by the
player of the evaluations: 300 replies. *mixed* is what a room is by default while the weights are on their way: the
understudy stands in for the first two replies of a scene, then the local model speaks. What a model wrote is kept call
by call in OUT.calls.jsonl, so a run that was stopped goes on where it was; a scene's replies are added to OUT.jsonl
when it is over. OUT.key.json says who spoke: it is no reading for labellers. Rules of labelling: docs/lab/sense.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from benchmarks.sense_labels import SPEAKERS, agreement, opaque, read_items, read_labels, sheet, table
from benchmarks.sense_scenes import SCRIPTS, Script
from openroom.evals.played import PlayedCase, PlayedReply
from openroom.evals.player import Troupe, play
from openroom.library.library import Library
from openroom.models.local.catalogue import DEFAULT_WEIGHTS
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Delta, Model, ModelInfo, ModelRequest, Usage, complete
from openroom.settings import shipped

CARDS = Path(__file__).resolve().parent / "cards"
_STANDS_IN = 2
"""So many replies of a mixed scene are the understudy's: then the weights are there."""
_LINES = ("said", "used", "happened")


def library() -> Library:
    """The shipped characters and scenes, and the strangers' cards."""
    return Library([shipped("characters"), CARDS], [shipped("scenes")])


class Arriving:
    """A local model that arrives at a turn: until then the understudy stands in, as in
    `openroom.models.standin.StandIn`. One for each scene."""

    def __init__(self, local: Model) -> None:
        self._local, self._other, self.here = local, Understudy(), False

    @property
    def info(self) -> ModelInfo:
        """Who would speak now."""
        return (self._local if self.here else self._other).info

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        speaker: Model = self._local if self.here else self._other
        async for piece in speaker.stream(request):
            yield piece


class Kept:
    """A model whose calls of one scene are kept, and not made again: a scene that was stopped is played again with what
    was written already. ``spoke`` is who spoke in each turn."""

    def __init__(self, model: Model, journal: Path, scene: str, known: Mapping[int, str]) -> None:
        self._model, self._journal, self._scene, self._known = model, journal, scene, known
        self._calls = 0
        self.spoke: list[str] = []

    @property
    def info(self) -> ModelInfo:
        return self._model.info

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        number, self._calls = self._calls, self._calls + 1
        if request.purpose == "turn":
            self.spoke.append(self.info.kind)
        if number in self._known:
            text, usage = self._known[number], Usage(estimated=True)
        else:
            text, usage = await complete(self._model, request)
            with self._journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"scene": self._scene, "call": number, "raw": text}, ensure_ascii=False) + "\n")
        if isinstance(self._model, Arriving):
            self._model.here = len(self.spoke) >= _STANDS_IN
        yield Delta(text)
        yield usage


def items_of(script: Script, played: PlayedCase, speaker: str, seed: int) -> list[dict[str, Any]]:
    """The replies of a scene as a labeller may see them."""
    visits = [line for line in played.lines if line.kind == "said" and line.who.startswith("player:")]
    replies = [reply for reply in played.own() if reply.step >= 0]
    return [
        {
            "id": opaque(seed, speaker, script.id, reply.step),
            "language": script.language,
            "character": script.character,
            "visitor": script.visitor,
            "before": [
                {"who": line.name if line.kind == "said" else "", "text": line.text}
                for line in played.lines
                if line.kind in _LINES and line.text and line.seq < visits[reply.step].seq
            ],
            "line": reply.heard,
            "reply": reply.say,
            "deeds": [line.text for line in played.lines if line.seq in {deed.seq for deed in reply.deeds}],
            "things": [asdict(thing) for thing in reply.after],
            "things_before": [asdict(thing) for thing in reply.before],
        }
        for reply in replies
    ]


def key_of(reply: PlayedReply, script: str, speaker: str, spoke: str) -> dict[str, Any]:
    """What a labeller must not see: who spoke, and what the checks need besides."""
    prompt = reply.messages[-1][1] if reply.messages else ""
    return {
        "speaker": speaker,
        "spoke": spoke,
        "script": script,
        "outcome": reply.error or reply.outcome,
        "did": [deed.id for deed in reply.deeds],
        "notes": [line for line in prompt.splitlines() if line.startswith("(")],
    }


async def play_all(out: Path, speakers: Sequence[str], seed: int, scenes: int, data: Path, model: str) -> None:
    """Play what has not been played, in an order that tells nothing. ``model`` is the local one's name, or a path to a
    .gguf file."""
    out.parent.mkdir(parents=True, exist_ok=True)
    due = [(script, speaker) for script in SCRIPTS[:scenes] for speaker in speakers]
    random.Random(seed).shuffle(due)
    key: dict[str, Any] = _read_json(out.with_suffix(".key.json"))
    due = [(script, who) for script, who in due if opaque(seed, who, script.id, 0) not in key]
    local = LocalModel(model, folder=weights_folder(data)) if {"local", "mixed"} & {who for _, who in due} else None
    try:
        if local is not None:
            await local.wait_ready(600)
        for script, speaker in due:
            await scene(out, key, script, speaker, seed, local)
    finally:
        if local is not None:
            await local.aclose()


async def scene(out: Path, key: dict[str, Any], script: Script, speaker: str, seed: int, local: Model | None) -> None:
    """Play one scene and add its replies to the files. Raises one of `openroom.evals.player.INTERRUPTS`."""
    model: Model = Understudy()
    if speaker != "understudy":
        assert local is not None
        model = Arriving(local) if speaker == "mixed" else local
    name = f"{seed}/{speaker}/{script.id}"
    journal = out.with_suffix(".calls.jsonl")
    kept = Kept(model, journal, name, _calls(journal, name))
    played = await play(Troupe(library(), kept), script.character, script.case(), seed=seed, lane=0)
    if played.missing:
        raise RuntimeError(f"{script.id}: {played.missing}")
    items = items_of(script, played, speaker, seed)
    replies = [reply for reply in played.own() if reply.step >= 0]
    with out.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    # An author's line that surely answers is said without a call of the model.
    spoke = kept.spoke[-len(items) :] if len(kept.spoke) >= len(items) else [speaker] * len(items)
    for reply, item, who in zip(replies, items, spoke, strict=True):
        key[item["id"]] = key_of(reply, script.id, speaker, who)
    _write_json(out.with_suffix(".key.json"), key)
    print(f"{len(key)} replies", flush=True)


def _calls(journal: Path, scene: str) -> dict[int, str]:
    """What was written already in a scene, by the number of the call."""
    lines = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
    found = [json.loads(line) for line in lines]
    return {one["call"]: one["raw"] for one in found if one["scene"] == scene}


def _read_json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _write_json(path: Path, body: Mapping[str, Any]) -> None:
    fresh = path.with_suffix(".part")
    fresh.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    wanted = parser.add_subparsers(dest="wanted", required=True)
    playing = wanted.add_parser("play", help="play the scenes; goes on where it was")
    playing.add_argument("out", type=Path)
    playing.add_argument("--speakers", nargs="+", choices=SPEAKERS, default=list(SPEAKERS))
    playing.add_argument("--seed", type=int, default=1)
    playing.add_argument("--scenes", type=int, default=len(SCRIPTS), help="only so many of the scripts")
    playing.add_argument("--model", default=DEFAULT_WEIGHTS, help="the local model: a name, or a path to a .gguf file")
    playing.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    reading = wanted.add_parser("sheet", help="what a labeller reads")
    reading.add_argument("out", type=Path)
    counting = wanted.add_parser("labels", help="how many replies make sense")
    counting.add_argument("out", type=Path)
    counting.add_argument("labels", type=Path)
    agreeing = wanted.add_parser("agree", help="the checks against the labels")
    agreeing.add_argument("out", type=Path)
    agreeing.add_argument("labels", type=Path)
    agreeing.add_argument("--half", choices=("dev", "held", "both"), default="dev")
    agreeing.add_argument("--show", action="store_true", help="each reply on which they differ")
    asked = parser.parse_args(None if arguments is None else list(arguments))
    if asked.wanted == "play":
        asyncio.run(play_all(asked.out, asked.speakers, asked.seed, asked.scenes, asked.data, asked.model))
        return
    items, key = read_items(asked.out), _read_json(asked.out.with_suffix(".key.json"))
    if asked.wanted == "sheet":
        print(sheet(items, library()))
    elif asked.wanted == "labels":
        print(table(items, key, read_labels(asked.labels, items)))
    else:
        print(agreement(items, key, read_labels(asked.labels, items), library(), asked.half, show=asked.show))


if __name__ == "__main__":
    main()
