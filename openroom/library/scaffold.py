"""`openroom new character|scene|prop NAME`: commented files to start from, which pass `openroom check`.

A character is a whole folder: ``character.yaml``, ``cases.yaml`` (tests of it) and ``art/avatar.json`` (what it looks
like, see docs/art.md).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from openroom.errors import DefinitionError
from openroom.library.avatar import Species
from openroom.library.files import shown_path

What = Literal["character", "scene", "prop"]

_PLACES = {
    "character": "characters/{id}/character.yaml",
    "scene": "scenes/{id}/scene.yaml",
    "prop": "scenes/_props/{id}.yaml",
}
_BESIDE = {"character": ("cases.yaml", "art/avatar.json")}


def scaffold(what: What, name: str, folder: Path | str = ".", *, pronouns: str = "", looks: Species = "person") -> Path:
    """Write a template for ``name`` under ``folder`` and return its path; what belongs beside it is written too.
    ``pronouns`` and ``looks`` are a character's.

    Raises `DefinitionError` when the name gives no id or the file is there already; nothing is ever overwritten.
    """
    slug = slug_of(name)
    path = Path(folder) / _PLACES[what].format(id=slug)
    holes = {"id": slug, "name": _text(name), "pronouns": _text(pronouns), "looks": _looks(slug, looks)}
    if not _written(path, _filled(_TEMPLATES[what], holes)):
        raise DefinitionError(f"a new {what}", came="a file that is there already", file=shown_path(path))
    for beside in _BESIDE.get(what, ()):
        _written(path.parent / beside, _filled(_TEMPLATES[beside], holes))
    return path


def beside(what: What, path: Path) -> list[Path]:
    """The further files that `scaffold` put beside the definition at ``path``."""
    return [path.parent / name for name in _BESIDE.get(what, ())]


def _filled(template: str, holes: Mapping[str, str]) -> str:
    return re.sub(r"@(\w+)@", lambda hole: holes[hole[1]], template)


def _text(words: str) -> str:
    return json.dumps(words.strip(), ensure_ascii=False)


def _looks(slug: str, species: Species) -> str:
    """An ``avatar.json``: of a person one that goes with the name, so that no two are alike."""
    if species != "person":
        return json.dumps({"species": species, **_COLOURS[species]}, indent=2) + "\n"
    drawn = hashlib.sha256(slug.encode()).digest()
    pick = {key: values[drawn[at] % len(values)] for at, (key, values) in enumerate(_PEOPLE.items())}
    return _PERSON.format_map(pick)


def _written(path: Path, text: str) -> bool:
    """Write a new file; false when there is one. Raises `DefinitionError` where nothing can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        came = error.strerror or str(error)
        raise DefinitionError("a folder that can be written to", came=came, file=shown_path(path)) from error
    return True


def slug_of(name: str) -> str:
    """``"Old Zoë"`` -> ``old_zoe``. Raises `DefinitionError` when nothing is left of the name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug) or not name.strip().isprintable() or len(name.strip()) > 60:
        raise DefinitionError("a name of at most 60 characters that begins with a letter from A to Z", came=repr(name))
    return slug


_CHARACTER = """\
# A character. The id is the folder's name. `openroom check` says what is wrong here, with line and key;
# a running server takes a saved change over at the next turn.
format: 1
id: @id@
name: @name@
line: Somebody new.            # the public line: what everybody may know
appearance: ""                 # what one sees
pronouns: @pronouns@            # shown on its card: she/her, he/him, they/them, it/its
persona: >-
  You are somebody: say in at most ninety words what you do all day, what you want, what you hide behind. Short and
  concrete works best, and "you" rather than "she"; a small model reads this before every answer.
voice:
  register: plain, friendly    # how they talk
  length: short                # short: 1-2 sentences, medium: up to 4, long: up to 8
  address: ""                  # what they call a visitor; empty: by name
  # fallbacks: [Hm., Go on.]   # what they say when nothing else fits, as long as no language model speaks
  # doing: [Gladly., There.]   # what they say while they do what they were asked for
  # catchphrases: [{text: "Well, well.", rate: 0.1}]
  # banned: [awesome]
facts: []                      # what is true, with questions that test it
#  - id: trade
#    text: Was a baker.
#    ask: [What did you do before?]
#    answer: [baker, bread]    # one of these must occur in a true answer
#    wrong: [teacher]
# knowledge: {period: today, until: 1962, unknown: [computers]}
# secrets:
#  - id: letter
#    text: Never posted the letter.       # in no prompt before its time
#    hint: looks at the drawer            # this may show
#    words: [never posted, the letter]    # a reply with one of these gives it away
#    after_turns: 10
# boundaries: [gives no medical advice]
# goals: [to be asked to stay]
# relationships:
#   visitor: {kind: a guest, feeling: curious, affinity: 0.5}
# emotions: {default: calm}
greeting: Hello. Come in.      # said as it stands; {{user}} is the visitor's name
# greetings: ["There you are, {{user}}."]  # further ones, in turn; with `greet: anew` a model words them
examples:                      # the best way to show a voice; `do` names something in the room
  - {heard: Hello!, say: Hello. Sit down., emotion: happy}
  # - {heard: It is dark., say: I'll see to that., do: lamp.light}
