"""Plays a script of client messages and REST requests against a running server, and keeps all that came back.

A step is one object: who does it (``by``) and ``send`` (a message on their socket), ``join`` (a room; with it the
socket is opened), ``drop`` (it is closed), ``rest`` (method and path) or ``edit`` (a file of the authors). ``until``
says what to wait for besides the answer; ``keep`` names values for later steps, which stand there as ``$name``.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]
Step = Mapping[str, Any]

Goal = list[tuple["Client", Callable[["Client"], int], int]]
"""What has to be counted, on whose socket, and up to which number."""

_PATIENCE = 30.0
_ENDED = ("done", "stopped", "failed", "passed")
_ANSWERS = {"ping": "pong", "options": "options", "resync": "snapshot"}


class Client:
    """One socket and every frame that came on it."""

    def __init__(self, room: str, seq: int, socket: ClientConnection, came: asyncio.Condition) -> None:
        self.room, self.seq, self.socket = room, seq, socket
        self.frames: list[Frame] = []
        self.closed: int | None = None
        self._came = came
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for data in self.socket:
                frame = json.loads(data)
                self.frames.append(frame)
                if frame["type"] in ("event", "snapshot"):
                    self.seq = int(frame.get("event", frame)["seq"])
                async with self._came:
                    self._came.notify_all()
        except ConnectionClosed:
            pass
        self.closed = self.socket.close_code
        async with self._came:
            self._came.notify_all()

    def count(self, **wanted: Any) -> int:
        """How many frames have these values."""
        return sum(all(frame.get(key) == value for key, value in wanted.items()) for frame in self.frames)

    def answered(self, id: str) -> int:
        """How often an act was answered, its events being here too."""
        answers = [frame for frame in self.frames if frame.get("id") == id]
        return sum(all(seq <= self.seq for seq in answer.get("seqs", ())) for answer in answers)

    def turns_ended(self) -> int:
        return sum(frame.get("signal") == "turn" and frame["phase"] in _ENDED for frame in self.frames)

    def events(self, kind: str) -> int:
        return sum(frame.get("event", {}).get("kind") == kind for frame in self.frames)


class Play:
    """A script on its way. ``known`` are the values by name: ids, tokens, seqs. ``arrived`` is told when somebody who
    will be greeted has seen the room, so that no greeting is quicker than they are."""

    def __init__(
        self, url: str, tokens: Mapping[str, str], house: Path, arrived: Callable[[], None] = lambda: None
    ) -> None:
        self.url, self.tokens, self.house, self.arrived = url, tokens, house, arrived
        self.known: dict[str, Any] = {f"{who}.token": token for who, token in tokens.items()}
        self.clients: dict[str, Client] = {}
        self.earlier: dict[str, list[Client]] = {}
        self.sent: list[Frame] = []
        self.answers: list[dict[str, Any]] = []
        self._http = httpx.AsyncClient(base_url=url, verify=False, trust_env=False, timeout=_PATIENCE)
        self._came = asyncio.Condition()

    async def run(self, steps: Sequence[Step]) -> None:
        """Play it all; what is still open is closed. Raises `TimeoutError`, which names the step."""
        try:
            for number, step in enumerate(steps):
                try:
                    async with asyncio.timeout(_PATIENCE):
                        await self._step(step)
                except TimeoutError as error:
                    last = {who: client.frames[-3:] for who, client in self.clients.items()}
                    raise TimeoutError(f"step {number} came to no end: {step}\n{last}") from error
        finally:
            for client in [*self.clients.values(), *(one for some in self.earlier.values() for one in some)]:
                await client.socket.close()
                await client.reading
            await self._http.aclose()

    async def _step(self, step: Step) -> None:
        if "rest" in step:
            await self._rest(step)
        elif "edit" in step:
            file, old, new = step["edit"]
            path = self.house / file
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
            await self._wait(self._goal(step))
        elif "drop" in step:
            client = self.clients.pop(step["drop"])
            self.known[f"{step['drop']}.seq"] = client.seq
            self.earlier.setdefault(step["drop"], []).append(client)
            await client.socket.close()
            await client.reading
        else:
            await self._socket(step)
        for name, path in step.get("keep", {}).items():
            self.known[name] = self._found(path)

    async def _socket(self, step: Step) -> None:
        who, message = step["by"], self._filled(step["send"])
        if "join" in step:
            room = self._filled(step["join"])
            url = f"{self.url.replace('http', 'ws', 1)}/ws/rooms/{room}"
            socket = await connect(url, subprotocols=["openroom.v1"], compression=None, proxy=None)  # type: ignore[list-item]
            self.clients[who] = Client(room, message.get("last_seq", 0), socket, self._came)
        goal, client = self._goal(step), self.clients[who]
        self.sent.append(message)
        await client.socket.send(json.dumps(message))
        if "join" in step and "turns" in step.get("until", {}):
            await self._reached(goal[:2])
            self.arrived()
        await self._wait(goal)
        if "join" in step and "closed" not in step.get("until", {}):
            hello = next(frame for frame in client.frames if frame["type"] == "hello")
            self.known |= {f"{who}.id": hello["you"], f"{who}.epoch": hello["epoch"]}

    def _goal(self, step: Step) -> Goal:
        """What a step waits for."""
        goal: Goal = []

        def one_more(who: str, count: Callable[[Client], int], more: int = 1) -> None:
            client = self.clients[who]
            goal.append((client, count, count(client) + more))

        until = step.get("until", {})
        if "send" in step and "closed" not in until:
            message = step["send"]
            if kind := _ANSWERS.get(message["type"]):
                one_more(step["by"], lambda client: client.count(type=kind))
            elif message["type"] == "act":
                one_more(step["by"], lambda client: client.answered(message["id"]))
            elif message["type"] == "join":
                one_more(step["by"], lambda client: client.count(type="hello"))
                if "last_seq" not in message:
                    one_more(step["by"], lambda client: client.count(type="snapshot"))
        if "turns" in until:
            one_more(step["by"], Client.turns_ended, until["turns"])
        for who, kind in until.get("events", {}).items():
            one_more(who, lambda client, kind=kind: client.events(kind))
        for who, wanted in until.get("frames", {}).items():
            one_more(who, lambda client, wanted=wanted: client.count(**wanted))
        for who in until.get("seq", ()):
            one_more(who, lambda client: client.seq)
        for who in until.get("closed", ()):
            one_more(who, lambda client: client.closed is not None)
        return goal

    async def _reached(self, goal: Goal) -> None:
        async with self._came:
            await self._came.wait_for(lambda: all(count(client) >= wanted for client, count, wanted in goal))

    async def _wait(self, goal: Goal) -> None:
        """Wait for the goal, then for all who are in a room to have come to the newest event that one of them has."""
        await self._reached(goal)
        for who in [name for name, client in self.clients.items() if client.closed is not None]:
            self.earlier.setdefault(who, []).append(self.clients.pop(who))
        here = self.clients.values()
        rooms = len({client.room for client in here})
        async with self._came:
            await self._came.wait_for(lambda: len({(client.room, client.seq) for client in here}) == rooms)

    async def _rest(self, step: Step) -> None:
        method, path = step["rest"]
        headers = {"Authorization": f"Bearer {self.tokens[step['by']]}"} if step["by"] in self.tokens else {}
        goal = self._goal(step)
        body = self._filled(step["body"]) if "body" in step else None
        answer = await self._http.request(method, self._filled(path), json=body, headers=headers)
        came: Any = answer.json() if answer.content else None
        self.answers.append({"rest": [method, path], "by": step["by"], "status": answer.status_code, "body": came})
        await self._wait(goal)

    def _found(self, path: Sequence[Any]) -> Any:
        """A value to keep: ``["rest", key, ...]`` of the last REST answer, or ``[who, kind, key, ...]`` of the last
        frame of that type (or event of that kind) that came to somebody."""
        place, *keys = path
        if place == "rest":
            found = self.answers[-1]["body"]
        else:
            kind, *keys = keys
            frames = [frame.get("event", frame) for frame in self.clients[place].frames]
            found = next(one for one in reversed(frames) if kind in (one.get("kind"), one.get("type")))
        for key in keys:
            found = found[key]
        return found

    def _filled(self, value: Any) -> Any:
        """``$name`` in a message or path is what is known under that name."""
        if isinstance(value, dict):
            return {key: self._filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if not isinstance(value, str):
            return value
        if re.fullmatch(r"\$[a-z_.']+", value):
            return self.known[value[1:]]
        return re.sub(r"\$([a-z_.']+)", lambda found: str(self.known[found[1]]), value)

    # what came ------------------------------------------------------------------------------------------------------

    def recorded(self) -> dict[str, Any]:
        """All that came, comparable between two plays: by person in lanes, volatile values named."""
        people: dict[str, Any] = {}
        everybody = [*((who, one) for who, some in self.earlier.items() for one in some), *self.clients.items()]
        for who in sorted({who for who, _ in everybody}):
            mine = [client for name, client in everybody if name == who]
            people[who] = [{**_lanes(client.frames), "closed": client.closed} for client in mine]
        named = {value: _named(name, value) for name, value in self.known.items() if isinstance(value, str)}
        return normal({"people": people, "sent": self.sent, "rest": self.answers}, named)


def _lanes(frames: Sequence[Frame]) -> dict[str, list[Frame]]:
    """The frames of one connection by what they belong to: the order inside a lane is the server's promise, that
    between lanes is not."""
    lanes: dict[str, list[Frame]] = {"room": [], "events": [], "turns": [], "signals": [], "answers": []}
    came_at = next((frame["seq"] for frame in frames if frame["type"] == "hello"), 0)
    for frame in frames:
        kind = frame["type"]
        if kind == "snapshot":
            frame = {**frame, "turns": [turn for turn in frame["turns"] if not _under_way(turn, came_at)]}
        if kind == "signal":
            lane = lanes["turns" if frame["signal"] == "turn" else "signals"]
            if lane and (frame == lane[-1] or _speaks_on(lane[-1], frame)):
                lane.pop()
            if not _under_way(frame, came_at):
                lane.append(frame)
        elif kind == "event":
            lanes["events"].append(frame)
        else:
            lanes["room" if kind in ("hello", "snapshot", "resync") else "answers"].append(frame)
    return lanes


def _under_way(turn: Frame, came_at: int) -> bool:
    """Whether a turn had begun when one came: its beginning is told in the snapshot or by a signal, as it happens."""
    return turn.get("phase") == "thinking" and int(turn["turn"][1:].partition("-")[0]) <= came_at


def _speaks_on(before: Frame, frame: Frame) -> bool:
    """Whether a turn shows more of the same line: how often it does is up to the speed of the machine."""
    return frame.get("turn") == before.get("turn") and frame.get("phase") == before.get("phase") == "speaking"


_MOMENT = 1_000_000_000_000
_VOLATILE: Mapping[str, Any] = {"ms": 0, "token": "signed"}
_RANDOM = re.compile(r"(?<=player:)[0-9a-f]{16,18}|(?<=127\.0\.0\.1:)\d+|(?<=/invite/)\S+")


def _named(name: str, value: str) -> str:
    who, _, what = name.partition(".")
    return f"player:{who}" if value.startswith("player:") else f"{who}-{what}"


def normal(value: Any, named: Mapping[str, str]) -> Any:
    """The value without what differs from play to play: ids and tokens are named, moments and durations are one."""
    if isinstance(value, dict):
        return {normal(key, named): _VOLATILE.get(key, normal(one, named)) for key, one in value.items()}
    if isinstance(value, list):
        return [normal(one, named) for one in value]
    if isinstance(value, str):
        for old, name in sorted(named.items(), key=lambda pair: -len(pair[0])):
            value = value.replace(old, name)
        return _RANDOM.sub("0", value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= _MOMENT:
        return _MOMENT
    return value
