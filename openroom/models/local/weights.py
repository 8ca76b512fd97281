"""Weights of the local model: where they lie, how they come here, and that they are the right ones.

The digest decides, not the source: the hub is asked first, then a mirror that holds the same file in parts, if there
is one (`openroom.models.local.fetch`). The digest of weights that we know is ours; that of any other file of a hub is
what the hub says when it is first fetched, and from then on it is pinned. A file is used only once its size and
SHA-256 were checked; a stamp beside it spares the next start the reading.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from openroom.errors import SettingsError, WeightsUnavailable
from openroom.models.local import catalogue, notes
from openroom.models.local.catalogue import Weights
from openroom.models.local.fetch import Sources
from openroom.models.local.hub import NotFetched
from openroom.models.local.hub_names import HubFile
from openroom.models.local.notes import Pin, is_there

State = Literal["waiting", "fetching", "checking", "ready"]
_INSTALL = "openroom model install"
_SPARE_BYTES = 200_000_000
_CHUNK = 4 << 20
_MAGIC = b"GGUF"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: ``done`` of ``total`` bytes (0: not known yet), and a sentence for people."""

    state: State
    done: int
    total: int
    text: str


ProgressCallback = Callable[[Progress], None]


def weights_folder(data_folder: Path) -> Path:
    """Where weights lie in a data folder."""
    return data_folder / "models"


def find_weights(name_or_path: str, folder: Path) -> Path | None:
    """The file for a name or a path to a .gguf if it is already here, else ``None``. Fetches nothing.

    Raises `SettingsError` for what is neither a name that we know, nor a hub's, nor an existing .gguf file.
    """
    found = _known(name_or_path)
    if isinstance(found, Path):
        return found
    pin = notes.read_pin(folder, found) if isinstance(found, HubFile) else None
    entry = found if isinstance(found, Weights) else pin.weights() if pin else None
    return folder / entry.file if entry is not None and is_there(entry, folder) else None


async def ensure_weights(
    name_or_path: str,
    folder: Path,
    progress: ProgressCallback | None = None,
    *,
    sources: Sources | None = None,
    sha256: str = "",
) -> Path:
    """The path of a checked weights file; fetched into ``folder`` if need be.

    A path to any .gguf is taken as it is. Two processes never fetch the same file at once; a fetch that broke off goes
    on where it was. ``sha256`` is the digest that a hub's file must have, in place of the one it was pinned with.
    Raises `SettingsError` for an unknown name or a missing file, else `WeightsUnavailable`.
    """
    found = _known(name_or_path)
    if sha256 and not (isinstance(found, HubFile) and _SHA256.fullmatch(sha256)):
        raise SettingsError("expected a SHA-256 of 64 hexadecimal digits in small letters, for a file of a hub")
    if isinstance(found, Path):
        return found
    tell = _Teller(progress)
    file = found.file if isinstance(found, Weights) else found.local_name
    try:
        async with _locked(folder / f".{file}.lock", tell):
            return await _ensure(found, folder, sources or Sources.default(), sha256, tell)
    except OSError as error:
        kind = "disk_full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "not_fetched"
        raise WeightsUnavailable(f"The weights {file} could not be stored in {folder}: {error}.", kind) from error


async def _ensure(found: Weights | HubFile, folder: Path, sources: Sources, sha256: str, tell: _Teller) -> Path:
    entry = found if isinstance(found, Weights) else await _of_hub(found, folder, sources, sha256, tell)
    target = folder / entry.file
    tell.size = entry.size
    if not await _usable(entry, target, tell):
        await _fetch(entry, folder, sources, tell)
    if isinstance(found, HubFile):
        pin = Pin(str(found), entry.size, entry.sha256, entry.revision, entry.licence)
        await asyncio.to_thread(notes.write_pin, folder, pin)
    tell("ready", entry.size, f"{entry.title} is ready.")
    return target


async def _of_hub(file: HubFile, folder: Path, sources: Sources, sha256: str, tell: _Teller) -> Weights:
    """A hub's file with its digest: the pinned one where the file is here, else what the hub says, if that is the
    pinned one or there is none yet."""
    pin = await asyncio.to_thread(notes.read_pin, folder, file)
    expected = sha256 or (pin.sha256 if pin else "")
    if pin and pin.sha256 == expected and is_there(pin.weights(), folder):
        return pin.weights()
    tell("waiting", 0, f"Asking the hub for {file.repository}.")
    try:
        told = await sources.describe(file)
    except NotFetched as error:
        raise WeightsUnavailable(f"{file} could not be fetched: {error}.", error.reason) from None
    if expected and told.sha256 != expected:
        before = "you gave" if sha256 else "it had when it was first fetched here"
        raise WeightsUnavailable(
            f"{file} has another digest now: the hub says SHA-256 {told.sha256}, {before} {expected}. Nothing was "
            f"fetched. If its publisher has replaced the file and you trust it: {_INSTALL} --sha256 {told.sha256} "
            f"{file}",
            "digest",
        )
    entry = Pin(str(file), told.size, told.sha256, told.commit, told.licence).weights()
    return replace(entry, revision=told.commit)


