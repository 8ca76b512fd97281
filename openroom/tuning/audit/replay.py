"""Replay: a finished run gone through again from its records. The same decisions must come out of the same evidence.

Nothing is played, nobody is asked and nothing is written: the log is read without its lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from openroom.core.harness import Harness, digest_of, load_harness
from openroom.errors import SettingsError, StoreCorrupt
from openroom.tuning.audit.blobs import BlobStore
from openroom.tuning.audit.chain import Chain, Entry, read_chain
from openroom.tuning.audit.journal import ChainJournal
from openroom.tuning.audit.record import Split
from openroom.tuning.audit.run_log import ended, run_limits, run_notes, run_settings, run_suggested, runs
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.proposals.operators import Answer, Proposer, Situation
from openroom.tuning.rounds.arena import ArenaCase, Cost, Rollout
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.criticism import Criticism
from openroom.tuning.rounds.loop import Optimizer
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.run import run_checks


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run gone through again: its rounds, the head it came to, and whether that is the head in the log."""

    name: str
    rounds: int
    head: str
    agrees: bool


class ReadOnlyChain(Chain):
    """A log that can be read, also while another process writes it, and not written; with ``heads`` it has to verify.
    Raises `StoreCorrupt`."""

    def __init__(self, folder: Path, heads: HeadKeeper | None = None) -> None:
        self.folder, self.blobs = folder, BlobStore(folder / "blobs")
        self._entries = read_chain(folder, heads)

    def append(self, kind: str, *_: Any, **__: Any) -> NoReturn:
        """Raises `StoreCorrupt`: there is nothing to add."""
        raise StoreCorrupt(f"expected the replay to find everything in the log, it came to a new entry ({kind})")

    def put_blob(self, data: bytes) -> str:
        """The digest; a replay makes nothing that is not there."""
        digest = digest_of(data)
        self.blobs.get(digest)
        return digest

    def close(self) -> None:
        """Nothing is held."""


class RecordedArena:
    """The arena of a run as its log describes it. It can't play: a replay that would have to has left the path."""

    def __init__(self, begun: Entry) -> None:
        self._rows = begun.body["cases"]
        self._digests = dict(begun.body["digests"])

    def cases(self, split: Split) -> Sequence[ArenaCase]:
        """The cases as they were."""
        return [
            ArenaCase(row[0], row[1], row[2], row[3], tuple(row[6] if len(row) > 6 else ()))
            for row in self._rows
            if row[2] == split
        ]

    def digests(self) -> Mapping[str, str]:
        """The digests as they were."""
        return self._digests

    def cost(self, case_id: str) -> Cost:
        row = next(row for row in self._rows if row[0] == case_id)
        return Cost(int(row[4]), float(row[5]))

    async def evaluate(self, harness: Harness, case_id: str, seed: int) -> Rollout:
        """Raises `StoreCorrupt`."""
        raise StoreCorrupt(f"expected a recorded play of {case_id} (seed {seed}, {harness.digest[:12]}), there is none")


@dataclass(frozen=True, slots=True)
class _Recorded:
    """An operator: its answers are in the log, it is never asked again."""

    name: str
    cost: Cost

    async def propose(self, context: Situation) -> Answer:
        """Raises `StoreCorrupt`."""
        raise StoreCorrupt(f"expected a recorded answer of {self.name} to proposal {context.number}, there is none")


async def replay(folder: Path, name: str) -> Replayed:
    """Go through a finished run of the log in ``folder`` again.

    Raises `StoreCorrupt` where the log and the code part ways, `SettingsError` for a run that has not ended.
    """
    chain = ReadOnlyChain(folder)
    begun = next((entry for entry in runs(chain.entries) if entry.run == name), None)
    end = ended(chain.entries, name)
    if begun is None or end is None:
        raise SettingsError(f"expected a run that has ended, came {name!r}")
    start = load_harness(chain.blobs.get(str(begun.body["start"])))
    checks = run_checks(begun, start)
    calls, usd = run_limits(begun)
    optimizer = Optimizer(
        RecordedArena(begun),
        ChainJournal(chain, name),
        _operators(begun),
        Objective.model_validate(begun.body["objective"]),
        start,
        budget=RunBudget(calls=calls, usd=usd),
        settings=run_settings(begun),
        static_check=checks,
        criticism=Criticism(run_notes(begun).notes, leaks=checks.leak),
        suggested=run_suggested(begun),
    )
    result = await optimizer.run()
    return Replayed(name, result.rounds, result.head.digest, result.head.digest == end.body["head"])


def _operators(begun: Entry) -> list[Proposer]:
    return [_Recorded(str(name), Cost(int(calls), float(usd))) for name, calls, usd in begun.body["operators"]]
