"""``openroom db``: the database."""

from __future__ import annotations

import asyncio

import typer

from openroom.cli.connect import Data, opened, running
from openroom.settings import Settings

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `upgrade` a command of its own."""


@app.command("upgrade")
def upgrade(data: Data = None) -> None:
    """Bring the tables up to date (`serve` does so too when it starts)."""
    settings = Settings.load(data=data)
    if (server := running(settings)) is not None:
        print(f"The server at {server.url} runs on it: the tables are up to date.")
        return
    asyncio.run(_open(settings))
    print("The tables are up to date.")


async def _open(settings: Settings) -> None:
    async with opened(settings):
        pass
