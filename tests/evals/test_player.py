"""A case is played in a real room, through the pipeline that players use."""

from __future__ import annotations

import json

import pytest

from openroom.errors import ModelTimeout, ModelUnreachable
from openroom.evals.played import load_played
from openroom.evals.player import Troupe, play
from openroom.models.scripted import ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.tuning.edits import AddRule, apply_edit
from tests.evals.conftest import case, reply, speaks


async def test_a_line_is_answered_and_everything_about_it_is_kept(library):
    model = ScriptedModel([("", reply("It is a green hat.", emotion="happy"))])
    found = await play(Troupe(library, model), "vera", case(steps=[{"say": "What do you wear?", "as": "q"}]))
    (one,) = found.own(["q"])
    assert (one.heard, one.say, one.emotion, one.outcome) == (
        "What do you wear?",
        "It is a green hat.",
        "happy",
        "said",
    )
    assert one.seq in {line.seq for line in found.lines}
    assert "green hat" in found.prompts[0][1]
    assert (found.spent.calls, found.missing) == (1, "")
    assert found.text().splitlines()[:2] == ["heard: What do you wear?", "say: It is a green hat."]
    assert load_played(json.loads(json.dumps(found.dump()))) == found


async def test_the_harness_under_test_is_the_one_that_plays(library):
    model = speaks(lambda _heard, prompt: "With the rule." if "Say it with the rule" in prompt else "Without it.")
    harness = library.characters["vera"].harness()
    candidate = apply_edit(harness, AddRule(id="extra", text="Say it with the rule."))
    says = [
        (await play(Troupe(library, model), "vera", case(), version)).replies[0].say for version in (harness, candidate)
    ]
    assert says == ["Without it.", "With the rule."]


async def test_deeds_change_the_real_room_and_a_refused_one_is_told(library):
    model = ScriptedModel([("", reply("I light it.", do=["lamp.light"]))])
    steps = [{"say": "Light the lamp, please.", "as": "q"}]
    found = await play(Troupe(library, model), "vera", case(steps=steps))
    assert [deed.id for deed in found.replies[0].deeds] == ["lamp.light"]
    assert (found.before["lamp"]["lit"], found.after["lamp"]["lit"]) == (False, True)


async def test_visitors_come_whisper_use_things_and_go(library):
    model = speaks(lambda heard, _prompt: f"I heard {heard}")
    steps = [
        {"use": "lamp.light", "by": "ann"},
        {"use": "lamp.light", "by": "ann", "if_possible": True},
        {"say": "between us", "by": "ann", "whisper": True, "as": "w"},
        {"enter": "ben"},
        {"say": "Vera, good evening", "by": "ben", "as": "b"},
        {"leave": "ann"},
        {"wait": 90},
        {"say": "Vera, is anybody here?", "as": "late"},
    ]
    people = [{"id": "ann", "name": "Ann"}, {"id": "ben", "name": "Ben", "waits": True}]
    found = await play(Troupe(library, model), "vera", case(steps=steps, visitors=people))
    assert found.missing == ""
    (whispered,) = found.own(["w"])
    assert whispered.to == ("player:ann",)
    assert found.own(["b"])[0].by == "player:ben"
    assert found.own(["late"])[0].by == "player:ben", "who is left speaks"
    assert [line.kind for line in found.lines if line.name == "Ben"][:1] == ["entered"]


async def test_a_step_that_cannot_be_played_is_said_and_ends_the_case(library):
    model = speaks(lambda _heard, _prompt: "Yes.")
    found = await play(
        Troupe(library, model), "vera", case(steps=[{"use": "lamp.put_out"}, {"say": "Vera, so?", "as": "q"}])
    )
    assert "lamp.put_out is not possible" in found.missing
    assert found.replies == ()


async def test_the_same_seed_gives_the_same_seeds_to_the_model_and_another_gives_others(library):
    seeds = []
    for seed in (1, 1, 2):
        model = speaks(lambda _heard, _prompt: "Yes.")
        await play(Troupe(library, model), "vera", case(), seed=seed)
        seeds.append([request.sampling.seed for request in model.requests])
    assert seeds[0] == seeds[1] != seeds[2]


async def test_a_model_that_is_gone_stops_the_run_but_a_slow_one_is_a_failed_turn(library):
    with pytest.raises(ModelUnreachable):
        await play(Troupe(library, ScriptedModel([("", ModelUnreachable("gone"))])), "vera", case())
    found = await play(Troupe(library, ScriptedModel([("", ModelTimeout("slow"))])), "vera", case())
    assert (found.replies[0].say, found.replies[0].outcome) == ("", "failed")
    assert found.replies[0].error.startswith("timeout")


async def test_a_visitor_may_be_played_by_a_model(library):
    model = ScriptedModel(
        [
            (lambda request: request.purpose == "visitor", '"Ann: Vera, what is behind the door?"'),
            ("", reply("A garden.")),
        ]
    )
    steps = [{"talk": 2, "goal": "Find out what is behind the door.", "as": "t"}]
    found = await play(Troupe(library, model), "vera", case(steps=steps))
    heard = [one.heard for one in found.own(["t"])]
    assert len(heard) == 2
    assert "behind the door" in heard[0]


async def test_a_visitor_whom_no_model_can_play_makes_the_case_fail_and_stops_nothing(library):
    found = await play(Troupe(library, Understudy()), "vera", case(steps=[{"talk": 2, "goal": "Ask about tea."}]))
    assert "needs a language model" in found.missing


async def test_company_is_in_the_room_only_where_the_case_says_so(library):
    model = speaks(lambda _heard, _prompt: "Good evening.")
    alone = await play(Troupe(library, model), "vera", case())
    both = await play(Troupe(library, model), "vera", case(company=["otto"], steps=[{"say": "Vera, Otto, hello?"}]))
    assert "character:otto" not in alone.people
    assert {one.who for one in both.replies} == {"character:vera", "character:otto"}


async def test_the_understudy_plays_a_case_without_any_model(library):
    found = await play(Troupe(library, Understudy()), "vera", case(steps=[{"say": "It is dark.", "as": "q"}]))
    assert found.own(["q"])[0].say
