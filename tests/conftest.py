"""What every test gets: no setting from outside, and no address but loopback.

The browser tests run as a pytest call of their own (`pytest tests/browser`): synchronous Playwright keeps an event loop
in its thread, which breaks asyncio tests after it in the same process.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.processes import end_when_asked

_ROOT = Path(__file__).resolve().parent.parent
_BROWSER_TESTS = _ROOT / "tests" / "browser"

# Shared machines stall now and then: a slow example is no failure, and CI replays the same examples each time.
hypothesis_settings.register_profile(
    "default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("ci", hypothesis_settings.get_profile("default"), derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_configure() -> None:
    """However the run is ended, it ends what it has started."""
    end_when_asked()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave tests/browser out unless the command line names it."""
    if collection_path != _BROWSER_TESTS:
        return None
    named = [Path(config.invocation_params.dir, str(arg).partition("::")[0]).resolve() for arg in config.args]
    asked = any(path == _BROWSER_TESTS or _BROWSER_TESTS in path.parents for path in named)
    return None if asked else True


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the settings of whoever runs the tests away, keys and endpoints above all."""
    for name in list(os.environ):
        if name.upper().startswith(("OPENROOM_", "OPENAI_")) and name != "OPENROOM_BROWSER":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuse every connection and name look-up that leaves this machine."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> Any:
        _must_be_local(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> Any:
        _must_be_local(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _must_be_local((host,))
        return getaddrinfo(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()


def _must_be_local(address: Any) -> None:
    if not isinstance(address, tuple):  # a path of a Unix socket
        return
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    if host is None or host in {"", "localhost", "::1", "0.0.0.0", "::"} or str(host).startswith("127."):
        return
    raise RuntimeError(f"a test must not reach beyond 127.0.0.1: expected a loopback address, came {host!r}")
