"""What a data folder shows by REST and by the commands: the same questions when it was made and now."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.compat.wire import http_client

VIEWS = (
    ("ann bob cara op", "/api/people/me"),
    ("ann bob op", "/api/rooms"),
    ("ann bob cara", "/api/rooms/{room}"),
    ("ann bob cara", "/api/rooms/{room}/events?after=0"),
    ("ann bob cara", "/api/rooms/{room}/export"),
    ("ann bob", "/api/people/me/memories?character=vera"),
    ("ann bob", "/api/people/me/memories?character=otto"),
    ("ann bob", "/api/rooms/{room}/writings?prop=diary"),
    ("ann", "/api/rooms/{room}/invites"),
    ("op", "/api/rooms/{room}/export?full=true"),
    ("op", "/api/tokens"),
    ("op", "/api/settings"),
    ("op", "/api/ledger"),
    ("op", "/api/ledger?room={room}"),
    ("op", "/api/tuning"),
    ("op", "/api/tuning/characters/vera"),
    ("op", "/api/tuning/runs/vera-1"),
    ("op", "/api/tuning/runs/vera-2"),
    ("op", "/api/tuning/rounds/{kept}"),
    ("op", "/api/tuning/rounds/{tried}"),
    ("op", "/api/tuning/audit"),
)
"""Who asks for what."""

COMMANDS = (
    "room list --json",
    "room replay {room} --json",
    "room replay {room}",
    "token list --json",
    "rounds list --json",
    "rounds list vera --waiting --json",
    "rounds show {kept} --json",
    "rounds diff {kept}",
    "audit verify --json",
    "audit replay",
)

ADDED: tuple[str, ...] = (
    r".*/api/tuning/rounds/.*/body/tasting",  # how the blind tasting of a candidate stands
    r".*/settings/model_level",  # how well a model talks by itself, as an operator sets it
    r".*/characters/\w+/repertoire",  # what it has ready besides its examples
    r".*/facts/\d+/say",  # how a character tells a fact itself
    # which view shows a thing, whether one acts there for oneself, and which fields hold notes for people to read
    r".*/manifest/props/\w+/(?:shown_as|personal|notes)",
    r".*/scene/responders/(?:order|nudge)",  # in which order they speak, and who may nudge
    r"(?:.*/)?looks",  # how things look, which characters alone were told
    r".*/voice/admission",  # how a character says that it is software, in its author's words
    r".*/characters/\w+/(?:greet|voice/(?:fallbacks|doing))",  # greeting, and lines that fit anything or any deed
    r".*/characters/\w+/body",  # whether it stands in the room, or tells what happens there
    r".*/characters/\w+/(?:voice/)?sound",  # how it sounds where it is read aloud
    r"//api/(?:characters|scenes)/warnings",  # what creators are told of that works all the same
    r".*/body/events/\d+/patch",  # who polls gets the patch of what one does not perceive, as sockets always did
    r".*/tokens/\d+/giver|/token list --json/\d+/giver",  # who handed a token out
    r"(?:.*/body/rooms|/room list --json)/\d+/backdrop",  # what stands behind a room's stage, before one is in
    # where the story stands, which lines stand in for each other, and who took it there
    r".*/(?:head|ways|moved)",
    r".*/api/tuning/audit/body/mark",  # what the store keeps of the log
)
"""Patterns of places where an answer or a frame has a field that it had not then, each with its reason beside it."""

FREE: tuple[str, ...] = (
    r".*/rest/\d+/body/(?:today|all)/(?:prompt|tokens)",  # prompts are worded anew now and then
    r".*/rest/12/body/seqs",  # `enter` said that nothing had come of it
    r".*/api/people/me/memories\?.*/body/memories",  # of old episodes with lines of others nobody knows who heard them
)
"""Patterns of places whose value was never promised, each with its reason beside it."""

_SHOWN = 20
_PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+")
"""Of the scripted model, which has another one each time."""


async def views(url: str, tokens: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    """Each person's answers, by person and path."""
    found: dict[str, Any] = {}
    async with http_client(url) as http:
        for people, path in VIEWS:
            for who in people.split():
                headers = {"Authorization": f"Bearer {tokens[who]}"}
                answer = await http.get(path.format_map(names), headers=headers)
                body = _as_it_was_left(json.loads(_PORT.sub("0", answer.text)), int(names["seq"]))
                found[f"{who} {path}"] = {"status": answer.status_code, "body": body}
    return found


