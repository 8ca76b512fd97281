from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openroom.errors import SettingsError
from openroom.server.operator_settings import OperatorSettings
from openroom.settings import Settings
from tests.server.live import small_settings

HERE, THERE = "http://here.example/v1", "http://there.example/v1"


def opened(folder: Path, **settings: Any) -> OperatorSettings:
    return OperatorSettings(small_settings(folder, **settings), folder / "operator.json")


def key(settings: Settings) -> str:
    return settings.model_key.get_secret_value() if settings.model_key else ""


def test_wishes_win_over_what_the_server_was_started_with_and_can_be_taken_back(tmp_path: Path) -> None:
    found = opened(tmp_path, model="small", budget_usd_per_day=1)
    assert found.change({"model": "large", "budget_usd_per_day": 2.5}).model == "large"
    again = opened(tmp_path, model="small", budget_usd_per_day=1)
    assert (again.in_force.model, again.in_force.budget_usd_per_day) == ("large", 2.5)
    assert again.change({"model": None}).model == "small"
    assert again.in_force.budget_usd_per_day == 2.5


def test_a_changed_url_drops_its_key(tmp_path: Path) -> None:
    found = opened(tmp_path)
    found.change({"model_url": HERE, "model_key": "k-here"})
    assert key(found.in_force) == "k-here"
    found.change({"model": "other", "model_url": HERE + "/"})
    assert key(found.in_force) == "k-here", "the same address, written with a slash"
    found.change({"model_url": THERE})
    assert key(found.in_force) == ""
    found.change({"model_url": HERE})
    assert key(found.in_force) == "", "going back does not bring it back"
    found.change({"model_url": THERE, "model_key": "k-there"})
    assert key(found.in_force) == "k-there"


def test_a_key_from_the_environment_does_not_follow_to_another_url(tmp_path: Path) -> None:
    found = opened(tmp_path, model_url=HERE, model_key="k-env")
    assert key(found.change({"model": "other"})) == "k-env"
    assert key(found.change({"model_url": THERE})) == ""


def test_a_key_set_in_the_browser_does_not_follow_a_changed_environment(tmp_path: Path) -> None:
    opened(tmp_path, model_url=HERE).change({"model_key": "k-here"})
    assert key(opened(tmp_path, model_url=HERE).in_force) == "k-here"
    assert key(opened(tmp_path, model_url=THERE).in_force) == ""


@pytest.mark.parametrize("started", [HERE, HERE + "/", None])
@pytest.mark.parametrize(
    "changes",
    [
        [{"model_url": THERE, "model_key": None}],
        [{"model_url": THERE}, {"model_key": None}],
        [{"model_url": "", "model_key": None}, {"model_url": THERE, "model_key": None}],
        [{"model_url": THERE, "model_key": "k-there"}, {"model_key": None}],
        [{"model_key": None}, {"model_url": THERE, "model_key": None}, {"model": "other"}],
    ],
)
def test_taking_a_key_back_at_another_url_gives_no_key(
    tmp_path: Path, started: str | None, changes: list[dict[str, Any]]
) -> None:
    found = opened(tmp_path, model_url=started, model_key="k-env")
    for body in changes:
        settings = found.change(body)
        assert settings.model_url != THERE or key(settings) != "k-env"
    assert key(found.in_force) == ""
    assert key(opened(tmp_path, model_url=started, model_key="k-env").in_force) == "", "nor after a new start"
    assert key(found.change({"model_url": None, "model_key": None})) == "k-env", "its own URL has it again"


def test_a_key_that_comes_with_the_url_of_the_start_is_kept_for_it(tmp_path: Path) -> None:
    found = opened(tmp_path, model_url=HERE)
    found.change({"model_url": THERE})
    assert key(found.change({"model_url": None, "model_key": "k-here"})) == "k-here"
    assert key(found.change({"model_url": THERE, "model_key": ""})) == ""


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    found = opened(tmp_path)
    found.change({"model_url": HERE, "model_key": "k-here"})
    assert found.shown()["model_key_set"] is True
    assert "k-here" not in str(found.shown())
    assert "k-here" not in repr(found.wishes)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"secret": "x" * 20}, "secret: expected one of model, model_url"),
        ({"key_for": HERE}, "key_for: expected one of"),
        ({"model_url": "http://169.254.1.1/v1"}, "model_url: the address of a language model"),
        ({"model_key": "sk-…"}, "model_key: a key of plain letters"),
        ({"model_url": "ftp://x"}, "model_url: an address that starts with http"),
        ({"budget_tokens_per_day": -1}, "budget_tokens_per_day: Input should be greater than or equal to 0, came -1"),
        ({"model_key": 5}, "model_key: Input should be a valid string"),
    ],
)
def test_what_does_not_fit_changes_nothing(tmp_path: Path, body: dict[str, Any], told: str) -> None:
    found = opened(tmp_path, model="small")
    with pytest.raises(SettingsError, match=told):
        found.change(body)
    assert found.in_force.model == "small"
    assert not (tmp_path / "operator.json").exists()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "operator.json").write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"operator.json: expected settings as the browser saves them"):
        opened(tmp_path)


def test_a_pasted_address_keeps_its_key(tmp_path: Path) -> None:
    found = opened(tmp_path)
    found.change({"model_url": f" {HERE}/chat/completions\n", "model_key": "k-here\n"})
    assert (found.in_force.model_url, key(found.in_force)) == (HERE, "k-here")
    assert key(found.change({"budget_tokens_per_day": 5})) == "k-here"
    assert key(found.change({"model_url": HERE})) == "k-here"
    assert key(opened(tmp_path).in_force) == "k-here"
    assert key(found.change({"model_url": THERE})) == ""
