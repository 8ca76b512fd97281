"""What functions over text do with a line where they take more than lines (tests/test_long_lines.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from openroom.cards import (
    base64text,
    draft,
    examples,
    fitting,
    jsontext,
    lore_card,
    lore_decorators,
    lore_forms,
    lore_world,
    ours,
)  # fmt: skip
from openroom.cards import character as card_character
from openroom.cards.notes import Report
from openroom.cast.turn import contract, deeds, facts, greeting, prompt, sent
from openroom.core import chance, completed, condense, macros
from openroom.core.character import Character, Fact
from openroom.core.choices import Option
from openroom.evals import lexicon
from openroom.language import (
    addressed,
    aloud,
    attributes,
    by_name,
    feelings,
    finding,
    likeness,
    loops,
    matching,
    orders,
    own_name,
    sentences,
    shortening,
    slips,
    text,
    told,
    unknowns,
    words,
)  # fmt: skip
from openroom.language.addressed import Addressing
from openroom.language.own_words import english, english_them, first_person, german, names, spanish, wide
from openroom.language.requests import acts, by_label, clauses, match, menu, naming, wish, wording
from openroom.language.requests import english as english_requests
from openroom.language.requests.item import MenuItem
from openroom.language.sense.moment import Moment
from openroom.language.sense.nonsense import FLAWS, nonsense
from openroom.language.sense.things import Seen
from openroom.memory import episodes, rank
from openroom.memory import facts as memory_facts
from openroom.models.understudy import rotation, understudy, vows
from openroom.ports.memory_rows import Witnessed
from openroom.ports.model import Cue
from openroom.ports.reply import fit, lenient

Work = Callable[[str], object]

MENU = (
    MenuItem("lamp.light", "Light the lamp", ("lamp", "light", "dark"), ("Die Lampe anzünden",)),
    MenuItem("gramophone.play:dusk", "Play Dusk (slow)", ("music", "song")),
)
OPTION = Option("lamp.light", "lamp", "Lamp", "light", "Light the lamp", words=("lamp", "light", "dark"))
FACTS = [Fact(id="lamp", text="The lamp was her mother's.", ask=("Whose lamp is it?",))]
VERBS = frozenset(map(words.stem, ("light", "play")))
THINGS = frozenset(map(words.stem, ("lamp", "music")))
REPLY = {"properties": {"say": {"type": "string"}, "turn": {"type": "integer"}}}
LONGEST_GREETING = 2000
SPOKEN = 400
"""`openroom.server.api.speech` takes no longer pieces."""
HEARD = 600
"""`openroom.language.requests.match.asked_for` hands on so much of a line."""
TOLD = 220
"""`openroom.language.own_words.first_person.first_person` hands on so much of a sentence."""
CODES = tuple(slips.SLIPS)
ORDERS = {"en": "Please light the lamp.", "de": "Mach bitte die Lampe an.", "ja": "ランプをつけてください。"}
"""An order in each language: what is begun with it is read in that one."""
VALUES = macros.Values("Mira", "Ann", "", "noon", "today", "Monday", "seed", "stable")
ADDRESSING = Addressing("captain", "en", names=("Ann",), never=("sir",), written=("Good evening, captain.",))


def book_of(line: str) -> dict[str, Any]:
    """A card's lorebook with one entry."""
    return {"entries": [{"keys": [line], "content": f"@@depth 3\n@@x {line}\n{line}", "extensions": {"x": line}}]}


def lore_of(line: str) -> dict[str, Any]:
    """The same in its native form."""
    return lore_card.from_card_book(book_of(line)).lore


def witnessed(line: str) -> Witnessed:
    return Witnessed("tea", 7, 1, "player:ann", "Ann", line)


def greeter(line: str) -> Character:
    """As an author may have written one: a greeting has a length of its own."""
    said = line[:LONGEST_GREETING]
    return Character(format=1, id="mira", name="Mira", line="A host.", persona="She waits.", greeting=said)


