"""Brings a local model's weights here because an operator asked for them, and lets them speak once they are here."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from openroom.errors import OpenroomError, RefusedError, SettingsError, WeightsUnavailable
from openroom.models.discovery import engine_there
from openroom.models.local import catalogue, notes, weights
from openroom.models.local.fetch import Sources
from openroom.models.local.hub import Hub, NotFetched
from openroom.models.local.machine import Machine, this_machine
from openroom.models.local.shelf import Shelved, shelf
from openroom.room.supervisor import Supervisor
from openroom.server.speaker import Speaker
from openroom.settings import Settings

State = Literal["waiting", "fetching", "checking", "ready", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Installing:
    """What was last asked for and how far it is: ``done`` of ``total`` bytes (0: not known yet), ``text`` a sentence
    for operators, ``reason`` why it failed (`WeightsUnavailable.kind`, or ``settings``)."""

    name: str
    state: State
    done: int = 0
    total: int = 0
    text: str = ""
    reason: str = ""


class Installer:
    """One at a time. ``latest`` is the one that is under way, or the last."""

    def __init__(self, speaker: Speaker, data: Path) -> None:
        self.latest: Installing | None = None
        self._speaker, self._folder = speaker, weights.weights_folder(data)
        self._tasks = Supervisor("installer")
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self._task is not None and not self._task.done()

    def begin(self, name: str) -> None:
        """Fetch these weights, if they are not here, and let them speak; returns at once.

        Raises `SettingsError` for what is no name of weights, and `RefusedError` while others are under way.
        """
        found = catalogue.known(name)
        if found is None or isinstance(found, Path):
            raise SettingsError(f"expected hub:OWNER/REPOSITORY/FILE.gguf or one of {catalogue.names()}")
        if self.busy:
            raise RefusedError("busy", "Another model is being fetched; stop that one first.")
        self.latest = Installing(name, "waiting")
        self._task = self._tasks.spawn("install", self._install(name), self._failed)

    async def stop(self) -> None:
        """Give up what is under way; what has arrived is kept for the next time. One that is here already and about
        to speak goes on."""
        if self._task is not None and self.busy and self.latest is not None and self.latest.state != "ready":
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self.latest = None

    async def close(self) -> None:
        """The server stops."""
        await self._tasks.close()

    async def shown(self) -> dict[str, Any]:
        """What there is to choose from, on what machine, from which hub, and how far the latest is."""
        settings = self._settings
        machine = this_machine(settings.local_slots * settings.local_ctx, settings.local_threads)
        found = await asyncio.to_thread(shelf, self._folder, machine)
        speaks = await asyncio.to_thread(self._in_use)
        return {
            "machine": {"cores": machine.cores, "memory": machine.memory},
            "hub": await _host(settings),
            "engine": engine_there(),
            "weights": [_entry(one, machine, in_use=catalogue.known(one.name) == speaks) for one in found],
            "installing": asdict(self.latest) if self.latest else None,
        }

    @property
    def _settings(self) -> Settings:
        return self._speaker.settings.in_force

    def _in_use(self) -> Any:
        """The weights that speak, or will once they are here; ``None`` where others do. Blocking."""
        wanted = self._settings.model
        if wanted == "local" or (wanted == "auto" and self._speaker.source == "local"):
            wanted = notes.default_weights(self._folder)
        return catalogue.known(wanted) if catalogue.is_weights(wanted) else None

    async def _install(self, name: str) -> None:
        def told(progress: weights.Progress) -> None:
            self.latest = Installing(name, progress.state, progress.done, progress.total, progress.text)

        try:
            sources = Sources.default(self._settings.hub)
            path = await weights.ensure_weights(name, self._folder, told, sources=sources)
            await self._speaker.change({"model": name})
        except WeightsUnavailable as error:
            self.latest = Installing(name, "failed", text=str(error), reason=error.kind)
        except SettingsError as error:
            self.latest = Installing(name, "failed", text=str(error), reason="settings")
        else:
            size = (await asyncio.to_thread(path.stat)).st_size
            self.latest = Installing(name, "done", size, size, self._speaker.why)

    def _failed(self, error: BaseException) -> None:
        """What nobody foresaw: it is in the log, and the page is not left waiting."""
        text = str(error) if isinstance(error, OpenroomError) else "It failed; the server's log says why."
        self.latest = Installing(self.latest.name if self.latest else "", "failed", text=text, reason="failed")


def _entry(one: Shelved, machine: Machine, *, in_use: bool) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "size": one.size,
        "licence": one.licence,
        "note": one.note,
        "installed": one.installed,
        "fit": one.fit,
        "memory": one.need,
        "speed": round(machine.speed(one.size), 1),
        "best": one.best,
        "in_use": in_use,
    }


async def _host(settings: Settings) -> str:
    """The hub's name for people: its host, without what may be secret in an address; empty where none is known."""
    try:
        found = urlsplit(await Hub.of(settings.hub).base())
    except (NotFetched, SettingsError):
        return ""
    return f"{found.hostname}:{found.port}" if found.port else str(found.hostname)
