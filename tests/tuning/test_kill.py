"""SIGKILL at random moments: a small version of `benchmarks.optimizer_kill`."""

from __future__ import annotations

from pathlib import Path

from benchmarks.optimizer_kill import outcome, run_here, run_killed


def test_a_killed_run_takes_the_same_path_and_pays_nothing_twice(tmp_path: Path) -> None:
    hits = run_killed(tmp_path / "killed", rounds=25, seed=2, kills=4, longest=0.4)
    run_here(tmp_path / "whole", rounds=25, seed=2)
    killed, whole = outcome(tmp_path / "killed"), outcome(tmp_path / "whole")
    assert hits >= 1
    assert killed.rounds == whole.rounds
    assert killed.spent == whole.spent > 0
    assert (killed.doubled, killed.open) == (0, 0)
    assert killed.verified
    assert killed.unattended >= 0.9
