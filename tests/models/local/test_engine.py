"""The engine's child process: its one line, its end with stdin, what it asks of the (pretended) native library."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from openroom.errors import ModelUnreachable
from openroom.models.local.engine import EngineSettings
from openroom.models.local.engine_process import EngineProcess, engine_command
from tests import processes
from tests.waiting import PATIENCE, wait_until

_NATIVE = """
import json, os, sys
from enum import Enum
from types import SimpleNamespace

llama_flash_attn_type = Enum("llama_flash_attn_type", "LLAMA_FLASH_ATTN_TYPE_AUTO LLAMA_FLASH_ATTN_TYPE_ENABLED")

class CommonParams(SimpleNamespace):
    def __init__(self):
        super().__init__(model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace())

class Server:
    listening_address = "http://127.0.0.1:1"
    def __init__(self, params):
        print("chatter of the native library on standard output")
        os.write(1, b"and below Python")
        if "bad" in params.model.path:
            raise RuntimeError("failed to load model")
        if "abort" in params.model.path:
            os.abort()
        with open(os.environ["ASKED"], "w") as file:
            json.dump(vars(params), file, default=lambda value: getattr(value, "__dict__", str(value)))
        with open(os.environ["ASKED"] + ".nice", "w") as file:
            file.write(str(os.nice(0)))
"""


@pytest.fixture
def native(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pretended xllamacpp, found by the child before any real one; gives the file that tells what it was asked."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "xllamacpp.py").write_text(_NATIVE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    monkeypatch.setenv("ASKED", str(tmp_path / "asked.json"))
    return tmp_path / "asked.json"


def _weights(tmp_path: Path, name: str = "some.gguf") -> Path:
    path = tmp_path / name
    path.write_text("")
    return path


async def _start(path: Path, settings: EngineSettings | None = None) -> EngineProcess:
    arguments = (settings or EngineSettings()).arguments()
    return await EngineProcess.start((*engine_command(), "--model", str(path), *arguments), limit=PATIENCE)


async def test_it_says_where_it_listens_and_takes_its_settings(native: Path, tmp_path: Path) -> None:
    process = await _start(_weights(tmp_path), EngineSettings(slots=3, ctx=1000, batch=32, threads=2, nice=3))
    try:
        assert process.address == "http://127.0.0.1:1"
        asked = json.loads(native.read_text())
        assert (asked["n_ctx"], asked["n_parallel"], asked["kv_unified"]) == (3000, 3, False)
        assert (asked["n_batch"], asked["n_ubatch"]) == (32, 32)
        assert asked["cpuparams"]["n_threads"] == asked["cpuparams_batch"]["n_threads"] == 2
        assert asked["cache_ram_mib"] < 1024
        assert asked["hostnames"] == ["127.0.0.1"]
        assert asked["api_keys"] == [process.key]
        assert len(process.key) >= 24
        assert int(native.with_name("asked.json.nice").read_text()) == min(os.nice(0) + 3, 19)
    finally:
        await process.stop()


async def test_all_cores_unless_told(native: Path, tmp_path: Path) -> None:
    process = await _start(_weights(tmp_path))
    await process.stop()
    assert json.loads(native.read_text())["cpuparams"]["n_threads"] == os.cpu_count()


def test_it_ends_when_its_standard_input_closes(native: Path, tmp_path: Path) -> None:
    command = (*engine_command(), "--model", str(_weights(tmp_path)))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with processes.running(command, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"]
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


def test_it_does_not_outlive_a_parent_that_was_killed(native: Path, tmp_path: Path) -> None:
    parent_script = (
        "import asyncio, sys\n"
        "from openroom.models.local.engine_process import EngineProcess\n"
        "async def main():\n"
        f"    process = await EngineProcess.start(sys.argv[1:], limit={PATIENCE})\n"
        "    print(process.pid, flush=True)\n"
        "    await asyncio.sleep(3600)\n"
        "asyncio.run(main())\n"
    )
    command = (sys.executable, "-c", parent_script, *engine_command(), "--model", str(_weights(tmp_path)))
    with processes.running(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
        parent.wait()
        wait_until(lambda: processes.gone(child))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("raise ModuleNotFoundError('no such thing', name='xllamacpp')", "the engine is not installed"),
        ("raise ImportError('no such thing')", r"the engine cannot be loaded \(ImportError: no such thing\)"),
        ("raise RuntimeError('no home')", r"the engine cannot be loaded \(RuntimeError: no home\)"),
        ("import no_such_thing", r"the engine cannot be loaded \(ModuleNotFoundError: No module named 'no_such_thing'"),
    ],
)
async def test_an_extra_that_is_missing_or_broken_is_told(text: str, told: str, tmp_path: Path, native: Path) -> None:
    (tmp_path / "lib" / "xllamacpp.py").write_text(text)
    with pytest.raises(ModelUnreachable, match=told):
        await _start(_weights(tmp_path))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bad.gguf", r"could not load bad\.gguf: failed to load model"),
        ("abort.gguf", r"ended while starting \(signal 6"),
    ],
)
async def test_weights_that_cannot_be_loaded_are_told(native: Path, tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ModelUnreachable, match=message):
        await _start(_weights(tmp_path, name))


async def test_a_missing_file_is_told(native: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnreachable, match="no such file"):
        await _start(tmp_path / "nowhere.gguf")


async def test_the_child_imports_nothing_of_openroom() -> None:
    source = Path(engine_command()[-1]).read_text(encoding="utf-8")
    assert "import openroom" not in source
    assert "from openroom" not in source


async def test_a_stop_that_is_cancelled_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The supervisor is cancelled while it ends an engine that could not start: the child is reaped all the same."""
    killed: list[asyncio.subprocess.Process] = []
    kill = asyncio.subprocess.Process.kill

    def kill_and_cancel(process: asyncio.subprocess.Process) -> None:
        kill(process)
        killed.append(process)
        starting.cancel()

    monkeypatch.setattr(asyncio.subprocess.Process, "kill", kill_and_cancel)
    command = (sys.executable, "-c", "import time; print('loading model', flush=True); time.sleep(3600)")
    starting = asyncio.create_task(EngineProcess.start(command, limit=PATIENCE))
    with pytest.raises(asyncio.CancelledError):
        await starting
    (process,) = killed
    assert process.returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
