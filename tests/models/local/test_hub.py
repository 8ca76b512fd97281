"""A hub's files: named, described, fetched, pinned; and everything that a hub or the way to it can do wrong."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from openroom.errors import SettingsError, WeightsUnavailable
from openroom.models.local import catalogue, notes, weights
from openroom.models.local import hub as hub_module
from openroom.models.local.fetch import Sources
from openroom.models.local.hub import Hub, NotFetched
from openroom.models.local.hub_names import HubFile
from openroom.models.local.machine import Machine, this_machine
from openroom.models.local.shelf import shelf
from openroom.models.local.weights import Progress, ensure_weights, find_weights
from tests.models.local.fake_hub import COMMIT, FakeHub, hub
from tests.waiting import PATIENCE, patience, until

BODY = b"GGUF" + bytes(range(250)) * 40
OTHER = b"GGUF" + bytes(range(250))[::-1] * 40
NAME = "hub:who/Tiny-GGUF/tiny.Q4_K_M.gguf"
TOKEN = "hf_secretsecretsecret"


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture
def service() -> Iterator[FakeHub]:
    with hub() as one:
        one.put("who/Tiny-GGUF", "tiny.Q4_K_M.gguf", BODY)
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def of(service: FakeHub, token: str = "", **more: float) -> Sources:
    times = {"first": PATIENCE, "stall": PATIENCE, "pause": 0.0, **more}
    return Sources(replace(Hub(service.url, token), **times), ())


async def test_a_file_of_a_hub_is_fetched_checked_pinned_and_found(service: FakeHub, folder: Path) -> None:
    seen: list[Progress] = []
    path = await ensure_weights(NAME, folder, seen.append, sources=of(service))
    assert path == folder / "who--Tiny-GGUF--tiny.Q4_K_M.gguf"
    assert path.read_bytes() == BODY
    assert seen[0].state == "waiting" and seen[-1].state == "ready"
    assert [(one.done, one.total) for one in seen if one.state == "fetching"][-1] == (len(BODY), len(BODY))
    pin = notes.read_pin(folder, HubFile.parse(NAME))
    assert pin == notes.Pin(NAME, len(BODY), sha(BODY), COMMIT, "apache-2.0")
    assert find_weights(NAME, folder) == path
    assert service.asked[-1][1] == f"/who/Tiny-GGUF/resolve/{COMMIT}/tiny.Q4_K_M.gguf", "the commit that was described"
    assert not [file for file in folder.iterdir() if file.name.endswith(".fetch")]
    (one,) = [one for one in shelf(folder, Machine(8_000_000_000, 2)) if one.name == NAME]
    assert (one.installed, one.size, one.licence) == (True, len(BODY), "apache-2.0")


async def test_what_is_here_needs_no_hub(service: FakeHub, folder: Path) -> None:
    await ensure_weights(NAME, folder, sources=of(service))
    service.asked.clear()
    await ensure_weights(NAME, folder, sources=of(service))
    assert service.asked == []
    assert (await ensure_weights(NAME, folder, sources=Sources(None, ()))).read_bytes() == BODY


def test_the_fake_hub_speaks_as_the_real_client_expects(service: FakeHub, tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    script = (
        "import sys; from huggingface_hub import HfApi, hf_hub_download; url, folder = sys.argv[1:]\n"
        "told = HfApi(endpoint=url).model_info('who/Tiny-GGUF', files_metadata=True)\n"
        "print(told.sha, told.siblings[0].lfs.sha256, told.card_data.license)\n"
        "print(hf_hub_download('who/Tiny-GGUF', 'tiny.Q4_K_M.gguf', endpoint=url, local_dir=folder, token=False))\n"
    )
    env = {"HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    told = subprocess.run(
        [sys.executable, "-c", script, service.url, str(tmp_path / "got")],
        capture_output=True, text=True, timeout=PATIENCE, check=False, env=env,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    first, second = told.stdout.split("\n")[:2]
    assert first.split() == [COMMIT, sha(BODY), "apache-2.0"]
    assert Path(second).read_bytes() == BODY


@pytest.mark.parametrize(
    "name",
    [
        "hub:", "hub:who", "hub:who/repo", "hub:who/repo/sub/file.gguf", "hub:../../etc/passwd.gguf",
        "hub:who/../file.gguf", "hub:who/repo/..gguf", "hub:who/repo/a..b.gguf", "hub:who/repo/.gguf",
        "hub:who/repo/-f.gguf", "hub:who/re--po/file.gguf", "hub:who/repo/a\\b.gguf", "hub:who/repo/a b.gguf",
        "hub:who/repo/a\n.gguf", "hub:who/repo/a.gguf\n", "hub:who/repo/a%2fb.gguf", "hub:who/repo/a?b.gguf",
        "hub:who/repo/C:x.gguf", "hub:who/repo/é.gguf", "hub:who/repo/a.gguf#x", "hub:@h/repo/a.gguf",
        "hub:/repo/a.gguf", "hub:who/repo/" + "a" * 200 + ".gguf", "hub:who/repo/a.bin",
        "hub:who/repo/a-00001-of-00002.gguf", "hub:granite-9",
    ],
)  # fmt: skip
async def test_a_hostile_name_is_refused_and_nobody_is_asked(name: str, service: FakeHub, folder: Path) -> None:
    with pytest.raises(SettingsError, match="expected"):
        await ensure_weights(name, folder, sources=of(service))
    assert service.asked == []
    assert not folder.exists()


async def test_names_differ_where_files_do(folder: Path) -> None:
    one, other = HubFile.parse("hub:a/b-c/d.gguf"), HubFile.parse("hub:a-b/c/d.gguf")
    assert one.local_name != other.local_name
    assert HubFile.parse(str(one)) == one


async def test_bytes_other_than_the_hub_promised_are_thrown_away(service: FakeHub, folder: Path) -> None:
    service.says = {"sha256": sha(OTHER)}
    with pytest.raises(WeightsUnavailable, match="what came is not the file: expected SHA-256") as told:
        await ensure_weights(NAME, folder, sources=of(service))
    assert told.value.kind == "digest"
    assert find_weights(NAME, folder) is None
    assert notes.read_pins(folder) == []
    assert list(folder.rglob("*.part")) == []


async def test_a_changed_digest_is_refused_until_somebody_says_it_is_right(service: FakeHub, folder: Path) -> None:
    path = await ensure_weights(NAME, folder, sources=of(service))
    path.unlink()
    service.put("who/Tiny-GGUF", "tiny.Q4_K_M.gguf", OTHER)
    with pytest.raises(WeightsUnavailable, match=f"has another digest now.*{sha(OTHER)}.*{sha(BODY)}") as told:
        await ensure_weights(NAME, folder, sources=of(service))
    assert told.value.kind == "digest"
    assert f"--sha256 {sha(OTHER)} {NAME}" in str(told.value)
    assert len(service.downloads()) == 1, "nothing was fetched"
    with pytest.raises(WeightsUnavailable, match="you gave"):
        await ensure_weights(NAME, folder, sources=of(service), sha256=sha(b"third"))
    assert (await ensure_weights(NAME, folder, sources=of(service), sha256=sha(OTHER))).read_bytes() == OTHER
    assert (await ensure_weights(NAME, folder, sources=of(service))).read_bytes() == OTHER


async def test_a_digest_that_was_given_replaces_a_file_that_is_here(service: FakeHub, folder: Path) -> None:
    await ensure_weights(NAME, folder, sources=of(service))
    service.put("who/Tiny-GGUF", "tiny.Q4_K_M.gguf", OTHER)
    assert (await ensure_weights(NAME, folder, sources=of(service))).read_bytes() == BODY
    assert (await ensure_weights(NAME, folder, sources=of(service), sha256=sha(OTHER))).read_bytes() == OTHER


@pytest.mark.parametrize("wrong", ["abc", "z" * 64, sha(BODY).upper()])
async def test_a_digest_that_is_none_is_refused(wrong: str, service: FakeHub, folder: Path) -> None:
    with pytest.raises(SettingsError, match="64 hexadecimal digits"):
        await ensure_weights(NAME, folder, sources=of(service), sha256=wrong)


async def test_a_download_that_was_cut_goes_on_where_it_was(service: FakeHub, folder: Path) -> None:
    service.cut_after = [3000, 0, 2000]
    assert (await ensure_weights(NAME, folder, sources=of(service))).read_bytes() == BODY
    assert [headers.get("range") for headers in service.downloads()] == [
        None, "bytes=3000-", "bytes=3000-", "bytes=5000-",
    ]  # fmt: skip


async def test_what_has_arrived_is_kept_for_the_next_time(service: FakeHub, folder: Path) -> None:
    service.cut_after = [4000]
    with pytest.raises(WeightsUnavailable, match=r"broke off.*received 4000 bytes.*what has arrived is kept") as told:
        await ensure_weights(NAME, folder, sources=of(service, tries=1))
    assert told.value.kind == "no_network"
    assert (await ensure_weights(NAME, folder, sources=of(service))).read_bytes() == BODY
    assert service.downloads()[-1]["range"] == "bytes=4000-"


async def test_one_that_is_given_up_half_way_can_be_begun_again(service: FakeHub, folder: Path) -> None:
    service.go_on.clear()
    seen: list[int] = []
    fetching = asyncio.create_task(ensure_weights(NAME, folder, lambda one: seen.append(one.done), sources=of(service)))
    await until(lambda: len(service.downloads()) == 1)
    await asyncio.sleep(0)
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert find_weights(NAME, folder) is None
    service.go_on.set()
    async with patience():
        assert (await ensure_weights(NAME, folder, sources=of(service))).read_bytes() == BODY


async def test_a_hub_that_knows_no_ranges_is_asked_for_the_whole(service: FakeHub, folder: Path) -> None:
    service.cut_after, service.ranges = [3000], False
    assert (await ensure_weights(NAME, folder, sources=of(service))).read_bytes() == BODY


async def test_what_arrived_of_an_older_file_is_not_mixed_with_the_new(service: FakeHub, folder: Path) -> None:
    service.cut_after = [4000]
    with pytest.raises(WeightsUnavailable):
        await ensure_weights(NAME, folder, sources=of(service, tries=1))
    service.put("who/Tiny-GGUF", "tiny.Q4_K_M.gguf", OTHER)
    assert (await ensure_weights(NAME, folder, sources=of(service))).read_bytes() == OTHER
    assert "range" not in service.downloads()[-1]


async def test_more_than_the_file_is_not_taken(service: FakeHub, folder: Path) -> None:
    service.too_much = b"x" * 5_000_000
    with pytest.raises(WeightsUnavailable, match="more than the 10004 bytes"):
        await ensure_weights(NAME, folder, sources=of(service))
    assert list(folder.rglob("*.part")) == []


async def test_a_redirect_is_followed_without_the_token(service: FakeHub, folder: Path) -> None:
    with hub() as store:
        store.files = service.files
        service.to, service.token = store.url, TOKEN
        path = await ensure_weights(NAME, folder, sources=of(service, TOKEN))
        assert path.read_bytes() == BODY
        assert [headers.get("authorization") for _, _, headers in service.asked] == [f"Bearer {TOKEN}"] * 2
        assert ["authorization" in headers for headers in store.downloads()] == [False]


async def test_redirects_in_a_circle_end(service: FakeHub, folder: Path) -> None:
    service.to = "loop"
    with pytest.raises(WeightsUnavailable, match="more than 5 times"):
        await ensure_weights(NAME, folder, sources=of(service))
    assert len(service.downloads()) == 6


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("http://169.254.169.254", "not the hub's to give"),
        ("file://", "no plain web address"),
        ("http://user@127.0.0.1:9", "no plain web address"),
    ],
)
async def test_a_redirect_to_where_nobody_should_go_is_refused(
    to: str, why: str, service: FakeHub, folder: Path
) -> None:
    service.to = to
    with pytest.raises(WeightsUnavailable, match=why):
        await ensure_weights(NAME, folder, sources=of(service))


@pytest.mark.parametrize(
    ("at", "to", "followed"),
    [
        ("https://hub.example/a", "https://cdn.example/b", True),
        ("https://hub.example/a", "/b", True),
        ("https://hub.example/a", "http://cdn.example/b", False),
        ("https://hub.example/a", "http://127.0.0.1:8200/b", False),
        ("https://hub.example/a", "https://localhost/b", False),
        ("https://hub.example/a", "https://metadata.google.internal/b", False),
        ("http://127.0.0.1:1/a", "http://127.0.0.1:2/b", True),
    ],
)
def test_where_redirects_may_lead(at: str, to: str, followed: bool) -> None:
    if followed:
        assert hub_module._next(hub_module.httpx.URL(at), to).host
        return
    with pytest.raises(NotFetched):
        hub_module._next(hub_module.httpx.URL(at), to)


async def test_no_network_is_said_plainly(folder: Path) -> None:
    with hub() as gone:
        address = gone.url
    with pytest.raises(WeightsUnavailable, match=f"the hub at {address} does not answer") as told:
        await ensure_weights(NAME, folder, sources=Sources(Hub(address), ()))
    assert told.value.kind == "no_network"


async def test_a_hub_that_nobody_names_is_said_plainly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "optional", lambda name: (None, "is not installed"))
    with pytest.raises(WeightsUnavailable, match="set OPENROOM_HUB to its address, or install openroom"):
        await ensure_weights(NAME, folder, sources=Sources(Hub(), ()))


async def test_the_address_is_the_setting_s_then_the_environment_s_then_the_library_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = type("library", (), {"ENDPOINT": "https://hub.example/"})
    monkeypatch.setattr(hub_module, "optional", lambda name: (library, ""))
    there = {"HF_ENDPOINT": "https://mirror.example", "HF_TOKEN": TOKEN}
    assert await Hub.of("https://own.example/", there).base() == "https://own.example"
    assert await Hub.of(None, there).base() == "https://mirror.example"
    assert await Hub.of(None, {}).base() == "https://hub.example"
    assert Hub.of(None, there).token == TOKEN and TOKEN not in repr(Hub.of(None, there))
    with pytest.raises(SettingsError, match="OPENROOM_HUB or HF_ENDPOINT: expected an address"):
        await Hub.of("own.example").base()


async def test_a_wrong_file_is_told_with_those_that_are_there(service: FakeHub, folder: Path) -> None:
    service.put("who/Tiny-GGUF", "<img src=x>.gguf", BODY)
    with pytest.raises(WeightsUnavailable, match=r"has no file tiny\.gguf; it has tiny\.Q4_K_M\.gguf") as told:
        await ensure_weights("hub:who/Tiny-GGUF/tiny.gguf", folder, sources=of(service))
    assert told.value.kind == "no_such_model"
    assert "<img" not in str(told.value)


async def test_a_wrong_repository_is_told(service: FakeHub, folder: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="has no who/Nothing") as told:
        await ensure_weights("hub:who/Nothing/tiny.gguf", folder, sources=of(service))
    assert told.value.kind == "no_such_model"


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_repository_that_wants_a_token_says_so_and_shows_none(
    token: str, service: FakeHub, folder: Path
) -> None:
    service.token = TOKEN
    with pytest.raises(WeightsUnavailable, match="HF_TOKEN") as told:
        await ensure_weights(NAME, folder, sources=of(service, token))
    assert told.value.kind == "no_access"
    assert "wrong" not in str(told.value)


async def test_a_token_that_cannot_be_one_is_not_quoted(service: FakeHub, folder: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="cannot be a token") as told:
        await ensure_weights(NAME, folder, sources=of(service, "se cret\nline"))
    assert "cret" not in str(told.value)


async def test_a_token_goes_over_plain_http_only_on_this_machine() -> None:
    sent: list[str | None] = []

    class Client:
        def build_request(self, method: str, url: object, headers: dict[str, str]) -> None:
            sent.append(headers.get("Authorization"))

        async def send(self, request: None, stream: bool) -> None:
            raise NotFetched("enough")

    for base in ("http://hub.example", "https://hub.example", "http://127.0.0.1:9"):
        with pytest.raises(NotFetched, match="enough"):
            async with Hub(base, TOKEN)._answer(Client(), base, f"{base}/x", {}):  # type: ignore[arg-type]
                pass
    assert sent == [None, f"Bearer {TOKEN}", f"Bearer {TOKEN}"]


@pytest.mark.parametrize(
    "says",
    [{"sha256": ""}, {"sha256": "../../x"}, {"size": 0}, {"size": -5}, {"sha256": None}],
)
async def test_a_hub_without_a_digest_is_not_believed(says: dict[str, object], service: FakeHub, folder: Path) -> None:
    service.says = says
    with pytest.raises(WeightsUnavailable, match="gives no SHA-256"):
        await ensure_weights(NAME, folder, sources=of(service))
    assert service.downloads() == []


@pytest.mark.parametrize("words", [b"", b"[]", b"null", b"<html>", b'{"sha": 1, "siblings": [1]}', b'{"siblings": 3}'])
def test_what_is_no_hub_is_told(words: bytes) -> None:
    with pytest.raises(NotFetched, match="does not speak as a hub"):
        hub_module._described(words, HubFile.parse(NAME))


async def test_what_is_no_gguf_is_not_kept(service: FakeHub, folder: Path) -> None:
    service.put("who/Tiny-GGUF", "tiny.Q4_K_M.gguf", b"<html>" + BODY)
    with pytest.raises(WeightsUnavailable, match="no GGUF file") as told:
        await ensure_weights(NAME, folder, sources=of(service))
    assert told.value.kind == "no_gguf"
    assert find_weights(NAME, folder) is None


async def test_a_full_disk_is_said_before_anything_is_fetched(
    service: FakeHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1000}))
    with pytest.raises(WeightsUnavailable, match=r"0\.2 GB in .* 0\.0 GB are free") as told:
        await ensure_weights(NAME, folder, sources=of(service))
    assert told.value.kind == "disk_full"
    assert service.downloads() == []


async def test_a_disk_that_fills_up_is_said(service: FakeHub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(out: object, piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hub_module, "_put", full)
    with pytest.raises(WeightsUnavailable, match="No space left") as told:
        await ensure_weights(NAME, folder, sources=of(service))
    assert told.value.kind == "disk_full"


async def test_two_at_once_fetch_once(service: FakeHub, folder: Path) -> None:
    await asyncio.gather(*(ensure_weights(NAME, folder, sources=of(service)) for _ in range(2)))
    assert len(service.downloads()) == 1


def test_a_pin_that_somebody_spoilt_is_none(folder: Path) -> None:
    file = HubFile.parse(NAME)
    notes.write_pin(folder, notes.Pin(NAME, 1, sha(BODY), COMMIT))
    (path,) = (folder / "pins").iterdir()
    for text in ("", "{}", "[]", '{"name": "hub:../x/y.gguf", "size": 1, "sha256": "", "commit": "", "licence": ""}'):
        path.write_text(text)
        assert notes.read_pin(folder, file) is None
        assert notes.read_pins(folder) == []


# which one ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cores", "gigabytes", "chosen"),
    [
        (1, 2, None), (2, 4, "hub:qwen2.5-1.5b"), (2, 24, "hub:qwen2.5-1.5b"), (4, 6, "hub:qwen2.5-1.5b"),
        (4, 16, "hub:qwen3-4b-instruct"), (8, 8, "hub:qwen3-4b-instruct"), (8, 16, "hub:granite-4.1-8b"),
    ],
)  # fmt: skip
def test_memory_and_cores_choose_the_model(cores: int, gigabytes: int, chosen: str | None) -> None:
    found = catalogue.choose(Machine(gigabytes * 1_000_000_000, cores))
    assert (found.name if found else None) == chosen


def test_what_fits_is_said_of_each() -> None:
    fits = {one.name: one.fit for one in shelf(Path("/nowhere"), Machine(8_000_000_000, 2))}
    assert fits["hub:granite-4.1-8b"] == "no"
    assert fits["hub:qwen3-4b-instruct"] == "slow"
    assert fits[catalogue.DEFAULT_WEIGHTS] == "well"
    assert {one.fit for one in shelf(Path("/nowhere"), Machine(0, 2))} == {"unknown"}
    here = this_machine()
    assert here.cores >= 1 and here.memory > 100_000_000


def test_ours_are_of_open_licences_and_well_named() -> None:
    for one in catalogue.HUB_MODELS:
        assert one.licence in {"Apache-2.0", "MIT"}
        assert HubFile.parse(str(one.hub)) == one.hub == catalogue.known(one.name)
        assert catalogue.is_weights(one.name)


async def test_the_default_is_the_one_that_was_noted_while_it_is_here(service: FakeHub, folder: Path) -> None:
    assert notes.default_weights(folder) == catalogue.DEFAULT_WEIGHTS
    notes.note_default(folder, NAME)
    assert notes.default_weights(folder) == catalogue.DEFAULT_WEIGHTS, "it is not here"
    path = await ensure_weights(NAME, folder, sources=of(service))
    assert notes.default_weights(folder) == NAME
    assert [one.name for one in shelf(folder, Machine(0, 1)) if one.default] == [NAME]
    path.unlink()
    assert notes.default_weights(folder) == catalogue.DEFAULT_WEIGHTS
