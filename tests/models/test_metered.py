"""Calls are held against a budget and written down, however they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from openroom.errors import BudgetExceeded, ModelTimeout, ModelUnreachable
from openroom.models.metered import MeteredModel
from openroom.models.purse import MemoryLedger
from openroom.models.scripted import Hang, ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.ledger import DAY_MS, Budget, Call, Price
from openroom.ports.model import Cue, Delta, Message, ModelInfo, ModelRequest, Usage, complete
from tests.waiting import until

NOON = 20_000 * DAY_MS + DAY_MS // 2
REMOTE = ModelInfo("big-model", "remote")
REQUEST = ModelRequest((Message("user", "x" * 400),), max_tokens=100, room="tea", character="mira")
WORST = 104 + 100  # 400 characters and 4 for the message; 100 for the reply


class Clock:
    """Milliseconds that pass with each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        self.now += 5
        return self.now


class Exact:
    """A paid model that says what it used."""

    info = REMOTE
    asked = 0

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Usage, None]:
        self.asked += 1
        yield Delta("Hello")
        yield Usage(prompt=120, completion=20, cached=100, model="big-model-2026")


def paid(reply: Any) -> ScriptedModel:
    return ScriptedModel([("", reply)], info=REMOTE)


def metered(model: Any, budget: Budget | None = None, price: Price | None = None) -> tuple[MeteredModel, MemoryLedger]:
    ledger = MemoryLedger()
    return MeteredModel(model, ledger, budget, price, Clock(), new_id=lambda: "call-1"), ledger


async def test_a_call_is_written_down_with_its_real_usage() -> None:
    model, ledger = metered(Exact(), price=Price(1.0, 10.0, cached=0.1))
    text, usage = await complete(model, REQUEST)
    assert (text, usage.prompt) == ("Hello", 120)
    assert ledger.calls == (
        Call("call-1", NOON + 10, "tea", "mira", "turn", "big-model-2026", "remote", 120, 100, 20, False,
             pytest.approx(0.00023), 5, 10, "ok"),
    )  # fmt: skip


async def test_without_a_price_the_cost_is_absent() -> None:
    model, ledger = metered(Exact())
    await complete(model, REQUEST)
    assert ledger.calls[0].usd is None and model.price is None


async def test_a_budget_that_the_worst_case_does_not_fit_asks_nothing() -> None:
    inner = Exact()
    model, ledger = metered(inner, Budget(tokens_per_day=WORST - 1))
    with pytest.raises(BudgetExceeded, match="tokens does not allow it"):
        await complete(model, REQUEST)
    assert inner.asked == 0 and ledger.calls == ()
    fitting, _ = metered(inner, Budget(tokens_per_day=WORST))
    await complete(fitting, REQUEST)


async def test_money_is_limited_where_the_price_is_known() -> None:
    model, _ = metered(Exact(), Budget(usd_per_day=0.001), Price(1.0, 10.0))
    with pytest.raises(BudgetExceeded, match=r"\$"):
        await complete(model, REQUEST)
    unknown, _ = metered(Exact(), Budget(usd_per_day=0.001))
    await complete(unknown, REQUEST)


async def test_many_at_once_do_not_overshoot() -> None:
    model, ledger = metered(paid(["a", 0.01, "b"]), Budget(tokens_per_day=WORST * 3))
    results = await asyncio.gather(*(complete(model, REQUEST) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(result, tuple) for result in results) == 3
    assert sum(isinstance(result, BudgetExceeded) for result in results) == 7
    assert len(ledger.calls) == 3


async def test_models_that_share_a_budget_share_it() -> None:
    first, ledger = metered(Exact(), Budget(calls_per_day=1))
    second = first.also(Exact(), Price(1.0, 1.0))
    await complete(second, REQUEST)
    with pytest.raises(BudgetExceeded):
        await complete(first, REQUEST)
    assert ledger.calls[0].usd == pytest.approx(0.00014)


async def test_a_cancelled_call_is_written_down_with_what_was_seen() -> None:
    inner = paid(Hang("Twelve chars"))
    model, ledger = metered(inner, price=Price(1.0, 10.0))
    seen: list[Any] = []

    async def listen() -> None:
        async for piece in model.stream(REQUEST):
            seen.append(piece.text)

    task = asyncio.ensure_future(listen())
    await until(lambda: "".join(seen) == "Twelve chars")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert inner.cancelled == 1
    (call,) = ledger.calls
    assert (call.outcome, call.estimated, call.prompt, call.completion) == ("cancelled", True, 104, 3)
    assert call.usd == pytest.approx(104e-6 + 30e-6)
    assert (await model.purse.ledger.spent(None, 0)).tokens == 107


async def test_closing_the_iterator_counts_as_cancelled() -> None:
    model, ledger = metered(paid("a long reply in many pieces"))
    stream = model.stream(REQUEST)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert [call.outcome for call in ledger.calls] == ["cancelled"]


@pytest.mark.parametrize(
    ("reply", "outcome", "tokens"),
    [
        (ModelUnreachable("gone"), "unreachable", 0),
        (ModelTimeout("late"), "timeout", 104),
        (["four", ModelUnreachable("broke off")], "unreachable", 105),
    ],
)
async def test_a_failed_call_is_written_down(reply: Any, outcome: str, tokens: int) -> None:
    model, ledger = metered(paid(reply))
    with pytest.raises((ModelUnreachable, ModelTimeout)):
        await complete(model, REQUEST)
    assert [(call.outcome, call.tokens) for call in ledger.calls] == [(outcome, tokens)]


async def test_a_fault_of_ours_is_written_down_as_an_error() -> None:
    model, ledger = metered(paid(KeyError("bug")))
    with pytest.raises(KeyError):
        await complete(model, REQUEST)
    assert ledger.calls[0].outcome == "error"


async def test_understudy_and_scripted_are_never_held_back_and_cost_nothing() -> None:
    nothing = Budget(tokens_per_day=0, usd_per_day=0.0, calls_per_day=0)
    for inner in (Understudy(), ScriptedModel([("", "Hello")])):
        model, ledger = metered(inner, nothing, Price(1.0, 1.0))
        await complete(model, ModelRequest((Message("user", "x"),), cue=Cue(heard="Hello")))
        assert ledger.calls[0].usd == 0.0
        assert (await ledger.spent(None, 0)).calls == 0


async def test_a_local_model_costs_no_money_but_its_tokens_count() -> None:
    model, ledger = metered(ScriptedModel([("", "Hello")], info=ModelInfo("tiny", "local")), Budget(usd_per_day=0.0))
    await complete(model, REQUEST)
    assert ledger.calls[0].usd == 0.0 and (await ledger.spent("tea", 0)).tokens > 0


async def test_it_closes_what_is_inside() -> None:
    class Closable(Exact):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    inner = Closable()
    await metered(inner)[0].aclose()
    assert inner.closed
    await metered(Exact())[0].aclose()
