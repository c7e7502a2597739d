"""The late log answered and chained; nothing on it can be changed by a statement."""

import sqlalchemy as sa
from alembic import op

import ledger.columns

revision = "0003"
down_revision = "0002"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BLOCK = 50
_APPEND_ONLY = ("late_log", "late_log_answers", "late_log_chain")
_REFUSED = "late log: append-only"


def upgrade() -> None:
    op.create_table(
        "late_log_answers",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("uid", ledger.columns.Uid(length=16), nullable=False),
        sa.Column("obligation_id", _KEY, nullable=False),
        sa.Column("entry_id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lapse", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("at", ledger.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index(
        "late_log_answers_of_obligation", "late_log_answers", ["obligation_id", "id"], unique=False
    )
    op.create_table(
        "late_log_chain",
        sa.Column("number", _KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", _KEY, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("kind", "row_id", name="late_log_chain_of_row"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE SEQUENCE late_log_answers_keys INCREMENT BY {_BLOCK} START 1")
        _refuse_in_postgresql()
    else:
        _refuse_in_sqlite()


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION late_log_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only"
            f" BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION late_log_append_only()"
        )


def _refuse_in_sqlite() -> None:
    for table in _APPEND_ONLY:
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
