"""Which thing on the menu an English remark asks for.

Each clause is judged by its form (`openroom.language.requests.acts`): does it ask, forbid, or merely tell? One that
asks is compared with the menu by the things it names (the props' own words and names, widened by
`openroom.language.data.thesaurus`) and by the deed it names. Deeds that are opposites never meet. What other clauses
say counts a little: it decides between things that fit alike, and is what "it" and "that thing" mean. A remark about
how somebody feels ("my fingers are like ice") asks without asking, where nothing else was asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from openroom.language.data.en import ENGLISH
from openroom.language.data.thesaurus import NEAR, OPPOSITES
from openroom.language.data.tongue import words
from openroom.language.requests.acts import Act
from openroom.language.requests.clauses import Clause
from openroom.language.requests.menu import Item, Menu
from openroom.language.requests.naming import DEED_OF, DULL_STEMS, QUALITY_STEMS, Said
from openroom.language.requests.naming import said as heard_as
from openroom.language.words import stem

_FOR_HELP = re.compile(r"\b(?:do something|do anything|something be done|anything be done|about (?:it|that)|help)\b")
_PLEASED = re.compile(
    r"(?<!'d )(?<!would )\b(?:nice|lovely|love|(?:i|we|they|you) like|likes|beautiful|cosy|cozy|pleasant|enjoy"
    r"|don't mind)\b"
)
_HINTS = [
    (hint.wants, re.compile(hint.pattern), re.compile(hint.unless) if hint.unless else None) for hint in ENGLISH.hints
]
_NAMED = 0.45
_AROUND = 0.35
_POINTING = frozenset(
    map(
        stem,
        words(
            "it its them that this one something some those thing these another her him she place room here everything"
        ),
    )
)
_OPPOSED = frozenset({"pause", "up", "off", "close", "empty", "clear", "next", "down"})
_TO_SOMEBODY = frozenset({"send", "write"})
"""Deeds whose object may be anything: "call the other lighthouse"."""
_BY_ITSELF = frozenset({"up", "down", "next", "off", "close", "open", "on"})
_NAMES_ITSELF = frozenset({"up", "down", "next", "pour", "write", "open", "close"})
_UNNAMED = _BY_ITSELF | {"pour", "heat", "stoke", "wind", "sing", "empty", "write", "play", "change", "send"}


@dataclass(frozen=True, slots=True)
class _Fit:
    """How much of a clause names a prop, and how much of what is said around it does."""

    named: float
    near: float

    @classmethod
    def of(cls, said: Said, around: Sequence[Said], prop: str, known: Menu) -> _Fit:
        """For one prop."""
        return cls(_named(said, prop, known), max((_named(other, prop, known) for other in around), default=0.0))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a clause asks for; ``sure`` when it names the deed too."""

    id: str
    prop: str
    score: float
    sure: bool


def english_request(text: str, clauses: Sequence[Clause], known: Menu, limit: int) -> tuple[str, ...]:
    """The ids of what a remark (lower case, straight apostrophes) asks for, in the order it was asked for."""
    barred = _forbidden(clauses, known)
    chosen: list[_Choice] = []
    for place, clause in enumerate(clauses):
        following = clauses[place + 1] if place + 1 < len(clauses) else None
        found = None
        if clause.act in (Act.ASK, Act.END):
            asked = clauses[place::-1] if _FOR_HELP.search(clause.text) else [clause]
            found = _hinted(asked, text, known, barred) if _is_vague(clause, known) else None
            found = found or _choose(clause, clauses, known, barred)
        elif _is_wish_too(clause, following, clauses[:place]):
            found = _hinted([clause], text, known, barred)
        if found:
            chosen.append(found)
    ids = [one.id for one in _settled(chosen)]
    if not ids and (hinted := _hinted(clauses, text, known, barred)):
        ids = [hinted.id]
    return tuple(ids[:limit])


def _is_wish_too(clause: Clause, following: Clause | None, before: Sequence[Clause]) -> bool:
    """Whether a remark may be a wish beside others: "it's dark, and could we have some music?", or a sentence of its
    own after what was asked for. Before or within the same sentence it only says why.
    """
    if following is not None and following.joined and following.act is Act.ASK:
        return True
    asked = [one for one in before if one.act in (Act.ASK, Act.END)]
    return bool(asked) and all(one.sentence < clause.sentence for one in before)


def _is_vague(clause: Clause, known: Menu) -> bool:
    """Whether a clause names no thing that is here, but at most how it is or shall be ("dark", "quiet")."""
    named = [word for word in heard_as(clause.text).things if word in known.known_by and word[0] != "#"]
    return all(word in QUALITY_STEMS for word in named)


