"""The pages: a NiceGUI shell around one Vue component each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from nicegui import app as nicegui_app
from nicegui import ui

from openroom.gui import languages, missing
from openroom.gui.elements import ImprovePage, LobbyPage, RoomPage, SettingsPage

_WEB = Path(__file__).parent / "web"
_STYLES = ("tokens", "page", "stage", "talk", "panels", "lobby", "cards", "personas", "improve", "search", "prompt")
# The keyboard of a phone makes the room smaller instead of covering what one writes.
_VIEWPORT = "width=device-width, initial-scale=1, interactive-widget=resizes-content"
# Where a browser keeps nothing, looking at its storage throws and ends what looked: NiceGUI and views of props do.
_STORAGE = """(function () {
  var kind = {
    getItem: function (key) { return Object.prototype.hasOwnProperty.call(this, key) ? this[key] : null; },
    setItem: function (key, value) { this[key] = String(value); },
    removeItem: function (key) { delete this[key]; }
  };
  ["localStorage", "sessionStorage"].forEach(function (name) {
    try { window[name].length; } catch (e) { Object.defineProperty(window, name, { value: Object.create(kind) }); }
  });
})();"""
_THEME = """(function () { try { var t = localStorage.getItem('openroom.theme');
  if (t) document.documentElement.dataset.theme = t;
  if (localStorage.getItem('openroom.motion') === 'less') document.documentElement.dataset.motion = 'less';
} catch (e) {} })();"""
_FAVICON = (_WEB / "favicon.svg").read_text(encoding="utf-8")


def install(app: FastAPI, prefix: str = "") -> None:
    """Put the pages into ``app``. Call it last: NiceGUI is mounted in it and answers everything that is left.

    The pages only use the protocol and the REST API. ``prefix`` is where ``app`` itself is mounted, so that addresses
    in the browser begin with it. Once in a process (NiceGUI's limit).
    """
    style = f"/_openroom/{_fingerprint()}"
    nicegui_app.add_static_files(style, _WEB / "css", max_cache_age=31_536_000)
    _add_pages(prefix, style)
    missing.install("".join(_head(prefix, style)), _FAVICON, f"{prefix}/")
    ui.run_with(
        app,
        title="openroom",
        favicon=_FAVICON,
        mount_path="/",
        language="en-US",
        dark=False,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=10.0,
        message_history_length=50,
        show_welcome_message=False,
    )


def _add_pages(prefix: str, style: str) -> None:
    @ui.page("/", title="openroom")
    def lobby_page(request: Request) -> None:
        LobbyPage(**_shell(request, prefix, style))

    @ui.page(
        "/room/{room}",
        title="openroom",
        viewport=_VIEWPORT,
    )
    def room_page(request: Request, room: str) -> None:
        RoomPage(room=room, **_shell(request, prefix, style))

    @ui.page("/settings", title="openroom · settings")
    def settings_page(request: Request) -> None:
        SettingsPage(**_shell(request, prefix, style))

    @ui.page("/improve", title="openroom · improve")
    def improve_page(request: Request) -> None:
        ImprovePage(character="", **_shell(request, prefix, style))

    @ui.page("/improve/{character}", title="openroom · improve")
    def improve_character_page(request: Request, character: str) -> None:
        ImprovePage(character=character, **_shell(request, prefix, style))


def _shell(request: Request, prefix: str, style: str) -> Mapping[str, Any]:
    """Head of a page, and the properties all components take."""
    language = languages.of_request(request)
    for part in _head(prefix, style):
        ui.add_head_html(part)
    ui.add_head_html(f"<script>document.documentElement.lang = {json.dumps(language)}</script>")  # for screen readers
    return {"prefix": prefix, "language": language, "languages": dict(languages.LANGUAGES)}


def _head(prefix: str, style: str) -> list[str]:
    """Markup for the head of every page: the styles, and before the first paint the theme that this person chose."""
    return [
        *(f'<link rel="stylesheet" href="{prefix}{style}/{name}.css">' for name in _STYLES),
        f"<script>{_STORAGE}{_THEME}</script>",
    ]


def _fingerprint() -> str:
    """Changes when a style does, so that browsers may keep what they have for ever."""
    digest = hashlib.sha256()
    for path in sorted((_WEB / "css").glob("*.css")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
