"""docs/governance.md: every command in it is run here, in its order, and answers what it promises."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.record_run import helpful, record
from openroom.cli.main import app
from openroom.tuning.audit.bundle import verify_bundle
from openroom.tuning.audit.recorded import BUNDLE
from tests import processes

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "governance.md"
ROUND = "mira-1/0"


def _commands() -> list[str]:
    return re.findall(r"^ {4,}((?:openroom|python) .+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run has ended; one candidate waits."""
    folder = tmp_path_factory.mktemp("governance")
    asyncio.run(record(folder / "data", rounds=2, calls=400, suggested=[helpful()]))
    return folder


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str


def _run(folder: Path, command: str) -> Done:
    """Run a command of the page. Those of openroom run in this process (each import of the package takes seconds); the
    red team is only collected, since this very suite runs it."""
    words = shlex.split(command.replace("ROUND", ROUND))
    if words[0] == "openroom":
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(("OPENROOM_", "OPENAI_"))]:
                patch.delenv(name)
            patch.setenv("OPENROOM_DATA", str(folder / "data"))
            patch.setenv("COLUMNS", "200")
            patch.chdir(folder)
            result = CliRunner().invoke(app, words[1:])
        return Done(result.exit_code, result.output)
    red_team = "pytest" in words
    more = ["-p", "no:cacheprovider", "--collect-only"] if red_team else []
    return _process(ROOT if red_team else folder, folder, [*words[1:], *more])


def _process(where: Path, folder: Path, arguments: list[str]) -> Done:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("OPENROOM_", "OPENAI_"))}
    env = {**kept, "OPENROOM_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    done = processes.run([sys.executable, *arguments], cwd=where, env=env)
    return Done(done.returncode, done.stdout + done.stderr)


#: What each command must say.
_SAYS = {
    "audit verify": "all is well",
    "rounds list": "awaiting_approval",
    "rounds show ROUND --json": '"rollouts"',
    "rounds show": "against:",
    "rounds diff": "add_example examples/advice",
    "audit replay": "as recorded",
    "audit export": "sha256",
    "approve ROUND --why": "the blind tasting has not begun",
    "approve ROUND --override": "plays version",
    "rollback": "author",
    "test_red_team": "test_17_",
    "verify_bundle": "problems=()",
}


def test_every_command_of_the_page_answers(folder: Path) -> None:
    commands = _commands()
    said = {}
    for command in commands:
        done = _run(folder, command)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        said[command] = done.stdout
    for key, expected in _SAYS.items():
        (command,) = [one for one in commands if key in one][:1]
        assert expected in said[command], f"{command}\n{said[command]}"
    # Once more as a process of its own, after everything that was decided.
    assert "all is well" in _process(folder, folder, ["-m", "openroom", "audit", "verify"]).stdout


def test_every_question_has_a_command() -> None:
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    without = [part.splitlines()[0] for part in sections if not re.search(r"^ {4,}(openroom|python) ", part, re.M)]
    assert without == []


def test_the_evidence_holds_what_the_page_says(folder: Path) -> None:
    done = _run(folder, "openroom rounds show ROUND --json")
    record_ = json.loads(done.stdout)
    named = {
        "parent_version",
        "candidate_version",
        "hypotheses",
        "patch",
        "static_checks",
        "rollouts",
        "gate",
        "budget",
    }
    assert named <= set(record_)
    assert record_["rollback"]["tested"]
    assert all(row["transcript"] for row in record_["rollouts"])
    (test,) = record_["gate"]["tests"]
    assert test["path"][-1] >= 1 / test["alpha"]
    assert _run(folder, "openroom audit export once.zip").returncode == 0
    assert verify_bundle(folder / "once.zip").ok


def test_an_edited_log_does_not_verify(folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(folder / "data", tmp_path / "data")
    chain = tmp_path / "data" / "tuning" / "log" / "chain.jsonl"
    chain.write_bytes(chain.read_bytes().replace(b'"verdict":"keep"', b'"verdict":"drop"', 1))
    done = _run(tmp_path, "openroom audit verify")
    assert done.returncode == 1
    assert "was edited" in done.stdout


def test_the_recorded_run_is_small_and_whole_and_its_decisions_follow(tmp_path: Path) -> None:
    assert BUNDLE.stat().st_size < 500_000
    assert verify_bundle(BUNDLE).ok
    with zipfile.ZipFile(BUNDLE) as archive:
        assert {"chain.jsonl", "heads.jsonl", "manifest.json"} <= set(archive.namelist())
        archive.extractall(tmp_path / "data" / "tuning" / "log")
    assert _run(tmp_path, "openroom audit replay").stdout.endswith("as recorded.\n")
