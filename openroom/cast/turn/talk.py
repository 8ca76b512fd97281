"""The talk as one character perceived it: append-only lines, cut in large blocks when it grows too long.

Everything here comes from events that the character perceives, so a whisper or an earlier evening can't slip in. The
character's own replies stand in the exact JSON form of the contract. Notes (memories, truths that may be told) are
appended once and stay where they are: nothing that was sent is rewritten, so the prefix cache holds. Each line is a
part that says which events it rests on (`openroom.ports.prompt`). What was whispered, and what rests on that, is left
out before others than those it was between: the talk that they may hear is append-only, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from openroom.cast.turn.contract import written
from openroom.core.actor import SYSTEM
from openroom.core.condense import Budget
from openroom.core.event import Brought, Entered, Event, Felt, Happened, Left, Rolled, Said, Used, is_played
from openroom.core.persona import mask, mask_of, name_at
from openroom.core.state import State
from openroom.core.view import Visits, perceives, visits_of
from openroom.language.text import called, framed, spoken
from openroom.language.tokens import estimate_tokens
from openroom.ports.budget import budget_of
from openroom.ports.model import Message, ModelInfo, Role
from openroom.ports.prompt import PartKind, Party, PromptPart, common, joined

TALK_KEPT = 0.65
"""The share that stays after a cut: few cuts, each of a large block, so the prefix cache misses seldom."""

_HEARD_KEPT = 40
_OWN_KEPT = 240
"""So many of its own lines it knows who heard: longer than most visits are."""
_MOST_EYES = 12
"""Of more dice than so many a prompt tells the sum alone."""
_GOES_ON = PromptPart("go_on", "(You go on.)")


@dataclass(frozen=True, slots=True)
class Block:
    """One message of the talk."""

    role: Role
    parts: tuple[PromptPart, ...]
    seq: int = 0
    """The first event it holds."""

    @property
    def text(self) -> str:
        return joined(self.parts)

    @property
    def tokens(self) -> int:
        return estimate_tokens(self.text) + 4


@dataclass(slots=True)
class _Own:
    """The character's own reply, gathered from the events of one turn."""

    turn: str
    seq: int
    say: str = ""
    emotion: str = ""
    do: list[str] = field(default_factory=list)
    told: list[PromptPart] = field(default_factory=list)
    """What came of its deeds that the deeds do not say: what it alone saw, and what was in vain."""
    seqs: list[int] = field(default_factory=list)
    party: Party | None = None


