"""Misfits are told with line, column, key, what was expected and what came."""

from __future__ import annotations

import pytest

from openroom.core.character import Character
from openroom.core.scene import Scene
from openroom.library.document import parse_document
from openroom.library.validate import fit
from openroom.props.declared.spec import PropSpec
from tests.library.worlds import CHARACTER, LAMP, SCENE

ADA = CHARACTER.format(id="ada", name="Ada")


@pytest.mark.parametrize(
    ("model", "text", "place", "key", "words"),
    [
        (Character, ADA + "persuna: x\n", (10, 1), "persuna", "did you mean 'persona'?"),
        (Character, ADA + "voice:\n  regster: low\n", (11, 3), "voice.regster", "did you mean 'register'?"),
        (Character, ADA.replace("persona: Kind.\n", ""), (2, 1), "persona", "expected the key 'persona', came none"),
        (Character, ADA.replace("format: 1", "format: 2"), (2, 9), "format", "expected 1, came 2"),
        (Character, ADA + "facts:\n  - {id: A B, text: x}\n", (11, 10), "facts[0].id", "a text like"),
        (Character, ADA + "turns: {talkativeness: loud}\n", (10, 24), "turns.talkativeness", "valid number"),
        (Character, ADA + "goals: to win\n", (10, 8), "goals", "expected a list, came 'to win'"),
        (Character, ADA + "voice: low\n", (10, 8), "voice", "expected a mapping of keys to values, came 'low'"),
        (Character, ADA + "emotions: {default: smug}\n", (10, 21), "emotions.default", "came 'smug'"),
        (Character, ADA + "pronouns: 12\n", (10, 11), "pronouns", "a text"),
        (Scene, SCENE + "time: noonish\n", (12, 7), "time", "expected one of dawn, day, dusk, night, came"),
        (Scene, SCENE + "weather:\n", (12, 1), "weather", "came nothing"),
        (PropSpec, LAMP.replace("boolean", "switch"), (6, 8), "state.lit", "type"),
        (PropSpec, LAMP.replace("boolean", "boolean, of: [a]"), (6, 24), "state.lit.of", "expected one of the keys"),
        (
            PropSpec,
            LAMP.replace("when: {lit: false}", "when: {lit: {iz: false}}"),
            (8, 41),
            "verbs.light.when.lit.iz",
            "one of the keys in, is, max, min, not",
        ),
        (PropSpec, LAMP.replace("set: {lit: true}", "set: {lit: [1]}"), (8, 77), "verbs.light.set.lit", ""),
        (
            PropSpec,
            LAMP.replace("when: {lit: false}", "when: {or: [{lit: true}, {lit: {iz: false}}]}"),
            (8, 60),
            "verbs.light.when.or[1].lit.iz",
            "one of the keys in, is, max, min, not",
        ),
        (
            PropSpec,
            LAMP.replace("when: {lit: false}", "when: {not: [lit]}"),
            (8, 40),
            "verbs.light.when.not",
            "expected a mapping of keys to values, came a list",
        ),
        (
            PropSpec,
            LAMP.replace("else: It is lit.", "else: {telling: No., tells: No.}"),
            (8, 55),
            "verbs.light.else.telling",
            "did you mean 'tells'?",
        ),
    ],
)
def test_a_misfit_is_named(model: type, text: str, place: tuple[int, int], key: str, words: str) -> None:
    value, problems = fit(parse_document(text.encode(), "x.yaml"), model)
    assert value is None
    first = problems[0]
    assert (first.key, words in str(first)) == (key, True), str(first)
    assert (first.line, first.column) == place, str(first)
    assert str(first).startswith(f"x.yaml:{place[0]}:{place[1]}: {key}: expected ")


BARE = ADA.partition("examples:")[0]


def test_a_wrong_emotion_is_told_at_its_own_line() -> None:
    text = BARE + "examples:\n  - {heard: Hi., say: Ho.}\n  - {heard: A., say: B., emotion: smug}\n"
    text += "  - {heard: C., say: D., emotion: calm}\n  - {heard: E., say: F., emotion: gleeful}\n"
    _, problems = fit(parse_document(text.encode(), "x.yaml"), Character)
    told = [(one.line, one.key, one.came) for one in problems]
    assert told == [(10, "examples[1].emotion", "'smug'"), (12, "examples[3].emotion", "'gleeful'")]


@pytest.mark.parametrize(("right", "wrong"), [("line", "lines"), ("greeting", "greting"), ("persona", "personna")])
def test_a_key_that_is_spelt_wrong_is_one_mistake(right: str, wrong: str) -> None:
    _, problems = fit(parse_document(ADA.replace(f"{right}:", f"{wrong}:").encode(), "x.yaml"), Character)
    (problem,) = problems
    assert problem.key == wrong
    assert f"did you mean '{right}'?" in str(problem)


def test_a_text_that_a_comma_cut_gets_its_cure() -> None:
    text = BARE + "examples:\n  - {heard: Hi there, you., say: Ho.}\n"
    _, problems = fit(parse_document(text.encode(), "x.yaml"), Character)
    assert [(one.line, "needs quotes" in str(one)) for one in problems] == [(9, True)]


def test_all_misfits_are_told_in_the_files_order() -> None:
    text = ADA.replace("line: Lives here.", "line: 5") + "zzz: 1\ncolour: red\n"
    _, problems = fit(parse_document(text.encode(), "x.yaml"), Character)
    assert [problem.key for problem in problems] == ["line", "zzz", "colour"]


def test_a_file_that_is_no_mapping_is_told() -> None:
    _, problems = fit(parse_document(b"- a\n- b\n", "x.yaml"), Character)
    assert str(problems[0]) == "x.yaml:1:1: expected a mapping of keys to values, came a list"


def test_what_fits_has_no_problems() -> None:
    value, problems = fit(parse_document(ADA.encode(), "x.yaml"), Character)
    assert isinstance(value, Character)
    assert problems == []
