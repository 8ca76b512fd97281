"""The benchmark of plain cards: cards and digests hold, and all arms are played; stopped, it goes on without a call."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from openroom.errors import SettingsError
from openroom.evals.freeze import LOCK_FILE
from openroom.evals.result import Followed
from openroom.models.scripted import ScriptedModel

pytest.importorskip("gepa")

from benchmarks import plain_cards
from benchmarks.plain_cards import Plan, Stage, play, played, shown, until
from benchmarks.plain_cards_journal import CardJournal, OutOfTime, PlayRow, read_rows
from benchmarks.plain_cards_set import CARDS, STAGES, frozen_cases, library, make
from benchmarks.plain_cards_sim import simulated
from benchmarks.plain_cards_table import CARD, GEPA, LOOP, Played, table, verdict
from benchmarks.plain_cards_visit import Kept, kept_in, visit_table
from benchmarks.strata import stratified

ALL = [name for stage in STAGES for name in stage]
CARD_NAME = "pippa"
PLAN = Plan(calls=80, each=5)


# the cards ----------------------------------------------------------------------------------------------------------


SINCE = {
    ("pippa", "cases.yaml"): {'"launderette", "above"]': '"launderette", "above", "lives"]'},
    ("rourke", "report.yaml"): {'["hatch", "opens", "three"]': '["every", "hatch", "opens", "three"]'},
    ("rourke", "cases.yaml"): {
        '["47", "forty-seven"]': '["47"]',
        "What is your species?": "What are your species?",
    },
    ("hesper_quill", "cases.yaml"): {'"hates", "wrong"]': '"hates", "wrong", "afraid"]'},
    ("hesper_quill", "report.yaml"): {'["34", "thirty-four"]': '["thirty-four", "years"]'},
    ("ottilie_brandt", "cases.yaml"): {'["26", "twenty-six"]': '["26"]'},
    ("sister_amabel", "cases.yaml"): {
        '["sixty-one", "herbs"]': '["sixty-one", "every", "herbs"]',
        '["52", "fifty-two"]': '["fifty-two", "years"]',
    },
    ("sister_amabel", "report.yaml"): {'"Lune", "horses"': '"Lune", "afraid", "horses"'},
    ("dex_marlow", "report.yaml"): {'"gumshoe", "piers"': '"gumshoe", "afraid", "nobody", "piers"'},
    ("mister_okoro", "cases.yaml"): {'["71", "seventy-one"]': '["71"]'},
    ("dex_marlow", "character.yaml"): {"  length: short\n": "  length: medium\n"},
    ("mister_okoro", "report.yaml"): {'"dentists"]': '"dentists", "both"]'},
}
"""What a draft says otherwise since these cases were made, and what they say: measurements are of them, so they stay.
A word of the question ("Where do you live?"), and one that any reply may hold, is no answer any more; and what
the prose orders of the length of replies counts before how long the greeting is. An age is answered by its number, in
digits and words; what one fears has a question of its own, where it is no word of; a species is one."""


@pytest.mark.parametrize("name", ALL)
def test_what_lies_beside_a_card_is_what_follows_from_it(name: str, tmp_path: Path) -> None:
    make(CARDS / name / "card.json", tmp_path)
    for path in sorted(tmp_path.iterdir()):
        follows = path.read_text("utf-8")
        for now, then in SINCE.get((name, path.name), {}).items():
            assert now in follows
            follows = follows.replace(now, then)
        assert follows == (CARDS / name / path.name).read_text("utf-8"), path.name


def test_the_frozen_cases_hold_and_are_enough() -> None:
    found = library()
    assert found.problems == []
    for name in ALL:
        report = frozen_cases(found, name).of("report")
        assert len(report) >= 40
        dimensions = {case.dimension for case in report}
        assert {"facts", "voice", "in_character", "sense", "disclosure", "repetition"} <= dimensions


def test_a_report_case_that_was_changed_is_named(tmp_path: Path) -> None:
    shutil.copytree(CARDS / CARD_NAME, tmp_path / CARD_NAME)
    shutil.copytree(CARDS.parent / "card_scenes", tmp_path / "scenes")
    for other in set(ALL) - {CARD_NAME}:
        shutil.copytree(CARDS / other, tmp_path / other)
    file = tmp_path / CARD_NAME / "report.yaml"
    file.write_text(file.read_text("utf-8").replace("Gwen", "Glen"), encoding="utf-8")
    with pytest.raises(
        SettingsError, match=f"{CARD_NAME} as they were frozen: report case drafted/report.* was edited"
    ):
        frozen_cases(library(tmp_path), CARD_NAME)
    (tmp_path / CARD_NAME / LOCK_FILE).unlink()
    with pytest.raises(SettingsError, match="expected frozen report cases"):
        frozen_cases(library(tmp_path), CARD_NAME)


# the whole way ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of one card, played in pieces: each start may play so many times more, and is then stopped."""

    folder = tmp_path_factory.mktemp("results")
    for piece in range(60):
        left = [50]

        def check(left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OutOfTime("enough")

        data = tmp_path_factory.mktemp(f"clone{piece}")  # nothing but the journal goes from start to start
        stage = Stage(library(), simulated(), folder, data, PLAN, None, check)
        try:
            asyncio.run(play(stage, [CARD_NAME]))
        except OutOfTime:
            continue
        assert piece > 1
        return folder
    raise AssertionError("it never came to an end")


def test_all_arms_are_played_and_stand_in_the_table(results: Path) -> None:
    (found,) = played([CARD_NAME], library(), results, PLAN)
    assert found.plays.keys() == {CARD, LOOP, GEPA}
    assert all(found.cases(CARD, arm) == list(found.wanted) for arm in (LOOP, GEPA))
    assert 0 < found.spent[LOOP]["calls"] <= PLAN.calls <= found.spent[GEPA]["calls"]
    told = shown([CARD_NAME], results, PLAN)
    assert "| pippa | loop |" in told and "loop minus gepa, 1 cards" in told and "the stage is not done" in told


def test_visits_stand_in_rows_of_their_own_and_in_no_gain(results: Path) -> None:
    (found,) = played([CARD_NAME], library(), results, PLAN)
    assert {arm: len(rows) for arm, rows in found.visits.items()} == {CARD: 2, LOOP: 2, GEPA: 2}
    assert all(len(rows[0].followed) >= 5 for rows in found.visits.values())
    assert not any("visit" in case.split("/") for case in found.wanted)
    assert all(row.calls >= 20 for rows in found.visits.values() for row in rows)
    told = shown([CARD_NAME], results, PLAN)
    assert "| pippa | loop | voice: length | " in told and "lines 15 to 20" in told
    alone = shown([CARD_NAME], results, PLAN, visit=True)
    assert alone in told and not alone.startswith("| card |")


async def test_a_visit_alone_needs_no_model_where_the_report_has_played_it(results: Path, tmp_path: Path) -> None:
    silent = ScriptedModel([], info=simulated().info)
    stage = Stage(library(), silent, results, tmp_path, PLAN)
    assert await play(stage, [], visit=True) == "the visits are played"
    assert not silent.requests


def test_nothing_was_played_twice(results: Path) -> None:
    rows = read_rows(results / f"{CARD_NAME}.jsonl")
    plays = [row["play"] for row in rows if "play" in row]
    asks = [row["ask"] for row in rows if "ask" in row]
    assert len(plays) == len(set(plays)) > 60 and len(asks) == len(set(asks)) > 0


async def test_a_finished_card_needs_no_model_any_more(results: Path, tmp_path: Path) -> None:
    silent = ScriptedModel([], info=simulated().info)
    file = results / f"{CARD_NAME}.jsonl"
    before = file.read_bytes()
    await play(Stage(library(), silent, results, tmp_path, PLAN), [CARD_NAME])
    assert file.read_bytes() == before and not silent.requests


async def test_an_arm_that_was_lost_comes_out_the_same(results: Path, tmp_path: Path) -> None:
    """The proof that plays and answers are all that the loop and gepa depend on."""
    lines = (results / f"{CARD_NAME}.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / f"{CARD_NAME}.jsonl").write_text(
        "".join(line for line in lines if '"arm":' not in line[:8]) + '{"play":"torn', encoding="utf-8"
    )
    silent = ScriptedModel([], info=simulated().info)
    await play(Stage(library(), silent, tmp_path, tmp_path / "data", PLAN), [CARD_NAME])
    assert not silent.requests
    assert table(played([CARD_NAME], library(), tmp_path, PLAN)) == table(played([CARD_NAME], library(), results, PLAN))


def test_a_journal_of_something_else_is_not_gone_on_with(results: Path) -> None:
    header = read_rows(results / f"{CARD_NAME}.jsonl")[0]["header"]
    with pytest.raises(SettingsError, match="it was made with model 'simulated', now 'other'"):
        CardJournal(results / f"{CARD_NAME}.jsonl", {**header, "model": "other"})


def test_a_broken_journal_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"header":{}}\n{broken\n{"play":"half', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"x\.jsonl:2: expected a line in JSON"):
        read_rows(path)
    assert path.read_text("utf-8").endswith("half")  # a reader mends nothing: a run may be writing it


# the rule and the figures -------------------------------------------------------------------------------------------


def of(card: str, loop: list[float], before: list[float]) -> Played:
    def rows(scores: list[float], arm: str) -> dict[str, list[PlayRow]]:
        return {
            f"case{n}": [PlayRow(f"case{n}", arm, seed, "voice", {"voice": score}, (), 10, 1, 9, "") for seed in (0, 1)]
            for n, score in enumerate(scores)
        }

    ids = tuple(f"case{n}" for n in range(len(loop)))
    return Played(card, ids, {CARD: rows(before, "a"), LOOP: rows(loop, "b")}, {LOOP: {"calls": 7}})


def visited(late_of_loop: int, mean: float) -> Played:
    """A card whose loop's visit follows so many of four things at lines 15 to 20, where the card's follows none."""
    seen = {arm: [Followed("voice", "address", 1, True)] for arm in (CARD, LOOP)}
    for number in range(4):
        seen[CARD].append(Followed("voice", "address", 15 + number, False))
        seen[LOOP].append(Followed("voice", "address", 15 + number, number < late_of_loop))
    rows = {
        arm: [PlayRow("visit", arm, 0, "voice", {"voice": 0.0}, (), 9, 20, 9, "", followed=tuple(of))]
        for arm, of in seen.items()
    }
    kept = [{"tests": {"voice": {"pairs": 17, "mean": mean}}}, {"tests": {"facts": {"pairs": 9, "mean": 0.3}}}]
    return replace(of("a", [1.0] * 4, [0.0] * 4), visits=rows, spent={LOOP: {"calls": 7, "kept": kept}})


def test_what_was_kept_must_show_late_in_a_visit() -> None:
    assert kept_in(visited(2, 0.4)) == [Kept("a", "voice", 0.4, 0.5)]  # facts are asked for in no visit
    table_, said = visit_table([visited(2, 0.4)])
    assert "| a | loop | voice: address | 1 of 1 | 2 of 4 |" in table_
    assert "kept at the gate +0.40, at lines 15 to 20 +0.50 (ratio 1.25)" in said
    assert said.endswith("over all 1.25: holds")
    assert "over all 0.00: DOES NOT HOLD" in visit_table([visited(0, 0.41)])[1]
    assert "over all 0.61: holds" in visit_table([visited(0, 0.41), visited(2, 0.41)])[1]
    assert visit_table([of("a", [1.0], [1.0])]) == []


def test_the_next_stage_needs_a_gain_beyond_chance_and_no_card_that_is_worse() -> None:
    good, same = of("good", [1.0] * 20, [0.0] * 10 + [1.0] * 10), of("same", [1.0] * 20, [1.0] * 20)
    bad = of("bad", [0.0] * 10 + [1.0] * 10, [1.0] * 20)
    assert verdict([good, same])[0]
    assert not verdict([same, same])[0] and "not above 0" in verdict([same])[1]
    assert verdict([good, good, good, bad]) == (False, verdict([good, good, good, bad])[1])
    assert verdict([good, good, good, bad])[1].endswith("with confidence: bad")
    assert verdict([]) == (False, "the stage is not done")


def test_a_stage_that_is_not_done_decides_nothing() -> None:
    whole = of("a", [1.0] * 4, [0.0] * 4)
    short = Played("b", (*whole.wanted, "case9"), whole.plays, whole.spent)
    assert verdict([whole, short]) == (False, "the stage is not done")
    assert "4 of 5" in table([short])


def test_a_report_that_two_builds_played_says_so() -> None:
    one = of("a", [1.0] * 4, [0.0] * 4)
    assert "builds" not in table([one])
    first = one.plays[LOOP]["case0"]
    other = {**one.plays[LOOP], "case0": [replace(row, code="f00") for row in first]}
    mixed = Played("a", one.wanted, {**one.plays, LOOP: other}, one.spent)
    assert "a: its report was played by 2 builds (, f00)" in table([mixed])


def test_each_card_counts_alike_and_both_ends_are_of_its_own_cases() -> None:
    mean, low, high = stratified({"a": [1.0, 1.0], "b": [0.0] * 30}, 0.025)
    assert (mean, low, high) == (0.5, 0.5, 0.5)
    mean, low, high = stratified({"a": [1.0, 0.0]}, 0.025)
    assert (mean, low, high) == (0.5, 0.0, 1.0)
    assert stratified({}, 0.025) == (0.0, 0.0, 0.0)


def test_the_minutes_are_kept() -> None:
    now = [0.0]
    check, never = until(2, lambda: now[0]), until(0, lambda: now[0])
    check()
    now[0] = 120.0
    never()
    with pytest.raises(OutOfTime, match="2 minutes are over"):
        check()


async def test_half_a_name_for_the_stronger_model_is_an_error() -> None:
    with pytest.raises(SettingsError, match="together"):
        async with plain_cards.reflecting({"PLAIN_CARDS_REFLECT_URL": "http://127.0.0.1:9/v1"}):
            pass
    async with plain_cards.reflecting({}) as none:
        assert none is None


def test_a_run_that_has_no_minutes_left_says_how_to_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--sim", "--cards", CARD_NAME, "--data", str(tmp_path), "--minutes", "0.000001"]
    assert plain_cards.main(given) == 3
    assert "the same command goes on from here" in capsys.readouterr().err
    assert [json.loads(line).keys() for line in (tmp_path / "results/pippa.jsonl").read_text().splitlines()] == [
        {"header"}
    ]
    assert plain_cards.main(["--sim", "--cards", "nobody", "--data", str(tmp_path)]) == 1
    assert "expected a card of" in capsys.readouterr().err
