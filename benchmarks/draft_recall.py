"""What a card's draft finds, without and with the local model: `python -m benchmarks.draft_recall [--data DIR]`.

The eight labelled cards of tests/cards/labelled (docs/macros.md): precision and recall of facts, by half. Facts that
the model named are counted with those of the patterns, and by themselves. Two to three minutes.
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import replace
from pathlib import Path

from platformdirs import user_data_path

from openroom.cards.draft import Draft, propose
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder
from openroom.ports.model import Model
from tests.cards.labels import Score, cards, drafted, score_of


async def with_model(model: Model, body: dict[str, dict[str, str]]) -> Draft:
    """The draft of a card with what a model names besides."""
    texts = {key: text for key, text in body["card"].items() if key != "name"}
    return await propose(model, drafted(body), texts)


async def measure(data: Path) -> None:
    model = LocalModel(folder=weights_folder(data))
    print("| cards | drafted by | facts | right | precision | recall | named by the model, and did not count |")
    print("|---|---|---|---|---|---|---|")
    try:
        await model.wait_ready(600)
        for half in ("tuned", "held"):
            sums = {"patterns": Score(), "patterns and model": Score(), "the model alone": Score()}
            refused = 0
            for body in cards(half).values():
                plain, made = drafted(body), await with_model(model, body)
                refused += len(made.refused)
                alone = replace(made, items=tuple(one for one in made.items if one.by == "model"))
                for what, one in zip(sums, (plain, made, alone), strict=True):
                    sums[what] += score_of(body, one)[0]
            for what, score in sums.items():
                shares = f"{score.precision:.2f} | {score.recall:.2f}"
                print(f"| {half} | {what} | {score.drafted} | {score.right} | {shares} | {refused} |")
    finally:
        await model.aclose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    asyncio.run(measure(parser.parse_args().data))
