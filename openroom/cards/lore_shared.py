"""What reading and writing lorebooks share, whatever their form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from openroom.cards.lore_decorators import decorators, lines_of, meaningless, names_of
from openroom.cards.lore_fields import LOGIC, cut_keys, keys_of, long_patterns, text, whole, whole_keys
from openroom.cards.lore_fitting import USUAL, settle, settled
from openroom.cards.lore_kept import head_of, left_over, packed, pieces, put_back, rest_of, same, strangers, unpacked
from openroom.core.lore.book import FIRST_OUT, MOST_KEPT, Entry, Lore

Json = Mapping[str, Any]
MOST_ENTRIES = 5_000
MOST_TEXT = 20_000
TOKENS = 2_000
SCAN_DEPTH = 4


@dataclass(frozen=True, slots=True)
class ReadLore:
    """A book in the native form, as it may stand in ``lore.yaml``; ``notes`` are plain sentences for the report, each
    with the id of the entry that it is about."""

    lore: dict[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenLore:
    """A book in a foreign form: what of it that cannot hold is ``lost``, and what only openroom reads there ``moved``
    (plain sentences, each with the id of the entry that it is about)."""

    book: dict[str, Any]
    lost: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


def begun(given: Json, entries: Sequence[Json]) -> dict[str, Any]:
    """What a native book begins with. Both forms find keys inside words unless something else is said."""
    lore: dict[str, Any] = {"format": 1}
    for name, most in (("name", 300), ("description", 4000)):
        if said := text(given.get(name))[:most]:
            lore[name] = said
    lore["whole_words"] = False
    extensions = given.get("extensions")
    lore |= book_settings(extensions.get("openroom") if isinstance(extensions, Mapping) else None)
    return {**lore, "entries": list(entries)}


_BOOK_SETTINGS = ("whole_words", "case", "rounds", "scan_depth", "tokens", "recursion")
_AS_IMPORTED = {"whole_words": False, "case": False, "rounds": 3}


def book_settings(own: Any) -> dict[str, Any]:
    given = own if isinstance(own, Mapping) else {}
    there = [name for name in _BOOK_SETTINGS if name in given]
    found: dict[str, Any] = {}
    for name in there:
        with suppress(ValidationError):
            found[name] = getattr(Lore.model_validate({"format": 1, name: given[name]}), name)
    return found


def typed(lore: Json) -> list[dict[str, Any]]:
    """The entries of a native book, each value of the type that it is read as (a lore.yaml may say "5" for 5)."""
    found = []
    for entry in (Entry.model_validate(one) for one in lore.get("entries", ())):
        kept = {"kept": entry.kept} if entry.kept else {}
        found.append({**entry.model_dump(mode="json"), **kept})
    return found


def own_of_book(lore: Json) -> dict[str, Any]:
    """The settings of a book that only we know, where they are not those of an imported one."""
    now = {
        "whole_words": lore.get("whole_words", True),
        "case": lore.get("case", False),
        "rounds": lore.get("rounds", 3),
    }
    return {name: value for name, value in now.items() if value != _AS_IMPORTED[name]}


def plain(given: Json, order: str, *, off: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if comment := text(given.get("comment"))[:4000]:
        found["comment"] = comment
    if given.get("constant"):
        found["constant"] = True
    if (at := whole(given.get(order, 100), FIRST_OUT, 1_000_000, 100)) != 100:
        found["order"] = at
    return {**found, "enabled": False} if off else found


def put_conditions(entry: dict[str, Any], keys: Any, selective: Any, fields: Json, *, ignored: bool) -> None:
    """Secondary keys count where the entry is selective; V3 has them ignored with ``use_regex``."""
    found = keys_of(keys)
    if found and selective and not ignored:
        logic = whole(fields.get("selectiveLogic", 0), 0, len(LOGIC) - 1)
        entry["when"] = [{LOGIC[logic]: found}]


def put_decorated(entry: dict[str, Any], fields: Json, *, patterns: bool) -> None:
    """What decorators say goes before the fields; they never switch on what is switched off."""
    when = list(entry.get("when", ()))
    for condition in fields.get("when", ()):
        if not patterns:
            when.append(condition)
        elif "any" in condition:
            when.append({"any": whole_keys(condition["any"], patterns=True)})
    off = entry.get("enabled") is False
    entry |= {key: value for key, value in fields.items() if key != "when"}
    if off:
        entry["enabled"] = False
    if when:
        entry["when"] = when[:8]


_OWN = frozenset(Entry.model_fields) - {"id", "text", "kept"}


def put_own(entry: dict[str, Any], own: Any) -> None:
    """What stands under ``openroom`` goes before all else."""
    for name in own if isinstance(own, Mapping) else ():
        if name in _OWN:
            entry |= settled(name, own[name])


def put_off(entry: dict[str, Any], keys: Any, also: Any, said: list[str], *, patterns: bool = False) -> None:
    """Tell what of the ``keys`` (and of those that have to hold ``also``) is not looked for, and what else the entry
    cannot hold; off is who lacks all of its keys, or one of its conditions, for that."""
    said += cut_keys(keys, also, patterns=patterns)
    alone = long_patterns(keys, patterns=patterns) and not entry.get("keys") and not entry.get("constant")
    if alone or long_patterns(also):
        said.append("without that it is off")
        entry["enabled"] = False
    settle(entry, said)


def only_ours(entry: Json, back: Json) -> dict[str, Any]:
    """What of an entry only we can say: where another form, read again (``back``), says something else."""
    ours, theirs = _meaning(entry), _meaning(back)
    differ = [name for name in sorted({*ours, *theirs} & _OWN) if not same(ours.get(name), theirs.get(name))]
    return {name: entry[name] if name in entry else USUAL[name] for name in differ}


def says_the_same(entry: Json, back: Json) -> bool:
    """Whether two native entries mean the same, whatever they are called."""
    return same(_meaning(entry), _meaning(back))


def _meaning(entry: Json) -> dict[str, Any]:
    """What an entry says that is not as ever; a depth says something at that position alone, a text of blanks
    nothing."""
    said = {name: value for name, value in entry.items() if name != "kept"}
    if not text(said.get("text")).strip():
        said["text"] = ""
    if said.get("position") != "depth":
        said.pop("depth", None)
    return Entry.model_validate({"text": "", **said, "id": "e"}).model_dump(mode="json")


def headless(given: Json, rest: str) -> Json:
    """A foreign entry with so much of its content as stands behind decorators; one without a text as it is."""
    return {**given, "content": rest} if isinstance(given.get("content"), str) else given


def with_head(head: str, made: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `headless`."""
    return {**made, "content": head + made["content"]} if isinstance(made.get("content"), str) else made


