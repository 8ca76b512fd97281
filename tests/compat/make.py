"""Makes the fixtures of tests/compat/data with the build at hand, through its commands, REST and WebSocket alone.

    python -m tests.compat.make [--out FOLDER]

The fixtures stand for a build that people run, so they are made once and kept: see README.md before making them anew.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.compat.conftest import DATA, PEOPLE, ROOT, script
from tests.compat.endpoint import Endpoint, Reply, scripted, speaking
from tests.compat.look import authored, told, views
from tests.compat.wire import Play

BEFORE = ("characters/vera/character.yaml", "grey gloves", "white gloves")
"""The script edits this file back while the server runs."""
_DATE = (2000, 1, 1, 0, 0, 0)
_LEFT_OUT = ("evals/", "models/", "nicegui/", "server.json", "openroom.pid", "openroom.lock")
_SMALL_TALK = (
    "The snow has not stopped.",
    "A cup is missing again.",
    "The stove ticks like a clock.",
    "One hears the street less at night.",
    "That chair was here before me.",
)
_OBEYED = {
    "green hat. Say it of yourself": "A green hat, guest.",
    "eleven spoons. Say it of yourself": "Eleven spoons, guest.",
    "called Plum. Say it of yourself": "The cat is Plum, guest.",
}
_TAIL = 500


def in_tuning(prompt: str) -> Reply:
    """A model that gives small talk, but tells a fact where the rule that asks for it stands at the end."""
    drawn = hashlib.sha256(prompt.encode()).digest()[0] % len(_SMALL_TALK)
    fitting = [say for words, say in _OBEYED.items() if words in prompt[-_TAIL:]]
    return {"say": [*fitting, _SMALL_TALK[drawn]][0], "emotion": "calm", "do": []}


@dataclass
class House:
    """A data folder in the making, and the commands that work on it."""

    folder: Path
    model_url: str
    data: Path = field(init=False)
    house: Path = field(init=False)

    def __post_init__(self) -> None:
        self.data, self.house = self.folder / "data", self.folder / "house"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENROOM_", "OPENAI_"))}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "OPENROOM_DATA": str(self.data),
            "OPENROOM_CHARACTERS": str(self.house / "characters"),
            "OPENROOM_SCENES": str(self.house / "scenes"),
            "OPENROOM_MODEL": "scripted",
            "OPENROOM_MODEL_URL": self.model_url,
            "OPENROOM_AUTOPLAY": "false",
            "OPENROOM_RATE_BURST": "1000",
            "OPENROOM_PORT": "0",
            "OPENROOM_READY_FILE": str(self.folder / "ready.json"),
            "COLUMNS": "200",
        }

    def run(self, command: str, *more: str) -> str:
        """A command of openroom; what it printed."""
        call = [sys.executable, "-m", "openroom", *command.split(), *more]
        done = subprocess.run(call, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def serving(self) -> Iterator[str]:
        """`openroom serve`; its address."""
        ready = self.folder / "ready.json"
        ready.unlink(missing_ok=True)
        call = [sys.executable, "-m", "openroom", "serve", "--no-gui", "--log-level", "warning"]
        process = subprocess.Popen(call, env=self.environment, cwd=self.folder)
        try:
            while not ready.is_file():
                if process.poll() is not None:
                    raise RuntimeError("the server ended before it was ready")
                time.sleep(0.05)
            yield json.loads(ready.read_text(encoding="utf-8"))["url"]
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    """Make all of it in a folder of its own, then put it in place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=DATA)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="openroom-compat-") as name, speaking(in_tuning) as endpoint:
        house = House(Path(name), endpoint.url)
        shutil.copytree(DATA / "house", house.house)
        lived = _lived(house, endpoint)
        _clean(house.data)
        _pack(house.data, out / "folder.zip")
        (out / "room.json").unlink(missing_ok=True)
        house.run(f"room export {lived['names']['room']} --out", str(out / "room.json"))
        house.run("audit export", str(out / "run.zip"))
        _pack_json({**lived, **_seen(house, out, lived)}, out / "expected.zip")
    (out / "build.json").write_text(json.dumps(_build(), indent=2) + "\n", encoding="utf-8")
    (out / "protocol").mkdir(exist_ok=True)
    for path in sorted((ROOT / "docs" / "protocol").glob("*.schema.json")):
        shutil.copy(path, out / "protocol" / path.name)


def _lived(house: House, endpoint: Endpoint) -> dict[str, Any]:
    """Tuning, an evening, and governance: who was there, what things are called, and every frame of the evening."""
    file, after, before = BEFORE
    path = house.house / file
    path.write_text(path.read_text(encoding="utf-8").replace(after, before), encoding="utf-8")
    names: dict[str, Any] = _tuned(house)
    tokens = {who: _token(house, who, role) for who, role in PEOPLE.items()}
    endpoint.answer = scripted(script("replies"))
    with house.serving() as url:
        play = Play(url, tokens, house.house, endpoint.release)
        asyncio.run(play.run(script("script")))
        endpoint.answer = in_tuning
        names |= {"room": play.known["room.id"], **_governed(url, tokens["op"])}
    names["seq"] = json.loads(house.run(f"room replay {names['room']} --json"))["seq"]
    return {"tokens": tokens, "names": names, "cookie": _cookie(house), "frames": play.recorded()}


