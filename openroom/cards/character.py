"""A card as a character definition, format 1; edits of it go back by `openroom.cards.edits`.

What a definition has no place for, or no room, stays whole in the original file; the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from openroom.cards import tavern
from openroom.cards.card import Card
from openroom.cards.draft_patterns import length_ordered
from openroom.cards.examples import exchanges
from openroom.cards.fitting import Grown, cut, grown
from openroom.cards.notes import Report, counted
from openroom.core.character import EMOTIONS, Character
from openroom.core.macros import read_name
from openroom.language.detect import detect
from openroom.language.sentences import sentences

_MOST_GREETINGS = 30_000
"""Characters of all greetings together: with more, the file takes its reader too long."""
NAMELESS = "the card has none that one can read; write yours under `name` in character.yaml; till then"
_PERSONALITY, _SCENARIO = "Personality: ", "Scenario: "
_RULE = 300
_MOST_RULES = 30
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
ORIGINAL = re.compile(r"\{\{\s*original\s*\}\}", re.IGNORECASE)
"""What every prompt has anyway."""
FULL_NAME = re.compile(r"Your full name is (.+)\.")
"""How a persona begins, where the character goes by another name."""
_WORD = re.compile(r"[^a-z0-9_]+")
_LONG, _MEDIUM = 4, 2
"""From more sentences on what a card says is long, or of medium length."""
_SPARE, _MOST_SENTENCES = 1, 9
"""What is said may be a sentence longer than its length; what is longer than this fits none."""


def definition(card: Card, slug: str, report: Report, *, named: bool = True) -> dict[str, Any]:
    """The card as the values of ``character.yaml``. What was said of each part goes to ``report``. The name is the
    card's own, unless it is not ``named``."""
    fields = card.fields
    values: dict[str, Any] = {"format": 1, "id": slug, "name": called(card)[: limit("name")].strip()}
    if len(shown := read_name(values["name"], slug)) > limit("name"):
        values["name"] = shown[: limit("name")].strip()
    if not named:
        report.convert("name", f"{NAMELESS}: {shown}")
    elif shown != values["name"]:
        report.convert("name", f"a name is the same for everybody, so its macros became words: {shown}")
    elif len(called(card)) > len(values["name"]):
        report.convert("name", f"the first {len(values['name'])} characters of it; the original has it whole")
    else:
        report.keep("name")
    told, said = grown(values["name"], slug, "persona"), grown(values["name"], slug, "greeting")
    author = f" by {_one_line(fields.creator)[:80]}" if fields.creator.strip() else ""
    line = f"Came here on a card{author}."
    values["line"] = line if told(line) <= limit("line") else "Came here on a card."
    report.convert("line", "a card has none for visitors; write yours under `line` in character.yaml")
    values["persona"] = _persona(card, report, told)
    values["language"] = detect(f"{fields.first_mes} {fields.description}") or "en"
    greetings = _greetings(card, report, said)
    examples = _examples(card, report, said)
    values["voice"] = {
        "register": "as the description and the examples have it",
        "length": _ordered_length(values["persona"], [one["say"] for one in examples], report)
        or _length([*greetings, *(one["say"] for one in examples)]),
    }
    values["greeting"] = greetings[0]
    if greetings[1:]:
        values["greetings"] = greetings[1:]
    if examples:
        values["examples"] = examples
    values |= _instructions(card, report, told) | tavern.turns(card, report)
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


def example_text(examples: Sequence[Any]) -> str:
    """Examples of a definition as a card writes them."""
    pairs = [one for one in examples if isinstance(one, dict)]
    return "\n".join(
        f"<START>\n{{{{user}}}}: {one.get('heard', '')}\n{{{{char}}}}: {one.get('say', '')}" for one in pairs
    )


@cache
def limit(key: str) -> int:
    """The most characters that a text of a definition may have, as `Character` has it now."""
    schema = _shape()["properties"][key]
    return int((schema.get("items") or schema)["maxLength"])


@cache
def _shape() -> Mapping[str, Any]:
    return Character.model_json_schema()


def fitted(text: str, most: int, what: str, report: Report, grown: Grown = len) -> str:
    """A text that fits, as written and grown: whole, or its first sentences."""
    text = clean(text)
    if len(text) <= most and grown(text) <= most:
        return text
    whole = cut(text, most, grown)
    report.convert(what, f"of {len(text):,} characters the first {len(whole):,} fit; the original has all of them")
    return whole


