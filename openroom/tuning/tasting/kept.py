"""The words of tastings: what was said before, and both answers. They lie in the store, not in the audit log, which
holds their digests only; so what somebody takes back is gone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, Field

from openroom.core.harness import canonical, digest_of
from openroom.evals.training import Preference
from openroom.ports.store import KeyValues, Store
from openroom.tuning.audit.tastings import Better, candidate_is_left, commitment
from openroom.tuning.tasting.answers import Answer
from openroom.tuning.tasting.moments import Moment, stands

_INDEX = "tastings"
_SHOWN_BEFORE = 6
_CHANGING: WeakKeyDictionary[KeyValues, asyncio.Lock] = WeakKeyDictionary()
"""By store: held while something of it is changed, so that nobody puts back what another took out meanwhile."""


class KeptAnswer(BaseModel):
    """One answer as it is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    deeds: tuple[str, ...] = ()
    messages: tuple[tuple[str, str], ...] = ()
    raw: str = ""
    digest: str

    @classmethod
    def of(cls, answer: Answer) -> KeptAnswer:
        return cls(say=answer.say, deeds=answer.deeds, messages=answer.messages, raw=answer.raw, digest=answer.digest)


class KeptLine(BaseModel):
    """A line that was said, as a page shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str
    text: str


class KeptPair(BaseModel):
    """A pair with its words. ``cites`` are the events that it rests on, ``people`` those who stand in them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    seed: str
    room: str
    seq: int
    cites: tuple[int, ...]
    people: tuple[str, ...]
    before: tuple[KeptLine, ...]
    heard: KeptLine
    candidate: KeptAnswer
    released: KeptAnswer
    better: Better | None = None

    @property
    def answers(self) -> dict[str, str]:
        """The digests of both answers."""
        return {"candidate": self.candidate.digest, "released": self.released.digest}

    @property
    def commit(self) -> str:
        """What the log is told before anybody sees the pair."""
        return commitment(self.seed, self.answers)

    @property
    def sides(self) -> tuple[KeptAnswer, KeptAnswer]:
        """Both answers in the order in which they are shown."""
        pair = self.candidate, self.released
        return pair if candidate_is_left(self.seed) else pair[::-1]


class KeptTasting(BaseModel):
    """The words of one tasting."""

    model_config = ConfigDict(extra="forbid")

    character: str
    round_id: str
    pairs: dict[int, KeptPair] = Field(default_factory=dict)


def name_of(candidate: str, against: str) -> str:
    """What the words of a tasting are kept under."""
    return f"tasting {digest_of(canonical([candidate, against]))[:24]}"


async def load(store: KeyValues, name: str) -> KeptTasting | None:
    """The words of a tasting."""
    raw = await store.get(name)
    return KeptTasting.model_validate_json(raw) if raw else None


async def changed(
    store: KeyValues,
    name: str,
    pairs: Callable[[Mapping[int, KeptPair]], dict[int, KeptPair]],
    begun: KeptTasting | None = None,
) -> KeptTasting | None:
    """The words of a tasting (``begun`` where there are none yet), with its pairs as ``pairs`` makes them of those that
    are there by then, and kept so."""
    async with _CHANGING.setdefault(store, asyncio.Lock()):
        kept = await load(store, name) or begun
        if kept is not None and (now := pairs(kept.pairs)) != kept.pairs:
            kept.pairs = now
            await _save(store, name, kept)
        return kept


async def _save(store: KeyValues, name: str, kept: KeptTasting) -> None:
    names = await _names(store)
    if name not in names:
        await store.put(_INDEX, json.dumps([*names, name]))
    await store.put(name, kept.model_dump_json())


async def _names(store: KeyValues) -> list[str]:
    found: list[str] = json.loads(await store.get(_INDEX) or "[]")
    return found


async def forget_person(store: KeyValues, person: str) -> None:
    """Take out every pair in which that person stands."""
    for name in await _names(store):
        await changed(store, name, lambda pairs: {at: one for at, one in pairs.items() if person not in one.people})


async def swept(store: Store, name: str) -> KeptTasting | None:
    """The words of a tasting that may be used still; what may not is taken out for good."""
    kept = await load(store, name)
    there = kept.pairs.values() if kept else ()
    bad = [one for one in there if not await stands(store, one.room, one.cites, one.people)]
    return await changed(store, name, lambda pairs: {at: one for at, one in pairs.items() if one not in bad})


async def preferences(store: Store, character: str) -> list[Preference]:
    """What people chose and what they left, for training: of all tastings of a character, by the consent of all who
    stand there. The prompt is the released version's: what is to answer so without the edit."""
    found = []
    for name in await _names(store):
        kept = await swept(store, name)
        if kept is None or kept.character != character:
            continue
        for pair in kept.pairs.values():
            if pair.better in (None, "neither") or not pair.released.messages:
                continue
            chosen, left = pair.candidate, pair.released
            if pair.better == "released":
                chosen, left = left, chosen
            case = f"tasting {kept.round_id} {pair.number}"
            found.append(Preference(case, pair.released.messages, chosen.raw, left.raw))
    return found


def made(moment: Moment, number: int, seed: str, names: Any, both: tuple[Answer, Answer]) -> KeptPair:
    """A pair of a moment: ``both`` answers, the candidate's first; ``names`` tells what a participant is called."""
    from_talk: Sequence[Any] = [one for one in moment.window if one.kind == "said" and not one.erased]
    return KeptPair(
        number=number,
        seed=seed,
        room=moment.room.id,
        seq=moment.line.seq,
        cites=moment.cites,
        people=tuple(sorted(moment.people)),
        before=tuple(KeptLine(who=names(one.actor), text=one.text) for one in from_talk[-_SHOWN_BEFORE:]),
        heard=KeptLine(who=names(moment.line.actor), text=moment.line.text),
        candidate=KeptAnswer.of(both[0]),
        released=KeptAnswer.of(both[1]),
    )
