from __future__ import annotations

import json
from pathlib import Path

import pytest

from openroom.cards.read import read_card
from openroom.cards.write import write
from openroom.errors import CardError, DefinitionError
from openroom.library.check import check
from openroom.library.library import Library
from openroom.library.writing import add_character, id_for
from openroom.lobby.cards import Imported, export_card, import_card, shown
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
    format = {"json": "json", "webp": "png", "charx": "charx", "jpeg": "charx"}.get(done.card.container, "png")
    written = export_card(library, done.id, format, max(2, done.card.spec))  # type: ignore[arg-type]
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
    assert "1 entries are in lore.yaml" in {fate.why for fate in done.report.converted}


def test_texts_that_are_too_long_end_with_a_sentence_and_are_told(tmp_path: Path) -> None:
    long = "She climbs the stairs. " * 3000
    done = brought_in(tmp_path, corpus.dumped(corpus.v3(description=long, first_mes=long)))
    one = library_of(tmp_path).characters[done.id]
    assert one.persona.endswith("She climbs the stairs.") and one.greeting.endswith("She climbs the stairs.")
    assert {"persona", "first_mes"} <= {fate.what for fate in done.report.converted if "fit" in fate.why}


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
def test_a_character_of_ours_goes_out_as_a_card_and_comes_in_again(format: str, spec: int, tmp_path: Path) -> None:
    written = export_card(LIBRARY, "mira", format, spec)  # type: ignore[arg-type]
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
    ids = [brought_in(tmp_path, corpus.dumped(corpus.V1)).id for _ in range(3)]
    assert ids == ["runa", "runa_2", "runa_3"]
    with pytest.raises(CardError):
        brought_in(tmp_path, b"nothing")

    def failing(id: str) -> dict[str, bytes]:
        return {"character.yaml": b"", "../out": b"x"}

    with pytest.raises(DefinitionError, match="a file inside its folder"):
        add_character(tmp_path, "x", (), failing)
    assert sorted(path.name for path in (tmp_path / "characters").iterdir()) == ids
    assert not (tmp_path / "characters" / "out").exists()


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
