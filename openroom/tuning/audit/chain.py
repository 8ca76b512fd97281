"""The audit log: an append-only file of entries, each of which holds the hash of the one before.

``chain.jsonl`` has one entry a line in canonical JSON. An entry is on disk (fsync) before `Chain.append` returns, so
it is written before the effect that it announces. One process writes (a file lock). `verify` reads without a lock and
finds edited, deleted, reordered and added entries, a cut tail, a whole rewrite (by the signed heads) and missing blobs.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Final, Self

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openroom.core.harness import canonical, digest_of
from openroom.errors import StoreCorrupt, StoreError, StoreLocked
from openroom.tuning.audit.blobs import BlobStore
from openroom.tuning.audit.signed_heads import Head, HeadKeeper

GENESIS: Final = "0" * 64


class Entry(BaseModel):
    """One line of the chain: what happened (``kind``, ``body``) in which ``run``, by whom, when (Unix seconds), and
    the links.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    seq: Annotated[int, Field(ge=0)]
    kind: str
    run: str = ""
    actor: str = ""
    at: float = 0.0
    body: dict[str, Any]
    blobs: tuple[str, ...] = ()
    prev_hash: str
    hash: str

    def computed_hash(self) -> str:
        """sha256 over the canonical JSON of everything but ``hash``."""
        return digest_of(canonical(self.model_dump(mode="json", exclude={"hash"})))


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found; ``problems`` is empty when all is well."""

    entries: int
    blobs: int
    head: str
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing was found wrong."""
        return not self.problems


