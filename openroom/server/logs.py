"""Logs: one line a record, for people or as JSON. Keys, tokens and what people say are never passed to a logger."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from openroom.settings import Settings

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


class JsonFormatter(logging.Formatter):
    """A record as one JSON object: time (UTC), level, logger, message, what came as ``extra``, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        body: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        body |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            body["traceback"] = self.formatException(record.exc_info)
        return json.dumps(body, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """A record as a line for people: time, level where it matters, message, what came as ``extra``. What others sent
    (a path, a reason) makes no further line and reaches no terminal as a code: see `_plain`."""

    def format(self, record: logging.LogRecord) -> str:
        clock = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        shown = "".join(f" {key}={value}" for key, value in extra.items() if key not in ("method", "path", "status"))
        line = _plain(f"{clock} {level}{record.getMessage()}{shown}")
        if not record.exc_info:
            return line
        return "\n  ".join([line, *map(_plain, self.formatException(record.exc_info).splitlines())])


def _plain(text: str) -> str:
    """The text with every character that is not printed (controls, line breaks, direction marks) written as its
    escape."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def configure(settings: Settings) -> None:
    """Send all logs to standard error in the set format. uvicorn's own go the same way; its access log is ours.

    uvicorn never logs at debug: there it writes down headers and messages, so cookies and what people say.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    level = settings.log_level.upper()
    logging.getLogger("openroom").setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(logging.getLogger("openroom").level, logging.WARNING))
