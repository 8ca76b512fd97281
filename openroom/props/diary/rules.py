"""A diary that people and characters write in. Each entry has a key and is signed; only who wrote it may change
it; who runs the room may tear out any page. (The words leave the log when the line that wrote them is erased.)"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from openroom.core.actor import Actor
from openroom.core.prop import Choice, Outcome, Prop, PropState, Refusal, verb
from openroom.props.diary.words import TRANSLATIONS

MOST = 200
"""So many entries fill the book."""
_PREVIEW = 90

Mood = Literal["calm", "happy", "amused", "tender", "curious", "surprised", "worried", "sad", "angry", "embarrassed"]
Sky = Literal["clear", "cloudy", "rain", "snow", "storm", "fog"]


def _readable(text: str) -> str:
    kept = "".join(char if char.isprintable() or char == "\n" else " " for char in text).strip()
    if not kept:
        raise ValueError("expected a text with words in it")
    return kept


Words = Annotated[str, Field(max_length=1000), AfterValidator(_readable)]
Key = Annotated[str, StringConstraints(pattern=r"^e[1-9][0-9]{0,5}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DiaryEntry(_Strict):
    """One entry: ``by`` is the writer's participant id, ``at`` is ms."""

    by: Annotated[str, Field(min_length=1, max_length=80)]
    name: Annotated[str, Field(max_length=60)]
    at: StrictInt
    text: Words
    mood: Mood | None = None
    weather: Sky | None = None
    edited: Literal[True] | None = None
    order: Annotated[StrictInt, Field(ge=1)]


class DiaryState(_Strict):
    """Entries by key; ``count`` is how many were ever written, so that a key never comes back."""

    entries: Annotated[dict[Key, DiaryEntry], Field(max_length=MOST)] = {}
    count: Annotated[StrictInt, Field(ge=0)] = 0


class WriteArgs(_Strict):
    """A new entry."""

    text: Words
    mood: Mood | None = None
    weather: Sky | None = None


class EditArgs(_Strict):
    """New words for an entry."""

    entry: Key
    text: Words
    mood: Mood | None = None


class EntryArgs(_Strict):
    """Which entry."""

    entry: Key


class Diary(Prop):
    """The diary's rules."""

    kind = "diary"
    name = "Diary"
    line = "A cloth-bound book that whoever sits here may write in."
    shown_as = "diary"
    personal = True
    State = DiaryState
    translations = TRANSLATIONS

    @verb("Write an entry", words=("diary", "book", "write", "entry", "journal", "note down"), params=WriteArgs)
    def write(self, state: PropState, who: Actor, now: int, text: str, **how: str) -> Outcome | Refusal:
        """Add a signed entry."""
        if len(state["entries"]) >= MOST:
            return Refusal("precondition", "The diary is full; somebody has to erase an entry of their own first.")
        count = state["count"] + 1
        entry = {"by": who.id, "name": who.name or who.id, "at": now, "text": text, "order": count, **how}
        entries = {**state["entries"], f"e{count}": entry}
        return Outcome({**state, "entries": entries, "count": count}, f"{who.name} writes an entry.")

    @verb("Change an entry of one's own", words=("diary", "edit", "change", "correct"), params=EditArgs)
    def edit(self, state: PropState, who: Actor, now: int, entry: str, text: str, **how: str) -> Outcome | Refusal:
        """Replace the words of an entry of one's own."""
        denied = _not_mine(state, entry, who)
        if denied is not None:
            return denied
        changed = {**state["entries"][entry], "text": text, "edited": True, **how}
        entries = {**state["entries"], entry: changed}
        return Outcome({**state, "entries": entries}, f"{who.name} changes an entry.")

    @verb("Erase an entry of one's own", words=("diary", "erase", "tear out", "delete"), params=EntryArgs)
    def erase(self, state: PropState, who: Actor, now: int, entry: str) -> Outcome | Refusal:
        """Take an entry out: one's own, or anybody's for who runs the room."""
        denied = _not_mine(state, entry, who)
        if denied is not None and not (denied.reason == "not_allowed" and who.may_run_room):
            return denied
        entries = {key: one for key, one in state["entries"].items() if key != entry}
        return Outcome({**state, "entries": entries}, f"{who.name} tears out a page.")

    def choices(self, state: PropState, who: Actor) -> list[Choice]:
        """Writing, and changing or erasing one's own last entry."""
        found = [Choice("write", "write", self.verbs["write"].label, words=self.verbs["write"].words, text="text")]
        mine = [key for key, entry in state["entries"].items() if entry["by"] == who.id]
        if mine:
            last = max(mine, key=lambda key: state["entries"][key]["order"])
            for name, label, text in (("edit", "Change my last entry", "text"), ("erase", "Erase my last entry", "")):
                found.append(Choice(f"{name}:{last}", name, label, {"entry": last}, self.verbs[name].words, text))
        return found

    def look(self, state: PropState) -> str:
        """How many entries there are, and how the last one begins."""
        if not state["entries"]:
            return "empty, with a pencil beside it"
        last = max(state["entries"].values(), key=lambda entry: entry["order"])
        words = " ".join(last["text"].split())
        short = words if len(words) <= _PREVIEW else words[: _PREVIEW - 1].rstrip() + "…"
        number = len(state["entries"])
        return f"{number} {'entry' if number == 1 else 'entries'}; the last one, by {last['name']}: “{short}”"

    def look_key(self, state: PropState) -> str:
        """``empty`` or ``written``."""
        return "written" if state["entries"] else "empty"


def _not_mine(state: PropState, key: str, who: Actor) -> Refusal | None:
    entry: dict[str, Any] | None = state["entries"].get(key)
    if entry is None:
        return Refusal("bad_args", f"There is no entry {key!r} in the diary.")
    if entry["by"] != who.id:
        return Refusal("not_allowed", f"Only {entry['name']} may touch that entry.")
    return None
