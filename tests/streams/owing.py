"""A township that telephoned, and still owes it in writing. 欠书面首报的乡镇。"""

from datetime import datetime

from ledger.schema import alerts, cases
from tests.builders import FIRE, HOUR, MINUTE, NIGHT, OFFICER, SECOND, an_arrival
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Arrival
from vocabulary.terms import Duty

DUE = NIGHT - 3 * MINUTE + HOUR  # a call at 03:09:07; its written report an hour later
WRITTEN = Duty.WRITTEN_FIRST_REPORT


def acknowledged(room: DutyBook) -> None:
    """The alert's own ladder is another matter: an officer has taken it in hand."""
    for alert in room.rows(alerts):
        room.acknowledge(alert["uid"], OFFICER, NIGHT + SECOND)


def the_report(room: DutyBook, at: datetime) -> Arrival:
    """What the township owes in writing, naming the case that its call opened."""
    return an_arrival(at=at, **FIRE, case_id=str(room.rows(cases)[0]["uid"]))
