"""The next model speaks when the one before it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from openroom.errors import (
    BudgetExceeded,
    ModelAuthError,
    ModelBusy,
    ModelMalformed,
    ModelTimeout,
    ModelUnreachable,
    UnscriptedPrompt,
)
from openroom.models.fallback import FallbackModel
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import Message, ModelInfo, ModelRequest, complete

REQUEST = ModelRequest((Message("user", "hello"),))


def model(name: str, reply: Any, kind: Any = "remote") -> ScriptedModel:
    return ScriptedModel([("", reply)], info=ModelInfo(name, kind))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def text(fallback: FallbackModel) -> str:
    return (await complete(fallback, REQUEST))[0]


async def test_the_first_answers_while_it_can() -> None:
    second = model("b", "from b")
    fallback = FallbackModel(model("a", "from a"), second)
    assert fallback.last is None
    assert await text(fallback) == "from a"
    assert fallback.last == fallback.info == ModelInfo("a", "remote") and not second.requests


@pytest.mark.parametrize("error", [ModelUnreachable("x"), ModelAuthError("x"), ModelTimeout("x"), ModelMalformed("x")])
async def test_the_next_answers_when_it_cannot(error: Exception) -> None:
    fallback = FallbackModel(model("a", error), model("b", "from b", "local"))
    text_, usage = await complete(fallback, REQUEST)
    assert (text_, usage.model) == ("from b", "b")
    assert fallback.last == ModelInfo("b", "local") and fallback.failure is error


async def test_a_broken_endpoint_is_left_alone_for_a_while() -> None:
    clock = Clock()
    first = ScriptedModel([("", lambda request: ModelUnreachable("down") if clock.now < 30 else "back")])
    fallback = FallbackModel(first, model("b", "from b"), cooldown=30, clock=clock)
    assert [await text(fallback), await text(fallback)] == ["from b", "from b"]
    assert len(first.requests) == 1 and fallback.info.name == "b"
    clock.now = 30
    assert fallback.info.name == "scripted"
    assert await text(fallback) == "back"


async def test_a_model_that_is_at_work_hides_no_failure() -> None:
    broken = ModelAuthError("wrong key")
    fallback = FallbackModel(model("a", broken), model("b", ModelBusy("at work")))
    with pytest.raises(ModelAuthError):
        await text(fallback)
    assert fallback.failure is broken


async def test_one_bad_reply_is_no_reason_to_stay_away() -> None:
    first = model("a", ModelMalformed("nonsense"))
    fallback = FallbackModel(first, model("b", "from b"))
    await text(fallback)
    await text(fallback)
    assert len(first.requests) == 2


async def test_when_all_are_cooling_all_are_tried() -> None:
    fallback = FallbackModel(model("a", ModelUnreachable("a down")), model("b", ModelTimeout("b late")))
    for _ in range(2):
        with pytest.raises(ModelUnreachable, match="a down"):
            await text(fallback)


async def test_reset_forgets_failures() -> None:
    first = model("a", ModelUnreachable("down"))
    fallback = FallbackModel(first, model("b", "from b"))
    await text(fallback)
    fallback.reset()
    assert fallback.info.name == "a" and fallback.failure is None


async def test_after_the_first_word_there_is_no_other_speaker() -> None:
    second = model("b", "from b")
    fallback = FallbackModel(model("a", ["Half a sen", ModelUnreachable("broke")]), second)
    with pytest.raises(ModelUnreachable):
        await text(fallback)
    assert not second.requests and fallback.info.name == "b"


async def test_over_budget_only_those_that_cost_nothing_speak() -> None:
    paid, free = model("b", "from b"), model("c", "from c", "understudy")
    first = model("a", BudgetExceeded("used up"))
    fallback = FallbackModel(first, paid, free)
    assert await text(fallback) == "from c"
    assert not paid.requests and fallback.info.name == "a"  # the budget may be raised at any moment
    strict = FallbackModel(first, paid, free, free_over_budget=False)
    with pytest.raises(BudgetExceeded):
        await text(strict)
    with pytest.raises(BudgetExceeded):
        await text(FallbackModel(first, paid))


async def test_an_unscripted_prompt_is_not_covered_up() -> None:
    second = model("b", "from b")
    with pytest.raises(UnscriptedPrompt):
        await text(FallbackModel(ScriptedModel([]), second))
    assert not second.requests


async def test_closing_reaches_the_one_that_speaks() -> None:
    first = model("a", "many pieces of text")
    stream = FallbackModel(first).stream(REQUEST)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert first.cancelled == 1


async def test_it_closes_them_all() -> None:
    class Closable(ScriptedModel):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    models = Closable([]), ScriptedModel([]), Closable([])
    await FallbackModel(*models).aclose()
    assert [getattr(m, "closed", None) for m in models] == [True, None, True]
