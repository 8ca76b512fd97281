"""What a model names of a long persona when a card comes in: checked by code, kept beside it, read first."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from openroom.cards.condensing import CODE, Choice, choose, may_choose
from openroom.core.character import Character, KeptFirst, digest_of
from openroom.core.condense import Budget, condense, fitted
from openroom.language.sentences import spans
from openroom.language.tokens import estimate_tokens
from openroom.library.check import check
from openroom.library.library import Library
from openroom.lobby.card_export import export_card
from openroom.lobby.cards import Imported, import_card, long_one
from openroom.models.scripted import ScriptedModel
from openroom.ports.model import ModelInfo, ModelRequest
from tests.cards import corpus
from tests.core.worlds import character

NOBODY = Library([], [])
DULL = [f"On day {at} it rained on the island and the boat stayed in as ever." for at in range(120)]
PLAIN = [*DULL[:60], "A brass key hangs behind the stove.", *DULL[60:], "Write three paragraphs in each reply."]
LONG = " ".join(PLAIN)
KEY, ORDER = 61, len(PLAIN)


def model(answer: Any, **info: Any) -> ScriptedModel:
    return ScriptedModel([("", answer)], info=ModelInfo("wordy", "remote", **info))


def chosen(answer: Any, persona: str = LONG) -> Choice:
    return asyncio.run(choose(model(answer), character("mira", persona=persona)))


def texts(choice: Choice, persona: str = LONG) -> list[str]:
    assert choice.kept is not None
    return [persona[start:end] for start, end in choice.kept.spans(persona)]


def test_what_it_names_counts_once_in_its_order_where_there_is_such_a_sentence() -> None:
    found = chosen({"keep": [KEY, 3, KEY, 0, -1, 9999, ORDER, 1]})
    assert texts(found) == [PLAIN[KEY - 1], PLAIN[2], PLAIN[0]]
    assert found.why == "chosen by wordy; 5 of the 8 numbers it named did not count"
    assert chosen({"keep": [2, 1]}).why == "chosen by wordy"


def test_it_names_no_more_than_the_smallest_model_reads() -> None:
    found = texts(chosen({"keep": list(range(60, 0, -1))}))
    assert 10 < len(found) < 60 and sum(estimate_tokens(one) + 1 for one in found) <= Budget().persona
    assert found[0] == PLAIN[59]


@pytest.mark.parametrize("answer", [{"keep": []}, {"keep": [0]}, {"keep": ["x", True, 1.5]}, {"say": "Hm."}, "no", ""])
def test_an_unusable_answer_leaves_it_to_code(answer: Any) -> None:
    found = chosen(answer)
    assert found.kept is None and found.why == "chosen by code: what wordy answered names no sentence that counts"


def test_a_model_that_fails_or_is_silent_leaves_it_to_code(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = ScriptedModel([], info=ModelInfo("wordy", "remote"))
    found = asyncio.run(choose(failing, character("mira", persona=LONG)))
    assert found == Choice(None, "chosen by code: wordy did not answer (unscripted)")

    async def never(_model: Any, _request: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("openroom.cards.condensing.complete", never)
    monkeypatch.setattr("openroom.cards.condensing._SECONDS", 0.01)
    assert "did not answer within" in chosen({"keep": [1]}).why


def test_the_understudy_and_small_models_are_not_asked() -> None:
    small = model({"keep": [1]}, level="small")
    found = asyncio.run(choose(small, character("mira", persona=LONG)))
    assert found.kept is None and found.why == "chosen by code: wordy is a small model, which is not asked"
    assert may_choose(ModelInfo("understudy", "understudy")) == "no model speaks here"
    assert [may_choose(ModelInfo("m", "remote", "", level)) for level in ("fair", "able")] == ["", ""]


def test_it_is_asked_once_in_few_words_for_numbers_alone() -> None:
    asked: list[ModelRequest] = []

    def answer(request: ModelRequest) -> Any:
        asked.append(request)
        return {"keep": [1]}

    asyncio.run(choose(model(answer), character("mira", persona=LONG), person="player:cleo"))
    (one,) = asked
    assert (one.purpose, one.person, one.max_tokens) == ("propose", "player:cleo", 700)
    assert one.schema is not None and one.schema["properties"]["keep"]["items"]["maximum"] == len(PLAIN)
    assert f"\n{KEY}. {PLAIN[KEY - 1]}\n" in one.messages[1].content


def test_what_was_chosen_is_read_first_and_only_of_that_persona() -> None:
    kept = chosen({"keep": [KEY, 50]}).kept
    assert kept is not None
    one = character("mira", persona=LONG, condensed=kept.model_dump(mode="json"))
    plain = character("mira", persona=LONG)
    assert PLAIN[KEY - 1] in fitted(one, Budget(persona=120)).persona.text
    assert PLAIN[KEY - 1] not in fitted(plain, Budget(persona=120)).persona.text
    assert fitted(one, Budget(persona=40)).persona.text == f"{PLAIN[49]} {PLAIN[KEY - 1]}", "in the text's order"
    edited = character("mira", persona=f"{LONG} She left.", condensed=kept.model_dump(mode="json"))
    plain = character("mira", persona=f"{LONG} She left.")
    assert fitted(edited, Budget()) == fitted(plain, Budget())
    assert condense(LONG, "Mira", 40, ([*spans(LONG)][-1], (3, 9))) == condense(LONG, "Mira", 40), (
        "an order, no sentence"
    )


# when a card comes in -------------------------------------------------------------------------------------------------


def brought(folder: Path, choice: Choice = CODE, **card: Any) -> Imported:
    return import_card(corpus.dumped(corpus.v3(description=LONG, **card)), folder, NOBODY, choice=choice)


def why_of(done: Imported) -> str:
    return next(one.why for one in done.report.converted if one.what == "persona" and "4,096" in one.why)


def coming(folder: Path, **card: Any) -> Character:
    found = long_one(corpus.dumped(corpus.v3(description=LONG, **card)), folder, NOBODY)
    assert found is not None
    return found


def test_a_choice_comes_in_with_the_card_is_told_and_played(tmp_path: Path) -> None:
    one = coming(tmp_path)
    number = 1 + next(at for at, (start, end) in enumerate(spans(one.persona)) if "brass" in one.persona[start:end])
    done = brought(tmp_path, asyncio.run(choose(model({"keep": [number, number]}), one)))
    assert "; chosen by wordy; 1 of the 2 numbers it named did not count; left out there: “" in why_of(done)
    assert check([done.folder / "character.yaml"]) == []
    played = Library([tmp_path / "characters"], []).characters[done.id]
    assert played.condensed is not None and played.condensed.of == digest_of(played.persona)
    assert "brass key" in fitted(played, Budget(persona=60)).persona.text
    library = Library([tmp_path / "characters"], [])
    assert export_card(library, done.id, "json", 3).data == corpus.dumped(corpus.v3(description=LONG)), "unedited"

    file = done.folder / "character.yaml"
    values = yaml.safe_load(file.read_text("utf-8"))
    values["persona"] += " She left."
    file.write_text(yaml.safe_dump(values), "utf-8")
    (problem,) = check([file])
    assert problem.warning and problem.key == "condensed" and "before it was edited" in str(problem)


def test_without_a_choice_code_chose(tmp_path: Path) -> None:
    done = brought(tmp_path / "code")
    assert "; chosen by code; left out there" in why_of(done)
    assert "condensed" not in (done.folder / "character.yaml").read_text("utf-8")
    of_another = Choice(KeptFirst(of="0" * 16, by="wordy", keep=((0, 9),)), "chosen by wordy")
    done = brought(tmp_path / "other", of_another)
    assert re.search("chosen by code: what wordy chose was of another text", why_of(done))
    assert "condensed" not in (done.folder / "character.yaml").read_text("utf-8")


def test_nobody_is_asked_of_a_short_card_or_one_that_is_here(tmp_path: Path) -> None:
    assert long_one(corpus.dumped(corpus.v3()), tmp_path, NOBODY) is None
    coming(tmp_path)
    brought(tmp_path)
    data = corpus.dumped(corpus.v3(description=LONG))
    assert long_one(data, tmp_path, NOBODY) is None
    assert long_one(data, tmp_path, NOBODY, again=True) is not None


def test_a_choice_goes_along_with_a_card_of_ours(tmp_path: Path) -> None:
    done = brought(tmp_path / "a", asyncio.run(choose(model({"keep": [7]}), coming(tmp_path))))
    library = Library([tmp_path / "a/characters"], [])
    (done.folder / "card/import.json").unlink()
    data = export_card(library, done.id, "json", 3).data
    assert long_one(data, tmp_path / "b", NOBODY) is None, "it was chosen before"
    again = import_card(data, tmp_path / "b", NOBODY)
    assert "chosen by wordy when it came in before" in why_of(again)
