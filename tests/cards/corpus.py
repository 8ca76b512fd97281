"""Cards made by code: every version in every kind of file, and every oddity that is met in the wild."""

from __future__ import annotations

import base64
import copy
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PIL import Image

from openroom.cards import png

V1: dict[str, Any] = {
    "name": "Runa",
    "description": "{{char}} keeps the lighthouse. *She hums.*",
    "personality": "dry, patient",
    "scenario": "A storm is coming.",
    "first_mes": "Wipe your boots, {{user}}.",
    "mes_example": "<START>\n{{user}}: Is it safe here?\n{{char}}: Safer than out there.\n"
    "<START>\n{{user}}: Tea?\n{{char}}: Always.",
}
BOOK: dict[str, Any] = {
    "name": "Coast",
    "entries": [
        {
            "keys": ["lamp", "light"],
            "content": "@@depth 4\nThe lamp was lit in 1871.",
            "extensions": {"position": 1},
            "enabled": True,
            "insertion_order": 3,
            "use_regex": True,
            "position": "",
        },
        {"keys": ["reef"], "content": "Seven ships.", "enabled": False, "insertion_order": 1},
    ],
}
WORLD: dict[str, Any] = {
    "entries": {
        "0": {
            "uid": 0,
            "key": ["/re+f/i"],
            "keysecondary": ["ship"],
            "content": "Seven.",
            "disable": True,
            "order": 7,
            "position": 1,
        },
        "1": {"uid": 1, "key": ["lamp"], "content": "Old.", "selective": True, "caseSensitive": None, "constant": True},
    }
}


def v2(**more: Any) -> dict[str, Any]:
    data = {
        **V1,
        "creator_notes": "Only for people.",
        "system_prompt": "{{original}} Speak of the sea.",
        "post_history_instructions": "Stay in the tower.",
        "alternate_greetings": ["You again.", "The stairs are wet."],
        "tags": ["sea"],
        "creator": "somebody",
        "character_version": "1.2",
        "extensions": {"depth_prompt": {"depth": 4, "prompt": "x"}, "own": [1, 2.5, None]},
        "character_book": copy.deepcopy(BOOK),
        **more,
    }
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}


def v3(**more: Any) -> dict[str, Any]:
    own = {
        "nickname": "Ru",
        "creator_notes_multilingual": {"en": "Only for people.", "de": "Nur für Leute."},
        "source": ["somewhere"],
        "group_only_greetings": ["All of you, boots."],
        "creation_date": 1700000000,
        "modification_date": 1700000001,
        "x_foreign": {"kept": True},
        **more,
    }
    return {**v2(**own), "spec": "chara_card_v3", "spec_version": "3.0"}


VERSIONS: dict[int, dict[str, Any]] = {1: V1, 2: v2(), 3: v3()}
PRIVATE = b"\x00\x01" * 1_500_000


def dumped(card: Mapping[str, Any]) -> bytes:
    return json.dumps(card, ensure_ascii=False, indent=2).encode()


def coded(card: Mapping[str, Any]) -> bytes:
    return base64.b64encode(json.dumps(card, ensure_ascii=False).encode())


def picture(kind: str = "PNG", size: tuple[int, int] = (32, 48), colour: str = "#336699") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def text(keyword: str, value: bytes) -> bytes:
    return png.made(b"tEXt", keyword.encode() + b"\0" + value)


def packed_text(keyword: str, value: bytes) -> bytes:
    return png.made(b"zTXt", keyword.encode() + b"\0\0" + zlib.compress(value))


def international(keyword: str, value: bytes, packed: bool = False) -> bytes:
    head = keyword.encode() + (b"\0\1\0" if packed else b"\0\0\0") + b"\0\0"
    return png.made(b"iTXt", head + (zlib.compress(value) if packed else value))


