"""What a plain card lacks, made from what is there: facts from its prose, examples from facts, orders that code can see
to, a reminder, a few lines for when there is no answer.

Pure, and never written into the author's file. It yields item by item: what the author wrote stays, and what says the
same as something written is not made. A card with examples of its own shows how it talks and gets no lines of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openroom.core.character import Character, Fact, Knowledge, Voice
from openroom.core.harness import EXAMPLES, Example, Harness
from openroom.language.addressed import addressed
from openroom.language.attributes import Told, from_attributes, prose
from openroom.language.data.made.made import MADE
from openroom.language.data.made.parts import Made, fallbacks
from openroom.language.detect import detect
from openroom.language.honesty import asks_what_you_are
from openroom.language.orders import Order, Orders, read_orders
from openroom.language.own_words.english_them import pronouns_in
from openroom.language.own_words.first_person import first_person
from openroom.language.secrets import marked_secrets, says_secret
from openroom.language.sentences import sentences
from openroom.language.slips import asks_who
from openroom.language.text import first_word, normal
from openroom.language.words import content

MADE_KIND = "made"
"""The kind of a fact that was made: it stands in the persona already, so the stable prompt does not tell it again."""
_SHOWS_ITSELF = 3
"""A card with so many examples shows how it talks, and the understudy can live of them."""
_MOST_FACTS = 20
_FEW_FACTS = 4
_MOST_ASKS = 6
_MOST_EXAMPLES = 9
_FROM_FACTS = 4
_ALIKE = 0.6
_LONGEST_SAID = 170
_ANYBODY = "nothing: it suits anybody"
_LATE = 1990
_ABOUT_A_SCENE = re.compile(r"\s*(?:Scenario|Personality): ")
"""How an imported card names what of its fields is no description."""
_ABOUT_NOW = re.compile(r"(?:today|now|present|modern|contemporary|heute|hoy|现在|现代|現代|今)", re.IGNORECASE)
_NO_WORDS = re.compile(
    r"\b(?:can(?:not|'t)|can't|does not|doesn't|do not|don't|never) (?:speak|talk|use words)|\bonly (?:purr|meow|bark|"
    r"chirp|beep|growl|squeak)s?\b|\bmute\b|\bkein Wort\b|\bstumm\b|\bmud[oa]\b|哑|不会说话|話せない|しゃべれない",
    re.IGNORECASE,
)


_RELATIVE = {
    "she": r"\byour (daughter|sister|mother|wife|aunt|niece|grandmother)\b",
    "he ": r"\byour (son|brother|father|husband|uncle|nephew|grandfather)\b",
}
"""Who an English card means with "she" or "he", where it has just told of one such."""


@dataclass(frozen=True, slots=True)
class MadeItem:
    """One thing that was made: its place in a card (``facts.made_1``), its text, and what it was made from."""

    key: str
    text: str
    source: str


@dataclass(frozen=True)
class Completed:
    """A card with what was made for it. ``written`` are the lines that its author wrote for it to say; ``until_named``:
    its form of address is for those who have not told a name."""

    of: Character
    character: Character
    examples: tuple[Example, ...]
    more: tuple[Example, ...]
    """Further exchanges, for who plays from lines alone and reads no prompt."""
    reminder: str
    most_sentences: int
    until_named: bool
    by_name: bool
    """Whether it speaks of itself by its name."""
    written: tuple[str, ...]
    made: tuple[MadeItem, ...]

    @cached_property
    def told(self) -> Mapping[str, str]:
        """By the id of a fact, the fact in the first person, where it can safely be put so; else as the author has it
        told. A line that answers a question ("Shoes? Not since April.") says little where it stands alone."""
        code = _language(self.of)
        said = {fact.id: _as_said(fact, self.character, code) or fact.say for fact in self.character.facts}
        return {id: line for id, line in said.items() if line}

    @cached_property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """(what is said to it, what it has ready to that): of its facts, where they can safely be put so, and of its
        repertoire."""
        said = ((fact, fact.say or self.told.get(fact.id, "")) for fact in self.character.facts)
        facts = ((question, line) for fact, line in said if line for question in fact.ask)
        return (*facts, *((heard, one.say) for one in self.character.repertoire for heard in one.heard))

    @cached_property
    def feelings(self) -> Mapping[str, str]:
        """The author's feeling for lines of the repertoire that have one."""
        return {one.say: one.emotion for one in self.character.repertoire if one.emotion}

    @property
    def shows_itself(self) -> bool:
        """Whether its author's examples show how it talks."""
        return len(self.of.examples) >= _SHOWS_ITSELF

    def harness(self, given: Harness) -> Harness:
        """A version as it is played: with made examples where it has few, with the reminder where it has none, and no
        longer than the card orders. What it has itself stays."""
        guards: dict[str, Any] = {}
        if self.reminder and not given.guards.reminder:
            guards["reminder"] = self.reminder
        if given.guards.facts_at_hand is None and any(fact.kind == MADE_KIND for fact in self.character.facts):
            guards["facts_at_hand"] = 1
        usual = self.of.voice.max_sentences + 1
        if self.most_sentences and given.guards.max_sentences == usual and not self.of.guards.max_sentences:
            guards["max_sentences"] = self.most_sentences
        update: dict[str, Any] = {"guards": given.guards.model_copy(update=guards)} if guards else {}
        if fresh := self._examples_beside(given):
            update["examples"] = (*given.examples, *fresh)
        return given.model_copy(update=update) if update else given

    def _examples_beside(self, given: Harness) -> tuple[Example, ...]:
        if EXAMPLES not in given.order or len(given.examples) >= _SHOWS_ITSELF:
            return ()
        room, ids = _MOST_EXAMPLES - len(given.examples), {one.id for one in given.examples}
        heard = [one.heard for one in given.examples]
        fresh = [one for one in self.examples if one.id not in ids and not _like_any(one.heard, heard)]
        return tuple(fresh[:room])


