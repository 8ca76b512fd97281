"""The helper that runs JavaScript patterns: what it answers, and that it harms nobody."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from openroom.core.lore.match import Key
from openroom.patterns import helper
from openroom.patterns.javascript import NO_ENGINE, JavaScriptPatterns
from openroom.ports.patterns import Allowance

SLOW = (sys.executable, "-P", str(Path(__file__).with_name("slow_engine.py")), str(Path(helper.__file__)))


def _pattern(source: str, flags: str = "") -> Key:
    return Key(source, flags, pattern=True)


@pytest.fixture
async def real() -> AsyncIterator[JavaScriptPatterns]:
    patterns = JavaScriptPatterns()
    yield patterns
    await patterns.close()


@pytest.fixture
async def slow() -> AsyncIterator[JavaScriptPatterns]:
    patterns = JavaScriptPatterns(SLOW)
    yield patterns
    await patterns.close()


async def test_it_answers_as_javascript_does(real: JavaScriptPatterns) -> None:
    asked = [_pattern("dragons?", "i"), _pattern(r"\bcaf\b"), _pattern("(?<=old )king"), _pattern("^b$", "m")]
    texts = ["Two DRAGONS", "a café", "the old king", "a\nb\nc", "nothing"]
    found = await real.scan(asked, texts)
    assert [[key.text for key in asked if key in found[text]] for text in texts] == [
        ["dragons?"],
        [r"\bcaf\b"],  # its words are ASCII
        ["(?<=old )king"],
        ["^b$"],
        [],
    ]


async def test_it_starts_with_the_first_pattern_and_stays(real: JavaScriptPatterns) -> None:
    assert await real.scan([], ["text"]) == {"text": frozenset()}
    assert real.starts == 0
    for _ in range(3):
        await real.scan([_pattern("x")], ["x"])
    assert real.starts == 1


def _told(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What lore's own logger said (asyncio may add a line of its own about a child that was closed as it ended)."""
    return [record for record in caplog.records if record.name == "openroom.lore"]


@pytest.mark.parametrize("flags", ["g", "gi", "y", "d", "s", "u", "v", "gimsuy"])
async def test_all_flags_of_javascript_are_known(real: JavaScriptPatterns, flags: str) -> None:
    key = _pattern("dragon", flags)
    found = await real.scan([key], ["dragon"])
    assert found == {"dragon": frozenset({key})}, real.off(key)


async def test_what_is_no_pattern_is_off_and_the_others_go_on(
    real: JavaScriptPatterns, caplog: pytest.LogCaptureFixture
) -> None:
    wrong, right = _pattern("(open"), _pattern("x")
    with caplog.at_level(logging.WARNING, "openroom.lore"):
        found = await real.scan([wrong, right], ["x"])
        await real.scan([wrong], ["y"])
    assert found == {"x": frozenset({right})}
    assert real.off(wrong).startswith("it is no JavaScript regular expression")
    assert not real.off(right)
    assert real.starts == 1
    assert len(_told(caplog)) == 1


async def test_an_overrun_puts_that_pattern_off_and_no_other(
    slow: JavaScriptPatterns, caplog: pytest.LogCaptureFixture
) -> None:
    asked = [_pattern("a"), _pattern("slow"), _pattern("b")]
    with caplog.at_level(logging.WARNING, "openroom.lore"):
        found = await slow.scan(asked, ["a b"])
    assert found == {"a b": frozenset({asked[0], asked[2]})}
    assert [bool(slow.off(key)) for key in asked] == [False, True, False]
    assert slow.starts == 2
    await slow.scan(asked, ["slow"])
    assert slow.starts == 2
    assert len(_told(caplog)) == 1


async def test_an_allowance_bounds_all_scans_together(slow: JavaScriptPatterns) -> None:
    slows = [Key("slow", flags, pattern=True) for flags in ("i", "g", "m", "s", "u", "y")]
    first, last = _pattern("a"), _pattern("b")
    allowance = Allowance(0.12)
    found = await slow.scan([first, *slows, last], ["a b"], allowance)
    assert found == {"a b": frozenset({first})}
    assert [bool(slow.off(key)) for key in slows] == [True, True, True, False, False, False]
    assert allowance.missed == {*slows[3:], last}
    assert allowance.left <= 0
    await slow.scan([last], ["b"], allowance)
    assert not slow.off(last)
    assert await slow.scan([last], ["b"], Allowance()) == {"b": frozenset({last})}


async def test_a_scan_never_blocks_the_loop(slow: JavaScriptPatterns) -> None:
    scanning = asyncio.create_task(slow.scan([_pattern("slow")], ["x"]))
    turns = 0
    while not scanning.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 5


async def test_a_helper_without_an_engine_is_asked_once(caplog: pytest.LogCaptureFixture) -> None:
    patterns = JavaScriptPatterns((sys.executable, "-c", "print('{\"ready\": false}')"))
    with caplog.at_level(logging.WARNING, "openroom.lore"):
        for _ in range(2):
            assert await patterns.scan([_pattern("x")], ["x"]) == {"x": frozenset()}
    assert patterns.starts == 1
    assert patterns.off(_pattern("x")) == NO_ENGINE
    assert len(_told(caplog)) == 1


async def test_a_helper_that_says_nonsense_harms_nobody() -> None:
    patterns = JavaScriptPatterns((sys.executable, "-c", "print('[]')"))
    assert await patterns.scan([_pattern("x")], ["x"]) == {"x": frozenset()}
    await patterns.close()


async def test_closing_ends_the_process() -> None:
    patterns = JavaScriptPatterns()
    await patterns.scan([_pattern("x")], ["x"])
    pid = patterns.pid
    assert pid is not None
    await patterns.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_who_is_cancelled_leaves_no_answer_behind(slow: JavaScriptPatterns) -> None:
    await slow.scan([_pattern("a")], ["a"])
    scanning = asyncio.create_task(slow.scan([_pattern("slow")], ["a"]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    scanning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await scanning
    assert await slow.scan([_pattern("b")], ["b"]) == {"b": frozenset({_pattern("b")})}
