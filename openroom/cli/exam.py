"""The release exam where no server runs: the holdout is played here, with the model of the round's own measurements."""

from __future__ import annotations

import asyncio
from pathlib import Path

from openroom.cli.round_log import find_record
from openroom.cli.tuning import read_cases, speaking
from openroom.core.harness import load_harness
from openroom.errors import ModelError, SettingsError
from openroom.evals.cache import PlayCache
from openroom.evals.caseset import CaseSet
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.library.library import Library
from openroom.models.understudy.understudy import Understudy
from openroom.ports.ledger import Price
from openroom.ports.model import Model
from openroom.settings import Settings
from openroom.tuning.audit.chain import Chain
from openroom.tuning.governance.desk import Desk
from openroom.tuning.governance.exam import Exam, Question
from openroom.tuning.governance.states import Item
from openroom.tuning.rounds.budget import Budget
from openroom.tuning.rounds.room_arena import RoomArena
from openroom.tuning.run import nobody_waits

_PLAYABLE = ("local", "remote")


async def examine(settings: Settings, chain: Chain, desk: Desk, item: Item, by: str, calls: int) -> bool | None:
    """Ask the holdout about a candidate, in at most so many calls: pass, fail, or nothing when it could not be played
    (why is in the log)."""
    data = settings.data.expanduser()
    record, _ = find_record(data, item.round_id)
    measured = record.digests.get("model", "")
    library, cases = read_cases(settings, item.character)
    against = desk.active(item.character).released
    author = library.characters[item.character].harness()
    released = load_harness(chain.blobs.get(against)) if against else author
    question = Question(item.round_id, load_harness(chain.blobs.get(item.version)), released, against, by)
    seed = record.seeds.get("run", 0)

    async def hold(model: Model, price: Price | None = None) -> bool | None:
        exam = Exam(RoomArena(_evaluator(library, cases, data, model, price)), chain, seed)
        if not await exam.measured_with(question, measured):
            return None
        return await exam.hold(question, Budget(calls=calls), nobody_waits)

    kind = measured.partition(":")[0]
    if kind not in _PLAYABLE:  # the understudy is always there; what else was measured with nobody else has
        return await hold(Understudy())
    try:
        async with speaking(settings) as speaker:
            return await hold(speaker.model, speaker.price)
    except (SettingsError, ModelError) as error:
        body = {**question.body(), "why": str(error)[:400]}
        await asyncio.to_thread(chain.append, "holdout_off", body, actor=by)
        return None


def _evaluator(library: Library, cases: CaseSet, data: Path, model: Model, price: Price | None) -> Evaluator:
    return Evaluator(Troupe(library, model, price=price), cases, cache=PlayCache(data / "evals" / "cache"), parallel=2)
