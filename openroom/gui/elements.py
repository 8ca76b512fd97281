"""The Vue components behind the pages: each gets its properties once and talks to REST and WebSocket itself."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from openroom.settings import shipped

_ESM = {"openroom-gui": "web", "openroom-client": str(shipped("static"))}
"""What the components import by name: the folder of the pages, and the JavaScript client that everybody uses."""


class _Page(ui.element):
    """A component that fills the page. ``given`` are its properties, JSON types."""

    def __init__(self, **given: Any) -> None:
        super().__init__()
        for name, value in given.items():
            self._props[name] = value


class RoomPage(_Page, component="web/openroom_room.js", esm=_ESM):
    """A room: stage, talk, composer."""


class LobbyPage(_Page, component="web/openroom_lobby.js", esm=_ESM):
    """The rooms one can enter, and the scenes one can start one from."""


class SettingsPage(_Page, component="web/openroom_settings.js", esm=_ESM):
    """A person's own choices; for operators the model, budgets and invitations too."""


class ImprovePage(_Page, component="web/openroom_improve.js", esm=_ESM):
    """How the characters get better: runs, rounds, decisions; for operators."""
