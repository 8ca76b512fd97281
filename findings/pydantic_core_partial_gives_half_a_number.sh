#!/usr/bin/env bash
# pydantic-core 2.50.5 (PyPI; its parser is jiter), seen on 2026-11-29 with Python 3.11.
#
# from_json(..., allow_partial=True) reads JSON that is still being written, and leaves out what is not complete: of
# {"word": "lamp.on"} nothing is given before the closing quote, of {"flag": true} nothing before the last letter. A number is the
# exception: as long as its digits can stand alone they are given as if they were all, so a 1250 that is being written is first 1,
# then 12, then 125, and one that a token limit has cut stays wrong. "1250." and "1.25e" are left out again, so a value comes,
# goes and comes back. One would have expected a number only once a character follows that can't belong to it.
#
# What follows: take a number of a partial reading only if another key or element came after it, or the text was whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install -q --only-binary :all: pydantic-core==2.50.5; } \
  >"$folder/log" 2>&1 || { tail -3 "$folder/log"; exit 2; }
cat >"$folder/finding.py" <<'PY'
import sys

from pydantic_core import from_json


def course(text):
    """What is given for the one key, one after the other, while the text is being written."""
    given = [from_json(text[:end], allow_partial=True).get("x", "-") for end in range(5, len(text) + 1)]
    return [one for n, one in enumerate(given) if n == 0 or one != given[n - 1]]


seen = {text: course(text) for text in ('{"x": "lamp.on"}', '{"x": true}', '{"x": 1250}', '{"x": 1250.5}', '{"x": [1250]}')}
for text, values in seen.items():
    print(f"{text}: {', '.join(map(str, values))}")
same = list(seen.values()) == [
    ["-", "lamp.on"],
    ["-", True],
    ["-", 1, 12, 125, 1250],
    ["-", 1, 12, 125, 1250, "-", 1250.5],
    ["-", [], [1], [12], [125], [1250]],
]
print("as before" if same else "CHANGED")
sys.exit(not same)
PY
"$folder/venv/bin/python" "$folder/finding.py"