class _Teller:
    """Calls back with `Progress`, if anybody listens."""

    def __init__(self, callback: ProgressCallback | None) -> None:
        self.size, self._callback = 0, callback

    def __call__(self, state: State, done: int, text: str) -> None:
        if self._callback is not None:
            self._callback(Progress(state, done, self.size, text))


def _known(name_or_path: str) -> Weights | HubFile | Path:
    found = catalogue.known(name_or_path)
    if found is None:
        raise SettingsError(
            f"expected the path of a .gguf file, hub:OWNER/REPOSITORY/FILE or one of {catalogue.names()}, "
            f"came {name_or_path!r}"
        )
    return found


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
    if not is_there(entry, target.parent):
        return False
    if _stamp(target).is_file() and _stamp(target).read_text(encoding="utf-8") == _stamp_text(entry, target):
        return True
    tell("checking", entry.size, f"Checking {entry.title}.")
    if await asyncio.to_thread(_digest, target) != entry.sha256:
        return False
    _write_stamp(entry, target)
    return True


async def _fetch(entry: Weights, folder: Path, sources: Sources, tell: _Teller) -> None:
    work = folder / f".{entry.file}.fetch"
    work.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(_leave_others, entry, work)
    _need_room(entry, folder, work)

    def count(done: int) -> None:
        tell("fetching", done, f"Fetching {entry.title}: {done / entry.size:.0%}.")

    count(0)
    errors: list[NotFetched] = []
    for source in (sources.from_hub, sources.from_mirror)[: 2 if entry.mirror else 1]:
        try:
            got = await source(entry, work, count)
            tell("checking", entry.size, f"Checking {entry.title}.")
            await asyncio.to_thread(_accept, entry, got, folder / entry.file)
        except NotFetched as error:
            errors.append(error)
            continue
        await asyncio.to_thread(shutil.rmtree, work, True)
        return
    again = _INSTALL if entry.mirror else f"{_INSTALL} {entry.name}"
    raise WeightsUnavailable(
        f"The weights {entry.title} could not be fetched ({'; '.join(map(str, errors))}). "
        f"Run `{again}` once the network is there; what has arrived is kept. Or set OPENROOM_MODEL to a .gguf file.",
        errors[-1].reason,
    )


def _accept(entry: Weights, got: Path, target: Path) -> None:
    """Check what a source brought, then put it in its place in one step. Blocking."""
    size, digest = got.stat().st_size, _digest(got)
    with got.open("rb") as file:
        magic = file.read(len(_MAGIC))
    if digest != entry.sha256:
        got.unlink()
        raise NotFetched(
            f"what came is not the file: expected SHA-256 {entry.sha256}, came {digest}, {size} bytes", "digest"
        )
    if magic != _MAGIC:
        got.unlink()
        raise NotFetched("what came is no GGUF file: it does not begin as one", "no_gguf")
    got.replace(target)
    _write_stamp(entry, target)


def _leave_others(entry: Weights, work: Path) -> None:
    """Throw away what has arrived of a file with another digest. Blocking."""
    for file in work.glob("*.part"):
        if file.name != f"{entry.sha256}.part":
            file.unlink()


def _need_room(entry: Weights, folder: Path, work: Path) -> None:
    there = sum(file.stat().st_size for file in work.rglob("*") if file.is_file())
    free, needed = shutil.disk_usage(folder).free, entry.size - there + _SPARE_BYTES
    if free < needed:
        raise WeightsUnavailable(
            f"The weights {entry.title} need {needed / 1e9:.1f} GB in {folder}, and {free / 1e9:.1f} GB are free. "
            f"Make room or set OPENROOM_DATA to another folder, then run `{_INSTALL}`.",
            "disk_full",
        )


def digest_of(path: Path) -> str:
    """The SHA-256 of a weights file: what its stamp says, else it is read through. Raises `OSError`. Blocking."""
    stat = path.stat()
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(_stamp(path).read_text(encoding="utf-8"))
        if (told["size"], told["mtime_ns"]) == (stat.st_size, stat.st_mtime_ns):
            return str(told["sha256"])
    return _digest(path)


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
