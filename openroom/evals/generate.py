"""Cases from life: what visitors disliked (👎), and what went wrong in rooms by itself (loops, refusals).

Only what was said aloud becomes a case; whispers and erased lines never do, and visitors lose their names. The cases
lie in the data folder, so who forgets a room can delete them there (``openroom eval CHARACTER --collect`` makes them
anew from what is still in the log).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openroom.core.actor import character_id, is_character
from openroom.core.event import Event, Rated, Said, is_played
from openroom.evals.case import Case
from openroom.evals.lexicon import find_word, words
from openroom.language.detect import detect
from openroom.language.sentences import sentences
from openroom.language.text import normal
from openroom.ports.store import Store

_LONGEST = 600
_LOOK_BACK = 12
_MOST = 200

_REASONS: tuple[tuple[re.Pattern[str], str, Mapping[str, Any]], ...] = (
    (re.compile(r"\blong|verbose|wordy|too much\b", re.IGNORECASE), "voice", {"check": "length"}),
    (re.compile(r"\blanguage|english|german|deutsch|spanish\b", re.IGNORECASE), "language", {"check": "language"}),
    (
        re.compile(r"\bout of character|robot|assistant|ai\b|chatbot|generic\b", re.IGNORECASE),
        "in_character",
        {"check": "in_character"},
    ),
    (re.compile(r"\brepeat|again|same\b", re.IGNORECASE), "repetition", {"check": "no_repeats"}),
    (
        re.compile(r"\bspoke for me|my words|what i (?:say|do|feel)\b", re.IGNORECASE),
        "speaking_for_visitor",
        {"check": "own_lines_only"},
    ),
)


@dataclass(frozen=True, slots=True)
class _Exchange:
    """What was heard and what was answered to it."""

    heard: str
    say: str
    seq: int


def from_events(character: str, events: Sequence[Event]) -> list[Case]:
    """The cases that a room's log gives for a character, newest last, each line once."""
    exchanges = list(_exchanges(character, events))
    by_seq = {one.seq: one for one in exchanges}
    found: dict[str, Case] = {}
    for rating in _last_ratings(events):
        if rating.value == -1 and rating.target in by_seq:
            case = _disliked(by_seq[rating.target], rating.reason or "")
            found[case.id] = case
    for one in exchanges:
        if find_word(words("refusal"), one.say):
            found.setdefault(_id("refusal", one.heard), _refused(one))
    for one in _loops(exchanges):
        found.setdefault(_id("loop", one.heard), _looped(one))
    return list(found.values())[-_MOST:]


async def collect(store: Store, character: str) -> list[Case]:
    """The cases that all rooms of a store give for a character."""
    found: dict[str, Case] = {}
    for record in await store.rooms():
        for case in from_events(character, await store.events(record.id)):
            found[case.id] = case
    return list(found.values())[-_MOST:]


def _exchanges(character: str, events: Sequence[Event]) -> Iterator[_Exchange]:
    """Each line of the character with the person's line before it, said aloud both."""
    who, heard = character_id(character), ""
    for event in events:
        if not isinstance(event, Said) or event.erased or event.to is not None:
            continue
        if is_played(event):
            heard = ""  # whoever is asked next answers that, and not the person
        elif event.actor == who and heard:
            yield _Exchange(heard, event.text, event.seq)
        elif not is_character(event.actor) and 0 < len(event.text) <= _LONGEST:
            heard = event.text


def _last_ratings(events: Sequence[Event]) -> list[Rated]:
    """The last rating of each person for each line."""
    last = {(event.actor, event.target): event for event in events if isinstance(event, Rated) and not event.erased}
    return list(last.values())


def _loops(exchanges: Sequence[_Exchange]) -> Iterator[_Exchange]:
    recent: list[set[str]] = []
    for one in exchanges:
        said = {normal(sentence) for sentence in sentences(one.say) if len(sentence) > 16}
        if said and any(said & earlier for earlier in recent):
            yield one
        recent = [*recent[-_LOOK_BACK:], said]


def _disliked(one: _Exchange, reason: str) -> Case:
    dimension, check = next(
        ((name, dict(spec)) for pattern, name, spec in _REASONS if pattern.search(reason)), ("repetition", {})
    )
    checks = [{"check": "not_like", "text": one.say[:2000], "of": "q", "dimension": dimension}]
    checks += [{**check, "of": "q", "dimension": dimension}] if check else []
    return _case("disliked", one, dimension, checks)


def _refused(one: _Exchange) -> Case:
    checks = [{"check": "avoids", "lists": ["refusal", "assistant"], "of": "q", "dimension": "in_character"}]
    return _case("refusal", one, "in_character", checks)


def _looped(one: _Exchange) -> Case:
    checks = [{"check": "not_like", "text": one.say[:2000], "of": "q", "dimension": "repetition"}]
    return _case("loop", one, "repetition", checks)


def _case(kind: str, one: _Exchange, dimension: str, checks: list[dict[str, Any]]) -> Case:
    language = detect(one.heard) or "en"
    body = {
        "id": _id(kind, one.heard),
        "dimension": dimension,
        "cluster": f"from_rooms_{kind}",
        "split": "train",
        "language": language,
        "steps": [{"say": one.heard, "as": "q"}],
        "checks": checks,
    }
    return Case.model_validate(body)


def _id(kind: str, heard: str) -> str:
    return f"rooms/{kind}_{hashlib.sha256(normal(heard).encode()).hexdigest()[:12]}"
