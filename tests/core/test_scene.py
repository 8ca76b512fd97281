"""Scene definitions."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from openroom.core.scene import TIMES, WEATHERS, Scene

BODY: dict[str, Any] = {"format": 1, "id": "hut", "title": "A Hut", "line": "Small.", "description": "A hut."}


def test_a_bare_scene_has_sensible_defaults() -> None:
    scene = Scene.model_validate(BODY)
    assert (scene.time, scene.weather, scene.responders.mode, scene.max_players) == ("night", "clear", "natural", 24)


@pytest.mark.parametrize(
    "more",
    [
        {"time": "noonish"},
        {"weather": "lava"},
        {"props": [{"id": "a", "kind": "lamp"}, {"id": "a", "kind": "lamp"}]},
        {"characters": [{"id": "a", "place": {"x": 101}}]},
        {"characters": [{"id": f"c{n}"} for n in range(13)]},
        {"responders": {"mode": "loud"}},
        {"max_players": 0},
        {"music": "loud"},
    ],
)
def test_what_does_not_fit_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Scene.model_validate({**BODY, **more})


def test_every_time_and_weather_is_one() -> None:
    for time in TIMES:
        assert Scene.model_validate({**BODY, "time": time}).time == time
    for weather in WEATHERS:
        assert Scene.model_validate({**BODY, "weather": weather}).weather == weather
