"""``openroom optimize``, ``rounds``, ``approve``, ``reject``, ``rollback`` and ``audit``: tuning and its governance."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from openroom.cli.show import AsJson, show_json, show_table
from openroom.cli.tuning import Config, ModelName, quietly, read_cases, speaking, stored
from openroom.core.character import Character
from openroom.core.harness import Harness, load_harness
from openroom.errors import AccessError, SettingsError, StoreLocked
from openroom.evals.cache import PlayCache
from openroom.evals.evaluator import Evaluator
from openroom.evals.player import Troupe
from openroom.optimizer.bundle import export
from openroom.optimizer.chain import Entry, read_chain, verify
from openroom.optimizer.desk import Desk
from openroom.optimizer.record import RoundRecord
from openroom.optimizer.replay import replay
from openroom.optimizer.run_log import RunPlan, heads_of, log_folder, open_chain, runs
from openroom.optimizer.states import Approval, Item
from openroom.optimizer.tuning import RunOutcome, RunParts, default_objective, tune
from openroom.settings import Settings
from openroom.store.port import Activation, Store, Version

rounds = typer.Typer(help="What the optimiser tried, and why it was kept or not.", no_args_is_help=True)
audit = typer.Typer(help="The audit log: check it, replay a run, export the evidence.", no_args_is_help=True)

_APPROVAL_SECONDS = 600.0
_CANARY = 0.5

By = Annotated[str, typer.Option("--as", help="The operator who decides.")]


def optimize(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    rounds: Annotated[int, typer.Option(min=1, max=100_000, help="Rounds at most.")] = 20,
    budget_calls: Annotated[int, typer.Option(min=1, help="Model calls at most.")] = 500,
    budget_usd: Annotated[float, typer.Option(min=0, help="Dollars at most; 0 sets no limit.")] = 0.0,
    mode: Annotated[str, typer.Option(help="suggest: every keep waits for a person; auto: only those of tier 2.")] = (
        "suggest"
    ),
    model: ModelName = None,
    seed: Annotated[int, typer.Option(help="The seed of the run.")] = 0,
    name: Annotated[str, typer.Option("--run", help="Name a run, or go on with it.")] = "",
    bundle: Annotated[int, typer.Option(min=1, max=6, help="Edits tried together.")] = 1,
    parallel: Annotated[int, typer.Option(min=1, max=32, help="Cases played at the same time.")] = 2,
    remember: Annotated[bool, typer.Option(help="Read the notes of earlier rounds.")] = True,
    reflect: Annotated[bool, typer.Option(help="Ask the model for proposals too.")] = True,
    config: Config = None,
) -> None:
    """Improve a character round by round. An interrupted run goes on when the command is given again."""
    if mode not in ("suggest", "auto"):
        raise SettingsError(f"--mode: expected suggest or auto, came {mode!r}")
    settings = Settings.load(config, model=model)
    quietly()
    chosen: Literal["suggest", "auto"] = "auto" if mode == "auto" else "suggest"
    plan = RunPlan(
        character=character,
        rounds=rounds,
        calls=budget_calls,
        usd=budget_usd or math.inf,
        mode=chosen,
        seed=seed,
        name=name,
        bundle=bundle,
        remember=remember,
        reflect=reflect,
    )
    outcome = asyncio.run(_optimize(settings, plan, parallel))
    _show_outcome(outcome, log_folder(settings.data.expanduser()))


async def _optimize(settings: Settings, plan: RunPlan, parallel: int) -> RunOutcome:
    library, cases = read_cases(settings, plan.character)
    data = settings.data.expanduser()
    start = await active_version(settings, library.characters[plan.character])
    with open_chain(data) as chain:
        async with speaking(settings) as speaker:
            troupe = Troupe(library, speaker.model, price=speaker.price)
            evaluator = Evaluator(troupe, cases, cache=PlayCache(data / "evals" / "cache"), parallel=parallel)
            parts = RunParts(evaluator, data, start)
            outcome = await tune(plan, parts, default_objective(plan.character, cases), chain)
        desk = Desk(chain, (), time.time)
        kept = [item for item in desk.items() if item.round_id.startswith(f"{outcome.name}/")]
        bodies = [chain.blobs.get(item.version) for item in kept]
    await keep_versions(settings, kept, bodies)
    return outcome


async def active_version(settings: Settings, card: Character) -> Harness:
    """The version that rooms play now: the active one of the store, else the author's."""
    async with stored(settings) as store:
        digest = await store.active(card.id)
        version = await store.version(card.id, digest) if digest else None
    return load_harness(version.body) if version else card.harness()


