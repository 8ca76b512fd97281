"""Unattended rounds on the simulated model, killed with SIGKILL at random moments: same trajectory, nothing paid twice.

    python -m benchmarks.optimizer_kill [--rounds 300] [--kills 20] [--seed 1] [--folder build/optimizer_kill]

A child process runs the loop on a real audit log; the parent kills it again and again until it ends. Then the same run
is made without a kill, and both logs are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.worlds.simulation import DIMENSIONS, SAFETY, WORLDS, SeededProposer, Simulation
from openroom.core.harness import Harness, canonical
from openroom.tuning.audit.chain import Chain, read_chain, verify
from openroom.tuning.audit.journal import ChainJournal
from openroom.tuning.audit.signed_heads import HeadKeeper
from openroom.tuning.rounds.budget import RunBudget
from openroom.tuning.rounds.loop import Optimizer, RunResult
from openroom.tuning.rounds.objective import Objective
from openroom.tuning.rounds.settings import LoopSettings

WORLD = "20 rules, weak"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a log says: its rounds as canonical JSON, calls spent, reservations made, and whether all was well."""

    rounds: tuple[bytes, ...]
    spent: int
    reserved: int
    doubled: int
    open: int
    verified: bool
    needs_person: int

    @property
    def unattended(self) -> float:
        """Share of rounds that need nobody."""
        return 1.0 - self.needs_person / max(len(self.rounds), 1)


def run_here(folder: Path, rounds: int, seed: int) -> RunResult:
    """The run, or what is left of it, in this process."""
    sim = Simulation(WORLDS[WORLD], seed)
    with Chain(folder / "log", HeadKeeper(folder / "heads")) as chain:
        optimizer = Optimizer(
            sim,
            ChainJournal(chain, "run"),
            [SeededProposer(sim, seed)],
            Objective(character="sim", weights=dict.fromkeys(DIMENSIONS, 1.0), locked=(SAFETY,)),
            Harness(),
            budget=RunBudget(calls=100_000),
            settings=LoopSettings(seed=seed, rounds=rounds),
        )
        return asyncio.run(optimizer.run())


def run_killed(folder: Path, rounds: int, seed: int, kills: int, longest: float) -> int:
    """The run in child processes, the first ``kills`` of which are killed within ``longest`` seconds of starting work.
    Returns how many kills hit a living child."""
    rng = random.Random(seed)
    command = [sys.executable, "-m", "benchmarks.optimizer_kill", "--child", str(folder)]
    command += ["--rounds", str(rounds), "--seed", str(seed)]
    hits = 0
    for _ in range(kills):
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.0, longest))
        hits += child.poll() is None
        child.kill()
        child.wait()
        child.stdout.close()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return hits


def outcome(folder: Path) -> Outcome:
    """Read the log of a run."""
    entries = [entry for entry in read_chain(folder / "log") if entry.run == "run"]
    notes: list[dict[str, Any]] = [entry.body["note"] for entry in entries if entry.kind == "note"]
    keys = [canonical(entry.body) for entry in entries if entry.kind == "reserve"]
    outcomes = [entry.body for entry in entries if entry.kind == "outcome"]
    rows = [row for body in outcomes for row in body["outcome"].get("rows", [])]
    plays = [(row["harness"], row["case"], row["seed"]) for row in rows]
    return Outcome(
        rounds=tuple(canonical(note) for note in notes),
        spent=sum(row["calls"] for row in rows),
        reserved=len(keys),
        doubled=len(keys) - len(set(keys)) + len(plays) - len(set(plays)),
        open=len(keys) - len(outcomes),
        verified=verify(folder / "log", HeadKeeper(folder / "heads")).ok,
        needs_person=sum(note["states"][-1] == "awaiting_approval" for note in notes),
    )


def main() -> int:
    """Run both, compare, and return 0 when they agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=4.0, help="seconds a child lives at most")
    parser.add_argument("--folder", default="build/optimizer_kill")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print("ready", flush=True)
        run_here(Path(arguments.child), arguments.rounds, arguments.seed)
        return 0
    return _compare(arguments)


def _compare(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.folder)
    shutil.rmtree(folder, ignore_errors=True)
    hits = run_killed(folder / "killed", arguments.rounds, arguments.seed, arguments.kills, arguments.longest)
    run_here(folder / "whole", arguments.rounds, arguments.seed)
    killed, whole = outcome(folder / "killed"), outcome(folder / "whole")
    same = killed.rounds == whole.rounds
    print(
        f"{len(whole.rounds)} records of {arguments.rounds} rounds; {hits} of {arguments.kills} kills hit a live child"
    )
    print(f"same trajectory: {same}; calls spent {killed.spent} and {whole.spent}; steps paid twice {killed.doubled}")
    print(f"logs verify: {killed.verified and whole.verified}; rounds that need nobody: {whole.unattended:.1%}")
    good = same and killed.spent == whole.spent and not killed.doubled and not killed.open
    return int(not (good and killed.verified and whole.verified and whole.unattended >= 0.9))


if __name__ == "__main__":
    raise SystemExit(main())
