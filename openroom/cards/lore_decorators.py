"""Decorators at the head of a lore entry's content, as character cards V3 have them (``@@name value``).

Source: the Character Card V3 specification, "Decorators". A line that begins with ``@@@`` is a fallback: it counts
where the decorator above it is not known here or has no value that fits. Of one name the first counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from openroom.core.lore.book import FIRST_OUT, FOR_GOOD, MOST_GREETINGS, MOST_LINES

Fields = dict[str, Any]
_DIGITS = 9
"""More than any number that an entry may have: Python reads none of thousands of digits."""
_POSITIONS = {"before_desc": "before", "after_desc": "after"}


@dataclass(frozen=True, slots=True)
class Decorated:
    """A content taken apart: ``head`` is all that stands before the text, ``fields`` what it says in the native form,
    ``ignored`` the names that mean nothing here."""

    head: str
    text: str
    fields: Fields
    ignored: tuple[str, ...] = ()


def undecorated(content: str) -> Decorated:
    """Take a content apart."""
    lines = content.split("\n")
    count = 0
    while count < len(lines) and (lines[count].startswith("@@") or not lines[count].strip()):
        count += 1
    if not any(line.startswith("@@") for line in lines[:count]):
        return Decorated("", content, {})
    text = "\n".join(lines[count:])
    fields, ignored = _meant(lines[:count])
    return Decorated(content[: len(content) - len(text)], text, fields, tuple(ignored))


def _meant(lines: list[str]) -> tuple[Fields, list[str]]:
    chosen: dict[str, str] = {}
    ignored: list[str] = []
    known = True
    for line in (line.strip() for line in lines if line.strip()):
        is_fallback = line.startswith("@@@")
        if is_fallback and known:
            continue
        name, _, value = line.lstrip("@").partition(" ")
        known = name in chosen or (name in _READ and _READ[name]({}, value.strip()))
        if known:
            chosen.setdefault(name, value.strip())
        else:
            ignored.append(name)
    if "position" in chosen:
        chosen.pop("depth", None)
    if "position" in chosen or "depth" in chosen:
        chosen.pop("reverse_depth", None)
    if "activate" in chosen:
        chosen.pop("dont_activate", None)
    fields: Fields = {}
    for name, value in chosen.items():
        _READ[name](fields, value)
    return fields, ignored


def decorators(entry: Mapping[str, Any]) -> str:
    """The head that says of a native entry what decorators can say."""
    lines = [
        f"@@is_greeting {entry['greetings'][0]}" if len(entry.get("greetings", ())) == 1 else "",
        _line("activate_only_after", entry.get("after_replies")),
        _line("activate_only_every", entry.get("every")),
        "@@keep_activate_after_match" if entry.get("sticky") == FOR_GOOD else "",
        "@@dont_activate_after_match" if entry.get("cooldown") == FOR_GOOD else "",
        f"@@depth {entry.get('depth', 0)}" if entry.get("position") == "depth" else "",
        _line("scan_depth", entry.get("scan_depth"), zero=True),
        "@@ignore_on_max_context" if entry.get("priority") == FIRST_OUT else "",
    ]
    for condition in entry.get("when", ())[1:]:
        lines += [_listed("additional_keys", condition.get("any")), _listed("exclude_keys", condition.get("not_any"))]
    return "".join(f"{line}\n" for line in lines if line)


def names_of(head: str) -> frozenset[str]:
    """The names of the decorators in a head."""
    return frozenset(_name(line) for line in head.split("\n") if line.startswith("@@"))


def lines_of(head: str, *, without: Collection[str] = ()) -> list[str]:
    """The lines of a head, line ends and all, but those of some names."""
    return [line for line in head.splitlines(keepends=True) if _name(line) not in without]


def meaningless(head: str) -> str:
    """Of a head the lines that mean nothing here: of strangers' decorators, whatever is edited here, nothing goes."""
    kept = [line for line in head.split("\n") if line.startswith("@@") and _name(line) not in _READ]
    return "".join(f"{line}\n" for line in kept)


def _name(line: str) -> str:
    return line.strip().lstrip("@").partition(" ")[0]


def _line(name: str, value: Any, *, zero: bool = False) -> str:
    return f"@@{name} {value}" if value or (zero and value == 0) else ""


def _listed(name: str, keys: Any) -> str:
    return f"@@{name} {','.join(keys)}" if keys and not any("," in key for key in keys) else ""


# reading --------------------------------------------------------------------------------------------------------------


def _number(field: str, most: int) -> Callable[[Fields, str], bool]:
    def read(fields: Fields, value: str) -> bool:
        digits = value.lstrip("0") or value[:1]
        if not digits.isdecimal() or len(digits) > _DIGITS or int(digits) > most:
            return False
        fields[field] = int(digits)
        return True

    return read


def _sets(**values: Any) -> Callable[[Fields, str], bool]:
    def read(fields: Fields, _value: str) -> bool:
        fields.update(values)
        return True

    return read


def _keys(which: str) -> Callable[[Fields, str], bool]:
    def read(fields: Fields, value: str) -> bool:
        keys = [key.strip() for key in value.split(",") if key.strip()]
        if keys:
            fields["when"] = [*fields.get("when", []), {which: keys}]
        return bool(keys)

    return read


def _depth(fields: Fields, value: str) -> bool:
    if not _number("depth", MOST_LINES)(fields, value):
        return False
    fields["position"] = "depth"
    return True


def _reverse_depth(fields: Fields, value: str) -> bool:
    """From the other end: as far up as a talk allows of which what was answered stays as it is."""
    return _depth(fields, value) and _depth(fields, str(MOST_LINES))


def _greeting(fields: Fields, value: str) -> bool:
    found: Fields = {}
    if not _number("greeting", MOST_GREETINGS)(found, value):
        return False
    fields["greetings"] = [found["greeting"]]
    return True


def _position(fields: Fields, value: str) -> bool:
    if value not in _POSITIONS:
        return False
    fields["position"] = _POSITIONS[value]
    return True


_READ: dict[str, Callable[[Fields, str], bool]] = {
    "activate": _sets(constant=True),
    "activate_only_after": _number("after_replies", FOR_GOOD),
    "activate_only_every": _number("every", FOR_GOOD),
    "additional_keys": _keys("any"),
    "depth": _depth,
    "dont_activate": _sets(enabled=False),
    "dont_activate_after_match": _sets(cooldown=FOR_GOOD),
    "exclude_keys": _keys("not_any"),
    "ignore_on_max_context": _sets(priority=FIRST_OUT),
    "is_greeting": _greeting,
    "keep_activate_after_match": _sets(sticky=FOR_GOOD),
    "position": _position,
    "reverse_depth": _reverse_depth,
    "scan_depth": _number("scan_depth", MOST_LINES),
}
"""What each means here. Those for other kinds of text (``instruct_depth``), for icons, roles and the page of another
application are ignored, as the specification has it, and stay in the file. ``role``: whatever comes up is a line
in brackets among what the character hears, since its own lines are those that it said, and many chat templates refuse
a message of the system amid a talk."""
