from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from openroom.cards.read import read_card
from openroom.cards.write import Format, write
from openroom.errors import CardError, CardHere, DefinitionError
from openroom.library.check import check
from openroom.library.document import parse_document
from openroom.library.library import Library
from openroom.library.writing import add_character, definition_text, id_for
from openroom.lobby.card_export import export_card
from openroom.lobby.cards import Imported, import_card, shown
from openroom.lobby.lobby import Lobby
from openroom.settings import shipped
from tests.cards import corpus
from tests.waiting import patience

LIBRARY = Library([shipped("characters")], [shipped("scenes")])


def brought_in(folder: Path, data: bytes) -> Imported:
    return import_card(data, folder, LIBRARY)


def library_of(folder: Path) -> Library:
    return Library([folder / "characters"], [])


@pytest.mark.parametrize("name", corpus.GOOD)
def test_every_card_becomes_a_character_that_check_accepts(name: str, tmp_path: Path) -> None:
    data = corpus.GOOD[name][0]
    done = brought_in(tmp_path, data)
    assert not [str(problem) for problem in check([done.folder]) if not problem.warning]
    kept = json.loads((done.folder / "card/import.json").read_bytes())
    assert (done.folder / "card" / kept["file"]).read_bytes() == data
    assert kept["digest"] == done.card.digest
    library = library_of(tmp_path)
    assert not [str(problem) for problem in library.problems if not problem.warning]
    formats: dict[str, Format] = {"json": "json", "webp": "png", "charx": "charx", "jpeg": "charx"}
    written = export_card(library, done.id, formats.get(done.card.container, "png"), max(2, done.card.spec))
    if done.card.spec > 1 and done.card.container != "webp":
        assert written.data == data, "unedited: the original's bytes"


def test_what_a_card_says_stands_where_a_character_has_it(tmp_path: Path) -> None:
    done = brought_in(tmp_path, corpus.charx())
    one = library_of(tmp_path).characters[done.id]
    assert (done.id, one.name) == ("ru", "Ru")
    assert one.persona.startswith("Your full name is Runa.\n\nRu keeps the lighthouse. *She hums.*")
    assert one.persona.endswith("Personality: dry, patient\n\nScenario: A storm is coming.")
    assert one.greeting == "Wipe your boots, {{user}}." and one.greetings == ("You again.", "The stairs are wet.")
    assert [(line.heard, line.say) for line in one.examples] == [
        ("Is it safe here?", "Safer than out there."),
        ("Tea?", "Always."),
    ]
    assert one.rules == ("Speak of the sea.",) and one.guards.reminder == "Stay in the tower."
    assert "Only for people" not in (done.folder / "character.yaml").read_text(encoding="utf-8")
    assert sorted(path.name for path in (done.folder / "art").iterdir()) == ["portrait.webp", "portrait_happy.webp"]
    assert "smug" in one.emotions.can
    dropped = {fate.what: fate.why for fate in done.report.dropped}
    assert "another kind of file" in dropped["emotion smug"], "a drawing is kept and never shown"


def test_a_cards_lorebook_stands_beside_it(tmp_path: Path) -> None:
    entry = {"keys": ["beacon"], "content": "The beacon is fed with peat.", "enabled": True, "insertion_order": 1}
    book = {"entries": [entry | {"extensions": {}}]}
    done = brought_in(tmp_path, corpus.dumped(corpus.v3(character_book=book)))
    assert (done.folder / "lore.yaml").is_file()
    assert not [str(problem) for problem in check([done.folder]) if not problem.warning]
    lore = library_of(tmp_path).characters[done.id].lore
    assert lore is not None
    assert [(entry.keys, entry.text) for entry in lore.entries] == [(("beacon",), "The beacon is fed with peat.")]
    assert "1 entry is in lore.yaml" in {fate.why for fate in done.report.converted}


def test_what_is_counted_of_a_card_is_what_is_there(tmp_path: Path) -> None:
    entries = [
        {"keys": [f"k{n}"], "content": "Told.", "enabled": n != 2, "constant": n == 1, "extensions": {}}
        for n in range(4)
    ]
    said = {"alternate_greetings": ["Again.", "", "  "], "character_book": {"entries": entries, "extensions": {}}}
    data = corpus.dumped(corpus.v3(**said))
    assert shown(data)["greetings"] == 2
    done = brought_in(tmp_path, data)
    assert "4 entries are in lore.yaml: 2 by what is said, 1 always, 1 off" in {f.why for f in done.report.converted}
    assert not [fate for fate in done.report.dropped if fate.what == "the picture"], "what never was is not left out"