async def keep_versions(settings: Settings, items: Sequence[Item], bodies: Sequence[bytes]) -> None:
    """Put candidates among the stored versions, so that they can be played (``eval --version``) and released."""
    async with stored(settings) as store:
        for item, body in zip(items, bodies, strict=True):
            await store.add_version(_version(item, body))


def _version(item: Item, body: bytes) -> Version:
    note = f"round {item.round_id}"
    return Version(item.character, item.version, body, round(time.time() * 1000), item.parent or None, note)


def _show_outcome(outcome: RunOutcome, folder: Path) -> None:
    result = outcome.result
    spent = f"{result.spent_calls} calls" + (f", ${result.spent_usd:.2f}" if result.spent_usd else "")
    print(f"Run {outcome.name}: {result.rounds} rounds, {len(result.kept)} edits kept, {spent} ({result.status}).")
    for kept in result.kept:
        print(f"  round {kept.number}: {kept.edit.op} for {kept.dimension}, {kept.gain:+.2f}")
    if result.needs_person:
        print(f"{result.needs_person} wait for you: openroom rounds list, then openroom approve ID")
    for refused in outcome.refused_notes:
        print(f"a note was not read: {refused}")
    print(f"Records: {folder}")


# rounds -------------------------------------------------------------------------------------------------------------


