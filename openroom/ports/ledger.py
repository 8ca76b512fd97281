"""What model calls cost: prices, the record of one call, limits, and the port where calls are written down.

Pure values and one Protocol: an in-memory ledger is in `openroom.models.purse`, the durable one in `openroom.store`.
Money is US dollars, time is milliseconds since the epoch (UTC), tokens are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

DAY_MS = 86_400_000
FREE_KINDS = frozenset({"understudy", "scripted"})
"""Kinds of model that cost nothing: recorded for the sake of honesty, but in no sum and held by no budget."""
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens; ``cached`` for prompt tokens read from a prefix cache (absent: as ``prompt``)."""

    prompt: float = 0.0
    completion: float = 0.0
    cached: float | None = None

    def __post_init__(self) -> None:
        if min(self.prompt, self.completion, self.cached or 0.0) < 0:
            raise ValueError(f"a price is 0 or more dollars per million tokens, came {self}")

    def usd(self, prompt: int, cached: int, completion: int) -> float:
        """The cost of one call in dollars; ``cached`` of the ``prompt`` tokens came from the cache."""
        cached = min(max(cached, 0), prompt)
        cheap = self.prompt if self.cached is None else self.cached
        return ((prompt - cached) * self.prompt + cached * cheap + completion * self.completion) / _MILLION


@dataclass(frozen=True, slots=True)
class Call:
    """One model call, finished, failed or cancelled.

    ``usd`` is absent when the price is unknown; ``estimated`` is true when the tokens were counted by us;
    ``ms_first`` is the time to the first text (absent when none came); ``outcome`` is ``ok``, ``cancelled``, ``error``
    or the ``kind`` of the `openroom.errors.ModelError` that ended it.
    """

    id: str
    at_ms: int
    room: str
    character: str
    purpose: str
    model: str
    kind: str
    prompt: int
    cached: int
    completion: int
    estimated: bool
    usd: float | None
    ms_first: int | None
    ms_total: int
    outcome: str

    @property
    def tokens(self) -> int:
        """Prompt (cached ones too) and completion tokens together: what token budgets count."""
        return self.prompt + self.completion


@dataclass(frozen=True, slots=True)
class Spent:
    """A sum over calls. ``usd`` sums the known costs only."""

    calls: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    usd: float = 0.0

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.prompt + self.completion

    def plus(self, call: Call) -> Spent:
        """This sum with one more call in it."""
        return Spent(
            self.calls + 1,
            self.prompt + call.prompt,
            self.cached + call.cached,
            self.completion + call.completion,
            self.usd + (call.usd or 0.0),
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """Hard limits; an absent one does not limit. A day is a UTC day; the limits of one room, and of the share that one
    party (a person, or all of one address) may take, count the same day."""

    tokens_per_day: int | None = None
    usd_per_day: float | None = None
    calls_per_day: int | None = None
    tokens_per_room: int | None = None
    usd_per_room: float | None = None
    tokens_per_party: int | None = None
    usd_per_party: float | None = None

    def objection(
        self, day: Spent, room: Spent, tokens: int, usd: float | None, party: Spent | None = None
    ) -> str | None:
        """Why one more call of up to ``tokens`` and ``usd`` (absent: price unknown) may not be made; ``None``: it may.

        ``day`` is what all rooms spent today, ``room`` what the asking room did, ``party`` (absent: nobody in
        particular) what those did who call for it; each with the calls under way.
        """
        tokens_per_party, usd_per_party = (self.tokens_per_party, self.usd_per_party) if party else (None, None)
        party = party or Spent()
        if self.calls_per_day is not None and day.calls + 1 > self.calls_per_day:
            return f"today's budget of {self.calls_per_day:,} model calls is used up"
        for limit, spent, whose in (
            (self.tokens_per_day, day.tokens, "today's budget"),
            (self.tokens_per_room, room.tokens, "this room's budget for today"),
            (tokens_per_party, party.tokens, "a visitor's share of today's budget"),
        ):
            if limit is not None and spent + tokens > limit:
                return f"{whose} of {limit:,} tokens does not allow it ({spent:,} spent, up to {tokens:,} needed)"
        for cap, paid, whose in (
            (self.usd_per_day, day.usd, "today's budget"),
            (self.usd_per_room, room.usd, "this room's budget for today"),
            (usd_per_party, party.usd, "a visitor's share of today's budget"),
        ):
            if cap is not None and usd is not None and paid + usd > cap:
                return f"{whose} of ${cap:,.2f} does not allow it (${paid:,.4f} spent, up to ${usd:,.4f} needed)"
        return None


class Ledger(Protocol):
    """Where calls are written down."""

    async def record(self, call: Call) -> None:
        """Write one call down, durably if the ledger is durable."""
        ...

    async def spent(self, room: str | None, since_ms: int) -> Spent:
        """What was spent on calls with ``at_ms >= since_ms``: in one room, or (``None``) everywhere.

        Calls whose ``kind`` is one of `FREE_KINDS` are left out.
        """
        ...


def day_start(now_ms: int) -> int:
    """The beginning of the UTC day that ``now_ms`` lies in."""
    return now_ms - now_ms % DAY_MS
