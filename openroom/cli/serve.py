"""``openroom serve``: one process, one worker, a clear block that says where to go."""

from __future__ import annotations

import errno
import gc
import inspect
import json
import logging
import os
import socket
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer
import uvicorn
from fastapi import FastAPI

from openroom.errors import OpenroomError, SettingsError
from openroom.ports.extras import ABSENT, optional
from openroom.server import logs
from openroom.server.app import create_app
from openroom.server.doorstep import doorstep
from openroom.server.site import Site
from openroom.settings import Settings

OWNER_FILE = "server.json"
"""In the data folder while a server runs: its address, for the other commands."""

_MOST_BYTES = 4 * 1_048_576
_GRACEFUL_SECONDS = 3
_LOG = logging.getLogger(__name__)


def serve(config: Path | None = None, gui: bool = True, **flags: Any) -> None:
    """Start the server. Every setting of docs/settings.md is a flag here."""
    try:
        _serve(config, gui, **flags)
    except OpenroomError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        _LOG.debug("the server ended", exc_info=error)
        raise OpenroomError(_said_of(error)) from None


def _serve(config: Path | None, gui: bool, **flags: Any) -> None:
    settings = Settings.load(config, **flags)
    logs.configure(settings)
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(settings.data.expanduser().resolve() / "nicegui"))
    listening = listen(settings)
    run(create_app(settings, gui=gui), settings, listening)


def _said_of(error: BaseException) -> str:
    """What nobody foresaw, in a sentence."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    if isinstance(error, OpenroomError):
        return str(error)
    said = f"The server could not start or go on: {type(error).__name__}: {error}".rstrip(": ")
    return f"{said}. OPENROOM_LOG_LEVEL=debug shows where."


def serve_default() -> None:
    """Serve with what environment and file say."""
    serve()


def _flags() -> inspect.Signature:
    """The signature typer reads: an option for each setting."""
    found = [
        inspect.Parameter(
            "config",
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[Path | None, typer.Option(help="The TOML file to read settings from.")],
        ),
        inspect.Parameter(
            "gui",
            inspect.Parameter.KEYWORD_ONLY,
            default=True,
            annotation=Annotated[bool, typer.Option("--gui/--no-gui", help="With or without the pages.")],
        ),
    ]
    for name, field in Settings.model_fields.items():
        kind: Any = bool | None if field.annotation is bool or bool in get_args(field.annotation) else str | None
        option = typer.Option(help=field.description, show_default=False)
        annotation = Annotated[kind, option]
        found.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    return inspect.Signature(found)


serve.__signature__ = _flags()  # type: ignore[attr-defined]


def listen(settings: Settings) -> socket.socket:
    """A socket on the address of the settings. Raises `SettingsError`, which names the setting to change."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind)
    except OSError as error:
        raise SettingsError(_why_not(settings, error)) from None
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(2048)
    except OSError as error:
        found.close()
        raise SettingsError(_why_not(settings, error)) from None
    found.setblocking(False)
    return found


def _why_not(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"OPENROOM_PORT: {settings.port} is taken on {settings.host}, perhaps by another openroom. "
            "Stop that, or choose another port (0 takes a free one)."
        )
    if error.errno == errno.EACCES:
        return f"OPENROOM_PORT: this user may not listen on port {settings.port}; choose one above 1023."
    return f"OPENROOM_HOST: cannot listen on {settings.host}: {error.strerror or error}."


def run(app: FastAPI, settings: Settings, listening: socket.socket) -> None:
    """Serve until a signal says stop. Raises what starting raised."""
    server = Server(configured(app, settings), app, settings, listening)
    quiet = _UntilStarted(server)
    logging.getLogger("uvicorn.error").addFilter(quiet)
    try:
        server.run(sockets=[listening])
    except SystemExit:
        failure: Exception | None = getattr(app.state, "failure", None)
        if failure is None:
            raise
        raise SettingsError(str(failure)) if isinstance(failure, OSError) else failure from None
    finally:
        logging.getLogger("uvicorn.error").removeFilter(quiet)


def configured(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves the application: who is behind which address, and for how long it waits, is ours to say."""
    return uvicorn.Config(
        app,
        http=doorstep(app.state.connections, settings.trusted_proxies),
        host=settings.host,
        port=settings.port,
        loop=_loop(),
        ws="websockets-sansio",
        ws_max_size=_MOST_BYTES,
        ws_ping_interval=settings.heartbeat_seconds,
        ws_ping_timeout=settings.heartbeat_seconds,
        ws_per_message_deflate=False,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )


def _loop() -> Literal["uvloop", "asyncio"]:
    uvloop, reason = optional("uvloop")
    if uvloop is None and reason != ABSENT:
        _LOG.warning("uvloop %s: asyncio's own loop is taken", reason)
    return "asyncio" if uvloop is None else "uvloop"


class Server(uvicorn.Server):
    """uvicorn's server, which says that it is ready, and leaves its address for the other commands."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, settings: Settings, listening: socket.socket) -> None:
        super().__init__(config)
        self._app, self._settings = app, settings
        self._port = int(listening.getsockname()[1])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is loaded by now stays: a full collection need not look at it, 90 ms in the middle of a turn
        try:
            await self._tell()
        except Exception:  # whatever it is, what was started is closed before it goes on
            await self.shutdown(sockets)
            raise

    async def _tell(self) -> None:
        site: Site = self._app.state.site
        link = await site.access.operator_link()
        url = address(self._settings, self._port)
        operator_url = f"{url}/operator/{link}" if link else None
        _write_private(self._owner_file, {"url": local_address(self._settings, self._port), "pid": os.getpid()})
        if self._settings.ready_file is not None:
            _write_private(self._settings.ready_file, {"url": url, "operator_url": operator_url})
        print(block(site, url, operator_url), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; the address goes with the server."""
        self._owner_file.unlink(missing_ok=True)
        await super().shutdown(sockets)

    @property
    def _owner_file(self) -> Path:
        return self._settings.data.expanduser() / OWNER_FILE


class _UntilStarted(logging.Filter):
    """Keeps uvicorn from printing a traceback for a start that failed for a reason we can say in a sentence."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is printed."""
        return self._server.started or record.levelno < logging.ERROR


def address(settings: Settings, port: int) -> str:
    """Where people reach the server."""
    return settings.public_url or local_address(settings, port)


def local_address(settings: Settings, port: int) -> str:
    """Where programs on this machine reach it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to say it, not to bind
    host = shown.get(settings.host, settings.host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def block(site: Site, url: str, operator_url: str | None) -> str:
    """What a person needs to know, and nothing else."""
    chip = site.lobby.chip()
    rows = [("openroom is open", url)]
    if operator_url:
        rows.append(("become operator", f"{operator_url}\n{'':20}(works once, in the browser that opens it)"))
    rows.append(("speaking", site.speaker.why if site.speaker and site.speaker.why else chip["name"]))
    rows.append(("data", str(site.settings.data.expanduser().resolve())))
    problems = site.lobby.library.problems
    rows += [("look at", str(problem)) for problem in problems[:5]]
    if len(problems) > 5:
        rows.append(("", f"and {len(problems) - 5} more: openroom check"))
    body = "\n".join(f"  {head:<18}{text}" for head, text in rows)
    return f"\n{body}\n\n  Stop with Ctrl-C.\n"


def _write_private(path: Path, body: dict[str, Any]) -> None:
    """Write JSON in one step, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(body, file)
    fresh.replace(path)
