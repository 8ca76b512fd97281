"""The labelled cards of tests/cards/labelled, and how a draft is held against their labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openroom.cards.draft import Draft, Item, draft
from openroom.library.document import parse_document

FOLDER = Path(__file__).parent / "labelled"


@dataclass(frozen=True)
class Score:
    """``right`` of ``drafted`` facts rest on a labelled span and say its word; ``hit`` of ``labelled`` were found."""

    right: int = 0
    drafted: int = 0
    hit: int = 0
    labelled: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right, self.drafted + other.drafted, self.hit + other.hit, self.labelled + other.labelled
        )

    @property
    def precision(self) -> float:
        return self.right / max(1, self.drafted)

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.labelled)


def cards(half: str) -> dict[str, Any]:
    """The cards of one half, by file name."""
    read = {path.stem: parse_document(path.read_bytes(), path.name).value for path in sorted(FOLDER.glob("*.yaml"))}
    return {name: body for name, body in read.items() if body["half"] == half}


def drafted(body: Any) -> Draft:
    card = body["card"]
    return draft(card["name"], {key: text for key, text in card.items() if key != "name"})


def facts(body: Any) -> tuple[Score, list[str]]:
    """How good the facts that patterns draft are, and what is wrong with them."""
    return score_of(body, drafted(body))


def score_of(body: Any, found: Draft) -> tuple[Score, list[str]]:
    """How good the facts of a draft are, and what is wrong with them."""
    text, made = body["card"]["description"], found.of("fact")
    labels = [(text.index(one["quote"]), one) for one in body["labels"]["facts"]]
    wrong = [one for one in made if not any(_agree(one, at, label) for at, label in labels)]
    missed = [label for at, label in labels if not any(_agree(one, at, label) for one in made)]
    said = [f"no fact: {one.text}" for one in wrong] + [f"missed: {one['quote']}" for one in missed]
    return Score(len(made) - len(wrong), len(made), len(labels) - len(missed), len(labels)), said


def _agree(one: Item, at: int, label: Any) -> bool:
    overlaps = one.source.field == "description" and one.source.start < at + len(label["quote"]) and at < one.source.end
    return overlaps and any(word.casefold() in one.text.casefold() for word in label["words"])


def others(body: Any, what: str) -> Score:
    """The same for another part of the draft, by words alone."""
    labels = [str(word).casefold() for word in body["labels"].get(what, [])]
    made = [one.text.casefold() for one in drafted(body).of(_SINGULAR[what])]
    right = sum(any(word in text for word in labels) for text in made)
    return Score(right, len(made), sum(any(word in text for text in made) for word in labels), len(labels))


_SINGULAR: dict[str, Any] = {
    "unknown": "unknown",
    "period": "period",
    "boundaries": "boundary",
    "secrets": "secret",
    "address": "address",
}
