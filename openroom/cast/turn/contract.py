"""The output contract of a turn: one JSON object, ``say`` first so that the first word comes as soon as can be.

    {"say": "Let me put a record on.", "emotion": "happy", "do": ["record_player.play"], "write": "…"}

``do`` holds ids of what is possible now; ``write`` is the free text that some of them take. An empty ``say`` without
``do`` is a pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openroom.core.choices import Option

MAX_DEEDS = 2
"""A reply asks for at most so many actions."""


_NO_LETTER = r"\x00-\x40\x5B-\x60\x7B-\xBF\u2000-\u206F\u3000-\u303F"
"""No line begins so, as character ranges that llama.cpp's grammars and Python's read alike: marks, digits, blanks."""
_NO_WORD = " \t\n\"'*_([{<>-–—.…!?¡¿«»„“”‘’「」『』（）"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model answered, read through the contract: unknown emotions and deeds are kept for the record only."""

    say: str
    emotion: str = ""
    do: tuple[str, ...] = ()
    write: str = ""
    unknown: tuple[str, ...] = ()
    cut: bool = False
    """Whether the words end before what was meant did."""
    more: tuple[str, ...] = ()
    """What is said after it, in lines of their own: the rest of a greeting that is too long for one."""


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


def opening_anew(schema: Mapping[str, Any], lines: Iterable[str]) -> dict[str, Any]:
    """The schema with a ``say`` that begins with a letter none of ``lines`` begins with.

    A small model that says a line again goes on with it from its first word, whatever it is told; once the first letter
    is another, so is the line. llama.cpp heeds either a pattern or a length, so the length is left to ``max_tokens``;
    no quotation mark or backslash may come, so that whatever fits is a JSON string.
    """
    first = {line.lstrip(_NO_WORD)[:1] for line in lines}
    taken = sorted({form for one in first for form in (one.lower(), one.upper()) if len(form) == 1 and form.isalpha()})
    pattern = f"^[^{_NO_LETTER}{''.join(taken)}]" + r'[^"\\\x00-\x1F]+$'
    return {**schema, "properties": {**schema["properties"], "say": {"type": "string", "pattern": pattern}}}


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
