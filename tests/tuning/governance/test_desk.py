"""Governance: who may decide what, on which evidence, until when; and back again, to the same bytes."""

from __future__ import annotations

from typing import Any

import pytest

from openroom.core.harness import Harness
from openroom.errors import AccessError, StoreCorrupt
from openroom.tuning.audit.record import Arm, RolloutRow, RoundRecord, Split
from openroom.tuning.edits import AddRule
from openroom.tuning.governance.desk import Desk, evidence_against
from openroom.tuning.governance.states import MOVES, check_path
from openroom.tuning.rounds.attempt import patch_of
from tests.tuning.governance.conftest import House


def test_a_candidate_goes_all_the_way(house: House) -> None:
    round_id = house.round("tea")
    before = house.desk.active("mira").released
    assert house.desk.approve(house.approval(round_id)).state == "approved"
    item = house.desk.start_canary(round_id, 0.2, by="ann")
    trials = [house.desk.active("mira").trial(f"turn {n}") for n in range(1000)]
    assert set(trials) == {item.version, None}
    shares = trials.count(item.version) / 1000
    assert 0.15 < shares < 0.25
    house.tasted(round_id)
    house.desk.release(round_id, "ben")
    active = house.desk.active("mira")
    assert (active.released, active.trial("any")) == (item.version, None)
    assert house.desk.active("mira").history[-1] == before


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"by": "mallory"}, "expected an operator"),
        ({"by": "templates"}, "expected an operator"),
        ({"patch_digest": "0" * 64}, "another patch"),
        ({"evidence_digest": "0" * 64}, "other evidence"),
        ({"expires": 999.0}, "not expired"),
    ],
)
def test_an_approval_that_does_not_fit_is_refused_and_logged(
    house: House, changes: dict[str, Any], reason: str
) -> None:
    round_id = house.round("tea")
    with pytest.raises(AccessError, match=reason):
        house.desk.approve(house.approval(round_id, **changes))
    assert house.desk.item(round_id).state == "awaiting_approval"
    assert house.refusals() == [(changes.get("by", "ann"), f"approve {round_id}")]


def test_who_proposed_cannot_approve_or_release(house: House) -> None:
    round_id = house.round("tea", operator="ann")
    with pytest.raises(AccessError, match="proposed it"):
        house.desk.approve(house.approval(round_id))
    house.desk.approve(house.approval(round_id, by="ben"))
    with pytest.raises(AccessError, match="did not propose it"):
        house.desk.release(round_id, "ann")


def test_an_approval_counts_once(house: House) -> None:
    round_id = house.round("tea")
    approval = house.approval(round_id)
    house.desk.approve(approval)
    with pytest.raises(AccessError, match="allows"):
        house.desk.approve(approval)


def test_waiting_too_long_rejects(house: House) -> None:
    round_id = house.round("tea")
    late = house.approval(round_id, expires=5000.0)
    house.clock.now = 1101.0
    with pytest.raises(AccessError, match="time is over"):
        house.desk.approve(late)
    assert [item.round_id for item in house.desk.sweep()] == [round_id]
    assert house.desk.item(round_id).state == "expired"
    with pytest.raises(AccessError):
        house.desk.approve(late)


def test_a_breach_takes_the_canary_back_by_itself(house: House) -> None:
    round_id = house.round("tea", state="auto_kept")
    before = house.desk.active("mira").released
    house.checkpoint()
    house.desk.start_canary(round_id, 0.5)
    house.desk.breach(round_id, "traps: 1 case lost")
    assert house.desk.item(round_id).state == "rolled_back"
    active = house.desk.active("mira")
    assert active.released == before
    assert {active.trial(str(turn)) for turn in range(50)} == {None}


