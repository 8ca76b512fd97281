"""openroom is typed for those who use it: the examples and the runnable snippets pass strict mypy as their own code."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests import processes
from tests.test_docs import ROOT, snippets

# As a program of its own has it: no plug-in of pydantic's, and what others leave untyped is none of its business.
_SETTINGS = "[mypy]\nstrict = true\nfollow_imports = silent\n"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy has read once."""
    return tmp_path_factory.mktemp("mypy")


def _checked(folder: Path, files: list[Path], cache: Path) -> str:
    (folder / "mypy.ini").write_text(f"{_SETTINGS}cache_dir = {cache}\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(folder / "mypy.ini"), *map(str, files)]
    done = processes.run(command, cwd=folder, env={**os.environ, "MYPYPATH": str(ROOT)})
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_examples_and_snippets_are_strictly_typed(tmp_path: Path, cache: Path) -> None:
    files = sorted((ROOT / "examples").glob("*.py"))
    for number, snippet in enumerate(snippets("python runnable")):
        path, code = snippet.values
        files.append(tmp_path / f"{path.stem}_{number}.py")
        files[-1].write_text(code, encoding="utf-8")
    assert _checked(tmp_path, files, cache) == ""


def test_a_wrong_use_is_found(tmp_path: Path, cache: Path) -> None:
    """Else the types would be `Any`, and the test above would show nothing."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import openroom\n\nopenroom.Lobby(store=3)\nopenroom.Settings(port='x')\n", encoding="utf-8")
    said = _checked(tmp_path, [wrong], cache)
    assert 'expected "str | Store"' in said
    assert 'expected "int"' in said
