"""A public URL with a path (``https://host.example/tea``): the server stands under it, whether the proxy in front takes
the path off or not, and for who asks on this machine, past the proxy."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from openroom.errors import SettingsError
from openroom.settings import Settings

_HEADER = b"x-forwarded-prefix"
_OURS = frozenset(
    {"api", "art", "favicon.ico", "healthz", "improve", "invite", "metrics", "openapi.json"}
    | {"operator", "props", "room", "settings", "static", "ws"}
)


def subpath(settings: Settings) -> str:
    """The path of the public URL, if it has one. Raises `SettingsError` for one that cannot be told from an address of
    ours once a proxy has taken it off."""
    first = settings.public_path.strip("/").partition("/")[0]
    if first in _OURS or first.startswith("_"):
        raise SettingsError(f"OPENROOM_PUBLIC_URL: expected a path that is none of ours, came one under /{first}")
    return settings.public_path


class Subpath:
    """ASGI middleware around everything, the guard too: routes see the path as the part before theirs."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the path before what was asked, where it is not there."""
        if scope["type"] in ("http", "websocket"):
            scope = self._under(scope)
        await self._app(scope, receive, send)

    def _under(self, scope: Scope) -> Scope:
        root, path = scope.get("root_path", ""), scope["path"]
        if not _is_under(root or path, self._path):  # a proxy took it off, or nobody put it there
            path = self._path + path
        if not _is_under(root, self._path):
            root = self._path + root
        # The pages would put what a proxy says before the path that we know of.
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != _HEADER]
        return {**scope, "headers": headers, "root_path": root, "path": f"{path}/" if path == root else path}


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")
