"""The recorded run that ships: a log of a real run in a zip, read-only, which anyone can check."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

from openroom.tuning.audit.chain import Entry
from openroom.tuning.audit.report import Log

BUNDLE = Path(__file__).resolve().parents[2] / "_recorded" / "run.zip"
"""Made by ``openroom audit export``; how it was recorded is in ``_recorded/README.md``."""


@lru_cache(maxsize=1)
def recorded(path: Path = BUNDLE) -> Log:
    """The log of the bundle; empty when there is none. It is checked when asked for (`verify_bundle`), not here."""
    if not path.is_file():
        return Log((), recorded=True)
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("chain.jsonl").splitlines()
    return Log([Entry.model_validate_json(line) for line in lines], recorded=True)