def with_chunks(front: bytes = b"", behind: bytes = b"", after: bytes = b"", base: bytes | None = None) -> bytes:
    """A PNG with chunks in front of the pixels, behind them, and after its end."""
    base = base or picture()
    pixels, end = base.index(b"IDAT") - 4, base.rindex(b"IEND") - 4
    return base[:pixels] + front + base[pixels:end] + behind + base[end:] + after


def apng(*chunks: bytes) -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    return with_chunks(b"".join(chunks), base=buffer.getvalue())


ASSETS = [
    {"type": "icon", "uri": "embeded://assets/icon/images/main.png", "name": "main", "ext": "png"},
    {"type": "emotion", "uri": "embeded://assets/emotion/images/1.png", "name": "Happy", "ext": "png"},
    {"type": "emotion", "uri": "embeded://assets/emotion/images/2.svg", "name": "smug", "ext": "svg"},
    {"type": "background", "uri": "https://far.invalid/sea.png", "name": "sea", "ext": "png"},
]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'


def files() -> dict[str, bytes]:
    return {
        "assets/icon/images/main.png": picture(colour="#aa3322"),
        "assets/emotion/images/1.png": picture(colour="#22aa33"),
        "assets/emotion/images/2.svg": SVG,
        "module.own": b"private" * 100,
    }


def zipped(contents: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as new:
        for name, content in contents.items():
            new.writestr(name, content)
    return buffer.getvalue()


def charx(card: Mapping[str, Any] | None = None) -> bytes:
    return zipped({"card.json": dumped(card or v3(assets=ASSETS)), **files()})


def webp(value: bytes, order: str = "<") -> bytes:
    """A WebP whose EXIF comment, in the inner directory, is ``value``."""
    value = b"ASCII\0\0\0" + value
    mark = b"II*\0" if order == "<" else b"MM\0*"
    first = struct.pack(f"{order}IH", 8, 1) + struct.pack(f"{order}HHII", 0x8769, 4, 1, 26) + b"\0" * 4
    inner = struct.pack(f"{order}H", 1) + struct.pack(f"{order}HHII", 0x9286, 7, len(value), 44) + b"\0" * 4
    exif = mark + first + inner + value
    chunk = b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)
    body = picture("WEBP")[8:] + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


ODD: dict[str, tuple[bytes, int, set[str]]] = {
    "newer": (dumped({**v3(), "spec_version": "3.1"}), 3, {"newer"}),
    "v4": (dumped({**v3(), "spec": "chara_card_v4", "spec_version": "4.0"}), 3, {"newer"}),
    "no-spec": (dumped({"data": v2()["data"]}), 2, {"no_spec"}),
    "no-data": (dumped({"spec": "chara_card_v2", **V1}), 1, {"no_data"}),
    "missing": (dumped({"spec": "chara_card_v2", "data": {"description": "d"}}), 2, {"missing", "no_name"}),
    "foreign": (
        dumped({**v2(), "name": "Old", "fav": True, "talkativeness": "0.5", "create_date": "2023-1-1 @10h"}),
        2,
        {"foreign", "mirror"},
    ),
    "dates": (dumped(v3(creation_date="1700000000000", modification_date=1700000000000)), 3, {"date"}),
    "types": (
        dumped(v2(name=7, alternate_greetings="One.", tags=[1, "a"], mes_example=None)),
        2,
        {"type", "missing"},
    ),
    "bare-book": (dumped(v2()), 2, {"no_extensions"}),
    "half-character": (dumped(v2())[:-2].replace(b"dry, patient", b"dry \\ud83d") + b"}\n", 2, set()),
    "bom": (b"\xef\xbb\xbf" + dumped(v2()), 2, {"bom"}),
    "utf-16": (json.dumps(v2()).encode("utf-16"), 2, {"bom"}),
}
"""What may be odd about a card's text, whatever kind of file it stands in: the text, its version, the notes."""
INSIDE: dict[str, Callable[[bytes], bytes]] = {
    "png": lambda card: with_chunks(text("chara", base64.b64encode(card))),
    "png packed, behind": lambda card: with_chunks(behind=packed_text("chara", base64.b64encode(card))),
    "apng": lambda card: apng(text("chara", base64.b64encode(card))),
    "charx": lambda card: zipped({"card.json": card, **files()}),
    "jpeg": lambda card: picture("JPEG") + zipped({"card.json": card}),
    "webp": lambda card: webp(base64.b64encode(card)),
}
"""Each kind of file, but JSON by itself, that a card's text may stand in."""


