"""Optional libraries that are there, are not there, or are there and broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from openroom.ports.extras import ABSENT, optional


def test_what_can_be_loaded_is_given() -> None:
    library, reason = optional("json")
    assert library.loads("1") == 1
    assert reason == ""


def test_what_is_not_installed_is_absent() -> None:
    assert optional("no_such_library_of_ours") == (None, ABSENT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('raise RuntimeError("no home")', "RuntimeError: no home"),
        ('raise ImportError("another numpy")', "ImportError: another numpy"),
        ("import no_such_library_of_ours", "ModuleNotFoundError: No module named 'no_such_library_of_ours'"),
        ('raise OSError(12, "cannot map it")', "OSError: [Errno 12] cannot map it"),
        ("from json import no_such_name", "ImportError: cannot import name 'no_such_name'"),
        ("1 +", "SyntaxError: invalid syntax"),
    ],
)
def test_what_cannot_be_loaded_says_why(text: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_broken_library.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    library, reason = optional("a_broken_library")
    assert library is None
    assert reason.startswith(f"is installed and cannot be loaded ({why}")
