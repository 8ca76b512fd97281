"""What a page of another site may read (CORS) where its host is allowed: REST, pictures, the client in JavaScript.

The same hosts may open sockets and ask for changes (`openroom.server.guard.Hosts`). Where any host is allowed (``*``),
a page reads without a visitor's cookie only.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import Scope, Send

_READABLE = ("/api/", "/art/", "/props/", "/static/", "/openapi.json", "/healthz")
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": "600",
}


def is_readable(scope: Scope) -> bool:
    """Whether other sites' pages have any business there."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")).startswith(_READABLE)


def allowing(origin: str) -> Mapping[str, str]:
    """The headers of an answer that a page of ``origin`` (``*``: of any) may read."""
    if origin == "*":
        return {"access-control-allow-origin": "*"}
    return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks first what a page may ask for."""
    return scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)


async def answer_preflight(send: Send) -> None:
    """What it may: all that our routes take."""
    head = [(name.encode(), value.encode()) for name, value in _PREFLIGHT.items()]
    await send({"type": "http.response.start", "status": 204, "headers": head})
    await send({"type": "http.response.body", "body": b""})
