"""Whether a remark asks for an item of the menu by its label, word for word, in any language that the label is told in.

The pages offer such remarks ("Mira, kannst du bitte die Lampe anzünden?"). Nothing but an address and a polite form may
stand around the label: talk about a deed is left to `openroom.language.requests.match`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from openroom.language.requests.item import MenuItem, without_asides

_ADDRESS = re.compile(r"^[^,，、さ]{1,40}(?:,|，|、|さん、?)\s*")
_POLITE = re.compile(
    r"\b(?:could|can|would|will|you|please|kannst|könntest|würdest|du|bitte|puedes|podrías|por favor)\b"
    r"|(?:可以|能|请|你|吗|のを|お願い|できますか|します|してください|を)"
)
_SHORTEST = 3


def by_label(heard: str, menu: Sequence[MenuItem]) -> str:
    """The id of the item, else an empty text. ``heard`` is in small letters, normalised
    (NFKC)."""
    found = [
        (len(label), item.id) for item in menu for label in _labels(item) if label in heard and _alone(heard, label)
    ]
    return max(found)[1] if found else ""


def _labels(item: MenuItem) -> Iterator[str]:
    for label in (item.label, *item.also):
        plain = without_asides(unicodedata.normalize("NFKC", label)).lower().replace("’", "'")
        if len(plain) >= _SHORTEST:
            yield plain


def _alone(heard: str, label: str) -> bool:
    before, _, after = heard.partition(label)
    rest = _POLITE.sub("", f"{_ADDRESS.sub('', before)} {after}")
    return not any(char.isalnum() for char in rest)
