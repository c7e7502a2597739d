"""What the book and the telephone are held to after the chaos. 事后核对。"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from tests.cluster.harness import Cluster
from tests.cluster.traffic import Traffic, unit_of
from tests.journeys.counties import OFFICER, OFFICERS_MOBILE
from tests.journeys.load import Item
from tests.journeys.test_nothing_is_lost import a_repeat_says_so
from tests.loopback import Phone
from vocabulary.china_time import to_microseconds

REPORTED_LATE = ("overdue", "late", "missing")


def nothing_is_lost(cluster: Cluster, traffic: Traffic, phone: Phone) -> None:
    """Hold the house to all that it promised for what it took in."""
    everything_told_is_kept_once(cluster, traffic)
    every_emergency_reached_the_officer(cluster, traffic, phone)
    every_acknowledgement_holds(cluster, traffic)
    a_repeat_says_so(phone)
    nobody_was_wronged(cluster, traffic)
    the_same_key_has_the_same_receipt(cluster, traffic)


def everything_told_is_kept_once(cluster: Cluster, traffic: Traffic) -> None:
    kept = [str(row["uid"]) for row in cluster.book.rows("SELECT uid FROM submissions")]
    told = {uid_of(item) for item in traffic.told}

    assert told, "the load was told nothing: this test would prove nothing"
    assert sorted(told - set(kept)) == []
    assert len(kept) == len(set(kept)) <= len(traffic.items) + len(traffic.pledges)
    assert cluster.book.count("quarantine") == 0


def uid_of(item: Item) -> str:
    assert item.receipt is not None
    return str(orjson.loads(item.receipt)["submission_id"])


def every_emergency_reached_the_officer(cluster: Cluster, traffic: Traffic, phone: Phone) -> None:
    titles = [row["title"] for row in cluster.book.rows("SELECT title FROM alerts")]
    heard = to_the_officer(phone)
    emergencies = {item.mark for item in traffic.told if item.is_emergency}

    assert emergencies
    assert sorted(mark for mark in emergencies if not any(mark in title for title in titles)) == []
    assert sorted(mark for mark in emergencies if mark not in heard) == []


def to_the_officer(phone: Phone) -> dict[str, int]:
    """Return when the officer first heard of each item, by its mark."""
    heard: dict[str, int] = {}
    for kept in phone.state.shelf.after(0, 1_000_000):
        if kept.to in (OFFICER, OFFICERS_MOBILE) and "第" in kept.title:
            mark = "第" + kept.title.partition("第")[2].partition("号")[0] + "号"
            heard.setdefault(mark, kept.at)
    return heard


def every_acknowledgement_holds(cluster: Cluster, traffic: Traffic) -> None:
    query = "SELECT uid FROM alerts WHERE acknowledged_by = :officer"
    held = {str(row["uid"]) for row in cluster.book.rows(query, officer=OFFICER)}

    assert sorted(traffic.acknowledged - held) == []


def nobody_was_wronged(cluster: Cluster, traffic: Traffic) -> None:
    """Each unit that tried before its report was due is on time, or our outage is unknown."""
    owed = duties_of(cluster, (pledge.phone for pledge in traffic.pledges))
    entries = cluster.book.rows(
        "SELECT o.owed_by, o.duty, c.title, l.timeliness, l.note FROM late_log l"
        " JOIN obligations o ON o.id = l.obligation_id LEFT JOIN cases c ON c.id = o.case_id"
        " WHERE o.duty != 'nil_report'"
    )

    assert any(pledge.written_at < pledge.due_at for pledge in traffic.pledges), "nothing fell due"
    wronged = [
        row for row in owed if row["fulfilment"] != "met" or row["timeliness"] in REPORTED_LATE
    ]
    assert wronged == [], "\n".join(story_of(cluster, traffic, row["title"]) for row in wronged)
    assert [row for row in entries if row["timeliness"] in REPORTED_LATE] == []


def story_of(cluster: Cluster, traffic: Traffic, title: str) -> str:
    """Return what the book says of one call and its written report, for when it is wrong."""
    mark = f"%{title.partition('号')[0]}号%"
    items = (
        "SELECT uid, received_at, medium, verdict, case_id FROM submissions WHERE content LIKE :m"
    )
    owed = (
        "SELECT o.case_id, o.duty, o.due_at, o.fulfilment, o.timeliness, o.fulfilled_by, o.next_at"
        " FROM obligations o JOIN cases c ON c.id = o.case_id WHERE c.title LIKE :m"
    )
    log = (
        "SELECT l.* FROM late_log l JOIN obligations o ON o.id = l.obligation_id"
        " JOIN cases c ON c.id = o.case_id WHERE c.title LIKE :m"
    )
    rows = [row for query in (items, owed, log) for row in cluster.book.rows(query, m=mark)]
    rows += cluster.book.rows("SELECT * FROM outages")
    pledges = [str(pledge) for pledge in traffic.pledges if pledge.key in title]
    return "\n".join([title, *map(str, rows), *pledges])


def duties_of(cluster: Cluster, calls: Iterable[str]) -> Sequence[dict[str, Any]]:
    """Return the first reports, by telephone and in writing, that these calls were or made due."""
    wanted = set(calls)
    rows = cluster.book.rows(
        "SELECT s.uid AS call, c.title, o.duty, o.fulfilment, o.timeliness, o.due_at"
        " FROM submissions s JOIN cases c ON c.id = s.case_id"
        " JOIN obligations o ON o.case_id = c.id"
        " WHERE s.medium = 'phone'"
        " AND o.duty IN ('written_first_report', 'phone_first_report')"
    )
    return [row for row in rows if str(row["call"]) in wanted]


def the_same_key_has_the_same_receipt(cluster: Cluster, traffic: Traffic) -> None:
    """Byte for byte, of a batch too: judgement follows its receipt and does not change it.

    But for what was answered twice: its first gateway died before the book had it, and the next
    one could not know of it. Where no gateway dies the tests allow none of these.
    """
    for item in (each for each in traffic.told if each.key not in traffic.differing):
        unit = unit_of(item.key)
        path = "/api/v1/submissions"
        again = cluster.ask("POST", path, unit, content=item.content, key=item.key)
        assert again.status == 202
        assert again.body == item.receipt


def delays(traffic: Traffic, phone: Phone) -> list[float]:
    """Return for how many seconds each emergency was on its way, from the try to the telephone.

    A written report has the mark of the call before it, so that its own page is not known by that.
    """
    heard = to_the_officer(phone)
    return [
        (heard[item.mark] - to_microseconds(item.sent_at)) / 1e6
        for item in traffic.told
        if item.sent_at is not None
        and item.is_emergency
        and item.mark in heard
        and not item.key.endswith("-written")
    ]


def figures(cluster: Cluster, traffic: Traffic, phone: Phone) -> str:
    """Return what happened, in one line for `pytest -s`."""
    waited = sorted(delays(traffic, phone)) or [0.0]
    repeats = sum("可能重复" in kept.title for kept in phone.state.shelf.after(0, 1_000_000))
    timely: Counter[str] = Counter()
    for row in duties_of(cluster, (pledge.phone for pledge in traffic.pledges)):
        timely[row["timeliness"]] += 1
    ended: dict[str, list[int]] = defaultdict(list)
    for name, code in cluster.ended:
        ended[name].append(code)
    return (
        f"told {len(traffic.told)} of {len(traffic.items)},"
        f" tries without receipt {traffic.failures},"
        f" pages {len(waited)}: p50 {statistics.median(waited):.3f} s, max {waited[-1]:.3f} s,"
        f" marked as repeats {repeats}; sent again {traffic.repeated},"
        f" answered otherwise {len(traffic.differing)};"
        f" reports due {dict(timely)}; ended by themselves {dict(ended)}"
    )
