"""The labelled replies of the local model that `benchmarks.sense_score` is held against: docs/lab/sense.

English ones, each pair of line and reply of a character once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sense_labels import read_items

LAB = Path("docs/lab/sense")
LEANINGS = LAB / "leanings.json"
FIRST = LAB / "plain-cards-first-lines.tsv"
SETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "replies": (("replies",), ("labels",)),
    "now": (("replies-now",), ("labels-now-1", "labels-now-2")),
    "evenings": (("evenings-before", "evenings-after"), ("evenings-labels-1", "evenings-labels-2")),
    "guards": (("evenings-guards",), ("evenings-guards-labels-1", "evenings-guards-labels-2")),
    "rooms": (("evenings-guards-rooms",), ("evenings-guards-rooms-labels-1", "evenings-guards-rooms-labels-2")),
    "repertoire": (("evenings-repertoire",), ("evenings-repertoire-labels-1", "evenings-repertoire-labels-2")),
}
"""Replies, and the readers' labels of them; what the understudy said is left out."""
PLAIN = frozenset({"harlan", "nima", "hesper_quill", "ottilie_brandt", "rourke", "sister_amabel"})
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled reply. ``sense``: the share of readers who called it sensible."""

    id: str
    of: str
    character: str
    heard: str
    say: str
    acts: bool
    visitor: str
    sense: float

    @property
    def plain(self) -> bool:
        return self.character in PLAIN

    @property
    def fold(self) -> int:
        """The fifth that its line is in, in whatever set."""
        return hashlib.sha256(self.heard.lower().encode()).digest()[0] % FOLDS


def rows() -> list[Row]:
    """All of them, each pair of line and reply of a character once."""
    found: dict[tuple[str, str, str], Row] = {}
    for row in (*_played(), *_first_lines()):
        if row.say:
            found.setdefault((row.character, row.heard, row.say), row)
    return list(found.values())


def _played() -> list[Row]:
    found = []
    for name, (files, labels) in SETS.items():
        read = [_marks(LAB / f"{one}.tsv") for one in labels]
        seen: set[str] = set()
        for file in files:
            key = json.loads((LAB / f"{file}.key.json").read_text(encoding="utf-8"))
            for item in read_items(LAB / f"{file}.jsonl"):
                marks = [one[item["id"]] for one in read if item["id"] in one]
                if item["id"] in seen or not marks or item["language"] != "en" or key[item["id"]]["spoke"] != "local":
                    continue
                seen.add(item["id"])
                said = (item["line"], item["reply"], bool(item["deeds"]), item["visitor"])
                found.append(Row(f"{name}/{item['id']}", name, item["character"], *said, sum(marks) / len(marks)))
    return found


def _marks(path: Path) -> dict[str, bool]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {cells[0].strip(): all(mark.strip() == "1" for mark in cells[1:4]) for cells in rows if cells[0] != "id"}


def _first_lines() -> list[Row]:
    found = []
    for line in FIRST.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        id, card, _, heard, say, _, *marks = line.split("\t")
        sense = sum(mark.strip()[:3] == "111" for mark in marks) / len(marks)
        found.append(Row(f"first/{id}", "first", card, heard, say, False, "Tom", sense))
    return found
