"""One county's hour, lived by `jibao up` on SQLite and by the parts on Kafka: the same book.

同一天，两本账。Both rooms live by one fast clock and get the same items under the same keys, one
right after the other: calls, written reports, a batch, a drill, nil reports in time and late,
acknowledgements, a ladder that nobody stops. Then the two books are compared row by row: items,
cases, alerts, obligations, texts to people, late log and facts, by their derived ids; and in order,
what the late log says of each obligation and what is told of each case.

What is left out, and why:

- integer keys, which each book counts for itself;
- our own instants: when an item was received, judged, acknowledged, sent, and what is counted from
  them (a limit that runs from receipt, an overrun). Limits that run from an hour which the unit
  stated are compared to the microsecond;
- the receipts: the parts answer before the case is known, the one room after;
- the word that a notice is caught up: the parts hold a mark on a unit back for three seconds, until
  all of the log is judged, and at this speed those are minutes;
- links, which are signed with their hour, and hours and spans inside texts;
- the id of a notice, into which the instant of its step goes: it is known by what it is about, its
  cause and its recipient;
- attempts and outages: they tell how a process fared, not what the county did.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.clock import WallClock
from app.laptop.kafka import Brokers
from app.laptop.postgres import Postgres
from tests.cluster.comparing import Row, rows_of
from tests.cluster.harness import Cluster, a_cluster
from tests.conftest import IN_CI
from tests.journeys.counties import OFFICER, a_county
from tests.journeys.house import DutyRoom, a_duty_room, wait_until
from tests.journeys.load import House
from tests.journeys.reading import Reader, book_in
from tests.laptop.fixtures import fresh_database
from tests.loopback import Phone, a_phone
from vocabulary.identity import derived_uid, submission_uid

SPEED = 60 if IN_CI else 90
STARTS_AT = datetime.fromisoformat("2026-03-10T15:50:00+08:00")
READY_BY = STARTS_AT + timedelta(minutes=27)  # before the nil reports are asked for
NIL_DUE = STARTS_AT.replace(hour=16, minute=30)
ENDS_AT = STARTS_AT.replace(hour=17, minute=5)
MINUTE = timedelta(minutes=1)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass
class Rooms:
    """Both rooms, and the clock that they live by."""

    one: DutyRoom
    parts: Cluster
    clock: WallClock

    @property
    def each(self) -> tuple[House, House]:
        return self.one, self.parts

    def until(self, instant: datetime) -> None:
        """Wait for an hour of the day; an hour that has passed is a test that was too slow."""
        left = (instant - self.clock.now()).total_seconds() / self.clock.speed
        assert left > -1, f"too slow for {instant:%H:%M}"
        time.sleep(max(0.0, left))


@pytest.fixture
def rooms(tmp_path: Path, one_broker: Brokers, postgres: Postgres, phone: Phone) -> Iterator[Rooms]:
    county = a_county(tmp_path)
    with (
        fresh_database(postgres) as url,
        a_phone() as other,
        a_duty_room(tmp_path / "one", county, other.host) as one,
    ):
        said = WallClock(SPEED, STARTS_AT).as_shared()
        environment = {
            "JIBAO_COUNTY": str(county),
            "JIBAO_PHONE": phone.host,
            "JIBAO_DEMO_CLOCK": said,
        }
        servers = (one_broker, postgres, url)
        with a_cluster(tmp_path / "parts", servers, **environment) as parts:
            one.begin(f"clock:{said}")
            parts.start()
            wait_until(one.is_ready_or_dead, "the one room is ready", told=lambda: one.log)
            yield Rooms(one, parts, WallClock.shared(said))


@dataclass(frozen=True)
class Act:
    """Something that people do, so many minutes after the start of the script."""

    minute: float
    do: Callable[[House], Any]


def hand_in(unit: str, key: str, **content: object) -> Callable[[House], int]:
    def post(room: House) -> int:
        path = "/api/v1/submissions"
        return room.ask("POST", path, f"unit:{unit}", content=content, key=key).status

    return post


def hand_in_together(unit: str, *items: Mapping[str, object]) -> Callable[[House], int]:
    def post(room: House) -> int:
        lines = b"\n".join(orjson.dumps(item) for item in items)
        return room.ask("POST", "/api/v1/submissions:batch", f"unit:{unit}", content=lines).status

    return post


def acknowledge(words: str) -> Callable[[House], list[int]]:
    officer = f"person:{OFFICER}"

    def take(room: House) -> list[int]:
        found = room.ask("GET", "/api/v1/alerts?open=true", officer).json()["alerts"]
        asked = [alert["alert_id"] for alert in found if words in alert["title"]]
        assert asked, found
        return [room.ask("POST", f"/api/v1/alerts/{uid}/ack", officer).status for uid in asked]

    return take


def case_of(unit: str, key: str) -> str:
    """Return the case that an item opened: its id follows from the item's, that from the key."""
    uid: UUID = submission_uid(unit, key)
    return str(derived_uid(uid, "case"))


FIRE, FLOOD = "大湾村民房起火，1人死亡", "杨家畈村山洪，2人失踪"
CRASH, GAS = "省道发生车祸，3人受伤", "化工厂氯气泄漏，5人中毒"


