"""Which facts a line asks about: those that the guard puts at hand."""

from __future__ import annotations

from openroom.cast.turn.facts import asked_about
from openroom.core.character import Fact

FACTS = (
    Fact(
        id="years", text="Has kept the tea room for twenty-two years.", ask=("How long have you kept this tea room?",)
    ),
    Fact(id="trade", text="Mended clocks before that.", ask=("What did you do before the tea room?",)),
    Fact(id="scar", text="Burnt her thumb on the samovar.", ask=("What happened to your thumb?",)),
)


def ids(heard: str, most: int = 3) -> list[str]:
    return [fact.id for fact in asked_about(FACTS, heard, most)]


def test_the_nearest_fact_comes_first_and_no_more_than_wanted() -> None:
    assert ids("How long have you kept the tea room, if I may ask?")[0] == "years"
    assert ids("One question: what happened to your thumb?") == ["scar"]
    assert len(ids("How long have you kept the tea room, and what did you do before?")) == 2
    assert len(ids("How long have you kept the tea room, and what did you do before?", 1)) == 1


def test_a_line_about_something_else_has_none() -> None:
    for line in ("", "It rained all day.", "Guten Abend!", "Do you believe that people can change, deep down?"):
        assert ids(line) == []
    assert asked_about((), "What happened to your thumb?", 3) == []


def test_a_word_of_measure_alone_makes_no_fact_the_answer() -> None:
    sober = (Fact(id="sober", text="I have been sober for six years.", ask=("How long have you been sober?",)),)
    assert [one.id for one in asked_about(sober, "How long have you been sober?", 1)] == ["sober"]
    assert asked_about(sober, "How long have you been on this station?", 1) == []
