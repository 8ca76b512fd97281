"""The output contract of a turn: one JSON object, ``say`` first so that the first word comes as soon as can be.

    {"say": "Let me put a record on.", "emotion": "happy", "do": ["record_player.play"], "write": "…"}

``do`` holds ids of what is possible now; ``write`` is the free text that some of them take. An empty ``say`` without
``do`` is a pass.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openroom.core.choices import Option

MAX_DEEDS = 2
"""A reply asks for at most so many actions."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model answered, read through the contract: unknown emotions and deeds are kept for the record only."""

    say: str
    emotion: str = ""
    do: tuple[str, ...] = ()
    write: str = ""
    unknown: tuple[str, ...] = ()


def schema(
    emotions: Sequence[str], menu: Sequence[Option], *, may_pass: bool, max_chars: int, writes: bool = False
) -> dict[str, Any]:
    """The JSON Schema of a reply: only emotions the character has, only deeds that are possible now.

    ``writes`` asks for a free text whatever the menu has.
    """
    say: dict[str, Any] = {"type": "string", "maxLength": max_chars}
    if not may_pass:
        say["minLength"] = 1
    properties: dict[str, Any] = {"say": say, "emotion": {"type": "string", "enum": list(emotions)}}
    if menu:
        ids = [option.id for option in menu]
        properties["do"] = {"type": "array", "items": {"type": "string", "enum": ids}, "maxItems": MAX_DEEDS}
    if writes or any(option.text for option in menu):
        properties["write"] = {"type": "string", "maxLength": 300}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read(body: Mapping[str, Any], emotions: Sequence[str], menu: Sequence[Option], say: str) -> Reply:
    """A parsed object as a `Reply`. ``say`` is what the guards let through; types that do not fit count as absent."""
    emotion = body.get("emotion")
    wished = body.get("do", [])
    deeds = [wished] if isinstance(wished, str) else wished if isinstance(wished, list) else []
    names = [deed for deed in deeds if isinstance(deed, str)]
    possible = {option.id for option in menu}
    write = body.get("write")
    done = tuple(dict.fromkeys(name for name in names if name in possible))[:MAX_DEEDS]
    return Reply(
        say=say.strip(),
        emotion=emotion if isinstance(emotion, str) and emotion in emotions else "",
        do=done,
        write=write.strip()[:300] if isinstance(write, str) else "",
        unknown=tuple(name for name in names if name not in possible),
    )


def written(say: str, emotion: str, do: Sequence[str] | None) -> str:
    """A reply in the exact form in which it stands in later prompts and in examples (byte-stable); ``do`` is left out
    where it is ``None``.
    """
    body: dict[str, Any] = {"say": say}
    if emotion:
        body["emotion"] = emotion
    if do is not None:
        body["do"] = list(do)
    return json.dumps(body, ensure_ascii=False)
