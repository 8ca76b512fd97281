"""A language model on this machine: llama.cpp in a supervised child process, spoken to like any other endpoint.

model = LocalModel(folder=data / "models")
model.listen(lambda status: ...)      # absent | fetching | starting | ready | failed
await model.start()                   # returns at once; the weights are fetched and the engine started beside it
async for piece in model.stream(request): ...
await model.aclose()
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import math
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx

from openroom.errors import ModelUnreachable, SettingsError
from openroom.models.endpoint.late import remote_model
from openroom.models.endpoint.wire import Retry
from openroom.models.local import catalogue, notes, weights
from openroom.models.local.engine_process import EngineProcess, engine_command
from openroom.models.local.hub_names import HubFile
from openroom.models.local.options import LocalOptions, LocalStatus
from openroom.models.local.pace import Pace, keep_speed, read_speed
from openroom.models.local.prefixes import Prefixes, open_states
from openroom.models.local.traffic import Traffic
from openroom.ports.model import Delta, ModelInfo, ModelRequest, Usage

if TYPE_CHECKING:
    from openroom.models.endpoint.remote import RemoteModel

_HEALTH_MISSES = 3
_HEALTH_SECONDS = 5.0
_STATES = "states"
_LOG = logging.getLogger(__name__)


class LocalModel:
    """A `Model` whose engine is a child process of ours.

    Each ``request.slot`` has its own prompt cache in the engine. Turns come before other calls, and a call with the
    purpose ``warm`` gives way to all others: once its slot has had a real call, its stream ends with
    ``finish="yielded"``. Raises what `RemoteModel` raises, and `ModelUnreachable` with the status as its sentence while
    the model is not ready.
    """

    def __init__(
        self, name: str = catalogue.DEFAULT_WEIGHTS, *, folder: Path, options: LocalOptions | None = None
    ) -> None:
        self._name = name.lower() if name.lower() in catalogue.CATALOGUE else name
        self._folder = folder
        self._options = options or LocalOptions()
        self._status = LocalStatus("absent", "The local model has not been started.")
        self._listeners: list[Callable[[LocalStatus], None]] = []
        self._ready, self._again = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._process: EngineProcess | None = None
        self._remote: RemoteModel | None = None
        self._closed, self._trouble = False, ""
        self._prefixes: Prefixes | None = None
        self._pace: Pace | None = None
        self._paced = True
        self._traffic = Traffic(self._options.engine.slots, self._options.parallel)

    @property
    def info(self) -> ModelInfo:
        """Who is speaking, and how it is."""
        name = Path(self._name).stem if self._name.endswith(".gguf") else self._name.removeprefix("hub:")
        speed = self._pace.speed if self._pace else 0
        return ModelInfo(name, "local", self._status.text, "small", self._options.engine.ctx, speed)

    def at_any_speed(self) -> None:
        """To be said before its start: how fast it reads changes nothing and is not kept. What is measured must not
        hang on the machine, nor a room's prompts on one that was busy with measuring."""
        self._paced = False

    def known_as(self) -> str:
        """What tells its weights from others of the same name: their digest, or of a file of one's own its size and
        age. Blocking."""
        found = catalogue.known(self._name)
        if isinstance(found, HubFile):
            pin = notes.read_pin(self._folder, found)
            return pin.sha256 if pin else self._name
        if isinstance(found, catalogue.Weights):
            return found.sha256
        path = weights.find_weights(self._name, self._folder)
        state = path.stat() if path else None
        return f"{path}:{state.st_size}:{state.st_mtime_ns}" if state else self._name

    @property
    def status(self) -> LocalStatus:
        return self._status

    @property
    def ready(self) -> bool:
        """Whether a call can be made now."""
        return self._ready.is_set()

    @property
    def engine_pid(self) -> int | None:
        """The process id of the engine, while it runs."""
        return self._process.pid if self._process else None

    def listen(self, callback: Callable[[LocalStatus], None]) -> Callable[[], None]:
        """Call back at every change of `status`; returns what ends that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    async def start(self) -> None:
        """Begin to fetch and start, and keep it running from then on. Returns at once; harmless when repeated."""
        self._begin()

    def retry(self) -> None:
        """Try again now rather than after the wait that follows a failure."""
        self._again.set()

    async def wait_ready(self, limit: float) -> None:
        """Start it and wait until it is ready; raises `ModelUnreachable` after ``limit`` seconds."""
        self._begin()
        try:
            async with asyncio.timeout(limit):
                await self._ready.wait()
        except TimeoutError:
            raise ModelUnreachable(self._trouble or self._status.text) from None

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        self._require()
        if request.purpose == "warm":
            yield await self._traffic.warm(request, self._run)
            return
        async with self._traffic.real_call(request) as asked, aclosing(self._pieces(asked)) as pieces:
            async for piece in pieces:
                yield piece

    async def warm(self, request: ModelRequest) -> bool:
        """Have the request's prompt read into its slot's cache; whether it was, or a real call of that slot came first.

        Gives way to real calls and goes on after them. Cancelling is harmless. Raises what `stream` raises.
        """
        self._require()
        usage = await self._traffic.warm(replace(request, purpose="warm"), self._run)
        return usage.finish != "yielded"

    async def aclose(self) -> None:
        """End the engine. The model cannot be used afterwards."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._tell(LocalStatus("absent", "The local model was shut down."))

    # supervision

    def _begin(self) -> None:
        if self._closed:
            raise ModelUnreachable(self._status.text)
        if self._task is None:
            self._task = asyncio.create_task(self._supervise(), name="local model")
            self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """The supervisor must not end by an error; if it does, nobody shall be told that the model is starting."""
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("the supervisor of the local model ended", exc_info=error)
            self._tell(LocalStatus("failed", f"The local model's supervisor ended: {error!r}."))

    def _require(self) -> RemoteModel:
        if self._remote is not None and self.ready:
            return self._remote
        self._begin()
        raise ModelUnreachable(self._status.text)

    async def _pieces(self, request: ModelRequest) -> AsyncGenerator[Delta | Usage, None]:
        """The engine's answer; asked for late, since the engine may have been started anew while a call waited."""
        remote, fresh = self._require(), 0
        if self._prefixes is not None:
            slot = self._traffic.slot(request)
            fresh = await self._prefixes.begin(request, slot, lambda stable: _usage(self._timed(remote, stable)))
        async with aclosing(self._timed(remote, request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):  # what was read just now for this call did not come from a cache
                    piece = replace(piece, cached=max(0, piece.cached - fresh))
                yield piece

    async def _timed(self, remote: RemoteModel, request: ModelRequest) -> AsyncGenerator[Delta | Usage, None]:
        """The engine's answer; how fast the prompt was read is kept for the next start."""
        async with aclosing(cast("AsyncGenerator[Delta | Usage, None]", remote.stream(request))) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage) and self._pace is not None:
                    fresh = self._pace.seen(piece.prompt - piece.cached, piece.read_seconds)
                    if fresh:
                        await asyncio.to_thread(self._keep, fresh)
                yield piece

    def _keep(self, speed: int) -> None:
        keep_speed(self._folder, self._engine(), speed)

    def _engine(self) -> str:
        """What a speed is of: the weights, and what reads them. Blocking."""
        engine, cores = self._options.engine, os.cpu_count() or 1
        return f"{self.known_as()} threads={engine.threads or cores}/{cores} gpu={engine.gpu_layers}"

    async def _run(self, request: ModelRequest) -> Usage:
        """A call whose text nobody reads."""
        return await _usage(self._pieces(request))

    def _tell(self, status: LocalStatus) -> None:
        self._status = status
        for callback in tuple(self._listeners):
            callback(status)

    async def _supervise(self) -> None:
        """Fetch, start, watch; after a failure say so, wait and begin again."""
        if reason := self._missing():
            self._tell(LocalStatus("failed", reason))
            return
        timing, failures = self._options.timing, 0
        while True:
            begun = asyncio.get_running_loop().time()
            try:
                path = await weights.ensure_weights(
                    self._name, self._folder, self._on_progress, sources=self._options.sources
                )
                how = await self._serve(path)
                sentence = f"The local engine stopped ({how})"
            except (ModelUnreachable, SettingsError) as error:
                sentence = str(error).rstrip(".")
            if asyncio.get_running_loop().time() - begun > timing.steady:
                failures = 0
            wait = min(timing.backoff * 2.0 ** min(failures, 20), timing.backoff_cap)
            failures += 1
            self._trouble = f"{sentence}."
            self._tell(LocalStatus("failed", f"{sentence}. It is tried again in {math.ceil(wait)} s."))
            await self._pause(wait)

    def _missing(self) -> str:
        """Why it cannot run here whatever is fetched; empty if it can."""
        if self._options.command is None and importlib.util.find_spec("xllamacpp") is None:
            return "The local model's engine is not installed: install openroom[local]."
        return ""

    async def _pause(self, seconds: float) -> None:
        self._again.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            return

    def _on_progress(self, progress: weights.Progress) -> None:
        if progress.state != "ready":
            self._tell(LocalStatus("fetching", progress.text, progress.done, progress.total))

    async def _serve(self, path: Path) -> str:
        """Run the engine until it ends; says how it ended."""
        self._tell(LocalStatus("starting", f"The local engine is loading {path.name}."))
        kept = self._folder / _STATES
        states = ("--states", str(kept)) if self._options.states_mb else ()
        arguments = ("--model", str(path), *states, *self._options.engine.arguments())
        command = (*(self._options.command or engine_command()), *arguments)
        opening = asyncio.create_task(open_states(kept, path, self._options), name="prompts' states")
        try:
            process = await EngineProcess.start(command, limit=self._options.timing.start)
        except BaseException:
            opening.cancel()
            raise
        try:
            self._process = process
            if self._pace is None and self._paced:  # once: budgets hang on it
                self._pace = Pace(await asyncio.to_thread(lambda: read_speed(self._folder, self._engine())))
            self._prefixes = Prefixes(process.address, process.key, await opening)
            remote = await remote_model()
            self._remote = remote(
                f"{process.address}/v1",
                process.key,
                self.info.name,
                timeouts=self._options.timeouts,
                retry=Retry(attempts=1),  # an engine that is gone comes back at another address
                extra=self._traffic.body,
                kind="local",
            )
            self._tell(LocalStatus("ready", f"{self.info.name} runs on this machine."))
            self._trouble = ""
            self._ready.set()
            return await self._watch(process)
        finally:
            self._ready.clear()
            self._process = None
            await process.stop()
            if self._prefixes is not None:
                await self._prefixes.aclose()
                self._prefixes = None
            if self._remote is not None:
                await self._remote.aclose()
                self._remote = None

    async def _watch(self, process: EngineProcess) -> str:
        """Until the engine ends, or has not answered several times in a row; says which."""
        ended, misses = asyncio.create_task(process.wait(), name="engine exit"), 0
        try:
            async with httpx.AsyncClient(base_url=process.address, trust_env=False, timeout=_HEALTH_SECONDS) as client:
                while misses < _HEALTH_MISSES:
                    done, _ = await asyncio.wait({ended}, timeout=self._options.timing.health)
                    if done:
                        return ended.result()
                    misses = 0 if await _healthy(client) else misses + 1
            return "it no longer answered"
        finally:
            ended.cancel()


async def _usage(answer: AsyncGenerator[Delta | Usage, None]) -> Usage:
    """What an answer that nobody reads has used."""
    usage = Usage(estimated=True)
    async with aclosing(answer) as pieces:
        async for piece in pieces:
            usage = piece if isinstance(piece, Usage) else usage
    return usage


async def _healthy(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health", headers={"Connection": "close"})).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
