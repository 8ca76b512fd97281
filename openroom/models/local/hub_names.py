"""The name of one file of a hub, ``hub:OWNER/REPO/FILE``: checked so strictly that no part of it can be a path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from openroom.errors import SettingsError

_PREFIX = "hub:"
_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?", re.ASCII)
_SPLIT = re.compile(r"-\d{5}-of-\d{5}\.gguf", re.IGNORECASE | re.ASCII)
_EXPECTED = "expected hub:OWNER/REPOSITORY/FILE.gguf (letters, digits and single . _ - in each part)"


@dataclass(frozen=True, slots=True)
class HubFile:
    """One .gguf file of a repository of a hub. ``str`` gives its name, which `parse` reads."""

    owner: str
    repo: str
    file: str

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read ``hub:OWNER/REPO/FILE``. Raises `SettingsError` for anything else."""
        parts = name[len(_PREFIX) :].split("/")
        if not is_hub_name(name) or len(parts) != 3 or not all(map(_is_word, parts)):
            raise SettingsError(f"{_EXPECTED}, came {name[:200]!r}")
        if not parts[2].lower().endswith(".gguf"):
            raise SettingsError(f"expected a file that ends in .gguf, came {parts[2]!r}")
        if _SPLIT.search(parts[2]):
            raise SettingsError(f"{parts[2]!r} is one part of several; expected a model that is a single .gguf file")
        return cls(*parts)

    def __str__(self) -> str:
        return f"{_PREFIX}{self.owner}/{self.repo}/{self.file}"

    @property
    def repository(self) -> str:
        """``OWNER/REPO``."""
        return f"{self.owner}/{self.repo}"

    @property
    def local_name(self) -> str:
        """The name of the file here; each part may hold no ``--``, so no two files of a hub have the same."""
        return f"{self.owner}--{self.repo}--{self.file}"


def is_hub_name(name: str) -> bool:
    """Whether a name begins as one of the hub's."""
    return name[: len(_PREFIX)].lower() == _PREFIX


def is_file_name(name: str) -> bool:
    """Whether a hub's word for one of its files could be shown and asked for."""
    return _is_word(name) and name.lower().endswith(".gguf")


def _is_word(part: str) -> bool:
    return _WORD.fullmatch(part) is not None and ".." not in part and "--" not in part