class Chain:
    """The one writer of a chain. Open it with ``with Chain(folder, heads) as chain``; it holds the lock until closed.

    Threads of the process may append at the same time. ``clock`` gives the time of an entry. An entry torn by a crash,
    which no caller was ever told of, is cut off on opening. Raises `StoreLocked` when another process writes,
    `StoreCorrupt` when what is there does not verify.
    """

    def __init__(self, folder: Path, heads: HeadKeeper, clock: Callable[[], float] = lambda: 0.0) -> None:
        self.folder, self.heads, self.blobs = folder, heads, BlobStore(folder / "blobs")
        self._clock = clock
        self._path = folder / "chain.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(str(folder / "chain.lock"), thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreLocked(f"expected to be the only writer of {folder.name}, another process has it") from error
        self._broken = False
        self._turn = threading.Lock()
        try:
            self._entries = self._recover()
        except BaseException:
            self._lock.release()
            raise
        self._file = self._path.open("ab")

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries, oldest first."""
        return self._entries

    def append(
        self, kind: str, body: Mapping[str, Any], *, run: str = "", actor: str = "", blobs: Sequence[str] = ()
    ) -> Entry:
        """Write an entry; it is on disk and its head signed when this returns.

        Raises `StoreError` when the disk does not take it. From then on the chain refuses every append: who can't be
        audited must not act. ValueError for a body with NaN or an infinity, TypeError for what is no JSON.
        """
        canonical(dict(body))
        with self._turn:
            return self._append(kind, body, run, actor, blobs)

    def _append(self, kind: str, body: Mapping[str, Any], run: str, actor: str, blobs: Sequence[str]) -> Entry:
        if self._broken:
            raise StoreError("expected a log that can be written; an earlier write failed, so nothing more is done")
        last = self._entries[-1] if self._entries else None
        draft = Entry(
            seq=len(self._entries),
            kind=kind,
            run=run,
            actor=actor,
            at=round(self._clock(), 3),
            body=dict(body),
            blobs=tuple(blobs),
            prev_hash=last.hash if last else GENESIS,
            hash="",
        )
        entry = draft.model_copy(update={"hash": draft.computed_hash()})
        self._write(entry)
        self._entries.append(entry)
        return entry

    def put_blob(self, data: bytes) -> str:
        """Store bytes that an entry will refer to; returns their digest."""
        try:
            return self.blobs.put(data)
        except OSError as error:
            self._broken = True
            raise StoreError(f"expected to store a blob, the disk says: {error}") from error

    def close(self) -> None:
        self._file.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def _write(self, entry: Entry) -> None:
        try:
            self._file.write(canonical(entry.model_dump(mode="json")) + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.heads.sign(Head(entry.seq, entry.hash))
        except OSError as error:
            self._broken = True
            raise StoreError(f"expected to write the log, the disk says: {error}") from error

    def _recover(self) -> list[Entry]:
        data = self._path.read_bytes() if self._path.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        entries, problems = _read(whole)
        problems += _against_heads(entries, self.heads.heads())
        if problems:
            raise StoreCorrupt(f"expected a log that verifies, came: {problems[0]}")
        if whole != data:
            with self._path.open("r+b") as file:
                file.truncate(len(whole))
                os.fsync(file.fileno())
        signed = self.heads.last()
        if entries and (signed is None or signed.seq < entries[-1].seq):
            self.heads.sign(Head(entries[-1].seq, entries[-1].hash))
        return entries


def read_chain(folder: Path) -> list[Entry]:
    """The entries of a chain, without a lock and without checks beyond their form. Raises `StoreCorrupt`."""
    path = folder / "chain.jsonl"
    data = path.read_bytes() if path.exists() else b""
    entries, problems = _read(data[: data.rfind(b"\n") + 1], links=False)
    if problems:
        raise StoreCorrupt(f"expected a readable log, came: {problems[0]}")
    return entries


def verify(folder: Path, heads: HeadKeeper) -> Verification:
    """Check every entry, link, head and blob. Never raises for what it finds: it is in ``problems``."""
    path = folder / "chain.jsonl"
    data = path.read_bytes() if path.exists() else b""
    return check(data, heads.heads(), BlobStore(folder / "blobs").get)


def check(data: bytes, signed: Sequence[Head], blob: Callable[[str], object]) -> Verification:
    """Check the bytes of a log, wherever they lie; ``blob`` raises `StoreCorrupt` for one that is not whole."""
    entries, problems = _read(data)
    problems += _against_heads(entries, signed)
    named = sorted({digest for entry in entries for digest in entry.blobs})
    for digest in named:
        try:
            blob(digest)
        except StoreCorrupt as error:
            problems.append(str(error))
    head = entries[-1].hash if entries else GENESIS
    return Verification(len(entries), len(named), head, tuple(problems))


def _read(data: bytes, *, links: bool = True) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    problems: list[str] = []
    previous = GENESIS
    for number, line in enumerate(
        data.split(b"\n")[:-1] if data.endswith(b"\n") else data.split(b"\n") if data else []
    ):
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError:
            problems.append(f"line {number + 1} is no entry")
            continue
        entries.append(entry)
        if not links:
            continue
        if canonical(entry.model_dump(mode="json")) != line or entry.computed_hash() != entry.hash:
            problems.append(f"entry {entry.seq} was edited: its hash does not fit")
        if entry.seq != number or entry.prev_hash != previous:
            problems.append(f"entry {entry.seq} at line {number + 1} does not follow the one before it")
        previous = entry.hash
    return entries, problems


def _against_heads(entries: Sequence[Entry], signed: Sequence[Head]) -> list[str]:
    hashes = {entry.seq: entry.hash for entry in entries}
    for head in signed:
        if head.seq not in hashes:
            return [f"the log ends before entry {head.seq}, whose head was signed: its tail was cut"]
        if hashes[head.seq] != head.hash:
            return [f"entry {head.seq} is not the one whose head was signed: the log was rewritten"]
    last = max((head.seq for head in signed), default=-1)
    # A crash between an entry and its head leaves one entry without a head, never more.
    if len(entries) - 1 > last + 1:
        return [f"the entries after {last} have no signed head: they were not written by the holder of the key"]
    return []
