"""A record player: the same record at the same place for everybody.

While it plays, the position at ``now`` is ``position_ms + (now - started_at)``; at rest it is ``position_ms``. A
timer moves on to the next record; when all have played once and nobody touched it, the arm lifts, so that an idle
room falls silent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints, model_validator

from openroom.core.actor import Actor
from openroom.core.character import Slug
from openroom.core.prop import Choice, Outcome, Prop, PropState, Refusal, Timer, verb
from openroom.props.record_player.words import TRANSLATIONS

END = "end"
"""Name of the timer that runs out when a record ends."""
LOUDEST = 10
_HANDS = ("player", "creator", "operator", "game", "system")
"""Who turns the small knobs. Characters get by with play, pause, stop, next and choose, so their menus stay short."""
_STEP = 2

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Record(_Strict):
    """One record. ``mood`` is a word that clients may make music from; ``seconds`` is its length."""

    title: Title
    artist: Title
    mood: Slug
    seconds: Annotated[StrictInt, Field(ge=5, le=3600)]
    order: Annotated[StrictInt, Field(ge=0)] = 0


def _shelf() -> dict[str, Record]:
    rows = (
        ("slow_train_home", "Slow Train Home", "The Copper Spoons", "slow", 96),
        ("rain_on_tin", "Rain on Tin", "Adela Fontaine", "wistful", 88),
        ("second_cup", "Second Cup", "The Copper Spoons", "warm", 104),
        ("paper_moon_over_platform_two", "Paper Moon over Platform Two", "Teodor Lind Trio", "bright", 80),
        ("what_the_tide_said", "What the Tide Said", "Nora Vale", "deep", 112),
    )
    return {
        key: Record(title=title, artist=artist, mood=mood, seconds=seconds, order=order)
        for order, (key, title, artist, mood, seconds) in enumerate(rows, 1)
    }


class PlayerState(_Strict):
    """``record`` is the one on the plate; ``started_at`` (ms) is there while it plays; ``left`` more follow by
    themselves."""

    records: Annotated[dict[Slug, Record], Field(min_length=1, max_length=24)] = Field(default_factory=_shelf)
    record: str = ""
    playing: StrictBool = False
    started_at: StrictInt | None = None
    position_ms: Annotated[StrictInt, Field(ge=0)] = 0
    volume: Annotated[StrictInt, Field(ge=0, le=LOUDEST)] = 6
    mode: Literal["all", "one", "once"] = "all"
    left: Annotated[StrictInt, Field(ge=0)] = 0

    @model_validator(mode="before")
    @classmethod
    def _first_record(cls, values: Any) -> Any:
        """Without a choice, the first record lies on the plate."""
        if isinstance(values, dict) and not values.get("record"):
            records = values.get("records") or _shelf()
            return {**values, "record": next(iter(records), "")}
        return values

    @model_validator(mode="after")
    def _consistent(self) -> PlayerState:
        if self.record not in self.records:
            raise ValueError(f"expected record to be one of {list(self.records)}, came {self.record!r}")
        if self.playing != (self.started_at is not None):
            raise ValueError("expected started_at while it plays, and only then")
        return self


class ChooseArgs(_Strict):
    """Which record."""

    record: Slug


class VolumeArgs(_Strict):
    """How loud, 0 to 10."""

    volume: Annotated[StrictInt, Field(ge=0, le=LOUDEST)]


class SeekArgs(_Strict):
    """Where to set the needle, in seconds from the beginning."""

    seconds: Annotated[StrictInt, Field(ge=0, le=3600)]


class ModeArgs(_Strict):
    """``all``: one record after the other; ``one``: the same again and again; ``once``: then silence."""

    mode: Literal["all", "one", "once"]


class RecordPlayer(Prop):
    """The record player's rules."""

    kind = "record_player"
    name = "Record player"
    line = "A record player in a walnut case, with a short shelf of records."
    shown_as = "record_player"
    State = PlayerState
    translations = TRANSLATIONS
    verbatim = ("actor", "title", "time", "volume")

    @verb("Play the record", words=("play", "music", "record", "song", "put on", "listen"))
    def play(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Start, or go on after a pause."""
        if state["playing"]:
            return Refusal("precondition", f"{_title(state)} is playing already.")
        how = "lets the record go on" if state["position_ms"] else f"plays {_title(state)}"
        return _playing(state, now, f"{who.name} {how}.")

    @verb("Go on with the record", words=("resume", "go on", "continue"), who=_HANDS)
    def resume(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Go on after a pause."""
        if state["playing"] or not state["position_ms"]:
            return Refusal("precondition", "The record is not paused.")
        return _playing(state, now, f"{who.name} lets the record go on.")

    @verb("Pause the record", words=("pause", "quiet", "hush", "wait"))
    def pause(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Lift the needle and remember the place."""
        if not state["playing"]:
            return Refusal("precondition", "Nothing is playing.")
        return _resting(state, position(state, now), f"{who.name} lifts the needle.")

    @verb("Stop the music", words=("stop", "off", "silence", "music off"))
    def stop(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """Stop and go back to the beginning of the record."""
        if not state["playing"] and not state["position_ms"]:
            return Refusal("precondition", "It is silent already.")
        return _resting(state, 0, f"{who.name} stops the music.")

    @verb("Play the next record", words=("next", "another", "skip", "different", "change"))
    def next(self, state: PropState, who: Actor, now: int) -> Outcome | Refusal:
        """The next one of the shelf, the first one after the last."""
        if len(state["records"]) == 1:
            return Refusal("precondition", "There is only this one record.")
        after = _on_plate(state, _following(state))
        return _playing(after, now, f"{who.name} puts on {_title(after)}.")

    @verb("Put on a record", words=("play", "put on", "record", "song", "music"), params=ChooseArgs)
    def choose(self, state: PropState, who: Actor, now: int, record: str) -> Outcome | Refusal:
        """Put a record on the plate and play it."""
        if record not in state["records"]:
            return Refusal("bad_args", f"There is no record {record!r}; there is {', '.join(state['records'])}.")
        if state["playing"] and state["record"] == record:
            return Refusal("precondition", f"{_title(state)} is playing already.")
        after = _on_plate(state, record)
        return _playing(after, now, f"{who.name} puts on {_title(after)}.")

    @verb(
        "Turn the volume",
        words=("loud", "louder", "quiet", "quieter", "volume", "turn up", "turn down"),
        params=VolumeArgs,
    )
    def turn_volume(self, state: PropState, who: Actor, now: int, volume: int) -> Outcome | Refusal:
        """Set the volume, 0 to 10."""
        if volume == state["volume"]:
            return Refusal("precondition", f"The volume is {volume} already.")
        way = "up" if volume > state["volume"] else "down"
        return Outcome({**state, "volume": volume}, f"{who.name} turns the music {way}.")

    @verb("Set the needle", words=("seek",), params=SeekArgs, who=_HANDS)
    def seek(self, state: PropState, who: Actor, now: int, seconds: int) -> Outcome | Refusal:
        """Go to a place in the record."""
        length = _record(state)["seconds"]
        if seconds >= length:
            return Refusal("bad_args", f"The record is {length} seconds long, came {seconds}.")
        after = {**state, "position_ms": seconds * 1000}
        telling = f"{who.name} sets the needle to {seconds // 60}:{seconds % 60:02d}."
        if state["playing"]:
            return _playing(after, now, telling)
        return Outcome(after, telling)

    @verb("Choose what follows", words=("repeat",), params=ModeArgs, who=_HANDS)
    def follow(self, state: PropState, who: Actor, now: int, mode: str) -> Outcome | Refusal:
        """Play all records, repeat one, or stop after this one."""
        if mode == state["mode"]:
            return Refusal("precondition", "It is set so already.")
        words = {"all": "play on through the shelf", "one": "repeat this record", "once": "stop after this record"}
        return Outcome({**state, "mode": mode}, f"{who.name} sets the record player to {words[mode]}.")

    def tick(self, state: PropState, name: str, now: int) -> Outcome | None:
        """The record has ended."""
        if name != END or not state["playing"]:
            return None
        if state["mode"] == "once" or not state["left"]:
            return _resting(state, 0, "The record ends, and the arm goes home.")
        left = state["left"] - 1
        if state["mode"] == "one":
            return _playing({**state, "position_ms": 0}, now, "", left)
        after = _on_plate(state, _following(state))
        return _playing(after, now, f"The record ends; {_title(after)} begins.", left)

    def choices(self, state: PropState, who: Actor) -> list[Choice]:
        """What the knobs offer now, then the records one could put on, then louder and quieter."""
        possible = ["pause", "next", "stop"] if state["playing"] else ["play", "next"]
        if state["position_ms"] and not state["playing"]:
            possible.append("stop")
        if len(state["records"]) == 1:
            possible.remove("next")
        found = [Choice(name, name, self.verbs[name].label, words=self.verbs[name].words) for name in possible]
        found += [self._choose(key, state) for key in _ordered(state) if key != state["record"]]
        for way, volume in (("up", state["volume"] + _STEP), ("down", state["volume"] - _STEP)):
            bounded = max(0, min(LOUDEST, volume))
            if bounded != state["volume"]:
                words = ("louder", "volume") if way == "up" else ("quieter", "softer", "volume")
                found.append(
                    Choice(f"turn_volume:{way}", "turn_volume", f"Turn the music {way}", {"volume": bounded}, words)
                )
        return found

    def _choose(self, key: str, state: PropState) -> Choice:
        record = state["records"][key]
        words = (record["title"].lower(), record["artist"].lower(), record["mood"], *self.verbs["choose"].words)
        label = f"Put on {record['title']} ({record['mood']})"
        return Choice(f"choose:{key}", "choose", label, {"record": key}, words)

    def look(self, state: PropState) -> str:
        """What is on, by whom, in what mood."""
        record = _record(state)
        if state["playing"]:
            return f"playing {_title(state)} by {record['artist']}, {record['mood']}"
        return f"{'paused in' if state['position_ms'] else 'silent;'} {_title(state)}" + (
            "" if state["position_ms"] else " lies on the plate"
        )

    def look_key(self, state: PropState) -> str:
        """``playing``, ``paused`` or ``silent``."""
        return "playing" if state["playing"] else "paused" if state["position_ms"] else "silent"


def position(state: PropState, now: int) -> int:
    """Where in the record one is at ``now``, in ms, never beyond its end."""
    at: int = state["position_ms"]
    if state["playing"]:
        at += max(0, now - state["started_at"])
    return int(min(at, _record(state)["seconds"] * 1000))


def _record(state: PropState) -> dict[str, Any]:
    found: dict[str, Any] = state["records"][state["record"]]
    return found


def _title(state: PropState) -> str:
    return f"“{_record(state)['title']}”"


def _ordered(state: PropState) -> list[str]:
    return sorted(state["records"], key=lambda key: (state["records"][key].get("order", 0), key))


def _following(state: PropState) -> str:
    shelf = _ordered(state)
    return shelf[(shelf.index(state["record"]) + 1) % len(shelf)]


def _on_plate(state: PropState, record: str) -> dict[str, Any]:
    return {**state, "record": record, "position_ms": 0}


def _playing(state: PropState, now: int, telling: str, left: int | None = None) -> Outcome:
    """Playing from ``position_ms`` on; ``left`` absent: somebody did it, so the whole shelf may follow."""
    rest = max(0, _record(state)["seconds"] * 1000 - state["position_ms"])
    follow = len(state["records"]) - 1 if left is None else left
    after = {**state, "playing": True, "started_at": now, "left": follow}
    return Outcome(after, telling, (Timer(END, rest),))


def _resting(state: PropState, position_ms: int, telling: str) -> Outcome:
    after = {key: value for key, value in state.items() if key != "started_at"}
    return Outcome({**after, "playing": False, "position_ms": position_ms, "left": 0}, telling, (Timer(END, None),))
