"""Copies of characters' pictures in the data folder: who stands in a room looks as before when its folder is gone."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

_FILES = re.compile(r"(portrait(_[A-Za-z0-9_-]+)?\.(svg|webp|png|jpg|jpeg)|avatar\.json|face\.json)")


class KeptArt:
    """By the id of the character: ``<folder>/<id>/art/``. Files are linked where the disk can, else copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def follow(self, characters: Mapping[str, Path]) -> None:
        """Keep the pictures as they are now of each of the ``characters``, whose folders these are; those of others
        stay. A disk that is full costs no more than the copies."""
        for id, place in characters.items():
            with contextlib.suppress(OSError):
                self._follow(place / "art", self.folder / id / "art")

    def forget(self, character: str) -> None:
        """Drop the pictures of a character that somebody removed."""
        shutil.rmtree(self.folder / character, ignore_errors=True)

    def _follow(self, art: Path, kept: Path) -> None:
        now = {path.name: path for path in art.iterdir() if _FILES.fullmatch(path.name)} if art.is_dir() else {}
        there = {path.name: path for path in kept.iterdir()} if kept.is_dir() else {}
        for name in there.keys() - now.keys():
            there[name].unlink()
        if now:
            kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, path in now.items():
            if name not in there or not _same(path, there[name]):
                there[name].unlink() if name in there else None
                _link(path, kept / name)


def _same(one: Path, other: Path) -> bool:
    a, b = one.stat(), other.stat()
    return (a.st_mtime_ns, a.st_size) == (b.st_mtime_ns, b.st_size)


def _link(path: Path, copy: Path) -> None:
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)
