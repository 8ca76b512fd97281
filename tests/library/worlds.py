"""Folders of definitions for the library's tests."""

from __future__ import annotations

from pathlib import Path

CHARACTER = """\
# a comment that must stay
format: 1
id: {id}
name: {name}
line: Lives here.
persona: Kind.
greeting: Hello.
examples:
  - {{heard: Dark., say: Light., do: lamp.light}}
"""

SCENE = """\
format: 1
id: hut
title: A Hut
line: Small.
description: A hut.
characters:
  - {id: ada, place: {x: 40, y: 60}}
props:
  - {id: lamp, kind: lamp, state: {lit: true}}
  - {id: bell, kind: bell}
  - {id: player, kind: record_player}
"""

LAMP = """\
format: 1
kind: lamp
name: Lamp
line: A lamp.
state:
  lit: {type: boolean}
verbs:
  light: {label: Light it, when: {lit: false}, else: It is lit., set: {lit: true}, tells: "{actor} lights it."}
  dim: {label: Dim it, when: {lit: true}, else: It is dark., set: {lit: false}, tells: "{actor} dims it."}
looks:
  - {text: a lamp}
"""

BELL = """\
format: 1
kind: bell
name: Bell
line: A bell.
verbs:
  ring: {label: Ring it, tells: "{actor} rings it."}
"""


def write(path: Path, text: str) -> Path:
    """Write a file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def make(root: Path) -> Path:
    """A character, a scene, a shared prop and the scene's own prop under ``root``."""
    write(root / "characters/ada/character.yaml", CHARACTER.format(id="ada", name="Ada"))
    write(root / "characters/ada/cases.yaml", "not: ours")
    write(root / "scenes/hut/scene.yaml", SCENE)
    write(root / "scenes/_props/lamp.yaml", LAMP)
    write(root / "scenes/hut/props/bell.yaml", BELL)
    return root