class Talk:
    """What ``who`` heard, saw and said in a room. ``opening`` gives the lines that begin a (new) block: the look of
    the room.
    """

    def __init__(self, who: str, opening: Callable[[], str]) -> None:
        self.who = who
        self._opening = opening
        self._blocks: list[Block] = []
        self._lines: list[PromptPart] = []
        self._lines_from = 0
        self._parties: dict[int, Party] = {}
        """Between whom the whispers were that the talk holds, by their seqs."""
        self._own: _Own | None = None
        self.heard: list[Said] = []
        self.own: list[Said] = []
        self.replies: dict[str, int] = {}
        """How often it answered whom, by mask."""
        self.most = Budget().talk
        """Tokens: when the talk is longer than this, it is cut. The model at hand says how long (`budget_of`)."""
        self.terse = False
        """Whether own deeds are left out of own replies: for a small model, which is told of them in brackets."""
        self._begin()

    def _begin(self) -> None:
        self._lines = [self._look()]

    def _look(self) -> PromptPart:
        return PromptPart("look", self._opening())

    def suit(self, info: ModelInfo) -> None:
        """From here on the talk is as the model at hand reads it."""
        self.terse, self.most = info.kind == "local", budget_of(info).talk

    def copy(self) -> Talk:
        """One that goes its own way from here on."""
        other = copy(self)
        other._blocks, other._lines, other.replies = list(self._blocks), list(self._lines), dict(self.replies)
        other._parties, own = dict(self._parties), self._own
        other._own = own and replace(own, do=[*own.do], told=[*own.told], seqs=[*own.seqs])
        return other

    def hear(self, events: Iterable[Event], state: State) -> None:
        """Take in durable events; those that ``who`` does not perceive leave no trace."""
        visits = visits_of(state)
        for event in events:
            if event.erased or not perceives(self.who, event, visits):
                continue
            if party := party_to(event, state):
                self._parties[event.seq] = party
            if event.actor == self.who:
                self._note_own(event, state)
            elif line := _line(event, state, self.who):
                self._flush_own()
                self._lines_from = self._lines_from or event.seq
                kind: PartKind = "line" if isinstance(event, Said) else "event"
                self._lines.append(PromptPart(kind, line, rests_on=(event.seq,), party=party))
                if isinstance(event, Said):
                    self.heard = [*self.heard[-_HEARD_KEPT:], event]

    def note(self, note: PromptPart | str, *, above: int = 0) -> None:
        """Add a line in brackets that only this character gets (a memory, a refusal, a rule that applies now). One that
        rests on a whisper is left out where that is. It stands last, or ``above`` so many of the newest lines that were
        said, as far as they still wait for an answer: what was answered stays as it was read."""
        part = PromptPart("other", note) if isinstance(note, str) else note
        kept = common([part.party, *(self._parties.get(seq) for seq in part.rests_on)])
        self._flush_own()
        said = [at for at, one in enumerate(self._lines) if one.kind == "line"][-above:] if above else []
        self._lines.insert(said[0] if said else len(self._lines), replace(part, party=kept))

    def holds(self, note: str, newest: int = 0, hearers: Iterable[str] = ()) -> bool:
        """Whether a note stands in the talk still that ``hearers`` may hear; with ``newest`` in the last so many
        messages of it."""
        held = (part for block in self._blocks[-newest:] for part in block.parts)
        return any(part.text == note and part.may_be_heard_by(hearers) for part in (*self._lines, *held))

    def strike(self, note: str) -> None:
        """Take a note back, wherever it stands. The one thing that is rewritten: a truth that may not be told now, or
        one that is another by now."""
        self._lines = _without(self._lines, note)
        struck = (replace(block, parts=tuple(_without(block.parts, note))) for block in self._blocks)
        self._blocks = [block for block in struck if block.parts]

    def messages(self, hearers: Iterable[str] = ()) -> tuple[Message, ...]:
        """The talk up to now, ending with what the character has to answer, as far as it may come up before
        ``hearers`` (nobody: all of it)."""
        self._flush_own()
        found: list[tuple[Role, tuple[PromptPart, ...]]] = []
        for role, parts in self._heard_by(frozenset(hearers)):
            before = found[-1][0] if found else None
            if role == before == "user":  # what stood between was whispered
                found[-1] = (role, (*found[-1][1], *parts))
                continue
            if role == before:
                found.append(("user", (_GOES_ON,)))  # many chat templates want the roles in turn
            found.append((role, parts))
        return tuple(Message.of(role, parts) for role, parts in found)

    def _heard_by(self, hearers: frozenset[str]) -> Iterator[tuple[Role, tuple[PromptPart, ...]]]:
        """The messages without what was kept from one of ``hearers``."""
        for block in (*self._blocks, Block("user", tuple(self._lines))):
            parts = tuple(open for part in block.parts if (open := _open(part, hearers)) is not None)
            if parts:
                yield block.role, parts

    def notes(self, kind: PartKind) -> list[PromptPart]:
        """The notes of a kind that it holds, memories or lore."""
        held = (part for block in self._blocks for part in block.parts)
        return [part for part in (*held, *self._lines) if part.kind == kind]

    @property
    def said(self) -> list[str]:
        """Its own last lines, whoever heard them; the newest stands last."""
        return [event.text for event in self.own[-_HEARD_KEPT - 1 :]]

    def said_to(self, hearers: Sequence[str], visits: Visits) -> list[str]:
        """Those of its own lines that one of ``hearers`` heard since they came in the last time."""
        came = {who: max(map(int, visits[who]), default=0) for who in hearers if who in visits}
        return [
            event.text
            for event in self.own
            if any(since <= event.seq and perceives(who, event, visits) for who, since in came.items())
        ]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The lines that wait for an answer, with the notes among them."""
        return tuple(part.text for part in self._lines)

    @property
    def answered(self) -> bool:
        """Whether its own words stand last."""
        return not self._lines and (bool(self._blocks) or self._own is not None)

    @property
    def since(self) -> int:
        """The seq of the oldest event that the talk still holds; 0 while it holds none."""
        return next((block.seq for block in self._blocks if block.seq), self._lines_from)

    @property
    def tokens(self) -> int:
        """Estimated length of the talk."""
        waiting = estimate_tokens(joined(self._lines)) if self._lines else 0
        return sum(block.tokens for block in self._blocks) + waiting

    def trim(self) -> bool:
        """Cut the oldest blocks when the talk is too long; the room's look opens what is left. Whether it did."""
        self._flush_own()
        if self.tokens <= self.most:
            return False
        self._cut()
        self._parties = {seq: party for seq, party in self._parties.items() if seq >= self.since}
        return True

    def _cut(self) -> None:
        opening = self._look()
        limit = int(self.most * TALK_KEPT) - estimate_tokens(opening.text)
        waiting = self._newest_lines(limit)
        room = limit - sum(estimate_tokens(line.text) for line in waiting)
        rest = self._newest_blocks(room)
        if not rest:
            self._blocks, self._lines = [], [opening, *waiting]
            return
        first = [Block("user", (opening,))] if rest[0].role == "assistant" else []
        if not first:
            rest[0] = Block("user", (opening, *rest[0].parts), rest[0].seq)
        self._blocks, self._lines = [*first, *rest], waiting

    def _newest_blocks(self, limit: int) -> list[Block]:
        """The newest blocks, as many as fit."""
        kept: list[Block] = []
        for block in reversed(self._blocks):
            limit -= block.tokens
            if limit < 0:
                break
            kept.append(block)
        return kept[::-1]

    def _newest_lines(self, limit: int) -> list[PromptPart]:
        """The newest of the lines that wait for an answer, as many as fit, at least one."""
        kept: list[PromptPart] = []
        for line in reversed(self._lines):
            limit -= estimate_tokens(line.text)
            if limit < 0 and kept:
                break
            kept.append(line)
        return kept[::-1]

    def _note_own(self, event: Event, state: State) -> None:
        if isinstance(event, Said):
            own, emotion = self._own_of(event), state.people[self.who].get("emotion", "")
            own.say, own.emotion = f"{own.say}\n{event.text}".strip(), own.emotion or emotion
            own.party = party_to(event, state)
            self.own = [*self.own[1 - _OWN_KEPT :], event]
            for who in {mask_of(state, heard) for heard in self.heard[-1:] if not is_played(event)}:
                self.replies[who] = self.replies.get(who, 0) + 1
        elif isinstance(event, Felt):
            self._own_of(event).emotion = event.emotion
        elif isinstance(event, Used):
            own = self._own_of(event)
            own.do.append(used_id(event))
            if (event.to is not None or event.failed) and (told := _told(event, self.who)):
                own.told.append(PromptPart("event", told, rests_on=(event.seq,)))

    def _own_of(self, event: Event) -> _Own:
        turn = f"#{event.seq}" if is_played(event) else (event.cause or "").rpartition(".")[0]
        if self._own is None or self._own.turn != turn:
            self._flush_own()
            self._own = _Own(turn, event.seq)
        self._own.seqs.append(event.seq)
        return self._own

    def _flush_own(self) -> None:
        own, self._own = self._own, None
        if own is None:
            return
        if own.say or (own.do and not self.terse):
            if self._lines:
                self._blocks.append(Block("user", tuple(self._lines), self._lines_from))
                self._lines, self._lines_from = [], 0
            self._blocks.append(Block("assistant", (self._written(own),), own.seq))
        if own.told:
            self._lines_from = self._lines_from or own.seq
            self._lines += own.told

    def _written(self, own: _Own) -> PromptPart:
        """Its own reply. Of one that it whispered others may know what it did with it."""
        do, bare = None if self.terse else own.do, None
        if own.party is not None and do:
            seen = tuple(seq for seq in own.seqs if seq not in self._parties)
            bare = PromptPart("own", written("", own.emotion, do), rests_on=seen)
        return PromptPart(
            "own", written(own.say, own.emotion, do), rests_on=tuple(own.seqs), party=own.party, bare=bare
        )


