"""A tasting in the log: the order follows from the seed, the verdict from the picks, and a null passes seldom."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.tuning.audit.chain import Chain, Entry, verify
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.audit.tastings import (
    ALPHA,
    PAIRS,
    Tastings,
    better_of,
    candidate_is_left,
    commitment,
    sampling_seed,
    sign_p,
    unsound,
)

ANSWERS = {"candidate": "1" * 64, "released": "2" * 64}
BODY = {"round": "mira-1/0/improve", "candidate": "c" * 64, "against": ""}


def line(at: int, kind: str, **more: Any) -> Entry:
    return Entry(seq=at, kind=kind, body={**BODY, **more}, prev_hash="", hash="")


def log(picks: str, pairs: int | None = None) -> list[Entry]:
    """A tasting in which somebody pressed l, r or b for each pair."""
    found = [line(0, "tasting", pairs=len(picks) if pairs is None else pairs, alpha=ALPHA)]
    for number, key in enumerate(picks):
        seed, pick = f"s{number}", {"l": "left", "r": "right", "b": "bad"}[key]
        told = {"number": number, "room": "tea_room", "seq": number + 5, "commit": commitment(seed, ANSWERS)}
        found.append(line(len(found), "tasting_pair", **told))
        told = {"number": number, "seed": seed, "answers": ANSWERS, "pick": pick, "better": better_of(seed, pick)}
        found.append(line(len(found), "tasting_pick", **told))
    tastings = Tastings()
    assert [tastings.take(one) for one in found] == [""] * len(found)
    if len(picks) >= found[0].body["pairs"]:
        found.append(line(len(found), "tasting_answer", **tastings.of("c" * 64, "").result()))
    return found


def last(entries: list[Entry]) -> Any:
    tastings = Tastings()
    for one in entries:
        tastings.take(one)
    return tastings.of("c" * 64, "")


@pytest.mark.parametrize(
    ("better", "worse", "p"), [(0, 0, 1.0), (1, 0, 0.5), (5, 0, 1 / 32), (4, 1, 6 / 32), (15, 5, 21700 / 2**20)]
)
def test_the_sign_test_is_exact(better: int, worse: int, p: float) -> None:
    assert sign_p(better, worse) == p


@given(st.integers(0, 40))
def test_a_null_candidate_passes_in_at_most_five_of_a_hundred(n: int) -> None:
    """Whatever falls to both bad: of the n that are left each is a fair coin."""
    coins = [1]  # in how many of all falls of n coins so many come up heads: Pascal's triangle, row by row
    for _ in range(n):
        coins = [one + other for one, other in zip([0, *coins], [*coins, 0], strict=True)]
    passing = sum(ways for heads, ways in enumerate(coins) if sign_p(heads, n - heads) <= ALPHA)
    assert passing / 2**n <= ALPHA


@given(st.text(min_size=1, max_size=20), st.sampled_from(["left", "right"]))
def test_one_of_two_is_better_and_the_other_not(seed: str, pick: Any) -> None:
    other: Any = "right" if pick == "left" else "left"
    assert {better_of(seed, pick), better_of(seed, other)} == {"candidate", "released"}
    assert better_of(seed, "bad") == "neither"
    assert 0 <= sampling_seed(seed) < 2**31


def test_the_candidate_stands_left_as_often_as_right() -> None:
    left = sum(candidate_is_left(f"seed {number}") for number in range(4000))
    assert 1800 < left < 2200


@given(st.text(alphabet="lrb", min_size=1, max_size=PAIRS))
def test_the_verdict_follows_from_the_picks(picks: str) -> None:
    entries = log(picks)
    assert unsound(entries) == []
    tasting = last(entries)
    assert tasting.count("neither") == picks.count("b")
    assert (tasting.state == "passed") == (sign_p(tasting.count("candidate"), tasting.count("released")) <= ALPHA)


@pytest.mark.parametrize(
    ("at", "changes", "why"),
    [
        (2, {"better": "neither"}, "does not follow from the seed"),
        (2, {"seed": "another"}, "not what was bound before"),
        (2, {"answers": {**ANSWERS, "candidate": "3" * 64}}, "not what was bound before"),
        (2, {"number": 7}, "is not as a tasting goes"),
        (3, {"number": 0}, "pair 0 was there"),
        (-1, {"passed": True}, "passed do not follow"),
        (-1, {"better": 99}, "better do not follow"),
        (1, {"number": "x"}, "is not as a tasting goes"),
    ],
)
def test_what_does_not_follow_is_found(at: int, changes: dict[str, Any], why: str) -> None:
    entries = log("lrbl")
    entries[at] = entries[at].model_copy(update={"body": {**entries[at].body, **changes}})
    assert any(why in problem for problem in unsound(entries))


def test_nothing_ends_early_goes_on_after_its_end_or_begins_twice() -> None:
    done = log("lrl")
    assert "it was over" in unsound([*done, done[1]])[0]
    assert "was tasted against that one before" in unsound([*done, done[0]])[0]
    assert "2 of 3 pairs were judged" in unsound([*done[:5], done[-1]])[0]
    assert last(log("ll", pairs=3)).state == "open"


def test_audit_verify_finds_a_signed_verdict_that_does_not_follow(tmp_path: Any) -> None:
    heads = HeadKeeper(tmp_path / "heads")
    with Chain(tmp_path / "log", heads) as chain:
        for one in log("lrl")[:-1]:
            chain.append(one.kind, one.body)
        assert verify(tmp_path / "log", heads).ok
        chain.append("tasting_answer", {**log("lrl")[-1].body, "passed": True, "p": 0.01})
    found = verify(tmp_path / "log", heads)
    assert not found.ok
    assert "do not follow from what was picked" in found.problems[0]
