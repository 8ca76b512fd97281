from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from openroom.server import logs
from tests.server.live import Live, live, small_settings
from tests.server.raw import joined


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    logging.getLogger("openroom").setLevel(logging.NOTSET)


def record(**extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "openroom.http", "levelno": 20, "levelname": "INFO", "msg": "GET %s"})
    made.args = ("/x",)
    vars(made).update(extra)
    return made


def test_json_lines() -> None:
    body = json.loads(logs.JsonFormatter().format(record(request_id="ab", ms=1.5)))
    assert (body["message"], body["level"], body["logger"]) == ("GET /x", "info", "openroom.http")
    assert (body["request_id"], body["ms"]) == ("ab", 1.5)
    assert body["time"].endswith("+00:00")


def test_a_traceback_is_part_of_the_line() -> None:
    try:
        raise ValueError("well")
    except ValueError as error:
        made = record(exc_info=(ValueError, error, error.__traceback__))
    assert "ValueError: well" in json.loads(logs.JsonFormatter().format(made))["traceback"]
    assert "ValueError: well" in logs.TextFormatter().format(made)


def test_text_lines_are_short() -> None:
    assert logs.TextFormatter().format(record(room="hall")).endswith("GET /x room=hall")


@pytest.mark.parametrize(
    "nasty", ["\n12:00:00 GET /forged 200", "\r\nx", "\x1b[31mred", "\x85x", "\u2028x", "\u202ex", "\x00"]
)
def test_what_others_sent_makes_no_line_and_no_code(nasty: str) -> None:
    try:
        raise ValueError(nasty)
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    made = record(reason=nasty, args=(f"/api/rooms/{nasty}",))
    line = logs.TextFormatter().format(made)
    assert line.isprintable()
    assert "/api/rooms/\\" in line
    told = logs.TextFormatter().format(record(exc_info=info)).split("\n")
    assert all(one.isprintable() for one in told)
    assert all(one.startswith("  ") for one in told[1:])
    assert logs.TextFormatter().format(record(name_="Ärger 猫")).endswith("name_=Ärger 猫")


@pytest.mark.usefixtures("_logging_as_before")
async def test_neither_words_nor_tokens_are_logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(small_settings(tmp_path, log_format="json", log_level="debug"))
    async with live(tmp_path) as server, joined(server, "Ann") as ann, server.client("operator") as http:
        await ann.act("c", do="say", text="a very private sentence")
        await ann.send(type="nonsense", words="a very private sentence")
        await http.put("/api/model", json={"model": "small", "url": "http://127.0.0.1:9/v1", "key": "sk-very-private"})
        await http.put("/api/model", json={"model": "understudy", "url": ""})
        token = server.token("operator")
    lines = capsys.readouterr().err
    assert lines
    for line in lines.splitlines():
        json.loads(line)
    for secret in ("private sentence", "sk-very-private", token[:40]):
        assert secret not in lines
    assert '"path": "/api/model"' in lines


async def test_a_request_id_is_in_the_line(server: Live, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "openroom.http")
    async with server.client() as http:
        answer = await http.get("/healthz")
    (line,) = [made for made in caplog.records if made.name == "openroom.http"]
    assert vars(line)["request_id"] == answer.headers["x-request-id"]
