"""The characters, scenes and props that come with openroom."""

from __future__ import annotations

import random
import re
from itertools import combinations, pairwise
from typing import Any

import pytest

from openroom.core import action as act
from openroom.core.actor import SYSTEM, Actor
from openroom.core.apply import apply, replay
from openroom.core.askable import askable
from openroom.core.character import EMOTIONS
from openroom.core.choices import options
from openroom.core.resolve import Context, Resolved, resolve
from openroom.core.scene import Place
from openroom.core.setup import opening
from openroom.core.state import State, problems
from openroom.core.suggestions import deed
from openroom.core.translation import mistranslated, told, translated
from openroom.core.view import looks
from openroom.language.data.openers import OPENERS
from openroom.language.requests.item import MenuItem
from openroom.language.requests.match import asked_for
from openroom.language.text import first_word
from openroom.language.words import content
from openroom.library.library import Library
from openroom.props.declared.prop import YamlProp
from openroom.props.shipped import PROPS
from openroom.settings import shipped

LIBRARY = Library([shipped("characters")], [shipped("scenes")])
ANN = Actor("player:ann", "player", "Ann")
SCENES = sorted(LIBRARY.scenes)
CHARACTERS = sorted(LIBRARY.characters)
KINDS = {name: LIBRARY.kinds(name) for name in SCENES}
PYTHON = [prop() for prop in PROPS.values()]


def _opened(scene: str) -> State:
    return apply(State(), opening(LIBRARY.world(scene), LIBRARY.definitions(scene), 0))


def test_all_of_it_is_in_order() -> None:
    assert [str(problem) for problem in LIBRARY.problems] == []
    assert set(SCENES) == {"tea_room", "radio_room", "greenhouse"}
    assert len(CHARACTERS) >= 5
    assert {member.id for scene in LIBRARY.scenes.values() for member in scene.characters} == set(CHARACTERS)


_OF_ANYTHING = frozenset({"clear", "empti", "move"})
"""Stems of labels that are said of hands and trains as well, and name no deed alone."""


@pytest.mark.parametrize("character", CHARACTERS)
def test_what_is_said_while_doing_something_fits_any_deed(character: str) -> None:
    """It is said to whatever was asked for, so it names no thing and no deed ("Consider it watered.")."""
    kinds = [rules for scene in SCENES for rules in KINDS[scene].values()]
    names = " ".join(rules.name for rules in kinds)
    deeds = " ".join(one.label for rules in kinds for one in rules.verbs.values())
    named = content(f"{names} {deeds} map log record") - _OF_ANYTHING
    lines = LIBRARY.characters[character].voice.doing
    assert len(lines) >= 5
    assert {line: found for line in lines if (found := content(line) & named)} == {}


@pytest.mark.parametrize("language", ["de", "es", "zh", "ja"])
def test_everything_people_read_is_told_in_every_language_of_the_pages(language: str) -> None:
    written: list[tuple[Any, Any]] = [(scene.translations, scene.texts()) for scene in LIBRARY.scenes.values()]
    written += [(one.translations, one.texts()) for one in LIBRARY.characters.values()]
    written += [(r.translations, r.spec.texts()) for s in SCENES for r in KINDS[s].values() if isinstance(r, YamlProp)]
    for translations, texts in written:
        assert set(texts) - set(translations[language]) == set()


@pytest.mark.parametrize("language", ["de", "es", "zh", "ja"])
def test_props_written_in_python_keep_the_names_they_fill_in(language: str) -> None:
    for rules in PYTHON:
        texts = rules.translations[language]
        assert set(texts) == set(rules.translations["de"])
        assert list(mistranslated({language: texts}, texts)) == []
        assert {rules.name, rules.line} <= set(texts)


@pytest.mark.parametrize("language", ["en", "de", "es", "zh", "ja"])
@pytest.mark.parametrize("scene", SCENES)
def test_a_suggested_reply_asks_for_what_it_says(scene: str, language: str) -> None:
    """A label is put into a sentence; it is understood word for word in every language."""
    ask = OPENERS[language].request
    world = LIBRARY.world(scene)
    menu = [option for option in options(_opened(scene), world, ANN) if not option.text and ":" not in option.id]
    assert menu
    items = [MenuItem(one.id, one.label, one.words, one.also) for one in menu]
    for option in menu:
        rules = world.props[option.prop]
        label = told(translated(rules.translations, language), option.label, rules.verbatim)
        assert label != option.label or language == "en"
        assert asked_for(ask.format(name="Mira", deed=deed(label)), items, language=language) == (option.id,)