def lore_edited(folder: Path, **changes: Any) -> dict[str, Any]:
    """The book in a character's folder, with its first entry edited."""
    path = folder / "lore.yaml"
    values = parse_document(path.read_bytes(), "lore.yaml").value
    values["entries"][0] |= changes
    path.write_bytes(definition_text(values, "Edited.", "lore.yaml"))
    return values


@pytest.mark.parametrize("name", ["png-v2", "both", "apng-v3", "jpeg-v2", "charx-assets", "bare-book", "types"])
def test_an_edit_of_the_lorebook_is_an_edit_of_the_cards(name: str, tmp_path: Path) -> None:
    done = brought_in(tmp_path, corpus.GOOD[name][0])
    before = done.card.book
    assert before is not None
    lore_edited(done.folder, text="The lamp is dark.", after_replies=2)
    for format, spec in (("png", 3), ("charx", 2), ("json", 3)):
        written = export_card(library_of(tmp_path), done.id, format, spec)
        after = read_card(written.data).book
        assert after is not None
        first = after.read.lore["entries"][0]
        assert (first["text"], first["after_replies"]) == ("The lamp is dark.", 2)
        assert after.entries[1:] == tuple(map(as_asked, before.entries[1:], after.entries[1:]))
        told = {fate.why for fate in written.report.converted if fate.what == "character_book"}
        assert "edited here" in told and not any(fate.what == "character_book" for fate in written.report.dropped)
    definition = (done.folder / "character.yaml").read_bytes()
    again = brought_in(tmp_path, export_card(library_of(tmp_path), done.id, "json", 3).data)
    assert again.folder.joinpath("character.yaml").read_bytes() != b"" != definition
    mine, theirs = (library_of(tmp_path).characters[one].lore for one in (done.id, again.id))
    assert mine is not None and theirs is not None and mine.model_dump() == theirs.model_dump()


def as_asked(entry: Any, after: Any) -> dict[str, Any]:
    """An entry with the keys that V2 and V3 ask for, where it had none."""
    asked = {key: empty for key, empty in (("extensions", {}), ("use_regex", False)) if key in after}
    return {**asked, **entry}


def test_an_unedited_book_goes_out_as_it_came_whatever_its_file_looks_like(tmp_path: Path) -> None:
    data = corpus.dumped(corpus.v3())
    done = brought_in(tmp_path, data)
    lore_edited(done.folder)
    assert export_card(library_of(tmp_path), done.id, "json", 3).data == data, "written anew, with the same values"
    record = done.folder / "card/import.json"
    known = json.loads(record.read_bytes())
    record.write_bytes(json.dumps({key: value for key, value in known.items() if key != "lore"}).encode())
    assert export_card(library_of(tmp_path), done.id, "json", 3).data == data, "an import of before"


