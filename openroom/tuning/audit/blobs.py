"""Content-addressed bytes: prompts, transcripts, proposer output, versions. The name of a blob is its sha256 (hex)."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

from openroom.core.harness import digest_of
from openroom.errors import StoreCorrupt

_DIGEST = re.compile(r"[0-9a-f]{64}")


def whole(digest: str, data: bytes | None) -> bytes:
    """The bytes found under a digest. Raises `StoreCorrupt` when there are none or they are not what it says."""
    if data is None:
        raise StoreCorrupt(f"expected a blob {digest[:12]}, it is missing")
    if digest_of(data) != digest:
        raise StoreCorrupt(f"expected blob {digest[:12]} to hash to its name, it holds other bytes")
    return data


class BlobStore:
    """Blobs under a folder, two letters a subfolder. Writing the same bytes twice is free."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Store the bytes for good (fsync, then rename) and return their digest."""
        digest = digest_of(data)
        target = self.path(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_durably(target, data)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of that digest. Raises `StoreCorrupt` when they are missing or are not what the digest says."""
        path = self.path(digest)
        return whole(digest, path.read_bytes() if path.exists() else None)

    def path(self, digest: str) -> Path:
        """Where a blob lives. Raises `StoreCorrupt` for what is no digest, so that no record can name another path."""
        if not _DIGEST.fullmatch(digest):
            raise StoreCorrupt(f"expected a sha256 digest, came {digest!r}")
        return self.folder / digest[:2] / digest

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in sorted(self.folder.glob("??/*")) if _DIGEST.fullmatch(path.name))


def private(path: str, flags: int) -> int:
    """For ``open``: a file that is made is its owner's only."""
    return os.open(path, flags, 0o600)


def write_durably(target: Path, data: bytes) -> None:
    """Write a whole file so that after a crash it is there in full or not at all."""
    part = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.part")
    with open(part, "wb", opener=private) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
