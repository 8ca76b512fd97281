"""The protocol of an earlier build: its messages are understood, and the same script gets the same frames."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.compat.conftest import DATA, ROOT, House, expected, script
from tests.compat.look import same
from tests.compat.make import BEFORE
from tests.compat.wire import Play

NOW, THEN = ROOT / "docs" / "protocol", DATA / "protocol"
"""A test of tests/server keeps what is now current."""
MALFORMED = ("b-12", "shout")
"""Id and type of what the script sends to be refused."""


def _schema(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))


async def test_the_same_script_gets_the_same_frames(house: House, tokens: dict[str, str]) -> None:
    """Two players, a spectator and an operator: talk, whispers, props, Stop, a lost connection, a rewind, a ban."""
    file, after, before = BEFORE
    path = house.authors / file
    path.write_text(path.read_text(encoding="utf-8").replace(after, before), encoding="utf-8")
    house.greets_anew()
    async with house.serving() as url:
        play = Play(url, tokens, house.authors, house.endpoint.release)
        await play.run(script("script"))
    same(expected("frames"), play.recorded())


def test_every_frame_of_then_fits_the_schema_of_now() -> None:
    validator = Draft202012Validator(_schema(NOW, "server"))
    connections = [connection for some in expected("frames")["people"].values() for connection in some]
    lanes = [lane for connection in connections for name, lane in connection.items() if name != "closed"]
    frames = {json.dumps(frame): frame for lane in lanes for frame in lane}
    assert len(frames) > 150
    assert [frame for frame in frames.values() if not validator.is_valid(frame)] == []


def test_every_message_of_then_fits_the_schema_of_now() -> None:
    validator = Draft202012Validator(_schema(NOW, "client"))
    sent = expected("frames")["sent"]
    refused = [message for message in sent if not validator.is_valid(message)]
    assert refused == [message for message in sent if message.get("id") in MALFORMED or message["type"] in MALFORMED]


@pytest.mark.parametrize("name", ["client", "server", "action", "event"])
def test_the_schema_of_then_is_kept(name: str) -> None:
    then, now = (_inlined(schema := _schema(folder, name), schema["$defs"]) for folder in (THEN, NOW))
    assert list(_changed(then, now, name)) == []


_WORDS = ("$schema", "title", "description", "discriminator")
"""Names and prose, which may change; what a discriminator maps stands in the members too."""


def _inlined(value: Any, defs: dict[str, Any]) -> Any:
    """A schema with every reference replaced by what it names, which may be called otherwise now."""
    if isinstance(value, list):
        return [_inlined(one, defs) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _inlined(defs[value["$ref"].rpartition("/")[2]], defs)
    return {key: _inlined(one, defs) for key, one in value.items() if key != "$defs"}


def _changed(then: Any, now: Any, place: str) -> Iterator[str]:
    """Where a schema is not what it was; fields and alternatives may have been added."""
    if not isinstance(then, dict) or not isinstance(now, dict):
        if then != now:
            yield f"{place}: was {then}, is {now}"
        return
    is_schema = not place.endswith("/properties")
    for key in then.keys() | (now.keys() if is_schema else ()):
        if is_schema and key in _WORDS:
            continue
        if key not in now or key not in then:
            yield f"{place}/{key} is {'gone' if key in then else 'new'}"
        elif key in ("anyOf", "oneOf", "enum"):
            fitting = [any(not any(_changed(old, new, "")) for new in now[key]) for old in then[key]]
            yield from (
                f"{place}/{key}: {old} is gone" for old, fits in zip(then[key], fitting, strict=True) if not fits
            )
        else:
            yield from _changed(then[key], now[key], f"{place}/{key}")
