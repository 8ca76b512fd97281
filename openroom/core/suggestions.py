"""What a visitor might say next: lines that begin a conversation or go on with it.

They come from what the characters' cards can be asked, from what has just happened and from what the scene's author
proposes; at most one of them is about a thing. Only what the visitor perceived is looked at, and nothing is offered
that was said already, in whatever language it stands on the card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from openroom.core.actor import Actor, definition_id, is_character
from openroom.core.askable import askable
from openroom.core.character import Character
from openroom.core.choices import options
from openroom.core.event import Entered, Event, Happened, Said, Used
from openroom.core.state import State, World
from openroom.core.translation import told
from openroom.core.view import perceives, visits_of
from openroom.language.data.openers import OPENERS, Openers
from openroom.language.requests.item import MenuItem
from openroom.language.requests.match import asked_for
from openroom.language.text import first_word, normal

MOST = 3
"""So many are offered at a time."""
_JUST_NOW = 6
"""So many of the last events one perceived are what just happened."""
_LONGEST_LABEL = 48
_QUESTION = ("?", "？")
_CLOSING = " \"'»”’」』)*]"
_BRACKETS = (("(", ")"), ("（", "）"))

About = Literal["card", "scene", "talk", "arrival", "deed", "thing", "first"]
Texts = Mapping[str, Mapping[str, str]]
_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their ``language`` (``de``), and what authors' texts read in it, by the text: of the ``scene``, of
    ``characters`` by definition id, of ``props`` by prop id."""

    language: str
    scene: Mapping[str, str] = field(default_factory=dict)
    characters: Texts = field(default_factory=dict)
    props: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line to say. ``about`` is where it comes from, ``to`` whom it is meant for (empty: nobody in particular),
    ``thing`` whether it is about a thing."""

    text: str
    about: About
    to: str = ""
    thing: bool = False

    def public(self) -> dict[str, str]:
        """JSON form for clients."""
        return {"text": self.text, "about": self.about, **({"to": self.to} if self.to else {})}


def suggestions(state: State, world: World, who: Actor, story: Sequence[Event], reader: Reader) -> list[Suggestion]:
    """At most `MOST` lines for ``who``, none of them said already in the ``story`` (the newest events, oldest first);
    none for who is not there to speak, and where there is no character to speak to."""
    if state.people.get(who.id, {}).get("kind") == "spectator" or not state.is_here(who.id):
        return []
    if not state.anybody("character"):
        return []
    visits = visits_of(state)
    seen = [event for event in story if not event.erased and perceives(who.id, event, visits)]
    return _Offer(state, world, who, seen, reader).chosen()


class _Offer:
    """One choosing. Each source gives its lines in the order they are to be preferred."""

    def __init__(self, state: State, world: World, who: Actor, seen: Sequence[Event], reader: Reader) -> None:
        self._state, self._world, self._who, self._seen, self._reader = state, world, who, seen, reader
        self._words = OPENERS.get(reader.language) or OPENERS["en"]
        lines = [event for event in seen if isinstance(event, Said)]
        self._said = {normal(event.text) for event in lines}
        self._turn = sum(event.actor == who.id for event in lines)
        present = state.here("character")
        here = world.turned_to([who for who in present if not state.is_muted(who)] or present)
        spoke = next((event.actor for event in reversed(lines) if event.actor in here), here[0])
        self._cast = [spoke, *(one for one in here if one != spoke)]

    def chosen(self) -> list[Suggestion]:
        """One of each source first, then what is left of them."""
        cards = [self._asked(one) for one in self._cast]
        things, scene = list(self._requests()), list(self._proposed())
        # Who comes in is greeted by a character at once, and is to be welcomed all the same.
        now = sorted(self._happened(), key=lambda line: line.about != "arrival")
        first = cards[0] if cards[0] else [line for lines in cards for line in lines]
        others = [line for lines in cards[1:] for line in lines]
        if self._turn == 0:
            order = [scene, first, scene[1:], now]
        else:
            order = [now, first, things if self._turn % 2 else others, others, things]
        heads = [line for source in order for line in source[:1]]
        return self._some([*heads, *first, *others, *scene, *now, *self._firsts(), *things])

    def _some(self, lines: Iterable[Suggestion]) -> list[Suggestion]:
        found: dict[str, Suggestion] = {}
        for line in lines:
            key = normal(line.text)
            taken = line.thing and any(one.thing for one in found.values())
            if key and key not in self._said and key not in found and not taken:
                found[key] = line
            if len(found) == MOST:
                break
        return list(found.values())

    # sources --------------------------------------------------------------------------------------------------------

    def _asked(self, member: str) -> list[Suggestion]:
        """What this character can be asked, from another place of its card each time."""
        card = self._world.character(member)
        if card is None:
            return []
        found = []
        for question in askable(card, self._world.characters.values(), self._known):
            worded = [self._worded(card, text) for text in question.texts]
            every = {normal(text) for text in question.texts} | {normal(text) for text in worded if text}
            if not every & self._said and (line := next(filter(None, worded), "")):
                found.append(Suggestion(line, "card", member))
        return _rotated(found, self._turn)

    def _worded(self, card: Character, text: str) -> str:
        """The text in the reader's language; empty where the card has it in another one only."""
        if other := self._reader.characters.get(card.id, {}).get(text):
            return other
        return text if card.language.partition("-")[0].lower() == self._reader.language else ""

    def _happened(self) -> Iterator[Suggestion]:
        """What goes on from what one perceived since one last spoke, the newest first."""
        for event in reversed(self._seen[-_JUST_NOW:]):
            if isinstance(event, Said) and event.actor == self._who.id:
                return
            if event.to is None:  # of a whisper nothing is said aloud
                yield from self._after(event)

    def _after(self, event: Event) -> Iterator[Suggestion]:
        own = event.actor == self._who.id
        match event:
            case Entered() if event.who != self._who.id and not is_character(event.who):
                yield from self._spoken(lambda words: words.arrived, "arrival", event.who)
            case Said() if event.actor in self._cast:
                yield from self._answers(event)
            case Used() if own and not event.failed:
                yield from self._spoken(lambda words: words.mine, "deed", self._cast[0], thing=True)
            case Used() if is_character(event.actor) and not event.failed:
                yield from self._spoken(lambda words: words.did, "deed", event.actor, thing=True)
            case Happened() if event.telling and event.prop:
                yield from self._spoken(lambda words: words.happened, "deed", self._cast[0], thing=True)

    def _answers(self, event: Said) -> Iterator[Suggestion]:
        if event.text.rstrip(_CLOSING).endswith(_QUESTION):
            yield from self._spoken(lambda words: words.asked, "talk", event.actor)
            return
        mood = self._words.moods.get(self._state.people.get(event.actor, {}).get("emotion", ""), "")
        if mood:
            yield from self._spoken(lambda _: (mood,), "talk", event.actor, turn=0)
        yield from self._spoken(lambda words: words.told, "talk", event.actor)

    def _spoken(
        self, which: Callable[[Openers], tuple[str, ...]], about: About, to: str, *, thing: bool = False, turn: int = -1
    ) -> Iterator[Suggestion]:
        """Lines of the language to somebody who is here, another one first each time."""
        if not self._state.is_here(to):
            return
        for line in _rotated(which(self._words), self._turn if turn < 0 else turn):
            text = line.format(name=self._state.name(to))
            if normal(text) not in self._said:
                yield Suggestion(text, about, to, thing)

    def _firsts(self) -> Iterator[Suggestion]:
        for member in self._cast:
            yield from self._spoken(lambda words: words.first, "first", member)

    def _proposed(self) -> list[Suggestion]:
        """The first lines of the scene's author, as long as one has said nothing."""
        scene = self._world.scene
        if self._turn:
            return []
        spoken = scene.language.partition("-")[0].lower() == self._reader.language
        told_so = [(text, self._reader.scene.get(text, text if spoken else "")) for text in scene.suggestions]
        lines = [Suggestion(shown, "scene", thing=self._is_of_a_thing(text)) for text, shown in told_so if shown]
        one = next((line for line in lines if line.thing), None)
        return [line for line in lines if not line.thing or line is one]

    def _requests(self) -> Iterator[Suggestion]:
        """One deed of each thing that is possible now. What one does there oneself and what needs words is left out:
        nobody is asked to move a piece or to write in one's name."""
        firsts: dict[str, Any] = {}
        for option in options(self._state, self._world, self._who):
            rules = self._world.props[option.prop]
            if not option.text and not rules.personal and len(option.label) <= _LONGEST_LABEL:
                firsts.setdefault(option.prop, option)
        for option in _rotated(list(firsts.values()), self._turn):
            texts = self._reader.props.get(option.prop, {})
            label = told(texts, option.label, self._world.props[option.prop].verbatim) if texts else option.label
            text = self._words.request.format(name=self._state.name(self._cast[0]), deed=deed(label))
            if normal(text) not in self._said:
                yield Suggestion(text, "thing", self._cast[0], thing=True)

    # what is known --------------------------------------------------------------------------------------------------

    @property
    def _known(self) -> list[str]:
        """Whatever names the visitor has read or heard."""
        scene, state = self._world.scene, self._state
        texts = [scene.title, scene.line, scene.description, scene.prologue]
        for member in self._cast:
            card = self._world.characters.get(definition_id(member))
            texts += [card.name, card.line, card.appearance] if card else []
        texts += [body["name"] for body in state.props.values()]
        texts += [rules.line for prop, rules in self._world.props.items() if prop in state.props]
        texts += [state.name(who) for who in state.here()]
        return texts + [event.text for event in self._seen if isinstance(event, Said)]

    def _is_of_a_thing(self, text: str) -> bool:
        """Whether a line names a thing, or asks for something that can be done with one."""
        possible = options(self._state, self._world, self._who)
        menu = [MenuItem(one.id, one.label, one.words, one.also) for one in possible]
        names = [word for one in self._state.props.values() for word in (one["name"], one["kind"].replace("_", " "))]
        return bool(first_word(names, text) or asked_for(text, menu, language=self._world.scene.language))


def _rotated(lines: Sequence[_Line], by: int) -> list[_Line]:
    at = by % len(lines) if lines else 0
    return [*lines[at:], *lines[:at]]


def deed(label: str) -> str:
    """A label as a part of a sentence: without what stands in brackets, and without its capital."""
    for opens, closes in _BRACKETS:
        before, bracket, rest = label.partition(opens)
        if bracket and closes in rest:
            label = f"{before.rstrip()}{rest.partition(closes)[2]}"
    return label[0].lower() + label[1:] if label[:1].isupper() and label[1:2].islower() else label
