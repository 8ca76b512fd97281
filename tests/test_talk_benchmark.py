"""The measuring of the talk measures: visits can be played, requests made possible, figures count what they say."""

from __future__ import annotations

import pytest

from benchmarks.room_visit import Heard, visit
from benchmarks.talk_quality import CAST, figures, lines
from benchmarks.talk_requests import REQUESTS, Asked
from openroom.models.understudy.understudy import Understudy


@pytest.mark.parametrize("character", CAST)
def test_a_visit_has_twenty_turns_and_thirty_requests(character: str) -> None:
    said = lines(character, 0)
    assert len(said) == 20
    assert sum(len(asked) for _, asked in said) == 30
    assert said == lines(character, 0)


@pytest.mark.parametrize("scene", REQUESTS)
async def test_every_request_can_be_made_possible(scene: str) -> None:
    who = next(character for character, where in CAST.items() if where == scene)
    async with visit(Understudy(), scene, alone_with=who) as here:
        await here.greeted()
        for asked in REQUESTS[scene]:
            assert await here.prepare(asked), asked


async def test_what_was_done_is_read_from_the_log() -> None:
    async with visit(Understudy(), "tea_room", alone_with="mira") as here:
        await here.greeted()
        lit = await here.say("Please light the lamp.", [Asked("", ("lamp.light",))])
        talk = await here.say("Good evening to you.", [Asked("", ("samovar.heat",))])
    assert lit.done == [True]
    assert lit.deeds == ["lamp.light"]
    assert lit.first is not None
    assert talk.done == [False]


def test_figures_count_claims_and_repetitions() -> None:
    call = {"how": "clean"}
    agreed = Heard("", [["a"]], outcome="said", say=["Of course, at once."], done=[False]).as_json()
    declined = Heard("", [["a"]], outcome="said", say=["No, not tonight."], done=[False]).as_json()
    done = Heard("", [["a"]], outcome="said", say=["Of course, at once."], done=[True]).as_json()
    failed = Heard("", outcome="failed").as_json()
    got = figures([turn | {"calls": [call]} for turn in (agreed, declined, done, failed)])
    assert got["valid"] == 75
    assert got["requests"] == 3
    assert got["claimed"] == pytest.approx(100 / 3)
    assert got["repeated"] == 1
