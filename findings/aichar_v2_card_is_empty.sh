#!/usr/bin/env bash
# aichar 1.0.5 (PyPI), seen on 2026-11-29 with Python 3.11.
#
# A character card of format V2 holds its fields under `data`, and only there. aichar reads the six fields of V1 at the top
# level: such a card loads without an error, as a character whose name and texts are all empty, from JSON and from PNG. One
# would expect the character, or an error. Cards that repeat the V1 fields beside `data`, as some programs write them, load
# well, so a test with one of those sees nothing.
#
# What follows: look at the name after loading, and do not save over the file; what is written back is the empty character.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install -q aichar==1.0.5; } >"$folder/log" 2>&1 ||
  { tail -3 "$folder/log"; exit 2; }
cd "$folder"
venv/bin/python - <<'PY'
import base64
import json
import struct
import sys
import zlib

import aichar

texts = {
    "name": "Ada",
    "description": "A clockmaker.",
    "personality": "patient",
    "scenario": "A shop at night.",
    "first_mes": "Mind the cuckoo.",
    "mes_example": "<START>\n{{user}}: Hello\n{{char}}: Good evening.",
}
more = {
    "creator_notes": "",
    "system_prompt": "",
    "post_history_instructions": "",
    "alternate_greetings": [],
    "tags": [],
    "creator": "",
    "character_version": "1",
    "extensions": {},
}
v2 = {"spec": "chara_card_v2", "spec_version": "2.0", "data": {**texts, **more}}


def png(card):
    """One grey pixel with the card in a tEXt chunk `chara`."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    text = b"chara\0" + base64.b64encode(json.dumps(card).encode())
    head, pixel = struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0), zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", text) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def shown(character):
    return (character.name, character.summary, character.greeting_message)


def from_png(card):
    with open("card.png", "wb") as file:
        file.write(png(card))
    return shown(aichar.load_character_card_file("card.png"))


empty, ada = ("", "", ""), ("Ada", "A clockmaker.", "Mind the cuckoo.")
seen = {
    "V1, JSON": (shown(aichar.load_character_json(json.dumps(texts))), ada),
    "V2, JSON": (shown(aichar.load_character_json(json.dumps(v2))), empty),
    "V2 with V1 beside it, JSON": (shown(aichar.load_character_json(json.dumps({**texts, **v2}))), ada),
    "V1, PNG": (from_png(texts), ada),
    "V2, PNG": (from_png(v2), empty),
}
for what, (came, _) in seen.items():
    print(f"{what}: {came}")
written = json.loads(aichar.load_character_json(json.dumps(v2)).export_json("tavernai"))
print("V2 written back:", {key: written[key] for key in texts})
same = all(came == before for came, before in seen.values()) and not any(written[key] for key in texts)
print("as before" if same else "CHANGED")
sys.exit(not same)
PY
