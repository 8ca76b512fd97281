"""The recorded run that ships: a log of a real run in a zip, read-only, which anyone can check."""

from __future__ import annotations

import hashlib
import json
import zipfile
from functools import lru_cache
from pathlib import Path

from openroom.core.harness import canonical
from openroom.tuning.audit.chain import GENESIS, Entry, Verification
from openroom.tuning.audit.report import Log

BUNDLE = Path(__file__).resolve().parents[2] / "_recorded" / "run.zip"
"""Made by ``openroom audit export``; how it was recorded is in ``_recorded/README.md``."""


@lru_cache(maxsize=1)
def recorded(path: Path = BUNDLE) -> Log:
    """The log of the bundle; empty when there is none. It is checked when asked for (`check_bundle`), not here."""
    if not path.is_file():
        return Log((), recorded=True)
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("chain.jsonl").splitlines()
    return Log([Entry.model_validate_json(line) for line in lines], recorded=True)


def check_bundle(path: Path = BUNDLE) -> Verification:
    """Check a bundle: the digest of every file in its manifest, every blob's name, every entry and link, the head."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    names = sorted(files.keys() | manifest["files"].keys())
    strange = [name for name in names if _sha(files.get(name, b"")) != manifest["files"].get(name)]
    problems = [f"{name} is not the file of the manifest" for name in strange]
    blobs = {Path(name).name: data for name, data in files.items() if name.startswith("blobs/")}
    problems += [
        f"blob {one[:12]} is not its digest" for one, d in blobs.items() if hashlib.sha256(d).hexdigest() != one
    ]
    previous, entries = GENESIS, files.get("chain.jsonl", b"").splitlines()
    for number, line in enumerate(entries):
        entry = Entry.model_validate_json(line)
        whole = canonical(entry.model_dump(mode="json")) == line and entry.computed_hash() == entry.hash
        if not whole or entry.prev_hash != previous or entry.seq != number:
            problems.append(f"entry {number} does not fit")
        problems += [
            f"blob {digest[:12]} of entry {number} is missing" for digest in entry.blobs if digest not in blobs
        ]
        previous = entry.hash
    if previous != manifest["head"]:
        problems.append("the last entry is not the head of the manifest")
    return Verification(len(entries), len(blobs), previous, tuple(problems))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
