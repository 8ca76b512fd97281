"""What the engine made of the beginnings of prompts, kept as files from one start to the next.

Reading a character's stable prompt takes half a minute on two cores; reading its state from a disk takes milliseconds.
Kept is only what depends on definitions, the version that plays and the cast (`ModelRequest.stable`): nothing that
anybody said in a room.

A file is called ``KEY-DIGEST``, both 64 hexadecimal digits: the key says of which prompt, weights and engine it is,
the digest is the SHA-256 of what is in it. A file whose digest is another one is removed unread, since the engine would
take damaged numbers for good ones. What is called otherwise in this folder is removed, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from openroom.ports.model import Message

_NAME = re.compile(r"([0-9a-f]{64})-([0-9a-f]{64})", re.ASCII)
_FRESH = re.compile(r"[0-9a-f]{32}\.new", re.ASCII)
_FRESH_SECONDS = 3600.0
"""After so long nobody writes at a ``.new`` any more: whoever did was killed."""


class States:
    """The files of one engine: ``engine`` says all that decides whether a state is of use (weights, version, context).

    Together the files of all engines take at most ``most`` bytes; those go first that were of use longest ago. All
    methods but `key` block; an `OSError` of theirs means that nothing was kept, or found.
    """

    def __init__(self, folder: Path, most: int, engine: Sequence[str | int]) -> None:
        self.folder, self._most = folder, most
        self._engine = tuple(engine)

    def key(self, messages: Sequence[Message]) -> str:
        """The key of a prompt's beginning."""
        told = [self._engine, [(message.role, message.content) for message in messages]]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()

    def open(self) -> None:
        """Make the folder, and remove what does not belong there or is too much."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in self._files():
            young = _FRESH.fullmatch(file.name) and time.time() - file.lstat().st_mtime < _FRESH_SECONDS
            if file.is_symlink() or not (young or _NAME.fullmatch(file.name)):
                _remove(file)
        self._make_room()

    def fresh(self) -> Path:
        """Where the engine may write a state; `keep` gives it its name, `drop` removes it."""
        return self.folder / f"{secrets.token_hex(16)}.new"

    def keep(self, fresh: Path, key: str) -> None:
        """Take in what the engine wrote, in one step, in place of what was kept under that key."""
        kept = self.folder / f"{key}-{_digest(fresh)}"
        fresh.replace(kept)
        for file in self._of(key):
            if file != kept:
                _remove(file)
        self._make_room()

    def drop(self, file: Path) -> None:
        """Remove a file that the engine could not write, or did not take."""
        _remove(file)

    def find(self, key: str) -> Path | None:
        """The file of a key, read through and found to be whole; a damaged one is removed."""
        for file in self._of(key):
            if _digest(file) == _digest_in(file):
                os.utime(file)
                return file
            _remove(file)
        return None

    def _of(self, key: str) -> list[Path]:
        known = [file for file in self._files() if _NAME.fullmatch(file.name) and not file.is_symlink()]
        return [file for file in known if file.name.startswith(key)]

    def _files(self) -> list[Path]:
        return [file for file in self.folder.iterdir() if file.is_symlink() or not file.is_dir()]

    def _make_room(self) -> None:
        """Remove what was of use longest ago until the rest fits."""
        known = [(file.lstat(), file) for file in self._files() if _NAME.fullmatch(file.name)]
        total = sum(stat.st_size for stat, _ in known)
        for stat, file in sorted(known, key=lambda one: one[0].st_mtime_ns):
            if total <= self._most:
                return
            _remove(file)
            total -= stat.st_size


def _digest_in(file: Path) -> str:
    """The digest that a file's name tells."""
    return file.name.partition("-")[2]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
