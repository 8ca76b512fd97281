"""``python -m openroom``: the command line."""

from openroom.cli.main import app

app()
