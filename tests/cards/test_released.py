"""A version folded into a card's fields: other programs read it there, and here it is the same version again."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from openroom.cards.notes import Report
from openroom.cards.read import read_card
from openroom.cards.released import Released, folded, restored, unfolded
from openroom.cards.write import Format, write
from openroom.core.harness import Example, Harness, Rule, Trigger, load_harness
from openroom.library.library import Library
from openroom.lobby.card_export import export_card
from openroom.lobby.cards import import_card, put_in_force
from openroom.settings import shipped
from openroom.store.open import open_store
from tests.cards import corpus

LIBRARY = Library([shipped("characters")], [shipped("scenes")])
EVIDENCE = "e" * 64


def tuned(author: Harness, seed: int = 0) -> Harness:
    """A version with edits of every kind that the loop makes, or with some of them by chance."""
    rng, all_ = random.Random(seed), seed == 0

    def some() -> bool:
        return all_ or rng.random() < 0.5

    rules, examples, update = list(author.rules), list(author.examples), dict[str, Any]()
    if rules and some():
        rules[0] = rules[0].model_copy(update={"text": "Speak of the sea, in few words."})
    if some():
        rules.append(Rule(id="short", text="Say one thing at a time."))
    if some():
        after = Trigger(kind="said", words=("iPhone", "film"))
        rules.append(Rule(id="unknown", text="You have never heard of it.", after=after))
    if examples and some():
        examples.pop()
    if some():
        examples.append(Example(id="tuned", heard="Is there tea?", say="Always, sailor."))
    guards = {"reminder": 'Say "sailor".', "max_sentences": 2, "banned_words": ("delve",), "facts_at_hand": 1}
    update["guards"] = author.guards.model_copy(update={key: guards[key] for key in guards if some()})
    if some():
        update["sampling"] = author.sampling.model_copy(update={"temperature": 0.4})
    if some():
        update["sections"], update["order"] = {"voice": "You are brief."}, ("voice", "rules", "examples")
    return author.model_copy(update={**update, "rules": tuple(rules), "examples": tuple(examples)})


@pytest.mark.parametrize("name", corpus.GOOD)
def test_what_is_folded_into_any_card_is_taken_out_again(name: str, tmp_path: Path) -> None:
    """The version comes back with its digest, the fields as they were, in each format and spec."""
    done = import_card(corpus.GOOD[name][0], tmp_path, LIBRARY)
    library = Library([tmp_path / "characters"], [])
    author = library.characters[done.id].harness()
    for seed in range(6):
        version = Released(tuned(author, seed), EVIDENCE)
        if version.harness.digest == author.digest:
            continue
        kinds: tuple[tuple[Format, int], ...] = (("json", 2), ("png", 3), ("charx", 3))
        for format, spec in kinds:
            written = export_card(library, done.id, format, spec, version)
            card = read_card(written.data)
            bare, released = unfolded(card)
            if not isinstance(done.card.data.get("extensions", {}), dict):
                assert released is None and "the version" in {fate.what for fate in written.report.dropped}
                continue
            assert released == version
            assert bare.fields.system_prompt == done.card.fields.system_prompt
            assert bare.fields.post_history_instructions == done.card.fields.post_history_instructions
            assert bare.fields.mes_example == done.card.fields.mes_example
            assert bare.fields.creator_notes == done.card.fields.creator_notes


def test_other_programs_read_what_was_kept_and_are_told_what_they_cannot_play() -> None:
    author = Harness(rules=(Rule(id="author_1", text="Speak of the sea."),))
    version, report = tuned(author), Report()
    had = {"system_prompt": "Speak of the sea.", "creator_notes": "For people."}
    kept = author.model_copy(update={"rules": (*author.rules, *version.rules[1:]), "guards": version.guards})
    fields = folded(had, author, Released(kept, EVIDENCE), report)
    assert fields["system_prompt"] == (
        "Speak of the sea.\nSay one thing at a time.\n"
        'When somebody says "iPhone" or "film": You have never heard of it.'
    )
    assert fields["post_history_instructions"] == (
        '{{original}}\nSay "sailor".\nAnswer in at most 2 sentences.\nNever say: delve.'
    )
    assert fields["creator_notes"].startswith("For people.\n\nTuned with openroom, version ")
    assert kept.digest[:12] in fields["creator_notes"] and EVIDENCE[:12] in fields["creator_notes"]
    whole = folded(had, author, Released(version, ""), report)
    assert whole["system_prompt"].splitlines()[:3] == [
        "{{original}}",
        "You are brief.",
        "Speak of the sea, in few words.",
    ], "a reworded rule of the author's is not told twice"
    assert whole["mes_example"] == "<START>\n{{user}}: Is there tea?\n{{char}}: Always, sailor."
    told = {fate.what: fate.why for fate in report.converted}
    assert {"sampling", "guards.facts_at_hand", "the order of the prompt's parts"} <= told.keys()
    assert "extensions" in told["sampling"]


async def test_a_tuned_character_comes_in_elsewhere_as_the_same_version(tmp_path: Path) -> None:
    """One that never was a card, with its definition; exported there once more, the very same bytes."""
    version = Released(tuned(LIBRARY.characters["mira"].harness()), EVIDENCE)
    out = export_card(LIBRARY, "mira", "png", 3, version)
    done = import_card(out.data, tmp_path, LIBRARY)
    assert "the whole definition" in {fate.what for fate in done.report.kept}
    library = Library([tmp_path / "characters"], [])
    assert library.characters[done.id].harness() == LIBRARY.characters["mira"].harness()
    store = await open_store("sqlite+aiosqlite:///:memory:", tmp_path)
    try:
        digest = await put_in_force(store, done, 1000, "ann")
        assert digest == version.harness.digest == await store.active(done.id)
        kept = await store.version(done.id, digest)
        assert kept is not None and EVIDENCE in kept.note
        again = Released(load_harness(kept.body))
    finally:
        await store.close()
    assert export_card(library, done.id, "png", 3, again).data == out.data
    card = read_card(export_card(library, done.id, "png", 3).data)
    assert unfolded(card)[1] is None and "openroom, version" not in card.fields.creator_notes, "rolled back: taken out"


@pytest.mark.parametrize("key", ["system_prompt", "mes_example", "creator_notes"])
def test_a_card_that_was_edited_elsewhere_counts_as_it_is(key: str, tmp_path: Path) -> None:
    version = Released(tuned(LIBRARY.characters["mira"].harness()))
    card = read_card(export_card(LIBRARY, "mira", "json", 3, version).data)
    edited = read_card(write(card, "json", 3, edits={key: "Something else."}).data)
    report = Report()
    assert unfolded(edited, report) == (edited, None)
    assert "edited since" in report.dropped[0].why
    assert import_card(edited.original, tmp_path, LIBRARY).released is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"harness_digest": "0" * 64}, "another one"),
        ({"harness": "x"}, "Harness"),
        ({"folded": {"name": {"after": "x"}}}, "edited since"),
        ({"folded": 7}, "no object"),
        ({"harness": None}, "Harness"),
    ],
)
def test_a_version_that_was_tampered_with_stays_out(change: dict[str, Any], why: str) -> None:
    version = Released(tuned(LIBRARY.characters["mira"].harness()))
    raw = json.loads(export_card(LIBRARY, "mira", "json", 3, version).data)
    raw["data"]["extensions"]["openroom"]["version"] |= change
    report = Report()
    card = read_card(json.dumps(raw).encode())
    assert unfolded(card, report) == (card, None)
    assert why in report.dropped[0].why


def test_a_card_brings_no_locked_parts() -> None:
    locked = Harness(rules=(Rule(id="safe", text="Deny to be software.", locked=True),))
    fields = folded({}, Harness(), Released(locked), Report())
    raw = {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "X", **fields}}
    assert unfolded(read_card(json.dumps(raw).encode()))[1] is None


def test_a_card_without_a_version_has_nothing_to_restore() -> None:
    card = read_card(corpus.GOOD["png-v3"][0])
    assert unfolded(card) == (card, None)
    assert restored(card, card) == {}
