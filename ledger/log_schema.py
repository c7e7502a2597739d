"""The tables of the book that speak of the log. 日志相关表。"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from ledger import late_log_schema, solicitation_schema  # noqa: F401 (tables of the same book)
from ledger.columns import Instant, Uid
from ledger.schema import key_column, metadata

__all__ = ["metadata", "positions", "quarantine"]

# How far each partition of the log has been judged: the next offset, in the same transaction.
positions = Table(
    "positions",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)

# What was set aside: unreadable, or not to be judged. `content` is null where it was classified.
quarantine = Table(
    "quarantine",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("unit_id", Text),
    Column("content", LargeBinary),
    Column("headers", Text),
    Column("content_hash", LargeBinary(32), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("retried_at", Instant),
)
