"""A helper with an engine made for tests: the pattern ``slow`` never comes to an end, all others are plain texts."""

from __future__ import annotations

import runpy
import sys

serve = runpy.run_path(sys.argv[1])["serve"]


def compiled(source: str, _flags: str):
    def find(text: str):
        while source == "slow":
            pass
        return True if source in text else None

    if source == "none":
        raise ValueError("none of ours")
    return find


serve(compiled, ValueError)
