"""The graded score of sense: fitted to blind labels, and measured on cards and lines it was not fitted to.

    python -m benchmarks.sense_score ask [--seconds 500] [--data DIR]   # what the local model says of each reply, kept
    python -m benchmarks.sense_score fit                                # openroom/evals/sense_score.json
    python -m benchmarks.sense_score report                             # AUC, calibration, what a gate would see

Rows are the English replies of the local model in docs/lab/sense (each pair of line and reply of a character once).
``ask`` goes on where it was stopped, plain cards first and in an order drawn by lot; what the model said lies in
docs/lab/sense/leanings.json. The model's reading takes no fit but the two numbers that make a likelihood of it; these
are held out by card. Beside it stand signs that code finds (`benchmarks.sense_signs`): for each plain card they are
fitted to neither that card nor, of the others, to lines of the same fifth; or to the shipped characters alone. Replies
on which the readers differ are left out of fit and AUC.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_data_path

from benchmarks.plain_cards_set import library
from benchmarks.sense_rows import FIRST, FOLDS, LEANINGS, PLAIN, Row, rows
from benchmarks.sense_signs import Exchange, Told, signs
from openroom.evals.sense_score import FITTED, Fitted, leaning
from openroom.memory.embed import WordLlamaEmbedder
from openroom.models.endpoint.wire import Timeouts
from openroom.models.local.catalogue import DEFAULT_WEIGHTS
from openroom.models.local.engine import EngineSettings
from openroom.models.local.model import LocalModel
from openroom.models.local.options import LocalOptions
from openroom.models.local.weights import weights_folder

_RIDGE = 100.0
"""Weights are held small: 21 signs, some hundred rows."""
_DRAWS = 1000
_REACH = 1.645 + 0.842


# asking ---------------------------------------------------------------------------------------------------------------


async def ask(seconds: float, data: Path) -> None:
    """Ask the local model of the rows that it has not been asked of, plain cards first, for so long."""
    known = json.loads(LEANINGS.read_text(encoding="utf-8")) if LEANINGS.exists() else {}
    due = [row for row in rows() if row.id not in known]
    random.Random(5).shuffle(due)
    due.sort(key=lambda row: not row.plain)
    options = LocalOptions(
        engine=EngineSettings(threads=1, nice=0),
        states_mb=0,
        timeouts=Timeouts(first=300.0, between=300.0, total=600.0),
    )
    model = LocalModel(folder=weights_folder(data), options=options)
    begun = time.monotonic()
    try:
        await model.wait_ready(300)
        for row in due:
            if time.monotonic() - begun > seconds:
                break
            said = await leaning(model, row.heard, row.say)
            known[row.id] = round(said, 3)
            LEANINGS.write_text(json.dumps(dict(sorted(known.items())), indent=0) + "\n", encoding="utf-8")
    finally:
        await model.aclose()
    print(f"{len(known)} asked")


# fitting --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their signs (n by k), the model's leaning (nan: not asked), and the readers' share of sense."""

    rows: Sequence[Row]
    signs: Any
    leaning: Any
    sense: Any

    def where(self, holds: Callable[[Row], bool]) -> Any:
        """Which rows are so."""
        return np.array([holds(row) for row in self.rows])

    def where_fold(self) -> Any:
        """In which fifth each row's line is."""
        return np.array([row.fold for row in self.rows])


def read_table() -> Table:
    """All rows with their signs. Raises `FileNotFoundError` where nothing was asked yet."""
    found, embedder, cards = rows(), WordLlamaEmbedder(), library().characters
    told = {who: Told.of(cards[who]) for who in {row.character for row in found}}
    seen = [signs(told[row.character], Exchange(row.heard, row.say, row.visitor, row.acts), embedder) for row in found]
    said = json.loads(LEANINGS.read_text(encoding="utf-8"))
    return Table(
        found,
        np.array([list(one.values()) for one in seen]),
        np.array([said.get(row.id, math.nan) for row in found]),
        np.array([row.sense for row in found]),
    )


