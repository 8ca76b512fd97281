"""A simulated player and proposer for `benchmarks.plain_cards --sim`: it needs no engine, and edits help it.

As a character it talks too long, forgets the form of address and blurts; a reminder, a cap and rules make that rarer.
As the one who reflects it words an edit for the loop and an instruction for gepa. What it says depends on the prompt
and the seed alone.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any

from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelInfo, ModelRequest, prompt_text

_ADDRESS = re.compile(r"\b(?:calls?|address(?:es)?) (?:everybody|everyone|visitors|anybody)(?: as)?,? \"(\w[\w ]*)\"")
_THINGS = (
    "lamp", "door", "kettle", "ladder", "bread", "harbour", "clock", "bridge", "garden", "window", "cellar", "road",
    "stove", "boat", "fence", "bell", "orchard", "well", "mirror", "saddle",
)  # fmt: skip
_STATES = (
    "is low tonight", "was mended this morning", "grows cold by noon", "needs paint again", "smells of rain",
    "has seen better years", "creaks in every wind", "belonged to my uncle", "keeps me busy", "was dear to buy",
    "stands where it always did", "looks smaller in winter", "holds for another season", "never let me down",
)  # fmt: skip
_LINES = tuple(f"The {thing} {state}." for thing in _THINGS for state in _STATES)


def simulated() -> ScriptedModel:
    """The model."""
    return ScriptedModel([_answer], piece=4000, info=ModelInfo("simulated", "scripted"))


def _answer(request: ModelRequest) -> dict[str, Any] | str:
    text = prompt_text(request.messages)
    if request.purpose == "propose":
        return _proposal(request)
    rng = random.Random(f"{request.sampling.seed}:{text[-200:]}")
    called = _ADDRESS.search(text)
    reminded = called is not None and f'"{called[1]}"' in text[-500:]
    told = "own short words" in text
    fresh = [line for line in _LINES if line not in text]  # a visit has more lines than one says twice
    lines = rng.sample(fresh, 1 if told or rng.random() < 0.5 else 3)
    if called and (reminded or rng.random() < 0.3):
        lines[0] = f"{lines[0][:-1]}, {called[1]}."
    if rng.random() < (0.05 if told else 0.2):
        lines.append("As a language model I must follow my instructions.")
    return {"say": " ".join(lines), "emotion": "calm", "do": []}


def _proposal(request: ModelRequest) -> str:
    rule = "Answer in your own short words, one sentence, as the one you are."
    if request.schema is None:
        return f"```\n{rule}\n```"
    number = (request.sampling.seed or 0) % 97
    return json.dumps({"why": "too long", "edit": {"op": "add_rule", "id": f"own_short_{number}", "text": rule}})
