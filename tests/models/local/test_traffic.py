"""The order of calls at a local engine."""

from __future__ import annotations

import pytest

from openroom.errors import ModelBusy
from openroom.models.local.traffic import Traffic
from openroom.ports.model import Message, ModelRequest

PICK = ModelRequest((Message("user", "Who?"),), max_tokens=1, choices=("1", "2"), purpose="pick", slot="room:")


async def test_a_pick_waits_for_nobody() -> None:
    traffic = Traffic(slots=4, parallel=2)
    async with traffic.real_call(ModelRequest(PICK.messages, slot="room:mira")):
        with pytest.raises(ModelBusy):
            async with traffic.real_call(PICK):
                pass
    async with traffic.real_call(PICK) as asked:
        assert asked == PICK


def test_one_of_the_choices_is_written() -> None:
    traffic = Traffic(slots=4, parallel=2)
    assert traffic.body(PICK)["grammar"] == 'root ::= "1" | "2"'
    assert "grammar" not in traffic.body(ModelRequest(PICK.messages))