def moment(line: str, code: str = "en") -> Moment:
    """A character in a room, which are their author's, and a line that it answers."""
    return Moment(
        name="Mira Wolf",
        heard=line,
        visitor="Ann",
        others=("Ann", "Ben"),
        known_as="Mira",
        language=code,
        persona="You are Mira, who keeps a tea room by the river. Your mother left you the lamp.",
        facts=("The lamp was her mother's.",),
        authored=("Good evening. The kettle is on.", "Sit by the stove a while."),
        things=(
            Seen("lamp", "Lamp", (frozenset({"off"}),), never=("bloom", "boiling"), passed=("Grey Harbour",)),
            Seen("door", "Front door", (frozenset({"closed"}),), left=("The Long Way",)),
        ),
        notes=("(The lamp is dark, and it smells of tea.)", f"({line})"),
        hedges=("I see.",),
        script=("Ben: he repairs clocks in the next street and comes by at dusk.",),
        examples=("The kettle has been on since noon.",),
        strict=True,
    )


def in_codes(work: Callable[[str, str], object]) -> Work:
    """What is done in each language that has slips of its own."""
    return lambda line: [work(line, code) for code in CODES]


def held_against(flaw: Callable[[Moment, str, str], object]) -> Work:
    """A reply held against a line: both of the same, and of others."""

    def look(line: str) -> list[object]:
        heard = {code: f"{order} {line}" for code, order in ORDERS.items()}
        alike = [flaw(moment(one, code), f"{line} I see.", code) for code, one in heard.items()]
        return [*alike, flaw(moment(line[::-1]), line, "en")]

    return look


