"""docs/commands.md: every command with its arguments and options, made from what typer knows of them.

python -m openroom.cli.reference > docs/commands.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from openroom.cli.main import app
from openroom.settings import Settings

_HEAD = """# Commands

Made from the commands themselves by `make docs`; a test fails when it is out of date.

`openroom` without a command serves. In a checkout it is `.venv/bin/openroom`, or `make run` to serve. Commands that
need rooms ask the server that owns the data folder, as an operator; where none runs, they open the store themselves.
What is wrong is one sentence on the error stream and exit code 1; a wrong option is exit code 2.
"""

_SETTINGS = (
    "Besides, each setting of [settings.md](settings.md) is an option here: `OPENROOM_MODEL_URL` is `--model-url`."
)

# typer has brought click along since some version and imports it before that, so its classes are not named here.


def commands_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_sections()]).rstrip() + "\n"


def commands() -> dict[str, Any]:
    """Every command that does something, by the words that call it."""
    return dict(_leaves(typer.main.get_command(app), "openroom"))


def _leaves(command: Any, words: str) -> Iterator[tuple[str, Any]]:
    children = command.list_commands(None) if hasattr(command, "list_commands") else []
    for word in children:
        yield from _leaves(command.get_command(None, word), f"{words} {word}")
    if not children:
        yield words, command


def _sections() -> Iterator[str]:
    for words, command in commands().items():
        own = [p for p in command.params if not (words == "openroom serve" and p.name in Settings.model_fields)]
        yield f"## {words}\n"
        yield f"{_plain(command.help)}\n"
        yield f"    {' '.join([words, *map(_usage, own)])}\n"
        if own:
            yield "\n".join(["| | |", "| --- | --- |", *map(_row, own)]) + "\n"
        if len(own) < len(command.params):
            yield f"{_SETTINGS}\n"


def _usage(param: Any) -> str:
    written = _written(param)
    return written if param.required else f"[{written}]"


def _written(param: Any) -> str:
    name = param.name.strip("_").upper()
    if param.param_type_name == "argument":
        return f"{name}..." if param.nargs == -1 else name
    flag = "/".join([*param.opts, *param.secondary_opts])
    return flag if param.is_flag else f"{flag} {name}"


def _row(param: Any) -> str:
    default = param.default
    shown = not (param.required or getattr(param, "is_flag", False) or callable(default) or default in (None, "", 0))
    return f"| `{_written(param)}` | {_plain(param.help)}{f' Default: `{default}`.' if shown else ''} |"


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    print(commands_page(), end="")
