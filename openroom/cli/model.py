"""``openroom model``: the weights of the local model, and a try of an endpoint."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from openroom.cli.connect import Data
from openroom.cli.output import AsJson, show_json, show_table
from openroom.errors import SettingsError
from openroom.models.endpoint.trial import Trial, try_endpoint
from openroom.models.local import weights
from openroom.ports.address import pasted_address, pasted_key
from openroom.settings import Settings

app = typer.Typer(help="The weights of the local model; try an endpoint.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(help="A name from `openroom model list`, or the path of a .gguf file.")]


@app.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """Which weights there are, and which are here."""
    folder = weights.weights_folder(Settings.load(data=data).data.expanduser())
    found = weights.list_weights(folder)
    if as_json:
        show_json(
            [
                {
                    "name": one.weights.name,
                    "title": one.weights.title,
                    "bytes": one.weights.size,
                    "installed": one.installed,
                    "path": one.path,
                    "note": one.weights.note,
                }
                for one in found
            ]
        )
        return
    rows = [
        (one.weights.name, f"{one.weights.size / 1e9:.1f} GB", "yes" if one.installed else "no", one.weights.note)
        for one in found
    ]
    show_table(("name", "size", "here", "note"), rows, "No weights are known.")


@app.command("install")
def install(name: Which = weights.DEFAULT_WEIGHTS, data: Data = None) -> None:
    """Fetch weights and check them; goes on where an earlier fetch broke off."""
    folder = weights.weights_folder(Settings.load(data=data).data.expanduser())
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("waiting", total=None)

        def told(progress: weights.Progress) -> None:
            bar.update(task, description=progress.state, completed=progress.done, total=progress.total or None)

        path = asyncio.run(weights.ensure_weights(name, folder, told))
    print(path)


@app.command("path")
def path_(name: Which = weights.DEFAULT_WEIGHTS, data: Data = None) -> None:
    """Where the file of these weights is."""
    folder = weights.weights_folder(Settings.load(data=data).data.expanduser())
    found = weights.find_weights(name, folder)
    if found is None:
        raise SettingsError(f"The weights {name} are not here yet: openroom model install {name}")
    print(found)


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
