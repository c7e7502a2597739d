"""The tables of what the desk asks units for. 约稿表。"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from ledger.columns import Instant, Uid
from ledger.schema import key_column, metadata

_KEY = BigInteger().with_variant(Integer, "sqlite")

# Asked once; only its withdrawal is ever added.
solicitations = Table(
    "solicitations",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("wanted", Text, nullable=False),  # what the item should hold; may be empty
    Column("desk_id", Text, nullable=False),  # the duty room that asks
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Text),
    Column("withdrawn_for", Text),  # the reason
    Index("solicitations_by_time", "asked_at"),
)

# Whom it asks, and what each owes for it.
solicited = Table(
    "solicited",
    metadata,
    key_column(),
    Column("solicitation_id", _KEY, nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("obligation_id", _KEY, nullable=False, unique=True),
    Index("solicited_of_solicitation", "solicitation_id"),
    Index("solicited_of_unit", "unit_id", "solicitation_id"),
)