def test_a_book_that_was_deleted_goes_and_a_broken_one_is_told(tmp_path: Path) -> None:
    done = brought_in(tmp_path, corpus.dumped(corpus.v3()))
    (done.folder / "lore.yaml").write_text("format: 1\nentries: [{id: x}]\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"lore\.yaml"):
        export_card(library_of(tmp_path), done.id, "json", 3)
    (done.folder / "lore.yaml").unlink()
    written = export_card(library_of(tmp_path), done.id, "json", 3)
    assert read_card(written.data).book is None
    assert "character_book" in {fate.what for fate in written.report.converted}


def test_a_book_written_here_goes_out_with_a_character_that_never_was_a_card(tmp_path: Path) -> None:
    folder = tmp_path / "characters/mira"
    shutil.copytree(shipped("characters") / "mira", folder)
    lore = {"format": 1, "tokens": 50, "entries": [{"id": "loom", "text": "A loom.", "keys": ["/lo+m/"], "every": 3}]}
    lore["entries"][0]["to"] = ["mira"]
    (folder / "lore.yaml").write_bytes(definition_text(lore, "Mine."))
    for spec in (2, 3):
        written = export_card(library_of(tmp_path), "mira", "json", spec)
        book = read_card(written.data).data["character_book"]
        assert book["entries"][0]["content"] == ("A loom." if spec == 2 else "@@activate_only_every 3\nA loom.")
        told = " ".join(fate.why for fate in written.report.converted)
        assert "loom: every, to stand under extensions, openroom" in told
        done = brought_in(tmp_path, written.data)
        mine, theirs = (library_of(tmp_path).characters[one].lore for one in ("mira", done.id))
        assert mine is not None and theirs is not None and mine.model_dump() == theirs.model_dump()


def test_a_large_book_comes_in_and_goes_out(tmp_path: Path) -> None:
    text = '*She hums* & says "well": 🦊 #1. ' * 12
    entries = [
        {"keys": [f"key{at}"], "content": f"{at} {text}", "extensions": {"display_index": at}, "enabled": True}
        | {"insertion_order": at, "id": at, "comment": "c"}
        for at in range(3000)
    ]
    book = {"entries": entries, "extensions": {}}
    done = brought_in(tmp_path, corpus.dumped(corpus.v2(character_book=book)))
    assert (done.folder / "lore.yaml").stat().st_size > 1_000_000
    assert "🦊" in (done.folder / "lore.yaml").read_text(encoding="utf-8")
    lore_edited(done.folder, text="Edited.")
    written = export_card(library_of(tmp_path), done.id, "json", 2)
    after = read_card(written.data).data["character_book"]
    assert after["entries"][0] == entries[0] | {"content": "Edited."}
    assert after["entries"][1:] == entries[1:]


def test_half_characters_in_a_book_are_kept_for_the_way_back(tmp_path: Path) -> None:
    entry = {
        "keys": ["lamp"],
        "content": "The \ud83d lamp\x00.",
        "enabled": True,
        "insertion_order": 1,
        "x\ud83d": "\udc00",
    }
    odd = {**entry, "keys": ["odd"], "comment": "\ud83d"}
    card = corpus.v3(character_book={"entries": [entry, odd], "extensions": {}})
    done = brought_in(tmp_path, json.dumps(card).encode())
    lore_edited(done.folder, text="Edited.")
    book = read_card(export_card(library_of(tmp_path), done.id, "json", 3).data).data["character_book"]
    assert book["entries"][0]["content"] == "Edited." and book["entries"][0]["x\ud83d"] == "\udc00"
    assert book["entries"][1] == odd | {"extensions": {}, "use_regex": False} or book["entries"][1] == odd


def test_texts_that_are_too_long_end_with_a_sentence_and_are_told(tmp_path: Path) -> None:
    long = "She climbs the stairs. " * 3000
    done = brought_in(tmp_path, corpus.dumped(corpus.v3(description=long, first_mes=long)))
    one = library_of(tmp_path).characters[done.id]
    assert one.persona.endswith("She climbs the stairs.") and one.greeting.endswith("She climbs the stairs.")
    assert {"persona", "first_mes"} <= {fate.what for fate in done.report.converted if "fit" in fate.why}


@pytest.mark.parametrize(
    "spoken", ["{{char}} hums. ", "{{char}} of {{user}} ", "{{char}}", "{{pick:a. b,{{char}}. c}} "]
)
def test_what_is_too_long_once_its_macros_are_names_is_cut_then(spoken: str, tmp_path: Path) -> None:
    long = spoken * (5990 // len(spoken))
    talk = "".join(f"<START>\n{{{{user}}}}: {spoken * (290 // len(spoken))}\n{{{{char}}}}: {long}\n" for _ in range(2))
    said = {"first_mes": long, "alternate_greetings": [long], "mes_example": talk, "creator": "{{char}}" * 9}
    told = {"description": spoken * (19_990 // len(spoken)), "system_prompt": long, "post_history_instructions": long}
    done = brought_in(tmp_path, corpus.dumped(corpus.v3(**said, **told, name="Ambrose " * 6 + "Long", nickname="")))
    one = library_of(tmp_path).characters[done.id]
    for text, most in ((one.greeting, 6000), (one.persona, 20_000), (one.examples[0].say, 600)):
        assert most * 0.9 < len(text) <= most
        assert "{{" not in text[-80:] or text.count("{{") == text.count("}}"), "no half macro"
    assert one.greeting.endswith("hums.") == ("hums" in spoken)
    assert "first_mes" in {fate.what for fate in done.report.converted}


def test_the_length_of_replies_is_one_that_the_cards_own_lines_fit(tmp_path: Path) -> None:
    talk = f"<START>\n{{{{user}}}}: Well?\n{{{{char}}}}: {'It is so. ' * 5}"
    for first, length in ((1, "medium"), (7, "long")):
        said = {"first_mes": "Come in. " * first, "alternate_greetings": ["Well."], "mes_example": talk}
        done = brought_in(tmp_path, corpus.dumped(corpus.v3(**said, name=f"Kaoru {first}", nickname="")))
        assert library_of(tmp_path).characters[done.id].voice.length == length
        assert check([done.folder]) == []


def test_a_card_with_more_than_a_file_may_cost_is_brought_in_as_far_as_it_goes(tmp_path: Path) -> None:
    much = "*She climbs* the stairs: again. & so on. " * 600
    card = corpus.v3(
        description=much,
        first_mes=much,
        alternate_greetings=[f"{number} {much}" for number in range(60)],
        mes_example="".join(f"<START>\n{{{{user}}}}: {much}\n{{{{char}}}}: {much}\n" for _ in range(60)),
        system_prompt=much * 4,
        post_history_instructions=much,
    )
    done = brought_in(tmp_path, corpus.dumped(card))
    assert not [str(problem) for problem in check([done.folder]) if not problem.warning]
    told = [fate.what for fate in done.report.dropped]
    assert "alternate_greetings[59]" in told and "mes_example" in told and "system_prompt" in told
    assert len((done.folder / "character.yaml").read_text(encoding="utf-8")) < 90_000


def test_an_edit_of_the_character_is_an_edit_of_the_card(tmp_path: Path) -> None:
    done = brought_in(tmp_path, corpus.GOOD["both"][0])
    file = done.folder / "character.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("Wipe your boots", "Mind the step").replace("dry, patient", "wet").replace("Tea?", "Rum?")
    file.write_text(text, encoding="utf-8")
    written = export_card(library_of(tmp_path), done.id, "png", 3)
    before, after = done.card.raw["data"], read_card(written.data).raw["data"]
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {"first_mes", "personality", "mes_example"}
    assert (after["first_mes"], after["personality"]) == ("Mind the step, {{user}}.", "wet")
    assert "{{user}}: Rum?" in after["mes_example"]


def test_a_changed_original_is_not_passed_on(tmp_path: Path) -> None:
    done = brought_in(tmp_path, corpus.dumped(corpus.v2()))
    (done.folder / "card/original.json").write_bytes(corpus.dumped(corpus.v3()))
    with pytest.raises(CardError, match="one that was changed"):
        export_card(library_of(tmp_path), done.id, "json", 2)


@pytest.mark.parametrize("spec", [2, 3])
@pytest.mark.parametrize("format", ["png", "json", "charx"])
def test_a_character_of_ours_goes_out_as_a_card_and_comes_in_again(format: Format, spec: int, tmp_path: Path) -> None:
    written = export_card(LIBRARY, "mira", format, spec)
    card = read_card(written.data)
    mira = LIBRARY.characters["mira"]
    assert (card.spec, card.fields.name, card.fields.first_mes) == (spec, "Mira", mira.greeting)
    assert card.fields.extensions["openroom"]["definition"]["id"] == "mira"
    done = brought_in(tmp_path, written.data)
    again = library_of(tmp_path).characters["mira_2"]
    assert done.id == "mira_2", "an id that the library has is taken"
    assert again.model_copy(update={"id": "mira"}) == mira
    edited = write(card, "json", spec, edits={"first_mes": "Elsewhere."})
    brought_in(tmp_path, edited.data)
    other = library_of(tmp_path).characters
    assert other["mira_3"].greeting == "Elsewhere." and not other["mira_3"].secrets


def test_ids_of_names_in_any_script() -> None:
    names = {"Old Zoë": "old_zoe", "Иван Щукин": "ivan_shchukin", "ゆき": "yuki", "김": "gim", "7of9": "c_7of9"}
    assert {name: id_for(name) for name in names} == names
    assert id_for("雪").startswith("card_") and id_for("雪") != id_for("月") and id_for("") and id_for("../..")


def test_names_that_clash_get_a_number_and_nothing_half_made_stays(tmp_path: Path) -> None:
    ids = [brought_in(tmp_path, corpus.dumped({**corpus.V1, "scenario": str(number)})).id for number in range(3)]
    assert ids == ["runa", "runa_2", "runa_3"]
    with pytest.raises(CardError):
        brought_in(tmp_path, b"nothing")

    def failing(id: str) -> dict[str, bytes]:
        return {"character.yaml": b"", "../out": b"x"}

    with pytest.raises(DefinitionError, match="a file inside its folder"):
        add_character(tmp_path, "x", (), failing)
    assert sorted(path.name for path in (tmp_path / "characters").iterdir()) == ids
    assert not (tmp_path / "characters" / "out").exists()


@pytest.mark.parametrize("name", ["png-v3", "json-v1", "charx-assets", "jpeg-v2", "webp-v3", "apng-v2"])
def test_a_card_that_came_before_makes_nobody_new_unless_asked(name: str, tmp_path: Path) -> None:
    data = corpus.GOOD[name][0]
    first = brought_in(tmp_path, data)
    with pytest.raises(CardHere) as told:
        brought_in(tmp_path, data)
    assert told.value.character == first.id and str(first.folder) in str(told.value)
    elsewhere = Library([tmp_path / "characters"], [])
    with pytest.raises(CardHere):
        import_card(data, tmp_path / "another", elsewhere)
    other = import_card(data, tmp_path, LIBRARY, again=True)
    assert other.id == f"{first.id}_2"
    with pytest.raises(CardHere) as told:
        brought_in(tmp_path, data)
    assert told.value.character == first.id, "who came first"
    (first.folder / "card/import.json").write_bytes(b"{")
    shutil.rmtree(other.folder)
    assert brought_in(tmp_path, data).id == f"{first.id}_2", "of whom nothing is known is nobody it came as"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("{{user}}'s maid", "the visitor's maid"),
        ("<USER>", "the visitor"),
        ("{{// draft}} Runa", "Runa"),
        ("{{random:Runa,Runa}}", "Runa"),
        ("{{random:{{user}},{{user}}}} Jr", "the visitor Jr"),
        ("{{char}}", "the character"),
        ("{{unknown}} R", "{{unknown}} R"),
        ("{{// nothing else}}", "{{// nothing else}}"),
    ],
)
def test_macros_in_a_name_become_words_for_everybody(name: str, shown: str, tmp_path: Path) -> None:
    data = corpus.dumped(corpus.v3(name=name, nickname="", description="{{char}} is here."))
    done = brought_in(tmp_path, data)
    one = library_of(tmp_path).characters[done.id]
    assert (one.name, one.persona.split(" is here.")[0]) == (shown, shown), "{{char}} is the name that is seen"
    told = {fate.what: fate.why for fate in done.report.converted}
    assert told.get("name", name).endswith(shown)
    assert export_card(library_of(tmp_path), done.id, "json", 3).data == data, "the card keeps what it said"


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    nasty = "a: b\n- c\n\u2028# x\u0085\x00\x1b[31m !!python/object {{char}} \ud800 <script>x</script>\n---\n"
    card = corpus.v3(name=nasty, nickname="", description=nasty, first_mes=nasty, system_prompt=nasty, creator=nasty)
    done = brought_in(tmp_path, json.dumps(card).encode())
    one = library_of(tmp_path).characters[done.id]
    json.dumps([shown(json.dumps(card).encode()), done.report.body()], ensure_ascii=False).encode()
    assert "\x1b" not in str(shown(json.dumps(card).encode()))
    assert "!!python/object" in one.persona and "\x1b" not in one.persona
    assert not [str(problem) for problem in check([done.folder]) if not problem.warning]


SCENE = """\
format: 1
id: tower
title: The tower
line: A lighthouse.
description: A round room.
characters:
  - {id: ru, place: {x: 40, y: 60}}
"""


async def test_who_came_on_a_card_is_played(tmp_path: Path) -> None:
    done = brought_in(tmp_path, corpus.GOOD["png-v3"][0])
    scene = tmp_path / "scenes/tower/scene.yaml"
    scene.parent.mkdir(parents=True)
    scene.write_text(SCENE, encoding="utf-8")
    async with Lobby(characters=done.folder.parent, scenes=tmp_path / "scenes") as lobby:
        room = await lobby.open("tower")
        async with room.join("Ann") as ann, patience():
            async for event in ann.events():
                if event.get("kind") == "said" and event["actor"] == "character:ru":
                    assert event["text"] == "Wipe your boots, Ann."
                    break
