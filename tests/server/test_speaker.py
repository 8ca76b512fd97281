from __future__ import annotations

import logging
from pathlib import Path

import pytest

from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.discovery import ModelChoice
from openroom.models.local.options import LocalStatus
from openroom.models.understudy.understudy import Understudy
from openroom.room.clock import system_clock
from openroom.server.operator_settings import OperatorSettings
from openroom.server.speaker import Speaker, budget_of
from openroom.store.inmemory import MemoryStore
from tests.server.live import small_settings


def choice(**more: bool) -> ModelChoice:
    return ModelChoice(model=Understudy(), source="settings", why="", **more)


def test_tokens_count_only_where_calls_leave_this_machine(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, budget_tokens_per_day=500, budget_usd_per_day=2, budget_tokens_per_room_day=50)
    assert budget_of(settings, choice(off_machine=True)).tokens_per_day == 500
    local = budget_of(settings, choice())
    assert (local.tokens_per_day, local.usd_per_day, local.tokens_per_room, local.usd_per_room) == (None, 2, 50, None)


def test_no_limit_is_no_limit_unless_nobody_asked_for_the_endpoint(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, budget_tokens_per_day=0)
    assert budget_of(settings, choice(off_machine=True)).tokens_per_day is None
    assert budget_of(settings, choice(off_machine=True)).tokens_per_party is None
    assert budget_of(settings, choice(off_machine=True, must_budget=True)).tokens_per_day == 2_000_000


def test_a_visitor_has_a_share_of_what_is_limited(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, budget_usd_per_day=2)
    found = budget_of(settings, choice(off_machine=True))
    assert (found.tokens_per_party, found.usd_per_party) == (500_000, 0.5)
    assert budget_of(settings, choice()).tokens_per_party is None
    whole = budget_of(small_settings(tmp_path, budget_share=1, budget_usd_per_day=2), choice(off_machine=True))
    assert (whole.tokens_per_party, whole.usd_per_party) == (None, None)


async def test_the_log_tells_of_a_download_by_tenths_and_not_at_every_byte(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="openroom")
    settings = OperatorSettings(small_settings(tmp_path), tmp_path / "operator.json")
    lobby = Lobby(store=MemoryStore(), settings=LobbySettings(watch=False))
    async with lobby:
        speaker = Speaker(lobby, settings, tmp_path, system_clock)
        for done in range(0, 1001, 7):
            speaker._changed(LocalStatus("fetching", f"Fetching: {done // 10} %.", done, 1000))
        speaker._changed(LocalStatus("ready", "The model speaks."))
    told = [record.getMessage() for record in caplog.records if record.name == "openroom.model"]
    assert len([line for line in told if line.startswith("Fetching")]) == 10
    assert told[-1] == "The model speaks."
