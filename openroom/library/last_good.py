"""The last good text of each file, kept in the data folder: a broken file is no loss after a restart either."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from openroom.library.files import FileEntry, Loader, parsed


class LastGood:
    """Copies by the path of the file. They are the server's own: nothing else reads or writes the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[Path, str] = {}

    def save(self, path: Path, entry: FileEntry) -> None:
        """Keep what the file says now. A disk that is full costs no more than the copy."""
        if self._kept.get(path) == entry.digest:
            return
        copy = self._copy(path)
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = copy.with_suffix(".new")
            with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
                stream.write(entry.data)
            fresh.replace(copy)
            self._kept[path] = entry.digest

    def load(self, path: Path, name: str, loader: Loader) -> Any:
        """What the file said when it was good last; ``None`` where that is not known, or is not good any more."""
        try:
            data = self._copy(path).read_bytes()
        except OSError:
            return None
        return parsed(hashlib.sha256(data).hexdigest(), data, str(path), name, loader).value

    def forget_others(self, paths: Collection[Path]) -> None:
        """Drop the copies of files that are gone: who deletes a file means it."""
        copies = {self._copy(path) for path in paths}
        with contextlib.suppress(OSError):
            for copy in self._folder.glob("*.yaml"):
                if copy not in copies:
                    copy.unlink()

    def _copy(self, path: Path) -> Path:
        return self._folder / f"{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:40]}.yaml"