def completed(character: Character) -> Completed:
    """The card with what can be made of it; what it lacks and nothing can be made of stays away."""
    code = _language(character)
    orders = read_orders([character.persona, *character.rules, character.voice.register_], code)
    made: list[MadeItem] = []
    plain = len(character.examples) < _SHOWS_ITSELF
    facts = tuple(_facts(character, code, made))
    voice = _voice(character, orders, code, made, plain=plain)
    knowledge = _knowledge(character.knowledge, orders, made)
    update = {"voice": voice, "knowledge": knowledge, "facts": (*character.facts, *facts)}
    whole = character.model_copy(update=update)
    speaks = plain and not _NO_WORDS.search(character.persona) and code in MADE
    examples = tuple(_examples(whole, code, made)) if speaks else ()
    more = tuple(_more(whole, examples, code)) if speaks else ()
    most = int(orders.sentences.value) if orders.sentences else 0
    if orders.sentences and not character.guards.max_sentences:
        made.append(MadeItem("guards.max_sentences", str(most), orders.sentences.source))
    reminder = _reminder(whole, most) if plain and not character.guards.reminder else ""
    if reminder:
        made.append(MadeItem("guards.reminder", reminder, "voice.address, knowledge, the number of sentences"))
    written = (
        character.greeting,
        *character.greetings,
        *character.voice.fallbacks,
        *character.voice.doing,
        *(e.say for e in character.examples),
        *(fact.say for fact in character.facts if fact.say),
        *(one.say for one in character.repertoire),
    )
    return Completed(
        character, whole, examples, more, reminder, most, orders.until_named, orders.by_name, written, tuple(made)
    )


def _language(character: Character) -> str:
    """What a card is written in: as it says, unless it says nothing and its prose tells otherwise."""
    own = character.language.partition("-")[0].lower()
    told = detect(character.persona)
    return told if own == "en" and told in MADE else own


# facts


def _facts(character: Character, code: str, made: list[MadeItem]) -> Iterator[Fact]:
    """Facts that the prose tells, in the first person, where the author listed few; no secrets."""
    if code not in MADE or len(character.facts) >= _FEW_FACTS:
        return
    kept = [word for secret in character.secrets for word in secret.words]
    known, ids = [fact.text for fact in character.facts], {fact.id for fact in character.facts}
    for told in _told(character, code):
        if first_word(kept, told.source) or _like_any(told.text, known) or len(known) >= _MOST_FACTS:
            continue
        known.append(told.text)
        id = f"made_{len(known)}"
        if id in ids:
            continue
        made.append(MadeItem(f"facts.{id}", told.text, told.source))
        yield Fact(id=id, text=told.text, kind=MADE_KIND, ask=told.asks)


