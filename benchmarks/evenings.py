"""Evenings of 40 lines in each shipped room, and visits of 20 to two plain cards: played, then labelled blind.

    python -m benchmarks.evenings play OUT.jsonl [--speakers local understudy] [--only greenhouse ...]
    python -m benchmarks.evenings sheet OUT.jsonl [MORE.jsonl ...] > SHEET.txt      # shuffled, and blind
    python -m benchmarks.evenings labels LABELS.tsv OUT.jsonl [MORE.jsonl ...]      # the table
    python -m benchmarks.evenings transcript OUT.jsonl EVENING SPEAKER > docs/transcripts/NAME.md

An evening that is in OUT.jsonl is not played again. The lines were written before the talk was mended (2026-11-29), and
stand as they were. Who spoke is in OUT.key.json, which is no reading for labellers; rules: docs/lab/sense.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from benchmarks.evening_lines import EVENINGS
from benchmarks.local_room import Counted, read_ahead
from benchmarks.room_visit import Heard, Visit, visit
from benchmarks.sense import CARDS, library
from benchmarks.sense_labels import opaque, read_items, read_labels, sheet, table
from openroom.core.completed import completed
from openroom.core.state import State
from openroom.evals.case_scene import CaseScene
from openroom.language.text import mentions, normal
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Model

VISITOR = "Tom"
_BEFORE = 8
"""So many lines of the talk stand before a reply on the sheet."""


@asynccontextmanager
async def evening(model: Model, name: str) -> AsyncIterator[Visit]:
    """A room with all its characters, or a tea room alone with a plain card."""
    if (CARDS / name).is_dir():
        alone = CaseScene(library(), name)
        async with visit(model, alone.scene.id, name=VISITOR, library=alone) as here:
            yield here
    else:
        async with visit(model, name, name=VISITOR) as here:
            yield here


async def play(model: Model, name: str, speaker: str, *, wait: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The replies of an evening as a labeller may see them, and what a labeller must not see, by id."""
    items: list[dict[str, Any]] = []
    key: dict[str, Any] = {}
    talk: list[dict[str, str]] = []
    async with evening(model, name) as here:
        await here.director.settled()
        talk += [{"who": here.room.state.name(who), "text": text} for who, text in _said(here, 0)]
        for step, line in enumerate(EVENINGS[name]):
            if wait:
                await read_ahead(here)
            since, before = len(here.messages), _things(here.room.state)
            heard = await here.say(line)
            replies = [(who, text) for who, text in _said(here, since) if who.startswith("character:")]
            shown = [*talk[-_BEFORE:], {"who": VISITOR, "text": line}]
            for at, (who, text) in enumerate(replies or [(_asked(here, line), "")]):
                id = opaque(int(speaker == "local"), f"{speaker}/evening", name, 100 * step + at)
                items.append(_item(id, here, who, line, text, heard.deeds if at == 0 else [], before, shown))
                key[id] = {"speaker": speaker, "spoke": speaker, "script": name, "step": step} | _facts(heard, at)
                shown = [*shown, {"who": here.room.state.name(who), "text": text}]
            talk += [{"who": VISITOR, "text": line}]
            talk += [{"who": here.room.state.name(who), "text": text} for who, text in replies]
            print(f"  {name} {step + 1} {line!r} {heard.first} {[text for _, text in replies]}", flush=True)
    return items, key


def _asked(here: Visit, line: str) -> str:
    """Who was to answer a line that nobody answered in words: who is called by name, else who comes first."""
    present = {who: here.room.state.name(who) for who in here.room.state.here("character")}
    return next(iter(mentions(line, present)), next(iter(present)))


def _read_key(out: Path) -> dict[str, Any]:
    path = out.with_suffix(".key.json")
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _facts(heard: Heard, at: int) -> dict[str, Any]:
    if at:
        return {}
    return {
        "first": heard.first,
        "error": heard.error,
        "deeds": heard.deeds,
        "load": os.getloadavg()[0],
        "calls": len(heard.calls),
        "flaws": [flaw for call in heard.calls for flaw in call.flaws],
        "raw": [call.raw for call in heard.calls],
    }


def _said(here: Visit, since: int) -> list[tuple[str, str]]:
    events = [m["event"] for _, m in here.messages[since:] if m["type"] == "event"]
    return [(event["actor"], event["text"]) for event in events if event["kind"] == "said"]


def _things(state: State) -> list[dict[str, Any]]:
    return [
        {"prop": prop, "name": body["name"], "look": "", "state": dict(state.of_prop(prop))}
        for prop, body in sorted(state.props.items(), key=lambda pair: pair[1].get("order", 0))
    ]


