"""A card as a character definition, format 1, and edits of that definition back as edits of the card.

What a definition has no place for, or no room, stays whole in the original file; the report says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from openroom.cards.card import Card
from openroom.cards.examples import exchanges
from openroom.cards.notes import Report, counted
from openroom.core.character import EMOTIONS, Character
from openroom.core.macros import read_card, read_name
from openroom.language.detect import detect
from openroom.language.sentences import sentences

_MOST_GREETINGS = 30_000
"""Characters of all greetings together: with more, the file takes its reader too long."""
_PERSONALITY, _SCENARIO = "Personality: ", "Scenario: "
_RULE = 300
_MOST_RULES = 30
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ORIGINAL = re.compile(r"\{\{\s*original\s*\}\}", re.IGNORECASE)
_WORD = re.compile(r"[^a-z0-9_]+")
_ENDS = re.compile("[.!?…。！？\n]")
_BLANKS = re.compile(r"\s")
_OPENS = re.compile(r"\{\{")

Grown = Callable[[str], int]
"""How many characters a text has when its definition is read: ``{{char}}`` may be a longer name by then."""

_LONG, _MEDIUM = 4, 2
"""From so many sentences on what a card says is long, or of medium length."""


def definition(card: Card, slug: str, report: Report) -> dict[str, Any]:
    """The card as the values of ``character.yaml``. What was said of each part goes to ``report``."""
    fields = card.fields
    called = _one_line(fields.nickname) or _one_line(fields.name) or "Nobody"
    values: dict[str, Any] = {"format": 1, "id": slug, "name": called[: limit("name")]}
    if len(shown := read_name(values["name"], slug)) > limit("name"):
        values["name"] = shown[: limit("name")].strip()
    if shown != values["name"]:
        report.convert("name", f"a name is the same for everybody, so its macros became words: {shown}")
    else:
        report.keep("name")
    told, said = _grown(shown, slug, "persona"), _grown(shown, slug, "greeting")
    author = f" by {_one_line(fields.creator)[:80]}" if fields.creator.strip() else ""
    line = f"Came here on a card{author}."
    values["line"] = line if told(line) <= limit("line") else "Came here on a card."
    report.convert("line", "a card has none for visitors; write yours under `line` in character.yaml")
    values["persona"] = _persona(card, called, report, told)
    values["language"] = detect(f"{fields.first_mes} {fields.description}") or "en"
    greetings = _greetings(card, report, said)
    examples = _examples(card, called, report, said)
    values["voice"] = {
        "register": "as the description and the examples have it",
        "length": _length([*greetings, *(one["say"] for one in examples)]),
    }
    values["greeting"] = greetings[0]
    if greetings[1:]:
        values["greetings"] = greetings[1:]
    if examples:
        values["examples"] = examples
    values |= _instructions(card, report, told)
    if words := [one for one in emotions(card) if one not in EMOTIONS]:
        values["emotions"] = {"can": [*EMOTIONS, *words]}
    _tell_the_rest(card, report)
    return values


def emotions(card: Card) -> dict[str, int]:
    """The emotions that the card has pictures of, as ids, and the place of each among its assets."""
    found: dict[str, int] = {}
    for at, ref in enumerate(card.fields.assets):
        word = _WORD.sub("_", ref.name.lower()).strip("_")[:40]
        if ref.type in ("emotion", "expression") and re.match("[a-z]", word):
            found.setdefault(word, at)
    return found


def edits(before: Mapping[str, Any], now: Mapping[str, Any], card: Card, report: Report) -> dict[str, Any]:
    """What somebody changed in a definition since the card became it, as fields of the card."""
    changed: dict[str, Any] = {}
    if now.get("name") != before.get("name") and now.get("name"):
        changed["nickname" if card.fields.nickname.strip() else "name"] = now["name"]
    if now.get("greeting") != before.get("greeting"):
        changed["first_mes"] = str(now.get("greeting", ""))
    if now.get("greetings") != before.get("greetings"):
        changed["alternate_greetings"] = _edited_list(before, now, card)
    if now.get("examples") != before.get("examples"):
        changed["mes_example"] = example_text(now.get("examples") or [])
    if now.get("persona") != before.get("persona"):
        changed |= _persona_edits(str(before.get("persona", "")), str(now.get("persona", "")), card, report)
    told = {"name", "greeting", "greetings", "examples", "persona"}
    for key in sorted({*before, *now} - told):
        if before.get(key) != now.get(key):
            report.drop(key, "edited here; a card has no field for it")
    return changed


def example_text(examples: Sequence[Any]) -> str:
    """Examples of a definition as a card writes them."""
    pairs = [one for one in examples if isinstance(one, dict)]
    return "\n".join(
        f"<START>\n{{{{user}}}}: {one.get('heard', '')}\n{{{{char}}}}: {one.get('say', '')}" for one in pairs
    )


@cache
def limit(key: str) -> int:
    """The most characters that a text of a definition may have, as `Character` has it now."""
    schema = Character.model_json_schema()["properties"][key]
    return int((schema.get("items") or schema)["maxLength"])


def fitted(text: str, most: int, what: str, report: Report, grown: Grown = len) -> str:
    """A text that fits, as written and as long as it has ``grown`` when it is read: whole, or its first sentences. The
    one place where what is too long is made shorter."""
    text = clean(text)
    if len(text) <= most and grown(text) <= most:
        return text
    whole = _cut(text[:most], most, grown)
    report.convert(what, f"of {len(text):,} characters the first {len(whole):,} fit; the original has all of them")
    return whole


def _cut(text: str, most: int, grown: Grown, ends: Sequence[re.Pattern[str]] = (_ENDS, _BLANKS)) -> str:
    """As much of a text as fits: up to the end of a sentence, else of a word, else of whatever stands there; outside of
    its macros, where braces that close nothing do not cost half of it."""

    def last(places: Sequence[int]) -> int:
        at = bisect_right(places, most, key=lambda at: grown(text[:at].strip()))
        return places[at - 1] if at else 0

    def is_whole(at: int) -> bool:
        return text.count("{{", 0, at) == text.count("}}", 0, at)

    hard = last(range(1, len(text) + 1))
    places = [[found.end() for found in end.finditer(text)] for end in ends]
    macros = [found.start() for found in _OPENS.finditer(text, 0, hard)]
    for at in (*(last([at for at in some if is_whole(at)]) for some in places), *macros[-1:]):
        if at > hard // 2 and is_whole(at):
            return text[:at].strip()
    return text[: next(filter(None, map(last, places)), hard)].strip()


def _grown(name: str, slug: str, key: str) -> Grown:
    """The `Grown` of texts under a key of the definition: some keep their ``{{user}}``."""
    return lambda text: len(str(read_card({key: text}, name, slug)[key]).strip())


def clean(text: str) -> str:
    """A text without what a definition cannot hold: control signs, half characters, line ends of other systems."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _persona(card: Card, called: str, report: Report, grown: Grown) -> str:
    fields = card.fields
    parts = [clean(fields.description)]
    full = _one_line(fields.name)
    if fields.nickname.strip() and full and full != called:
        parts.insert(0, f"Your full name is {full}.")
        report.convert("nickname", "it is the name here; the full one stands in the persona")
    for label, text in ((_PERSONALITY, fields.personality), (_SCENARIO, fields.scenario)):
        if text.strip():
            parts.append(label + clean(text))
    whole = "\n\n".join(part for part in parts if part)
    for key in ("description", "personality", "scenario"):
        if card.data.get(key):
            report.convert(key, "into the persona")
    return fitted(whole, limit("persona"), "persona", report, grown) or "You are who your name says."


