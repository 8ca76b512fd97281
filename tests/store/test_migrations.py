"""The migrations make exactly the tables that the code uses, and running them again changes nothing."""

from __future__ import annotations

import json

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, select, text

from openroom.store.migrations import config, upgrade
from openroom.store.tables import SEARCH_TABLE, memories, metadata


def test_the_migrations_make_the_tables() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection)
        upgrade(connection)
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: not (kind == "table" and str(name).startswith(SEARCH_TABLE)),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert SEARCH_TABLE in inspect(connection).get_table_names()
    engine.dispose()


def test_an_older_database_is_brought_up_to_date_with_what_is_in_it() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0001")
        columns = "id, role, created, room, person, note, uses, used"
        connection.execute(text(f"INSERT INTO tokens ({columns}) VALUES ('t', 'player', 1, '', '', '', 0, 2)"))
        upgrade(connection)
        assert connection.execute(text("SELECT id, used, withdrawn FROM tokens")).all() == [("t", 2, None)]
    engine.dispose()


def test_memories_of_private_rooms_become_their_company_s() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0003")
        rooms = "id, scene, title, owner, open, created, touched, epoch"
        for room, is_open in (("den", 0), ("tea", 1)):
            connection.execute(
                text(f"INSERT INTO rooms ({rooms}) VALUES ('{room}', 's', '', '', {is_open}, 1, 1, 'e')")
            )
            memory = f"'{room}', 'character:mira', 'player:ann', 'fact', '', 'T', '', 1, 1, 1, 1, 1, 0, '[]'"
            columns = (
                "id, owner, subject, kind, slot, text, context, importance, strength, created, valid_from, last_access"
            )
            connection.execute(text(f"INSERT INTO memories ({columns}, pinned, private_to) VALUES ({memory})"))
            source = f"'{room}', '{room}', 1, 'player:ann', 0"
            connection.execute(
                text(f"INSERT INTO memory_sources (memory, room, seq, speaker, around) VALUES ({source})")
            )
        upgrade(connection)
        found = connection.execute(text("SELECT id, private_to, heard_by FROM memories ORDER BY id")).all()
        assert found == [("den", '["character:mira", "player:ann"]', "[]"), ("tea", "[]", "[]")]
    engine.dispose()


def test_an_older_index_is_made_anew_and_finds_words_that_nothing_sets_apart() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0004")
        told = {"one": "先週、灯台で古い望遠鏡を見つけました。", "two": "The lamps by the lighthouse were out."}
        for id, words in told.items():
            row = dict.fromkeys(("subject", "kind", "slot", "context"), "") | {"id": id, "owner": "m", "text": words}
            row |= dict.fromkeys(("importance", "strength", "created", "valid_from", "last_access", "pinned"), 0)
            row |= {"private_to": "[]"}
            named = ", ".join(row)
            connection.execute(text(f"INSERT INTO memories ({named}) VALUES (:{named.replace(', ', ', :')})"), row)
            connection.execute(
                text(f"INSERT INTO {SEARCH_TABLE} (rowid, owner, text, context) VALUES (:n, 'o6d', :words, '')"),
                {"n": len(connection.execute(select(memories.c.n)).all()), "words": words},
            )
        upgrade(connection)
        found = text(f"SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH :query")
        assert connection.execute(found, {"query": '"望遠"'}).scalars().all() == [1]
        assert connection.execute(found, {"query": '"lamp"'}).scalars().all() == [2]
    engine.dispose()


def test_a_downgrade_takes_everything_away_again() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection)
        command.downgrade(config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_what_was_said_before_can_be_searched() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0007")
        written = (
            ("entered", {"who": "player:ann", "name": "Ann"}),
            ("said", {"text": "The Lamp, please"}),
            ("said", {"text": "", "erased": True}),
            ("used", {"prop": "lamp", "verb": "light", "telling": "Ann lights it."}),
            ("said", {"nonsense": 1}),
        )
        for seq, (kind, more) in enumerate(written, 1):
            body = json.dumps({"seq": seq, "at": 1, "actor": "player:ann", "kind": kind, **more})
            row = {"room": "tea", "seq": seq, "kind": kind, "body": body}
            connection.execute(
                text("INSERT INTO events (room, seq, kind, body) VALUES (:room, :seq, :kind, :body)"), row
            )
        upgrade(connection)
        found = connection.execute(text("SELECT seq, words FROM talk_words ORDER BY seq")).all()
        assert found == [(2, " the lamp please"), (4, " ann lights it")]
        assert connection.execute(text("SELECT person, room FROM stays")).all() == [("player:ann", "tea")]
    engine.dispose()
