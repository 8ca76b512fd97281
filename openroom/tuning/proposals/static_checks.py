"""Static checks of an edit, before anything is played: what code can refuse, no model needs to judge.

Each check gives a row with its name and, when it fails, the reason. They look for paths outside the allow-list,
weakened safety, text copied from sealed splits, verbosity and stuffing. Words are compared in a folded form (NFKC,
look-alikes, case), so that an edit can't hide behind another script.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from openroom.core.harness import Harness, HarnessError
from openroom.language.alike import folded
from openroom.language.sentences import sentences
from openroom.language.words import stem
from openroom.tuning.audit.record import CheckRow
from openroom.tuning.edits import Edit, MoveRule, SetGuard, Tier, apply_edit, path_of, tier_of

_WORD: Final = re.compile(r"\w+")
_NEGATED: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|skip|break|drop|relax|suspend|bypass|no longer|not apply|instead of|"
    r"never mind|need not|don't have to|do not have to|pay no attention|exception|unless)\b"
)
_SAFETY: Final = re.compile(
    r"\b(?:safety|rules?|boundar\w+|limits?|instructions?|guard\w*|policy|policies|restrictions?|principles?|"
    r"above|warnings?|honest\w*|disclos\w+)\b"
)
_HABIT: Final = re.compile(r"\b(?:always|only ever|every (?:question|time))\b")
_REFUSES: Final = re.compile(r"\b(?:refuse|decline|say nothing|empty|silent)")
_BLOB: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){10,}")
_NEVER: Final = frozenset(
    re.findall(r"[\w']+", "never not no don't dont mustn't nothing without refuse avoid cannot can't wont won't")
)
_CLAUSE: Final = re.compile(r"[;:]|, (?:but|and) ")
# Shorter than `openroom.language.data.en.STOP_WORDS` on purpose: what stands here is not guarded.
_STOP: Final = frozenset(
    _WORD.findall(
        "a an the and or of to in on at is are be it its you your he she they them that this with for as by from "
        "what when if"
    )
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long an edit may be, in characters, and how much of it may be one and the same. ``growth``: characters that
    a whole harness may have more than the one the run started from."""

    rule: int = 240
    section: int = 1500
    growth: int = 6000
    repeats: int = 3
    ngram: int = 6
    quotes: int = 2


