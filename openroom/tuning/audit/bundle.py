"""The reproducibility bundle: log, blobs and signed heads in one zip that anyone can check."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

from openroom.core.harness import canonical, digest_of
from openroom.errors import StoreCorrupt
from openroom.tuning.audit.blobs import BlobStore, whole
from openroom.tuning.audit.chain import Verification, check, read_chain, verify
from openroom.tuning.audit.signed_heads import Head, HeadKeeper, Signed

_DATE = (2000, 1, 1, 0, 0, 0)


def export(folder: Path, heads: HeadKeeper, target: Path) -> str:
    """Write the bundle to ``target`` and return its sha256. The same log gives the same bytes; the key is not in it.

    Raises `StoreCorrupt` when the log does not verify: a broken log is not passed on as evidence.
    """
    report = verify(folder, heads)
    if not report.ok:
        raise StoreCorrupt(f"expected a log that verifies, came: {report.problems[0]}")
    store = BlobStore(folder / "blobs")
    signed = heads.heads()
    entries = read_chain(folder)[: report.entries]
    files = {"chain.jsonl": b"".join(entry.line() + b"\n" for entry in entries)}
    files["heads.jsonl"] = b"".join(
        canonical({"seq": head.seq, "hash": head.hash}) + b"\n" for head in signed if head.seq < report.entries
    )
    named = sorted({digest for entry in entries for digest in entry.blobs})
    files |= {f"blobs/{digest[:2]}/{digest}": store.get(digest) for digest in named}
    manifest = {name: digest_of(data) for name, data in sorted(files.items())}
    files["manifest.json"] = canonical({"entries": report.entries, "head": report.head, "files": manifest})
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, compress_type=zipfile.ZIP_DEFLATED)
    return digest_of(target.read_bytes())


def verify_bundle(path: Path) -> Verification:
    """Check a bundle: every file against the manifest, then the log as `verify` does, with its heads and blobs."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    digests = {name: digest_of(data) for name, data in files.items()}
    names = sorted(digests.keys() | manifest["files"].keys())
    strange = [name for name in names if digests.get(name) != manifest["files"].get(name)]
    problems = [f"{name} is not the file of the manifest" for name in strange]
    heads = tuple(Head(**json.loads(line)) for line in files.get("heads.jsonl", b"").splitlines())
    log = files.get("chain.jsonl", b"")
    found = check(log, Signed(heads), lambda digest: whole(digest, files.get(f"blobs/{digest[:2]}/{digest}")))
    if found.head != manifest["head"]:
        problems.append("the last entry is not the head of the manifest")
    return replace(found, problems=(*problems, *found.problems))
