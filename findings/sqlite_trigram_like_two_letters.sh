#!/usr/bin/env bash
# SQLite 3.40.0 and 3.41.0 (PyPI: apsw 3.40.0.0 and 3.41.0.0, which carry it), seen on 2026-11-29 with Python 3.11.
#
# LIKE on an FTS5 table with the trigram tokenizer falls back to a scan when the pattern is too short for the index, so it
# should find what it finds on a plain table. In 3.40.0 it does for two ASCII letters, and finds **nothing**, without an error,
# for one or two letters that take three bytes or more in UTF-8: most Japanese and Chinese words, and an accented letter beside
# a plain one. A search for 将棋 in a memory of talk comes back empty, while one for "te" works. 3.41.0 finds them all. Debian
# 12 has 3.40.1, which does the same.
#
# What follows: ask sqlite3.sqlite_version before relying on it, or look for words of one or two letters in a plain table.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 3.40.0.0 3.41.0.0; do
  { python3 -m venv "$folder/$version" && "$folder/$version/bin/pip" install -q --only-binary :all: "apsw==$version"; } \
    >"$folder/log" 2>&1 || { tail -3 "$folder/log"; exit 2; }
done
cat >"$folder/finding.py" <<'PY'
import sys

import apsw

LINES = ["昨日、将棋をした。", "Le café est fermé.", "She keeps a tea room."]
PATTERNS = ["%te%", "%tea%", "%棋を%", "%将棋を%", "%将棋%", "%棋%", "%fé%", "%é%"]
LOST_BY_3_40 = {"%棋を%", "%将棋%", "%棋%", "%fé%"}

cursor = apsw.Connection(":memory:").cursor()
cursor.execute("CREATE VIRTUAL TABLE indexed USING fts5(line, tokenize='trigram')")
cursor.execute("CREATE TABLE plain (line)")
for line in LINES:
    cursor.execute("INSERT INTO indexed VALUES (?)", (line,))
    cursor.execute("INSERT INTO plain VALUES (?)", (line,))


def found(table, pattern):
    return cursor.execute(f"SELECT count(*) FROM {table} WHERE line LIKE ?", (pattern,)).fetchone()[0]


version = apsw.sqlitelibversion()
print(f"SQLite {version}")
lost = set()
for pattern in PATTERNS:
    here, there = found("plain", pattern), found("indexed", pattern)
    print(f"  LIKE '{pattern}': {here} in the plain table, {there} in the trigram table")
    if here != there:
        lost.add(pattern)
same = lost == (LOST_BY_3_40 if version.startswith("3.40.") else set())
print("  as before" if same else "  CHANGED")
sys.exit(not same)
PY
status=0
for version in 3.40.0.0 3.41.0.0; do "$folder/$version/bin/python" "$folder/finding.py" || status=1; done
exit "$status"
