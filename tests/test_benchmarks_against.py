"""Two builds side by side: the verdicts and their table, the rounds, the worktree, and what runs inside a build."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Literal

import pytest

from benchmarks import inside
from benchmarks.__main__ import COURSES, SET
from benchmarks.against import rounds
from benchmarks.against_table import Compared, against_table, interval
from benchmarks.builds import HERE, ROOT, Build, NoBuild, check, worktree
from benchmarks.commands import tree_cpu
from benchmarks.rooms_servers import NotMeasured, cpu_clock, process
from benchmarks.rooms_table import Row, missing
from benchmarks.rooms_wire import Broken


def side_by_side(this: list[float], other: list[float], again: list[float], want: Literal["least", "most"]) -> Compared:
    return Compared(*([Row("B", "figure", value, want=want, unit="ms") for value in of] for of in (this, other, again)))


STEADY = [100.0, 101.0, 99.0, 100.0, 100.0]


@pytest.mark.parametrize(
    ("factor", "want", "verdict"),
    [
        (1.3, "most", "WORSE"),
        (1.3, "least", "better"),
        (0.7, "most", "better"),
        (0.7, "least", "WORSE"),
        (1.1, "most", "same"),  # outside the A/A spread, but by less than 15 %
        (0.9, "least", "same"),
    ],
)
def test_a_verdict_knows_which_way_is_better(factor: float, want: Literal["least", "most"], verdict: str) -> None:
    ours = [factor * value for value in STEADY]
    assert side_by_side(ours, STEADY, ours[::-1], want).verdict == verdict


def test_what_differs_as_much_between_two_runs_of_one_build_is_not_worse() -> None:
    noisy = side_by_side([130, 120, 140], [110, 110, 110], [160, 170, 165], "most")
    assert noisy.loss > 1.15
    assert noisy.spread == pytest.approx(170 / 120)
    assert noisy.verdict == "same"
    quiet = side_by_side([130, 120, 140], [100, 100, 100], [130, 121, 139], "most")
    assert quiet.verdict == "WORSE"


def test_what_changes_steadily_for_all_falls_out_of_the_ratio() -> None:
    warmer = side_by_side([100, 100], [110, 110], [121, 121], "most")
    assert warmer.ratios == pytest.approx([1, 1])
    assert warmer.spread == pytest.approx(1.21)


def test_the_spread_is_the_same_whichever_run_was_the_slower_one() -> None:
    slow, fast = [120.0, 150.0, 110.0], [100.0, 100.0, 100.0]
    assert side_by_side(slow, STEADY[:3], fast, "most").spread == side_by_side(fast, STEADY[:3], slow, "most").spread


@pytest.mark.parametrize(("count", "expected"), [(1, (1, 1)), (5, (1, 5)), (8, (1, 8)), (9, (2, 8)), (20, (6, 15))])
def test_the_median_lies_between_the_values_that_the_sign_test_says(count: int, expected: tuple[int, int]) -> None:
    assert interval(range(count, 0, -1)) == expected


def test_a_figure_that_one_build_does_not_have_is_not_measured() -> None:
    row = Row("commands", "--version", 0.4, want="most", unit="s")
    absent = Compared([row], [missing("commands", "--version", "ended with 2")], [row])
    assert (absent.verdict, absent.why_not) == ("not measured", "the other: ended with 2")
    assert side_by_side([1], [0], [1], "most").why_not == "the other: 0 has no ratio"


def test_the_table_of_two_builds_shows_both_the_ratio_and_the_spread() -> None:
    slower = side_by_side([130, 130], [100, 100], [131, 131], "most")
    absent = Compared(*[[missing("B2", "paced", "no server")]] * 3)
    lines = against_table([slower, absent], "abc1234").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "this / abc1234" in lines[0]
    for cell in ("lower", "130 ms", "100 ms", "1.30x (1.30-1.30)", "1.01x", "WORSE"):
        assert f"| {cell} " in lines[2]
    assert "this: no server" in lines[3] and "not measured" in lines[3]


def test_rounds_are_interleaved_and_every_second_one_runs_backwards() -> None:
    order: list[str] = []
    other = Build(Path("elsewhere"), "other")

    @contextmanager
    def course(build: Build, _seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
        me = f"{build.label}{sum(one.startswith(build.label) for one in order)}"
        order.append(me)

        def play() -> list[Row]:
            order.append(me)
            return [Row("B", "first", len(order)), Row("B", "second", 1)]

        yield play
        order.append(f"{me} ends")

    first, second = rounds(course, other, 0.1, 2)
    a, b, c = "this0", "other0", "this1"
    assert order == [a, b, c, a, b, c, c, b, a, f"{c} ends", f"{b} ends", f"{a} ends"]
    values = [[row.value for row in of] for of in (first.this, first.other, first.again)]
    assert values == [[4, 9], [5, 8], [6, 7]]
    assert second.ratios == [1, 1]


def test_a_build_that_fails_is_named() -> None:
    @contextmanager
    def course(build: Build, _seconds: float, _count: int) -> Iterator[Callable[[], list[Row]]]:
        if build.label == "other":
            raise NotMeasured("the server did not start")
        yield list

    with pytest.raises(NotMeasured, match="other: the server did not start"):
        rounds(course, Build(Path("elsewhere"), "other"), 0.1, 2)


def test_every_set_of_rows_has_courses_to_compare_builds_by() -> None:
    assert COURSES.keys() == SET.keys()
    assert all(COURSES.values())


def git(folder: Path, *arguments: str) -> str:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with an ``openroom`` and ``benchmarks``, whose last commit changed the former."""
    folder = tmp_path / "repository"
    for name in ("openroom", "benchmarks"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("BUILD = 'old'\n")
    git(folder, "init", "--quiet", ".")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "old")
    (folder / "openroom" / "__init__.py").write_text("BUILD = 'new'\n")
    git(folder, "commit", "--quiet", "-a", "-m", "new")
    return folder


