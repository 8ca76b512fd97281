"""The real room server under load: `openroom serve`, without pages and with the log in memory if asked.

Run by the benchmarks as ``python -m benchmarks.rooms_serve [--memory] [--gui]``; settings come from the environment.
The build that serves may be another one than this, so nothing is used here but its command line and public names.
"""

from __future__ import annotations

import runpy
import sys

from openroom import Settings


def main() -> None:
    given = sys.argv[1:]
    if "--memory" in given:  # keeping nothing is of use for measuring only, so there is no setting for it
        Settings.store_url = property(lambda _settings: "memory:")  # type: ignore[method-assign, assignment]
    sys.argv = ["openroom", "serve", "--gui" if "--gui" in given else "--no-gui"]
    runpy.run_module("openroom", run_name="__main__")


if __name__ == "__main__":
    main()
