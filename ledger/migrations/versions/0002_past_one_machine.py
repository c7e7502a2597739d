"""Past one machine: what came by the log, what was set aside, how far the log is judged."""

import sqlalchemy as sa
from alembic import op

import ledger.columns

revision = "0002"
down_revision = "0001"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BLOCK = 50
_KEYED = (
    "alerts",
    "attempts",
    "cases",
    "deliveries",
    "facts",
    "inbox",
    "late_log",
    "obligations",
    "outages",
    "quarantine",
    "submissions",
)


def upgrade() -> None:
    op.add_column("submissions", sa.Column("answered", sa.Text(), nullable=True))
    for table in ("submissions", "inbox"):
        op.add_column(
            table, sa.Column("is_proven", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.add_column("inbox", sa.Column("verdict_at_door", sa.Text(), nullable=True))
    op.add_column("inbox", sa.Column("answered", sa.Text(), nullable=True))
    op.add_column(
        "inbox",
        sa.Column("is_called_already", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("facts", sa.Column("published_at", ledger.columns.Instant(), nullable=True))
    op.create_table(
        "positions",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("at", ledger.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("uid", ledger.columns.Uid(length=16), nullable=False),
        sa.Column("at", ledger.columns.Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", ledger.columns.Instant(), nullable=False),
        sa.Column("retried_at", ledger.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _for_many_writers()


def _for_many_writers() -> None:
    """Keys come in blocks of a sequence; what is not yet published is found by an index."""
    op.create_index(
        "facts_unpublished",
        "facts",
        ["case_id", "id"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
    )
    for table in _KEYED:
        asked = sa.text(f"SELECT max(id) FROM {table}")  # noqa: S608 (our own names)
        highest = op.get_bind().execute(asked).scalar() or 0
        op.execute(f"CREATE SEQUENCE {table}_keys INCREMENT BY {_BLOCK} START {highest + 1}")