def test_a_canary_plays_more_for_a_while_and_the_log_says_so(house: House) -> None:
    round_id = house.round("tea", state="auto_kept")
    house.checkpoint()
    house.desk.start_canary(round_id, 0.2)
    house.desk.play_more(round_id, 0.5, "2 of its 2 live turns failed")
    active = house.desk.active("mira")
    assert (active.share, active.usual) == (0.5, 0.2)
    assert (house.desk.item(round_id).state, house.desk.item(round_id).share) == ("canary", 0.2)
    last = house.desk.chain.entries[-1]
    assert (last.body["do"], last.body["share"], last.actor) == ("share", 0.5, "loop")
    with pytest.raises(AccessError, match=r"up to \.5"):
        house.desk.play_more(round_id, 0.9, "far too much")
    assert Desk(house.desk.chain, ("ann",), house.clock).active("mira") == active, "a desk reads the same from the log"
    house.desk.play_more(round_id, 0.2, "2 of its 4 live turns failed")
    house.desk.breach(round_id, "it fails")
    seen = len(house.desk.chain.entries)
    house.desk.play_more(round_id, 0.5, "too late")
    assert len(house.desk.chain.entries) == seen, "a canary that no longer plays has no share"


def test_the_loop_releases_tier_zero_and_nothing_else(house: House) -> None:
    sampling = house.round("warm", state="auto_kept", tier=0)
    with pytest.raises(AccessError, match="been through a checkpoint"):
        house.desk.start_canary(sampling, 0.5)
    house.checkpoint()
    house.desk.start_canary(sampling, 0.5)
    with pytest.raises(AccessError, match="has not been asked"):
        house.desk.release(sampling, "loop", "I am sure of it")
    house.holdout(sampling)
    assert house.desk.release(sampling, "loop").state == "released"
    rule = house.round("tea", state="auto_kept", tier=1)
    house.checkpoint()
    house.desk.start_canary(rule, 0.5)
    with pytest.raises(AccessError, match="operator"):
        house.desk.release(rule, "loop")


def test_the_loop_releases_nothing_that_brings_a_higher_tier_along(house: House) -> None:
    house.round("tea", state="auto_kept", tier=1)
    sampling = house.round("warm", state="auto_kept", tier=0)
    house.checkpoint()
    house.desk.start_canary(sampling, 0.5)
    house.holdout(sampling)
    assert not house.desk.may_loop_release(sampling)
    with pytest.raises(AccessError, match=r"run/tea under it is T1"):
        house.desk.release(sampling, "loop")
    assert house.desk.release(sampling, "ben").state == "released"


def test_a_fault_at_a_checkpoint_takes_the_whole_line_since_the_last_one_out(house: House) -> None:
    sound = house.round("tea", state="auto_kept")
    house.checkpoint()
    bad = [house.round("rain", state="auto_kept"), house.round("fog")]
    house.desk.start_canary(bad[0], 0.5, by="ann")
    house.checkpoint("traps: 1 case lost")
    assert house.desk.item(sound).state == "auto_kept"
    assert house.desk.item(sound).checked
    assert {house.desk.item(one).state for one in bad} == {"quarantined"}
    assert "traps: 1 case lost" in house.desk.item(bad[1]).against[0]
    assert house.desk.active("mira").canary == ""
    with pytest.raises(AccessError, match="allows"):
        house.desk.approve(house.approval(bad[1]))


@pytest.mark.parametrize(
    ("kind", "found", "reason"),
    [
        ("", {}, "has not been asked"),
        ("holdout_answer", {"passed": False}, "shows no gain"),
        ("holdout_off", {"why": "nobody answered"}, r"could not be played.*\(nobody answered\)"),
    ],
)
def test_what_the_holdout_has_not_passed_is_released_in_words_only(
    house: House, kind: str, found: dict[str, Any], reason: str
) -> None:
    round_id = house.round("tea", tier=2)
    house.desk.approve(house.approval(round_id))
    house.desk.start_canary(round_id, 0.2, by="ann")  # a canary it may be
    if kind:
        house.holdout(round_id, kind, **found)
    with pytest.raises(AccessError, match=reason):
        house.desk.release(round_id, "ben")
    with pytest.raises(AccessError, match=reason):
        house.desk.release(round_id, "ben", " ok ")
    assert house.desk.release(round_id, "ben", "she says traveller, we listened").state == "released"
    body = [entry.body for entry in house.chain.entries if entry.kind == "governance"][-1]
    assert body["why"] == "released all the same: she says traveller, we listened"
    assert body["holdout"] == {"": "not_asked", "holdout_off": "unplayed"}.get(kind, "failed")
    assert house.refusals() == [("ben", f"release {round_id}")] * 2


