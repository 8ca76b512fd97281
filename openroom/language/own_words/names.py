"""What a text may call somebody."""

from __future__ import annotations

from openroom.language.own_words.english import words

_TITLES = words(
    "dr dr. mr mr. mrs mrs. ms ms. miss sir dame lady lord captain old young little the professor prof "
    "prof. saint st st. king queen prince princess father mother brother sister uncle aunt doctor officer "
    "sergeant major colonel general herr frau fräulein señor señora señorita don doña der die das el la"
)
_MOST_PARTS = 6


def names_of(name: str) -> list[str]:
    """The name, and the parts of it that are no title: "Dr. Ann Lee" is also "Ann Lee", "Ann" and "Lee". The longest
    first."""
    parts = name.split()[:_MOST_PARTS]
    spans = [parts[start:end] for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
    found = [" ".join(span) for span in spans if any(part.lower() not in _TITLES for part in span)]
    return sorted(dict.fromkeys((name, *found)), key=len, reverse=True)