def logistic(x: Any, y: Any, ridge: float) -> Any:
    """Weights, the bias last, by Newton's steps; the bias is not held small."""
    x = np.c_[x, np.ones(len(x))]
    hold = np.diag([ridge] * (x.shape[1] - 1) + [1e-6])
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + hold, x.T @ (y - p) - hold @ w)
        w += step
        if np.abs(step).max() < 1e-9:
            break
    return w


def by_signs(table: Table, fit_to: Any, of: Any) -> Any:
    """The log-odds of rows by signs that were fitted to others."""
    rows = fit_to & (table.sense != 0.5)
    mean, spread = table.signs[rows].mean(0), table.signs[rows].std(0)
    spread[spread == 0] = 1.0
    weights = logistic((table.signs[rows] - mean) / spread, (table.sense[rows] > 0.5).astype(float), _RIDGE)
    return ((table.signs[of] - mean) / spread) @ weights[:-1] + weights[-1]


def by_leaning(table: Table, rows: Any) -> Fitted:
    """What makes a likelihood of the model's leaning, fitted to rows that it was asked of."""
    held = rows & (table.sense != 0.5) & ~np.isnan(table.leaning)
    slope, bias = logistic(table.leaning[held][:, None], (table.sense[held] > 0.5).astype(float), 1e-6)
    return Fitted(bias=round(float(bias), 4), slope=round(float(slope), 4), judge=DEFAULT_WEIGHTS, rows=int(held.sum()))


# what it is worth -----------------------------------------------------------------------------------------------------


def signs_held_out(table: Table) -> Any:
    """Of plain cards: the log-odds by signs whose weights saw neither the card nor the line."""
    found, folds = np.full(len(table.rows), math.nan), table.where_fold()
    for card in sorted(PLAIN):
        of = table.where(lambda row, card=card: row.character == card)
        for fold in range(FOLDS):
            if (here := of & (folds == fold)).any():
                found[here] = by_signs(table, ~of & (folds != fold), here)
    return found


def likely_held_out(table: Table) -> Any:
    """Of plain cards that the model was asked of: the score by two numbers that did not see the card."""
    found, known = np.full(len(table.rows), math.nan), ~np.isnan(table.leaning)
    for card in sorted(PLAIN):
        of = table.where(lambda row, card=card: row.character == card)
        weights = by_leaning(table, ~of)
        found[of & known] = [weights.likely(one) for one in table.leaning[of & known]]
    return found


def auc(score: Any, good: Any) -> float:
    """How often a sensible reply has the higher score, of pairs with one that is none."""
    order = np.argsort(score, kind="stable")
    _, inverse, counts = np.unique(score[order], return_inverse=True, return_counts=True)
    ranks = np.empty(len(score))
    ranks[order] = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n, m = good.sum(), (~good).sum()
    return float((ranks[good].sum() - n * (n + 1) / 2) / (n * m)) if n and m else math.nan


def _with_interval(score: Any, good: Any) -> str:
    drawn, rng = [], np.random.default_rng(0)
    for _ in range(_DRAWS):
        at = rng.integers(0, len(score), len(score))
        drawn.append(auc(score[at], good[at]))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return f"{auc(score, good):.3f} [{low:.3f}, {high:.3f}] ({len(score)}, {good.mean():.0%} sensible)"


def _alike(one: Any, other: Any, rows: Any) -> Any:
    """The sum of two readings, each in its own spread over these rows: nothing is fitted to their labels."""
    return sum((part - part[rows].mean()) / part[rows].std() for part in (one, other))


