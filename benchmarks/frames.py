"""How smoothly a room is drawn: `python -m benchmarks.frames [--seconds 6]`.

A headless Chromium without a GPU draws each scene at desktop and phone size, with all motion and with reduced motion,
while the record player turns and a character answers. Counted are the frames that the page gets to draw
(`requestAnimationFrame`) in the window: frames a second, the 95th percentile of the time between two, and the share
that came later than 25 ms after the one before (a screen of 60 Hz has dropped one then). Server and browser share the
machine. Prints a table; the goal is 60 a second with reduced motion.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import _DEVICES, _FLAGS
from tests.browser.finder import find_or_install
from tests.browser.server import Server
from tests.browser.steps import enter, say, settled

SCENES = ("tea_room", "greenhouse", "radio_room")
LATE_MS = 25.0
_COUNT = """seconds => new Promise(done => {
  const at = [], until = performance.now() + seconds * 1000;
  const tick = now => { at.push(now); performance.now() < until ? requestAnimationFrame(tick) : done(at); };
  requestAnimationFrame(tick);
})"""


def frames(browser: Browser, url: str, device: str, motion: str, seconds: float) -> list[float]:
    """Milliseconds between frames in a room while somebody talks."""
    context = browser.new_context(reduced_motion=motion, locale="en-GB", **_DEVICES[device])
    try:
        page = context.new_page()
        page.goto(url)
        enter(page, "Ann")
        settled(page)
        say(page, "Could you put on a record, please?")
        page.wait_for_timeout(500)
        at: list[float] = page.evaluate(_COUNT, seconds)
        return [after - before for before, after in itertools.pairwise(at)]
    finally:
        context.close()


def row(gaps: list[float]) -> str:
    """The figures of one window, as cells."""
    slow = sorted(gaps)[int(len(gaps) * 0.95)]
    late = sum(gap > LATE_MS for gap in gaps) / len(gaps)
    return f"{1000 / statistics.fmean(gaps):.0f} | {statistics.median(gaps):.1f} | {slow:.1f} | {late:.1%}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=6.0)
    given = parser.parse_args()
    print("| scene | size | motion | frames a second | median ms | p95 ms | late |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=_FLAGS)
        try:
            for scene in SCENES:
                for device in _DEVICES:
                    for motion, name in (("reduce", "reduced"), ("no-preference", "all")):
                        gaps = frames(browser, f"{server.url}/room/{scene}", device, motion, given.seconds)
                        print(f"| {scene} | {device} | {name} | {row(gaps)} |", flush=True)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
