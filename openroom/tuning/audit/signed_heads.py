"""Signed heads: (sequence number, hash) of a chain, kept outside it.

A hash chain shows edits inside it, but not a cut tail or a whole rewrite. So each append also writes its head, with an
HMAC-SHA256 under a key that only this folder holds. Keep the folder apart from the chain (another disk, another user);
who holds both folders and the key can forge both, which is why ``export`` copies the heads out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from openroom.core.harness import canonical


@dataclass(frozen=True, slots=True)
class Head:
    """The chain had ``seq + 1`` entries and the last one this hash."""

    seq: int
    hash: str


class HeadKeeper:
    """Writes and reads signed heads in a folder of its own; makes the key (mode 0600) on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "heads.jsonl"
        self._key_path = folder / "head.key"

    def sign(self, head: Head) -> None:
        """Append a signed head, on disk when this returns."""
        line = canonical({"seq": head.seq, "hash": head.hash, "mac": self._mac(head)}) + b"\n"
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            if file.tell() and not self._ends_whole():
                file.write(b"\n")
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def heads(self) -> tuple[Head, ...]:
        """Every head whose signature holds, in the order written. A torn or forged line is left out."""
        if not self._path.exists():
            return ()
        read = (self._read(line) for line in self._path.read_bytes().splitlines())
        return tuple(head for head in read if head is not None)

    def last(self) -> Head | None:
        """The head with the highest sequence number, if there is any."""
        return max(self.heads(), key=lambda head: head.seq, default=None)

    def _read(self, line: bytes) -> Head | None:
        try:
            raw = json.loads(line)
            head = Head(int(raw["seq"]), str(raw["hash"]))
            good = hmac.compare_digest(str(raw["mac"]), self._mac(head))
        except (ValueError, KeyError, TypeError):
            return None
        return head if good else None

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _mac(self, head: Head) -> str:
        return hmac.new(self._key(), canonical({"seq": head.seq, "hash": head.hash}), hashlib.sha256).hexdigest()

    def _key(self) -> bytes:
        if not self._key_path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".head.key.{os.getpid()}"
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._key_path)
        return self._key_path.read_bytes()
