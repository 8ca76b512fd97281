"""A full stop that only shortens a word ends no sentence, in any of the languages."""

from __future__ import annotations

import pytest

from openroom.language.sentences import Cutter, sentences

CUT = [
    "Good evening, Mr. Holmes.|Mrs. Hudson and Dr. Watson left you a note.",
    "Mr. J. R. R. Tolkien sat at that table.|He paid in riddles.",
    "It is in the U.S. Navy, not in the U.S.|He knows.",
    "No. 5 is mine.|No.|I said no.|Five men came.",
    "Neither can I.|Then we wait.",
    "Vitamin C.|It helps.",
    "Come at 5 p.m.|We have bread, tea etc. and more.",
    "It cost 3.5 crowns in 1962.|Nobody paid.",
    "She sat.|Anna slept.",
    "Das war am 3. Mai, im 19. Jahrhundert.|Um 3.|Dann gingen wir.",
    "Frau Dr. Braun kam z. B. um fünf.|Er blieb ca. zwei Std. bzw. länger.",
    "Haus Nr. 7, Abb. 3.|Ja.",
    "El Sr. García y la Sra. López viven en EE. UU. desde 1990.|Ud. también, D. José.",
    "Vive en la Avda. Mayor, núm. 5.|Sí.",
    "Dr. 田中が来た。|第3.5章です。",
    "我见过 Mr. Smith。|他很好。",
    "“Come, Dr. Watson.”|(Mr. Holmes smiled.)|Good.",
    "No.|Yes",
    "Good evening, Mr. Holmes",
]


@pytest.mark.parametrize("line", CUT)
def test_a_shortened_word_ends_no_sentence(line: str) -> None:
    wanted = line.split("|")
    assert sentences(line.replace("|", " ")) == wanted
    assert sentences(line.replace("|", "\n")) == wanted


def test_a_line_break_ends_one_all_the_same() -> None:
    assert sentences("The U.S.\nnavy") == ["The U.S.", "navy"]


@pytest.mark.parametrize("line", CUT)
def test_it_is_so_while_the_words_come_one_by_one(line: str) -> None:
    text, cutter = line.replace("|", " "), Cutter()
    found = [one for char in text for one in cutter.feed(char)]
    assert [one.strip() for one in (*found, *cutter.rest())] == sentences(text)
