"""Who speaks for the characters on this server: builds the model from the settings, meters it, watches a local one."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openroom.errors import ModelError, SettingsError
from openroom.lobby.lobby import Lobby
from openroom.models.discovery import ModelChoice, ModelSettings, Source, choose_model
from openroom.models.local.model import LocalModel
from openroom.models.local.options import LocalStatus
from openroom.models.metered import MeteredModel, close_model
from openroom.models.purse import Purse
from openroom.ports.ledger import Budget
from openroom.ports.model import Model
from openroom.server.level import Levels
from openroom.server.operator_settings import OperatorSettings
from openroom.settings import Settings

_LOG = logging.getLogger("openroom.model")


class Speaker:
    """Keeps the lobby's model as the settings in force ask for. ``purse`` holds the budgets of all its calls; ``why``
    says how the model was chosen and ``source`` from where; ``failure`` is the last failed call, for operators."""

    def __init__(self, lobby: Lobby, settings: OperatorSettings, data: Path, clock: Callable[[], int]) -> None:
        self.settings = settings
        self.purse = Purse(lobby.store, Budget(), clock)
        self.why = ""
        self.source: Source = "understudy"
        self.failure: dict[str, Any] = {}
        self._lobby, self._data = lobby, data
        self._local: LocalModel | None = None
        self._unlisten: Callable[[], None] = _nothing
        self._metered_models: list[MeteredModel] = []
        self.levels = Levels(lobby)
        self._told: tuple[str, int] = ("", 0)
        """The state and the tenth of the download that the log has been told of."""

    async def start(self) -> None:
        """Choose the model. Raises `SettingsError`; then the one before goes on speaking."""
        settings = self.settings.in_force
        wanted = ModelSettings.of(settings)
        self._metered_models = []
        choice = await choose_model(wanted, os.environ, self._data, wrap=lambda model: self._metered(model, wanted))
        old = self._lobby.model
        self._unlisten()
        self.purse.budget, self.why, self.failure = budget_of(settings, choice), choice.why, {}
        self._local, self._unlisten, self.source = choice.local, _nothing, choice.source
        if choice.local is not None:
            self._unlisten = choice.local.listen(self._changed)
            await choice.local.start()
        await self._lobby.set_model(choice.model)
        self._lobby.tell_model(self._status())
        self.levels.begin(self._metered_models, settings.model_level)
        await close_model(old)
        _LOG.info("%s", choice.why)

    async def change(self, body: dict[str, Any]) -> None:
        """Change settings and let the new model speak from the next turn on. Raises `SettingsError`; nothing changes
        then.
        """
        before = self.settings.kept()
        self.settings.change(body)
        try:
            await self.start()
        except SettingsError:
            self.settings.restore(before)
            raise

    async def close(self) -> None:
        """Let go of the model: a local engine ends with the server."""
        self._unlisten()
        await self.levels.close()
        await close_model(self._lobby.model)

    def _status(self) -> dict[str, Any]:
        """How the local model is, where it is the one that speaks; else nothing."""
        return {} if self._local is None else {"status": asdict(self._local.status)}

    def _metered(self, model: Model, wanted: ModelSettings) -> Model:
        metered = MeteredModel(model, self.purse.ledger, price=wanted.price, purse=self.purse, failed=self._note)
        self._metered_models.append(metered)
        return metered

    def _note(self, error: ModelError) -> None:
        self.failure = {"at": self.purse.clock(), "reason": error.kind, "message": str(error), "said": error.said}

    def _changed(self, status: LocalStatus) -> None:
        tenth = 10 * status.done // status.total if status.total else 0
        if status.state != self._told[0] or tenth > self._told[1]:
            self._told = (status.state, tenth)
            _LOG.info("%s", status.text)
        self._lobby.tell_model(self._status())


def budget_of(settings: Settings, choice: ModelChoice) -> Budget:
    """The hard limits in force. Calls that stay on this machine cost no tokens of the daily budget.

    An endpoint that nobody asked for (its key was in the environment) is limited even where the settings set no limit.
    """
    tokens: int | None = settings.budget_tokens_per_day or None
    if choice.must_budget and tokens is None:
        tokens = int(type(settings).model_fields["budget_tokens_per_day"].default)
    tokens = tokens if choice.off_machine else None
    share = settings.budget_share if settings.budget_share < 1 else None
    return Budget(
        tokens_per_party=int(tokens * share) if tokens and share else None,
        usd_per_party=settings.budget_usd_per_day * share or None if share else None,
        tokens_per_day=tokens,
        usd_per_day=settings.budget_usd_per_day or None,
        tokens_per_room=settings.budget_tokens_per_room_day or None,
        usd_per_room=settings.budget_usd_per_room_day or None,
    )


def _nothing() -> None:
    """Nobody listens."""