def party_to(event: Event, state: State) -> Party | None:
    """Between whom an event was confided, under every mask that they have shown; ``None`` of all but a whisper. (What a
    thing told to some is theirs: who plays cards speaks of his own hand, or does not.)"""
    if not isinstance(event, Said) or event.to is None:
        return None
    people = (event.actor, *event.to)
    shown = (mask(who, persona) for who in people for persona in state.people.get(who, {}).get("personas", {}))
    return frozenset((*people, *shown))


def _open(part: PromptPart, hearers: frozenset[str]) -> PromptPart | None:
    """The part as it stands before ``hearers``; nothing, where it is kept from one of them."""
    return part if part.may_be_heard_by(hearers) else part.bare


def _without(parts: Iterable[PromptPart], note: str) -> list[PromptPart]:
    return [part for part in parts if part.text != note]


def used_id(event: Used) -> str:
    """The menu id that a use of a prop most likely came from."""
    value = next((v for v in (event.args or {}).values() if isinstance(v, str) and len(v) <= 24), "")
    return f"{event.prop}.{event.verb}" + (f":{value.lower().replace(' ', '_')}" if value else "")


def _line(event: Event, state: State, who: str) -> str:
    """How an event stands in the talk: one line, whatever people put into it."""
    name = called(name_at(state, event))
    if isinstance(event, Said):
        return f"{name} (whispers to you): {spoken(event.text)}" if event.to else f"{name}: {spoken(event.text)}"
    if isinstance(event, Used | Happened):
        return _told(event, who)
    if isinstance(event, Rolled):
        return f"({name} rolls {event.dice}: {_eyes(event)}.)"
    if isinstance(event, Entered):
        return f"({called(event.name)} comes in.)"
    if isinstance(event, Brought):
        name = name if event.actor in state.people else "Somebody"
        return f"(What stands above was said before, elsewhere. {name} brought it along.)"
    if isinstance(event, Left):
        return f"({called(event.name)} leaves.)"
    return ""


def _eyes(event: Rolled) -> str:
    """What fell, and what that makes; of many dice the sum alone, of one that nothing is added to itself alone."""
    if event.eyes == [event.total] or len(event.eyes) > _MOST_EYES:
        return str(event.total)
    return f"{', '.join(map(str, event.eyes))}, which makes {event.total}"


def _told(event: Used | Happened, who: str) -> str:
    """What came of a deed, as ``who`` perceives it; empty where nothing was told."""
    telling = framed(event.telling or "")
    if not telling or event.to is None:
        return f"({telling})" if telling else ""
    alone = {event.actor, *event.to} <= {who, SYSTEM.id}
    return f"({'Only you see this' if alone else 'Not all here see this'}: {telling})"
