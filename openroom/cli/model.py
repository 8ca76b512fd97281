"""``openroom model``: the weights of the local model, and a try of an endpoint."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from openroom.cli.connect import Data
from openroom.cli.output import AsJson, show_json, show_table
from openroom.errors import SettingsError, WeightsUnavailable
from openroom.models.endpoint.trial import Trial, try_endpoint
from openroom.models.local import catalogue, notes, weights
from openroom.models.local.fetch import Sources
from openroom.models.local.machine import Machine, this_machine
from openroom.models.local.shelf import Shelved, shelf
from openroom.ports.address import pasted_address, pasted_key
from openroom.settings import Settings

app = typer.Typer(help="The weights of the local model; try an endpoint.", no_args_is_help=True)

_FITS = {"well": "yes", "slow": "slowly", "no": "no, too little memory", "unknown": "not known"}

Which = Annotated[
    str,
    typer.Argument(
        help="A name from `openroom model list`, `hub:OWNER/REPOSITORY/FILE.gguf`, or the path of a .gguf file."
    ),
]


@app.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """Which models are here, which are known, how large they are, under which licence, and what fits this machine."""
    settings = Settings.load(data=data)
    machine = _machine(settings)
    found = shelf(_folder(settings), machine)
    if as_json:
        show_json([{**asdict(one), "path": str(one.path), "bytes": one.size} for one in found])
        return
    rows = [
        (
            one.name,
            f"{one.size / 1e9:.1f} GB",
            one.licence,
            "yes" if one.installed else "no",
            _FITS[one.fit],
            _note(one),
        )
        for one in found
    ]
    show_table(("name", "size", "licence", "here", "fits", "note"), rows, "No weights are known.")
    memory = f"{machine.memory / 1e9:.0f} GB of memory" if machine.memory else "memory that is not known"
    print(f"This machine: {machine.cores} cores, {memory}. What fits is estimated from one that was measured.")


@app.command("install")
def install(
    name: Annotated[
        str,
        typer.Argument(
            help="As in `openroom model list`, or `hub:OWNER/REPOSITORY/FILE.gguf`. Without one: what suits this "
            "machine best, if the hub answers, else the default; `auto` and `local` then mean that one."
        ),
    ] = "",
    sha256: Annotated[
        str, typer.Option(help="The digest that a hub's file must have, in place of the one it came with before.")
    ] = "",
    data: Data = None,
) -> None:
    """Fetch weights and check them; goes on where an earlier fetch broke off."""
    settings = Settings.load(data=data)
    folder = _folder(settings)
    path = _fetch(name, settings, folder, sha256) if name else _fetch_best(settings, folder)
    print(path)
    if name and not isinstance(catalogue.known(name), Path):
        print(f"To use it: OPENROOM_MODEL={name}", file=sys.stderr)


@app.command("path")
def path_(name: Which = "", data: Data = None) -> None:
    """Where the file of these weights is (default: the ones that `local` means)."""
    folder = _folder(Settings.load(data=data))
    name = name or notes.default_weights(folder)
    found = weights.find_weights(name, folder)
    if found is None:
        raise SettingsError(f"The weights {name} are not here yet: openroom model install {name}")
    print(found)


def _folder(settings: Settings) -> Path:
    return weights.weights_folder(settings.data.expanduser())


def _machine(settings: Settings) -> Machine:
    return this_machine(settings.local_slots * settings.local_ctx, settings.local_threads)


def _note(one: Shelved) -> str:
    marks = [mark for mark, is_so in (("in use for local", one.default), ("best here", one.best)) if is_so]
    return "; ".join((*marks, one.note))


def _fetch_best(settings: Settings, folder: Path) -> Path:
    """What suits this machine best; where the hub does not give it, what comes without one."""
    if best := catalogue.choose(_machine(settings)):
        try:
            path = _fetch(best.name, settings, folder)
        except WeightsUnavailable as error:
            if error.kind not in {"no_network", "no_such_model", "no_access"}:
                raise
            print(f"{error}\nThe default is taken instead.", file=sys.stderr)
        else:
            notes.note_default(folder, best.name)
            print(f"{best.title} ({best.licence}): {best.why}. `auto` and `local` mean it now.", file=sys.stderr)
            return path
    return _fetch(catalogue.DEFAULT_WEIGHTS, settings, folder)


def _fetch(name: str, settings: Settings, folder: Path, sha256: str = "") -> Path:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("waiting", total=None)

        def told(progress: weights.Progress) -> None:
            bar.update(task, description=progress.state, completed=progress.done, total=progress.total or None)

        sources = Sources.default(settings.hub)
        return asyncio.run(weights.ensure_weights(name, folder, told, sources=sources, sha256=sha256))


@app.command("test")
def test(
    url: Annotated[
        str, typer.Argument(help="Its address, such as http://127.0.0.1:11434 (default: the settings').")
    ] = "",
    key: Annotated[str, typer.Option(help="Its key (default: the settings', at their own address only).")] = "",
    model: Annotated[str, typer.Option(help="The model's name there (default: the first that it lists).")] = "",
    as_json: AsJson = False,
) -> None:
    """Try an OpenAI-compatible endpoint: what works there, how fast it is, what to change. Takes some ten seconds."""
    settings = Settings.load()
    wanted = url or settings.model_url
    if not wanted:
        raise SettingsError("expected the address of an endpoint, or OPENROOM_MODEL_URL")
    try:
        address, secret = pasted_address(wanted), pasted_key(key)
    except ValueError as error:
        raise SettingsError(f"expected {error}") from None
    if not secret and settings.model_key is not None and address == settings.model_url:
        secret = settings.model_key.get_secret_value()
    trial = asyncio.run(try_endpoint(address, secret, model))
    if as_json:
        show_json(asdict(trial))
    else:
        _show(trial)
    if not trial.answer:
        raise typer.Exit(1)


def _show(trial: Trial) -> None:
    rows = [(one.what, one.works, one.told) for one in trial.findings]
    show_table((trial.url, "", ""), rows, "Nothing was tried.")
    for line in trial.advice:
        print(f"- {line}")
    if trial.answer:
        print(f"To use it: OPENROOM_MODEL_URL={trial.url} OPENROOM_MODEL={trial.model}")
