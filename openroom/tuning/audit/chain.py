"""The audit log: an append-only file of entries, each of which holds the hash of the one before.

``chain.jsonl`` has one entry a line in canonical JSON. An entry is on disk (fsync) before `Chain.append` returns, so
it is written before the effect that it announces. One process writes (a file lock). `verify` reads without a lock and
finds edited, deleted, reordered and added entries, a cut tail, a whole rewrite (by the signed heads) and missing blobs.

An entry carries its own signature, made before it is written, so a head that a crash kept from being written is never
taken on trust: what is neither signed itself nor under a signed head was not written by us.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openroom.core.harness import canonical, digest_of
from openroom.errors import StoreCorrupt, StoreError, StoreLocked
from openroom.tuning.audit.blobs import BlobStore, private
from openroom.tuning.audit.signed_heads import GENESIS, NOTHING, Head, HeadKeeper, Signed
from openroom.tuning.audit.tastings import unsound

_LOG = logging.getLogger("openroom.audit")


class Entry(BaseModel):
    """One line of the chain: what happened (``kind``, ``body``) in which ``run``, by whom, when (Unix seconds), and
    the links. ``mac`` signs its head; entries of older chains have none.
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
    mac: str = ""

    @property
    def head(self) -> Head:
        """The head of the chain that ends here."""
        return Head(self.seq, self.hash)

    def computed_hash(self) -> str:
        """sha256 over the canonical JSON of everything but ``hash`` and ``mac``."""
        return digest_of(canonical(self.model_dump(mode="json", exclude={"hash", "mac"})))

    def line(self) -> bytes:
        """The entry as it stands in the file, without the line's end."""
        return canonical(self.model_dump(mode="json", exclude=None if self.mac else {"mac"}))


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

    Threads of the process may append at the same time. ``clock`` gives the time of an entry. On opening, an entry torn
    by a crash, which no caller was ever told of, is cut off; so is a whole last one that we did not sign, which is
    kept as a blob and told in an entry ``cut``. Raises `StoreLocked` when another process writes, `StoreCorrupt` when
    what is there does not verify.
    """

    def __init__(self, folder: Path, heads: HeadKeeper, clock: Callable[[], float] = lambda: 0.0) -> None:
        self.folder, self.heads, self.blobs = folder, heads, BlobStore(folder / "blobs")
        self._clock = clock
        self._path = folder / "chain.jsonl"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(str(folder / "chain.lock"), thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreLocked(f"expected to be the only writer of {folder.name}, another process has it") from error
        self._broken = False
        self._turn = threading.Lock()
        try:
            self._entries, stranger = self._recover()
        except BaseException:
            self._lock.release()
            raise
        self._file = open(self._path, "ab", opener=private)  # noqa: SIM115 - held until closed
        if stranger:
            self._tell_of(stranger)

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
        linked = draft.model_copy(update={"hash": draft.computed_hash()})
        try:
            entry = linked.model_copy(update={"mac": self.heads.signature(linked.head)})
            self._write(entry)
        except OSError as error:
            self._broken = True
            raise StoreError(f"expected to write the log, the disk says: {error}") from error
        self._entries.append(entry)
        return entry

    def put_blob(self, data: bytes) -> str:
        """Store bytes that an entry will refer to; returns their digest."""
        try:
            return self.blobs.put(data)
        except OSError as error:
            self._broken = True
            raise StoreError(f"expected to store a blob, the disk says: {error}") from error

    def mark(self, kept: str | None) -> str | None:
        """The mark to keep elsewhere in place of the one that is ``kept`` there; ``None`` to leave that as it is: it is
        newer, or not of this chain."""
        known = self.heads.read_mark(kept) if kept else NOTHING
        if known is None or not self._entries or self._entries[-1].seq < known.seq:
            return None
        return self.heads.signed_mark(self._entries[-1].head)

    def close(self) -> None:
        self._file.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def _write(self, entry: Entry) -> None:
        self._file.write(entry.line() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.heads.sign(entry.head)

    def _recover(self) -> tuple[list[Entry], bytes]:
        """The entries, and the line that was cut off as not ours (empty: none was)."""
        data = _bytes_of(self.folder)
        whole = data[: data.rfind(b"\n") + 1]
        entries, problems = _read(whole)
        signed, stranger = self.heads.signed(), b""
        if not problems and entries and not _is_signed(entries[-1], signed, self.heads):
            entries.pop()
            kept = whole.rfind(b"\n", 0, -1) + 1
            whole, stranger = whole[:kept], whole[kept:]
        problems += _unsigned(entries, signed, self.heads)
        if problems:
            raise StoreCorrupt(f"expected a log that verifies, came: {problems[0]}")
        if whole != data:
            with self._path.open("r+b") as file:
                file.truncate(len(whole))
                os.fsync(file.fileno())
        self._sign_last(entries)
        return entries, stranger

    def _sign_last(self, entries: Sequence[Entry]) -> None:
        """The head that a crash kept from being written, and the mark that an older chain has not."""
        if not entries:
            return
        last = max((head.seq for head in self.heads.heads()), default=-1)
        if last < entries[-1].seq:
            self.heads.sign(entries[-1].head)
        elif self.heads.marked() != entries[-1].head:
            self.heads.mark(entries[-1].head)

    def _tell_of(self, stranger: bytes) -> None:
        digest = self.put_blob(stranger)
        _LOG.warning("an entry that was not written here was cut off the audit log", extra={"blob": digest})
        self.append("cut", {"why": "a last entry without a signature of ours", "entry": digest}, blobs=[digest])


def read_chain(folder: Path, heads: HeadKeeper | None = None) -> list[Entry]:
    """The entries of a chain, without a lock. Raises `StoreCorrupt` for what is no chain and, with ``heads``, for one
    that does not verify; without, nothing beyond the form of its entries is checked.
    """
    signed = heads.signed() if heads else None
    data = _bytes_of(folder)
    entries, problems = _read(data[: data.rfind(b"\n") + 1], links=heads is not None)
    if signed is not None:
        problems += _unsigned(entries, signed, heads)
    if problems:
        raise StoreCorrupt(f"expected a readable log, came: {problems[0]}")
    return entries


def verify(folder: Path, heads: HeadKeeper, kept: str | None = None) -> Verification:
    """Check every entry, link, head and blob, and the mark that is ``kept`` elsewhere, if one is. Never raises for what
    it finds: it is in ``problems``."""
    signed = heads.signed()
    mark = heads.read_mark(kept) if kept else None
    if mark is not None:
        signed = replace(signed, heads=(*signed.heads, mark))
    found = check(_bytes_of(folder), signed, BlobStore(folder / "blobs").get, heads)
    if kept and mark is None:
        strange = "the mark kept elsewhere is not of this key: log and key were taken away, or replaced"
        found = replace(found, problems=(*found.problems, strange))
    return found


def check(data: bytes, signed: Signed, blob: Callable[[str], object], keeper: HeadKeeper | None = None) -> Verification:
    """Check the bytes of a log, wherever they lie, and that its tastings come to what it says of them; ``blob`` raises
    `StoreCorrupt` for one that is not whole. Without the ``keeper`` of its key (somewhere else) the signatures of
    entries can't be checked, the heads are taken as they are.
    """
    entries, problems = _read(data)
    problems += _unsigned(entries, signed, keeper)
    problems += unsound(entries)
    named = sorted({digest for entry in entries for digest in entry.blobs})
    for digest in named:
        try:
            blob(digest)
        except StoreCorrupt as error:
            problems.append(str(error))
    head = entries[-1].hash if entries else GENESIS
    return Verification(len(entries), len(named), head, tuple(problems))


def _bytes_of(folder: Path) -> bytes:
    path = folder / "chain.jsonl"
    return path.read_bytes() if path.exists() else b""


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
        if entry.line() != line or entry.computed_hash() != entry.hash:
            problems.append(f"entry {entry.seq} was edited: its hash does not fit")
        if entry.seq != number or entry.prev_hash != previous:
            problems.append(f"entry {entry.seq} at line {number + 1} does not follow the one before it")
        previous = entry.hash
    return entries, problems


def _unsigned(entries: Sequence[Entry], signed: Signed, keeper: HeadKeeper | None) -> list[str]:
    """What does not fit that which was signed, and whether there are entries that nobody signed."""
    hashes = {entry.seq: entry.hash for entry in entries}
    for head in signed.every():
        if head.seq not in hashes:
            return [f"the log ends before entry {head.seq}, whose head was signed: its tail was cut"]
        if hashes[head.seq] != head.hash:
            return [f"entry {head.seq} is not the one whose head was signed: the log was rewritten"]
    if signed.key and signed.mark is None and (not entries or entries[-1].mac):
        return ["the key has signed, but its mark is gone: the log may have been cut"]
    last = max((head.seq for head in signed.every()), default=-1)
    if keeper is None:
        # A crash between an entry and its head leaves one entry without a head, never more.
        stranger = len(entries) - 1 > last + 1
    else:
        if any(entry.mac and not keeper.holds(entry.head, entry.mac) for entry in entries):
            return ["an entry carries a signature that is not ours: it was edited"]
        stranger = not all(_is_signed(entry, signed, keeper) for entry in entries[last + 1 :])
    if stranger:
        return [f"the entries after {last} have no signed head: they were not written by the holder of the key"]
    return []


def _is_signed(entry: Entry, signed: Signed, keeper: HeadKeeper) -> bool:
    return entry.head in signed.every() or (entry.mac != "" and keeper.holds(entry.head, entry.mac))