def _settled(chosen: Sequence[_Choice]) -> list[_Choice]:
    """One choice of a verb (one tea, one record, one seat), and where a thing was named twice, the surer deed."""
    kept: list[_Choice] = []
    for one in chosen:
        verb = one.id.partition(":")[0]
        rival = next((other for other in kept if other.id.partition(":")[0] == verb), None)
        rival = rival or next((other for other in kept if other.prop == one.prop and other.sure != one.sure), None)
        if rival is None:
            kept.append(one)
        elif one.score > rival.score:
            kept[kept.index(rival)] = one
    return kept


def _choose(clause: Clause, clauses: Sequence[Clause], known: Menu, barred: Sequence[str]) -> _Choice | None:
    """The item that a clause asks for; ``None`` where it names nothing that is here."""
    said = heard_as(clause.text)
    around = [heard_as(other.text) for other in clauses if other is not clause and other.act is not Act.FORBID]
    around += [heard_as(clause.reason)] if clause.reason else []
    deeds = frozenset({"off"}) if clause.act is Act.END else said.deeds
    open_to = [one for one in known.items if one.id not in barred and _agrees(deeds, one, clause.act)]
    props = {prop: _Fit.of(said, around, prop, known) for prop in known.by_prop}
    named = any(fit.named >= _NAMED for fit in props.values())
    if named:
        scores = {one.id: _score(props[one.prop], deeds, one, said, known) for one in open_to}
    else:
        scores = {
            one.id: _pointed(props[one.prop], deeds, one, known, said) for one in open_to if deeds & _helpful(one)
        }
        if max(scores.values(), default=0.0) <= 0:  # "show me", "do it": what the words around are about
            scores = {one.id: _pointed(props[one.prop], frozenset(), one, known, said) for one in open_to}
    best = max((one for one in open_to if one.id in scores), key=lambda one: scores[one.id], default=None)
    if best is None or scores[best.id] <= 0:
        return None
    within = [one for one in open_to if one.prop == best.prop and scores.get(one.id, 0.0) > 0]
    best = max(
        within,
        key=lambda one: (
            scores[one.id] + _own(said, one, known) + _hinted_at(around, one, known) * (0.5 if named else 1.0)
        ),
    )
    return _Choice(best.id, best.prop, scores[best.id], bool(deeds & best.deeds))


def _hinted_at(around: Sequence[Said], item: Item, known: Menu) -> float:
    """How much of what is said around a clause names this item among those of its prop, or its deed."""
    own = max((_own(other, item, known) for other in around), default=0.0)
    return _AROUND * own + (0.3 if any(other.deeds & item.deeds for other in around) else 0.0)


def _helpful(item: Item) -> frozenset[str]:
    """What an item does, or is done by for want of better."""
    return item.deeds | {near for deed in item.deeds for near in NEAR.get(deed, ())}


def _agrees(deeds: frozenset[str], item: Item, how: Act) -> bool:
    """Whether an item does not do the opposite of what is wished (and, where an end is wished, ends something)."""
    if how is Act.END:
        return "off" in item.deeds or "stop" in item.words
    against = {deed for wish in deeds for deed in OPPOSITES.get(wish, ())} - deeds
    return not against & item.deeds or bool(deeds & item.deeds)


def _score(fit: _Fit, deeds: frozenset[str], item: Item, said: Said, known: Menu) -> float:
    """How well an item fits that is named; 0 when it is not."""
    if fit.named < _NAMED:
        to_whom = deeds & item.deeds & _TO_SOMEBODY if fit.named else frozenset()
        return 1.5 * fit.named + 1.2 if to_whom else 0.0
    if "next" not in item.deeds:
        deeds = deeds - {"next"}  # another log is no next log
    score = 1.5 * fit.named + _AROUND * fit.near
    if deeds & item.deeds:
        return score + 1.2 + (0.6 if item.verb in said.stems and item.verb not in DULL_STEMS else 0.0)
    lowered = (
        "down" in deeds and "off" in item.deeds and not any("down" in one.deeds for one in known.by_prop[item.prop])
    )
    if lowered or deeds & _helpful(item):
        return score + 0.5
    if deeds & _BY_ITSELF and item.deeds:
        return score - 0.8 if score > 1.7 else 0.0
    if item.deeds & _OPPOSED:
        return score - (0.3 if item.deeds <= {"up", "next"} else 0.5)
    return score


