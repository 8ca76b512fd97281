"""The tables. Times are milliseconds since 1970-01-01 UTC; JSON is kept as text.

The search index over memories (SQLite's FTS5, table ``memory_words``) is no SQLAlchemy table; a migration makes it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

_Serial = BigInteger().with_variant(Integer, "sqlite")  # only "INTEGER PRIMARY KEY" counts up by itself in SQLite

_ERASED = text("kind = 'erased'")
_COMINGS = text("kind IN ('entered', 'left', 'brought')")
events = Table(
    "events",
    metadata,
    Column("room", String, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Index("events_erased", "room", "seq", sqlite_where=_ERASED, postgresql_where=_ERASED),
    Index("events_comings", "room", "seq", sqlite_where=_COMINGS, postgresql_where=_COMINGS),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("room", String, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", String, primary_key=True),
    Column("scene", String, nullable=False),
    Column("title", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("touched", BigInteger, nullable=False),
    Column("epoch", String, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("room", String, nullable=False),
    Column("character", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("model", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("prompt", BigInteger, nullable=False),
    Column("cached", BigInteger, nullable=False),
    Column("completion", BigInteger, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("usd", Float),
    Column("ms_first", BigInteger),
    Column("ms_total", BigInteger, nullable=False),
    Column("outcome", String, nullable=False),
    Index("calls_by_time", "at_ms"),
    Index("calls_by_room", "room", "at_ms"),
)

values = Table(
    "key_values",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("room", String, nullable=False),
    Column("person", String, nullable=False),
    Column("note", String, nullable=False),
    Column("expires", BigInteger),
    Column("revoked", BigInteger),
    Column("uses", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("withdrawn", BigInteger),
    Column("giver", String, nullable=False, server_default=""),
)

guests = Table(
    "guests",
    metadata,
    Column("token", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("character", String, primary_key=True),
    Column("digest", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("parent", String),
    Column("note", Text, nullable=False),
)

activations = Table(
    "activations",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("character", String, nullable=False),
    Column("digest", String),
    Column("at", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("note", Text, nullable=False),
    Index("activations_by_character", "character", "n"),
)

memories = Table(
    "memories",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("owner", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("slot", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("importance", Float, nullable=False),
    Column("strength", Float, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_to", BigInteger),
    Column("superseded_by", String),
    Column("pinned", Boolean, nullable=False),
    Column("private_to", Text, nullable=False),
    Column("heard_by", Text, nullable=False, server_default="[]"),
    Index("memories_by_owner", "owner", "subject", "created"),
    Index("memories_by_subject", "subject"),
    Index("memories_by_successor", "superseded_by"),
)

memory_sources = Table(
    "memory_sources",
    metadata,
    Column("memory", String, ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True),
    Column("room", String, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("speaker", String, nullable=False),
    Column("around", Boolean, nullable=False),
    Index("memory_sources_by_event", "room", "seq"),
    Index("memory_sources_by_speaker", "speaker"),
)

memory_blocks = Table(
    "memory_blocks",
    metadata,
    Column("owner", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("created", BigInteger, nullable=False),
)

talk_words = Table(
    "talk_words",
    metadata,
    Column("room", String, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What was said and told, as it is looked through (`openroom.store.talk_words`)."""

stays = Table(
    "stays",
    metadata,
    Column("person", String, primary_key=True),
    Column("room", String, primary_key=True),
    Index("stays_by_room", "room"),
    sqlite_with_rowid=False,
)
"""Which rooms somebody has been in."""

prompts = Table(
    "prompts",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("room", String, nullable=False),
    Column("turn", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("rests_on", Text, nullable=False),
    Column("standing", LargeBinary),
    Column("body", LargeBinary, nullable=False),
    Index("prompts_by_turn", "room", "turn", unique=True),
    Index("prompts_by_room", "room", "n"),
)
"""Prompts of replies, the newest event of each reply in ``seq`` (`openroom.store.prompts`)."""

prompt_memories = Table(
    "prompt_memories",
    metadata,
    Column("memory", String, primary_key=True),
    Column("prompt", _Serial, ForeignKey("prompts.n", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Index("prompt_memories_by_prompt", "prompt"),
    sqlite_with_rowid=False,
)
"""Which memories stand in which prompts."""

SEARCH_TABLE = "memory_words"
CREATE_SEARCH = (
    f"CREATE VIRTUAL TABLE {SEARCH_TABLE} USING fts5"
    "(owner, text, context, tokenize = 'porter unicode61 remove_diacritics 2')"
)
"""Row ids are ``memories.n``; ``owner`` is one hex word, so that a search reads one owner's rows only."""