@rounds.command("list")
def list_rounds(
    character: Annotated[str, typer.Argument(help="Only of this character.")] = "",
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for a person.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """All rounds with what came of them, newest last."""
    data = _data(config)
    found = [record for record, _ in records(data) if character in ("", record.character)]
    states = _states(data)

    def state(record: RoundRecord) -> str:
        return states.get(record.round_id, record.states[-1])

    if waiting:
        found = [record for record in found if state(record) == "awaiting_approval"]
    if as_json:
        show_json([{"id": one.round_id, "state": state(one)} | _line(one) for one in found])
        return
    rows = [
        (one.round_id.removesuffix("/improve"), state(one), one.operator or "-", *_line(one).values()) for one in found
    ]
    show_table(("Round", "State", "Operator", "Edit", "For", "Gain", "Pairs", "Calls"), rows, "No rounds yet.")


def _line(record: RoundRecord) -> dict[str, Any]:
    edits = ", ".join(f"{row.op} {row.path}" for row in record.patch) or "-"
    dimensions = ", ".join(dict.fromkeys(one.dimension for one in record.hypotheses)) or "-"
    pairs = max((len(test.path) for test in record.gate.tests), default=0)
    return {
        "edit": edits,
        "dimension": dimensions,
        "gain": f"{record.gate.gain:+.2f}" if pairs else "-",
        "pairs": pairs,
        "calls": record.budget.spent_calls,
    }


@rounds.command("show")
def show_round(
    round_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False, config: Config = None
) -> None:
    """One round: what speaks against it first, then what it changed, why, and what was measured."""
    data = _data(config)
    record, entry = find_record(data, round_id)
    if as_json:
        show_json(record.model_dump(mode="json", exclude_none=True))
        return
    item = _item(data, record.round_id)
    print(f"Round {record.round_id} of {record.character}: {item.state if item else record.states[-1]}")
    for against in item.against if item else ():
        print(f"  against: {against}")
    for reason in (*record.gate.reasons, *record.gate.guards):
        print(f"  reason: {reason}")
    for hypothesis in record.hypotheses:
        print(f"  for {hypothesis.dimension}: {hypothesis.why} (expected {hypothesis.expected_delta:+.2f})")
    _print_patch(record)
    for test in record.gate.tests:
        last = f"{test.path[-1]:.2f}" if test.path else "-"
        print(f"  test {test.name}: {test.verdict}, mean {test.mean:+.3f} in {len(test.path)} pairs, E {last}")
    print(f"  tokens {record.gate.tokens:+d}, tier T{record.tier}, {record.budget.spent_calls} calls")
    print(f"  parent {record.parent_version[:12]}, version {record.candidate_version[:12] or '-'}")
    print(f"  rollback tried: {'same bytes' if record.rollback.tested else 'no'}; record {entry.hash[:12]}")
    if record.self_criticism:
        print(f"  note: {record.self_criticism}")


@rounds.command("diff")
def diff_round(round_id: Annotated[str, typer.Argument(metavar="ID")], config: Config = None) -> None:
    """What a round changes, before and after."""
    record, _ = find_record(_data(config), round_id)
    _print_patch(record)


def _print_patch(record: RoundRecord) -> None:
    for row in record.patch:
        print(f"  {row.op} {row.path}")
        for sign, side in (("-", row.before), ("+", row.after)):
            if side is not None:
                print(f"    {sign} {side.get('text', side) if isinstance(side, dict) else side}")


# decisions ----------------------------------------------------------------------------------------------------------


def approve(
    round_id: Annotated[str, typer.Argument(metavar="ID", help="The round, as rounds list shows it.")],
    why: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    by: By = "operator",
    config: Config = None,
) -> None:
    """Approve a round and release its version: rooms play it from their next turn on."""
    settings = Settings.load(config)
    quietly()
    with open_chain(settings.data.expanduser()) as chain:
        desk = Desk(chain, [by], time.time)
        item = _named(desk.items(), round_id)
        asyncio.run(_ready(settings))
        item = release(desk, item, by, why)
        body = chain.blobs.get(item.version)
    asyncio.run(_activate(settings, item, body, by))
    print(f"{item.character} plays version {item.version[:12]} of round {item.round_id}.")


def release(desk: Desk, item: Item, by: str, why: str = "") -> Item:
    """An operator's yes, all the way to release. Raises `AccessError` when it does not hold."""
    now = time.time()
    if item.state == "awaiting_approval":
        approval = Approval(
            round_id=item.round_id,
            patch_digest=item.patch_digest,
            evidence_digest=item.evidence_digest,
            by=by,
            at=now,
            expires=now + _APPROVAL_SECONDS,
            why=why,
        )
        item = desk.approve(approval)
    elif item.state == "auto_kept":
        item = desk.start_canary(item.round_id, _CANARY, by)
    return desk.release(item.round_id, by)


def reject(
    round_id: Annotated[str, typer.Argument(metavar="ID")],
    why: Annotated[str, typer.Option(help="Why; the next rounds read it.")],
    by: By = "operator",
    config: Config = None,
) -> None:
    """Turn a round down."""
    with open_chain(_data(config)) as chain:
        desk = Desk(chain, [by], time.time)
        item = desk.reject(_named(desk.items(), round_id).round_id, by, why)
    print(f"Round {item.round_id} is rejected: {why}")


def rollback(
    character: Annotated[str, typer.Argument(help="The character's id.")],
    to: Annotated[str, typer.Option(help="Digest of the version (none: the one before).")] = "",
    by: By = "operator",
    config: Config = None,
) -> None:
    """Go back to an older version, the same bytes, from the next turn on."""
    settings = Settings.load(config)
    quietly()
    with open_chain(settings.data.expanduser()) as chain:
        desk = Desk(chain, [by], time.time)
        asyncio.run(_ready(settings))
        digest = desk.rollback(character, by, _whole(desk, character, to) if to else None)
    asyncio.run(_set_active(settings, character, digest, by))
    print(f"{character} plays {'version ' + digest[:12] if digest else 'its author’s own version'}.")


def _whole(desk: Desk, character: str, start: str) -> str:
    active = desk.active(character)
    fitting = [digest for digest in {*active.history, active.released} if digest and digest.startswith(start)]
    return fitting[0] if len(fitting) == 1 else start


async def _ready(settings: Settings) -> None:
    """Raises `StoreLocked`, before anything is decided, when the decision could not take effect."""
    async with stored(settings):
        return


async def _activate(settings: Settings, item: Item, body: bytes, by: str) -> None:
    async with stored(settings) as store:
        await store.add_version(_version(item, body))
        await _make_active(store, item.character, item.version, by, f"round {item.round_id}")


async def _set_active(settings: Settings, character: str, digest: str, by: str) -> None:
    async with stored(settings) as store:
        await _make_active(store, character, digest, by, "rollback")


async def _make_active(store: Store, character: str, digest: str, by: str, note: str) -> None:
    await store.activate(Activation(character, digest or None, round(time.time() * 1000), by, note))


# audit --------------------------------------------------------------------------------------------------------------


@audit.command("verify")
def audit_verify(as_json: AsJson = False, config: Config = None) -> None:
    """Check every entry, link, signed head and blob of the log."""
    data = _data(config)
    found = verify(log_folder(data), heads_of(data))
    if as_json:
        show_json({"ok": found.ok, "entries": found.entries, "blobs": found.blobs, "problems": list(found.problems)})
    else:
        print(f"{found.entries} entries and {found.blobs} blobs, {'all is well' if found.ok else 'NOT as written'}.")
        for problem in found.problems:
            print(f"  {problem}")
    if not found.ok:
        raise typer.Exit(1)


@audit.command("replay")
def audit_replay(
    name: Annotated[str, typer.Argument(help="The run (none: all that have ended).")] = "", config: Config = None
) -> None:
    """Go through a run again with its recorded outcomes: the same decisions must come out."""
    folder = log_folder(_data(config))
    entries = read_chain(folder)
    finished = {entry.run for entry in entries if entry.kind == "run_end"}
    names = [name] if name else [entry.run for entry in runs(entries) if entry.run in finished]
    worst = 0
    for one in names:
        found = asyncio.run(replay(folder, one))
        worst = max(worst, int(not found.agrees))
        print(f"{one}: {found.rounds} rounds, head {found.head[:12]}, {'as recorded' if found.agrees else 'DIFFERS'}.")
    if not names:
        print("No run has ended yet.")
    if worst:
        raise typer.Exit(1)


@audit.command("export")
def audit_export(target: Annotated[Path, typer.Argument(help="The zip file to write.")], config: Config = None) -> None:
    """Write log, blobs and heads into one zip that anyone can check."""
    data = _data(config)
    print(f"{target}: sha256 {export(log_folder(data), heads_of(data), target)}")


# reading ------------------------------------------------------------------------------------------------------------


def _data(config: Path | None) -> Path:
    return Settings.load(config).data.expanduser()


def records(data: Path) -> list[tuple[RoundRecord, Entry]]:
    """Every recorded round with its entry, oldest first; read without a lock."""
    found = [entry for entry in read_chain(log_folder(data)) if entry.kind == "note"]
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


def _named(items: Sequence[Item], round_id: str) -> Item:
    exact = [item for item in items if item.round_id in (round_id, f"{round_id}/improve")]
    fitting = exact or [item for item in items if item.round_id.startswith(f"{round_id}/")]
    if len(fitting) != 1:
        raise AccessError(f"expected a round that brought a candidate, {round_id!r} fits {len(fitting)}")
    return fitting[0]


def _states(data: Path) -> dict[str, str]:
    """The state of each candidate now; empty while another process writes the log."""
    try:
        with open_chain(data) as chain:
            return {item.round_id: item.state for item in Desk(chain, (), time.time).items()}
    except StoreLocked:
        return {}


def _item(data: Path, round_id: str) -> Item | None:
    try:
        with open_chain(data) as chain:
            items = Desk(chain, (), time.time).items()
    except StoreLocked:
        return None
    return next((item for item in items if item.round_id == round_id), None)
