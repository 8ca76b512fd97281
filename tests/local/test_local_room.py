"""What must hold in a real room on the real local model: `pytest -m local_model tests/local`.

The figures that need a long evening are measured by `python -m benchmarks.local_room`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from platformdirs import user_data_path

from benchmarks import local_room
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder

pytestmark = [pytest.mark.local_model, pytest.mark.timeout(1200)]


@pytest.fixture
async def model() -> AsyncIterator[LocalModel]:
    pytest.importorskip("xllamacpp")
    model = LocalModel(folder=weights_folder(user_data_path("openroom", appauthor=False)))
    await model.wait_ready(900)
    yield model
    await model.aclose()


async def test_a_greeting_is_no_call_and_one_visible_reply(model: LocalModel) -> None:
    found = await local_room.greeting(model)
    assert (found["calls"], found["replies"]) == (0, 1)


async def test_asked_for_music_and_the_lamp_the_room_changes(model: LocalModel) -> None:
    found = await local_room.deeds(model)
    assert found["music"]
    assert found["lamp"]


async def test_after_stop_nothing_more_appears_and_the_engine_is_free(model: LocalModel) -> None:
    found = await local_room.stop(model)
    for how in ("reading", "writing"):
        assert found[how]["stopped"]
        assert found[how]["last_words"] < 0.3
        assert found[how]["next"] < 3.0


async def test_the_prompt_of_turn_200_is_hardly_longer_than_that_of_turn_20(model: LocalModel) -> None:
    found = await local_room.long(model)
    assert found["turn_200"] <= 1.2 * found["turn_20"]
