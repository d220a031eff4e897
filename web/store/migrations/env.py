"""Runs migrations on the connection handed in by web/store/migrate.py, inside its transaction."""

from __future__ import annotations

from alembic import context

import web.store  # noqa: F401 - all tables
from web.store.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,  # SQLite can, since we begin transactions ourselves
)
with context.begin_transaction():
    context.run_migrations()
