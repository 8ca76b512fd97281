"""Which model speaks. Looked for in this order: explicit settings, OPENAI_* in the environment, a server on loopback,
the local model, the understudy. `choose_model` decides and builds; it fetches, starts and spends nothing.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from openroom.errors import SettingsError
from openroom.models.endpoint import probe
from openroom.models.endpoint.late import remote_model
from openroom.models.endpoint.wire import Retry, Timeouts
from openroom.models.fallback import FallbackModel
from openroom.models.local import catalogue, notes, weights
from openroom.models.local.engine import EngineSettings
from openroom.models.local.fetch import Sources
from openroom.models.local.model import LocalModel
from openroom.models.local.options import LocalOptions
from openroom.models.standin import StandIn
from openroom.models.understudy.understudy import Understudy
from openroom.ports.address import bases, pasted_address, pasted_key
from openroom.ports.ledger import Price
from openroom.ports.model import Model

Source = Literal["settings", "environment", "loopback", "local", "understudy"]
_OPENAI = "https://api.openai.com/v1"
_OPENAI_MODEL = "gpt-4o-mini"
_LIST_SECONDS = 3.0
"""How long an endpoint may take to list its models."""
_NOT_INSTALLED = "the local model's engine is not installed (openroom[local])"


class SettingsLike(Protocol):
    """What is read of the server's settings; `openroom.settings.Settings` has it all."""

    @property
    def model(self) -> str: ...
    @property
    def model_url(self) -> str | None: ...
    @property
    def model_key(self) -> SecretStr | None: ...
    @property
    def model_fallback(self) -> str | None: ...
    @property
    def discover(self) -> bool: ...
    @property
    def first_token_seconds(self) -> float: ...
    @property
    def next_token_seconds(self) -> float: ...
    @property
    def model_retries(self) -> int: ...
    @property
    def model_calls(self) -> int: ...
    @property
    def hub(self) -> str | None: ...
    @property
    def local_slots(self) -> int: ...
    @property
    def local_ctx(self) -> int: ...
    @property
    def local_threads(self) -> int: ...
    @property
    def local_states_mb(self) -> int: ...
    @property
    def price_prompt(self) -> float | None: ...
    @property
    def price_cached(self) -> float | None: ...
    @property
    def price_completion(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What decides who speaks. ``model`` is ``auto``, ``local``, ``understudy``, a name, ``hub:...``, or the path of a
    .gguf file; ``loopback`` are the (program, port) pairs that are looked for when ``discover`` is on."""

    model: str = "auto"
    model_url: str | None = None
    model_key: str = ""
    model_fallback: str | None = None
    discover: bool = True
    timeouts: Timeouts = field(default_factory=Timeouts)
    retry: Retry = field(default_factory=Retry)
    calls: int = 4
    """Calls to endpoints at the same time."""
    price: Price | None = None
    local: LocalOptions = field(default_factory=LocalOptions)
    loopback: tuple[tuple[str, int], ...] = probe.LOOPBACK_SERVERS

    @classmethod
    def of(cls, settings: SettingsLike) -> Self:
        """From the server's settings."""
        timeouts = Timeouts(first=settings.first_token_seconds, between=settings.next_token_seconds)
        engine = EngineSettings(slots=settings.local_slots, ctx=settings.local_ctx, threads=settings.local_threads)
        price = None
        if settings.price_prompt is not None and settings.price_completion is not None:
            price = Price(settings.price_prompt, settings.price_completion, settings.price_cached)
        return cls(
            model=settings.model,
            model_url=settings.model_url,
            model_key=settings.model_key.get_secret_value() if settings.model_key else "",
            model_fallback=settings.model_fallback,
            discover=settings.discover,
            timeouts=timeouts,
            retry=Retry(attempts=settings.model_retries + 1),
            price=price,
            calls=settings.model_calls,
            local=LocalOptions(
                engine=engine,
                parallel=min(settings.model_calls, LocalOptions().parallel),
                sources=Sources.default(settings.hub),
                states_mb=settings.local_states_mb,
            ),
        )


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Who speaks. ``why`` is a sentence for the chip; ``local`` must be started (``await local.start()``) and may be
    watched (``local.listen``); ``off_machine``: calls leave this machine, so a daily budget applies; ``must_budget``:
    nobody asked for this endpoint, its key was found in the environment, so it needs a budget even where the settings
    say none.
    """

    model: Model
    source: Source
    why: str
    local: LocalModel | None = None
    off_machine: bool = False
    must_budget: bool = False


Wrap = Callable[[Model], Model]


async def choose_model(
    settings: ModelSettings, env: Mapping[str, str], data_folder: Path, *, wrap: Wrap = lambda model: model
) -> ModelChoice:
    """Decide who speaks and build it. ``wrap`` is put around each single model (a budget and a ledger).

    Raises `SettingsError` for settings that cannot be followed.
    """
    return await _Chooser(settings, env, weights.weights_folder(data_folder), wrap).choose()


class _Chooser:
    def __init__(self, settings: ModelSettings, env: Mapping[str, str], folder: Path, wrap: Wrap) -> None:
        self._settings, self._env, self._folder, self._wrap = settings, env, folder, wrap
        self._places = asyncio.Semaphore(settings.calls)

    async def choose(self) -> ModelChoice:
        wanted = self._settings.model
        if wanted == "understudy":
            return self._understudy("The understudy speaks: the settings ask for it.")
        if wanted == "local" or catalogue.is_weights(wanted):
            return self._local("The settings ask for the local model.")
        if self._settings.model_url:
            return await self._endpoint(self._settings.model_url, self._settings.model_key, "settings")
        if self._env.get("OPENAI_API_KEY") or self._env.get("OPENAI_BASE_URL"):
            url = self._env.get("OPENAI_BASE_URL") or _OPENAI
            return await self._endpoint(url, self._env.get("OPENAI_API_KEY", ""), "environment")
        if self._settings.discover and (found := await self._on_loopback()):
            return found
        if wanted != "auto":
            raise SettingsError(
                "OPENROOM_MODEL: expected auto, local, understudy, the path of a .gguf file, "
                f"hub:OWNER/REPOSITORY/FILE.gguf, one of {catalogue.names()}, "
                f"or a name together with OPENROOM_MODEL_URL, came {wanted!r}"
            )
        if not engine_there(self._settings.local):
            return self._understudy(f"The understudy speaks: no endpoint is set, and {_NOT_INSTALLED}.")
        return self._local("No endpoint is set and none was found, so the model on this machine speaks.")

    async def _endpoint(self, url: str, key: str, source: Source) -> ModelChoice:
        """An endpoint somebody named. Without a model's name its list is asked for one."""
        url, key = _pasted(url, key, source)
        host = urlsplit(url).hostname
        name = self._settings.model if self._settings.model != "auto" else ""
        if not name and url == _OPENAI:
            name = _OPENAI_MODEL
        trouble = ""
        if not name or len(bases(url)) > 1:
            listing = await probe.look(url, key, _LIST_SECONDS)
            url, trouble = listing.url, listing.trouble
            name = name or next(iter(probe.chat_names(listing.names)), "default")
        off_machine = host not in probe.LOOPBACK
        where = "the settings" if source == "settings" else "OPENAI_API_KEY or OPENAI_BASE_URL in the environment"
        leaves = "; what is said leaves this machine" if off_machine else ""
        model, local = await self._with_fallback(await self._remote(url, key, name), url, key)
        return ModelChoice(
            model=model,
            local=local,
            source=source,
            why=f"{name} at {host} is to speak, from {where}{leaves}; {trouble}, see: openroom model test"
            if trouble
            else f"{name} at {host} speaks, from {where}{leaves}.",
            off_machine=off_machine,
            must_budget=off_machine and source == "environment",
        )

    async def _on_loopback(self) -> ModelChoice | None:
        """A server that already runs here, with the wanted name or the first one fit for talk."""
        wanted = self._settings.model
        for server, url, names in await probe.on_loopback(self._settings.loopback):
            fit = probe.chat_names(names) if wanted == "auto" else [name for name in names if name == wanted]
            if fit:
                model, local = await self._with_fallback(await self._remote(url, "", fit[0]), url, "")
                return ModelChoice(
                    model=model,
                    local=local,
                    source="loopback",
                    why=f"{fit[0]} speaks: {server} was found running on this machine.",
                )
        return None

    def _local(self, why: str) -> ModelChoice:
        """The local model, and the understudy until it is ready."""
        local = self._local_model(self._settings.model)
        model = StandIn(local, self._wrap(Understudy()), speaker=self._wrap(local))
        return ModelChoice(
            model=model, source="local", why=f"{why} The understudy stands in until it is ready.", local=local
        )

    def _local_model(self, wanted: str) -> LocalModel:
        name = notes.default_weights(self._folder) if wanted in {"auto", "local"} else wanted
        weights.find_weights(name, self._folder)  # a path that is not there is told now, not later
        return LocalModel(name, folder=self._folder, options=self._settings.local)

    def _understudy(self, why: str) -> ModelChoice:
        return ModelChoice(model=self._wrap(Understudy()), source="understudy", why=why)

    async def _remote(self, url: str, key: str, name: str) -> Model:
        settings = self._settings
        remote = await remote_model()
        return self._wrap(
            remote(
                url,
                key,
                name,
                timeouts=settings.timeouts,
                retry=settings.retry,
                price=settings.price,
                places=self._places,
            )
        )

    async def _with_fallback(self, first: Model, url: str, key: str) -> tuple[Model, LocalModel | None]:
        """The model with the fallback that the settings name, and the local model if it is that."""
        name = self._settings.model_fallback
        if not name:
            return first, None
        if name == "understudy":
            return FallbackModel(first, self._wrap(Understudy())), None
        if name == "local" or catalogue.is_weights(name):
            local = self._local_model(name)
            return FallbackModel(first, self._wrap(local)), local
        return FallbackModel(first, await self._remote(url, key, name)), None


def _pasted(url: str, key: str, source: Source) -> tuple[str, str]:
    """The address and key that were meant; raises `SettingsError` for what is none. Both may hold a secret."""
    names = (
        ("OPENROOM_MODEL_URL", "OPENROOM_MODEL_KEY") if source == "settings" else ("OPENAI_BASE_URL", "OPENAI_API_KEY")
    )
    setting = names[0]
    try:
        url = pasted_address(url)
        setting = names[1]
        return url, pasted_key(key)
    except ValueError as error:
        raise SettingsError(f"{setting}: expected {error}, came something else") from None


def engine_there(options: LocalOptions | None = None) -> bool:
    """Whether the local model's engine is installed (or another was given)."""
    given = options is not None and options.command is not None
    return given or importlib.util.find_spec("xllamacpp") is not None