LINES: Mapping[str, Work] = {
    "language.finding.excerpt": lambda line: finding.excerpt(line, finding.needles(f"{line[:40]} lamp 茶")),
    "language.finding.holds": lambda line: finding.holds(line, finding.needles(f"{line[:40]} lamp 茶")),
    "language.finding.places": lambda line: finding.places(line, finding.needles(f"{line[:40]} lamp 茶")),
    "cast.turn.contract.opening_anew": lambda line: contract.opening_anew({"properties": {}}, [line]),
    "cast.turn.contract.read": lambda line: contract.read({"say": line, "do": [line], "write": line}, (), (), line),
    "cast.turn.contract.written": lambda line: contract.written(line, "calm", [line]),
    "cast.turn.deeds.claimed": lambda line: deeds.claimed(line, (OPTION,)),
    "cast.turn.facts.asked_about": lambda line: facts.asked_about(FACTS, line, 2),
    "cast.turn.greeting.choose": lambda line: greeting.choose(greeter(line), [line], str),
    "cast.turn.greeting.face": lambda line: greeting.face(greeter(line), line),
    "cast.turn.prompt.fact_note": lambda line: prompt.fact_note([line]),
    "cast.turn.prompt.memory_note": lambda line: prompt.memory_note([line]),
    "cast.turn.prompt.secret_note": lambda line: prompt.secret_note([line], line),
    "cast.turn.sent.choice_of": lambda line: sent.choice_of(
        Cue(lines=((line, f"{line}."),), fallbacks=(f"{line}, sir",), address="sir"), line
    ),
    "cast.turn.prompt.unknown_note": lambda line: prompt.unknown_note([line]),
    "evals.lexicon.find_affirmed": lambda line: lexicon.find_affirmed(("coffee", "a", "你"), line),
    "evals.lexicon.find_pattern": lambda line: [lexicon.find_pattern(one, line) for one in lexicon.lexicon().patterns],
    "evals.lexicon.find_word": lambda line: lexicon.find_word(("lamp", line), line),
    "language.aloud.is_piece_of": lambda line: aloud.is_piece_of(line[:SPOKEN], line),
    "language.feelings.feelings": lambda line: feelings.feelings(line, line),
    "language.matching.same_matter": lambda line: matching.same_matter(line, line[1:], "en"),
    "language.matching.other_matter": lambda line: matching.other_matter(line, line[1:], "en"),
    "language.matching.surely_meant": lambda line: matching.surely_meant(line, line[1:], "en", 0.5, 0.6),
    "language.likeness.same": lambda line: likeness.same(line, line + "a"),
    "language.requests.acts.act": lambda line: acts.act(line, VERBS, bare=THINGS),
    "language.requests.acts.any_left": lambda line: acts.any_left(line, THINGS),
    "language.requests.acts.is_order": lambda line: acts.is_order(line.split(), VERBS),
    "language.requests.by_label.by_label": lambda line: by_label.by_label(f"{line} light the lamp {line}", MENU),
    "language.requests.clauses.clauses_of": lambda line: clauses.clauses_of(line, menu.menu_of(MENU)),
    "language.requests.english.english_request": lambda line: english_requests.english_request(
        line, clauses.clauses_of(line[:HEARD], menu.menu_of(MENU)), menu.menu_of(MENU), 2
    ),
    "language.requests.match.asked_for": lambda line: [
        match.asked_for(line, MENU, language=code) for code in ("en", "de", "ja")
    ],
    "language.requests.menu.things_in": lambda line: menu.things_in(line.split()),
    "language.requests.naming.deeds_in": lambda line: naming.deeds_in(tuple(line.split())),
    "language.requests.naming.phrased": lambda line: naming.phrased(tuple(line.split())),
    "language.sentences.cut_to": lambda line: sentences.cut_to(line, 100),
    "language.shortening.goes_on": lambda line: [shortening.goes_on(line, at, at + 1, whole=False) for at in (3, 9)],
    "language.requests.wish.stems_of": lambda line: wish.stems_of(line.split(), "de"),
    "language.requests.wish.wish_of": lambda line: [wish.wish_of(line, code) for code in ("de", "ja")],
    "language.requests.wish.wish_of_item": lambda line: wish.wish_of_item(MenuItem("a.b", line, (line,)), "de"),
    "language.text.ends": lambda line: text.ends(line, 100),
    "language.text.first_word": lambda line: text.first_word(("lamp", line), line),
    "language.text.mentions": lambda line: text.mentions(line, {"a": "Mira Wolf", "b": line[:60]}),
    "memory.episodes.episode": lambda line: episodes.episode(episodes.Exchange([witnessed(line)]), "character:mira"),
    "memory.episodes.exchanges": lambda line: list(episodes.exchanges([witnessed(line)], "character:mira")),
    "memory.facts.stated": lambda line: memory_facts.stated(
        "character:mira", witnessed(line), "Mira", ["The lamp was her mother's."], set()
    ),
    "memory.rank.beyond_usual": lambda line: rank.beyond_usual([0.3], [line]),
    "ports.reply.fit.fit": lambda line: fit.fit({"say": [line], "turn": line}, REPLY),
    "ports.reply.lenient.read_string": lambda line: lenient.read_string(f'"{line}'),
    "models.understudy.rotation.rotate": lambda line: rotation.rotate(
        ("Well, {speaker}.", "Go on."), Cue(heard=line, speaker=line, said=(line,), emotions=())
    ),
    "models.understudy.rotation.unsaid": lambda line: rotation.unsaid(
        [line, f"{line}!"], Cue(heard=line, said=(line,))
    ),
    "models.understudy.rotation.was_said": lambda line: rotation.was_said(line, Cue(heard=line, said=(f"{line} so",))),
    "models.understudy.rotation.fill": lambda line: rotation.fill("Well, {speaker}.", {"speaker": line}),
    "models.understudy.vows.refusal": in_codes(
        lambda line, code: vows.refusal(Cue(heard=f"Please {line}", told=(f"I never {line}",)), code)
    ),
    "models.understudy.face.face": lambda line: understudy.face(Cue(heard=line, emotions=("calm", "happy")), line, ()),
}