@dataclass(frozen=True, slots=True)
class StaticChecks:
    """The checks for one character; call it with (harness, edit).

    ``sealed`` are texts that no edit may copy (gate and holdout: lines, answers, scripts), ``canaries`` ids planted
    in them. ``catchphrases`` are turns of phrase that rules must not be stuffed with. ``start`` is the harness of the
    run's start. ``allowed`` limits the paths this run may touch (prefixes; empty: the whole allow-list).
    """

    sealed: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()
    catchphrases: tuple[str, ...] = ()
    start: Harness = field(default_factory=Harness)
    allowed: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)

    def __call__(self, harness: Harness, edit: Edit) -> tuple[CheckRow, ...]:
        """A row for each check, all of them, in a fixed order."""
        texts = tuple(text_of(edit))
        found = (
            ("path", self._path(harness, edit)),
            ("safety", self._safety(harness, edit, texts)),
            ("sealed", self.leak(" \n ".join(texts))),
            ("verbosity", self._verbosity(harness, edit, texts)),
            ("stuffing", self._stuffing(harness, texts)),
        )
        return tuple(CheckRow(check=name, ok=not reason, reason=reason) for name, reason in found)

    def leak(self, text: str) -> str:
        """Why the text carries something sealed (as it is, in base64 or hex, or by a canary); empty when it does
        not.
        """
        for form in (text, *decoded(text)):
            plain = folded(form)
            squeezed = re.sub(r"\W", "", plain)
            for canary in self.canaries:
                if re.sub(r"\W", "", folded(canary)) in squeezed:
                    return "holds a canary id of a sealed case"
            reason = self._copied(plain)
            if reason:
                return reason
        return ""

    def _copied(self, plain: str) -> str:
        words = _WORD.findall(plain)
        size = self.bounds.ngram
        grams = {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}
        for text in self.sealed:
            sealed = _WORD.findall(folded(text))
            if any(tuple(sealed[i : i + size]) in grams for i in range(len(sealed) - size + 1)):
                return f"copies {size} words or more in a row from a sealed case"
            told = [word for word in sealed if word not in _STOP]
            if len(sealed) < size and len(told) >= 2 and _in_a_row(sealed, words):
                return "holds the answer of a sealed case"
        return ""

    def _path(self, harness: Harness, edit: Edit) -> str:
        path = path_of(edit)
        if tier_of(harness, edit) is Tier.T3:
            return f"{path} is not on the allow-list, or locked"
        if self.allowed and not any(path == one or path.startswith(f"{one}/") for one in self.allowed):
            return f"{path} is not what this run was asked to change"
        return ""

    def _safety(self, harness: Harness, edit: Edit, texts: Sequence[str]) -> str:
        locked = [rule for rule in harness.rules if rule.locked]
        if isinstance(edit, MoveRule) and edit.to < len(locked):
            return "would stand before a locked rule"
        if isinstance(edit, SetGuard) and edit.name == "banned_words":
            kept = edit.value if isinstance(edit.value, tuple) else ()
            if not set(harness.guards.banned_words) <= set(kept):
                return "takes a banned word away"
        for text in texts:
            plain = folded(text)
            if _NEGATED.search(plain) and _SAFETY.search(plain):
                return "sets aside a rule, a limit or an instruction"
            for rule in locked:
                if contradicts(rule.text, text):
                    return f"weakens the locked rule {rule.id}"
        return ""

    def _verbosity(self, harness: Harness, edit: Edit, texts: Sequence[str]) -> str:
        limit = self.bounds.section if path_of(edit).startswith(("sections/", "examples/")) else self.bounds.rule
        longest = max((len(text) for text in texts), default=0)
        if longest > limit:
            return f"{longest} characters, at most {limit}"
        try:
            grown = _size(apply_edit(harness, edit)) - _size(self.start)
        except HarnessError as error:
            return str(error)
        return (
            f"the harness has grown by {grown} characters, at most {self.bounds.growth}"
            if grown > self.bounds.growth
            else ""
        )

    def _stuffing(self, harness: Harness, texts: Sequence[str]) -> str:
        for text in texts:
            words = [word for word in _WORD.findall(folded(text)) if word not in _STOP]
            commonest = max(Counter(words).values(), default=0)
            if commonest > self.bounds.repeats:
                return f"says the same word {commonest} times"
            plain = folded(text)
            if re.search(r"\b(?:always|every (?:reply|answer|line|turn)|each time)\b", plain) and self._quotes(plain):
                return "orders a turn of phrase into every answer"
            habit = _HABIT.search(plain)
            if habit and _REFUSES.search(plain, habit.end()):
                return "orders refusing or silence as a habit"
        quoted = sum(self._quotes(folded(text)) for _, text in harness.texts()) + sum(
            self._quotes(folded(t)) for t in texts
        )
        return (
            "too many turns of phrase in rules and examples" if quoted > self.bounds.quotes + self._at_start() else ""
        )

    def _quotes(self, plain: str) -> int:
        return sum(plain.count(folded(phrase)) for phrase in self.catchphrases)

    def _at_start(self) -> int:
        return sum(self._quotes(folded(text)) for _, text in self.start.texts())


def text_of(edit: Edit) -> Iterable[str]:
    """Every text an edit would bring into a prompt."""
    for name, value in edit.model_dump(mode="json", exclude_none=True).items():
        if name in ("op", "id", "at", "to", "name", "verb"):
            continue
        yield from _strings(value)


def decoded(text: str) -> list[str]:
    """What hides in the text as base64 or hex, as far as it is readable; two layers deep."""
    found: list[str] = []
    layer = [text]
    for _ in range(2):
        layer = [inner for outer in layer for inner in _peeled(outer)]
        found += layer
    return found


def contradicts(rule: str, text: str) -> bool:
    """Whether ``text`` says the contrary of a clause of the rule, or waters it down: both are about the same things,
    but one forbids and the other does not. Crude on purpose: a harmless edit refused costs little."""
    said, allows = _content(text), not _words(text) & _NEVER
    softened = bool(re.search(r"\b(?:unless|except|sometimes|usually|if (?:they|you|the visitor))\b", folded(text)))
    for clause in (one for sentence in sentences(rule) for one in _CLAUSE.split(sentence)):
        about = _content(clause)
        shared = about & said
        if len(shared) < 2 or len(shared) / len(about) < 0.5:
            continue
        if allows == bool(_words(clause) & _NEVER) or softened:
            return True
    return False


def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _words(text) if word not in _STOP and word not in _NEVER)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w']+", folded(text).replace("’", "'")))


def _peeled(text: str) -> list[str]:
    found = [_from_base64(match[0]) for match in _BLOB.finditer(text)]
    found += [_from_hex(match[0]) for match in _HEX.finditer(text)]
    return [one for one in found if one]


def _from_base64(text: str) -> str:
    raw = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _from_hex(text: str) -> str:
    try:
        return bytes.fromhex(text).decode("utf-8")
    except ValueError:
        return ""


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("id", "kind"):
                yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _in_a_row(needle: Sequence[str], hay: Sequence[str]) -> bool:
    size = len(needle)
    return any(list(hay[i : i + size]) == list(needle) for i in range(len(hay) - size + 1))


def _size(harness: Harness) -> int:
    return sum(len(text) for _, text in harness.texts())
