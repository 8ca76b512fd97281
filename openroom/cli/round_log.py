"""Reading the audit log for the commands: rounds, candidates and their states, also while a server writes it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from openroom.errors import AccessError, SettingsError
from openroom.settings import Settings
from openroom.tuning.audit.chain import Entry, read_chain
from openroom.tuning.audit.record import RoundRecord
from openroom.tuning.audit.replay import ReadOnlyChain
from openroom.tuning.audit.run_log import heads_of, log_folder
from openroom.tuning.audit.tastings import Tasting, Tastings
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.states import Item


def data_folder(config: Path | None) -> Path:
    """The data folder of the settings."""
    return Settings.load(config).data.expanduser()


def records(data: Path) -> list[tuple[RoundRecord, Entry]]:
    """Every recorded round with its entry, oldest first; read without a lock."""
    found = [entry for entry in read_chain(log_folder(data), heads_of(data)) if entry.kind == "note"]
    return [
        (RoundRecord.model_validate(entry.body["note"]), entry) for entry in found if entry.body.get("kind") == "round"
    ]


def find_record(data: Path, round_id: str) -> tuple[RoundRecord, Entry]:
    """A round by its id, or a part of it that fits only one. Raises `SettingsError`."""
    found = records(data)
    exact = [pair for pair in found if pair[0].round_id in (round_id, f"{round_id}/improve")]
    fitting = exact or [pair for pair in found if pair[0].round_id.startswith(f"{round_id}/")]
    if len(fitting) != 1:
        raise SettingsError(f"expected the id of one round, {round_id!r} fits {len(fitting)}")
    return fitting[0]


def named(items: Sequence[Item], round_id: str) -> Item:
    """A candidate by the id of its round, or a part of it that fits only one. Raises `AccessError`."""
    exact = [item for item in items if item.round_id in (round_id, f"{round_id}/improve")]
    fitting = exact or [item for item in items if item.round_id.startswith(f"{round_id}/")]
    if len(fitting) != 1:
        raise AccessError(f"expected a round that brought a candidate, {round_id!r} fits {len(fitting)}")
    return fitting[0]


def desk_of(data: Path) -> Desk:
    """The desk as the log says, for reading only."""
    return Desk(ReadOnlyChain(log_folder(data), heads_of(data)), (), time.time)


def items_of(data: Path) -> list[Item]:
    """All candidates, oldest first."""
    return desk_of(data).items()


def states_of(data: Path) -> dict[str, str]:
    """The state of each candidate now."""
    return {item.round_id: item.state for item in items_of(data)}


def item_of(data: Path, round_id: str) -> Item | None:
    """The candidate of a round, if it brought one."""
    return next((item for item in items_of(data) if item.round_id == round_id), None)


def tasting_line(data: Path, version: str) -> str:
    """What the blind tasting of a version came to, in a line; empty where none was begun."""
    tastings = Tastings()
    for entry in read_chain(log_folder(data), heads_of(data)):
        tastings.take(entry)
    found = tastings.last(version)
    return told(found) if found is not None else ""


def told(tasting: Tasting) -> str:
    """A tasting in a line."""
    if tasting.state == "open":
        return f"blind tasting: under way, {tasting.judged} of {tasting.pairs} pairs judged"
    better, worse = tasting.count("candidate"), tasting.count("released")
    ties = f"{tasting.count('neither')} both bad, {tasting.same} the same"
    return f"blind tasting: {tasting.state}, better in {better} of {better + worse} ({ties}), p {tasting.p:.3g}"
