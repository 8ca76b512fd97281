"""A visitor played by a model: one line at a time, towards a goal."""

from __future__ import annotations

from collections.abc import Sequence

from openroom.errors import ModelMalformed
from openroom.language.text import called, spoken
from openroom.ports.model import Message, Model, ModelRequest, Sampling, complete

_SYSTEM = (
    "You play {name}, a visitor in a role-play room, in the language {language}. {goal} Say the next line of {name} "
    "and nothing else: one or two short sentences, no name in front, no quotation marks, no stage directions."
)
_MOST = 400


async def visitor_line(
    model: Model, name: str, goal: str, talk: Sequence[tuple[str, str]], language: str = "en"
) -> str:
    """The visitor's next line after ``talk``, (speaker, line) pairs. Raises what the model raises, and `ModelMalformed`
    for an empty line."""
    heard = (
        "\n".join(f"{called(speaker)}: {spoken(line)}" for speaker, line in talk if line) or "(Nobody has spoken yet.)"
    )
    system = _SYSTEM.format(name=name, language=language, goal=goal or "You are curious and make conversation.")
    request = ModelRequest(
        messages=(Message("system", system), Message("user", heard)),
        max_tokens=80,
        sampling=Sampling(temperature=0.8),
        purpose="visitor",
    )
    text, _ = await complete(model, request)
    line = " ".join(text.strip().strip('"“”').split())[:_MOST]
    line = line.removeprefix(f"{name}:").strip()
    if not line:
        raise ModelMalformed(f"expected a line of {name}, came nothing")
    return line
