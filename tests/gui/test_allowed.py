"""What of a picture's attributes goes into a page, asked of the page's own module."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests import processes

NODE = shutil.which("node")
MODULE = Path(__file__).parents[2] / "openroom" / "gui" / "web" / "art" / "allowed.js"
SCRIPT = """
const [source, asked] = JSON.parse(process.argv[1]);
const { allowed } = await import("data:text/javascript," + encodeURIComponent(source));
console.log(JSON.stringify(asked.map(([name, value]) => allowed(name, value))));
"""
KEPT = [
    ("d", "M0,0 L10,10 Z"),
    ("transform", "translate(3 4) rotate(-20)"),
    ("fill", "url(#glow)"),
    ("clip-path", "url('#a.b-c')"),
    ("href", "#part"),
    ("data-look", "lit default"),
    ("class", "brass"),
    ("stroke", "rgba(0, 0, 0, .5)"),
    ("style", "animation-delay: -2.3s"),
    ("style", "fill: url(#glow); transform: scale(2)"),
]
DROPPED = [
    ("onclick", "x"),
    ("xmlns:x", "y"),
    ("href", "elsewhere.svg#part"),
    ("fill", "url(elsewhere.svg)"),
    ("fill", "image(elsewhere.png)"),
    ("cursor", "image-set('elsewhere.png' 1x)"),
    ("mask", r"u\\72l(elsewhere.svg)"),
    ("fill", "url(#a) url(elsewhere.svg)"),
    ("style", "position: fixed"),
    ("style", "background: red"),
    ("style", "fill: red !important"),
]
CHANGED = [
    ("position: fixed; fill: red; inset: 0", "fill: red"),
    ("FILL: red; z-index: 9; Opacity: .5", "FILL: red; Opacity: .5"),
    ("fill: src(elsewhere); opacity: 1", "opacity: 1"),
    ("--x: 1; stroke: #123", "stroke: #123"),
    ("width: 100vw; height: 100vh; display: none", "display: none"),
]


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_shapes_and_colours_stay_and_nothing_else() -> None:
    styles = [("style", value) for value, _ in CHANGED]
    asked = [*KEPT, *DROPPED, *styles]
    given = json.dumps([MODULE.read_text(encoding="utf-8"), asked])
    done = processes.run([str(NODE), "--input-type=module", "-e", SCRIPT, given])
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    wanted = [*(value for _, value in KEPT), *(None for _ in DROPPED), *(value for _, value in CHANGED)]
    assert [(one, came) for one, came in zip(asked, answers, strict=True) if came is not None] == [
        (one, came) for one, came in zip(asked, wanted, strict=True) if came is not None
    ]
