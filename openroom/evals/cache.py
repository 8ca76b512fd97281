"""What was played before is not played again: plays by the digest of all they depend on, in the data folder."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from openroom.core.harness import Harness, canonical
from openroom.evals.case import Case
from openroom.evals.case_scene import CaseScene
from openroom.evals.played import PlayedCase, load_played
from openroom.ports.model import ModelInfo

_ROOT = Path(__file__).resolve().parent.parent
_CODE = ("language", "core", "ports", "props", "models", "store", "memory", "library", "room", "cast", "lobby", "evals")
_NOT_PLAYING = ("checks", "judge", "calibration")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """sha256 over the source of everything that takes part in playing a case (checks do not: they run each time)."""
    found = hashlib.sha256()
    for folder in _CODE:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            inside = path.relative_to(_ROOT)
            if not any(part.removesuffix(".py") in _NOT_PLAYING for part in inside.parts):
                found.update(str(inside).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def play_key(stage: CaseScene, case: Case, harness: Harness, model: Sequence[ModelInfo], seed: int) -> str:
    """The digest that a play goes by: script, definitions, harness, who speaks, seed and code."""
    script = case.model_dump(
        mode="json",
        by_alias=True,
        exclude_none=True,
        exclude={"checks", "split", "dimension", "cluster", "weight", "standing", "template", "slow", "visit"},
    )
    body = {
        "script": script,
        "definitions": stage.definitions(stage.scene.id),
        "harness": harness.digest,
        "models": [[info.kind, info.name, info.detail] for info in model],
        "seed": seed,
        "code": code_digest(),
    }
    return hashlib.sha256(canonical(body)).hexdigest()


class PlayCache:
    """Plays under ``folder``, one gzipped JSON file each. A file that can't be read counts as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> PlayedCase | None:
        body = self.read(key)
        try:
            return load_played(body) if body is not None else None
        except (KeyError, TypeError, ValueError):
            return None

    def put(self, key: str, played: PlayedCase) -> None:
        self.write(key, played.dump())

    def read(self, key: str) -> dict[str, Any] | None:
        """The JSON body under a key."""
        path = self._path(key)
        try:
            found = json.loads(gzip.decompress(path.read_bytes()))
        except (OSError, ValueError, EOFError, zlib.error):
            return None
        return found if isinstance(found, dict) else None

    def write(self, key: str, body: dict[str, Any]) -> None:
        """Keep a JSON body, in one step."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_bytes(gzip.compress(json.dumps(body, ensure_ascii=False).encode(), mtime=0))
        fresh.replace(path)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json.gz"