def test_an_answer_of_the_holdout_stays_and_holds_against_one_released_version(house: House) -> None:
    first, second = house.round("tea", tier=2), house.round("rain", tier=2)
    for round_id in (first, second):
        house.desk.approve(house.approval(round_id))
        house.holdout(round_id)
        house.holdout(round_id, "holdout_off", why="asked again")
        house.holdout(round_id, passed=False)
    assert [item.holdout for item in house.desk.items()] == ["passed", "passed"]
    assert house.desk.release(first, "ben").holdout == "passed"
    with pytest.raises(AccessError, match="has not been asked"):  # against the version that is released now
        house.desk.release(second, "ben")


def test_wording_that_a_run_suggests_is_released_by_a_tasting_or_in_words(house: House) -> None:
    round_id = house.round("tea")
    house.desk.approve(house.approval(round_id))
    house.holdout(round_id)  # which is not what releases it
    assert house.desk.item(round_id).tasting == "not_begun"
    with pytest.raises(AccessError, match="blind tasting, which has not begun"):
        house.desk.release(round_id, "ben")
    house.tasted(round_id, better=11, worse=7)
    assert house.desk.item(round_id).tasting == "failed"
    with pytest.raises(AccessError, match="did not show that it is preferred"):
        house.desk.release(round_id, "ben")
    assert house.desk.release(round_id, "ben", "eleven of eighteen is enough").state == "released"
    body = [entry.body for entry in house.chain.entries if entry.kind == "governance"][-1]
    assert (body["tasting"], body["why"]) == ("failed", "released all the same: eleven of eighteen is enough")


@pytest.mark.parametrize(("tier", "state"), [(0, "awaiting_approval"), (2, "awaiting_approval"), (1, "auto_kept")])
def test_nothing_else_wants_a_tasting(house: House, tier: int, state: str) -> None:
    assert house.desk.item(house.round("tea", state, tier)).tasting == "not_needed"


def test_a_tasting_counts_for_the_whole_line_and_against_one_released_version(house: House) -> None:
    wording, sampling = house.round("tea"), house.round("warm", tier=0)
    assert house.desk.item(sampling).tasting == "not_begun"  # it brings the wording along
    house.tasted(sampling)
    for round_id in (wording, sampling):
        house.desk.approve(house.approval(round_id))
    house.desk.release(wording, "ben", "we like the tea very much")
    assert house.desk.item(sampling).tasting == "not_needed"  # only its sampling is new now
    knowledge = house.round("rain", tier=2)
    assert house.desk.item(knowledge).tasting == "not_needed"


def test_rollback_gives_the_same_bytes_and_is_one_entry(house: House) -> None:
    first = house.desk.active("mira").released
    stored = house.chain.blobs.get(first)
    for name in ("tea", "rain"):
        round_id = house.round(name)
        house.desk.approve(house.approval(round_id))
        house.tasted(round_id)
        house.desk.release(round_id, "ben")
    before = len(house.chain.entries)
    house.desk.rollback("mira", "ann", to=first)
    assert len(house.chain.entries) == before + 1
    assert house.desk.active("mira").released == first
    assert house.desk.harness(first).canonical_json() == stored == Harness().canonical_json()
    with pytest.raises(AccessError, match="expected a version that"):
        house.desk.rollback("mira", "ann", to="f" * 64)
    with pytest.raises(AccessError, match="expected an operator"):
        house.desk.rollback("mira", "mallory")


def test_a_version_whose_bytes_are_gone_is_not_activated(house: House) -> None:
    first = house.desk.active("mira").released
    round_id = house.round("tea")
    house.desk.approve(house.approval(round_id))
    house.tasted(round_id)
    item = house.desk.release(round_id, "ben")
    data = house.chain.blobs.get(first)
    house.chain.blobs.path(first).unlink()
    with pytest.raises(StoreCorrupt, match="missing"):
        house.desk.rollback("mira", "ann")
    assert house.desk.active("mira").released == item.version
    house.chain.blobs.put(data)


