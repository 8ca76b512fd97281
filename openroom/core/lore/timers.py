"""Timed effects: what came in at one reply stays for a while (sticky), and then stays away (cooldown).

They are a fold over the character's replies in the log, so a restart, a replay and a rewind agree. Lines count, the
character's own too.
"""

from __future__ import annotations

from collections.abc import Mapping

from openroom.core.lore.moment import Timer, Verdict


def wound(timers: Mapping[str, Timer], verdict: Verdict, count: int) -> dict[str, Timer]:
    """The timers after a reply at which ``verdict`` held, with ``count`` lines before it."""
    kept = {id: one for id, one in timers.items() if count < max(one.sticky, one.cooldown)}
    for lit in verdict.lit:
        entry = lit.entry
        if entry.is_timed and lit.why != "sticky":
            until = count + entry.sticky
            kept[entry.id] = Timer(until, until + entry.cooldown if entry.cooldown else 0)
    return kept
