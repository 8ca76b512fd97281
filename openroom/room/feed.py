"""The feed: what leaves a room. Encoded once for each group of perceivers, kept in a ring, pulled by each
subscriber's cursor.

There is no queue per client. A subscriber that is slow does not poll; its cursor waits, and when the ring has moved
past it (or the head has moved) it catches up from the log, or gets a snapshot. So a stalled client costs nothing and
delays nobody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson

from openroom.core.event import Event, Moved
from openroom.core.view import Visits, bare, is_public, perceives, seen

RING = 4096
"""How many events and signals a room keeps at hand for those who fall behind."""

_STALE_SIGNALS = 256
"""A subscriber further behind than this many entries is spared old signals."""

_LONG = 64
"""More entries than this are not put into one burst (which no limit of bytes could cut)."""


class Frame:
    """One complete protocol message, shared by all who get it. A transport may cache its own encoding in ``wire``."""

    __slots__ = ("data", "wire")

    def __init__(self, data: bytes) -> None:
        # A copy: what orjson returns may hold a buffer of 4 KB, and a ring keeps thousands of frames.
        self.data = bytes(memoryview(data))
        self.wire: bytes | None = None


class Burst:
    """Frames that go out together; mostly the same object for all who listen. A transport may cache its encoding of
    the whole in ``wire``. ``more``: perhaps there is more to take, or to catch up."""

    __slots__ = ("first", "frames", "last", "more", "visits", "wire")

    def __init__(self, frames: Sequence[Frame], *, more: bool) -> None:
        self.frames, self.more = frames, more
        self.first = self.last = 0
        """The seqs of its first and last event, 0 without any."""
        self.visits: Visits | None = None
        """Who was here when it was made."""
        self.wire: bytes | None = None


_NOTHING = Burst((), more=False)


def message_frame(message: Mapping[str, Any]) -> Frame:
    return Frame(orjson.dumps(message))


class _Entry:
    """An event or a signal in the ring, with its encodings made when first asked for."""

    __slots__ = ("_bare", "_full", "event", "public", "signal", "to")

    def __init__(self, event: Event | None, signal: Mapping[str, Any] | None = None, to: Sequence[str] | None = None):
        self.event, self.signal, self.to = event, signal, to
        self.public = event is not None and is_public(event)
        self._full: Frame | None = None
        self._bare: Frame | None = None

    def full(self) -> Frame:
        if self._full is None:
            body = self.signal if self.event is None else {"type": "event", "event": seen(self.event)}
            self._full = Frame(orjson.dumps(body))
        return self._full

    def bare(self) -> Frame:
        if self._bare is None:
            assert self.event is not None
            self._bare = Frame(orjson.dumps({"type": "event", "event": bare(self.event)}))
        return self._bare

    def forget(self, event: Event) -> None:
        """Replace the event by its erased form."""
        self.event, self._full, self._bare = event, None, None


class Feed:
    """The ring and its subscribers. ``visits`` gives the present ``hidden["visits"]``; ``catch_up`` reads what the
    ring lost.
    """

    def __init__(
        self,
        visits: Callable[[], Visits],
        catch_up: Callable[[Subscription], Awaitable[None]],
        ring: int = RING,
    ) -> None:
        self._ring: deque[_Entry] = deque(maxlen=ring)
        self._end = 0
        self._subscribers: set[Subscription] = set()
        self._waking = False
        self._bursts: dict[int, Burst | None] = {}
        self.visits = visits
        self.catch_up = catch_up

    @property
    def end(self) -> int:
        """The position after the newest entry."""
        return self._end

    @property
    def start(self) -> int:
        """The position of the oldest entry that is still here."""
        return self._end - len(self._ring)

    def __len__(self) -> int:
        return len(self._subscribers)

    @property
    def subscribers(self) -> frozenset[Subscription]:
        return frozenset(self._subscribers)

    def publish(self, events: Sequence[Event]) -> None:
        """Add stored events and wake everybody, once for all that one tick brings."""
        for event in events:
            self._add(_Entry(event))
            if isinstance(event, Moved):
                for subscriber in self._subscribers:
                    subscriber.need_snapshot()
        self._wake()

    def signal(self, body: Mapping[str, Any], to: Sequence[str] | None = None) -> None:
        """Add a signal: not stored, not numbered; ``to`` narrows who gets it."""
        self._add(_Entry(None, {"type": "signal", **body}, to))
        self._wake()

    def forget(self, event: Event) -> None:
        """An event was erased: its words leave the ring too."""
        for entry in self._ring:
            if entry.event is not None and entry.event.seq == event.seq:
                entry.forget(event)
        self._bursts.clear()

    def events(self, after: int) -> list[Event] | None:
        """The ring's events after seq ``after``, or ``None`` when the ring does not reach back that far."""
        found = [entry.event for entry in self._ring if entry.event is not None]
        if not found or found[0].seq > after + 1:
            return None
        return [event for event in found if event.seq > after]

    def position(self, seq: int) -> int | None:
        """The position of the event after seq ``seq``; ``None`` when it is not in the ring."""
        for offset, entry in enumerate(self._ring):
            if entry.event is not None and entry.event.seq > seq:
                return self.start + offset if entry.event.seq == seq + 1 else None
        return None

    def entries(self, position: int) -> list[_Entry]:
        """The entries from ``position`` on."""
        return [self._ring[index] for index in range(position - self.start, len(self._ring))]

    def burst(self, position: int) -> Burst | None:
        """All from ``position`` on as one, if it is there, not long, and for all who are present; else ``None``."""
        burst = self._bursts.get(position)
        if burst is None and position not in self._bursts:
            burst = self._bursts[position] = self._burst(position)
        return burst

    def _burst(self, position: int) -> Burst | None:
        if not 0 < self._end - position <= min(_LONG, len(self._ring)):
            return None
        entries = self.entries(position)
        if not all(entry.public if entry.event is not None else entry.to is None for entry in entries):
            return None
        burst = Burst([entry.full() for entry in entries], more=False)
        if seqs := [entry.event.seq for entry in entries if entry.event is not None]:
            burst.first, burst.last = seqs[0], seqs[-1]
        burst.visits = self.visits()
        return burst

    def add(self, subscriber: Subscription) -> None:
        """Start waking a subscriber."""
        self._subscribers.add(subscriber)

    def drop(self, subscriber: Subscription) -> None:
        """Stop waking a subscriber."""
        self._subscribers.discard(subscriber)

    def _add(self, entry: _Entry) -> None:
        self._ring.append(entry)
        self._end += 1
        self._bursts.clear()

    def _wake(self) -> None:
        if not self._waking and self._subscribers:
            self._waking = True
            asyncio.get_running_loop().call_soon(self._wake_all)

    def _wake_all(self) -> None:
        self._waking = False
        for subscriber in tuple(self._subscribers):
            subscriber.wake()


