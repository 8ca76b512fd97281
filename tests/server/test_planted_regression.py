"""Planted regressions, the benchmark in small: found on real turns and taken back, nobody disconnected."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.planted_regression import coin_flips, false_alarms, regression


@pytest.mark.parametrize(("share", "turns"), [(1.0, 12), (0.5, 60)])
async def test_a_worsened_version_is_found_and_taken_back_without_a_reconnect(
    tmp_path: Path, share: float, turns: int
) -> None:
    found = await regression(tmp_path, share, pace=0.0)
    assert found.reconnects == 0
    assert 6 <= found.worse <= 12
    assert found.turns <= turns


async def test_chance_failures_of_a_healthy_version_ring_no_alarm(tmp_path: Path) -> None:
    seen, failed, alarms = await false_alarms(tmp_path, turns=75, noise=0.1)
    assert seen >= 75
    assert failed > 0
    assert alarms == 0


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.15])
def test_a_healthy_watch_rings_once_in_500_turns_at_most(rate: float) -> None:
    assert coin_flips(rate, 100_000) <= 1.0
