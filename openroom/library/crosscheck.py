"""Checks across definitions: a scene against the characters and props it names, a character against the scenes it plays
in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from openroom.core.character import Character
from openroom.core.lore.book import Entry, Lore
from openroom.core.misplaced import Wrong
from openroom.core.prop import Prop
from openroom.core.scene import Scene
from openroom.errors import DefinitionError
from openroom.library.document import Document

VISITOR = "visitor"
ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Known:
    """What a scene may name: characters and kinds of props, and the names of those whose files are broken. Of a broken
    one its own file tells; a scene that names it is not wrong."""

    characters: Mapping[str, Character]
    kinds: Mapping[str, Prop]
    broken: Collection[str] = frozenset()
    broken_kinds: Collection[str] = frozenset()


def cross_check(scene: Scene, known: Known) -> Iterator[Wrong]:
    """What is wrong between a scene and what it names."""
    for index, member in enumerate(scene.characters):
        if member.id not in known.characters and member.id not in known.broken:
            came = f"{member.id!r}, which has no folder (any more): put it back, or remove this scene's folder too"
            yield ("characters", index, "id"), _one_of("a character", known.characters), came
    for index, wish in enumerate(scene.props):
        rules = known.kinds.get(wish.kind)
        if rules is None:
            if wish.kind not in known.broken_kinds:
                yield ("props", index, "kind"), _one_of("a kind of prop", known.kinds), repr(wish.kind)
            continue
        try:
            rules.initial(wish.state)
        except DefinitionError as error:
            key = [part for part in error.key.split(".") if part]
            yield ("props", index, "state", *key), error.expected, error.came


def is_whole(scene: Scene, known: Known) -> bool:
    """Whether all that a scene names is there."""
    there = all(member.id in known.characters for member in scene.characters)
    return there and all(wish.kind in known.kinds for wish in scene.props) and not any(cross_check(scene, known))


@dataclass(frozen=True, slots=True)
class Stages:
    """The scenes that a character plays in, as far as they can be read."""

    scenes: list[Scene]
    kinds: Mapping[str, Mapping[str, Prop]]
    """By the scene's id, by kind."""

    def props(self) -> Iterator[tuple[str, Prop | None]]:
        """The things in these scenes with their rules; none for a kind whose file is broken."""
        for scene in self.scenes:
            yield from ((wish.id, self.kinds[scene.id].get(wish.kind)) for wish in scene.props)


def character_problems(
    character: Character, document: Document, stages: Stages, people: Collection[str]
) -> Iterator[DefinitionError]:
    """What a character names that is nowhere: deeds of examples, people it knows, stages it waits for."""
    if character.id in (VISITOR, ANYONE):
        expected = "an id that means nobody else where characters are named"
        yield document.error(("id",), expected, came=repr(character.id), warning=True)
    for other in sorted(character.relationships.keys() - {VISITOR, *people}):
        expected = _one_of(f"{VISITOR!r} or a character", people)
        yield document.error(("relationships", other), expected, came=repr(other), at_key=True, warning=True)
    if not stages.scenes:
        return
    for index, example in enumerate(character.examples):
        if example.do and (wrong := _misdeed(example.do, stages)):
            yield document.error(("examples", index, "do"), wrong, came=repr(example.do))
    told = {stage.id for scene in stages.scenes for stage in scene.stages}
    for index, secret in enumerate(character.secrets):
        if secret.after_stage and secret.after_stage not in told:
            expected = _one_of("a stage of one of its scenes", told)
            came = f"{secret.after_stage!r}: it is never told"
            yield document.error(("secrets", index, "after_stage"), expected, came=came, warning=True)


def lore_problems(lore: Lore, document: Document, people: Collection[str]) -> Iterator[DefinitionError]:
    """Warnings for characters that entries name and that are nowhere, and for entries that nothing can bring in."""
    for at, entry in enumerate(lore.entries):
        named = {"to": entry.to, "characters": entry.characters, "not_characters": entry.not_characters}
        for key, ids in named.items():
            for place, one in enumerate(ids):
                if one not in people and not (key == "to" and one == ANYONE):
                    expected = _one_of(f"{ANYONE!r} or a character" if key == "to" else "a character", people)
                    yield document.error(("entries", at, key, place), expected, came=repr(one), warning=True)
        if entry.enabled and entry.text and not entry.keys and not entry.constant:
            yield document.error(("entries", at), "keys, or constant: true", came="neither", warning=True)
        if entry.enabled and not entry.constant and _forbids_itself(entry):
            came = "conditions that none of its keys gets past"
            yield document.error(("entries", at, "when"), "conditions that can hold", came=came, warning=True)


def _forbids_itself(entry: Entry) -> bool:
    """Whether the same words are asked for and forbidden, so that an entry is never in."""
    banned = {key for one in entry.when for key in one.not_any}
    wanted = [set(entry.keys), *(set(one.any) for one in entry.when)]
    return any(keys and keys <= banned for keys in wanted) or any(banned & set(one.all) for one in entry.when)


def _misdeed(do: str, stages: Stages) -> str:
    """What was expected instead of a deed that no scene of the character has; empty for one that is possible."""
    prop_id, _, choice = do.partition(".")
    found = [rules for name, rules in stages.props() if name == prop_id]
    if not found or not choice:
        return _one_of("<prop>.<verb> with a prop of its scenes", {name for name, _ in stages.props()})
    verb, _, value = choice.partition(":")
    if any(rules is None or rules.partial or _has(rules, verb, value) for rules in found):
        return ""
    verbs = sorted({name for rules in found if rules for name in rules.verbs})
    if verb not in verbs:
        return _one_of(f"<prop>.<verb> with a verb of {prop_id}", verbs)
    return _one_of(f"a choice of {prop_id}.{verb}", {one for rules in found if rules for one in _words(rules, verb)})


def _has(rules: Prop, verb: str, value: str) -> bool:
    if verb not in rules.verbs:
        return False
    words = _words(rules, verb)
    return not (value and words) or value.casefold().replace(" ", "_") in {one.replace(" ", "_") for one in words}


def _words(rules: Prop, verb: str) -> set[str]:
    """The words that can stand behind a verb's colon; none where its parameters are free."""
    fields = rules.verbs[verb].params.model_json_schema().get("properties", {}).values()
    found: set[str] = set()
    for one in fields:
        if "enum" not in one:
            return set()
        found |= {str(word).casefold() for word in one["enum"]}
    return found


def _one_of(what: str, known: Iterable[str]) -> str:
    return f"{what} ({', '.join(sorted(known)) or 'there is none'})"