def keep_rest(lore: dict[str, Any], form: str, made: Json, given: Json, notes: list[str]) -> None:
    head = {key: value for key, value in given.items() if key != "entries"}
    if rest := left_over(made, head):
        lore["kept"] = _bounded(form, {"rest": rest}, "the book", notes)
    notes += [f"the book: {name} is kept" for name in _unknown(rest)]


def keep_entry(
    entry: dict[str, Any], form: str, made: Json, given: Json, head: str, notes: list[str], **more: Any
) -> None:
    """Keep what the file says besides; ``more`` is what the form itself has to know, where it is not empty."""
    kept = {"rest": left_over(made, given), **more}
    if head or (form == "card" and decorators(entry)):
        kept["head"] = [head, decorators(entry)]
    if kept["rest"] or "head" in kept or more.get("at"):
        there = {name: what for name, what in kept.items() if what}
        entry["kept"] = _bounded(form, there, entry["id"], notes)
    notes += [f"{entry['id']}: the text is longer than {MOST_TEXT} characters; the rest is kept"] * (
        len(text(given.get("content"))) > MOST_TEXT
    )


def _bounded(form: str, kept: Json, what: str, notes: list[str]) -> str:
    """What a file says besides, as text; where there is no room for it, that there was more."""
    text = packed({"form": form, **kept})
    if len(text) <= MOST_KEPT:
        return text
    notes.append(f"{what}: what the file says besides is over {MOST_KEPT:,} characters; only the original has it")
    return packed({"form": form, "more": True})


def given_back(made: Json, source: Json, form: str, lost: list[str], what: str) -> dict[str, Any]:
    """With what was kept, where that came from this form; else ``lost`` is told what stays behind."""
    kept = unpacked(source.get("kept"))
    if kept.get("form") == form:
        return put_back(made, rest_of(kept))
    lost += [f"{what}: {name} came from another form and is left out" for name in _unknown(rest_of(kept))]
    return dict(made)


def write_entry(
    entry: Json, form: str, made: Json, read: Callable[[Json], Json], lost: list[str], *, decorated: bool
) -> dict[str, Any]:
    """An entry in a foreign form, ``made`` of the native one. Of what it came with stays all that still says what the
    entry says now, which is found out by reading it again: an edit always wins. ``decorated``: whether decorators are
    written where there were none."""
    id, kept = entry.get("id"), unpacked(entry.get("kept"))
    if kept.get("form") != form:
        given_back(made, entry, form, lost, str(id))
        kept = {}
    if kept.get("more"):
        lost.append(f"{id}: what its file said besides, which only the original has")
    rest, (was, said) = rest_of(kept), head_of(kept)
    now = decorators(entry)
    by_fields = names_of(said) - names_of(was)
    head = meaningless(was) + ("" if not decorated else "".join(lines_of(now, without=by_fields)))
    for top, body in ((was if said == now else head, put_back(made, rest)), (head, put_back(made, strangers(rest)))):
        written = with_head(top, body)
        if says_the_same(entry, read(written)):
            return written
    body = dict(made)
    for one in pieces(strangers(rest)):  # one may say something here all the same; the others stay
        more = put_back(body, one)
        if says_the_same(entry, read(with_head(head, more))):
            body = more
    written = with_head(head, body)
    if not says_the_same(entry, read(written)):
        lost.append(f"{id}: a text that begins with @@ is taken for a decorator elsewhere, and so is this one's")
    return written


def _unknown(rest: Json) -> Iterator[str]:
    """The keys that only the file has."""
    return iter(strangers(rest))
