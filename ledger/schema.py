"""The tables of the book. 台账表结构。

Rows carry integer keys, because random text keys cost three times as much to write; the
derived id stands beside, unique, where a replay or a reader must find the row again. Words
(`verdict`, `stage` …) are the values of `vocabulary.terms`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
    true,
)
from sqlalchemy.types import TypeEngine

from ledger.columns import Instant, Uid

metadata = MetaData()
KEY_BLOCK = 50  # keys that a PostgreSQL sequence gives out at once
_KEY: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index of only those rows that are asked for by it."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def key_column() -> Column[int]:
    """Return the column of a table's own key, which a sheet gives out."""
    return Column("id", _KEY, primary_key=True, autoincrement=False)


# What was received and kept; `receipt` is what was found, `content` the item as sent.
submissions = Table(
    "submissions",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("unit_id", Text, nullable=False),
    Column("owing_unit_id", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("counted_at", Instant, nullable=False),  # received_at, or called_at for a call
    Column("stage", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("severity", Text),
    Column("case_id", _KEY),
    Column("is_drill", Boolean, nullable=False),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("judgement", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("answered", Text),  # what was said at the door, where that came before the judging
    Column("is_proven", Boolean, nullable=False, server_default=true()),  # the sender
    Column("seen_at", Instant),
    Column("seen_by", Text),
    Index("submissions_of_case", "case_id"),
    Index("submissions_of_unit", "unit_id", "id"),
)

# Taken and durable, not yet judged: batches, and all that came while the log was away.
inbox = Table(
    "inbox",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("unit_id", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("is_proven", Boolean, nullable=False, server_default=true()),
    Column("verdict_at_door", Text),  # where it was judged there: only a person lowers that
    Column("answered", Text),
    Column("is_called_already", Boolean, nullable=False, server_default=false()),  # from memory
    Index("inbox_by_lane", "lane", "id"),
    Index("inbox_by_time", "received_at"),
)

cases = Table(
    "cases",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("unit_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("category", Text),
    Column("subtype", Text),
    Column("code", Text),
    Column("severity_provisional", Text),
    Column("severity_final", Text),
    Column("place", Text),
    Column("deaths", Integer),
    Column("injured", Integer),
    Column("missing", Integer),
    Column("occurred_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closing", Text),  # why it is closed: a word of `Closing`
    Column("merged_into", _KEY),  # the case where its items are now
    Column("graded_by", Text),  # a person whose grade stands until new facts exceed it
    Column("territory", Text),  # the unit in whose territory it happened, or that opened it
    Column("traits", Text),  # by what it is known again, as JSON: see `ledger.joining`
    Column("is_drill", Boolean, nullable=False),
    _partial("cases_open_by_code", "code", "opened_at", where="closed_at IS NULL"),
    _partial("cases_open_by_territory", "territory", "opened_at", where="closed_at IS NULL"),
    Index("cases_by_time", "updated_at"),
)

# A question to a person: does this item belong to that case?
offers = Table(
    "offers",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("submission_id", _KEY, nullable=False),
    Column("case_id", _KEY, nullable=False),  # where it may belong
    Column("grounds", Text, nullable=False),
    Column("offered_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("answered_by", Text),
    Column("is_confirmed", Boolean),
    Index("offers_of_submission", "submission_id"),
    Index("offers_of_case", "case_id"),
    _partial("offers_open", "offered_at", where="answered_at IS NULL"),
)

alerts = Table(
    "alerts",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("case_id", _KEY),
    Column("unit_id", Text, nullable=False),
    Column("level", Text, nullable=False),  # emergency, attention
    Column("cause", Text, nullable=False),  # a word of streams.alerting.Cause
    Column("severity", Text),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),  # the text of the page, without the reader's link
    Column("is_drill", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text),
    _partial("alerts_open", "opened_at", where="acknowledged_at IS NULL"),
    Index("alerts_of_case", "case_id"),
)

# Who owes what to whom by when; `next_at` is the clock's own column (partial index below).
obligations = Table(
    "obligations",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("duty", Text, nullable=False),
    Column("owed_by", Text, nullable=False),  # a unit
    Column("owed_to", Text, nullable=False),
    Column("case_id", _KEY),
    Column("alert_id", _KEY),
    Column("opened_by", Text, nullable=False),  # a sentence: which report, which calendar
    Column("clock", Text, nullable=False),
    Column("counted_from", Instant, nullable=False),
    Column("is_assumed", Boolean, nullable=False),  # known_at was not given: received_at stands in
    Column("limit_seconds", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("severity", Text),
    Column("is_drill", Boolean, nullable=False),
    Column("fulfilment", Text, nullable=False),
    Column("timeliness", Text, nullable=False),
    Column("fulfilled_at", Instant),
    Column("fulfilled_by", Text),
    Column("step", Integer, nullable=False),
    Column("next_at", Instant),
    _partial("obligations_next", "next_at", where="next_at IS NOT NULL"),
    _partial("obligations_owed", "owed_by", "duty", where="fulfilment = 'open'"),
    _partial("obligations_of_case", "case_id", where="case_id IS NOT NULL"),
    _partial("obligations_of_alert", "alert_id", where="alert_id IS NOT NULL"),
    Index("obligations_by_due", "due_at"),
)

# One finished text to one person or room, and where it stands.
deliveries = Table(
    "deliveries",
    metadata,
    key_column(),
    Column("uid", Uid, nullable=False, unique=True),
    Column("rank", Integer, nullable=False),  # 0 alert, 1 notice: a notice never goes first
    Column("alert_id", _KEY),
    Column("obligation_id", _KEY),
    Column("case_id", _KEY),
    Column("recipient", Text, nullable=False),  # a person's id, or room:<channel id>
    Column("cause", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("channel", Integer, nullable=False),
    Column("next_at", Instant),
    Column("is_repeat", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("accepted_at", Instant),
    Column("accepted_by", Text),
    _partial("deliveries_next", "rank", "next_at", where="next_at IS NOT NULL"),
    _partial("deliveries_of_alert", "alert_id", where="alert_id IS NOT NULL"),
    _partial("deliveries_of_obligation", "obligation_id", where="obligation_id IS NOT NULL"),
)

# Intent before send: the row is committed first, and a row without outcome was cut short.
attempts = Table(
    "attempts",
    metadata,
    key_column(),
    Column("delivery_id", _KEY, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False),
    Column("is_repeat", Boolean, nullable=False),
    Column("outcome", Text),
    Column("reason", Text),
    Column("answered_at", Instant),
    Index("attempts_of_delivery", "delivery_id"),
    _partial("attempts_unanswered", "lease_until", where="outcome IS NULL"),
)

# What happened, in order: a case's timeline, and what is published to other systems.
facts = Table(
    "facts",
    metadata,
    key_column(),
    Column("case_id", _KEY),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("content", Text, nullable=False),
    Column("published_at", Instant),
    Index("facts_of_case", "case_id", "id"),
)

# Append-only; the newest entry of an obligation is what holds, the older ones stay.
late_log = Table(
    "late_log",
    metadata,
    key_column(),
    Column("obligation_id", _KEY, nullable=False),
    Column("at", Instant, nullable=False),
    Column("timeliness", Text, nullable=False),
    Column("overrun_seconds", Integer, nullable=False),
    Column("received_at", Instant),
    Column("note", Text, nullable=False),
    Index("late_log_of_obligation", "obligation_id", "id"),
    Index("late_log_by_time", "at"),
)

# When this house did not listen; nobody is late for it.
outages = Table(
    "outages",
    metadata,
    key_column(),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("cause", Text, nullable=False),
    Index("outages_by_end", "to_at"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("part", Text, primary_key=True),
    Column("founded_at", Instant, nullable=False),  # its first life; nothing is owed from before
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("principal", Text, nullable=False),  # unit:<id> or person:<id>
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

# A few words about the book itself: whether it is muted.
flags = Table(
    "flags",
    metadata,
    Column("name", Text, primary_key=True),
    Column("content", Text, nullable=False),
)