SLIPS: Mapping[str, Work] = {
    "language.slips.asks_leave": in_codes(slips.asks_leave),
    "language.slips.asks_name": in_codes(slips.asks_name),
    "language.slips.asks_who": in_codes(slips.asks_who),
    "language.slips.calls_itself": in_codes(lambda line, code: slips.calls_itself(line, "Mira", code)),
    "language.slips.claims": in_codes(lambda line, code: slips.claims(f"{line} lamp {line}", ("lamp", "a"), code)),
    "language.slips.given_back": in_codes(lambda line, code: slips.given_back(f"Stop. {line}", f"{line} Go.", code)),
    "language.slips.is_lost": in_codes(slips.is_lost),
    "language.slips.is_sorry": in_codes(slips.is_sorry),
    "language.slips.is_vow": in_codes(slips.is_vow),
    "language.slips.gives_in": in_codes(slips.gives_in),
    "language.slips.news": in_codes(slips.news),
    "language.slips.wrong_mood": in_codes(
        lambda line, code: slips.wrong_mood(f"{line} died", f"That's great news. {line}", code)
    ),
    "language.slips.greets": in_codes(slips.greets),
    "language.slips.only_greets": in_codes(slips.only_greets),
    "language.slips.speaks_of_you": in_codes(slips.speaks_of_you),
    "language.slips.is_stock": in_codes(lambda line, code: slips.is_stock(line, "Ann", code)),
    "language.slips.mentions_any": in_codes(lambda line, code: slips.mentions_any(line, ("lamp", "茶"), code)),
    "language.slips.open_question": in_codes(lambda line, code: slips.open_question(line, "Mira", code)),
    "language.slips.other_name": in_codes(lambda line, code: slips.other_name(line, "Mira", code)),
    "language.slips.says_to_be": in_codes(lambda line, code: slips.says_to_be(line, ("Ann", "Ben"), code)),
    "language.slips.says_to_be_a": in_codes(lambda line, code: slips.says_to_be_a(line, "Ann", code)),
    "language.slips.says_to_be_thing": in_codes(lambda line, code: slips.says_to_be_thing(line, ("lamp",), code)),
    "language.slips.says_yes": in_codes(slips.says_yes),
    "language.slips.service": in_codes(lambda line, code: slips.service(line, line, "Ann", code)),
    "language.slips.shares_words": in_codes(lambda line, code: slips.shares_words(line, [line, "lamp"], code)),
    "language.slips.tells_of": in_codes(lambda line, code: slips.tells_of(line, "Mira", code)),
    "language.slips.goes_away": in_codes(slips.goes_away),
    "language.slips.is_asked_for": in_codes(slips.is_asked_for),
    "language.slips.is_unsure": in_codes(slips.is_unsure),
    "language.slips.tells_of_yours": in_codes(lambda line, code: slips.tells_of_yours(f"{line}?", line, "Ann", code)),
    "language.slips.thanks_for_it": in_codes(slips.thanks_for_it),
    "language.slips.words_for": in_codes(slips.words_for),
}
SENSE: Mapping[str, Work] = {
    **{f"{flaw.__module__.removeprefix('openroom.')}.{flaw.__name__}": held_against(flaw) for flaw in FLAWS},
    "language.sense.nonsense.nonsense": held_against(nonsense),
}

