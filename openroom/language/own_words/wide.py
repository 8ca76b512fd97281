"""Chinese and Japanese sentences about somebody, told by themselves. Neither bends its verbs by person, so only who is
meant changes."""

from __future__ import annotations

import re

_STRANGE = re.compile(r"[\"“”「」『』（）(){}\[\]*<>|~#：:？?]")
_ZH_ME = re.compile(r"我|咱")
_ZH_OTHERS = re.compile(r"[他她它]")
_JA_ME = re.compile(r"私|僕|俺|わたし")
_JA_OTHERS = re.compile(r"彼|彼女|あの人")


def chinese(sentence: str, name: str) -> str:
    """From a sentence to or of its subject; empty where it can't be turned."""
    if _STRANGE.search(sentence) or _ZH_ME.search(sentence) or re.search(r"你们|您们", sentence):
        return ""
    if "你" in sentence or "您" in sentence:
        clear = re.match(r"(?:你|您)|[^，。]{1,12}，?(?:你|您)", sentence) and not _ZH_OTHERS.match(sentence)
        return re.sub(r"[你您]", "我", sentence) if clear else ""
    found = re.match(rf"(?:{re.escape(name)}|[他她])(?!们|的)", sentence)
    if found is None or _ZH_OTHERS.search(sentence[found.end() :]) or name in sentence[found.end() :]:
        return ""
    return f"我{sentence[found.end() :]}"


def japanese(sentence: str, name: str) -> str:
    """From a sentence to or of its subject; empty where it can't be turned."""
    if _STRANGE.search(sentence) or _JA_ME.search(sentence):
        return ""
    if sentence.startswith(("あなたは", "あなたの")):
        return "" if _JA_OTHERS.search(sentence) or "あなたたち" in sentence else sentence.replace("あなた", "私")
    found = re.match(rf"(?:{re.escape(name)}|彼女|彼)(?=は|の)", sentence)
    if found is None or _JA_OTHERS.search(sentence[found.end() :]) or name in sentence[found.end() :]:
        return ""
    return f"私{sentence[found.end() :]}"
