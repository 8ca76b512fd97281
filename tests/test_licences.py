"""What openroom brings along: the licences of all hard dependencies, transitive ones too. None is copyleft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_COPYLEFT = re.compile(
    r"\b(?:A|L)?GPL|GNU (?:Affero |Lesser |Library )?(?:or Lesser )?General Public"
    r"|EUPL|European Union Public"
    r"|CC[- ]BY[- ]SA|\bOSL\b|Open Software License|\bSSPL\b|\bMPL\b|Mozilla Public|\bEPL\b|Eclipse Public|\bCDDL\b|CeCILL",
    re.IGNORECASE,
)
_PERMISSIVE = re.compile(
    r"\bMIT\b|\bBSD\b|Apache|\bISC\b|Python Software Foundation|\bPSF\b|Unlicense|\b0BSD\b|\bZlib\b", re.IGNORECASE
)
# The MPL binds its own files only, which nobody here changes, and nothing around them. Each such package is named.
_MPL = re.compile(r"\bMPL\b(?:-2\.0)?|Mozilla Public License", re.IGNORECASE)
_BY_FILE = {"certifi", "orjson", "tqdm"}


def _hard(name: str, seen: dict[str, Distribution], extras: frozenset[str] = frozenset()) -> None:
    """All that is installed with ``name`` when nobody asks for an extra, on the platform that the tests run on."""
    key = canonicalize_name(name)
    if key in seen and not extras:
        return
    try:
        seen[key] = distribution(name)
    except PackageNotFoundError:
        return
    for needed in map(Requirement, seen[key].requires or ()):
        asked = ("", *extras)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in asked):
            _hard(needed.name, seen, frozenset(needed.extras))


def _said(package: Distribution) -> Iterator[str]:
    """What a package says of its licence: the expression, the classifiers, or the first words of the old field."""
    meta = package.metadata
    if expression := meta.get("License-Expression"):
        yield expression
        return
    found = [one for one in meta.get_all("Classifier") or [] if one.startswith("License ::")]
    yield from found
    if not found and (old := meta.get("License")):
        yield old.strip().splitlines()[0][:100]


def _verdict(name: str, said: list[str]) -> str:
    """Empty when a dependency may stay."""
    told = "; ".join(said)
    if name in _BY_FILE and _MPL.search(told):
        told = _MPL.sub("MIT", told)
    if _COPYLEFT.search(told):
        return f"{name}: copyleft ({told})"
    return "" if _PERMISSIVE.search(told) else f"{name}: a licence that nobody has looked at ({told or 'none named'})"


def test_no_hard_dependency_is_copyleft() -> None:
    seen: dict[str, Distribution] = {}
    _hard("openroom", seen)
    assert {"pydantic", "sqlalchemy", "openai", "anyio", "certifi"} <= set(seen), sorted(seen)
    table = {name: list(_said(package)) for name, package in seen.items()}
    print("\n".join(f"{name:24}{'; '.join(said)}" for name, said in sorted(table.items())))
    assert not [flaw for name, said in table.items() if (flaw := _verdict(name, said))]


def test_the_extras_are_not_among_them() -> None:
    seen: dict[str, Distribution] = {}
    _hard("openroom", seen)
    assert not {"chess", "nicegui", "xllamacpp", "huggingface-hub", "wordllama", "gepa", "aiosqlite"} & set(seen)


def test_copyleft_is_found_in_every_place_where_it_is_said() -> None:
    assert "copyleft" in _verdict("chess", list(_said(distribution("chess"))))  # an extra, GPL-3
    for told in (
        "GPL-3.0-or-later",
        "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)",
        "MPL-2.0",
    ):
        assert "copyleft" in _verdict("thing", [told])
    assert "nobody has looked at" in _verdict("thing", [])
    assert _verdict("thing", ["MIT"]) == ""
    assert "copyleft" in _verdict("certifi", ["MPL-2.0 AND GPL-3.0-only"])
