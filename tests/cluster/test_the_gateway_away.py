"""A report falls due while no gateway lives; the other parts do. 网关离线时到期。

Nobody could report then. Clock and log go on and see nothing come: all the same nobody is called
late or told so. When a gateway lives again the outage is in the book, and the report is still owed.
"""

import time
from datetime import timedelta

import pytest

from app.clock import WallClock
from tests.cluster.harness import Cluster
from tests.cluster.rulebooks import LIMIT_SECONDS
from tests.journeys.house import wait_until
from tests.loopback import Phone
from vocabulary.identity import derived_uid, submission_uid

DUE_IN_SECONDS = 5.0
AWAY_SECONDS = 11.0  # until well after a report that had not come would be called overdue

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_report_that_falls_due_then_is_not_late(cluster: Cluster, phone: Phone) -> None:
    cluster.start()
    known_at = WallClock().now() - timedelta(seconds=LIMIT_SECONDS - DUE_IN_SECONDS)
    call = {"title": "民房起火，1人死亡", "medium": "phone", "known_at": known_at.isoformat()}
    case_id = str(derived_uid(submission_uid("qingshi", "call"), "case"))
    assert cluster.post(call, "call").status == 202
    wait_until(lambda: cluster.book.count("cases"), "its case", told=lambda: cluster.log)

    cluster.kill("gateway")
    time.sleep(AWAY_SECONDS)
    meanwhile = [row["timeliness"] for row in written_reports(cluster)]
    told = [kept.title for kept in phone.state.shelf.after(0, 10_000) if "到期" in kept.title]
    cluster.revive("gateway")
    cluster.wait("gateway")
    report = {"title": "书面报告，情况已控制", "case_id": case_id}
    assert cluster.post(report, "report").status == 202
    cluster.until_quiet()

    [owed] = written_reports(cluster)
    log = [row["timeliness"] for row in cluster.book.rows(LATE_LOG)]
    print(f"\nmeanwhile {meanwhile}, afterwards {owed['timeliness']}, late log {log}, told {told}")
    assert meanwhile == ["pending"]
    assert owed["fulfilment"] == "met"
    assert owed["timeliness"] in ("on_time", "unknown")
    assert set(log) <= {"unknown"}
    assert told == []


LATE_LOG = (
    "SELECT l.timeliness FROM late_log l JOIN obligations o ON o.id = l.obligation_id"
    " WHERE o.duty = 'written_first_report'"
)


def written_reports(cluster: Cluster) -> list[dict[str, str]]:
    return cluster.book.rows("SELECT * FROM obligations WHERE duty = 'written_first_report'")
