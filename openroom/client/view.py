"""What a client knows of a room: kept up by snapshots, events and signals; pure, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openroom.core.patch import merge


@dataclass(slots=True)
class RoomView:
    """``state`` is the shared state after event ``seq`` of ``epoch``; the rest as the last ``hello`` and ``snapshot``
    said.

    ``you`` is one's participant id, ``token`` signs it for the next connection. ``turns`` holds, by turn id, who is
    thinking or speaking now, or waits to.
    """

    epoch: str = ""
    seq: int = 0
    state: dict[str, Any] = field(default_factory=dict)
    you: str = ""
    name: str = ""
    role: str = ""
    owner: bool = False
    token: str | None = None
    manifest: dict[str, Any] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    options: list[dict[str, Any]] = field(default_factory=list)
    turns: dict[str, dict[str, Any]] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)
    head: int = 0
    """Where the story stands: `Member.rewind` there undoes what took it elsewhere."""
    ways: dict[str, list[int]] = field(default_factory=dict)
    """Lines that stand in for each other, by the first of them, as far as the last snapshot told."""
    note: str = ""
    """The room's note, for its owner."""

    def hello(self, message: dict[str, Any]) -> None:
        """Take in who one is. A new epoch means that history was lost: what was known no longer counts."""
        self.you, self.name = message["you"], message["name"]
        self.role, self.owner = message["role"], message["owner"]
        self.token = message.get("token") or self.token
        if message["epoch"] != self.epoch:
            self.epoch, self.seq, self.state = message["epoch"], 0, {}

    def snapshot(self, message: dict[str, Any]) -> None:
        """Take in the whole room."""
        self.epoch, self.seq, self.state = message["epoch"], message["seq"], message["state"]
        self.manifest, self.log, self.options = message["manifest"], message["log"], message["options"]
        self.turns = {turn["turn"]: turn for turn in message["turns"]}
        self.model, self.note = message["model"], message.get("note", "")
        self.head, self.ways = message.get("head", 0), message.get("ways", {})

    def event(self, event: dict[str, Any]) -> bool | None:
        """Take in the next event: true if it was that, false if it is an old one, ``None`` if there is a gap before
        it.
        """
        if event["seq"] <= self.seq:
            return False
        if event["seq"] != self.seq + 1:
            return None
        self.seq = self.head = event["seq"]
        if event.get("kind") == "noted":
            self.note = event.get("text", "")
        if "patch" in event:
            self.state = merge(self.state, event["patch"])
        return True

    def signal(self, message: dict[str, Any]) -> None:
        """Take in a signal about turns or the model."""
        if message["signal"] == "turn":
            if message["phase"] in ("waiting", "thinking", "speaking"):
                self.turns[message["turn"]] = message
            else:
                self.turns.pop(message["turn"], None)
        elif message["signal"] == "model":
            self.model = message["model"]
