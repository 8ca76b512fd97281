"""Alembic's entry: it runs on the connection that `openroom.store.migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from openroom.store.tables import SEARCH_TABLE, metadata


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """The search index makes tables of its own, which are no business of the migrations."""
    return not (kind == "table" and (name or "").startswith(SEARCH_TABLE))


context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, include_name=_ours, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
