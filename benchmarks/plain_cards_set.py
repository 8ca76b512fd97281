"""The eight cards of `benchmarks.plain_cards`, their cases, and the digests that hold them.

    python -m benchmarks.plain_cards_set       # makes benchmarks/cards/*/ anew from card.json, and freezes the report

``card.json`` is the card as a stranger wrote it, ``character.yaml`` what `openroom card import` makes of it,
``cases.yaml`` and ``report.yaml`` what `openroom card draft --alone` does, ``report.lock.json`` the digests
(`openroom.evals.freeze`). Played are the dimensions in which a plain card says something; memory, deeds and languages
say nothing of a card and cost six times a fact.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from openroom.cards.draft import draft
from openroom.cards.draft_cases import alone
from openroom.errors import SettingsError
from openroom.evals.caseset import CASES_FILE, REPORT_FILE, CaseSet, load_cases
from openroom.evals.freeze import LOCK_FILE, check_frozen, freeze
from openroom.library.library import Library
from openroom.lobby.card_originals import read_file
from openroom.lobby.cards import import_card
from openroom.settings import shipped

STAGES = (
    ("hesper_quill", "ottilie_brandt", "rourke", "sister_amabel"),
    ("dex_marlow", "mister_okoro", "pippa", "vellumine"),
)
"""Stage one and stage two. A prose card, an attribute list, W++ and a card with contradictions first."""
CARDS = Path(__file__).resolve().parent / "cards"
SCENES = Path(__file__).resolve().parent / "card_scenes"
DIMENSIONS = frozenset(
    {
        "facts", "knowledge", "voice", "in_character", "sense", "disclosure", "repetition", "emotion",
        "speaking_for_visitor",
    }
)  # fmt: skip
_OWN = "drafted/"


def library(cards: Path = CARDS) -> Library:
    """The cards, the room they are played in, and the shipped things."""
    return Library([shipped("characters"), cards], [SCENES, shipped("scenes")])


def frozen_cases(found: Library, character: str) -> CaseSet:
    """The cases of a card. Raises `SettingsError` when they are not those that were frozen, or something is wrong with
    their files."""
    cases = cases_of(found, character)
    folder = found.folder(character)
    if folder is None or not (folder / LOCK_FILE).is_file():
        raise SettingsError(f"expected frozen report cases of {character}: python -m benchmarks.plain_cards_set")
    if changed := check_frozen(cases, folder):
        raise SettingsError(f"expected the report cases of {character} as they were frozen: {'; '.join(changed[:4])}")
    return cases


def cases_of(found: Library, character: str) -> CaseSet:
    """The drafted report cases; in the other splits the drafted ones and the shared library's of `DIMENSIONS`, and all
    traps. Raises `SettingsError` for files with problems."""
    if character not in found.characters:
        raise SettingsError(f"expected a card of {', '.join(sorted(found.characters))}, came {character!r}")
    whole = load_cases(found, character)
    if whole.problems:
        raise SettingsError("; ".join(map(str, whole.problems[:4])))
    kept = {
        name: case for name, case in whole.cases.items() if _plays(whole.splits.get(name, ""), name, case.dimension)
    }
    splits = {name: whole.splits[name] for name in kept}
    return CaseSet(character, kept, splits, whole.standing)


def _plays(split: str, name: str, dimension: str) -> bool:
    if split == "report":
        return name.startswith(_OWN)
    return split == "trap" or (split != "" and dimension in DIMENSIONS)


def make(card: Path, folder: Path) -> None:
    """Write what follows from a card's file into a character's folder. Raises what importing and freezing raise."""
    with tempfile.TemporaryDirectory() as name:
        author = Path(name)
        done = import_card(read_file(card), author, Library([author]))
        text = (done.folder / "character.yaml").read_text(encoding="utf-8")
        made = Library([author / "characters"]).characters[done.id]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "character.yaml").write_text(text, encoding="utf-8")
    drafted = draft(made.name, {"persona": made.persona})
    (folder / CASES_FILE).write_text(alone(drafted, "tune"), encoding="utf-8")
    (folder / REPORT_FILE).write_text(alone(drafted, "report"), encoding="utf-8")


def main() -> None:
    """Make and freeze."""
    names = [name for stage in STAGES for name in stage]
    for name in names:
        make(CARDS / name / "card.json", CARDS / name)
    found = library()
    for name in names:
        body = freeze(cases_of(found, name), CARDS / name)
        print(f"{name}: {len(body['cases'])} report cases, {body['digest'][:12]}")


if __name__ == "__main__":
    main()