def _item(
    id: str,
    here: Visit,
    who: str,
    line: str,
    text: str,
    deeds: Sequence[str],
    before: Sequence[Mapping[str, Any]],
    shown: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    return {
        "id": id,
        "language": "en",
        "character": who.removeprefix("character:"),
        "visitor": VISITOR,
        "before": list(shown[:-1]) if shown[-1]["who"] == VISITOR else list(shown),
        "line": line,
        "reply": text,
        "deeds": list(deeds),
        "things": _things(here.room.state),
        "things_before": list(before),
    }


async def play_all(out: Path, speakers: Sequence[str], only: Sequence[str], data: Path) -> None:
    """Play what has not been played."""
    out.parent.mkdir(parents=True, exist_ok=True)
    key_path, key = out.with_suffix(".key.json"), _read_key(out)
    have = {(one["speaker"], one["script"]) for one in key.values()}
    due = [(who, name) for who in speakers for name in only if (who, name) not in have]
    local = LocalModel(folder=weights_folder(data)) if any(who == "local" for who, _ in due) else None
    try:
        if local is not None:
            await local.wait_ready(600)
        for who, name in due:
            model: Model = Counted(local) if who == "local" and local is not None else Understudy()
            items, found = await play(model, name, who, wait=who == "local")
            key |= found
            with out.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
            key_path.write_text(json.dumps(key, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    finally:
        if local is not None:
            await local.aclose()


# reading --------------------------------------------------------------------------------------------------------------


def figures(items: Sequence[Mapping[str, Any]], key: Mapping[str, Any]) -> str:
    """By evening: how many replies are an author's line as it stands, how often a line came again, and how long the
    first words took."""
    authored = {who: _authored(card) for who, card in library().characters.items()}
    rows = ["| evening | speaker | replies | author's line as written | said again | first word p50 | p95 |"]
    rows.append("|---|---|---|---|---|---|---|")
    for name, speaker in dict.fromkeys((key[item["id"]]["script"], key[item["id"]]["speaker"]) for item in items):
        mine = [i for i in items if (key[i["id"]]["script"], key[i["id"]]["speaker"]) == (name, speaker)]
        said = [normal(item["reply"]) for item in mine if item["reply"]]
        own = [item for item in mine if normal(item["reply"]) in authored.get(item["character"], set())]
        first = sorted(one for item in mine if (one := key[item["id"]].get("first")) is not None)
        p95 = first[min(len(first) - 1, int(0.95 * len(first)))] if first else 0.0
        rows.append(
            f"| {name} | {speaker} | {len(mine)} | {100 * len(own) / len(mine):.0f} % | {len(said) - len(set(said))} "
            f"| {statistics.median(first) if first else 0:.1f} s | {p95:.1f} s |"
        )
    return "\n".join(rows)


def _authored(card: Any) -> set[str]:
    """Every line of a card, as `normal` has it, and what is said of its facts."""
    whole = completed(card)
    said = (card.greeting, *card.greetings, *card.voice.fallbacks, *(line for _, line in whole.answers))
    return {normal(line) for line in (*said, *whole.written, *(phrase.text for phrase in card.voice.catchphrases))}


def transcript(items: Sequence[Mapping[str, Any]], key: Mapping[str, Any], name: str, speaker: str) -> str:
    """An evening as a page."""
    mine = [i for i in items if (key[i["id"]]["script"], key[i["id"]]["speaker"]) == (name, speaker)]
    mine.sort(key=lambda item: (key[item["id"]]["step"], "first" not in key[item["id"]]))
    names = {who: card.name for who, card in library().characters.items()}
    who = {"local": "the local model", "understudy": "the understudy"}.get(speaker, speaker)
    played = f"`python -m benchmarks.evenings play`, {time.strftime('%Y-%m-%d')}. Seconds are to the first words shown."
    lines = [f"# An evening with {names.get(name, name.replace('_', ' '))}, played by {who}", "", played, ""]
    for item in mine:
        one = key[item["id"]]
        if "first" in one:
            lines.append(f"**{item['visitor']}:** {item['line']}  ")
        lines.append(f"**{names.get(item['character'], item['character'])}:** {item['reply'] or '(nothing)'}  ")
        if "first" in one:
            did = f"did {', '.join(one['deeds'])}; " if one["deeds"] else ""
            lines += [f"*{did}{one['first'] or 0:.1f} s*", ""]
    return "\n".join(lines)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    wanted = parser.add_subparsers(dest="wanted", required=True)
    playing = wanted.add_parser("play", help="play what has not been played")
    playing.add_argument("out", type=Path)
    playing.add_argument("--speakers", nargs="+", choices=("local", "understudy"), default=["local", "understudy"])
    playing.add_argument("--only", nargs="+", choices=list(EVENINGS), default=list(EVENINGS))
    playing.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    reading = wanted.add_parser("sheet", help="what a labeller reads")
    reading.add_argument("outs", type=Path, nargs="+")
    counting = wanted.add_parser("labels", help="how many replies make sense")
    counting.add_argument("labels", type=Path)
    counting.add_argument("outs", type=Path, nargs="+")
    looking = wanted.add_parser("figures", help="author's lines, lines said again, first words")
    looking.add_argument("outs", type=Path, nargs="+")
    telling = wanted.add_parser("transcript", help="an evening as a page")
    telling.add_argument("out", type=Path)
    telling.add_argument("evening", choices=list(EVENINGS))
    telling.add_argument("speaker", choices=("local", "understudy"))
    asked = parser.parse_args(None if arguments is None else list(arguments))
    if asked.wanted == "play":
        asyncio.run(play_all(asked.out, asked.speakers, asked.only, asked.data))
        return
    outs = [asked.out] if asked.wanted == "transcript" else asked.outs
    items = [item for out in outs for item in read_items(out)]
    key = {id: one for out in outs for id, one in _read_key(out).items()}
    if asked.wanted == "sheet":
        print(sheet(items, library()))
    elif asked.wanted == "figures":
        print(figures(items, key))
    elif asked.wanted == "transcript":
        print(transcript(items, key, asked.evening, asked.speaker))
    else:
        print(table(items, key, read_labels(asked.labels, items)))


if __name__ == "__main__":
    main()
