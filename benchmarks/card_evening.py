"""An evening with a character that came on a card: `python -m benchmarks.card_evening --data DIR > page.md`.

The card is brought in as somebody would bring it (a file is read, a folder in an author folder is made, a room for one
beside it), and the local model plays it. The card is one of those that `openroom card draft` is measured on; the lines
were written from its first message alone, before anything was heard.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from benchmarks.local_room import read_ahead
from benchmarks.room_visit import visit
from openroom.cards.card import Card
from openroom.library.library import Library
from openroom.lobby.card_room import make_room
from openroom.lobby.cards import import_card
from openroom.models.local.model import LocalModel
from openroom.models.local.weights import weights_folder
from openroom.settings import shipped
from tests.cards.labels import cards

CARD = "held_station_medic"
VISITOR = "Tom"
LINES = (
    "What happened? I woke up on the floor.",
    "Who are you?",
    "My name is Tom. I load ore on deck four.",
    "Is it bad?",
    "What is that clicking sound?",
    "How did you lose the hand?",
    "How long have you been on this station?",
    "Where did you learn all this?",
    "My brother is a pilot. Do you have family?",
    "Could you turn on the lamp? It is dark in here.",
    "Thank you. What are you drinking?",
    "Salt? Why?",
    "Do you ever sleep?",
    "I can't sleep since the alarms.",
    "What do you do when nobody is hurt?",
    "I play the trumpet a little.",
    "What is in that book?",
    "Do you grow anything up here?",
    "Who won the election on Earth last month?",
    "What was my name again?",
    "And what do I do for work?",
    "They say you used to be in the Patrol.",
    "Why did you leave?",
    "What would you do if somebody pulled a gun on you in here?",
    "Do you think the sickness will come back?",
    "Where did it come from?",
    "Are you a machine, honestly?",
    "You are kinder than they say.",
    "Can I go back to work tomorrow?",
    "Good night, doctor.",
)


async def play(data: Path) -> str:
    """The evening as a page."""
    card = cards("held")[CARD]["card"]
    file = json.dumps({"spec": "chara_card_v2", "spec_version": "2.0", "data": card}, ensure_ascii=False).encode()
    with tempfile.TemporaryDirectory() as author:
        for folder in ("characters", "scenes"):
            (Path(author) / folder).mkdir()
        library = Library(
            [shipped("characters"), Path(author, "characters")], [shipped("scenes"), Path(author, "scenes")]
        )
        brought = import_card(file, Path(author), library)
        library.reload()
        scene = make_room(Path(author), library, brought.id)
        library.reload()
        page = _head(brought.card)
        local = LocalModel(folder=weights_folder(data))
        try:
            await local.wait_ready(600)
            async with visit(local, scene, name=VISITOR, library=library) as here:
                await here.greeted()
                page += [f"**{brought.card.fields.name}:** {_greeting(here.messages)}", ""]
                for line in LINES:
                    await read_ahead(here)
                    heard = await here.say(line)
                    said = " ".join(heard.say) or "(nothing)"
                    did = f"did {', '.join(heard.deeds)}; " if heard.deeds else ""
                    page += [f"**{VISITOR}:** {line}  ", f"**{brought.card.fields.name}:** {said}  "]
                    page += [f"*{did}{heard.first or 0:.1f} s*", ""]
        finally:
            await local.aclose()
    return "\n".join(page)


def _head(card: Card) -> list[str]:
    return [
        f"# An evening with {card.fields.name}, who came on a card, played by the local model",
        "",
        f"`python -m benchmarks.card_evening`, {time.strftime('%Y-%m-%d')}: the labelled card {CARD}, brought in",
        "as a file, in the room that was made for it. Nothing was edited. Seconds are to the first words shown.",
        "",
    ]


def _greeting(messages: list[tuple[float, dict[str, Any]]]) -> str:
    events = [message["event"] for _, message in messages if message["type"] == "event"]
    return next((event["text"] for event in events if event["kind"] == "said"), "(nothing)")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=user_data_path("openroom", appauthor=False))
    print(asyncio.run(play(parser.parse_args().data)))


if __name__ == "__main__":
    main()
