"""The command ``openroom``: one file for each group of commands. Without a command it serves."""

from __future__ import annotations

import typer

from openroom.cli import audit, check, db, decisions, model, new, optimize, room, rounds, serve, token
from openroom.cli import eval as evaluation
from openroom.cli.output import Shown

app = typer.Typer(
    name="openroom",
    help="Rooms where persistent characters live. Without a command: serve.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    cls=Shown,
)


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        serve.serve_default()


app.command("serve")(serve.serve)
app.command("check")(check.check)
app.add_typer(new.app, name="new")
app.add_typer(model.app, name="model")
app.add_typer(room.app, name="room")
app.add_typer(token.app, name="token")
app.add_typer(db.app, name="db")
app.command("eval")(evaluation.evaluate)
app.command("training")(evaluation.training)
app.command("collect")(evaluation.collect)
app.command("optimize")(optimize.optimize)
app.add_typer(rounds.app, name="rounds")
app.command("approve")(decisions.approve)
app.command("reject")(decisions.reject)
app.command("rollback")(decisions.rollback)
app.add_typer(audit.app, name="audit")
