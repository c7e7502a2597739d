"""Are facts published in order per case, at least once, whoever dies and however many relay? 转发。

On PostgreSQL, whose locks keep two relays from one case; the brokers are a stand-in that can be
slow, away, or shot between the acknowledgement and our mark.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from app.laptop.postgres import Postgres
from ledger import outbox
from ledger.book import open_book
from ledger.schema import cases, facts
from ledger.sheet import Sheet
from streams import relay
from streams.relay import Relay, record_set_aside
from streams.topics import RECORD_BYTES_MAX
from tests.builders import CLASSIFIED, NIGHT, SECOND, a_desk, an_arrival
from tests.laptop.fixtures import a_copied_database
from tests.streams.an_outlet import Outlet, all_published, in_order, kinds, relaying, waiting
from tests.streams.duty_book import DutyBook
from tests.streams.log_records import BARE, SET_ASIDE, a_record, absorbed
from tests.streams.open_room import eventually
from vocabulary.facts import AlertOpened, SetAside

on_postgres = pytest.mark.slow


@pytest.fixture
def room(postgres: Postgres, tmp_path: Path) -> Iterator[DutyBook]:
    with a_copied_database(postgres) as url:
        book = open_book(tmp_path, url)
        yield DutyBook(book, a_desk())
        book.close()


@on_postgres
async def test_facts_go_out_on_their_topics_keyed_by_case_in_order(
    room: DutyBook, outlet: Outlet
) -> None:
    room.absorb(an_arrival("1"), an_arrival("2", title="桥梁垮塌", body="致2人死亡"))
    absorbed(room, a_record(b"garbage"))

    async with relaying(room, outlet):
        await all_published(room)

    assert kinds(outlet) == in_order(room)
    topics = {headers["ce_type"]: topic for topic, _, _, headers in outlet.kept}
    assert topics == {
        b"cn.jibao.case_opened.v1": "jibao.facts.v1",
        b"cn.jibao.alert_opened.v1": "jibao.alerts.v1",
        b"cn.jibao.set_aside.v1": "jibao.quarantine.v1",
    }


@on_postgres
async def test_what_is_published_is_marked_and_not_sent_again(
    room: DutyBook, outlet: Outlet
) -> None:
    room.absorb(an_arrival())

    async with relaying(room, outlet):
        await all_published(room)
        await asyncio.sleep(0.1)

    assert len(outlet.kept) == len(room.rows(facts))
    assert {row["published_at"] for row in room.rows(facts)} == {NIGHT + SECOND}


@on_postgres
async def test_nothing_is_marked_before_the_brokers_acknowledged(
    room: DutyBook, outlet: Outlet
) -> None:
    outlet.acknowledges.clear()
    room.absorb(an_arrival())

    async with relaying(room, outlet):
        await eventually(lambda: outlet.kept, "it is sent")
        await asyncio.sleep(0.05)
        assert waiting(room) == len(room.rows(facts))

        outlet.acknowledges.set()
        await all_published(room)


@on_postgres
async def test_a_relay_that_dies_between_the_brokers_and_its_mark_sends_again_under_the_same_ids(
    room: DutyBook, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ShotError(BaseException):
        """The process is no more."""

    def die(*_: object) -> None:
        raise ShotError

    room.absorb(an_arrival())
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "mark", die)
        with pytest.raises(ShotError):
            await Relay(room.book.writing, outlet, lambda: NIGHT).run()
    first = outlet.ids()
    outlet.kept.clear()

    async with relaying(room, outlet):
        await all_published(room)

    assert outlet.ids() == first != []


@on_postgres
async def test_with_the_brokers_away_it_waits_and_loses_nothing(
    room: DutyBook, outlet: Outlet
) -> None:
    outlet.is_away = True
    room.absorb(an_arrival())

    async with relaying(room, outlet) as task:
        await asyncio.sleep(0.2)
        assert not task.done()
        assert waiting(room) == len(room.rows(facts))

        outlet.is_away = False
        await all_published(room)

    assert kinds(outlet) == in_order(room)


def a_day(room: DutyBook, number: int) -> None:
    """A case, and many facts of it, each in a transaction of its own."""
    room.absorb(an_arrival(f"{number}", at=NIGHT + number * SECOND))
    key = max(row["id"] for row in room.rows(cases))
    for step in range(8):
        with room.book.writing.begin() as connection:
            sheet = Sheet(connection)
            told = AlertOpened(at=NIGHT, alert=UUID(int=step), cause="opened")
            content = told.model_dump_json(exclude={"kind", "at", "case_id"})
            sheet.add(facts, case_id=key, kind=told.kind, at=NIGHT, content=content)
            sheet.flush()


@on_postgres
async def test_two_relays_share_the_cases_and_never_interleave_one(
    room: DutyBook, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_CASES", 2)
    monkeypatch.setattr(relay, "_FACTS", 3)
    async with relaying(room, outlet), relaying(room, outlet):
        for number in range(6):
            await asyncio.to_thread(a_day, room, number)
        await all_published(room)

    assert kinds(outlet) == in_order(room)
    assert len(set(outlet.ids())) == len(outlet.kept), "and nothing went out twice"


@on_postgres
async def test_of_two_relays_one_that_hangs_holds_up_its_own_cases_alone(
    room: DutyBook, outlet: Outlet
) -> None:
    hanging = Outlet()
    room.absorb(an_arrival("1"))
    async with relaying(room, hanging):
        await eventually(lambda: hanging.kept, "the first relay has the first case")
        room.absorb(an_arrival("2", title="桥梁垮塌", body="致2人死亡"))

        async with relaying(room, outlet):
            await eventually(lambda: outlet.kept, "the second case goes out by the other relay")
            await asyncio.sleep(0.1)

        assert set(outlet.ids()).isdisjoint(hanging.ids())
        assert waiting(room) == len(hanging.kept)


@on_postgres
async def test_a_fact_committed_late_under_a_low_number_is_not_passed_over(
    room: DutyBook, outlet: Outlet
) -> None:
    """Transactions commit out of order: "greater than the last" would have lost this one."""
    slow = room.book.writing.connect()
    slow.begin()
    sheet = Sheet(slow)
    late = SetAside(at=NIGHT, quarantine=UUID(int=1), reason="late")
    content = late.model_dump_json(exclude={"kind", "at", "case_id"})
    sheet.add(facts, case_id=None, kind=late.kind, at=NIGHT, content=content)
    sheet.flush()
    room.absorb(an_arrival())
    async with relaying(room, outlet):
        await all_published(room)
        assert all(b"set_aside" not in told["ce_type"] for *_, told in outlet.kept)

        slow.commit()
        slow.close()
        await eventually(lambda: b"" in kinds(outlet), "it goes out")


# What was set aside goes out as it was.


@on_postgres
async def test_what_was_set_aside_goes_out_whole_saying_why_and_where_from(
    room: DutyBook, outlet: Outlet
) -> None:
    absorbed(room, a_record(b"\xffgarbage", offset=41))

    async with relaying(room, outlet):
        await all_published(room)

    (found,) = [each for each in outlet.kept if each[0] == "jibao.quarantine.v1"]
    _, key, value, headers = found
    row = room.row(SET_ASIDE)
    assert (key, value) == (b"", b"\xffgarbage")
    assert headers["jibao-origin"] == b"jibao.express.v1/1/41"
    assert headers["jibao-reason"].decode() == "不是有效的 JSON（UTF-8）"
    assert headers["jibao-quarantine-id"] == str(row["uid"]).encode()
    assert headers["jibao-sha256"] == row["content_hash"].hex().encode()
    assert headers["ce_type"] == b"cn.jibao.set_aside.v1"
    assert headers["content-type"] == b"application/octet-stream"


@on_postgres
async def test_of_what_was_classified_only_the_hash_goes_out(
    room: DutyBook, outlet: Outlet
) -> None:
    absorbed(room, a_record(BARE | CLASSIFIED))

    async with relaying(room, outlet):
        await all_published(room)

    (found,) = [each for each in outlet.kept if each[0] == "jibao.quarantine.v1"]
    assert found[2] == b""
    assert len(found[3]["jibao-sha256"]) == 64
    assert CLASSIFIED["body"].encode() not in repr(outlet.kept).encode()


def test_what_no_topic_could_carry_goes_out_as_its_hash() -> None:
    fact = SetAside(at=NIGHT, quarantine=UUID(int=1), reason="不是有效的 JSON（UTF-8）")
    row = {
        "topic": "a topic of the county's own",
        "partition": 0,
        "offset": 0,
        "content": b"x" * (RECORD_BYTES_MAX + 1),
        "content_hash": b"\x01" * 32,
    }

    value, headers = record_set_aside(1, fact, row)

    assert value == b""
    assert orjson.dumps(dict(headers)["jibao-sha256"].decode()) == b'"' + b"01" * 32 + b'"'