def script(start: datetime) -> list[Act]:
    """Return what people do; each act leaves the rooms time to settle before the next."""
    return [act for story in (the_fire, the_flood, the_others) for act in story(start)]


def told(start: datetime, minutes_before: int) -> str:
    """Return an hour that a unit states."""
    return (start - minutes_before * MINUTE).isoformat()


def the_fire(start: datetime) -> list[Act]:
    """A call, acknowledged; its written report and its follow-up name the case."""
    call = {"title": FIRE, "body": "电话报。", "medium": "phone", "known_at": told(start, 5)}
    case_id = case_of("qingshi", "a")
    written = {"title": "火情书面报告", "body": "已扑灭。", "case_id": case_id}
    later = {
        "title": "火情续报",
        "body": "原因正在调查。",
        "case_id": case_id,
        "stage": "follow_up",
    }
    return [
        Act(0, hand_in("qingshi", "a", **call)),
        Act(2, acknowledge(FIRE)),
        Act(4, hand_in("qingshi", "a2", **written)),
        Act(22, hand_in("qingshi", "a3", **later)),
    ]


def the_flood(start: datetime) -> list[Act]:
    """A written report that comes late, a ladder that nobody stops, a rise."""
    report = {"title": FLOOD, "body": "书面首报。", "known_at": told(start, 90)}
    risen = {
        "title": "山洪续报",
        "body": "失踪人员中4人确认死亡。",
        "stage": "follow_up",
        "deaths": 4,
        "case_id": case_of("liulin", "b"),
    }
    return [Act(8, hand_in("liulin", "b", **report)), Act(26, hand_in("liulin", "b2", **risen))]


def the_others(start: datetime) -> list[Act]:
    """A sign that nobody looks at, a call without its written report, a batch, a drill."""
    sign = {"title": "群众聚集在社区门口反映欠薪", "body": "情绪激动，请关注。"}
    call = {"title": CRASH, "body": "电话报。", "medium": "phone", "known_at": told(start, 10)}
    drill = {"title": "演练：粮库起火，1人受伤", "body": "演练。", "is_drill": True}
    batch = (
        {"title": "春耕工作会召开", "body": "会议情况。", "idempotency_key": "m1"},
        {"title": GAS, "body": "首报。", "known_at": told(start, 1), "idempotency_key": "m2"},
        {"title": "人居环境整治推进会", "body": "会议情况。", "idempotency_key": "m3"},
    )
    return [
        Act(6, hand_in("longquan", "w", **sign)),
        Act(11, hand_in("baisha", "c", **call)),
        Act(13, acknowledge(CRASH)),
        Act(15, hand_in_together("chengdong", *batch)),
        Act(17, acknowledge(GAS)),
        Act(19, hand_in("chengdong", "d", **drill)),
    ]


def nil_reports() -> list[tuple[datetime, Callable[[House], int]]]:
    """Return the nil reports that come: one in time, one late; all the others are missing."""
    nil = {"stage": "nil", "title": "零报告", "body": "今日无事。"}
    return [
        (NIL_DUE - 4 * MINUTE, hand_in("qingshi", "nil", **nil)),
        (NIL_DUE + 14 * MINUTE, hand_in("longquan", "nil", **nil)),
    ]


def test_the_day_ends_in_the_same_book(rooms: Rooms, tmp_path: Path) -> None:
    start = rooms.clock.now() + MINUTE
    assert start < READY_BY, f"ready only at {start:%H:%M}: the day had begun"
    written = [(start + act.minute * MINUTE, act.do) for act in script(start)]

    for instant, do in sorted([*written, *nil_reports()], key=lambda each: each[0]):
        rooms.until(instant)
        first, second = (do(room) for room in rooms.each)
        assert first == second
    rooms.until(ENDS_AT)
    until_quiet(rooms)

    one, parts = rows_of(rooms.one.data), rows_of(tmp_path, rooms.parts.url)
    told = ", ".join(f"{len(rows)} {table}" for table, rows in one.items())
    print(f"\nstarted at {start:%H:%M}, {SPEED} times as fast; in both books: {told}")
    found = {table: differences(rows, parts[table]) for table, rows in one.items()}
    assert not any(found.values()), "\n".join(
        f"{table}: {each}" for table, several in found.items() for each in several
    )
    assert {row["timeliness"] for row in one["late_log"]} >= {"overdue", "missing", "late"}


def until_quiet(rooms: Rooms) -> None:
    book: Reader = book_in(rooms.one.data)
    wait_until(
        lambda: book.is_quiet(rooms.clock.now()),
        "the one book is quiet",
        told=lambda: rooms.one.log,
    )
    rooms.parts.until_quiet()


def differences(one: list[Row], other: list[Row]) -> list[object]:
    """Return what only one of the two books has; of the same row, where the two differ."""
    mine = [row for row in one if row not in other]
    theirs = [row for row in other if row not in one]
    by_uid = {row["uid"]: row for row in theirs if "uid" in row}
    found: list[object] = []
    for row in mine:
        twin = by_uid.pop(row.get("uid"), None)
        if twin is None:
            found.append(("only in the one room", row))
        else:
            theirs.remove(twin)
            apart = {
                name: (row[name], twin.get(name)) for name in row if row[name] != twin.get(name)
            }
            found.append((row["uid"], apart))
    return found + [("only in the parts", row) for row in theirs]