def test_nothing_is_released_on_top_of_what_was_turned_down(house: House) -> None:
    first, second = house.round("tea", state="auto_kept"), house.round("rain", state="auto_kept")
    house.desk.reject(first, "ann", "out of voice")
    with pytest.raises(AccessError, match="is rejected"):
        house.desk.release(second, "ann")
    with pytest.raises(AccessError, match="with a reason"):
        house.desk.reject(second, "ann", " ")


def test_a_new_desk_reads_the_same_from_the_log(house: House) -> None:
    round_id = house.round("tea")
    house.desk.approve(house.approval(round_id))
    house.desk.start_canary(round_id, 0.3, by="ann")
    again = Desk(house.chain, ["ann"], house.clock, patience=100.0)
    assert again.items() == house.desk.items()
    assert again.active("mira") == house.desk.active("mira")


def test_a_version_has_one_lineage_that_of_the_first_round_that_brought_it(house: House) -> None:
    start = house.head
    first, second = house.round("tea", state="rejected"), house.round("rain")
    rain = house.desk.item(second)
    versions = [house.desk.version("mira", digest) for digest in (start.digest, rain.parent, rain.version)]
    assert [one.parent for one in versions] == [None, start.digest, rain.parent]
    assert [one.note for one in versions] == ["", f"round {first}", f"round {second}"]
    assert versions[0].body == start.canonical_json()
    for name in (rain.version, start.digest):  # two rounds come to what was there before them
        record = RoundRecord(
            round_id=f"run/again/{name}",
            number=9,
            character="mira",
            purpose="prune",
            parent_version="e" * 64,
            candidate_version=name,
            states=("draft", "static_ok", "screened", "gated", "rejected"),
        )
        house.chain.append("note", {"kind": "round", "note": record.model_dump(mode="json", exclude_none=True)})
    assert versions == [house.desk.version("mira", one.digest) for one in versions]


def test_evidence_against_leads(house: House) -> None:
    against = house.desk.item(house.round("tea")).against
    assert "voice: only 2 pairs" in against
    assert "the prompt grows by 4 tokens" in against


def test_what_a_visit_followed_less_of_is_no_case_that_was_lost() -> None:
    def row(case: str, split: Split, arm: Arm, **scores: float) -> RolloutRow:
        named = {name.replace("_", "."): score for name, score in scores.items()}
        return RolloutRow(case=case, split=split, seed=1, arm=arm, harness="0" * 64, scores=named)

    rows = (
        row("long", "visit", "incumbent", voice=0.75, voice_length=0.75),
        row("long", "visit", "candidate", voice=0.5, voice_length=0.5),
        row("asked", "gate", "incumbent", voice=0.0, voice_address=1.0),
        row("asked", "gate", "candidate", voice=0.0, voice_address=0.0),
        row("lost", "gate", "incumbent", voice=1.0),
        row("lost", "gate", "candidate", voice=0.0),
    )
    record = RoundRecord(round_id="run/1", number=1, character="mira", parent_version="", rollouts=rows)
    assert evidence_against(record) == ["1 case the incumbent passed and the candidate failed: lost"]


def test_a_record_with_an_impossible_path_is_quarantined(house: House) -> None:
    edit = AddRule(id="x", text="Jump the queue.")
    record = RoundRecord(
        round_id="run/x",
        number=1,
        character="mira",
        parent_version="",
        kept_version="0" * 64,
        patch=patch_of(Harness(), [edit]),
        states=("draft", "auto_kept"),
    )
    house.chain.append("note", {"kind": "round", "note": record.model_dump(mode="json", exclude_none=True)})
    assert house.desk.item("run/x").state == "quarantined"
    with pytest.raises(AccessError):
        house.desk.start_canary("run/x", 0.1)


def test_the_table_of_moves() -> None:
    ends = {to for tos in MOVES.values() for to in tos} - set(MOVES)
    assert ends == {"rejected", "expired", "rolled_back", "quarantined"}
    assert check_path(("draft", "static_ok", "screened", "gated", "auto_kept", "canary", "released")) == ""
    assert check_path(("draft", "released")) == "goes from draft to released"
    assert check_path(("released",)) == "does not begin as a draft"
