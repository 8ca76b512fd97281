"""``openroom rounds``: what the optimiser tried, and why it was kept or not."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from openroom.cli.output import AsJson, show_json, show_table
from openroom.cli.round_log import data_folder, find_record, item_of, records, states_of, tasting_line
from openroom.cli.tuning import Config
from openroom.tuning.audit.record import RoundRecord

app = typer.Typer(help="What the optimiser tried, and why it was kept or not.", no_args_is_help=True)


@app.command("list")
def list_rounds(
    character: Annotated[str, typer.Argument(help="Only of this character.")] = "",
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for a person.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """All rounds with what came of them, newest last."""
    data = data_folder(config)
    found = [record for record, _ in records(data) if character in ("", record.character)]
    states = states_of(data)

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


@app.command("show")
def show_round(
    round_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False, config: Config = None
) -> None:
    """One round: what speaks against it first, then what it changed, why, and what was measured."""
    data = data_folder(config)
    record, entry = find_record(data, round_id)
    if as_json:
        show_json(record.model_dump(mode="json", exclude_none=True))
        return
    item = item_of(data, record.round_id)
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
    if told := tasting_line(data, record.candidate_version):
        print(f"  {told}")
    print(f"  tokens {record.gate.tokens:+d}, tier T{record.tier}, {record.budget.spent_calls} calls")
    print(f"  parent {record.parent_version[:12]}, version {record.candidate_version[:12] or '-'}")
    print(f"  rollback tried: {'same bytes' if record.rollback.tested else 'no'}; record {entry.hash[:12]}")
    if record.self_criticism:
        print(f"  note: {record.self_criticism}")


@app.command("diff")
def diff_round(round_id: Annotated[str, typer.Argument(metavar="ID")], config: Config = None) -> None:
    """What a round changes, before and after."""
    record, _ = find_record(data_folder(config), round_id)
    _print_patch(record)


def _print_patch(record: RoundRecord) -> None:
    for row in record.patch:
        print(f"  {row.op} {row.path}")
        for sign, side in (("-", row.before), ("+", row.after)):
            if side is not None:
                print(f"    {sign} {side.get('text', side) if isinstance(side, dict) else side}")
