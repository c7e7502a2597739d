"""What stands beside the late log: its count, who was told, its answers, its chain. 台账附表。

Answers and chain are append-only like the log itself; triggers in the book refuse to change or
delete a row.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ledger.columns import Instant, Uid
from ledger.schema import key_column, metadata, obligations

_KEY = BigInteger().with_variant(Integer, "sqlite")

# A report that came late, or that has not come: those rows that the quarter's count asks for.
LAPSED = (
    "timeliness IN ('overdue', 'late', 'missing') AND fulfilment <> 'waived'"
    " AND duty NOT IN ('acknowledgement', 'look') AND NOT is_drill"
)
Index(
    "obligations_lapsed",
    obligations.c.owed_by,
    obligations.c.due_at,
    obligations.c.timeliness,
    sqlite_where=text(LAPSED),
    postgresql_where=text(LAPSED),
)

# What else one text tells of, beside the obligation that its delivery names.
mentions = Table(
    "mentions",
    metadata,
    key_column(),
    Column("delivery_id", _KEY, nullable=False),
    Column("obligation_id", _KEY, nullable=False),
    Index("mentions_of_obligation", "obligation_id"),
)

# A unit's rebuttal, a supervisor's finding or waiver: signed by whom and when.
answers = Table(
    "late_log_answers",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("obligation_id", _KEY, nullable=False),
    Column("entry_id", _KEY, nullable=False),  # the entry of the log that held at that instant
    Column("kind", Text, nullable=False),
    Column("lapse", Text),  # of a finding alone
    Column("reason", Text, nullable=False),
    Column("said_by", Text, nullable=False),  # unit:<id> or person:<id>
    Column("at", Instant, nullable=False),
    Index("late_log_answers_of_obligation", "obligation_id", "id"),
)

# One link a row of the log or an answer, in the order in which the chainer found them.
chain = Table(
    "late_log_chain",
    metadata,
    Column("number", _KEY, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("kind", Text, nullable=False),  # a word of ledger.chain.LinkKind
    Column("row_id", _KEY, nullable=False),
    Column("content", Text, nullable=False),  # what was chained, letter by letter
    Column("hash", LargeBinary(32), nullable=False),
    UniqueConstraint("kind", "row_id", name="late_log_chain_of_row"),
)