def _pointed(fit: _Fit, deeds: frozenset[str], item: Item, known: Menu, said: Said) -> float:
    """How well an item fits words that name nothing here ("turn it off", "louder", "may I?"): by the deed, and by what
    was named around them.
    """
    agreed = deeds & item.deeds
    agreed = agreed or deeds & _helpful(item)
    most = max((len(deeds & other.deeds) for other in known.items), default=0)
    rivals = [other for other in known.items if len(deeds & other.deeds) == most and (most or deeds & _helpful(other))]
    literal = [other for other in rivals if not (other.words | other.label).isdisjoint(said.stems)]
    alone = bool(agreed) and item in (literal or rivals) and all(other.prop == item.prop for other in literal or rivals)
    pointing = bool(set(said.stems) & _POINTING)
    unknown = not agreed & {"write", "send"} and said.things.keys() - said.verbs - DEED_OF.keys() - QUALITY_STEMS
    if fit.near < _NAMED and not (alone and agreed & _UNNAMED and (pointing or agreed & _NAMES_ITSELF) and not unknown):
        return 0.0
    if not (agreed or pointing or not said.things.keys() - said.verbs - QUALITY_STEMS):
        return 0.0
    score = fit.near + (1.2 if deeds & item.deeds else 0.5 if agreed else 0.1)
    return score - 0.5 if item.deeds & _OPPOSED and not agreed else score


def _named(said: Said, prop: str, known: Menu) -> float:
    """How much of what is said names a prop: its rarest word, and a little of the others. How a thing is names none
    but that thing: no lamp is asked for with "the black book".
    """
    found = [0.0]
    items = known.by_prop[prop]
    for word, weight in said.things.items():
        inside = [one for one in items if word in one.label or word in one.words]
        if not inside or (word in said.heads and not any(said.heads[word] & (one.label | one.words) for one in items)):
            continue
        rare = (1.2 if any(word in one.label for one in inside) else 1.0) / math.sqrt(known.known_by[word])
        if word in said.verbs or all(word == one.verb for one in inside):
            weight *= 0.3
        elif word in QUALITY_STEMS:
            weight *= 0.5
        found.append(weight * rare)
    found += [1.6 for one in items for name in one.names if len(name & set(said.stems)) >= min(2, len(name))][:1]
    found.sort()
    return found[-1] + 0.25 * sum(found[:-1])


def _own(said: Said, item: Item, known: Menu) -> float:
    """How much of what is said names this item among those of its prop: which tea, which record."""
    own = 0.0
    for word, weight in said.things.items():
        if word in known.own[item.id] and word != item.verb:
            own += weight * (0.4 if word in QUALITY_STEMS or word[0] == "#" else 0.8)
    stems = set(said.stems)
    own += sum(1.5 for name in item.names if len(name & stems) >= min(2, len(name)))
    return own + (0.5 if item.aside & stems else 0.0)


def _forbidden(clauses: Sequence[Clause], known: Menu) -> list[str]:
    """What must not be done, whatever else is said: all that a forbidding clause names."""
    barred: list[str] = []
    for said in (heard_as(one.text) for one in clauses if one.act is Act.FORBID):
        named = [one for one in known.items if _named(said, one.prop, known) >= _NAMED]
        barred += [one.id for one in named if not said.deeds or said.deeds & one.deeds or not one.deeds]
    return barred


def _hinted(clauses: Sequence[Clause], text: str, known: Menu, barred: Sequence[str]) -> _Choice | None:
    """What would help somebody who only says how things are ("it's dark in here")."""
    for clause in clauses:
        if clause.act is Act.FORBID or _PLEASED.search(clause.text):
            continue
        for wants, pattern, unless in _HINTS:
            if pattern.search(clause.text) and not (unless and unless.search(text)):
                return _helps(wants, known, barred)
    return None


def _helps(wants: Sequence[tuple[str, str]], known: Menu, barred: Sequence[str]) -> _Choice | None:
    usable = [one for one in known.items if one.id not in barred]
    usable = [one for one in usable if not (one.deeds & {"up", "down"} and _is_off(one.prop, known))]
    for kind, deed in wants:
        about = [one for one in usable if f"#{kind}" in one.label | one.words]
        exact = [one for one in about if deed in one.deeds]
        near = [one for one in about if any(deed in NEAR.get(own, ()) for own in one.deeds)]
        for item in (exact or near)[:1]:
            return _Choice(item.id, item.prop, 1.0, True)
    return None


def _is_off(prop: str, known: Menu) -> bool:
    """Whether a prop could be switched on, so that there is nothing to turn up or down."""
    return any("on" in one.deeds and ":" not in one.id for one in known.by_prop[prop])