@pytest.mark.parametrize("ending", [None, KeyboardInterrupt, SystemExit, Broken])
def test_a_worktree_is_gone_afterwards_whatever_happened(repository: Path, ending: type[BaseException] | None) -> None:
    with pytest.raises(ending) if ending else nullcontext(), worktree("HEAD~1", repository) as old:
        assert (old.root / "openroom" / "__init__.py").read_text() == "BUILD = 'old'\n"
        assert old.label == git(repository, "rev-parse", "HEAD~1")[:7]
        (old.root / "left.txt").write_text("what a build leaves behind")
        if ending:
            raise ending
    assert not old.root.exists()
    assert not old.root.parent.exists()
    assert git(repository, "worktree", "list").count("\n") == 1
    assert git(repository, "status", "--porcelain") == ""


def test_a_build_s_own_openroom_is_imported_and_these_benchmarks(repository: Path) -> None:
    command = [sys.executable, "-c", "import openroom, benchmarks.builds as b; print(openroom.BUILD, b.__file__)"]
    with worktree("HEAD~1", repository) as old:
        check(old)
        ran = subprocess.run(command, cwd=old.root, env=old.environment, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["old", str(ROOT / "benchmarks" / "builds.py")]


def test_a_build_that_is_not_the_one_imported_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(NoBuild, match="expected openroom from"):
        check(Build(tmp_path, "empty"))


@pytest.mark.parametrize("revision", ["no-such-branch", "--help", ""])
def test_a_revision_that_is_none_is_refused_in_words(repository: Path, revision: str) -> None:
    with pytest.raises(NoBuild, match="no such revision"), worktree(revision, repository):
        raise AssertionError("expected no worktree")


def test_no_setting_of_whoever_measures_gets_into_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENROOM_MODEL", "OPENAI_API_KEY", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.setenv(name, "1")
    environment = HERE.environment
    assert not {name for name in environment if name.startswith(("OPENROOM_", "OPENAI_", "PYTHONDONT"))}
    assert environment["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)


def borrowed(path: str) -> set[str]:
    """The modules of openroom that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.partition(".")[0] == "openroom"}


def test_what_runs_inside_either_build_imports_only_what_both_have() -> None:
    assert borrowed("benchmarks/inside.py") == set(inside.BORROWED)
    assert borrowed("benchmarks/rooms_serve.py") == {"openroom"}


@pytest.mark.parametrize(
    ("job", "figures"),
    [
        ("append", {"rate", "p50"}),
        ("restart", {"quick", "whole"}),
        ("visitors", {f"{count} {what}" for count in ("few", "many") for what in ("bytes", "ms")}),
    ],
)
async def test_what_is_measured_inside_a_build_runs(
    job: str, figures: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inside, "EVENTS", 1_200)
    monkeypatch.setattr(inside, "VISITORS", {"few": 2, "many": 20})
    async with inside.JOBS[job](tmp_path, 0.05) as play:
        found = await play()
    assert found.keys() == figures
    assert all(value > 0 for value in found.values())


async def test_turns_are_measured_from_a_line_to_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "LINES", 2)
    async with inside.turns(tmp_path, 0.0) as play:
        found = await play()
    assert 0 < found["p50"] <= found["slowest"]
    assert found["cpu"] > 0


def test_the_cpu_of_a_process_counts_what_it_has_started() -> None:
    child = "sum(range(10_000_000))"
    waits = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{child}']); print(flush=True); input()"
    with process([sys.executable, "-c", waits], HERE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        assert tree_cpu(running.pid) > cpu_clock(running.pid) > 0