def _told(character: Character, code: str) -> Iterator[Told]:
    yield from (told for told in from_attributes(character.persona, code) if not says_secret(told.source))
    marked = marked_secrets(character.persona)
    secrets = "\n".join(character.persona[one.start : one.end] for one in marked)
    pronouns = _pronouns(character, code)
    for line, listed in prose(character.persona):
        if not listed and _ABOUT_A_SCENE.match(line):
            continue
        for sentence in sentences(line):
            if says_secret(sentence) or sentence in secrets:
                continue
            for part in _parts(sentence):
                if text := first_person(part, character.name, pronouns, code):
                    yield Told(text, asks_for(text, code), part)


def _pronouns(character: Character, code: str) -> str:
    """The character's pronouns: as the card says, else as its prose does."""
    return character.pronouns or (pronouns_in(character.persona) if code == "en" else "")


def _parts(sentence: str) -> Iterator[str]:
    """The parts of a sentence that could stand alone; who "she" is after "your daughter ...;" is said."""
    before = ""
    for part in re.split(r"[;；]\s*", sentence):
        found = re.findall(_RELATIVE[part[:3].lower()], before.lower()) if part[:3].lower() in _RELATIVE else []
        named = f"Your {found[0]}{part[part.index(' ') :]}" if len(set(found)) == 1 else part
        before = part
        yield named


def asks_for(text: str, code: str) -> tuple[str, ...]:
    """Questions that a sentence in the first person answers."""
    asked: dict[str, None] = {}
    for pattern, questions in MADE[code].asks if code in MADE else ():
        if found := re.search(pattern, text):
            group = next((part for part in found.groups() if part), "")
            asked |= dict.fromkeys(question.replace("{1}", group) for question in questions)
    return tuple(asked)[:_MOST_ASKS]


# examples


def _examples(character: Character, code: str, made: list[MadeItem]) -> Iterator[Example]:
    """Exchanges from facts, and a few that suit anybody; none that is like one of the author's."""
    heard = [one.heard for one in character.examples]
    for number, (asked, said, source, emotion) in enumerate(_exchanges(character, code), 1):
        if _like_any(asked, heard) or len(heard) >= _MOST_EXAMPLES:
            continue
        heard.append(asked)
        spoken = addressed(said, character.voice.address, code, ())
        example = Example(id=f"made_{number}", heard=asked, say=spoken, emotion=emotion)
        made.append(MadeItem(f"examples.{example.id}", f"{asked} - {spoken}", source))
        yield example


def _more(character: Character, examples: Iterable[Example], code: str) -> Iterator[Example]:
    """What the prompt has no room for: every question about every fact, and greetings by the time of day."""
    heard = {normal(one.heard) for one in character.examples} | {normal(one.heard) for one in examples}
    facts = ((ask, said) for fact in character.facts if (said := _as_said(fact, character, code)) for ask in fact.ask)
    pairs = (*facts, *((asked, said) for asked, said, *_ in _exchanges(character, code)), *MADE[code].greets)
    for number, (asked, said) in enumerate(pairs, 1):
        if normal(asked) not in heard and not asks_what_you_are(asked, character.name):
            heard.add(normal(asked))
            yield Example(id=f"more_{number}", heard=asked, say=addressed(said, character.voice.address, code, ()))


def _exchanges(character: Character, code: str) -> Iterator[tuple[str, str, str, str]]:
    """(what is heard, what is said, what it was made from, with which feeling). A small model answers as these do:
    where all are questions about itself, it answers a remark with who it is, and is calm at bad news; who it is stands
    at the top of its prompt."""
    words = MADE[code]
    asked: set[str] = set()
    for fact in character.facts:
        question = next((one for one in fact.ask if not asks_what_you_are(one, character.name)), "")
        said = "" if asks_who(question, code) else _as_said(fact, character, code)
        if said and question and normal(question) not in asked and len(asked) < _FROM_FACTS:
            asked.add(normal(question))
            yield question, said, f"facts.{fact.id}", ""
    yield from _not_known(character.knowledge, words)
    for heard, said, emotion in words.remarks:
        yield heard, said, _ANYBODY, emotion if emotion in character.emotions.can else ""
    for heard, said in (words.hello, words.thanks, words.bye):
        yield heard, said, _ANYBODY, ""


