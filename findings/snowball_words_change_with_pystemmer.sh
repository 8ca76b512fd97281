#!/usr/bin/env bash
# snowballstemmer 3.1.1 beside PyStemmer 2.2.0.3 or 3.0.0 (PyPI), seen on 2026-12-01 with Python 3.11.
#
# snowballstemmer.stemmer("english") uses PyStemmer where that is installed, for speed, as its page says. What one
# pins is then not what one gets: the rules are those of PyStemmer's version, which may be any, and they differ. With 2.2.0.3
# "international", "internal" and "intern" are one word, "evening" is "even", "added" is "ad"; the Python of 3.1.1 keeps them
# apart. 3.0.0 differs as well, in fewer words. Some languages are no longer there at all.
#
# A memory or a search index that keeps stems, built on one machine and asked on another, or before and after somebody
# installed a tool, loses words without an error: what was stored as "ad" is not found by "add". One would have expected the
# faster way to give the same words, or to be turned down where it doesn't.
#
# What follows: import the class (snowballstemmer.english_stemmer.EnglishStemmer), which is always the Python of the version
# that was pinned; or keep the words beside the stems and the version with the index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for beside in none 3.0.0 2.2.0.3; do
  more=()
  [ "$beside" = none ] || more=("PyStemmer==$beside")
  { python3 -m venv "$folder/$beside" &&
    "$folder/$beside/bin/pip" install -q --only-binary :all: snowballstemmer==3.1.1 "${more[@]}"; } >"$folder/log" 2>&1 ||
    { tail -3 "$folder/log"; exit 2; }
done
cat >"$folder/finding.py" <<'PY'
import sys

import snowballstemmer
from snowballstemmer.english_stemmer import EnglishStemmer

WORDS = ["teapots", "intern", "internal", "international", "evening", "added", "skis"]
PYTHON = ["teapot", "intern", "internal", "internat", "evening", "add", "ski"]
GIVEN = {
    "none": PYTHON,
    "3.0.0": ["teapot", "intern", "intern", "intern", "evening", "add", "skis"],
    "2.2.0.3": ["teapot", "intern", "intern", "intern", "even", "ad", "ski"],
}

beside = sys.argv[1]
given = snowballstemmer.stemmer("english").stemWords(WORDS)
missing = {"czech", "polish", "persian", "esperanto"} - set(snowballstemmer.algorithms())
print(f"PyStemmer {beside}:")
print("  stemmer():", ", ".join(f"{word} {stem}" for word, stem in zip(WORDS, given)))
print("  languages not there:", ", ".join(sorted(missing)) or "none")
same = given == GIVEN[beside] and EnglishStemmer().stemWords(WORDS) == PYTHON and bool(missing) == (beside != "none")
print("  as before" if same else "  CHANGED")
sys.exit(not same)
PY
status=0
for beside in none 3.0.0 2.2.0.3; do "$folder/$beside/bin/python" "$folder/finding.py" "$beside" || status=1; done
exit "$status"
