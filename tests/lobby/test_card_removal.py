from __future__ import annotations

import errno
from pathlib import Path

import pytest

from openroom.core.actor import Actor
from openroom.errors import CardError, CardInUse, DefinitionError
from openroom.library.author_bin import bin_of
from openroom.library.library import Library
from openroom.lobby.card_removal import playing, remove, restore
from openroom.lobby.card_room import is_made_for, make_room
from openroom.lobby.cards import import_card
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.room.session import Session
from openroom.settings import shipped
from tests.cards import corpus
from tests.waiting import patience

AT = "20261201T021500"


def house(folder: Path) -> Library:
    for shelf in ("characters", "scenes"):
        (folder / shelf).mkdir(parents=True, exist_ok=True)
    return Library([shipped("characters"), folder / "characters"], [shipped("scenes"), folder / "scenes"])


def brought(author: Path) -> Library:
    library = house(author)
    import_card(corpus.charx(), author, library)
    library.reload()
    make_room(author, library, "ru")
    library.reload()
    return library


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def test_a_character_goes_into_the_bin_with_its_room_and_comes_back(tmp_path: Path) -> None:
    author = tmp_path / "author"
    library = brought(author)
    before = files(author)
    gone = remove(author, library, "ru", AT)
    assert (gone.scenes, gone.folder) == (("ru_room",), tmp_path / f"author_bin/{AT}_ru")
    assert not files(author) and files(gone.folder) == before
    library.reload()
    assert "ru" not in library.characters and "ru_room" not in library.scenes and not library.problems
    with pytest.raises(CardError, match="in the author folder"):
        remove(author, library, "ru", AT)
    assert restore(author).character == "ru"
    assert files(author) == before and not any(bin_of(author).iterdir())
    with pytest.raises(CardError, match="an empty one"):
        restore(author)


def test_the_last_one_comes_back_first_and_never_over_another(tmp_path: Path) -> None:
    author = tmp_path / "author"
    library = brought(author)
    first = remove(author, library, "ru", AT)
    library.reload()
    import_card(corpus.dumped(corpus.v3()), author, library)
    library.reload()
    second = remove(author, library, "ru", AT)
    assert first.folder != second.folder and second.scenes == ()
    assert restore(author, "ru").scenes == () and not second.folder.exists()
    with pytest.raises(DefinitionError, match="a place that is free"):
        restore(author, "ru")
    assert (first.folder / "scenes/ru_room").is_dir(), "nothing of it was moved"
    with pytest.raises(CardError, match="none of 'mira'"):
        restore(author, "mira")


@pytest.mark.parametrize("name", ["mira", "nobody", "../characters/ru", "ru/../ru", "", ".", "..", "ru_lore"])
def test_only_what_lies_in_the_author_folder_is_removed(name: str, tmp_path: Path) -> None:
    author = tmp_path / "author"
    library = brought(author)
    (author / "characters/ru_lore").mkdir()
    (author / "characters/ru_lore/lore.yaml").write_text("format: 1\nentries: []\n")
    before = files(tmp_path)
    with pytest.raises(CardError, match="in the author folder"):
        remove(author, library, name, AT)
    with pytest.raises(CardError, match="a bin with a character"):
        restore(author, name or "x")
    assert files(tmp_path) == before and not bin_of(author).exists()


def test_whom_another_scene_names_stays(tmp_path: Path) -> None:
    author = tmp_path / "author"
    library = brought(author)
    room = author / "scenes/ru_room/scene.yaml"
    other = author / "scenes/pier/scene.yaml"
    other.parent.mkdir()
    other.write_text(room.read_text().replace("id: ru_room", "id: pier").replace("title: Ru", "title: The pier"))
    library.reload()
    with pytest.raises(CardInUse, match="named by the scenes The pier"):
        remove(author, library, "ru", AT)
    assert room.is_file() and (author / "characters/ru").is_dir()


def test_a_folder_that_cannot_be_moved_leaves_all_as_it_was(tmp_path: Path) -> None:
    author = tmp_path / "author"
    library = brought(author)
    bin_of(author).write_text("somebody's file")
    before = files(author)
    with pytest.raises(DefinitionError, match="a folder that can be moved"):
        remove(author, library, "ru", AT)
    assert files(author) == before


