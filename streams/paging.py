"""Write a text to people into the book, with the first attempt at it. 写入待发。

The first intent is part of the transaction that decided it, so a page starts right after
that commit and a slow disk is waited for once. What was intended and not answered when the
process died is repeated, and says so. Where other processes carry, they write the first attempt.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.effects import Sending
from ledger.late_log_schema import mentions
from ledger.schema import attempts, deliveries
from ledger.sheet import Sheet
from rules.county import Channel
from streams.desk import Desk
from vocabulary.identity import derived_uid
from vocabulary.message import Message
from vocabulary.terms import DeliveryState

ALERT, NOTICE = 0, 1
CALL, RING = "call", "ring"  # a first call; a call again, by what makes a noise


@dataclass(frozen=True, slots=True)
class About:
    """What a text is about, and why it is sent: with the recipient this names the delivery."""

    parent: UUID
    cause: str
    rank: int
    at: datetime
    alert_key: int | None = None
    obligation_key: int | None = None
    case_key: int | None = None
    mentions: tuple[int, ...] = ()  # the other obligations that the text tells of
    is_repeat: bool = False  # someone was called for it already, from memory


def channels_for(desk: Desk, cause: str, recipient: str) -> tuple[Channel, ...]:
    """Return a delivery's channels in the order to try, which its cause decides."""
    return desk.directory.channels(recipient, rings_first=cause == RING)


def write(
    sheet: Sheet,
    desk: Desk,
    about: About,
    recipients: Iterable[str],
    text: Callable[[str], Message],
) -> list[Sending]:
    """Write a delivery and its first attempt for each recipient that has a channel.

    `text` makes the finished text for one recipient, since each has a link of their own.
    """
    sendings = []
    for recipient in recipients:
        channels = channels_for(desk, about.cause, recipient)
        if not channels:
            continue
        row = _write_one(sheet, desk, about, recipient, text(recipient))
        if desk.carries:
            turn = Turn(channels[0], is_repeat=about.is_repeat)
            sendings.append(intend(sheet, desk, row, turn, desk.begins_at(about.at)))
        else:
            sheet.wake("deliver")
    return sendings


def _write_one(
    sheet: Sheet, desk: Desk, about: About, recipient: str, message: Message
) -> dict[str, Any]:
    begins_at = desk.begins_at(about.at)
    row = {
        "uid": derived_uid(about.parent, about.cause, recipient),
        "rank": about.rank,
        "alert_id": about.alert_key,
        "obligation_id": about.obligation_key,
        "case_id": about.case_key,
        "recipient": recipient,
        "cause": about.cause,
        "title": message.title,
        "body": message.body,
        "state": DeliveryState.PENDING.value,
        "round": 0,
        "channel": 0,
        "next_at": begins_at + desk.rulebook.delivery.lease if desk.carries else begins_at,
        "is_repeat": about.is_repeat,
        "created_at": about.at,
    }
    key = sheet.add(deliveries, **row)
    for obligation_key in about.mentions:
        sheet.add(mentions, delivery_id=key, obligation_id=obligation_key)
    return row | {"id": key}


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: a channel, in its place of a round."""

    channel: Channel
    place: int = 0
    round: int = 0
    is_repeat: bool = False


def intend(
    sheet: Sheet, desk: Desk, delivery: Mapping[str, Any], turn: Turn, now: datetime
) -> Sending:
    """Write the attempt that this process makes next, before it is made."""
    attempt_key = sheet.add(
        attempts,
        delivery_id=delivery["id"],
        channel_id=turn.channel.channel_id,
        owner=desk.owner,
        started_at=now,
        lease_until=now + desk.rulebook.delivery.lease,
        is_repeat=turn.is_repeat,
    )
    return Sending(
        attempt_id=attempt_key,
        delivery_id=delivery["id"],
        rank=delivery["rank"],
        recipient=delivery["recipient"],
        channel=turn.place,
        channel_id=turn.channel.channel_id,
        round=turn.round,
        title=delivery["title"],
        body=delivery["body"],
        is_repeat=turn.is_repeat,
        lease_until=now + desk.rulebook.delivery.lease,
        alert_id=delivery["alert_id"],
    )
