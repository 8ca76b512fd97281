"""docs/protocol/*.schema.json: JSON Schemas (draft 2020-12) of the protocol, made from `openroom.protocol.messages`.

``python -m openroom.protocol.schemas docs/protocol`` writes them anew; a test fails when they are stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from openroom.core.action import ACTION
from openroom.core.event import EVENT
from openroom.protocol.messages import CLIENT, SERVER
from openroom.protocol.shapes import Manifest, RoomState

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TITLES = {
    "client": "What a client sends: one JSON text a message",
    "server": "What the server sends: one JSON text a message",
    "action": "An action: what somebody asks for",
    "event": "An event as somebody who perceives it gets it",
    "state": "What a room shares: `state` of a snapshot, which the patches of events change",
    "manifest": "The public side of a room's definitions: `manifest` of a snapshot",
}


def schemas() -> dict[str, dict[str, Any]]:
    """Each schema by the name of its file."""
    found = {
        "client": CLIENT.json_schema(),
        "server": SERVER.json_schema(mode="serialization"),
        "action": ACTION.json_schema(),
        "event": EVENT.json_schema(mode="serialization"),
        "state": RoomState.model_json_schema(mode="serialization"),
        "manifest": Manifest.model_json_schema(mode="serialization"),
    }
    return {
        f"{name}.schema.json": {"$schema": _DIALECT, "title": _TITLES[name], **_as_sent(schema)}
        for name, schema in found.items()
    }


def _as_sent(value: Any, *, in_properties: bool = False) -> Any:
    """Without what never leaves the server (``hidden``) and without nulls: what is absent is not written."""
    if isinstance(value, list):
        return [_as_sent(item) for item in value if item != {"type": "null"}]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _as_sent(item, in_properties=key == "properties")
        for key, item in value.items()
        if not (in_properties and key == "hidden") and not (key == "default" and item is None)
    }
    if not in_properties and len(kept.get("anyOf", ())) == 1:
        kept |= kept.pop("anyOf")[0]
    if "properties" in kept and not in_properties:  # the word that tells the members of a union apart is always there
        words = [name for name, field in kept["properties"].items() if "const" in field]
        kept["required"] = sorted({*kept.get("required", ()), *words})
    return kept


def text(schema: dict[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(text(schema), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
