"""Freezing the report cases by digest, before the loop starts: what is published was not chosen afterwards.

``report.lock.json`` beside the character names every report case with its digest. `check_frozen` says what has
changed since; a figure is only as good as an empty answer of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openroom.errors import SettingsError
from openroom.evals.caseset import CaseSet, digest_of

LOCK_FILE = "report.lock.json"


def report_digest(cases: CaseSet) -> str:
    """sha256 over the report cases and the standing checks."""
    return digest_of(cases, sorted(case.id for case in cases.of("report")))


def freeze(cases: CaseSet, folder: Path) -> dict[str, Any]:
    """Write the lock file and return what stands in it. Raises `SettingsError` when there is nothing to freeze, or when
    the folder can't be written."""
    report = cases.of("report")
    if not report:
        raise SettingsError(f"expected report cases of {cases.character} to freeze, there are none")
    body = {
        "format": 1,
        "character": cases.character,
        "digest": report_digest(cases),
        "cases": {case.id: case.digest for case in report},
    }
    try:
        (folder / LOCK_FILE).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"expected to write {folder / LOCK_FILE}: {error.strerror}") from error
    return body


def check_frozen(cases: CaseSet, folder: Path) -> list[str]:
    """What differs from the lock file, in sentences; empty when nothing does, or nothing was frozen."""
    path = folder / LOCK_FILE
    if not path.is_file():
        return []
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        locked = dict(body["cases"])
        digest = str(body["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{LOCK_FILE} can't be read"]
    now = {case.id: case.digest for case in cases.of("report")}
    found = [f"report case {name} is gone" for name in sorted(locked.keys() - now.keys())]
    found += [f"report case {name} is new" for name in sorted(now.keys() - locked.keys())]
    found += [f"report case {name} was edited" for name in sorted(now) if locked.get(name, now[name]) != now[name]]
    if not found and digest != report_digest(cases):
        found = ["the standing checks have changed since the report cases were frozen"]
    return found
