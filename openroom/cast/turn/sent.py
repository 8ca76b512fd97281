"""What was really sent to a model in a turn, and, of a reply that no model wrote, whose line it is and why."""

from __future__ import annotations

from dataclasses import dataclass

from openroom.language.likeness import same
from openroom.ports.kept_prompt import Choice, ChoiceKind
from openroom.ports.model import Cue, ModelInfo, ModelRequest, Usage


@dataclass(frozen=True, slots=True)
class Sent:
    """One call. ``usage`` is absent where it was stopped or failed; ``choice`` where a model wrote the words.
    ``dropped`` is what guards found in sentences that nobody saw (`openroom.cast.turn.guards`)."""

    request: ModelRequest
    info: ModelInfo
    usage: Usage | None = None
    choice: Choice | None = None
    dropped: tuple[str, ...] = ()


def choice_of(cue: Cue, say: str) -> Choice:
    """Which line of a cue was played, told by the words; a form of address that code put in or took out counts for
    nothing."""
    if not say:
        return Choice("none" if cue.sure else "go" if cue.go else "doing")
    if cue.recalled and _is(cue, cue.recalled, say):
        return Choice("recalled")  # what somebody told is in the reply alone: here it would outlast a memory
    for kind, pairs in (("example", cue.lines), ("answer", cue.answers)):
        if pair := next((pair for pair in pairs if _is(cue, pair[1], say)), None):
            made: ChoiceKind = "answer" if kind == "answer" or pair[1] in cue.made else "example"
            return Choice(made, pair[1], pair[0])
    rest: tuple[tuple[ChoiceKind, tuple[str, ...]], ...] = (
        ("greeting", cue.greetings),
        ("doing", cue.doing),
        ("admission", (cue.admission,) if cue.admission else ()),
        ("fallback", cue.fallbacks),
        ("fact", cue.told),
        ("puzzled", cue.puzzled),
    )
    found = ((kind, line) for kind, lines in rest for line in lines if _is(cue, line, say))
    kind, line = next(found, ("house", ""))
    return Choice(kind, line)


def _is(cue: Cue, line: str, say: str) -> bool:
    """Whether a line was said, as it stands or with how one is called."""
    bare = say.replace(cue.address, "") if cue.address else say
    return same(line, say) or same(line.replace(cue.address, "") if cue.address else line, bare)