CARDS: Mapping[str, Work] = {
    "cards.base64text.decode": lambda line: base64text.decode(line.encode().hex().encode(), "a card", 100_000),
    "cards.character.rule_lines": lambda line: card_character.rule_lines("rules", line, Report(), len),
    "cards.character.fitted": lambda line: card_character.fitted(line, 100, "persona", Report()),
    "cards.draft.draft": lambda line: draft.draft("Mira", {"description": line, "scenario": line}),
    "cards.examples.exchanges": lambda line: examples.exchanges(f"<START>\n{{{{user}}}}: {line}\nMira: {line}", "Mira"),
    "cards.lore_card.from_card_book": lambda line: lore_card.from_card_book(book_of(line)),
    "cards.lore_card.to_card_book": lambda line: lore_card.to_card_book(lore_of(line)),
    "cards.lore_decorators.decorators": lambda line: lore_decorators.decorators(lore_of(line)["entries"][0]),
    "cards.lore_forms.to_foreign": lambda line: lore_forms.to_foreign(lore_of(line), 3),
    "cards.lore_world.from_world": lambda line: lore_world.from_world(
        {"entries": {"0": {"key": [line], "content": line}}}
    ),
    "cards.lore_world.to_world": lambda line: lore_world.to_world(lore_of(line)),
    "cards.fitting.cut": lambda line: fitting.cut(line, len(line) // 2, len),
    "cards.jsontext.loads": lambda line: jsontext.loads(jsontext.dump({"say": line}).decode()),
    "cards.ours.told": lambda line: ours.told({"persona": line, "greeting": line}, greeter(line)),
    "cards.jsontext.load": lambda line: jsontext.load(jsontext.dump({"say": line}), "a card"),
    "cards.lore_forms.book_of": lambda line: lore_forms.book_of({"entries": [{"keys": [line]}]}),
    "core.chance.pick": lambda line: chance.pick(line, line, [line]),
    "core.completed.asks_for": in_codes(completed.asks_for),
    "core.condense.condense": lambda line: condense.condense.__wrapped__(f"{line} " * 10, "Mira", 100),
    "core.condense.is_order": condense.is_order,
    "core.condense.cost_of": lambda line: condense.cost_of(line, (0, len(line))),
    "core.macros.expand": lambda line: macros.expand(line, VALUES),
    "core.macros.filled": lambda line: macros.filled(line, VALUES),
    "core.macros.read_name": lambda line: macros.read_name(line, "mira"),
    "core.macros.read_card": lambda line: macros.read_card({"persona": line, "greeting": line}, "Mira", "mira"),
    "language.addressed.addressed": in_codes(
        lambda line, code: addressed.addressed(line, "captain", code, [line] * 3, names=("Ann",))
    ),
    "language.addressed.asked_name": in_codes(lambda line, code: addressed.asked_name(line, code, introduced=True)),
    "language.addressed.replaced": in_codes(
        lambda line, code: addressed.replaced(f"{line}, sir. {line}", "sir", "captain", code)
    ),
    "language.attributes.from_attributes": in_codes(
        lambda line, code: list(attributes.from_attributes(f"{line}\nAge: {line}\nJob: {line}", code))
    ),
    "language.by_name.named": lambda line: by_name.named(line, "ピム"),
    "language.orders.read_orders": in_codes(lambda line, code: orders.read_orders([line], code)),
    "language.own_words.english.from_you": lambda line: english.from_you(f"You {line}"[:TOLD]),
    "language.own_words.english.words": english.words,
    "language.own_words.english_them.from_them": lambda line: (
        english_them.from_them(f"Mira {line}"[:TOLD], "Mira", "she")
        or english_them.from_them(line[:TOLD], "Mira", "she")
    ),
    "language.own_words.english_them.pronouns_in": english_them.pronouns_in,
    "language.own_words.names.names_of": names.names_of,
    "language.own_words.first_person.first_person": in_codes(
        lambda line, code: first_person.first_person(line, "Mira", "she", code)
    ),
    "language.own_words.german.from_them": lambda line: german.from_them(f"Mira {line}"[:TOLD], "Mira"),
    "language.own_words.german.from_you": lambda line: german.from_you(f"Du {line}"[:TOLD]),
    "language.own_words.spanish.from_them": lambda line: spanish.from_them(f"Mira {line}"[:TOLD], "Mira"),
    "language.own_words.spanish.from_you": lambda line: spanish.from_you(f"Tu {line}"[:TOLD]),
    "language.own_words.wide.chinese": lambda line: wide.chinese(line, "米拉"),
    "language.own_words.wide.japanese": lambda line: wide.japanese(line, "ミラ"),
    "language.requests.wording.lacks_words": in_codes(wording.lacks_words),
    "language.own_name.told_name": in_codes(
        lambda line, code: own_name.told_name([line, f"My name is {line}", f"私の名前は{line}"], code)
    ),
    "language.own_name.known_name": lambda line: own_name.known_name([f"Ann's name is {line}"], "Ann"),
    "language.told.told_again": in_codes(
        lambda line, code: told.told_again(
            f"{line} my work?", [line, f"I am {line}"], [f"Ann likes {line}"], "Ann", code
        )
    ),
    "language.loops.goes_round": loops.goes_round,
    "language.loops.ended": loops.ended,
    "language.unknowns.cannot_know": lambda line: unknowns.cannot_know(line, ("the internet",), 1920),
    "language.unknowns.goes_on_about": in_codes(lambda line, code: unknowns.goes_on_about(f"It {line}", code)),
    "language.unknowns.claims_to_know": in_codes(
        lambda line, code: unknowns.claims_to_know(line, ("internet",), code, first=True)
    ),
}
BY_HAND: Mapping[str, Work] = {**LINES, **SLIPS, **SENSE, **CARDS}

NO_LINE = {
    "cast.turn.greeting.which": "a character and a greeting of its own",
    "cards.condensing.choose": "a whole character",
    "cards.lore_kept.pieces": "changes of a lorebook's entry",
    "cards.lore_shared.put_off": "a whole entry",
    "cards.lore_shared.typed": "a whole book",
    "cards.beside.held_against": "a whole card",
    "cards.beside.put": "a whole card",
    "cards.beside.taken": "a whole card",
    "cards.tavern.with_turns": "a whole card",
    "cast.turn.face.face": "a turn; what it asks of the words is tried",
    "cards.lore_fitting.each": "entries, and who reads them",
    "cards.lore_fitting.settle": "an entry, field by field, each with its bound",
    "cards.tavern.depth_note": "a whole card",
    "cards.tavern.is_note": "a whole card",
    "cards.tavern.with_note": "a whole card",
    "cards.directory.replaced": "the bytes of a zip",
    "cards.portrait.portrait": "a look, key by key, each of them a choice",
    "cards.ours.redefined": "keys of a definition",
    "cards.released.folded": "fields of a card and a version",
    "cards.character.definition": "a whole card, part by part: fitted, exchanges",
    "cards.edits.edits": "a whole card, part by part: fitted, exchanges",
    "cards.character.limit": "a key of ours",
    "cards.convert.converted": "keys of a card",
    "cards.convert.edited": "keys of a card",
    "cards.draft.propose": "draft, and what a model answers: parse_reply",
    "cards.fields.fields_of": "keys of a card",
    **dict.fromkeys(
        (
            "cards.lore_fields.foreign",
            "cards.lore_fields.fresh_id",
            "cards.lore_fields.native",
            "cards.lore_fields.secondary",
            "cards.lore_kept.head_of",
            "cards.lore_kept.left_over",
            "cards.lore_kept.put_back",
            "cards.lore_kept.rest_of",
            "cards.lore_kept.strangers",
            "cards.lore_shared.begun",
            "cards.lore_shared.given_back",
            "cards.lore_shared.headless",
            "cards.lore_shared.keep_entry",
            "cards.lore_shared.keep_rest",
            "cards.lore_shared.only_ours",
            "cards.lore_shared.own_of_book",
            "cards.lore_shared.plain",
            "cards.lore_shared.put_conditions",
            "cards.lore_shared.put_decorated",
            "cards.lore_shared.says_the_same",
            "cards.lore_shared.with_head",
            "cards.lore_shared.write_entry",
        ),
        "from_card_book and to_card_book",
    ),
    "cast.turn.compose.by_author": "facts that were recalled",
    "cast.turn.deeds.without_lacking": "an offer; of what was heard: lacks_words",
    "cast.turn.addressing.unaddressed": "language.addressed.replaced",
    "cast.turn.prompt.stable": "a card and its scene",
    "cards.packed.made": "names of files",
    "cards.png.rewritten": "keywords of chunks",
    "cards.write.write": "keys of a card",
    "cast.turn.contract.schema": "words of a card",
    "cast.turn.cue.cue": "what is remembered already",
    "cast.turn.deeds.offer": "asked_for",
    "cast.turn.greeting.as_written": "a language",
    "cast.turn.secrets.tellable": "ids",
    "cast.turn.sense.recalled": "language.told.told_again",
    "evals.lexicon.claims": "the name of a list",
    "evals.lexicon.patterns": "the name of a list",
    "evals.lexicon.words": "the name of a list",
    "language.data.tongue.deeds": "our own words",
    "language.data.tongue.listed": "our own words",
    "language.data.tongue.words": "our own words",
    "language.requests.wish.lexicon_of": "a language",
    "language.sense.things.seen": "ids and names of things",
    "language.sense.things.ways": "flags of things",
    "language.slips.slips": "a language",
    "language.words.stop_stems": "a language",
    "memory.episodes.extended": "_told, as episode does",
    "memory.episodes.memory_id": "ids",
    "memory.episodes.party": "ids",
    "memory.rank.acquaintance": "a name",
    "memory.rank.fused": "ids",
    "memory.rank.pick_facts": "what is remembered already",
    "memory.rank.scorer": "ids",
    "ports.reply.fit.free_text": "keys of a schema of ours",
    "ports.reply.fit.missing": "keys of a schema of ours",
    "ports.reply.fit.properties": "a schema of ours",
}
"""Functions over texts that no line of people or models is among, and what these are (or where they are read)."""
