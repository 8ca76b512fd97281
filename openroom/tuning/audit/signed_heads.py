"""Signed heads: (sequence number, hash) of a chain, kept outside it.

A hash chain shows edits inside it, but not a cut tail or a whole rewrite. So each append also writes its head, with an
HMAC-SHA256 under a key that only this folder holds. Keep the folder apart from the chain (another disk, another user);
who holds both folders and the key can forge both, which is why ``export`` copies the heads out.

Heads could be cut together with the chain. So the newest one is kept as the *mark* too, in a file that is replaced each
time and signed in another way than the lines: nothing that lies about can be put in its place.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openroom.core.harness import canonical
from openroom.tuning.audit.blobs import private, write_durably

GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The chain had ``seq + 1`` entries and the last one this hash."""

    seq: int
    hash: str


NOTHING: Final = Head(-1, GENESIS)
"""The head of a chain that has no entry yet."""


@dataclass(frozen=True, slots=True)
class Signed:
    """All that was signed of a chain, read before the chain itself, to which a writer may be adding. ``key``: whether
    anything ever was."""

    heads: tuple[Head, ...]
    mark: Head | None = None
    key: bool = False

    def every(self) -> list[Head]:
        """The heads, and the mark where it stands for an entry."""
        return [*self.heads, *([self.mark] if self.mark and self.mark != NOTHING else [])]


class HeadKeeper:
    """Writes and reads signed heads in a folder of its own; makes the key (mode 0600) when it first signs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "heads.jsonl"
        self._mark_path = folder / "mark.json"
        self._key_path = folder / "head.key"

    @property
    def has_key(self) -> bool:
        """Whether something was ever signed here."""
        return self._key_path.exists()

    def signature(self, head: Head) -> str:
        """What the holder of the key signs a head with; makes the key where there is none."""
        return _mac(self._key_to_sign(), {"seq": head.seq, "hash": head.hash})

    def holds(self, head: Head, signature: str) -> bool:
        """Whether a signature of a head is ours."""
        return self._is_ours({"seq": head.seq, "hash": head.hash}, signature)

    def own_key(self, purpose: str) -> bytes:
        """A key for something else that is signed here; it lives as long as the one of heads."""
        return hmac.digest(self._key_to_sign(), purpose.encode(), "sha256")

    def sign(self, head: Head) -> None:
        """Append a signed head and make it the mark, on disk when this returns."""
        line = canonical({"seq": head.seq, "hash": head.hash, "mac": self.signature(head)}) + b"\n"
        with open(self._path, "ab", opener=private) as file:
            if file.tell() and not self._ends_whole():
                file.write(b"\n")
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self.mark(head)

    def heads(self) -> tuple[Head, ...]:
        """Every head whose signature holds, in the order written. A torn or forged line is left out."""
        if not self._path.exists():
            return ()
        read = (self._read(line) for line in self._path.read_bytes().splitlines())
        return tuple(head for head in read if head is not None)

    def signed(self) -> Signed:
        """All that was signed."""
        return Signed(self.heads(), self.marked(), self.has_key)

    def mark(self, head: Head) -> None:
        """Make a head the mark, on disk when this returns: the chain never ends before it again."""
        write_durably(self._mark_path, self.signed_mark(head).encode())

    def marked(self) -> Head | None:
        """The mark, if it is there and ours."""
        return self.read_mark(self._mark_path.read_bytes()) if self._mark_path.exists() else None

    def signed_mark(self, head: Head) -> str:
        """A head as a mark, to be kept elsewhere as well."""
        return _signed_mark(self._key_to_sign(), head)

    def read_mark(self, text: str | bytes) -> Head | None:
        """The head of a mark that was kept somewhere; ``None`` where it is not ours."""
        try:
            raw = json.loads(text)
            head, mac = Head(int(raw["count"]) - 1, str(raw["hash"])), str(raw["mac"])
        except (ValueError, KeyError, TypeError):
            return None
        return head if self._is_ours({"count": head.seq + 1, "hash": head.hash}, mac) else None

    def _read(self, line: bytes) -> Head | None:
        try:
            raw = json.loads(line)
            head, mac = Head(int(raw["seq"]), str(raw["hash"])), str(raw["mac"])
        except (ValueError, KeyError, TypeError):
            return None
        return head if self.holds(head, mac) else None

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _is_ours(self, body: dict[str, object], signature: str) -> bool:
        return self.has_key and hmac.compare_digest(
            signature.encode(), _mac(self._key_path.read_bytes(), body).encode()
        )

    def _key_to_sign(self) -> bytes:
        if not self.has_key:
            self._make_key()
        return self._key_path.read_bytes()

    def _make_key(self) -> None:
        """The mark of an empty chain first: a key without one is that of a chain that was taken away."""
        self.folder.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(32)
        write_durably(self._mark_path, _signed_mark(key, NOTHING).encode())
        part = self.folder / f".head.key.{os.getpid()}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._key_path)


def _signed_mark(key: bytes, head: Head) -> str:
    body: dict[str, object] = {"count": head.seq + 1, "hash": head.hash}
    return canonical({**body, "mac": _mac(key, body)}).decode()


def _mac(key: bytes, body: dict[str, object]) -> str:
    return hmac.new(key, canonical(body), hashlib.sha256).hexdigest()
