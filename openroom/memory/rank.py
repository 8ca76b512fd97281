"""Which memories come first: reciprocal rank fusion, recency with a half-life, importance, and separate quotas.

Fusion: Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods" (SIGIR 2009), with their k = 60.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from openroom.language.text import called
from openroom.language.words import is_unspaced
from openroom.ports.memory_rows import Recall, Remembered, Source

_K = 60
_HALF_LIFE_MS = 14 * 86_400_000
_MEETING_MS = 30 * 60_000
"""A pause that long ends a meeting."""
_TRIVIAL = 0.1
_USUAL = {False: 0.05, True: 0.55}
"""How alike two texts usually are by their embeddings, of scripts with spaces and of those without."""
_EXPECTED = 20
"""So many texts of one's own count as much as that."""


def fused(rankings: Sequence[Sequence[str]]) -> dict[str, float]:
    """Relevance by id from several rankings (best first): 1 for what leads all of them, 0 is never reached."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id in enumerate(ranking, 1):
            scores[id] = scores.get(id, 0.0) + 1.0 / (_K + rank)
    best = len(rankings) / (_K + 1)
    return {id: score / best for id, score in scores.items()}


def beyond_usual(likeness: Sequence[float], texts: Sequence[str]) -> list[float]:
    """Each likeness less what is usual for its script.

    Static embeddings know few pieces of Chinese and Japanese, so any two such texts are more alike (0.5 to 0.6) than
    two of Latin script (0.0 to 0.3). What is usual is the mean of those compared; while these are few, what it was for
    others counts too.
    """
    unspaced = [is_unspaced(text) for text in texts]
    usual = {}
    for script, expected in _USUAL.items():
        mine = [like for like, other in zip(likeness, unspaced, strict=True) if other is script]
        usual[script] = (sum(mine) + _EXPECTED * expected) / (len(mine) + _EXPECTED)
    return [like - usual[script] for like, script in zip(likeness, unspaced, strict=True)]


Key = Callable[[Remembered], tuple[float, int, str]]


def scorer(relevance: Mapping[str, float], wanted: Recall) -> Key:
    """A sort key, largest first: relevance, importance, recency, strength, and whether it is about who is spoken with;
    newer beats older, all else equal."""

    def key(memory: Remembered) -> tuple[float, int, str]:
        recency = 0.5 ** (max(0, wanted.now - memory.created) / _HALF_LIFE_MS)
        ours = 0.15 if memory.subject in wanted.subjects else 0.0
        score = relevance.get(memory.id, 0.0) + 0.3 * memory.importance + 0.2 * recency + 0.1 * memory.strength + ours
        return round(score, 9), memory.created, memory.id

    return key


def permitted(memory: Remembered, wanted: Recall) -> bool:
    """Whether it may be recalled now: whispers only among those who were party to them, nobody is taken for somebody
    absent of the same name, and nothing that the prompt shows anyway."""
    around = {*wanted.present, *wanted.subjects} - {wanted.owner}
    if memory.private_to and not around <= set(memory.private_to):
        return False
    shown = memory.kind == "episode" and wanted.shown_after is not None and _own_sources(memory)
    if shown and all(s.room == wanted.room and s.seq > (wanted.shown_after or 0) for s in shown):
        return False
    return not _mistakable(memory, wanted, around)


def _mistakable(memory: Remembered, wanted: Recall, around: set[str]) -> bool:
    people = {memory.subject, *(source.speaker for source in _own_sources(memory))} - {"", wanted.owner}
    if people <= around:
        return False
    strangers = (called(name) for who, name in wanted.names.items() if who in around and who not in people and name)
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", memory.text, re.IGNORECASE) for name in strangers)


def _own_sources(memory: Remembered) -> list[Source]:
    return [source for source in memory.sources if not source.around]


def pick_facts(about: Sequence[Remembered], others: Sequence[Remembered], wanted: Recall, key: Key) -> list[Remembered]:
    """Up to ``k_facts``: pinned ones, then about who is spoken with; a third is kept for what matches otherwise."""
    room = wanted.k_facts
    best = sorted(_newest_of_slot(about), key=key, reverse=True)
    pinned = [_because(one, "pinned") for one in best if one.pinned][: max(1, room // 3)]
    strangers = sorted(_newest_of_slot(others), key=key, reverse=True)[: room // 3]
    taken = {one.id for one in pinned}
    first = [_because(one, "about who you talk with") for one in best if one.id not in taken]
    own = (pinned + first)[: max(0, room - len(strangers))]
    return (own + [_because(one, "fits what was said") for one in strangers])[:room]


def pick_episodes(
    relevant: Sequence[Remembered], recent: Sequence[Remembered], wanted: Recall, facts: Sequence[Remembered]
) -> list[Remembered]:
    """Up to ``k_episodes``: what fits what was said, and the last time with this person; each adds something new."""
    told = {(s.room, s.seq) for fact in facts for s in fact.sources}
    chosen: list[Remembered] = []
    earlier = [one for one in recent if wanted.shown_after is not None or wanted.now - one.created >= _MEETING_MS]
    last = [_because(one, "the last time you talked") for one in earlier[:1] if one.importance >= _TRIVIAL]
    fitting = [_because(one, "fits what was said") for one in relevant if one.importance >= _TRIVIAL]
    quota = wanted.k_episodes - (1 if last and wanted.k_episodes > 1 else 0)
    for one in fitting[: quota * 4]:
        own = {(s.room, s.seq) for s in _own_sources(one)}
        spoken = {(s.room, s.seq) for s in _own_sources(one) if s.speaker != wanted.owner}
        fresh = not spoken <= told and all(own.isdisjoint((s.room, s.seq) for s in _own_sources(c)) for c in chosen)
        if fresh and len(chosen) < quota:
            chosen.append(one)
    chosen += [one for one in last if one.id not in {c.id for c in chosen}]
    chosen = chosen[: wanted.k_episodes]
    return [replace(one, text=f"{_ago(wanted.now - one.created)}: {one.text}") for one in _by_time(chosen)]


def acquaintance(episodes: Sequence[Remembered], wanted: Recall, name: str) -> Remembered | None:
    """One line about how well they know each other, from episodes with the person, newest first; ``None`` when this is
    the first meeting."""
    times = sorted(one.created for one in episodes)
    starts = [t for before, t in zip([-_MEETING_MS, *times], times, strict=False) if t - before >= _MEETING_MS]
    earlier = [t for t in times if not starts or t < starts[-1] or wanted.now - times[-1] >= _MEETING_MS]
    if not earlier:
        return None
    meetings = len([t for t in starts if t <= earlier[-1]])
    often = "once" if meetings == 1 else "twice" if meetings == 2 else f"{meetings} times"
    text = f"You have met {name} {often} before, the last time {_ago(wanted.now - earlier[-1]).lower()}."
    cited = tuple(s for one in episodes if one.created == earlier[-1] for s in _own_sources(one))
    subject, party = wanted.subjects[0], _party(one for one in episodes if one.created <= earlier[-1])
    id = f"relation:{wanted.owner}:{subject}" + (":apart" if party else "")
    return Remembered(
        id, wanted.owner, subject, "relation", text, 0.5, earlier[-1], earlier[0],
        sources=cited, private_to=party, why="how well you know each other",
    )  # fmt: skip


def _party(memories: Iterable[Remembered]) -> tuple[str, ...]:
    """Who was party to all of these that are not for everybody; nobody in particular where all of them are."""
    parties = [set(one.private_to) for one in memories if one.private_to]
    return tuple(sorted(set.intersection(*parties))) if parties else ()


def _newest_of_slot(facts: Iterable[Remembered]) -> list[Remembered]:
    """Where a whisper and open talk gave a slot different values, the newest of those that may be recalled."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for fact in sorted(facts, key=lambda one: (one.created, one.id), reverse=True):
        mark = (fact.subject, fact.slot or fact.text.casefold())
        if mark not in seen:
            seen.add(mark)
            kept.append(fact)
    return kept


def _because(memory: Remembered, why: str) -> Remembered:
    return replace(memory, why=why)


def _by_time(memories: Sequence[Remembered]) -> list[Remembered]:
    return sorted(memories, key=lambda one: (one.created, one.id))


def _ago(ms: int) -> str:
    """How long ago, as people say it."""
    minutes = max(0, ms) // 60_000
    days = minutes // 1440
    for limit, said in (
        (10, "A moment ago"),
        (90, "A little while ago"),
        (60 * 18, "Some hours ago"),
        (60 * 42, "Yesterday"),
    ):
        if minutes < limit:
            return said
    if days < 14:
        return f"{max(2, days)} days ago"
    if days < 60:
        return f"{days // 7} weeks ago"
    return f"{days // 30} months ago" if days < 700 else f"{days // 365} years ago"
