from __future__ import annotations

import sys
from pathlib import Path

from examples.own_prop import Bell, make_lobby
from tests.processes import run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_it_runs_as_it_says() -> None:
    done = run([sys.executable, str(EXAMPLES / "own_prop.py")])
    assert done.stderr == ""
    assert sorted(done.stdout.splitlines()[:2]) == ["(to Bob: The bell is still sounding.)", "Ann rings the bell."]
    assert done.stdout.splitlines()[2:] == [
        "The last of the sound goes.",
        "The bell was rung 3 times.",
    ]


async def test_the_bell_is_offered_to_whoever_is_there() -> None:
    async with make_lobby() as lobby:
        room = await lobby.open("bell_tower")
        async with room.join("Ann") as ann:
            assert [option.label for option in room.options(ann.actor)] == ["Ring the bell"]
            assert room.world.props["bell"].kind == Bell.kind
