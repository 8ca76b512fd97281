"""docs/evals.md names every check with its parameters, every dimension and every kind of item."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from openroom.evals.case import DIMENSIONS, CaseFile, Item, Split
from openroom.evals.checks.registry import checks
from openroom.library.document import parse_document
from openroom.library.validate import fit

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "evals.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(checks()))
def test_each_check_is_documented_with_its_parameters(name):
    row = re.search(rf"^\| `{name}` \| (.*?) \|", PAGE, re.MULTILINE)
    assert row, f"docs/evals.md has no row for {name}"
    told = set(re.findall(r"`(\w+)`", row[1]))
    fields = {field.alias or key for key, field in checks()[name].Params.model_fields.items()}
    assert told == fields


def test_the_example_on_the_page_is_a_case_file():
    (text,) = re.findall(r"```\n(format: 1\n.*?)```", PAGE, re.DOTALL)
    file, problems = fit(parse_document(text.encode(), "docs/evals.md"), CaseFile)
    assert problems == []
    assert [case.id for case in file.cases] == ["mira_timetable"]


def test_dimensions_items_and_splits_are_documented():
    for word in (*DIMENSIONS, *get_args(Item), *get_args(Split)):
        assert re.search(rf"\b{word}\b", PAGE), word
