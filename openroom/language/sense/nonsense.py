"""Whether a reply can be an answer of this character to this line, in this room: one mistake of small models each.

What is looked at is a `Moment`: plain values, so that the guards of a turn and the checks of evaluations ask the same.
A good reply must hardly ever fail, so each function looks for what can be shown; most nonsense passes them. How far
they agree with people: docs/lab/sense.md.
"""

from __future__ import annotations

from openroom.language import slips
from openroom.language.detect import detect, guess_language
from openroom.language.sense.manner import says_twice, serves, steps_out
from openroom.language.sense.moment import Flaw, Moment
from openroom.language.sense.page import borrows, names_the_unknown, reads_aloud, said_aloud
from openroom.language.sense.room import goes_away, speaks_past_its_deed, untrue_to_room
from openroom.language.sense.said import (
    asks_it_back,
    asks_what_was_said,
    breaks_its_word,
    given_back,
    says_it_back,
    takes_for_its_own,
    takes_nothing_up,
)
from openroom.language.sense.who import calls_itself, names_itself, other_part, says_i, talks_past, tells_of_the_other

FLAWS = (
    calls_itself,
    other_part,
    given_back,
    breaks_its_word,
    untrue_to_room,
    said_aloud,
    reads_aloud,
    names_the_unknown,
    serves,
    steps_out,
    takes_for_its_own,
    asks_it_back,
    names_itself,
    says_i,
    says_twice,
    borrows,
    asks_what_was_said,
    talks_past,
    tells_of_the_other,
    says_it_back,
    goes_away,
    speaks_past_its_deed,
    takes_nothing_up,
)


def language_of(say: str, wanted: str) -> str:
    """The language a reply is read in: where nothing tells, the one that is ``wanted``; one that has no words of its
    own (`slips.SLIPS`) is read as English."""
    found = detect(say) or (wanted if wanted in slips.SLIPS else guess_language(say))
    return found if found in slips.SLIPS else "en"


def nonsense(at: Moment, say: str, wanted: str) -> Flaw | None:
    """The first flaw of a reply, by any of these."""
    code = language_of(say, wanted)
    return next((found for flaw in FLAWS if (found := flaw(at, say, code))), None)
