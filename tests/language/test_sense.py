"""What a reply is held against, where it is in a language of which little is known."""

from __future__ import annotations

import pytest

from openroom.language import slips
from openroom.language.sense.moment import Moment
from openroom.language.sense.nonsense import FLAWS, language_of, nonsense
from openroom.language.sense.things import Seen

LAMP = Seen("lamp", "Lamp", (frozenset({"off"}),))
MOMENT = Moment("Mira", heard="Bonsoir, est-ce que vous avez une lampe ici?", visitor="Ann", things=(LAMP,))
FRENCH = "Je ne sais pas, mais je suis ici avec vous et la lampe."


@pytest.mark.parametrize("wanted", ["en", "fr", "ja"])
def test_a_reply_in_another_language_is_read_as_english_and_makes_sense(wanted: str) -> None:
    assert language_of(FRENCH, wanted) == "en"
    assert nonsense(MOMENT, FRENCH, wanted) is None


@pytest.mark.parametrize("code", sorted(slips.SLIPS))
def test_no_flaw_fails_at_an_empty_line(code: str) -> None:
    assert [flaw(Moment("Mira"), "", code) for flaw in FLAWS] == [None] * len(FLAWS)


@pytest.mark.parametrize(
    ("heard", "say", "found"),
    [
        ("Please light the lamp.", "Light the lamp.", True),
        ("Please light the lamp, and open the door.", "Open the door.", True),
        ("Please light the lamp and the stove.", "Light the lam.", False),  # words are whole
        ("The lamp is old. Please light the stove.", "Light the lamp.", False),
        ("Could we have it dark?", "Could we have it dark?", True),
        ("Make it dark now, please.", "Could we make it dark?", False),  # it wonders
        ("Tea, please.", "Tea, please.", True),
    ],
)
def test_an_order_that_is_given_back(heard: str, say: str, found: bool) -> None:
    assert bool(slips.given_back(heard, say, "en")) is found


@pytest.mark.parametrize(
    ("heard", "strict", "found"),
    [
        ("Does anybody ever come here twice?", True, True),
        ("Do you like phone apps?", True, False),
        ("Does anybody ever come here twice?", False, False),
    ],
)
def test_what_it_never_heard_of_is_named_by_nobody(heard: str, strict: bool, found: bool) -> None:
    at = Moment("Mira", heard=heard, unknown=("phone apps", "football results"), strict=strict)
    flaw = nonsense(at, "No, traveller. I never hear of phone apps, football results.", "en")
    assert (flaw is not None and flaw[0] == "names what it never heard of") is found


def test_a_remark_is_answered_as_one_likes_whatever_is_done_meanwhile() -> None:
    at = Moment("Mira", "It's gloomy in here, isn't it?", acts=True, doing="light the lamp", strict=True)
    assert nonsense(at, "The rain is dark and cold.", "en") is None


@pytest.mark.parametrize(
    ("say", "found"),
    [
        ("It's a tea room.", True),
        ("The next cup is for you.", True),
        ("Of course, traveller.", False),
        ("There. The room asked for it too.", False),
        ("It is cold, I know.", False),
        ("The lamp is an old one.", True),
        ("As you like.", False),
    ],
)
def test_what_is_said_with_a_deed_is_about_it(say: str, found: bool) -> None:
    doing = "close the window"
    heard = "It is getting cold, close the window, please."
    authored = ("There. The room asked for it too.",)
    at = Moment(
        "Mira", heard, address="traveller", things=(LAMP,), authored=authored, acts=True, doing=doing, strict=True
    )
    flaw = nonsense(at, say, "en")
    assert (flaw is not None and flaw[0].startswith("speaks of something else")) is found, flaw