def odd_everywhere() -> Iterator[tuple[str, bytes, int, set[str]]]:
    """Every oddity of a text in every kind of file."""
    for name, (card, spec, codes) in ODD.items():
        for kind, made in INSIDE.items():
            yield f"{name} in {kind}", made(card), spec, codes


def good() -> Iterator[tuple[str, bytes, int, set[str]]]:
    """(name, file, version it is read as, codes of notes that must be there)."""
    for spec, card in VERSIONS.items():
        keyword = "ccv3" if spec == 3 else "chara"
        odd: set[str] = set()
        yield f"json-v{spec}", dumped(card), spec, set()
        yield f"json-bom-v{spec}", b"\xef\xbb\xbf" + dumped(card), spec, {"bom"}
        yield f"json-utf16-v{spec}", json.dumps(card).encode("utf-16"), spec, {"bom"}
        yield f"png-v{spec}", with_chunks(text(keyword, coded(card))), spec, odd
        yield f"apng-v{spec}", apng(text(keyword, coded(card))), spec, odd
        yield f"png-behind-v{spec}", with_chunks(behind=text(keyword, coded(card))), spec, odd | {"behind"}
        yield f"png-after-v{spec}", with_chunks(after=text(keyword, coded(card))), spec, odd | {"behind"}
        yield f"png-ztxt-v{spec}", with_chunks(packed_text(keyword, coded(card))), spec, odd | {"packed"}
        yield f"png-itxt-v{spec}", with_chunks(international(keyword, coded(card))), spec, odd | {"packed"}
        yield f"png-itxt-z-v{spec}", with_chunks(international(keyword, coded(card), True)), spec, odd | {"packed"}
        yield f"png-plain-v{spec}", with_chunks(text(keyword, json.dumps(card).encode())), spec, odd | {"plain"}
        yield f"png-unpadded-v{spec}", with_chunks(text(keyword, coded(card).rstrip(b"=") + b"\n")), spec, odd
        yield f"png-capital-v{spec}", with_chunks(text(keyword.upper(), coded(card))), spec, odd
        yield f"png-private-v{spec}", with_chunks(text(keyword, coded(card)), png.made(b"prVt", PRIVATE)), spec, odd
        yield f"charx-v{spec}", zipped({"card.json": dumped(card), "other.json": b"{}"}), spec, set()
        yield f"jpeg-v{spec}", picture("JPEG") + zipped({"card.json": dumped(card)}), spec, set()
        yield f"webp-v{spec}", webp(json.dumps(card).encode()), spec, set()
        listed = ",".join(str(one) for one in json.dumps(card).encode()).encode()
        yield f"webp-bytes-v{spec}", webp(listed, ">"), spec, set()
    yield "charx-assets", charx(), 3, {"foreign"}
    yield "zip-inside", picture("JPEG") + zipped({"card.json": dumped(v2())}) + b"\xff\xd9" * 50_000, 2, set()
    yield "both", with_chunks(text("chara", coded(v2())), text("ccv3", coded(v3()))), 3, {"behind"}
    other = v3(first_mes="Another.")
    yield "contradiction", with_chunks(text("ccv3", coded(other)) + text("chara", coded(v2()))), 3, {"contradiction"}
    yield "twice", with_chunks(text("chara", coded(v2())) + text("chara", coded(V1))), 2, {"twice"}
    broken = text("ccv3", b"###") + text("chara", coded(v2()))
    yield "broken-ccv3", with_chunks(broken), 2, {"unreadable"}
    yield "renamed", with_chunks(text("ccv3", coded(v2()))), 2, {"renamed"}
    yield "v3-in-chara", with_chunks(text("chara", coded(v3()))), 3, {"renamed"}
    for name, (card, spec, codes) in ODD.items():
        yield name, card, spec, codes
    cut = with_chunks(text("chara", coded(v2())))
    yield "cut", cut[: cut.index(b"IDAT") + 10], 2, {"cut"}
    wrong = bytearray(with_chunks(text("chara", coded(v2()))))
    wrong[wrong.index(b"IDAT") - 5] ^= 1
    yield "checksum", bytes(wrong), 2, {"checksum"}