@pytest.mark.parametrize("language", ["en", "de", "es", "zh", "ja"])
@pytest.mark.parametrize("scene", SCENES)
def test_everybody_can_be_asked_something_in_every_language(scene: str, language: str) -> None:
    world = LIBRARY.world(scene)
    known = [world.scene.description, *(text for one in world.characters.values() for text in one.texts())]
    for card in world.characters.values():
        questions = askable(card, world.characters.values(), known)
        assert len(questions) >= 3, card.id
        texts = translated(card.translations, language)
        told_so = [one for one in questions if language == "en" or any(text in texts for text in one.texts)]
        assert told_so == questions, card.id


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_character_is_whole(name: str) -> None:
    character = LIBRARY.characters[name]
    assert len(character.persona.split()) <= 90
    assert len(character.facts) >= 4
    assert all(fact.ask and fact.answer and fact.wrong for fact in character.facts)
    assert character.secrets and character.boundaries and character.goals and character.greetings
    assert "visitor" in character.relationships
    assert len(character.examples) >= 8
    assert all(len(example.say) <= 90 for example in character.examples)
    assert sum(bool(example.do) for example in character.examples) >= 2
    assert set(character.emotions.can) == set(EMOTIONS)
    assert len({example.emotion for example in character.examples}) >= 4
    assert character.harness().digest


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_character_keeps_its_own_rules(name: str) -> None:
    """No example or greeting gives a secret away, says a banned word, or is longer than the voice allows."""
    character = LIBRARY.characters[name]
    lines = [character.greeting, *character.greetings, *(example.say for example in character.examples)]
    words = [word for secret in character.secrets for word in secret.words]
    never = [*character.voice.banned, *character.voice.never_address, *character.guards.banned_words, *words]
    shown = [character.line, character.persona, character.appearance, *(fact.text for fact in character.facts), *lines]
    for line in shown:
        assert first_word(words, line) == "", line
    for line in lines:
        assert first_word(never, line) == "", line
    for example in character.examples:
        sentences = [one for one in re.split(r"(?<=[.!?])\s+", example.say) if one]
        assert len(sentences) <= character.voice.max_sentences + 2, example.say


@pytest.mark.parametrize("name", CHARACTERS)
def test_facts_test_what_they_say(name: str) -> None:
    for fact in LIBRARY.characters[name].facts:
        assert first_word(fact.answer, fact.text), fact.id
        assert not first_word(fact.wrong, fact.text), fact.id


@pytest.mark.parametrize("name", CHARACTERS)
def test_examples_do_what_their_scene_offers(name: str) -> None:
    for scene in LIBRARY.scenes.values():
        if name not in {member.id for member in scene.characters}:
            continue
        world = LIBRARY.world(scene.id)
        for example in LIBRARY.characters[name].examples:
            if example.do:
                prop, _, choice = example.do.partition(".")
                verb = world.props[prop].verbs[choice.partition(":")[0]]
                assert verb.allows(Actor(f"character:{name}", "character", name)), example.do


@pytest.mark.parametrize("scene_id", SCENES)
def test_a_stage_has_room_for_everybody(scene_id: str) -> None:
    scene = LIBRARY.scenes[scene_id]
    assert 2 <= len(scene.characters) <= 3
    assert 3 <= len(scene.suggestions) <= 4
    cast = sorted((member.place for member in scene.characters), key=lambda place: place.x)
    assert all(right.x - left.x >= 24 for left, right in pairwise(cast))
    for one, other in combinations((prop.place for prop in scene.props), 2):
        assert _far(one, other), (one, other)


def _far(one: Place, other: Place) -> bool:
    return abs(one.x - other.x) >= 8 or abs(one.y - other.y) >= 12


@pytest.mark.parametrize("scene_id", SCENES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_evening_of_anything_that_is_possible_stays_in_order(scene_id: str, seed: int) -> None:
    world = LIBRARY.world(scene_id)
    dice = random.Random(seed)
    actors = [ANN, *(Actor(f"character:{c.id}", "character", c.name) for c in world.characters.values())]
    log = [opening(world, LIBRARY.definitions(scene_id), 0)]
    state, now = apply(State(), log[0]), 0

    def do(actor: Actor, action: act.Action) -> None:
        nonlocal state
        answer = resolve(state, action, actor, Context(world, now))
        assert isinstance(answer, Resolved), (action, answer)
        log.extend(answer.events)
        state = answer.state

    do(ANN, act.Enter(name="Ann"))
    for _ in range(120):
        now += dice.choice([500, 5_000, 60_000])
        for timer, due in sorted(state.hidden.get("timers", {}).items()):
            if due["at"] <= now:
                do(SYSTEM, act.Tick(timer=timer))
        actor = dice.choice(actors)
        possible = options(state, world, actor)
        assert len({option.id for option in possible}) == len(possible)
        do(actor, dice.choice(possible).action("A few words."))
        assert all(line.strip() and "{" not in line for line in looks(state, world))
    assert problems(state, world) == []
    assert replay(log) == state


@pytest.mark.parametrize("scene_id", SCENES)
def test_the_looks_of_each_prop_have_pictures(scene_id: str) -> None:
    world = LIBRARY.world(scene_id)
    state = apply(State(), opening(world, LIBRARY.definitions(scene_id), 0))
    assert all(placed.get("look") for placed in state.props.values())


def test_the_moonflower_blooms_if_somebody_cares() -> None:
    rules = LIBRARY.kinds("greenhouse")["moonflower"]
    state, stages = rules.initial({}), []
    for _ in range(3):
        outcome = rules.use(state, "water", {}, ANN, 0)
        assert not hasattr(outcome, "reason"), outcome
        state = dict(outcome.state)  # type: ignore[union-attr]
        for timer in outcome.timers:  # type: ignore[union-attr]
            ticked = rules.tick(state, timer.name, 0)
            state = dict(ticked.state) if ticked else state
        stages.append(state["stage"])
    assert stages == ["sprout", "bud", "bloom"]
