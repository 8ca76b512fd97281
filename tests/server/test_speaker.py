from __future__ import annotations

from pathlib import Path

from openroom.models import Understudy
from openroom.models.discovery import Choice
from openroom.server.speaker import budget_of
from tests.server.live import small_settings


def choice(**more: bool) -> Choice:
    return Choice(model=Understudy(), source="settings", why="", **more)


def test_tokens_count_only_where_calls_leave_this_machine(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, budget_tokens_per_day=500, budget_usd_per_day=2, budget_tokens_per_room_day=50)
    assert budget_of(settings, choice(off_machine=True)).tokens_per_day == 500
    local = budget_of(settings, choice())
    assert (local.tokens_per_day, local.usd_per_day, local.tokens_per_room, local.usd_per_room) == (None, 2, 50, None)


def test_no_limit_is_no_limit_unless_nobody_asked_for_the_endpoint(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, budget_tokens_per_day=0)
    assert budget_of(settings, choice(off_machine=True)).tokens_per_day is None
    assert budget_of(settings, choice(off_machine=True, must_budget=True)).tokens_per_day == 2_000_000