def _persona_edits(before: str, now: str, card: Card, report: Report) -> dict[str, Any]:
    """The parts of the persona that were changed; one whose label is gone is a part of the description now."""
    old, new = _parts(before), _parts(now)
    fields = {
        "description": card.fields.description,
        "personality": card.fields.personality,
        "scenario": card.fields.scenario,
    }
    changed = {}
    for key, whole in fields.items():
        if old[key] != new[key]:
            changed[key] = new[key]
            if len(old[key]) < len(clean(whole)):
                report.convert(key, "it had been made shorter here, and was edited: the edited text stands alone now")
    return changed


def _parts(persona: str) -> dict[str, str]:
    found = {"description": "", "personality": "", "scenario": ""}
    key = "description"
    for part in persona.split("\n\n"):
        for name, label in (("personality", _PERSONALITY), ("scenario", _SCENARIO)):
            if part.startswith(label) and not found[name]:
                key, part = name, part.removeprefix(label)
        if not (key == "description" and part.startswith("Your full name is ") and not found[key]):
            found[key] = f"{found[key]}\n\n{part}" if found[key] else part
    return found


def _greetings(card: Card, report: Report, grown: Grown) -> list[str]:
    given = [("first_mes", card.fields.first_mes)]
    given += [(f"alternate_greetings[{at}]", text) for at, text in enumerate(card.fields.alternate_greetings)]
    kept: list[str] = []
    for what, text in given:
        if not clean(text):
            continue
        if sum(map(len, kept)) + min(len(text), limit("greeting")) > _MOST_GREETINGS:
            report.drop(what, "too many and too long greetings for one file; the original has all")
            continue
        kept.append(fitted(text, limit("greeting"), what, report, grown))
        report.keep(what)
    if not clean(card.fields.first_mes):
        report.convert(
            "first_mes", "the card greets nobody: " + ("the next greeting is first" if kept else "a plain hello")
        )
    return kept or ["Hello."]


