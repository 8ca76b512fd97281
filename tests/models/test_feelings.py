"""The feeling that a line shows: rules against lines that were labelled by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from openroom.models import Cue
from openroom.models.feelings import feelings
from openroom.models.understudy import play

DATA = Path(__file__).parent / "data"
EMOTIONS = ("calm", "happy", "amused", "curious", "sad", "tender", "worried", "surprised", "angry", "embarrassed")


def _accuracy(name: str) -> tuple[float, int]:
    rows = [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    right = 0
    for row in rows:
        label, heard, said = (part.strip() for part in row.split(" | "))
        assert label in EMOTIONS
        right += (feelings(said, heard) or ("calm",))[0] == label
    return right / len(rows), len(rows)


def test_the_labelled_lines() -> None:
    """The lines that the words were chosen with: this shows that the rules work, not how far they reach."""
    accuracy, lines = _accuracy("emotions.txt")
    assert lines == 100
    assert accuracy >= 0.8, accuracy


def test_lines_that_the_rules_were_not_made_from_do_better_than_the_commonest_feeling() -> None:
    """The honest figure: no more than a floor (calm alone would be right in 4 of 30)."""
    accuracy, _ = _accuracy("emotions_unseen.txt")
    assert accuracy >= 0.2, accuracy


@pytest.mark.parametrize(
    ("feeling", "can", "shown"),
    [("tender", EMOTIONS, "tender"), ("", EMOTIONS, "calm"), ("tender", ("neutral", "cross"), "neutral")],
)
def test_the_author_s_feeling_for_a_line_comes_first(feeling: str, can: tuple[str, ...], shown: str) -> None:
    cue = Cue(heard="Are you thirsty?", lines=(("Are you thirsty?", "Water."),), feelings=(feeling,), emotions=can)
    assert play(cue) == {"say": "Water.", "emotion": shown, "do": []}


def test_an_author_s_own_names_are_understood() -> None:
    line = (("You fool!", "How dare you!"),)
    assert play(Cue(heard="You fool!", lines=line, emotions=("neutral", "stern")))["emotion"] == "stern"
