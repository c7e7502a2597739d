"""Run migrations on the connection that `ledger.book` hands over. 迁移环境。"""

from alembic import context

from ledger.log_schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