def test_a_scene_that_only_begins_like_a_room_of_it_is_no_such_room(tmp_path: Path) -> None:
    author = tmp_path / "author"
    library = brought(author)
    room = author / "scenes/ru_room/scene.yaml"
    for id, title in (("ru_rooms_by_the_sea", "The sea"), ("ru_room_2", "Another")):
        (author / "scenes" / id).mkdir()
        text = room.read_text().replace("id: ru_room", f"id: {id}").replace("title: Ru", f"title: {title}")
        (author / "scenes" / id / "scene.yaml").write_text(text)
    library.reload()
    made = [id for id, scene in library.scenes.items() if is_made_for(author, scene, "ru")]
    assert sorted(made) == ["ru_room", "ru_room_2"]
    with pytest.raises(CardInUse, match="named by the scenes The sea"):
        remove(author, library, "ru", AT)


@pytest.mark.parametrize("stuck", [False, True])
def test_what_cannot_be_moved_back_is_named(stuck: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = tmp_path / "author"
    library = brought(author)
    before = files(author)
    rename = Path.rename

    def renamed(here: Path, there: Path) -> Path:
        if "characters" in here.parts or (stuck and bin_of(author) in here.parents):
            raise PermissionError(13, "Permission denied")
        return rename(here, there)

    monkeypatch.setattr(Path, "rename", renamed)
    with pytest.raises(DefinitionError, match="Permission denied") as told:
        remove(author, library, "ru", AT)
    left = bin_of(author) / f"{AT}_ru/scenes/ru_room"
    assert (files(author) == before) is not stuck and left.is_dir() is stuck
    assert (f"{left} could not be moved back" in str(told.value)) is stuck


def test_nothing_is_put_into_a_folder_that_came_in_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = tmp_path / "author"
    gone = remove(author, brought(author), "ru", AT)
    other = author / "characters/ru/character.yaml"
    exists = Path.exists

    def looked(path: Path) -> bool:
        there = exists(path)
        if path == other.parent and not there:
            other.parent.mkdir(parents=True)
            other.write_text("another's")
        return there

    monkeypatch.setattr(Path, "exists", looked)
    with pytest.raises(DefinitionError, match="a folder that can be moved"):
        restore(author)
    assert [one.name for one in other.parent.iterdir()] == ["character.yaml"]
    assert (gone.folder / "characters/ru/character.yaml").is_file() and (gone.folder / "scenes/ru_room").is_dir()


def test_an_author_folder_on_a_disk_of_its_own_has_a_bin_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = tmp_path / "author"
    library = brought(author)
    before = files(author)

    def renamed(here: Path, there: Path) -> Path:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", renamed)
    gone = remove(author, library, "ru", AT)
    assert not files(author) and files(gone.folder) == before
    restore(author)
    assert files(author) == before


async def _lost(session: Session) -> None:
    """They are told whose files are gone."""
    async for message in session.messages():
        if message.get("signal") == "lost":
            assert message["characters"] == ["ru"]
            return


async def test_who_is_being_played_with_stays_and_a_room_goes_on_without_the_files(tmp_path: Path) -> None:
    author = tmp_path / "author"
    library = brought(author)
    settings = LobbySettings(watch=False, data=tmp_path / "data")
    async with Lobby(library=library, store="memory:", settings=settings) as lobby:
        room = await lobby.open("ru_room")
        assert playing(lobby.running, "ru") == ()
        async with room.join("Ann") as ann:
            assert playing(lobby.running, "ru") == ("Ru",)
            with pytest.raises(CardInUse, match="people are with it now, in Ru"):
                remove(author, library, "ru", AT, playing(lobby.running, "ru"))
            away = author / "characters/ru"
            away.rename(tmp_path / "away")
            await lobby.refresh()
            async with patience():
                await _lost(ann)
            card = await lobby.card("ru_room", Actor("player:x", "player"))
            assert card is not None
            assert (card.title, card.characters, card.line) == ("Ru", ("Ru",), room.world.scene.line)
            assert "character:ru" in room.state.here("character"), "it goes on as it was"
            (mistake,) = [str(one) for one in library.problems]
            assert "'ru', which has no folder (any more): put it back, or remove this scene's folder too" in mistake
            assert library.kept_art is not None
            assert (library.kept_art.folder / "ru/art/portrait.webp").is_file()
        await lobby._close_room(room)
        (listed,) = [one for one in await lobby.rooms(Actor("player:boss", "operator")) if one.id == "ru_room"]
        assert listed.title == "Ru" and "not in the library" in listed.line
