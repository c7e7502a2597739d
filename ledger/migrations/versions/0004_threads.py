"""Threads: by what a case is known again, what a person did to it, what a person is asked."""

import sqlalchemy as sa
from alembic import op

import ledger.columns

revision = "0004"
down_revision = "0003"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BLOCK = 50


def upgrade() -> None:
    for name, kind in (
        ("closing", sa.Text()),
        ("merged_into", _KEY),
        ("graded_by", sa.Text()),
        ("territory", sa.Text()),
        ("traits", sa.Text()),
    ):
        op.add_column("cases", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE cases SET territory = unit_id WHERE closed_at IS NULL")
    op.create_index(
        "cases_open_by_territory",
        "cases",
        ["territory", "opened_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "offers",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("uid", ledger.columns.Uid(length=16), nullable=False),
        sa.Column("submission_id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("offered_at", ledger.columns.Instant(), nullable=False),
        sa.Column("answered_at", ledger.columns.Instant(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("offers_of_submission", "offers", ["submission_id"], unique=False)
    op.create_index("offers_of_case", "offers", ["case_id"], unique=False)
    op.create_index(
        "offers_open",
        "offers",
        ["offered_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE SEQUENCE offers_keys INCREMENT BY {_BLOCK} START 1")
