"""The audit log shows every way of tampering with it."""

from __future__ import annotations

import json
import shutil
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from openroom.errors import StoreCorrupt, StoreError
from openroom.tuning.audit.blobs import BlobStore, digest_of
from openroom.tuning.audit.bundle import export, verify_bundle
from openroom.tuning.audit.chain import Chain, Entry, read_chain, verify
from openroom.tuning.audit.signed_heads import NOTHING, HeadKeeper
from tests.processes import run


def _heads(tmp_path: Path) -> HeadKeeper:
    return HeadKeeper(tmp_path / "elsewhere")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A chain of six entries with a blob."""
    with Chain(tmp_path / "log", _heads(tmp_path), clock=lambda: 12.5) as chain:
        blob = chain.put_blob(b"a transcript")
        for number in range(6):
            chain.append("round", {"number": number}, run="r1", blobs=[blob] if number == 3 else [])
    return tmp_path / "log"


def _lines(folder: Path) -> list[bytes]:
    return (folder / "chain.jsonl").read_bytes().splitlines(keepends=True)


def _rewrite(lines: list[bytes]) -> list[bytes]:
    """Every link recomputed, as somebody without the key would do it."""
    previous, out = "0" * 64, []
    for number, line in enumerate(lines):
        raw = json.loads(line) | {"seq": number, "prev_hash": previous, "hash": ""}
        entry = Entry.model_validate(raw)
        previous = entry.computed_hash()
        out.append(entry.model_copy(update={"hash": previous}).model_dump_json().encode() + b"\n")
    return [json.dumps(json.loads(x), sort_keys=True, separators=(",", ":")).encode() + b"\n" for x in out]


def test_a_fresh_chain_verifies(folder: Path, tmp_path: Path) -> None:
    report = verify(folder, _heads(tmp_path))
    assert report.ok
    assert (report.entries, report.blobs) == (6, 1)
    assert [entry.body["number"] for entry in read_chain(folder)] == list(range(6))


TAMPERINGS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "edit": lambda lines: [*lines[:2], lines[2].replace(b'"number":2', b'"number":9'), *lines[3:]],
    "edit of the time": lambda lines: [*lines[:2], lines[2].replace(b"12.5", b"13.5"), *lines[3:]],
    "delete": lambda lines: lines[:2] + lines[3:],
    "reorder": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "double": lambda lines: [*lines[:3], lines[2], *lines[3:]],
    "cut tail": lambda lines: lines[:-1],
    "cut to nothing": lambda lines: [],
    "rewrite": lambda lines: _rewrite([*lines[:2], lines[2].replace(b'"number":2', b'"number":9'), *lines[3:]]),
    "rewrite shorter": lambda lines: _rewrite(lines[:2] + lines[3:]),
    "rewrite and add": lambda lines: _rewrite([*lines, *lines]),
    "garbage": lambda lines: [*lines[:3], b"{}\n", *lines[4:]],
    "spaces": lambda lines: [*lines[:2], lines[2].replace(b'"run":', b'"run": '), *lines[3:]],
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_the_writer_refuses_to_go_on(name: str, folder: Path, tmp_path: Path) -> None:
    (folder / "chain.jsonl").write_bytes(b"".join(TAMPERINGS[name](_lines(folder))))
    report = verify(folder, _heads(tmp_path))
    assert not report.ok
    with pytest.raises(StoreCorrupt, match="expected a log that verifies"):
        Chain(folder, _heads(tmp_path))


def test_a_forged_head_counts_for_nothing(folder: Path, tmp_path: Path) -> None:
    lines = _lines(folder)
    (folder / "chain.jsonl").write_bytes(b"".join(lines[:-1]))
    forged = json.dumps({"seq": 4, "hash": json.loads(lines[4])["hash"], "mac": "0" * 64})
    (tmp_path / "elsewhere" / "heads.jsonl").write_text(forged + "\n")
    assert not verify(folder, _heads(tmp_path)).ok


@pytest.mark.parametrize("data", [None, b"another transcript"])
def test_a_missing_or_changed_blob_is_found(data: bytes | None, folder: Path, tmp_path: Path) -> None:
    store = BlobStore(folder / "blobs")
    path = store.path(next(iter(store)))
    path.unlink() if data is None else path.write_bytes(data)
    assert any("blob" in problem for problem in verify(folder, _heads(tmp_path)).problems)


def test_an_entry_torn_by_a_crash_is_cut_off_and_writing_goes_on(folder: Path, tmp_path: Path) -> None:
    with (folder / "chain.jsonl").open("ab") as file:
        file.write(b'{"seq":6,"kind":"rou')
    with Chain(folder, _heads(tmp_path)) as chain:
        assert len(chain.entries) == 6
        chain.append("round", {"number": 6})
    assert verify(folder, _heads(tmp_path)).ok


def test_a_crash_between_entry_and_head_is_mended(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "heads.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]) + b'{"seq":5,"ha')
    assert verify(folder, _heads(tmp_path)).ok
    with Chain(folder, _heads(tmp_path)) as chain:
        assert len(chain.entries) == 6
        chain.append("round", {"number": 6})
        chain.append("round", {"number": 7})
    assert verify(folder, _heads(tmp_path)).ok


def _forged(lines: list[bytes], **more: object) -> bytes:
    """A line that follows the last one, as somebody without the key would write it."""
    last = json.loads(lines[-1])
    body = {"do": "released", "round": "mira-1/0", "by": "player:boss"}
    raw = {"seq": last["seq"] + 1, "kind": "governance", "body": body, "prev_hash": last["hash"], "hash": ""}
    entry = Entry.model_validate(raw)
    return entry.model_copy(update={"hash": entry.computed_hash(), **more}).line() + b"\n"


@pytest.mark.parametrize("mac", ["", "0" * 64, "é", "another's"])
def test_an_entry_that_was_not_written_here_is_found_cut_off_and_told_never_signed(
    mac: str, folder: Path, tmp_path: Path
) -> None:
    lines = _lines(folder)
    mac = json.loads(lines[2])["mac"] if mac == "another's" else mac
    forged = _forged(lines, mac=mac)
    (folder / "chain.jsonl").write_bytes(b"".join([*lines, forged]))
    assert not verify(folder, _heads(tmp_path)).ok
    with pytest.raises(StoreCorrupt):
        read_chain(folder, _heads(tmp_path))
    with Chain(folder, _heads(tmp_path)) as chain:
        kinds = [entry.kind for entry in chain.entries]
        assert chain.blobs.get(chain.entries[-1].body["entry"]) == forged
    assert kinds == ["round"] * 6 + ["cut"]
    assert verify(folder, _heads(tmp_path)).ok
    assert forged not in (folder / "chain.jsonl").read_bytes()
    assert json.loads(forged)["hash"] not in (tmp_path / "elsewhere" / "heads.jsonl").read_text()


def test_several_entries_that_were_not_written_here_are_refused(folder: Path, tmp_path: Path) -> None:
    lines = _lines(folder)
    lines += [_forged(lines)]
    lines += [_forged(lines)]
    (folder / "chain.jsonl").write_bytes(b"".join(lines))
    with pytest.raises(StoreCorrupt, match="not written by the holder of the key"):
        Chain(folder, _heads(tmp_path))


def _made_old(folder: Path, tmp_path: Path) -> None:
    """The chain as it was written before entries carried a signature and a mark was kept."""
    old = [Entry.model_validate_json(line).model_copy(update={"mac": ""}).line() for line in _lines(folder)]
    (folder / "chain.jsonl").write_bytes(b"\n".join([*old, b""]))
    (tmp_path / "elsewhere" / "mark.json").unlink()


def test_a_chain_without_signed_entries_is_as_good_as_it_was(folder: Path, tmp_path: Path) -> None:
    _made_old(folder, tmp_path)
    assert b"mac" not in (folder / "chain.jsonl").read_bytes()
    assert verify(folder, _heads(tmp_path)).ok
    with Chain(folder, _heads(tmp_path)) as chain:
        chain.append("round", {"number": 6})
    assert verify(folder, _heads(tmp_path)).entries == 7
    assert verify(folder, _heads(tmp_path)).ok


def test_the_last_entry_of_an_old_chain_counts_only_with_its_head(folder: Path, tmp_path: Path) -> None:
    _made_old(folder, tmp_path)
    path = tmp_path / "elsewhere" / "heads.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert not verify(folder, _heads(tmp_path)).ok
    with Chain(folder, _heads(tmp_path)) as chain:
        assert [entry.kind for entry in chain.entries] == ["round"] * 5 + ["cut"]


@pytest.mark.parametrize("kept", [0, 1, 3, 5])
@pytest.mark.parametrize("mark", ["left", "taken away", "a line of the heads"])
def test_a_log_that_was_cut_together_with_its_heads_is_found(
    kept: int, mark: str, folder: Path, tmp_path: Path
) -> None:
    heads = tmp_path / "elsewhere" / "heads.jsonl"
    for path in (folder / "chain.jsonl", heads):
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))
    place = tmp_path / "elsewhere" / "mark.json"
    if mark == "taken away":
        place.unlink()
    elif mark != "left":
        line = json.loads(heads.read_bytes().splitlines()[-1]) if kept else {"seq": -1, "hash": "0" * 64, "mac": ""}
        place.write_text(json.dumps({"count": line["seq"] + 1, **line}))
    report = verify(folder, _heads(tmp_path))
    assert not report.ok
    with pytest.raises(StoreCorrupt):
        Chain(folder, _heads(tmp_path))


def test_a_mark_kept_elsewhere_finds_a_log_that_was_taken_away_with_its_key(folder: Path, tmp_path: Path) -> None:
    with Chain(folder, _heads(tmp_path)) as chain:
        kept = chain.mark(None)
        assert kept is not None
        chain.append("round", {"number": 6})
        newer = chain.mark(kept)
        assert newer not in (None, kept)
    assert verify(folder, _heads(tmp_path), kept).ok
    assert verify(folder, _heads(tmp_path), newer).ok
    shutil.rmtree(tmp_path / "elsewhere")
    shutil.rmtree(folder)
    assert verify(folder, _heads(tmp_path)).ok, "nothing is left to tell"
    assert not verify(folder, _heads(tmp_path), kept).ok
    with Chain(folder, _heads(tmp_path)) as chain:
        chain.append("round", {"number": 0})
        assert chain.mark(kept) is None, "what another log has left is evidence"
        assert chain.mark("{}") is None
    assert not verify(folder, _heads(tmp_path), kept).ok


def test_an_older_log_and_its_heads_in_place_of_the_newer_are_found(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "old log")
    shutil.copytree(tmp_path / "elsewhere", tmp_path / "old heads")
    with Chain(folder, _heads(tmp_path)) as chain:
        chain.append("round", {"number": 6})
        kept = chain.mark(None)
    for old, place in (("old log", folder), ("old heads", tmp_path / "elsewhere")):
        shutil.rmtree(place)
        shutil.copytree(tmp_path / old, place)
    assert verify(folder, _heads(tmp_path)).ok, "its own files can't tell"
    assert not verify(folder, _heads(tmp_path), kept).ok
    with Chain(folder, _heads(tmp_path)) as chain:
        assert chain.mark(kept) is None


def test_a_key_that_has_signed_nothing_yet_is_no_finding(tmp_path: Path) -> None:
    with Chain(tmp_path / "log", _heads(tmp_path)) as chain:
        assert _heads(tmp_path).signature(chain.heads.marked() or NOTHING)
    assert verify(tmp_path / "log", _heads(tmp_path)).ok
    with Chain(tmp_path / "log", _heads(tmp_path)) as chain:
        chain.append("round", {"number": 0})
    assert verify(tmp_path / "log", _heads(tmp_path)).ok


def test_looking_makes_no_key(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "head.key").unlink()
    assert not verify(folder, _heads(tmp_path)).ok
    with pytest.raises(StoreCorrupt):
        Chain(folder, _heads(tmp_path))
    assert not (tmp_path / "elsewhere" / "head.key").exists()


def test_a_second_writer_is_refused(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from openroom.tuning.audit.chain import Chain;"
        "from openroom.tuning.audit.signed_heads import HeadKeeper;"
        "Chain(Path(sys.argv[1]), HeadKeeper(Path(sys.argv[2])))"
    )
    with Chain(folder, _heads(tmp_path)):
        command = [sys.executable, "-c", code, str(folder), str(tmp_path / "elsewhere")]
        other = run(command)
    assert "StoreLocked" in other.stderr
    Chain(folder, _heads(tmp_path)).close()


def test_the_lock_is_free_after_a_failed_open(folder: Path, tmp_path: Path) -> None:
    good = (folder / "chain.jsonl").read_bytes()
    (folder / "chain.jsonl").write_bytes(good[: len(good) // 2].rsplit(b"\n", 1)[0] + b"\n")
    with pytest.raises(StoreCorrupt):
        Chain(folder, _heads(tmp_path))
    (folder / "chain.jsonl").write_bytes(good)
    Chain(folder, _heads(tmp_path)).close()


def test_a_failed_write_stops_everything(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with Chain(folder, _heads(tmp_path)) as chain:
        monkeypatch.setattr("openroom.tuning.audit.chain.os.fsync", full)
        with pytest.raises(StoreError, match="No space left"):
            chain.append("round", {"number": 6})
        monkeypatch.undo()
        with pytest.raises(StoreError, match="nothing more is done"):
            chain.append("round", {"number": 7})


def test_nan_never_enters_the_log(folder: Path, tmp_path: Path) -> None:
    with Chain(folder, _heads(tmp_path)) as chain, pytest.raises(ValueError, match="JSON compliant"):
        chain.append("round", {"score": float("nan")})


def test_a_blob_is_named_by_what_it_holds(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    assert store.get(store.put(b"abc")) == b"abc"
    assert store.put(b"abc") == store.put(b"abc")
    with pytest.raises(StoreCorrupt, match="expected a sha256"):
        store.get("../../etc/passwd")
    with pytest.raises(StoreCorrupt, match="missing"):
        store.get("0" * 64)


def test_the_bundle_is_the_same_bytes_each_time_and_holds_no_key(folder: Path, tmp_path: Path) -> None:
    first = export(folder, _heads(tmp_path), tmp_path / "a.zip")
    assert first == export(folder, _heads(tmp_path), tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
    assert {"chain.jsonl", "heads.jsonl", "manifest.json"} < set(names)
    assert not any("key" in name for name in names)
    (folder / "chain.jsonl").write_bytes(b"".join(_lines(folder)[:-1]))
    with pytest.raises(StoreCorrupt):
        export(folder, _heads(tmp_path), tmp_path / "c.zip")


def _packed_again(bundle: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A bundle whose files were changed by somebody who made the manifest fit again."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    del files["manifest.json"]
    change(files)
    last = json.loads(files["chain.jsonl"].splitlines()[-1])
    manifest = {"files": {name: digest_of(data) for name, data in files.items()}, "head": last["hash"], "entries": 6}
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(name, data)
    return target


def test_a_bundle_is_checked_as_the_log_that_it_came_from(folder: Path, tmp_path: Path) -> None:
    bundle, heads = tmp_path / "a.zip", _heads(tmp_path)
    export(folder, heads, bundle)
    assert verify_bundle(bundle) == verify(folder, heads)
    assert verify_bundle(_packed_again(bundle, tmp_path / "same.zip", lambda files: None)).ok
    for name in TAMPERINGS.keys() - {"cut to nothing", "garbage"}:  # of these no manifest can be made
        lines = b"".join(TAMPERINGS[name](_lines(folder)))
        changed = _packed_again(
            bundle, tmp_path / "log.zip", lambda files, lines=lines: files.update({"chain.jsonl": lines})
        )
        assert not verify_bundle(changed).ok, name
    (blob,) = [f"blobs/{digest[:2]}/{digest}" for digest in BlobStore(folder / "blobs")]
    for change in (lambda files: files.pop(blob), lambda files: files.update({blob: b"another transcript"})):
        assert "blob" in verify_bundle(_packed_again(bundle, tmp_path / "blob.zip", change)).problems[0]


def test_threads_take_turns(folder: Path, tmp_path: Path) -> None:
    with Chain(folder, _heads(tmp_path)) as chain:
        threads = [
            threading.Thread(target=lambda n=n: [chain.append("note", {"n": n, "i": i}) for i in range(8)])
            for n in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    report = verify(folder, _heads(tmp_path))
    assert report.ok
    assert report.entries == 6 + 48
