"""Vera of the little house of tests/room, with models that behave as told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openroom.evals.case import Case
from openroom.evals.caseset import CaseSet, deal
from openroom.evals.evaluator import Evaluator
from openroom.evals.played import PlayedCase, PlayedReply
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelRequest, prompt_text

HOUSE = Path(__file__).resolve().parent.parent / "room" / "house"


@pytest.fixture(scope="session")
def library() -> Library:
    return Library([HOUSE / "characters"], [HOUSE / "scenes"])


def reply(say: str, *, emotion: str = "calm", do: list[str] | None = None) -> dict[str, Any]:
    return {"say": say, "emotion": emotion, "do": do or []}


def speaks(answer: Callable[[str, str], str]) -> ScriptedModel:
    """A model that answers (last line heard, whole prompt) with words of ``answer``."""

    def of(request: ModelRequest) -> dict[str, Any]:
        text = prompt_text(request.messages)
        heard = request.cue.heard if request.cue else ""
        return reply(answer(heard, text))

    return ScriptedModel([of])


def case(**given: Any) -> Case:
    body = {"id": "a_case", "dimension": "facts", "cluster": "some", "steps": [{"say": "Vera, hello?", "as": "q"}]}
    return Case.model_validate({**body, **given})


def case_set(*cases: Case, standing: tuple[Any, ...] = ()) -> CaseSet:
    return CaseSet("vera", {one.id: one for one in cases}, deal(cases), standing)


def evaluator(library: Library, model: Any, *cases: Case, **more: Any) -> Evaluator:
    return Evaluator(Troupe(library, model), case_set(*cases), **more)


def played(*says: str, heard: str = "Well?", **more: Any) -> PlayedCase:
    replies = tuple(
        PlayedReply(n, "q", "character:vera", heard, "player:ann", say, seq=n + 3, **more) for n, say in enumerate(says)
    )
    return PlayedCase(
        "a_case", "character:vera", "Vera", (), replies, (), {}, {}, {"character:vera": "Vera", "player:ann": "Ann"}
    )
