"""An edit of a character that came on a card changes there what was edited, and nothing else is lost or untold."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from openroom.cards.card import Card
from openroom.cards.character import definition
from openroom.cards.edits import edits
from openroom.cards.notes import Report
from openroom.cards.read import read, read_card
from openroom.cards.write import write
from openroom.library.document import parse_document
from openroom.library.library import Library
from openroom.library.writing import definition_text
from openroom.lobby.card_export import export_card
from openroom.lobby.cards import import_card, shown
from openroom.settings import shipped
from tests.cards import corpus

Change = Callable[[dict[str, Any]], object]


def card_of(**fields: Any) -> Card:
    return read_card(corpus.dumped(corpus.v2(character_book=None, **fields)))


def edited(card: Card, change: Change) -> tuple[Card, list[str]]:
    """The card with an edit of its definition, and what the report says is dropped."""
    report = Report()
    before, now = (definition(card, "x", Report()) for _ in range(2))
    change(now)
    written = write(card, "json", 3, edits=edits(before, now, card, report))
    return read_card(written.data), [f"{one.what}: {one.why}" for one in report.dropped]


def again(card: Card) -> dict[str, Any]:
    return definition(card, "x", Report())


GREETINGS: dict[str, tuple[str, list[Any], Change, str, list[Any]]] = {
    "added behind an empty one": (
        "F", ["", "B", "C"], lambda v: v["greetings"].append("D"), "F", ["", "B", "C", "D"],
    ),
    "added where nobody is greeted first": (
        "", ["A", "B", "C"], lambda v: v["greetings"].append("D"), "", ["A", "B", "C", "D"],
    ),
    "the first is not first_mes": ("", ["A", "B"], lambda v: v.update(greeting="X"), "", ["X", "B"]),
    "what greets first is new": (
        "", ["A"], lambda v: v.update(greeting="X", greetings=["A"]), "X", ["A"],
    ),
    "one in the middle": ("F", ["A", " ", "B"], lambda v: v["greetings"].insert(1, "M"), "F", ["A", "M", " ", "B"]),
    "taken out": ("F", ["A", "B", "C"], lambda v: v["greetings"].remove("B"), "F", ["A", "C"]),
    "the first taken out": (
        "F", ["A", "B"], lambda v: v.update(greeting="A", greetings=["B"]), "A", ["B"],
    ),
    "turned round": ("F", ["A\r\n\x07B", "C"], lambda v: v.update(greetings=["C", "A\nB"]), "F", ["C", "A\r\n\x07B"]),
    "what is no text": ("F", ["A", 5, "B"], lambda v: v["greetings"].append("D"), "F", ["A", 5, "B", "D"]),
    "nobody was greeted": ("", [], lambda v: v.update(greeting="X"), "X", []),
    "none of the others": ("F", ["", "A"], lambda v: v.pop("greetings"), "F", [""]),
}  # fmt: skip


@pytest.mark.parametrize("name", GREETINGS)
def test_greetings_that_were_not_edited_stay_where_they_are(name: str) -> None:
    first, others, change, first_after, others_after = GREETINGS[name]
    card, dropped = edited(card_of(first_mes=first, alternate_greetings=others), change)
    assert (card.data["first_mes"], card.data["alternate_greetings"]) == (first_after, others_after)
    assert dropped == []


def test_greetings_that_had_no_room_stay_on_the_card() -> None:
    long = [f"{at} " + "She waits at the stairs. " * 235 for at in range(8)]
    source = card_of(alternate_greetings=long)
    assert len(again(source)["greetings"]) < 8
    card, dropped = edited(source, lambda v: v["greetings"].append("New."))
    assert [one for one in card.data["alternate_greetings"] if one != "New."] == long and dropped == []
    assert again(card)["greetings"][-1] == "New."


def test_the_tail_of_a_greeting_that_was_too_long_goes_on_or_is_told() -> None:
    long = "Sentence here. " * 600 + "THE END."
    card, dropped = edited(card_of(first_mes=long), lambda v: v.update(greeting="Edited. " + v["greeting"]))
    assert card.fields.first_mes == "Edited. " + long and dropped == []
    card, dropped = edited(card_of(first_mes=long), lambda v: v.update(greeting="Edited."))
    assert card.fields.first_mes == "Edited." and dropped[0].startswith("first_mes: its last 3,")
    card, dropped = edited(card_of(alternate_greetings=["", long]), lambda v: v.update(greetings=["Edited."]))
    assert card.data["alternate_greetings"] == ["", "Edited."] and dropped[0].startswith("alternate_greetings[1]: ")


def test_an_edited_example_leaves_the_rest_of_the_example_talk() -> None:
    lonely = "<START>\r\n{{char}}: A lonely line.\r\n<START>\nNight falls.\n"
    more = "".join(f"<START>\n{{{{user}}}}: q{at}?\n{{{{char}}}}: a{at}.\n" for at in range(60))
    source = card_of(mes_example=lonely + corpus.V1["mes_example"] + "\n" + more)
    card, dropped = edited(source, lambda v: v["examples"][1].update(heard="Rum?"))
    assert card.fields.mes_example == source.fields.mes_example.replace("Tea?", "Rum?") and dropped == []
    card, _ = edited(source, lambda v: v["examples"].pop(0))
    gone = "<START>\n{{user}}: Is it safe here?\n{{char}}: Safer than out there.\n"
    assert card.fields.mes_example == source.fields.mes_example.replace(gone, "")
    card, _ = edited(source, lambda v: v["examples"].insert(1, {"heard": "New?", "say": "Yes."}))
    added = "out there.\n<START>\n{{user}}: New?\n{{char}}: Yes.\n<START>\n{{user}}: Tea?"
    assert added in card.fields.mes_example and card.fields.mes_example.endswith(more)
    card, _ = edited(card_of(mes_example=""), lambda v: v.update(examples=[{"heard": "New?", "say": "Yes."}]))
    assert card.fields.mes_example == "<START>\n{{user}}: New?\n{{char}}: Yes."
    card, dropped = edited(source, lambda v: v["examples"][0].update(emotion="happy"))
    assert card.fields.mes_example == source.fields.mes_example and dropped == [], "no field tells it"


def test_examples_that_were_too_long_keep_their_tails_or_tell_of_them() -> None:
    say = "The sea is wide. " * 80
    source = card_of(mes_example=f"<START>\n{{{{user}}}}: Tea?\n{{{{char}}}}: {say}")
    card, dropped = edited(source, lambda v: v["examples"][0].update(heard="Rum?"))
    assert card.fields.mes_example == f"<START>\n{{{{user}}}}: Rum?\n{{{{char}}}}: {say}" and dropped == []
    card, dropped = edited(source, lambda v: v["examples"][0].update(say="No."))
    assert card.fields.mes_example.endswith("{{char}}: No. ") and dropped[0].startswith("mes_example[0]: its last ")


FAKE = "She is old.\n\nPersonality: she calls it her compass.\n\nScenario: a word that she loves."


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (("dry", "wet"), {"personality": "wet, patient"}),
        (("her compass", "a map"), {"description": FAKE.replace("her compass", "a map")}),
        (("A storm", "Calm"), {"scenario": "Calm is coming."}),
        (("Scenario: A storm is coming.", "So."), {"personality": "dry, patient\n\nSo.", "scenario": ""}),
        (("is Runa.", "is Runa Holm."), {"name": "Runa Holm"}),
        (("Your full name is Runa.\n\n", ""), {}),
        (("She is old.", "Personality: odd."), {"description": FAKE.replace("She is old.", "Personality: odd.")}),
    ],
)  # fmt: skip
def test_what_looks_like_a_label_in_a_description_is_none(change: tuple[str, str], fields: dict[str, str]) -> None:
    source = read_card(corpus.dumped(corpus.v3(description=FAKE, character_book=None)))
    card, _ = edited(source, lambda v: v.update(persona=v["persona"].replace(*change)))
    keys = ("name", "description", "personality", "scenario")
    was = {key: source.data[key] for key in keys}
    assert {key: card.data[key] for key in keys} == {**was, **fields}


def test_any_edit_of_a_persona_comes_back_as_it_was_written() -> None:
    rng = random.Random(5)
    words = (
        "She hums.",
        "Personality: odd",
        "Scenario: late",
        "Your full name is Al.",
        "Personality: odd\n\nx",
        "Rain.",
    )

    def some(most: int) -> str:
        return "\n\n".join(rng.choice(words) for _ in range(rng.randint(0, most)))

    for _ in range(150):
        source = card_of(description=some(4), personality=some(2), scenario=some(2), mes_example="")
        parts = again(source)["persona"].split("\n\n")
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(parts))
            parts[at : at + rng.randint(0, 2)] = [rng.choice(words)]
        persona = {"persona": "\n\n".join(parts)}
        card, dropped = edited(source, partial(_updated, persona))
        assert again(card)["persona"] == persona["persona"] and dropped == []


def _updated(more: dict[str, Any], values: dict[str, Any]) -> None:
    values.update(more)


def test_the_tail_of_a_long_persona_goes_on_or_is_told() -> None:
    long = "S" + "he has a cat. " * 3000
    card, dropped = edited(card_of(description=long), lambda v: v.update(persona="X" + v["persona"][1:]))
    assert card.fields.description == "X" + long[1:].strip() and dropped == []
    assert (card.fields.personality, card.fields.scenario) == ("dry, patient", "A storm is coming.")
    card, dropped = edited(card_of(description=long), lambda v: v.update(persona=v["persona"][:100]))
    assert len(card.fields.description) == 100 and dropped[0].startswith("description: its last ")
    assert (card.fields.personality, card.fields.scenario) == ("dry, patient", "A storm is coming.")


SYSTEM = (
    "{{original}}\n\n# Rules\nSpeak of the   sea. Never of the land, which "
    + "is far away and " * 20
    + "gone.\nBe dry."
)


def test_rules_and_the_reminder_go_back_where_they_came_from() -> None:
    source = card_of(system_prompt=SYSTEM, post_history_instructions="Stay here.\nAlways.  {{original}}")
    assert again(source)["guards"] == {"reminder": "Stay here. Always."}
    card, dropped = edited(source, lambda v: v["rules"].__setitem__(-1, "Be wet."))
    assert card.fields.system_prompt == SYSTEM.replace("Be dry.", "Be wet.") and dropped == []
    card, dropped = edited(source, lambda v: v["rules"].append("Be kind."))
    assert card.fields.system_prompt == SYSTEM + "\nBe kind." and dropped == []
    card, dropped = edited(source, lambda v: v.update(guards={"reminder": "Go."}))
    assert card.fields.post_history_instructions == "Go.  {{original}}" and dropped == []
    card, dropped = edited(source, lambda v: v.update(rules=[], guards={"max_sentences": 2}))
    assert card.fields.system_prompt.split() == ["{{original}}"]
    assert dropped == [], "the guard is none of a field's"
    plain = card_of(system_prompt="", post_history_instructions=" ")
    card, dropped = edited(plain, lambda v: v.update(rules=["One.", "Two."], guards={"reminder": "Go."}))
    assert card.fields.system_prompt == "{{original}}\nOne.\nTwo." and dropped == []
    assert card.fields.extensions["depth_prompt"] == {"depth": 4, "prompt": "Go."}, (
        "the reminder was the note near the end"
    )
    assert card.fields.post_history_instructions == " "
    bare = card_of(system_prompt="", post_history_instructions=" ", extensions={})
    card, dropped = edited(bare, lambda v: v.update(guards={"reminder": "Go."}))
    assert card.fields.post_history_instructions == "{{original}}\nGo." and dropped == []


def test_rules_that_had_no_room_stay_on_the_card() -> None:
    many = "\n".join(f"Rule {at} " + "of the long and winding stairs " * 7 + "holds." for at in range(40))
    source = card_of(system_prompt=many)
    assert len(again(source)["rules"]) == 30
    card, dropped = edited(source, lambda v: v["rules"].__setitem__(0, "One."))
    assert card.fields.system_prompt == "One.\n" + many.partition("\n")[2] and dropped == []


def test_what_was_only_just_made_has_no_original() -> None:
    report = write(card_of(), "json", 2, new=True).report
    assert "the whole file" not in {one.what for one in report.kept}


MIRA = Library([shipped("characters")], [])


@pytest.mark.parametrize(
    ("spec", "change"),
    [
        (3, {"persona": "Somebody else entirely."}),
        (3, {"name": "Mirabel"}),
        (
            2,
            {
                "facts": [{"id": "tea", "text": "She drinks tea."}],
                "secrets": [],
                "appearance": "Tall, {{pick:red,blue,green}} coat.",
                "line": "Another line.",
            },
        ),
    ],
)
def test_an_edit_of_a_definition_that_a_card_brought_changes_that_alone(
    spec: int, change: dict[str, Any], tmp_path: Path
) -> None:
    """From one openroom to a second, edited there, and on to a third."""
    first = export_card(MIRA, "mira", "json", spec)
    second = import_card(first.data, tmp_path / "2", Library([], []))
    file = second.folder / "character.yaml"
    values = dict(parse_document(file.read_bytes(), "character.yaml").value)
    file.write_bytes(definition_text({**values, **change}, "Edited."))
    written = export_card(Library([second.folder.parent], []), second.id, "json", spec)
    assert written.report.dropped == first.report.dropped == []
    third = import_card(written.data, tmp_path / "3", MIRA)
    again = dict(parse_document((third.folder / "character.yaml").read_bytes(), "character.yaml").value)
    assert again == {**values, **change, "id": third.id}
    assert third.id.startswith("mira") and "the whole definition" in {one.what for one in third.report.kept}
    back = export_card(Library([third.folder.parent], []), third.id, "json", spec)
    assert back.data == written.data, "unedited"
    assert read_card(written.data).fields.name == values["name"] if "name" not in change else "Mirabel"


def test_numbers_that_were_not_edited_stay_as_they_were_written(tmp_path: Path) -> None:
    numbers = "[0.1234567890123456789012, 1E5, -0, 1.50, 2.5, 12345678901234567890123, 1e-7, 1e999, -1e999]"
    text = corpus.dumped(corpus.v3(x="@numbers", extensions={"y": "@numbers", "openroom:number:0": 1})).decode()
    text = text.replace('"position": 1', f'"position": 1, "z": {numbers}').replace('"@numbers"', numbers)
    done = import_card(text.encode(), tmp_path, Library([], []))
    folder = done.folder
    for name, old, new in (("character.yaml", "Wipe your boots", "Mind"), ("lore.yaml", "in 1871", "in 1900")):
        file = folder / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    written = export_card(Library([folder.parent], []), done.id, "json", 3).data.decode()
    assert "Mind" in written and "in 1900" in written
    assert "".join(written.split()).count("".join(numbers.split())) == 3
    plain: dict[str, Any] = {"format": 1, "id": "x", "name": "X", "line": "l", "persona": "P", "greeting": "G"}
    plain |= {"turns": {"talkativeness": "@"}}
    fields = {"name": "X", "description": "P", "first_mes": "G", "mes_example": "", "creator_notes": "l"}
    ours = corpus.v3(**fields, alternate_greetings=[], extensions={"openroom": {"definition": plain}})
    odd = corpus.dumped(ours).replace(b'"@"', b"0.50")
    assert "0.5" in (import_card(odd, tmp_path, Library([], [])).folder / "character.yaml").read_text(encoding="utf-8")


def test_a_key_that_occurs_twice_is_told() -> None:
    card = read_card(b'{"name": "A", "x": 1, "x": 2, "y": {"name": 1}}')
    assert [note.text for note in card.notes if note.code == "twice_key"] == [
        "Keys that occur twice in one object; the last of each counts: x."
    ]
    # A lorebook by itself, and the older of two chunks, tell it too.
    book = read(b'{"entries": [], "scan_depth": 3, "scan_depth": 4, "extensions": {}}')
    assert (
        [note.code for note in book.notes]
        == ["twice_key"]
        == [
            one["code"]
            for one in shown(b'{"entries": [], "scan_depth": 3, "scan_depth": 4, "extensions": {}}')["notes"]
        ]
    )
    both = {"ccv3": b'{"name": "A"}', "chara": b'{"name": "A", "first_mes": "1", "first_mes": "2"}'}
    chunks = [corpus.text(key, base64.b64encode(said)) for key, said in both.items()]
    joined = read_card(corpus.with_chunks(b"".join(chunks)))
    assert [note.text for note in joined.notes if note.code == "twice_key"] == [
        "The chunk chara: Keys that occur twice in one object; the last of each counts: first_mes."
    ]


def test_keys_of_a_lorebook_that_are_not_looked_for_are_told(tmp_path: Path) -> None:
    keys = [f"k{at}" for at in range(700)]
    entries = [{"keys": keys, "content": "A", "name": "many"}, {"keys": ["k" * 3000, "b"], "content": "B", "name": "b"}]
    done = import_card(corpus.dumped(corpus.v3(character_book={"entries": entries})), tmp_path, Library([], []))
    told = [one.why for one in done.report.converted if one.what == "character_book"]
    assert "many: of 700 keys the first 500 are looked for; the rest are kept" in told
    assert any(one.startswith("b: 1 key is longer than 1,000 characters") for one in told)
