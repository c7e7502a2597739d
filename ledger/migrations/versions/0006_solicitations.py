"""What the desk asks units for, and whom."""

import sqlalchemy as sa
from alembic import op

import ledger.columns

revision = "0006"
down_revision = "0005"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BLOCK = 50


def upgrade() -> None:
    op.create_table(
        "solicitations",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("uid", ledger.columns.Uid(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", ledger.columns.Instant(), nullable=False),
        sa.Column("due_at", ledger.columns.Instant(), nullable=False),
        sa.Column("withdrawn_at", ledger.columns.Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_for", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("solicitations_by_time", "solicitations", ["asked_at"], unique=False)
    op.create_table(
        "solicited",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("solicitation_id", _KEY, nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("obligation_id", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("obligation_id"),
    )
    op.create_index("solicited_of_solicitation", "solicited", ["solicitation_id"], unique=False)
    op.create_index("solicited_of_unit", "solicited", ["unit_id", "solicitation_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE SEQUENCE solicitations_keys INCREMENT BY {_BLOCK} START 1")
        op.execute(f"CREATE SEQUENCE solicited_keys INCREMENT BY {_BLOCK} START 1")