def _as_said(fact: Fact, character: Character, code: str) -> str:
    said = fact.text if fact.kind == MADE_KIND else ""
    if not said:
        whole = re.split(r"[;；]\s*", fact.text)[0]
        said = first_person(whole, character.name, _pronouns(character, code), code)
        said = said if not fact.answer or first_word(fact.answer, said) else ""
    return said if len(said) <= _LONGEST_SAID else ""


def _not_known(knowledge: Knowledge, words: Made) -> Iterator[tuple[str, str, str, str]]:
    topics = [*knowledge.unknown[:1]]
    if not topics and knowledge.until is not None and knowledge.until < _LATE:
        topics = [words.later]
    for topic in topics:
        yield words.asks_of.replace("{topic}", topic), words.puzzled[0], "knowledge", ""


# voice, knowledge, reminder


def _voice(character: Character, orders: Orders, code: str, made: list[MadeItem], *, plain: bool) -> Voice:
    voice, update = character.voice, dict[str, Any]()
    if not voice.address and orders.address:
        update["address"] = orders.address.value
        made.append(MadeItem("voice.address", orders.address.value, orders.address.source))
    for key, found in (("never_address", orders.never_address), ("banned", orders.banned)):
        if fresh := _fresh(getattr(voice, key), found, f"voice.{key}", made):
            update[key] = (*getattr(voice, key), *fresh)
    if voice.length == "short" and orders.sentences and int(orders.sentences.value) > voice.max_sentences:
        update["length"] = "medium" if int(orders.sentences.value) <= 4 else "long"
        made.append(MadeItem("voice.length", update["length"], orders.sentences.source))
    if not voice.fallbacks and plain and code in MADE and not _NO_WORDS.search(character.persona):
        update["fallbacks"] = fallbacks(MADE[code])
        made += [MadeItem("voice.fallbacks", line, _ANYBODY) for line in update["fallbacks"]]
    return voice.model_copy(update=update) if update else voice


def _knowledge(knowledge: Knowledge, orders: Orders, made: list[MadeItem]) -> Knowledge:
    update = dict[str, Any]()
    if knowledge.until is None and (year := _year(knowledge, orders)):
        update["until"] = int(year.value)
        made.append(MadeItem("knowledge.until", year.value, year.source))
    if not knowledge.period and not knowledge.until and orders.until:
        update["period"] = orders.until.value
        made.append(MadeItem("knowledge.period", orders.until.value, orders.until.source))
    if fresh := _fresh(knowledge.unknown, orders.unknown, "knowledge.unknown", made):
        update["unknown"] = (*knowledge.unknown, *fresh)
    return knowledge.model_copy(update=update) if update else knowledge


def _year(knowledge: Knowledge, orders: Orders) -> Order | None:
    """The year a card lives in: in its prose, or in the words of its period, where these name but one."""
    years = re.findall(r"(?<!\d)(?:1\d{3}|20\d\d)(?!\d|s\b)", knowledge.period)
    return Order(years[0], f"knowledge.period: {knowledge.period}") if len(years) == 1 else orders.until


def _fresh(written: Iterable[str], found: Iterable[Order], key: str, made: list[MadeItem]) -> tuple[str, ...]:
    known = {normal(one) for one in written}
    fresh = {normal(order.value): order for order in found if normal(order.value) not in known}
    made += [MadeItem(key, order.value, order.source) for order in fresh.values()]
    return tuple(order.value for order in fresh.values())


def _reminder(character: Character, most: int) -> str:
    """What is ordered and soon forgotten, in a line before each answer; empty where nothing is."""
    voice, knows = character.voice, character.knowledge
    parts = [f'Call whom you speak to "{voice.address}".'] if voice.address else []
    if knows.until is not None:
        parts.append(f"It is {knows.until}: what came later you never heard of.")
    elif knows.period and not _ABOUT_NOW.match(knows.period):
        parts.append(f"Your time: {knows.period[:120].rstrip('.')}.")
    if most:
        parts.append(f"At most {most} sentence{'s' if most > 1 else ''}.")
    return " ".join(parts)


def _like_any(text: str, others: Iterable[str]) -> bool:
    return any(_alike(text, other) for other in others)


def _alike(one: str, other: str) -> bool:
    if normal(one) == normal(other):
        return True
    first, second = content(one), content(other)
    return bool(first and second) and len(first & second) >= _ALIKE * len(first | second)