class Subscription:
    """One listener's cursor. ``poll`` gives what comes next; when ``behind``, ``await catch_up()`` first."""

    def __init__(self, feed: Feed, who: str, wake: Callable[[], None], closed: Callable[[Subscription], None]) -> None:
        self.who, self.wake = who, wake
        self._feed, self._closed = feed, closed
        self._position: int | None = None
        self._backlog: deque[Frame] | tuple[()] = ()
        self._seen_visits: Visits | None = None
        self._since: int | None = None
        self._snapshot_due = True
        self.after = 0
        """The seq of the last event handed out, for catching up from the log."""

    @property
    def behind(self) -> bool:
        """Whether the ring no longer holds what comes next, or a snapshot is due."""
        if self._backlog:
            return False
        return self._snapshot_due or self._position is None or self._position < self._feed.start

    @property
    def pending(self) -> bool:
        """Whether anything waits to be polled or caught up."""
        return self.behind or bool(self._backlog) or self._position != self._feed.end

    @property
    def handed(self) -> int:
        """The seq up to which everything was handed out; 0 while it catches up."""
        return 0 if self._backlog or self._snapshot_due else self.after

    def snapshot_due(self) -> bool:
        """Whether the next thing to hand out is a snapshot."""
        return self._snapshot_due

    def need_snapshot(self) -> None:
        """The next thing this subscriber gets is a snapshot."""
        self._snapshot_due = True
        self._backlog = ()

    def resume(self, position: int | None, backlog: Sequence[Frame], after: int) -> None:
        """Go on from ``position`` of the ring after the frames of ``backlog``; used by the room when it has caught
        up.
        """
        self._position, self._snapshot_due, self.after = position, False, after
        self._backlog = deque(backlog) if backlog else ()

    def take(self, max_bytes: int = 262_144) -> Burst:
        """The same as `poll`, in a form that is made once for all who are at the same place."""
        feed, position = self._feed, self._position
        if position is None or self._backlog or self._snapshot_due:
            return Burst(self.poll(max_bytes), more=True)
        if position == feed.end:
            return _NOTHING
        burst = feed.burst(position)
        if burst is None or not self._is_here(burst):
            return Burst(self.poll(max_bytes), more=True)
        self._position = feed.end
        self.after = burst.last or self.after
        return burst

    def poll(self, max_bytes: int = 262_144) -> list[Frame]:
        """The next frames in order, up to about ``max_bytes``; empty when nothing waits or when `behind`."""
        frames: list[Frame] = []
        size = 0
        while self._backlog and size < max_bytes:
            frames.append(self._backlog.popleft())
            size += len(frames[-1].data)
        self._backlog = self._backlog or ()
        if self._backlog or self.behind or self._position is None:
            return frames
        entries = self._feed.entries(self._position)
        spare = len(entries) > _STALE_SIGNALS
        for entry in entries:
            if size >= max_bytes:
                break
            self._position += 1
            frame = self._frame(entry, spare)
            if frame is not None:
                frames.append(frame)
                size += len(frame.data)
        return frames

    def frame_of(self, event: Event) -> Frame:
        """An event from the log, as this listener may have it."""
        entry = _Entry(event)
        return entry.full() if perceives(self.who, event, self._feed.visits()) else entry.bare()

    async def catch_up(self) -> None:
        """Read what is missing, or make a snapshot; afterwards `poll` has it."""
        await self._feed.catch_up(self)

    def close(self) -> None:
        """Stop listening. Harmless when done twice."""
        self._feed.drop(self)
        self._closed(self)

    def _frame(self, entry: _Entry, spare_signals: bool) -> Frame | None:
        event = entry.event
        if event is None:
            wanted = not spare_signals and (entry.to is None or self.who in entry.to)
            since = self._present_since()
            return entry.full() if wanted and since is not None and since <= self.after else None
        self.after = event.seq
        if entry.public:
            since = self._present_since()
            if since is not None and event.seq >= since:
                return entry.full()
        return entry.full() if perceives(self.who, event, self._feed.visits()) else entry.bare()

    def _is_here(self, burst: Burst) -> bool:
        """Whether this listener was here before all of it: then it has all of it, signals too."""
        since = self._since if burst.visits is self._seen_visits else self._present_since()
        return since is not None and since <= self.after

    def _present_since(self) -> int | None:
        """The seq this listener's present visit began with: the quick way to say that a public event is perceived."""
        visits = self._feed.visits()
        if visits is not self._seen_visits:
            self._seen_visits = visits
            starts = [int(start) for start, end in visits.get(self.who, {}).items() if end == 0]
            self._since = max(starts, default=None)
        return self._since
