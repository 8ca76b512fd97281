"""The real room server under load: `openroom serve`, without pages and with the log in memory if asked.

Run by the benchmarks as ``python -m benchmarks.rooms_serve [--memory] [--gui]``; settings come from the environment.
"""

from __future__ import annotations

import sys

from openroom.cli.serve import listen, run
from openroom.server import logs
from openroom.server.app import create_app
from openroom.settings import Settings


class _Forgetful(Settings):
    """Settings of a server that keeps nothing, which is of use for measuring only."""

    @property
    def store_url(self) -> str:
        """The store that lives in the process."""
        return "memory:"


def main() -> None:
    settings = (_Forgetful if "--memory" in sys.argv[1:] else Settings).load()
    logs.configure(settings)
    run(create_app(settings, gui="--gui" in sys.argv[1:]), settings, listen(settings))


if __name__ == "__main__":
    main()
