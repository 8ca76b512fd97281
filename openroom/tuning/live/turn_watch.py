"""Real turns under the deterministic checks of the evaluations: does a version that plays live do worse than health?"""

from __future__ import annotations

from dataclasses import dataclass, field

from openroom.cast.turn.turn import Turn, TurnResult
from openroom.evals.case import Case, CheckSpec, Step
from openroom.evals.played import PlayedCase, PlayedReply
from openroom.evals.player import INTERRUPTS
from openroom.evals.result import examine
from openroom.tuning.governance.watch import Watch

STANDING = (
    "speaks",
    "length",
    "banned_words",
    "address",
    "register",
    "in_character",
    "no_human_claim",
    "own_lines_only",
    "calls_itself",
    "given_back",
    "no_service",
    "stays_inside",
    "listens",
)
"""The standing checks that hold for any line of a real talk; those that need a script, or a visitor who is part of the
test, are left out."""

_CHECKS = tuple(CheckSpec(check=name) for name in STANDING)
_CASE = Case(id="live", dimension="in_character", cluster="live", steps=(Step(nudge=True),))
_KEPT = 5


@dataclass(slots=True)
class LiveWatch:
    """The watches of all versions that play live, by character and digest, with the last flaws each has shown."""

    watches: dict[tuple[str, str], Watch] = field(default_factory=dict)
    flaws: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def saw(self, turn: Turn, result: TurnResult, *, canary: bool = False) -> bool:
        """Take in a turn (of a ``canary``, which is judged sooner); whether the version that played it has become
        worse. Turns that say nothing about the character (stopped, passed, a greeting in its author's words, an
        endpoint that is gone) do not count."""
        if result.outcome in ("stopped", "passed") or result.is_written or isinstance(result.error, INTERRUPTS):
            return False
        key = (turn.character.id, turn.version)
        found = flaws_of(turn, result)
        watch = self.watches.get(key) or (Watch.canary() if canary else Watch())
        self.watches[key] = watch.after(bool(found))
        if found:
            self.flaws[key] = [*self.flaws.get(key, []), *found][-_KEPT:]
        return self.watches[key].worse

    def seen(self, character: str, version: str) -> int:
        """Turns of a version that were looked at."""
        return self.watches.get((character, version), Watch()).seen

    def share(self, character: str, version: str, usual: float) -> float:
        """The share of turns that a canary is to play now, see `Watch.share`."""
        return self.watches.get((character, version), Watch()).share(usual)

    def forget(self, character: str) -> None:
        """Begin anew with all versions of a character."""
        for key in [key for key in self.watches if key[0] == character]:
            del self.watches[key]
            self.flaws.pop(key, None)

    def report(self, character: str, version: str) -> dict[str, object]:
        """How a version does live."""
        watch = self.watches.get((character, version), Watch())
        flaws = self.flaws.get((character, version), [])
        return {"seen": watch.seen, "failed": watch.failed, "limit": watch.limit, "flaws": flaws}


def flaws_of(turn: Turn, result: TurnResult) -> list[str]:
    """What the standing checks find in one real turn, as ``kind: why``."""
    who, state = turn.part.who, turn.room.state
    reply = PlayedReply(
        step=0,
        named="",
        who=who,
        heard=_heard(turn),
        by=turn.trigger.by,
        say=result.reply.say if result.reply else "",
        deeds=(),
        outcome=result.outcome,
        error=f"{result.error.kind}: {result.error}" if result.error else "",
    )
    if result.outcome == "acted":
        return []
    people = {one: state.name(one) for one in state.people}
    played = PlayedCase("live", who, turn.character.name, (), (reply,), (), {}, {}, people)
    checks = examine(_CASE, played, turn.character, _CHECKS)
    return [f"{check.kind}: {check.why}" for check in checks if not check.passed]


def _heard(turn: Turn) -> str:
    last = turn.part.talk.heard[-1:]
    return last[0].text if last else ""


__all__ = ["STANDING", "LiveWatch", "flaws_of"]
