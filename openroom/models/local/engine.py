"""The local engine's own process: ``python -m openroom.models.local.engine --model FILE.gguf``.

It loads the weights, serves them over an OpenAI-compatible HTTP interface on loopback, writes ONE line of JSON to
standard output (``{"ready": true, "address": "http://127.0.0.1:PORT"}`` or ``{"ready": false, "reason": "..."}``) and
ends when its standard input closes, so that it never outlives the process that started it, however that one ended.
Calls must carry the key in the environment variable OPENROOM_ENGINE_KEY, if it is set: a page in a browser or another
user of this machine shall not use the engine.

Why a process of its own: a crash in native code ends the engine and not the rooms, and reading a long prompt never
holds the rooms' event loop. Everything the native library prints goes to standard error. Only the standard library is
imported beside the engine: this file is also run by its path, so that it starts quickly.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the engine runs; the defaults were measured with ``benchmarks/local_engine.py`` on two cores, no GPU.

    ``slots`` prompts stay in the cache side by side, each of ``ctx`` tokens (prompt and reply). ``batch`` is how many
    prompt tokens are read in one step: a cancelled call is noticed between two steps, so it bounds how long a Stop
    holds up the next (32 read 3 to 9 % slower than 64 and let go twice as fast, which counts on a busy machine).
    ``threads`` 0 means one a core; ``poll`` 0..100 is how busily idle threads wait for work. ``cache_ram`` MiB hold
    prompts that lost their slot (about 28 kB a token with the 1.5B model). ``nice`` lowers the priority, so that the
    rooms stay responsive beside it.
    """

    slots: int = 4
    ctx: int = 4096
    batch: int = 32
    threads: int = 0
    poll: int = 0
    cache_ram: int = 512
    gpu_layers: int = -1
    nice: int = 10

    def shape(self) -> tuple[int, ...]:
        """What decides whether a slot's state can be taken over."""
        return (self.ctx, self.slots, self.batch, self.gpu_layers)

    def arguments(self) -> tuple[str, ...]:
        """These settings as the engine's command line."""
        pairs = ((f"--{field.name.replace('_', '-')}", str(getattr(self, field.name))) for field in fields(self))
        return tuple(part for pair in pairs for part in pair)


class _NoEngine(Exception):
    """The library is not there; the clause says why."""


def main(argv: list[str] | None = None) -> int:
    """Serve until standard input closes; returns the exit code (0 closed, 1 could not start)."""
    model, settings, states = _parse(argv)
    said = _claim_stdout()
    _end_with_stdin()
    _be_modest(settings.nice)
    try:
        server = _serve(_library(), model, settings, states)
    except _NoEngine as error:
        _say(said, ready=False, reason=str(error))
        return 1
    except (RuntimeError, ValueError, OSError) as error:
        _say(said, ready=False, reason=f"the engine could not load {model.name}: {error}")
        return 1
    _say(said, ready=True, address=server.listening_address)
    threading.Event().wait()
    return 0  # not reached: the process ends with its standard input


def _parse(argv: list[str] | None) -> tuple[Path, EngineSettings, Path | None]:
    parser = argparse.ArgumentParser(prog="openroom.models.local.engine", description="Serve one .gguf file here.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--states", type=Path, help="folder in which slots may be kept and from which they come back")
    for field in fields(EngineSettings):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=int, default=field.default)
    space = vars(parser.parse_args(argv))
    model, states = space.pop("model"), space.pop("states")
    return model, EngineSettings(**space), states


def _library() -> Any:
    """Raises `_NoEngine`."""
    try:
        import xllamacpp  # noqa: PLC0415 (a real optional extra)
    except Exception as error:  # noqa: BLE001 - a library of somebody else's may raise anything
        absent = isinstance(error, ModuleNotFoundError) and error.name == "xllamacpp"
        why = "is not installed" if absent else f"cannot be loaded ({type(error).__name__}: {error})"
        raise _NoEngine(f"the engine {why} (the extra `local`: xllamacpp)") from None
    return xllamacpp


def _serve(xllamacpp: Any, model: Path, settings: EngineSettings, states: Path | None) -> Any:
    if not model.is_file():
        raise FileNotFoundError(f"no such file: {model}")
    params = _params(xllamacpp, model, settings)
    if states is not None:
        params.slot_save_path = f"{states}{os.sep}"  # the engine puts a file's name behind it as it stands
    return xllamacpp.Server(params)


def _params(xllamacpp: Any, model: Path, settings: EngineSettings) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {model.stem}
    params.hostnames, params.port, params.ui = ["127.0.0.1"], 0, False
    params.api_keys = [key] if (key := os.environ.get("OPENROOM_ENGINE_KEY")) else []
    params.cors_origins, params.cors_credentials = "http://127.0.0.1", False
    params.n_gpu_layers = settings.gpu_layers
    # The context is shared out: without a unified cache each slot gets n_ctx / n_parallel tokens.
    params.n_ctx, params.n_parallel, params.kv_unified = settings.ctx * settings.slots, settings.slots, False
    params.n_batch = params.n_ubatch = settings.batch
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings.threads or os.cpu_count() or 1
    params.cpuparams.poll = params.cpuparams_batch.poll = settings.poll
    # A likeness of 0 would also keep pinned calls from finding their prompt in cache_ram after they lost their slot.
    params.cache_ram_mib, params.slot_prompt_similarity = settings.cache_ram, 0.1
    params.n_ctx_checkpoints = 0
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_AUTO
    params.fit_params = False  # take these numbers, do not guess others from the memory that happens to be free
    params.verbosity = 1
    return params


def _claim_stdout() -> IO[str]:
    """Keep standard output for the one line; whatever native code prints goes to standard error."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return said


def _be_modest(nice: int) -> None:
    if hasattr(os, "nice"):
        os.nice(nice)


def _say(said: IO[str], **line: object) -> None:
    said.write(json.dumps(line) + "\n")
    said.flush()


def _end_with_stdin() -> None:
    """End at once when standard input closes; the native server would first join its threads."""

    def read() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock, held here, would abort an orderly exit
            pass
        os._exit(0)

    threading.Thread(target=read, name="stdin", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