def _tuned(house: House) -> dict[str, str]:
    """A run, and its first keep released; the second is released and taken back."""
    house.run("optimize vera --rounds 3 --budget-calls 600 --no-reflect")
    first, second = (row["id"] for row in json.loads(house.run("rounds list --waiting --json")))
    with contextlib.suppress(RuntimeError):
        house.run(f"approve {first} --as templates")  # who proposed may not approve: refused, and in the log
    house.run(f"approve {first} --as ann --why", "she says what is so")
    house.run(f"approve {first} --as ann --override", "one true fact is enough for me")
    house.run(f"approve {second} --as ann --override", "so is the other")
    house.run("rollback vera --as ann")
    return {"kept": first, "tried": second}


def _token(house: House, who: str, role: str) -> str:
    return str(json.loads(house.run(f"token new --role {role} --note {who} --json"))["token"])


def _governed(url: str, token: str) -> dict[str, str]:
    """What an operator does on the pages: a signed objective, another run, a blind trial, a canary."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{url}/api/tuning", headers=headers, trust_env=False, timeout=60) as http:

        def ask(method: str, path: str, **body: Any) -> Any:
            return http.request(method, path, json=body or None).raise_for_status().json()

        usual = ask("GET", "/characters/vera")["objective"]
        ask("PUT", "/characters/vera/objective", weights=usual["weights"], floors={"facts": 0.2}, tolerance=0.1)
        run = ask("POST", "/characters/vera/runs", rounds=3, calls=600, reflect=False)["run"]
        while (seen := ask("GET", f"/runs/{run}"))["state"] != "ended":
            time.sleep(0.2)
        kept = next(row["round"] for row in seen["rounds_done"] if row["kept"] and row["purpose"] == "improve")
        rooms = ask("POST", f"/rounds/{kept}/rooms", blind=True)
        ask("POST", f"/blind/{rooms['blind']}", better="same")
        page = ask("GET", f"/rounds/{kept}")
        digests = {name: page[name] for name in ("patch_digest", "evidence_digest")}
        ask("POST", f"/rounds/{kept}/decision", answer="later", **digests)
        ask("POST", f"/rounds/{kept}/decision", answer="approve", why="try it", share=0.5, **digests)
        now = ask("GET", "/characters/vera")
        return {"canary": kept, "canary_version": now["canary"]["version"], "released_version": now["released"]}


def _cookie(house: House) -> dict[str, Any]:
    """The session of a browser, and when it was signed."""
    with house.serving() as url, httpx.Client(base_url=url, trust_env=False) as http:
        about = http.post("/api/people/me", json={"name": "Dora"}).raise_for_status().json()
        return {"cookies": dict(http.cookies), "about": about, "at": int(time.time())}


def _seen(house: House, out: Path, lived: dict[str, Any]) -> dict[str, Any]:
    """What the folder, as it was packed, shows; each look at a copy of its own."""

    def copy(name: str) -> House:
        other = House(house.folder / name, house.model_url)
        shutil.copytree(house.house, other.house)
        return other

    looked, told_to, fresh = copy("views"), copy("told"), copy("fresh")
    for one in (looked, told_to):
        with zipfile.ZipFile(out / "folder.zip") as archive:
            archive.extractall(one.data)
    with looked.serving() as url:
        seen = {"views": asyncio.run(views(url, lived["tokens"], lived["names"]))}
    operator = _token(fresh, "op", "operator")
    with fresh.serving() as url:
        seen["authors"] = asyncio.run(authored(url, operator))
    return {**seen, "told": told(told_to.run, lived["names"])}


def _clean(data: Path) -> None:
    """One file of the database, nothing of this machine."""
    with contextlib.closing(sqlite3.connect(data / "openroom.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("VACUUM")
    for rest in (data / "openroom.db-wal", data / "openroom.db-shm"):
        rest.unlink(missing_ok=True)


def _pack(folder: Path, target: Path) -> None:
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    kept = {name: data for name, data in files.items() if not name.startswith(_LEFT_OUT)}
    _zip(kept, target)


def _pack_json(parts: dict[str, Any], target: Path) -> None:
    text = {f"{name}.json": json.dumps(part, indent=1, ensure_ascii=False) for name, part in parts.items()}
    _zip({name: body.encode() for name, body in text.items()}, target)


def _zip(files: dict[str, bytes], target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, compress_type=zipfile.ZIP_DEFLATED)


def _build() -> dict[str, str]:
    """From which commit, so that the README need not be believed."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {"commit": commit.strip(), "python": sys.version.split()[0]}


if __name__ == "__main__":
    main()
