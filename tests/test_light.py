"""What must stay light: importing it loads none of the large libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LARGE = {
    "openai",
    "sqlalchemy",
    "alembic",
    "nicegui",
    "fastapi",
    "starlette",
    "uvicorn",
    "chess",
    "wordllama",
    "numpy",
}
_LARGE |= {"xllamacpp", "huggingface_hub", "httpx", "ruamel"}


def _loaded(code: str) -> set[str]:
    """The large libraries that are there once ``code`` has run in a fresh interpreter."""
    told = "import sys; " + code + "; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=120)
    return _LARGE & set(done.stdout.split())


_EVERY_PORT = (
    "import importlib, pkgutil, openroom.ports as ports;"
    "[importlib.import_module(found.name) for found in pkgutil.walk_packages(ports.__path__, 'openroom.ports.')]"
)


@pytest.mark.parametrize(
    ("code", "may"),
    [
        ("import openroom", set()),
        (_EVERY_PORT, set()),
        ("import openroom.language.requests.match", set()),
        ("import openroom.room.room", set()),
        ("import openroom.cast.director", set()),
        ("import openroom.cli.main", set()),
        ("import openroom.props.diary.rules", set()),
        ("import openroom.library.library", {"chess", "ruamel"}),
        ("import openroom.cli.check", {"chess", "ruamel"}),
        ("from openroom import Lobby; Lobby", {"chess", "ruamel", "sqlalchemy", "alembic", "wordllama", "numpy"}),
        ("import openroom.server.app", _LARGE - {"openai", "nicegui", "xllamacpp", "huggingface_hub"}),
    ],
)
def test_what_must_stay_light(code: str, may: set[str]) -> None:
    assert _loaded(code) <= may, f"{code} loads {sorted(_loaded(code) - may)}"


def test_the_measure_can_fail() -> None:
    assert _loaded("import sqlalchemy") >= {"sqlalchemy"}
