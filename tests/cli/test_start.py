"""Starts under bad conditions: extras that are broken, and what nobody foresaw."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from openroom.errors import SettingsError
from openroom.settings import Settings
from tests import processes


def _said(folder: Path, code: str, **env: str) -> tuple[int, str]:
    """Exit code and words of a server whose start ``code`` goes before; one that starts is stopped at once."""
    settings = {"DATA": str(folder / "data"), "MODEL": "understudy", "DISCOVER": "0", "PORT": "0"}
    given = {f"OPENROOM_{name}": value for name, value in settings.items()}
    code = f"{_ENDS}\n{code}\nfrom openroom.cli.main import app; app(['serve', *sys.argv[1:]])"
    done = processes.run(
        [sys.executable, "-c", code, env.pop("flag", "--no-gui")],
        cwd=folder,
        env={**os.environ, **given, **env},
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout


_ENDS = """import sys
import uvicorn
async def main_loop(self): pass
uvicorn.Server.main_loop = main_loop"""


def _broken(folder: Path, *names: str) -> str:
    """Where such libraries come first, each raising as it is loaded."""
    for name in names:
        (folder / "site" / name).mkdir(parents=True)
        (folder / "site" / name / "__init__.py").write_text(f'raise RuntimeError("{name} finds no home")\n')
    return os.pathsep.join([str(folder / "site"), os.environ.get("PYTHONPATH", "")])


def test_broken_extras_are_left_out_and_named(tmp_path: Path) -> None:
    names = ("wordllama", "chess", "uvloop", "xllamacpp", "gepa", "nicegui")
    code, said = _said(tmp_path, "", PYTHONPATH=_broken(tmp_path, *names))
    assert code == 0, said
    assert "openroom is open" in said
    for name in ("wordllama", "chess", "uvloop"):
        assert f"{name} is installed and cannot be loaded (RuntimeError: {name} finds no home)" in said
    assert "Traceback" not in said


def test_pages_that_cannot_be_loaded_say_so(tmp_path: Path) -> None:
    code, said = _said(tmp_path, "", flag="--gui", PYTHONPATH=_broken(tmp_path, "nicegui"))
    assert code == 1
    assert said.strip() == (
        "openroom: The pages need NiceGUI, which is installed and cannot be loaded (RuntimeError: nicegui finds no "
        "home): pip install 'openroom[web]'. Without pages: --no-gui."
    )


@pytest.mark.parametrize(
    ("where", "error", "told"),
    [
        ("openroom.server.speaker:Speaker.start", "ZeroDivisionError('by nobody')", "ZeroDivisionError: by nobody"),
        ("openroom.server.speaker:Speaker.start", "ExceptionGroup('x', [KeyError('k')])", "KeyError: 'k'"),
        ("openroom.tuning.live.governor:Governor.start", "RuntimeError()", "RuntimeError"),
        ("openroom.server.access:Access.operator_link", "TypeError('late')", "TypeError: late"),
    ],
)
def test_what_nobody_foresaw_is_told_in_a_sentence(where: str, error: str, told: str, tmp_path: Path) -> None:
    module, _, name = where.partition(":")
    kind, _, method = name.partition(".")
    code, said = _said(
        tmp_path,
        f"from {module} import {kind}\nasync def fails(self, *_):\n    raise {error}\n{kind}.{method} = fails",
    )
    assert code == 1
    sentence = f"openroom: The server could not start or go on: {told}. OPENROOM_LOG_LEVEL=debug shows where."
    assert said.strip().splitlines()[-1] == sentence
    assert "Traceback" not in said


def test_a_data_folder_without_a_home_names_the_setting() -> None:
    with pytest.raises(SettingsError, match=r"OPENROOM_DATA: expected a folder that .* came '~no-such-user/x'"):
        Settings.load(data=Path("~no-such-user/x"))
