"""A speech service behind an OpenAI-compatible endpoint (``POST /audio/speech``): a sentence in, its sound out.

The form of request and answer is that of the OpenAI API reference, "Create speech". What was spoken lately is kept, so
that several listeners of a room pay for a sentence once.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import httpx

from openroom.errors import (
    BudgetExceeded,
    ModelAuthError,
    ModelError,
    ModelMalformed,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from openroom.models.endpoint.probe import LOOPBACK
from openroom.models.metered import wall_clock
from openroom.ports.ledger import day_start

MOST_BYTES = 2_000_000
"""The size of one sentence's sound; what is longer is none."""
_MOST_KEPT_BYTES = 16_000_000
_AT_A_TIME = 4
_REST_MS = 5_000
"""After a failure nobody is asked for so long: many wait for the same service."""
_KINDS = {
    "audio/mpeg": "audio/mpeg",
    "audio/mp3": "audio/mpeg",
    "audio/wav": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/ogg": "audio/ogg",
    "audio/opus": "audio/ogg",
    "audio/flac": "audio/flac",
    "audio/aac": "audio/aac",
}
"""What sound a service may send, and as what it is passed on."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sentence's sound, and its media type."""

    data: bytes
    type: str


class SpeechService:
    """One speech service. ``voices`` are those that may be used, the usual one first; ``per_day`` bounds the characters
    (0: no limit) that are spoken in a UTC day since the start, and ``share`` the part of them that one party may take.

    Raises the subclasses of `openroom.errors.ModelError`; their sentences hold neither the key nor what the service
    said.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        model: str,
        voices: Sequence[str],
        *,
        per_day: int = 0,
        share: float = 1.0,
        seconds: float = 20.0,
        clock: Callable[[], int] = wall_clock,
    ) -> None:
        parts = urlsplit(base_url)
        self._url = parts._replace(path=f"{parts.path.rstrip('/')}/audio/speech").geturl()
        self._host, self._is_here = parts.hostname or "", parts.hostname in LOOPBACK
        self._tls = parts.scheme == "https"
        self._trust: ssl.SSLContext | bool = False
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model, self._voices, self._seconds, self._clock = model, tuple(voices), seconds, clock
        self._limits = Limits(per_day, share)
        self._kept: OrderedDict[tuple[str, float, str], Sound] = OrderedDict()
        self._under_way: WeakValueDictionary[tuple[str, float, str], asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(_AT_A_TIME)
        self._failed: tuple[int, ModelError] | None = None

    def voice_of(self, wished: Sequence[str]) -> str:
        """The first of the wished voices that may be used, else the usual one."""
        allowed = {voice.lower(): voice for voice in self._voices}
        return next((allowed[name.lower()] for name in wished if name.lower() in allowed), self._voices[0])

    async def say(self, text: str, wished: Sequence[str] = (), rate: float = 1.0, party: str = "") -> Sound:
        """The sound of a sentence, in one of the ``wished`` voices if it may be used. ``party`` is whose share of the
        day it takes (empty: nobody's). Raises `ModelError`, `BudgetExceeded` before anything is asked."""
        wanted = (self.voice_of(wished), rate, text)
        lock = self._under_way.setdefault(wanted, asyncio.Lock())
        async with lock:
            sound = self._kept.get(wanted)
            if sound is None:
                async with self._places:
                    sound = await self._spoken(*wanted, party)
                self._keep(wanted, sound)
            else:
                self._kept.move_to_end(wanted)
            return sound

    async def _spoken(self, voice: str, rate: float, text: str, party: str) -> Sound:
        now = self._clock()
        if self._failed is not None and now - self._failed[0] < _REST_MS:
            earlier = self._failed[1]
            raise type(earlier)(str(earlier))
        take_back = self._limits.take(day_start(now), len(text), party)
        try:
            sound = await self._asked(voice, rate, text)
        except ModelError as error:
            if isinstance(error, (ModelUnreachable, ModelAuthError, ModelRateLimited)):
                take_back()  # it was not taken, so it cost nothing
            if not isinstance(error, ModelRefused):
                self._failed = (self._clock(), error)
            raise
        self._failed = None
        return sound

    async def _asked(self, voice: str, rate: float, text: str) -> Sound:
        body: dict[str, str | float] = {"model": self._model, "voice": voice, "input": text, "response_format": "mp3"}
        if rate != 1:
            body["speed"] = rate
        if self._tls and self._trust is False:
            self._trust = await asyncio.to_thread(ssl.create_default_context)
        try:
            async with (
                asyncio.timeout(self._seconds),
                # No proxy has business between us and this machine, and a redirect would lead where nobody sent us.
                httpx.AsyncClient(trust_env=not self._is_here, verify=self._trust, timeout=self._seconds) as client,
                client.stream("POST", self._url, json=body, headers=self._headers) as reply,
            ):
                return await self._read(reply)
        except (TimeoutError, httpx.TimeoutException):
            raise ModelTimeout(f"The speech service at {self._host} did not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ModelUnreachable(f"The speech service at {self._host} could not be reached.") from None

    async def _read(self, reply: httpx.Response) -> Sound:
        status, at = reply.status_code, f"The speech service at {self._host}"
        if status in (401, 403):
            raise ModelAuthError(f"{at} does not accept the key ({status}).")
        if status in (402, 429):
            raise ModelRateLimited(f"{at} takes no more for now ({status}).")
        if status >= 500:
            raise ModelUnreachable(f"{at} has trouble ({status}).")
        if status in (400, 413, 422):
            raise ModelRefused(f"{at} declined the sentence ({status}).")
        if status != httpx.codes.OK:
            raise ModelMalformed(f"{at} does not speak at this address ({status}).")
        kind = _KINDS.get(reply.headers.get("content-type", "").partition(";")[0].strip().lower())
        if kind is None:
            raise ModelMalformed(f"{at} sent no sound that browsers play.")
        data = bytearray()
        async for piece in reply.aiter_bytes():
            data += piece
            if len(data) > MOST_BYTES:
                raise ModelMalformed(f"{at} sent more than {MOST_BYTES:,} bytes for one sentence.")
        if not data:
            raise ModelMalformed(f"{at} sent nothing.")
        return Sound(bytes(data), kind)

    def _keep(self, wanted: tuple[str, float, str], sound: Sound) -> None:
        self._kept[wanted] = sound
        while sum(len(one.data) for one in self._kept.values()) > _MOST_KEPT_BYTES:
            self._kept.popitem(last=False)


class Limits:
    """How many characters a day may have (0: no limit), and which part of them one party may take."""

    def __init__(self, per_day: int, share: float) -> None:
        self._per_day, self._per_party = per_day, int(per_day * share) if share < 1 else per_day
        self._day, self._spent, self._shares = 0, 0, Counter[str]()

    def take(self, day: int, count: int, party: str) -> Callable[[], None]:
        """Spend ``count`` characters; what to call to have them back. Raises `BudgetExceeded`, spending none."""
        if day != self._day:
            self._day, self._spent, self._shares = day, 0, Counter()
        for limit, spent, whose in (
            (self._per_day, self._spent, "today's budget"),
            (self._per_party if party else 0, self._shares[party], "a visitor's share of today's budget"),
        ):
            if self._per_day and limit and spent + count > limit:
                raise BudgetExceeded(f"Nothing more is spoken now: {whose} of {limit:,} characters is used up.")
        self._add(day, count, party)
        return lambda: self._add(day, -count, party)

    def _add(self, day: int, count: int, party: str) -> None:
        if day == self._day:
            self._spent += count
            self._shares[party] += count
