"""What the commands of evaluation and tuning share: the model asked for, the library, stored versions."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from openroom.cli.connect import opened
from openroom.core.harness import Harness, load_harness
from openroom.errors import SettingsError
from openroom.evals.caseset import CaseSet, load_cases
from openroom.library.library import Library
from openroom.models.discovery import ModelSettings, choose_model
from openroom.models.metered import MeteredModel, close_model, wall_clock
from openroom.models.purse import MemoryLedger, Purse
from openroom.ports.ledger import Budget, Price
from openroom.ports.model import Model
from openroom.settings import Settings

_READY_SECONDS = 1800.0

ModelName = Annotated[
    str | None, typer.Option("--model", help="Who speaks: understudy, local, a name at the endpoint (OPENROOM_MODEL).")
]
Config = Annotated[Path | None, typer.Option(help="The TOML file to read settings from.")]


@dataclass(frozen=True, slots=True)
class Speaking:
    """The model that speaks, and the sentence that says why."""

    model: Model
    why: str
    price: Price | None = None


@asynccontextmanager
async def speaking(settings: Settings, *, starts: bool = True) -> AsyncIterator[Speaking]:
    """The model that the settings ask for, held to their budgets. A local one is waited for: no understudy stands in,
    since what it says is not what is measured; without ``starts`` it is not begun. Raises `SettingsError` and
    `ModelUnreachable`."""
    wanted = ModelSettings.of(settings)
    purse = Purse(MemoryLedger(), Budget(), wall_clock)

    def metered(model: Model) -> Model:
        return MeteredModel(model, purse.ledger, price=wanted.price, purse=purse)

    choice = await choose_model(wanted, os.environ, settings.data.expanduser(), wrap=metered)
    if choice.off_machine:
        purse.budget = Budget(
            tokens_per_day=settings.budget_tokens_per_day or None, usd_per_day=settings.budget_usd_per_day or None
        )
    model = choice.model
    try:
        if starts and choice.local is not None and choice.source == "local":
            choice.local.at_any_speed()
            await choice.local.start()
            await choice.local.wait_ready(_READY_SECONDS)
            model = metered(choice.local)
        yield Speaking(model, choice.why, wanted.price)
    finally:
        await close_model(choice.model)


def quietly() -> None:
    """Warnings only: hundreds of rooms open and close, and none of their turns is news."""
    for name in ("", "openroom", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def read_cases(settings: Settings, character: str) -> tuple[Library, CaseSet]:
    """The library and the cases of a character; problems of the files go to the error stream."""
    library = Library([*settings.character_folders], [*settings.scene_folders])
    if character not in library.characters:
        known = ", ".join(sorted(library.characters)) or "none"
        raise SettingsError(f"expected a character of {known}, came {character!r}")
    cases = load_cases(library, character, generated_file(settings, character))
    for problem in cases.problems:
        warn(str(problem))
    return library, cases


def generated_file(settings: Settings, character: str) -> Path:
    """Where cases made from ratings and from what went wrong in rooms are kept."""
    return settings.data.expanduser() / "evals" / f"{character}.generated.json"


def warn(text: str) -> None:
    """A line on the error stream."""
    Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(f"openroom: {text}")


async def find_version(settings: Settings, character: str, digest: str) -> Harness:
    """The stored version whose digest begins so. Raises `SettingsError` when there is none, or more than one."""
    async with opened(settings) as store:
        versions = await store.versions(character)
    fitting = [version for version in versions if version.digest.startswith(digest)]
    if len(fitting) != 1:
        raise SettingsError(f"expected the digest of one version of {character}, {digest!r} fits {len(fitting)}")
    return load_harness(fitting[0].body)
