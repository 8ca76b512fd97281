"""The stand-in: who speaks while the local model is not ready, and what it says about itself."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from openroom.errors import ModelUnreachable
from openroom.models.local.model import LocalModel
from openroom.models.local.options import LocalOptions, LocalTiming
from openroom.models.standin import StandIn
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Cue, Message, ModelRequest, Usage, complete

_FAKE = (sys.executable, str(Path(__file__).parent / "local" / "fake_engine.py"))
_CUE = Cue(greetings=("Come in.",), greet=True)


def ask(text: str = "hello", *, cue: Cue | None = _CUE, purpose: str = "turn") -> ModelRequest:
    return ModelRequest((Message("user", text),), slot="mara", cue=cue, purpose=purpose)


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[StandIn]:
    (tmp_path / "any.gguf").write_text("")
    options = LocalOptions(command=_FAKE, timing=LocalTiming(backoff=30, backoff_cap=30))
    model = StandIn(LocalModel(str(tmp_path / "any.gguf"), folder=tmp_path, options=options), Understudy())
    yield model
    await model.aclose()


async def test_the_understudy_speaks_until_the_model_is_ready_then_the_model(pair: StandIn) -> None:
    assert pair.info.kind == "understudy"
    assert pair.info.detail == "Standing in: The local model has not been started."
    assert "Come in." in (await complete(pair, ask()))[0]
    await pair.local.wait_ready(20)
    assert (pair.info.kind, pair.info.name) == ("local", "any")
    assert (await complete(pair, ask()))[0].startswith("slot=0")


async def test_a_crash_before_the_first_word_is_covered(pair: StandIn) -> None:
    await pair.local.wait_ready(20)
    assert "Come in." in (await complete(pair, ask("crash")))[0]


async def test_a_judge_is_not_stood_in_for(pair: StandIn) -> None:
    with pytest.raises(ModelUnreachable):
        await complete(pair, ask(cue=None, purpose="judge"))


async def test_there_is_nothing_to_warm_before_it_is_ready(pair: StandIn) -> None:
    items = [item async for item in pair.stream(ask(purpose="warm"))]
    assert items == [Usage(finish="yielded")]
