"""Who was told: what one text tells of beside its own obligation; the quarter's lapses."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BLOCK = 50
_LAPSED = (
    "timeliness IN ('overdue', 'late', 'missing') AND fulfilment <> 'waived'"
    " AND duty NOT IN ('acknowledgement', 'look') AND NOT is_drill"
)


def upgrade() -> None:
    op.create_index(
        "obligations_lapsed",
        "obligations",
        ["owed_by", "due_at", "timeliness"],
        unique=False,
        sqlite_where=sa.text(_LAPSED),
        postgresql_where=sa.text(_LAPSED),
    )
    op.create_table(
        "mentions",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("delivery_id", _KEY, nullable=False),
        sa.Column("obligation_id", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("mentions_of_obligation", "mentions", ["obligation_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE SEQUENCE mentions_keys INCREMENT BY {_BLOCK} START 1")
