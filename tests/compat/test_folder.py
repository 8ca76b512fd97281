"""A data folder that an earlier build left opens, and is what it was to everybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise

import pytest
from itsdangerous import TimestampSigner

from tests.compat.conftest import House, expected, script
from tests.compat.look import same, told, views
from tests.compat.wire import Play, http_client


async def test_everybody_sees_what_they_saw(lived_in: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """People by their tokens and cookies of then: their rooms, what they perceived, memories of them, writings; an
    operator the whole log, tokens, settings, the ledger, versions, rounds, approvals."""
    cookie = expected("cookie")
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: cookie["at"])  # it ends one day, as it should
    async with lived_in.serving() as url:
        now = await views(url, expected("tokens"), expected("names"))
        async with http_client(url, cookies=cookie["cookies"]) as http:
            about = (await http.get("/api/people/me")).json()
    same(expected("views"), now)
    assert about == cookie["about"]


def test_the_commands_read_it(lived_in: House, run: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = told(run, expected("names"))
    same(expected("told"), now)
    assert "up to date" in run("db upgrade")
    monkeypatch.setenv("OPENROOM_STORE", f"sqlite+aiosqlite:///{lived_in.data / 'openroom.db'}")
    assert run("room list --json") == now["room list --json"]


async def test_a_visitor_is_remembered_and_meets_the_versions_of_then(lived_in: House) -> None:
    """Ann is known in another room; the released version plays, and the canary in its turns, which follow from its
    digest and their names."""
    lived_in.greets_anew()
    async with lived_in.serving() as url:
        play = Play(url, expected("tokens"), lived_in.authors, lived_in.endpoint.release)
        await play.run(script("visit"))
    frames = [frame for client in play.earlier["ann"] for frame in client.frames]
    seqs = [frame["event"]["seq"] for frame in frames if frame.get("event", {}).get("actor") == play.known["ann.id"]]
    greeted, *prompts = lived_in.endpoint.asked
    assert "likes smoky tea" in greeted
    asked = list(zip(seqs, prompts, pairwise([greeted, *prompts]), strict=False))[1:]  # the first is about tea
    assert [_adds("eleven spoons", *pair) for _, _, pair in asked] == [True] * 5, "the released version's rule"
    plays = [_is_the_canarys(f"parlour/{seq}") for seq, _, _ in asked]
    assert [_adds("green hat", *pair) for _, _, pair in asked] == plays, "the canary's rule"


def _adds(words: str, before: str, after: str) -> bool:
    """Whether a turn put a rule into the prompt, which grows from turn to turn."""
    rule = f"{words}. Say it of yourself"
    return after.count(rule) > before.count(rule)


def _is_the_canarys(turn: str) -> bool:
    canary = expected("views")["op /api/tuning/characters/vera"]["body"]["canary"]
    drawn = int.from_bytes(sha256(f"{canary['version']}/{turn}".encode()).digest()[:4], "big") / 2**32
    return drawn < canary["share"]


def test_decisions_go_on_where_they_were(lived_in: House, run: Callable[[str], str]) -> None:
    names = expected("names")
    before = json.loads(run("audit verify --json"))
    said = run(f"approve {names['canary']} --override 'it has played long enough' --as ann")
    assert f"vera plays version {names['canary_version'][:12]}" in said
    assert f"vera plays version {names['released_version'][:12]}" in run("rollback vera --as ann")
    after = json.loads(run("audit verify --json"))
    assert (after["ok"], after["entries"]) == (True, before["entries"] + 2)
