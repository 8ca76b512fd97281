"""Checks across definitions: a scene against the characters and props it names, examples against the scenes
they play in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from openroom.core.character import Character
from openroom.core.prop import Prop
from openroom.core.scene import Scene
from openroom.errors import DefinitionError
from openroom.library.document import Document

Wrong = tuple[tuple[str | int, ...], str, str]
"""Where, what was expected, what came."""


def cross_check(scene: Scene, characters: Mapping[str, Character], kinds: Mapping[str, Prop]) -> Iterator[Wrong]:
    """What is wrong between a scene and what it names."""
    for index, member in enumerate(scene.characters):
        if member.id not in characters:
            yield ("characters", index, "id"), _one_of("a character", characters), repr(member.id)
    for index, wish in enumerate(scene.props):
        rules = kinds.get(wish.kind)
        if rules is None:
            yield ("props", index, "kind"), _one_of("a kind of prop", kinds), repr(wish.kind)
            continue
        try:
            rules.initial(wish.state)
        except DefinitionError as error:
            key = [part for part in error.key.split(".") if part]
            yield ("props", index, "state", *key), error.expected, error.came


def example_problems(
    scenes: Iterable[Scene], characters: Mapping[str, Character], documents: Mapping[str, Document]
) -> Iterator[DefinitionError]:
    """Examples whose ``do`` names a prop that none of the character's scenes has."""
    props: dict[str, set[str]] = {}
    for scene in scenes:
        for member in scene.characters:
            props.setdefault(member.id, set()).update(wish.id for wish in scene.props)
    for name, document in documents.items():
        for index, example in enumerate(characters[name].examples):
            prop_id, dot, _ = example.do.partition(".")
            if example.do and name in props and (not dot or prop_id not in props[name]):
                expected = _one_of("<prop>.<choice> with a prop of its scenes", props[name])
                yield document.error(("examples", index, "do"), expected, came=repr(example.do))


def _one_of(what: str, known: Iterable[str]) -> str:
    return f"{what} ({', '.join(sorted(known)) or 'there is none'})"