def report(table: Table) -> None:
    """The tables of docs/lab/sense.md."""
    plain, agreed, good = table.where(lambda row: row.plain), table.sense != 0.5, table.sense > 0.5
    first, known = table.where(lambda row: row.of == "first"), ~np.isnan(table.leaning)
    held, apart = signs_held_out(table), by_signs(table, ~plain, slice(None))
    asked = plain & known
    readings = (
        ("model, one token", table.leaning, asked),
        ("signs, card and line held out", held, asked),
        ("signs, fitted to shipped characters", apart, asked),
        ("model and signs (held out) alike", _alike(table.leaning, held, asked), asked),
        ("signs, card and line held out, all plain rows", held, plain),
        ("signs, fitted to shipped characters, all plain rows", apart, plain),
    )
    print("| AUC | plain cards | first lines | evenings and scenes |\n|---|---|---|---|")
    for name, score, of in readings:
        here = of & agreed
        cells = [_with_interval(score[one], good[one]) for one in (here, here & first, here & ~first)]
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| card | AUC, model |\n|---|---|")
    for card in sorted(PLAIN):
        here = table.where(lambda row, card=card: row.character == card) & agreed & known
        print(f"| {card} | {_with_interval(table.leaning[here], good[here])} |")
    score = likely_held_out(table)
    print("\n| score (card held out) | replies | mean score | called sensible |\n|---|---|---|---|")
    for part in np.array_split(np.flatnonzero(asked)[np.argsort(score[asked])], 5):
        low, high = score[part].min(), score[part].max()
        print(f"| {low:.2f} to {high:.2f} | {len(part)} | {score[part].mean():.2f} | {table.sense[part].mean():.2f} |")
    print("\n" + "\n".join(power(table, score)))


def twice_played(table: Table) -> tuple[Any, Any]:
    """Rows of the same first line to the same card, by the build before and after: the two ends of each pair."""
    at = {(row.character, row.heard, row.say): n for n, row in enumerate(table.rows)}
    pairs: dict[tuple[str, str], dict[str, int]] = {}
    for line in FIRST.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _, card, build, heard, say, *_ = line.split("\t")
            for one in ("before", "after") if build == "both" else (build,):
                pairs.setdefault((card, heard), {})[one] = at[card, heard, say]
    whole = [one for one in pairs.values() if len(one) == 2]
    return np.array([one["before"] for one in whole]), np.array([one["after"] for one in whole])


def power(table: Table, score: Any) -> list[str]:
    """How many pairs of plays a gate would need to see that nonsense became sense (one-sided .05, power .8).

    An edit turns a share of the replies from nonsense into sense, and the mean score follows by the difference between
    the two kinds. The spread of a pair's difference is that of the same line played by two builds, as labelled."""
    here = ~np.isnan(score)
    gap = score[here & (table.sense == 1)].mean() - score[here & (table.sense == 0)].mean()
    before, after = twice_played(table)
    by_score, by_reader = score[after] - score[before], table.sense[after] - table.sense[before]
    by_score = by_score[~np.isnan(by_score)]
    alike = np.corrcoef(score[here], table.sense[here])[0, 1]
    same = f"{len(by_score)} pairs, {np.mean(by_score == 0):.0%} the same"
    spreads = f"score {by_score.std():.3f} ({same}), readers {by_reader.std():.3f} ({len(by_reader)})"
    lines = [
        f"mean score of sense less that of nonsense: {gap:.3f}; correlation of score and readers: {alike:.2f}",
        f"spread of a pair's difference: {spreads}",
        "",
        "| true sense | the mean score moves | pairs by the score | pairs by blind readers |",
        "|---|---|---|---|",
    ]
    for low, high in ((0.74, 0.78), (0.74, 0.82), (0.74, 0.86), (0.74, 0.9)):
        needed = [(_REACH * one.std() / moved) ** 2 for one, moved in
                  ((by_score, (high - low) * gap), (by_reader, high - low))]  # fmt: skip
        moves = f"{(high - low) * gap:+.3f}"
        lines.append(f"| {low:.0%} to {high:.0%} | {moves} | {needed[0]:.0f} | {needed[1]:.0f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wanted", choices=("ask", "fit", "report"))
    parser.add_argument("--seconds", type=float, default=500.0, help="ask for so long")
    parser.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    wish = parser.parse_args()
    if wish.wanted == "ask":
        asyncio.run(ask(wish.seconds, wish.data))
    elif wish.wanted == "fit":
        table = read_table()
        found = by_leaning(table, table.where(lambda row: row.plain))
        FITTED.write_text(json.dumps(found.model_dump(), indent=1) + "\n", encoding="utf-8")
    else:
        report(read_table())


if __name__ == "__main__":
    main()
