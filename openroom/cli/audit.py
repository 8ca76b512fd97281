"""``openroom audit``: check the log, replay a run, export the evidence."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from openroom.cli.connect import has_store, opened, running
from openroom.cli.output import AsJson, show_json
from openroom.cli.round_log import data_folder, told
from openroom.cli.tuning import Config
from openroom.settings import Settings
from openroom.tuning.audit.bundle import export
from openroom.tuning.audit.chain import read_chain, verify
from openroom.tuning.audit.replay import replay
from openroom.tuning.audit.run_log import KEPT_MARK, heads_of, log_folder, runs
from openroom.tuning.audit.tastings import Tastings

app = typer.Typer(help="The audit log: check it, replay a run, export the evidence.", no_args_is_help=True)


@app.command("verify")
def audit_verify(as_json: AsJson = False, config: Config = None) -> None:
    """Check every entry, link, signed head and blob of the log, and that it is no shorter than the store knows it."""
    settings = Settings.load(config)
    data = settings.data.expanduser()
    found = verify(log_folder(data), heads_of(data), asyncio.run(_kept_mark(settings)))
    if as_json:
        show_json({"ok": found.ok, "entries": found.entries, "blobs": found.blobs, "problems": list(found.problems)})
    else:
        print(f"{found.entries} entries and {found.blobs} blobs, {'all is well' if found.ok else 'NOT as written'}.")
        for problem in found.problems:
            print(f"  {problem}")
    if not found.ok:
        raise typer.Exit(1)


async def _kept_mark(settings: Settings) -> str | None:
    """The mark of the log in the store; a server that runs is asked for it."""
    if server := running(settings):
        found: str | None = (await server.ask("GET", "/api/tuning/audit")).get("mark")
        return found
    if not has_store(settings):
        return None
    async with opened(settings) as store:
        return await store.get(KEPT_MARK)


@app.command("replay")
def audit_replay(
    name: Annotated[str, typer.Argument(help="The run (none: all that have ended).")] = "", config: Config = None
) -> None:
    """Go through a run again with its recorded outcomes, and through its blind tastings with what was picked: the same
    decisions must come out."""
    folder = log_folder(data_folder(config))
    entries = read_chain(folder)
    finished = {entry.run for entry in entries if entry.kind == "run_end"}
    names = [name] if name else [entry.run for entry in runs(entries) if entry.run in finished]
    worst = 0
    for one in names:
        found = asyncio.run(replay(folder, one))
        worst = max(worst, int(not found.agrees))
        print(f"{one}: {found.rounds} rounds, head {found.head[:12]}, {'as recorded' if found.agrees else 'DIFFERS'}.")
    if not names:
        print("No run has ended yet.")
    tastings = Tastings()
    problems = [problem for entry in entries if (problem := tastings.take(entry))]
    for held in tastings:
        if name in ("", held.round_id.partition("/")[0]):
            print(f"{held.round_id}: {told(held)}, as recorded.")
    for problem in problems:
        print(f"DIFFERS: {problem}")
    worst = max(worst, int(bool(problems)))
    if worst:
        raise typer.Exit(1)


@app.command("export")
def audit_export(target: Annotated[Path, typer.Argument(help="The zip file to write.")], config: Config = None) -> None:
    """Write log, blobs and heads into one zip that anyone can check."""
    data = data_folder(config)
    print(f"{target}: sha256 {export(log_folder(data), heads_of(data), target)}")
