"""The picker of local models in the settings, with a hub on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from openroom.models.local import catalogue
from tests.browser.server import Server
from tests.models.local.fake_hub import FakeHub, hub

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]

BODY = b"GGUF" + bytes(6_000_000)
USED = re.compile("in use|chosen")  # the second where the engine is not installed
NAME = "hub:who/Tiny-GGUF/tiny.Q4_K_M.gguf"


@pytest.fixture
def service() -> Iterator[FakeHub]:
    with hub() as one:
        one.put("who/Tiny-GGUF", "tiny.Q4_K_M.gguf", BODY, licence="mit")
        yield one


def settings(server: Server, page: Page) -> Page:
    page.wait_for_url(f"{server.url}/")
    page.goto(f"{server.url}/settings")
    expect(page.locator('[data-part="weights"] li')).to_have_count(7)
    return page


def wish(page: Page, name: str) -> None:
    part = page.locator('[data-part="weights"]')
    part.locator("[name=hub]").fill(name)
    part.locator("form").get_by_role("button", name="Fetch and use").click()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_an_operator_fetches_a_model_and_it_is_in_use(
    device: str, service: FakeHub, start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(hub=service.url)
    page = settings(server, open_page(server.operator_url, device=device))
    part = page.locator('[data-part="weights"]')
    expect(part).to_contain_text(f"Files come from {service.url.removeprefix('http://')}.")
    first = part.locator('[data-weights="hub:qwen2.5-1.5b"]')
    expect(first).to_contain_text("Qwen2.5 1.5B Instruct, Q4_K_M")
    expect(first).to_contain_text("0.99 GB · Apache-2.0 · ")
    assert service.asked == [], "looking asks no hub"
    service.go_on.clear()
    wish(page, NAME)
    told = part.locator("[data-installing=fetching]")
    expect(told).to_contain_text("Fetching tiny.Q4_K_M.gguf")
    expect(told.locator("progress")).to_have_attribute("value", re.compile("[1-9]"))
    expect(first.get_by_role("button")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    assert not [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    told.get_by_role("button", name="Stop").click()
    expect(part.locator("[data-installing]")).to_have_count(0)
    service.go_on.set()
    wish(page, NAME)
    expect(part.locator("[data-installing=done]")).to_contain_text("tiny.Q4_K_M.gguf is here")
    row = part.locator(f'[data-weights="{NAME}"]')
    expect(row).to_contain_text("0.01 GB · mit · ")
    expect(row.locator(".ok")).to_have_text(USED)
    expect(page.locator('[data-part="model"] [name=model]')).to_have_value(NAME)
    assert (server.folder / "data" / "models" / "who--Tiny-GGUF--tiny.Q4_K_M.gguf").read_bytes() == BODY
    page.reload()
    expect(row.get_by_role("button")).to_have_count(0)


def test_one_of_ours_is_a_click_away(service: FakeHub, start_server: StartServer, open_page: OpenPage) -> None:
    ours = next(one for one in catalogue.HUB_MODELS if one.name == "hub:qwen2.5-1.5b")
    service.put(ours.hub.repository, ours.hub.file, BODY)
    server = start_server(hub=service.url)
    page = settings(server, open_page(server.operator_url))
    row = page.locator(f'[data-weights="{ours.name}"]')
    row.get_by_role("button", name=f"Fetch and use {ours.title}").click()
    expect(row.locator(".ok")).to_have_text(USED)
    page.locator('[data-part="model"] [name=model]').fill("understudy")
    page.get_by_role("button", name="Save and use").click()
    page.reload()
    row.get_by_role("button", name=f"Use {ours.title}").click()
    expect(row.locator(".ok")).to_have_text(USED)
    assert len(service.downloads()) == 1


def test_what_goes_wrong_is_said_plainly(
    service: FakeHub, start_server: StartServer, open_page: OpenPage, expect_errors: Callable[[str], None]
) -> None:
    expect_errors("status of 422")
    server = start_server(hub=service.url)
    page = settings(server, open_page(server.operator_url))
    part = page.locator('[data-part="weights"]')
    alert = part.get_by_role("alert")
    wish(page, "hub:../../etc/passwd.gguf")
    expect(alert).to_contain_text("expected hub:OWNER/REPOSITORY/FILE.gguf")
    wish(page, "hub:who/Tiny-GGUF/tiny.gguf")
    expect(alert).to_have_text("tiny.gguf was not fetched. The hub has no such file.")
    expect(part.locator(".installing")).to_contain_text("it has tiny.Q4_K_M.gguf")
    service.says = {"sha256": "0" * 64}
    wish(page, NAME)
    expect(alert).to_contain_text("The file is not the one that was promised")
    service.says, service.status = {}, 503
    wish(page, NAME)
    expect(alert).to_contain_text("The hub could not be reached, or the connection broke off.")
    service.status = 0
    wish(page, NAME)
    expect(part.locator("[data-installing=done]")).to_be_visible()
    expect(alert).to_have_count(0)
    Path(server.folder / "data" / "models" / "who--Tiny-GGUF--tiny.Q4_K_M.gguf").unlink()
    service.put("who/Tiny-GGUF", "tiny.Q4_K_M.gguf", BODY + b"!")
    wish(page, NAME)
    expect(alert).to_contain_text("or not the one that came before")
    expect(part.locator(".installing")).to_contain_text("has another digest now")
