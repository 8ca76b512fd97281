#!/usr/bin/env bash
# pydantic 2.14.4 with pydantic-core 2.50.5 (PyPI), seen on 2026-11-29 with Python 3.11.
#
# A stream of a chat API can cut an emoji in two: one delta ends in "\ud83d", the next begins with "\ude00". json.loads reads each
# event without a word, and what a client then puts together is a str with two halves of a character in it, not the emoji.
#
# Given such a str, pydantic_core.from_json, partial or not, raises TypeError: Expected bytes, bytearray or str. One would have
# expected the ValueError that it raises for all other texts that it can't read (for the same halves written as escapes, for
# one), as TypeAdapter.validate_json and orjson do, and a message that does not say of a str that it is none. An
# `except ValueError` around it lets the TypeError through, and the stream ends there.
#
# What follows: give from_json bytes (str.encode raises UnicodeEncodeError, which is a ValueError), or mend the text first with
# text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), which makes one emoji of the two halves.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install -q --only-binary :all: pydantic==2.14.4; } \
  >"$folder/log" 2>&1 || { tail -3 "$folder/log"; exit 2; }
cat >"$folder/finding.py" <<'PY'
import json
import sys

from pydantic import TypeAdapter
from pydantic_core import from_json

EVENTS = [r'{"delta": "{\"say\": \"\ud83d"}', r'{"delta": "\ude00\"}"}']
text = "".join(json.loads(event)["delta"] for event in EVENTS)


def told(read):
    try:
        return ascii(read())
    except Exception as error:
        return f"{type(error).__name__}, {'a' if isinstance(error, ValueError) else 'no'} ValueError"


seen = {
    "json.loads": told(lambda: json.loads(text)),
    "from_json": told(lambda: from_json(text)),
    "from_json, of half of it": told(lambda: from_json(text[:10], allow_partial="trailing-strings")),
    "from_json, of the bytes": told(lambda: from_json(text.encode())),
    "validate_json": told(lambda: TypeAdapter(dict).validate_json(text)),
    "from_json, when mended": told(lambda: from_json(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))),
}
for name, what in seen.items():
    print(f"{name}: {what}")
same = list(seen.values()) == [
    r"{'say': '\ud83d\ude00'}",
    "TypeError, no ValueError",
    "TypeError, no ValueError",
    "UnicodeEncodeError, a ValueError",
    "ValidationError, a ValueError",
    r"{'say': '\U0001f600'}",
]
print("as before" if same else "CHANGED")
sys.exit(not same)
PY
"$folder/venv/bin/python" "$folder/finding.py"
