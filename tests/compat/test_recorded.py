"""A recorded run that an earlier build packed is whole, and its decisions follow from its evidence."""

from __future__ import annotations

import importlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.compat.conftest import DATA, ROOT, House, expected

BUNDLE = DATA / "run.zip"


def _verify_bundle() -> Any:
    """The function that docs/governance.md names to anybody who was handed a bundle."""
    page = (ROOT / "docs" / "governance.md").read_text(encoding="utf-8")
    found = re.search(r"from (\S+) import bundle, recorded; print\(bundle\.verify_bundle\(", page)
    assert found is not None
    return importlib.import_module(f"{found[1]}.bundle").verify_bundle


def test_the_bundle_is_whole_and_a_changed_one_is_not(tmp_path: Path) -> None:
    found = _verify_bundle()(BUNDLE)
    assert (found.ok, found.problems) == (True, ())
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(BUNDLE) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'"verdict":"keep"', b'"verdict":"drop"', 1))
    assert not _verify_bundle()(changed).ok


def test_its_decisions_come_out_again(house: House, run: Callable[[str], str]) -> None:
    with zipfile.ZipFile(BUNDLE) as archive:
        archive.extractall(house.data / "tuning" / "log")
    assert run("audit replay") == expected("told")["audit replay"]