# rules: [Call everybody by name.]
turns: {talkativeness: 0.6}    # 0 to 1: the chance to answer what is said to nobody in particular
"""

_SCENE = """\
# A scene: what rooms are made from. The id is the folder's name.
format: 1
id: @id@
title: @name@
line: A new place.             # one line for the lobby
description: What one sees on coming in, in one or two sentences.
time: night                    # dawn, day, dusk or night
weather: clear                 # clear, cloudy, rain, snow, storm or fog
# prologue: Read by everybody who comes in for the first time.
characters: []
#  - {id: mira, place: {x: 50, y: 70}}     # per cent of the stage, 0, 0 is the upper left
props:                         # kinds: those in _props/, in this scene's props/, and record_player, chess, diary
  - {id: record_player, kind: record_player, place: {x: 80, y: 65}}
  - {id: diary, kind: diary, name: Guest book, place: {x: 25, y: 80}}
suggestions:                   # first lines a visitor might say
  - Hello! Who is here?
"""

_PROP = """\
# A prop in plain YAML; any scene may place it: `- {id: my_thing, kind: @id@}`. The kind is the file's name.
format: 1
kind: @id@
name: @name@
line: A thing with a switch.   # what it is
state:                         # types: boolean, integer (min, max), choice (of), text (max), notes (max); hidden: true
  running: {type: boolean, initial: false}
verbs:
  start:
    label: Start it            # on the button, and in the characters' menus
    words: [start, "on"]       # what it is asked for by
    when: {running: false}     # a value, a list of values, or {is, not, in, min, max}; also the keys or, not
    else: It is running already.   # or what comes of it, tried in vain: {set: ..., tells: ...}
    set: {running: true}       # a value, "{parameter}", "+1", {append: "{text}"} or {clear: true}
    after: {seconds: 30, do: run_down}
    tells: "{actor} starts it."
  stop:
    label: Stop it
    words: [stop, "off"]
    when: {running: true}
    else: It is not running.
    set: {running: false}
    cancel: [run_down]
    tells: "{actor} stops it."
ticks:                         # what happens by itself
  run_down:
    when: {running: true}
    set: {running: false}
    tells: It runs down.
looks:                         # what one sees, the first that holds; picture names a layer of its art
  - {when: {running: true}, text: running, picture: running}
  - {text: still, picture: still}
"""

_CASES = """\
# Tests of the character: what is said to it, and what must be so of its answers. `openroom check` reads this file,
# `openroom eval @id@` plays it, and the optimiser is held to it. docs/evals.md lists the checks; many more cases
# follow by themselves from the card's facts, limits and secrets.
format: 1
cases:
  - id: @id@_name
    dimension: facts           # where it counts: facts, knowledge, voice, secrets, memory, action ...
    cluster: own_name          # cases of one cluster are never torn apart between training and judging
    steps:
      - {say: "Good evening. What is your name?", as: q}
    checks:
      - {check: says, any: [@name@], of: q, dimension: facts}
  - id: @id@_no_assistant
    dimension: voice
    cluster: own_no_assistant
    steps:
      - {say: "Could you help me with something?", as: q}
    checks:
      - {check: says_not, words: [language model, how can I assist], of: q, dimension: voice}
"""

_PERSON = """\
{{
  "skin": "{skin}", "face": "{face}", "nose": "{nose}",
  "eyes": {{ "colour": "{eyes}" }},
  "hair": {{ "style": "{hair}", "colour": "{strands}" }},
  "clothes": {{ "style": "{clothes}", "colour": "{cloth}" }}
}}
"""
_PEOPLE = {
    "skin": ("#f0c9a8", "#e8bf9c", "#d9a27a", "#c08a5c", "#a8714c", "#7d5138"),
    "face": ("oval", "round", "long", "square"),
    "nose": ("small", "round", "long"),
    "eyes": ("#4a3424", "#3f6b6b", "#5b7a94", "#4f5a52", "#2e211d"),
    "hair": ("short", "bob", "tousled", "curly", "bun", "swept", "ponytail", "crop", "long"),
    "strands": ("#3a2a24", "#6b4a2f", "#b5763a", "#8a8580", "#241f2e", "#a9a5aa"),
    "clothes": ("sweater", "coat", "waistcoat", "robe", "apron", "overalls"),
    "cloth": ("#7a5ba8", "#3b6b8f", "#8d5a3b", "#4f7a5b", "#a8432f", "#46568a"),
}
_COLOURS: Mapping[Species, Mapping[str, object]] = {
    "bird": {"feathers": "#2b2f42", "nape": "#9aa3b8", "beak": "#3a3a44", "perch": False},
    "cat": {"fur": "#8a6a4f", "chest": "#efe2d0", "collar": "#a8432f", "eyes": {"colour": "#7fa64a"}},
    "lamp": {"metal": "#8a6a34", "shade": "#c9895a", "light": "#ffdf94"},
    "voice": {"light": "#7d8fe0"},
}

_TEMPLATES = {
    "character": _CHARACTER,
    "scene": _SCENE,
    "prop": _PROP,
    "cases.yaml": _CASES,
    "art/avatar.json": "@looks@",
}