def _edited_list(before: Mapping[str, Any], now: Mapping[str, Any], card: Card) -> list[str]:
    """The alternate greetings after an edit: one that stays as it became stays as the card has it."""
    became = dict(zip(before.get("greetings") or [], card.fields.alternate_greetings, strict=False))
    return [became.get(text, str(text)) for text in now.get("greetings") or []]


def _examples(card: Card, called: str, report: Report, grown: Grown) -> list[dict[str, str]]:
    text = card.fields.mes_example
    if not text.strip():
        return []
    found = exchanges(clean(text), called)
    alone = sum(not one.heard for one in found)
    found = [one for one in found if one.heard]
    shape = Character.model_json_schema()
    lengths = {key: _most(shape["$defs"]["ExampleLine"]["properties"][key]) for key in ("heard", "say")}
    most = int(shape["properties"]["examples"]["maxItems"])
    kept = []
    for at, one in enumerate(found[:most]):
        texts = {"heard": one.heard, "say": one.say}
        kept.append(
            {key: fitted(text, lengths[key], f"mes_example[{at}]", report, grown) for key, text in texts.items()}
        )
    if kept:
        report.convert("mes_example", counted(len(kept), "exchange became an example", "exchanges became examples"))
    if left := len(found) - len(kept):
        report.drop(
            "mes_example", f"{counted(left, 'exchange is', 'exchanges are')} over the {most} that a character may have"
        )
    if alone or not found:
        lonely = counted(alone, "line answers nobody", "lines answer nobody")
        why = lonely if found or alone else "no lines of {{user}} and {{char}} in it"
        report.drop("mes_example", f"{why}; the original has them")
    return kept


def _most(schema: Mapping[str, Any]) -> int:
    return int(schema["maxLength"])


def _length(texts: Sequence[str]) -> str:
    """The length of reply that goes with what the card says."""
    counts = sorted(len(sentences(text)) for text in texts)
    middle = counts[len(counts) // 2]
    return "long" if middle > _LONG else "medium" if middle > _MEDIUM else "short"


def _instructions(card: Card, report: Report, grown: Grown) -> dict[str, Any]:
    """``system_prompt`` as rules, which stand in every prompt; ``post_history_instructions`` as the reminder at the
    very end, as far as it is one line, the rest as rules."""
    values: dict[str, Any] = {}
    rules = _rules("system_prompt", card.fields.system_prompt, report, grown)
    last = _rules("post_history_instructions", card.fields.post_history_instructions, report, grown)
    if last:
        values["guards"] = {"reminder": last[0]}
        report.convert("post_history_instructions", "the reminder at the end of each prompt; what is over, rules")
    rules += last[1:]
    if card.fields.system_prompt.strip() and rules:
        report.convert("system_prompt", "rules")
    if len(rules) > _MOST_RULES:
        over = counted(len(rules) - _MOST_RULES, "sentence is", "sentences are")
        report.drop("system_prompt", f"{over} over the {_MOST_RULES} that are taken")
    if rules:
        values["rules"] = rules[:_MOST_RULES]
    return values


def _rules(what: str, text: str, report: Report, grown: Grown) -> list[str]:
    """Lines of at most 300 characters, cut at ends of sentences. ``{{original}}`` is what every prompt has anyway."""
    lines: list[str] = []
    for sentence in sentences(clean(_ORIGINAL.sub(" ", text))):
        line = _one_line(sentence)
        if len(line) > _RULE or grown(line) > _RULE:
            report.convert(what, f"a sentence of {len(line)} characters was cut at {_RULE}")
            line = _cut(line[:_RULE], _RULE, grown, (_BLANKS,))
        if lines and max(len(lines[-1]) + len(line) + 1, grown(f"{lines[-1]} {line}")) <= _RULE:
            lines[-1] = f"{lines[-1]} {line}"
        elif line:
            lines.append(line)
    return lines


_LEFT = {
    "creator_notes": "for people; it enters no prompt",
    "creator_notes_multilingual": "for people; it enters no prompt",
    "group_only_greetings": "the original has them; here one greets groups as one greets anybody",
    "tags": "the original has them",
    "character_version": "the original has it",
    "source": "the original has it",
    "extensions": "the original has them",
}


def _tell_the_rest(card: Card, report: Report) -> None:
    for key, why in _LEFT.items():
        if card.data.get(key):
            report.keep(key, why)
    if card.book is not None:
        report.keep("character_book", f"{counted(len(card.book.entries), 'entry', 'entries')}, in the original")