GOOD = {name: (data, spec, codes) for name, data, spec, codes in good()}
EVERY = {**GOOD, **{name: (data, spec, codes) for name, data, spec, codes in odd_everywhere()}}
"""The whole corpus: every format times every oddity."""


def _entry(name: str, content: bytes = b"x", mode: int = 0, method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        new.writestr("card.json", dumped(V1))
        info = zipfile.ZipInfo("x")
        info.filename = name
        info.external_attr = mode << 16
        info.compress_type = method
        new.writestr(info, content)
    return buffer.getvalue()


def _locked() -> bytes:
    data = bytearray(_entry("locked"))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def hostile() -> Iterator[tuple[str, bytes, str]]:
    """(name, file, words of the reason)."""
    for name in ("../up.json", "/root.json", "a/../../b", "a\\b", "c:/evil", "a//b", "./a"):
        yield f"slip {name}", _entry(name), "names"
    yield "link", _entry("link", b"/etc/passwd", 0o120777), "a link"
    yield "device", _entry("device", b"", 0o020666), "a link or device"
    yield "locked", _locked(), "without a password"
    yield "other method", _entry("lz", b"x", method=zipfile.ZIP_BZIP2), "another method"
    zeros = bytes(26_000_000)
    yield "bomb", zipped({"card.json": dumped(V1), "a": zeros, "b": zeros}), "unpacks to at most"
    yield "text bomb", with_chunks(png.made(b"zTXt", b"chara\0\0" + zlib.compress(bytes(60_000_000)))), "at most"
    yield "large card", zipped({"card.json": b"{" + b" " * 10_000_001}), "at most 10,000,000"
    yield "large asset", zipped({"card.json": dumped(V1), "a": bytes(50_000_001)}), "at most 50,000,000"
    yield "deep", b'{"name": "a", "x":' + b"[" * 100 + b"]" * 100 + b"}", "levels"
    yield "deeper", b'{"x":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", "levels"
    yield "many values", b'{"x":[' + b"1," * 2_100_000 + b"1]}", "values"
    yield "same name twice", _twice(), "occur once"
    yield "no card", zipped({"readme": b"x"}), "card.json"
    yield "not a number", b'{"name": NaN}', "JSON"
    yield "not utf-8", b'{"name": "\xff"}', "UTF-8"
    yield "a list", b"[1]", "another kind"
    yield "empty", b"", "empty file"
    yield "no keys", b'{"hello": 1}', "without any of its keys"
    yield "wrong base64", with_chunks(text("chara", b"%%%%")), "base64"
    yield "no chunk", picture(), "none"
    yield "no head", png.SIGNATURE + png.made(b"IEND", b""), "IHDR"
    yield "a JPEG", picture("JPEG"), "CharX behind it"
    yield "a WebP", picture("WEBP"), "EXIF comment"


def _twice() -> bytes:
    first = zipped({"card.json": dumped(V1), "aaaa": b"1", "bbbb": b"2"}, zipfile.ZIP_STORED)
    return first.replace(b"bbbb", b"aaaa")


HOSTILE = {name: (data, words) for name, data, words in hostile()}
