"""Flaws are values; a log writes them as lines, those of older builds too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.tuning.audit.record import FailureCited, Flaw


@pytest.mark.parametrize(
    ("line", "kind", "why", "dimension"),
    [
        ("facts: does not say it: nineteen (19) years", "facts", "does not say it: nineteen (19) years", ""),
        ("length (voice): 4 sentences, at most 2", "length", "4 sentences, at most 2", "voice"),
        ("no transcript", "no transcript", "", ""),
        ("bad score for voice: 'x'", "bad score for voice", "'x'", ""),
        ("evaluator error: RuntimeError", "evaluator error", "RuntimeError", ""),
    ],
)
def test_a_line_of_a_log_is_read_as_what_it_was(line: str, kind: str, why: str, dimension: str) -> None:
    flaw = Flaw.read(line)
    assert (flaw.kind, flaw.why, flaw.dimension, str(flaw)) == (kind, why, dimension, line)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_log_is_written_back_as_it_stood(line: str) -> None:
    cited = FailureCited.model_validate({"case": "c", "dimension": "voice", "flaws": [line]})
    assert cited.model_dump(mode="json")["flaws"] == [line]
