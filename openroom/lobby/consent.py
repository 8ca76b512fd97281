"""Consent: whether what a person says aloud may help to make characters better. Nobody's may until they have said so,
and they can take it back at any time.
"""

from __future__ import annotations

from collections.abc import Iterable

from openroom.core.actor import is_character
from openroom.ports.store import KeyValues

_KEY = "consent {person}"


async def gives_consent(store: KeyValues, person: str) -> bool:
    """Whether that person (a participant id) has said yes."""
    return await store.get(_KEY.format(person=person)) is not None


async def set_consent(store: KeyValues, person: str, given: bool) -> None:
    """Note a person's yes, or that they took it back."""
    await store.put(_KEY.format(person=person), "yes" if given else None)


async def all_consent(store: KeyValues, people: Iterable[str]) -> bool:
    """Whether everybody of ``people`` has said yes; characters and the room itself need not."""
    return all([await gives_consent(store, one) for one in set(people) if needs_asking(one)])


def needs_asking(participant: str) -> bool:
    """Whether a participant is a person, whose words are theirs."""
    return not is_character(participant) and participant != "system"
