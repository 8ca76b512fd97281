"""How fast a local engine reads: in coarse steps, kept for the next process, the same for as long as one runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openroom.models.endpoint.wire import Tally
from openroom.models.local.pace import Pace, keep_speed, read_speed, step
from openroom.ports.model import ModelRequest


@pytest.mark.parametrize(("speed", "found"), [(0, 0), (1, 5), (27.9, 20), (35, 28), (40, 40), (9000, 320)])
def test_speeds_are_told_in_coarse_steps(speed: float, found: int) -> None:
    assert step(speed) == found


def test_it_takes_three_long_readings_and_the_fastest_counts() -> None:
    pace = Pace()
    assert [pace.seen(1000, 40), pace.seen(20, 0.1), pace.seen(0, 0), pace.seen(700, 20)] == [0, 0, 0, 0]
    assert pace.seen(900, 60) == 28
    assert pace.speed == 0, "for the next process"
    assert pace.seen(900, 27) == 0, "33 a second is the same step"
    assert pace.seen(900, 15) == 56
    assert pace.seen(900, 90) == 0, "somebody else was at work"


def test_what_is_kept_stays_unless_it_is_quite_another() -> None:
    kept = Pace(28)
    assert [kept.seen(400, 400 / speed) for speed in (23, 24, 25, 41, 44)] == [0] * 5
    assert kept.seen(400, 400 / 60) == 56 and kept.speed == 28
    slower = Pace(28)
    assert [slower.seen(400, 400 / speed) for speed in (11, 12, 13)] == [0, 0, 10]


def test_a_speed_is_kept_for_each_engine(tmp_path: Path) -> None:
    assert read_speed(tmp_path, "a") == 0
    keep_speed(tmp_path, "a", 28)
    keep_speed(tmp_path, "b", 56)
    assert (read_speed(tmp_path, "a"), read_speed(tmp_path, "b"), read_speed(tmp_path, "c")) == (28, 56, 0)
    for text in ("{", "[]", '{"a": "28"}', '{"a": 29}', '{"a": true}'):
        (tmp_path / "speed.json").write_text(text)
        assert read_speed(tmp_path, "a") == 0
    keep_speed(tmp_path / "gone", "a", 28)


def test_a_speed_that_cannot_be_written_leaves_those_that_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_speed(tmp_path, "a", 28)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        patch.setattr(Path, "write_text", full)
        keep_speed(tmp_path, "b", 56)
    assert (read_speed(tmp_path, "a"), read_speed(tmp_path, "b")) == (28, 0)
    assert {one.name for one in tmp_path.iterdir()} <= {"speed.json", ".speed.lock"}


def test_two_who_keep_a_speed_at_once_lose_none(tmp_path: Path) -> None:
    names = [f"engine_{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: keep_speed(tmp_path, name, 28), names))
    assert [read_speed(tmp_path, name) for name in names] == [28] * len(names)


def test_llama_cpp_tells_how_long_it_read() -> None:
    tally = Tally()
    tally.read({"timings": {"cache_n": 100, "prompt_n": 400, "prompt_ms": 12_500.0, "predicted_n": 3}})
    usage = tally.usage(ModelRequest(()), "", "m")
    assert (usage.prompt - usage.cached, usage.read_seconds) == (400, 12.5)
    for took in (None, "12", -1.0, float("nan"), True):
        tally = Tally()
        tally.read({"timings": {"cache_n": 0, "prompt_n": 400, "prompt_ms": took}})
        assert tally.usage(ModelRequest(()), "", "m").read_seconds in (0.0, 0.001)
