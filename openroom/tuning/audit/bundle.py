"""The reproducibility bundle: log, blobs and signed heads in one zip that anyone can check."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from openroom.core.harness import canonical
from openroom.errors import StoreCorrupt
from openroom.tuning.audit.blobs import BlobStore
from openroom.tuning.audit.chain import read_chain, verify
from openroom.tuning.audit.signed_heads import HeadKeeper

_DATE = (2000, 1, 1, 0, 0, 0)


def export(folder: Path, heads: HeadKeeper, target: Path) -> str:
    """Write the bundle to ``target`` and return its sha256. The same log gives the same bytes; the key is not in it.

    Raises `StoreCorrupt` when the log does not verify: a broken log is not passed on as evidence.
    """
    report = verify(folder, heads)
    if not report.ok:
        raise StoreCorrupt(f"expected a log that verifies, came: {report.problems[0]}")
    store = BlobStore(folder / "blobs")
    files = {"chain.jsonl": (folder / "chain.jsonl").read_bytes()}
    files["heads.jsonl"] = b"".join(canonical({"seq": h.seq, "hash": h.hash}) + b"\n" for h in heads.heads())
    named = sorted({digest for entry in read_chain(folder) for digest in entry.blobs})
    files |= {f"blobs/{digest[:2]}/{digest}": store.get(digest) for digest in named}
    manifest = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    files["manifest.json"] = canonical({"entries": report.entries, "head": report.head, "files": manifest})
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, compress_type=zipfile.ZIP_DEFLATED)
    return hashlib.sha256(target.read_bytes()).hexdigest()