def clean(text: str) -> str:
    """A text without what a definition cannot hold: control signs, half characters, line ends of other systems."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def cleaned(text: str) -> tuple[str, list[int]]:
    """The same as `clean`, and where in the text each of its characters stands."""
    kept = [
        at
        for at, sign in enumerate(text)
        if (text[at + 1 : at + 2] != "\n" if sign == "\r" else not _CONTROL.match(sign))
    ]
    whole = "".join("\n" if text[at] == "\r" else text[at] for at in kept)
    start = len(whole) - len(whole.lstrip())
    return whole.strip(), kept[start : start + len(whole.strip())]


def called(card: Card) -> str:
    """What the character goes by."""
    return _one_line(card.fields.nickname) or _one_line(card.fields.name) or "Nobody"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def persona_parts(card: Card) -> list[tuple[str, str, str]]:
    """What a card's persona is made of, a paragraph between each: (field of the card, label, text)."""
    fields = card.fields
    parts = [
        ("description", "", clean(fields.description)),
        ("personality", _PERSONALITY, clean(fields.personality)),
        ("scenario", _SCENARIO, clean(fields.scenario)),
    ]
    full = _one_line(fields.name)
    if fields.nickname.strip() and full and full != called(card):
        parts.insert(0, ("name", "", f"Your full name is {full}."))
    return [part for part in parts if part[2]]


def _persona(card: Card, report: Report, grown: Grown) -> str:
    parts = persona_parts(card)
    if parts and parts[0][0] == "name":
        report.convert("nickname", "it is the name here; the full one stands in the persona")
    for key in ("description", "personality", "scenario"):
        if card.data.get(key):
            report.convert(key, "into the persona")
    whole = "\n\n".join(label + text for _, label, text in parts)
    return fitted(whole, limit("persona"), "persona", report, grown) or "You are who your name says."


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


def _examples(card: Card, report: Report, grown: Grown) -> list[dict[str, str]]:
    text = card.fields.mes_example
    if not text.strip():
        return []
    found = exchanges(clean(text), called(card))
    alone = sum(not one.heard for one in found)
    found = [one for one in found if one.heard]
    shape = _shape()
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


def _ordered_length(persona: str, said: Sequence[str], report: Report) -> str:
    """The length of reply that the prose orders, where its own examples keep to it."""
    ordered = length_ordered(persona)
    most = {"short": _MEDIUM, "medium": _LONG}.get(ordered, _MOST_SENTENCES)
    if not ordered or any(len(sentences(text)) > most + _SPARE for text in said):
        return ""
    report.convert("persona", f"what it says of how long a reply is became voice.length: {ordered}")
    return ordered


def _length(texts: Sequence[str]) -> str:
    """The length of reply that goes with what the card says, and that holds all of it that fits one."""
    counts = sorted(len(sentences(text)) for text in texts)
    longest = max((count - _SPARE for count in counts if count <= _MOST_SENTENCES), default=0)
    middle = max(counts[len(counts) // 2], longest)
    return "long" if middle > _LONG else "medium" if middle > _MEDIUM else "short"


def _instructions(card: Card, report: Report, grown: Grown) -> dict[str, Any]:
    """``system_prompt`` as rules, which stand in every prompt; ``post_history_instructions`` as the reminder at the
    very end, as far as it is one line, the rest as rules."""
    values: dict[str, Any] = {}
    fields = card.fields
    rules = [line for line, _ in rule_lines("system_prompt", fields.system_prompt, report, grown)]
    behind = rule_lines("post_history_instructions", fields.post_history_instructions, report, grown)
    last = [line for line, _ in behind]
    if last:
        values["guards"] = {"reminder": last[0]}
        report.convert("post_history_instructions", "the reminder at the end of each prompt; what is over, rules")
    if note := tavern.depth_note(card, report, lambda text: _lines(text, grown)):
        values["guards"] = {"reminder": note}
    rules += last[1:]
    if card.fields.system_prompt.strip() and rules:
        report.convert("system_prompt", "rules")
    if len(rules) > _MOST_RULES:
        over = counted(len(rules) - _MOST_RULES, "sentence is", "sentences are")
        report.drop("system_prompt", f"{over} over the {_MOST_RULES} that are taken")
    if rules:
        values["rules"] = rules[:_MOST_RULES]
    return values


def _lines(text: str, grown: Grown) -> list[str]:
    return [line for line, _ in rule_lines("", text, Report(), grown)]


def rule_lines(what: str, text: str, report: Report, grown: Grown) -> list[tuple[str, str]]:
    """Lines of at most 300 characters, cut at ends of sentences, each with what it was before it was cut.
    ``{{original}}`` is what every prompt has anyway."""
    lines: list[tuple[str, str]] = []
    for sentence in sentences(clean(ORIGINAL.sub(" ", text))):
        line = whole = _one_line(sentence)
        if len(line) > _RULE or grown(line) > _RULE:
            report.convert(what, f"a sentence of {len(line)} characters was cut at {_RULE}")
            line = cut(line, _RULE, grown, sentences=False)
        both = f"{lines[-1][0]} {line}" if lines and lines[-1][0] == lines[-1][1] else ""
        if both and len(both) <= _RULE and grown(both) <= _RULE:
            lines[-1] = (both, f"{lines[-1][1]} {whole}")
        elif line:
            lines.append((line, whole))
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
