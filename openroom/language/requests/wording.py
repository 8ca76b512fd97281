"""Whether who asks for something to be written or sent in their name has said what it shall say."""

from __future__ import annotations

import re

_MOST_READ = 600
_FOR_ME = {
    "en": r"\b(?:for me|on my behalf|in my name|from me)\b",
    "de": r"\b(?:für mich|in meinem namen|von mir)\b",
    "es": r"\b(?:por mí|de mi parte|en mi nombre)\b",
    "zh": r"[帮替给为]我",
    "ja": r"(?:私|僕)の(?:代わり|かわり)に|(?:送って|書いて|打って)(?:もらえ|いただけ|くれ)",
}
"""It is theirs: the words are for them to give."""
_WORDS = {
    "en": r"[:\"“”]|\b(?:that|saying|says?|said|tell\w*|about|something|anything|whatever)\b",
    "de": r"[:\"„“]|\b(?:dass|sag\w*|steht|über|etwas|irgendwas|was du)\b",
    "es": r"[:\"«“]|\b(?:que|diciendo|diga|dile|diles|sobre|algo|cualquier)\b",
    "zh": r"[:：“\"]|说|告诉|关于|随便|点什么",
    "ja": r"[:：「\"]|と(?:送|書|伝|打)|何か|について",
}
"""They gave some, or left it to whoever writes."""


def lacks_words(heard: str, code: str) -> bool:
    """Whether a request for a text is made in the name of who asks, and nothing says what the text is."""
    held = heard[:_MOST_READ].lower()
    if code not in _FOR_ME or not re.search(_FOR_ME[code], held):
        return False
    return re.search(_WORDS[code], held) is None