def _as_it_was_left(body: dict[str, Any], last: int) -> dict[str, Any]:
    """Without what was spent on the day of asking, the recorded run that came with the package, and what a room notes
    for itself when it opens: definitions that have more to say than they had."""
    body = {key: value for key, value in body.items() if key not in ("today", "recorded")}
    if "runs" in body:
        body["runs"] = [run for run in body["runs"] if not run["recorded"]]
    if "epoch" not in body:  # it is not about a room
        return body
    noted = [one for one in body.get("events", ()) if one["seq"] > last and one.get("kind", "defined") == "defined"]
    kept = {"events": [one for one in body["events"] if one not in noted]} if "events" in body else {}
    return {**body, **kept, "seq": min(body["seq"], last)}


AUTHORED = (
    "/api/characters",
    "/api/scenes",
    "/api/scenes/parlour/words?language=de",
    "/api/rooms/parlour/export?full=true",
    "/api/tuning/characters/vera",
    "/art/characters/vera/avatar.json",
    "/art/scenes/parlour/backdrop.svg",
    "/art/props/fireplace/prop.svg",
)


async def authored(url: str, operator: str) -> dict[str, Any]:
    """What became of the author's files: every value that a room of them begins with, cards, words and pictures."""
    headers = {"Authorization": f"Bearer {operator}"}
    found: dict[str, Any] = {}
    async with http_client(url, headers=headers) as http:
        (await http.get("/api/rooms/parlour")).raise_for_status()  # its first event pins the definitions
        for path in AUTHORED:
            answer = (await http.get(path)).raise_for_status()
            found[path] = answer.json() if path.endswith("json") or path.startswith("/api") else answer.text
    room = found["/api/rooms/parlour/export?full=true"]
    found["pinned"] = {key: value for key, value in room["events"][0].items() if key != "at"}
    found["author"] = found["/api/tuning/characters/vera"]["author"]
    del found["/api/rooms/parlour/export?full=true"], found["/api/tuning/characters/vera"]
    return found


def told(run: Callable[[str], str], names: Mapping[str, str]) -> dict[str, str]:
    """What each command prints."""
    return {command: run(command.format_map(names)) for command in COMMANDS}


def same(then: Any, now: Any) -> None:
    """Fail with what differs, the first of it."""
    found = differences(then, now)
    assert not found, "\n".join([f"{len(found)} differences from then:", *found[:_SHOWN]])


def differences(then: Any, now: Any, place: str = "") -> list[str]:
    """Where ``now`` is not what was ``then``, as sentences; what a command prints as JSON is compared as that."""
    if place.endswith("--json"):
        then, now = json.loads(then), json.loads(now)
    if isinstance(then, dict) and isinstance(now, dict):
        found = [f"{place}/{key} is gone: it was {_short(then[key])}" for key in then if key not in now]
        fresh = [key for key in now if key not in then and not _matches(f"{place}/{key}", ADDED)]
        found += [f"{place}/{key} is new: {_short(now[key])}" for key in fresh]
        both = (key for key in then if key in now)
        return found + [one for key in both for one in differences(then[key], now[key], f"{place}/{key}")]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = enumerate(zip(then, now, strict=True))
        return [one for number, (old, new) in pairs for one in differences(old, new, f"{place}/{number}")]
    return [] if then == now or _matches(place, FREE) else [f"{place} was {_short(then)}, is {_short(now)}"]


def _matches(place: str, patterns: Sequence[str]) -> bool:
    return any(re.fullmatch(pattern, place) for pattern in patterns)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}… ({len(text)} characters)"
