"""Edits worded by what a check said of a train failure: the very word, fact or topic that was missing. Needs no model.

A small model follows a line at the end of its prompt, about this very thing, where it overlooks a general rule at the
beginning. So most of these are trigger rules, which are only read when their words are spoken.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

from openroom.core.harness import Harness, HarnessError, Trigger
from openroom.language.words import content
from openroom.tuning.audit.record import Flaw
from openroom.tuning.edits import AddRule, AddTriggerRule, Edit, RewordRule, SetGuard, path_of
from openroom.tuning.rounds.arena import Played, flaw_kinds

_SAID = {
    "address": re.compile(r"never says (?P<word>[^:;]{1,40})"),
    "facts": re.compile(r"does not say it: (?P<fact>.{3,200})"),
    "contradiction": re.compile(r"contradicts the card: (?P<fact>.{3,200})"),
    "knowledge": re.compile(r"takes up '(?P<taken>[^']{2,40})' as if known|claims to know (?P<claimed>.{2,40})"),
    "length": re.compile(r"\d+ sentences, at most (?P<most>\d+)"),
}
"""How a check of each kind says what an edit can be worded by."""
_HEARD = re.compile(r"^heard: (.*)$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_WORDS = 4


def worded(failures: Sequence[Played], harness: Harness) -> list[Edit]:
    """The edits that the failures ask for, none twice: first what code sees to, then what would mend most by itself. Of
    a failure with several flaws each gets its share, since one edit alone does not mend it."""
    counted: dict[str, tuple[float, Edit]] = {}
    for played in failures:
        share = 1.0 / max(1, len(flaw_kinds(played.flaws)))
        for flaw in dict.fromkeys(played.flaws):
            for edit in _edits(flaw, played, harness):
                key = edit.model_dump_json()
                counted[key] = (counted.get(key, (0.0, edit))[0] + share, edit)
    return [edit for _, edit in sorted(counted.values(), key=lambda pair: (not _is_certain(pair[1]), -pair[0]))]


def one_each(edits: Sequence[Edit], failures: Sequence[Played], harness: Harness) -> list[Edit]:
    """Of edits that `worded` offers, those that each mend another kind of flaw at another place: they can be tried
    together."""
    kinds: set[str] = set()
    paths: set[str] = set()
    found = []
    for edit in edits:
        of = mended_by(edit, failures, harness)
        if kinds.isdisjoint(of) and path_of(edit) not in paths:
            found.append(edit)
            kinds |= of
            paths.add(path_of(edit))
    return found


def mended_by(edit: Edit, failures: Sequence[Played], harness: Harness) -> frozenset[str]:
    """The kinds of flaw that ask for an edit."""
    said = ((flaw, played) for played in failures for flaw in played.flaws)
    return flaw_kinds(flaw for flaw, played in said if edit in _edits(flaw, played, harness))


def asking_for(edit: Edit, failures: Sequence[Played], harness: Harness) -> list[Played]:
    """The failures that ask for an edit, in `worded`'s sense."""
    return [played for played in failures if any(edit in _edits(flaw, played, harness) for flaw in played.flaws)]


def reminded(harness: Harness, text: str) -> SetGuard | None:
    """A reminder that says ``text`` behind what it says already (of a plain card: its address and period, which are
    made from its prose); nothing where it says so, or would be too long."""
    now = harness.guards.reminder
    if text in now:
        return None
    try:
        return SetGuard(name="reminder", value=f"{now} {text}".strip())
    except ValueError:
        return None


def _is_certain(edit: Edit) -> bool:
    """Whether code does its work, wholly or for every fact alike, where a rule leaves it to the model. Such edits come
    first: beside a flaw that is left to chance no other edit can be seen to help."""
    return isinstance(edit, SetGuard) and edit.name in ("max_sentences", "facts_at_hand")


def _edits(flaw: Flaw, played: Played, harness: Harness) -> Iterator[Edit]:
    found = _SAID[flaw.kind].match(flaw.why) if flaw.kind in _SAID else None
    if found is None:
        return
    try:
        if flaw.kind == "length":
            yield SetGuard(name="max_sentences", value=int(found["most"]))
        elif flaw.kind == "address":
            word = found["word"].split(" or ")[-1].strip()
            text = f'You call whoever speaks to you "{word}", in almost every answer, also when you know their name.'
            plainer = f'Say "{word}" in your answer.'  # where the first is not enough
            for reminder in (f'Call whoever speaks to you "{word}".', plainer):
                if edit := reminded(harness, reminder):
                    yield edit
            for rule in harness.rules:  # what stands there about it has not been enough, or says otherwise
                if not rule.locked and word.casefold() in rule.text.casefold() and rule.text != text:
                    yield RewordRule(id=rule.id, text=text)
            yield AddRule(id="address_word", text=text)
        elif flaw.kind in ("facts", "contradiction"):
            yield from _fact(found["fact"].strip(), played)
        else:
            topic = (found["taken"] or found["claimed"]).strip()
            text = f"You have never heard of {topic}. Say so, puzzled, and nothing else about it."
            yield AddTriggerRule(id=_id("unknown", topic), text=text, after=Trigger(kind="said", words=(topic,)))
    except (HarnessError, ValueError):  # a card's own words may be longer than a rule can be
        return


def _fact(fact: str, played: Played) -> Iterator[Edit]:
    yield SetGuard(name="facts_at_hand", value=1)  # for every fact of the card, also those that no train case asks for
    asked = " ".join(_HEARD.findall(played.transcript))
    words = [word for word in dict.fromkeys(map(str.casefold, _WORD.findall(asked))) if content(word)]
    near = [word for word in words if content(word) & content(fact)] or words
    if not near:
        return
    text = f"This is true of you, and the answer if you were asked: {fact} Say it of yourself, as I."
    after = Trigger(kind="said", words=tuple(near[:_MOST_WORDS]))
    yield AddTriggerRule(id=_id("fact", fact), text=text, after=after)


def _id(kind: str, text: str) -> str:
    return f"{kind}_{zlib.crc32(text.casefold().encode()):08x}"
