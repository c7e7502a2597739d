"""Does the house open only when it should, and close without losing what is in hand? 开门与关门。

Read downwards: a stop, a start that is refused, a fault of ours, a backup and its restoration.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.phone_behaviour import Order
from tests.journeys.counties import OFFICER, OFFICERS_MOBILE, a_county, edit
from tests.journeys.house import ROOT, DutyRoom, a_duty_room, wait_until
from tests.journeys.reading import book_in, change
from tests.loopback import Phone, a_phone

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def item(number: int) -> dict[str, object]:
    return {"title": f"第{number}号民房起火，1人死亡", "body": "青石镇报告。"}


@pytest.fixture
def phone() -> Iterator[Phone]:
    with a_phone() as phone:
        yield phone


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return a_county(tmp_path)


@pytest.fixture
def room(tmp_path: Path, county: Path, phone: Phone) -> Iterator[DutyRoom]:
    with a_duty_room(tmp_path, county, phone.host) as room:
        yield room


def officers_titles(phone: Phone) -> list[str]:
    return [
        kept.title
        for kept in phone.state.shelf.after(0, 10_000)
        if kept.to in (OFFICER, OFFICERS_MOBILE)
    ]


def wait_for_the_call(room: DutyRoom, phone: Phone, number: int) -> None:
    wait_until(
        lambda: any(f"第{number}号" in title for title in officers_titles(phone)),
        "the officer is called",
        told=lambda: room.log,
    )


def is_accepted(room: DutyRoom, number: int) -> bool:
    deliveries = book_in(room.data).deliveries(f"第{number}号")
    return bool(deliveries) and all(row["state"] == "accepted" for row in deliveries)


# A stop.


def test_a_quiet_house_stops_with_exit_code_0(room: DutyRoom) -> None:
    room.start()

    assert room.stop() == 0, room.log


def test_an_item_in_hand_is_kept_and_answered(room: DutyRoom) -> None:
    room.token("unit:qingshi")
    room.start("slow:absorb:1.5")
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(room.post, item(1), "one")
        wait_until(reply.running, "it is on its way", told=lambda: room.log)
        with pytest.raises(TimeoutError):
            reply.result(0.5)
        code = room.stop()

    assert reply.result().status == 202
    assert code == 0, room.log
    assert book_in(room.data).count("submissions") == 1


def test_a_text_in_hand_is_carried_to_its_end_and_not_repeated(
    room: DutyRoom, phone: Phone
) -> None:
    phone.state.switchboard.told(Order(channel="*", mode="stall", seconds=1.5))
    room.start()
    assert room.post(item(1), "one").status == 202
    wait_for_the_call(room, phone, 1)

    code = room.stop()
    assert code == 0, room.log
    assert is_accepted(room, 1), book_in(room.data).deliveries("第1号")

    phone.state.switchboard.told(Order(channel="*", mode="ok"))
    count = phone.state.shelf.count
    room.start()
    assert room.post(item(2), "two").status == 202
    wait_until(lambda: is_accepted(room, 2), "the next is delivered", told=lambda: room.log)
    later = [kept.title for kept in phone.state.shelf.after(count, 1_000)]
    assert [title for title in later if "第1号" in title] == []


def test_the_span_of_a_stop_is_written_down(room: DutyRoom) -> None:
    room.start()
    room.stop()
    room.start()

    assert book_in(room.data).count("outages", "cause = '停机'") == 1


# A start that is refused.


def test_a_second_house_on_the_same_folder_is_refused(room: DutyRoom, tmp_path: Path) -> None:
    room.start()
    second = DutyRoom(room.data, room.county, room.phone)
    second.begin()

    assert second.running is not None
    assert second.running.wait() == 1
    assert "正被另一个值班室使用" in second.log
    assert room.post(item(1), "one").status == 202, "the first is not disturbed"


def test_a_taken_port_is_said_in_a_sentence(room: DutyRoom, tmp_path: Path) -> None:
    room.start()
    second = DutyRoom(tmp_path / "other", room.county, room.phone, port=room.port)
    second.begin()

    assert second.running is not None
    assert second.running.wait() == 1
    assert f"端口 {room.port} 无法监听" in second.log


@pytest.mark.parametrize(
    ("file", "pattern", "by", "said"),
    [
        pytest.param(
            "people.yaml", r"channels: \[app, sms, voice\]", "channels: [pigeon]", "pigeon",
            id="a person's channel that is not there",
        ),
        pytest.param("units.yaml", "kind: township", "kind: hamlet", "kind", id="a unit's kind"),
        pytest.param("roster.yaml", OFFICER, "nobody", "nobody", id="a stranger on duty"),
        pytest.param("county.yaml", "profile: .*", "profile: by_guess", "by_guess", id="a profile"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_county_stops_the_start(
    room: DutyRoom, file: str, pattern: str, by: str, said: str
) -> None:
    edit(room.county / file, pattern, by)
    line = next(
        number
        for number, text in enumerate((room.county / file).read_text("utf-8").splitlines(), 1)
        if by in text
    )
    room.begin()

    assert room.running is not None
    assert room.running.wait() == 1
    assert f"{file}:{line}" in room.log
    assert said in room.log
    assert "Traceback" not in room.log
    assert not (room.data / "jibao.sqlite3").exists(), "no book is begun under a mistaken county"


def test_a_mistake_in_the_rulebook_stops_the_start(room: DutyRoom, tmp_path: Path) -> None:
    import shutil

    law = tmp_path / "rulebook"
    shutil.copytree(ROOT / "rulebook", law, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    edit(law / "acknowledgement.yaml", "(?m)^minutes: 5", "minutes: soon")
    room.environment["JIBAO_RULEBOOK"] = str(law)
    room.begin()

    assert room.running is not None
    assert room.running.wait() == 1
    assert "acknowledgement.yaml:" in room.log
    assert "minutes" in room.log
    assert "Traceback" not in room.log


# A fault of ours.


def test_a_book_that_could_not_be_read_once_is_read_again(room: DutyRoom, phone: Phone) -> None:
    room.start("fail:look:disk:3")
    wait_until(lambda: "book_away" in room.log, "the fault came", told=lambda: room.log)

    assert room.post(item(1), "one").status == 202
    wait_for_the_call(room, phone, 1)
    wait_until(lambda: is_accepted(room, 1), "it is delivered", told=lambda: room.log)
    assert room.is_up


@pytest.mark.parametrize("place", ["look", "fire"])
def test_a_house_that_can_no_longer_call_does_not_go_on_taking_in(
    room: DutyRoom, place: str
) -> None:
    room.begin(f"fail:{place}:fault:2" if place == "look" else f"fail:{place}:fault:1")

    assert room.running is not None
    assert room.running.wait() != 0
    assert "ZeroDivisionError" in room.log


# A backup and its restoration.


def test_a_backup_made_at_work_is_whole(room: DutyRoom, tmp_path: Path, phone: Phone) -> None:
    room.start()
    told = [room.post(item(number), str(number)).json()["submission_id"] for number in range(20)]
    with ThreadPoolExecutor(1) as pool:
        more = pool.submit(lambda: [room.post(item(n), str(n)).status for n in range(20, 60)])
        made = room.command("backup", str(tmp_path / "copy"))
        assert set(more.result()) == {202}
    assert made.returncode == 0, made.stderr

    other = DutyRoom(tmp_path / "other", room.county, room.phone)
    restored = other.command("restore", str(tmp_path / "copy"))
    assert restored.returncode == 0, restored.stderr
    assert "jibao unmute" in restored.stderr
    book = book_in(other.data)
    kept = {row["uid"].hex() for row in book.rows("SELECT uid FROM submissions")}
    assert book.is_sound()
    assert {uid.replace("-", "") for uid in told} <= kept


def test_a_restored_book_is_mute_until_someone_has_looked_at_it(
    room: DutyRoom, tmp_path: Path, phone: Phone
) -> None:
    room.start()
    assert room.post(item(1), "one").status == 202
    wait_until(lambda: is_accepted(room, 1), "it is delivered", told=lambda: room.log)
    made = room.command("backup", str(tmp_path / "copy"))
    assert made.returncode == 0, made.stderr
    room.kill()
    phone.state.shelf.clear()

    with a_duty_room(tmp_path / "other", room.county, room.phone) as other:
        assert other.command("restore", str(tmp_path / "copy")).returncode == 0
        an_hour_passes_without_an_acknowledgement(other)
        other.start("slow:look:1")  # the clock calls before the delivery's first sweep
        assert other.ask("GET", "/-/ready").json()["is_muted"] is True
        wait_until(lambda: rings_of(other, 1), "the ladder climbs", told=lambda: other.log)
        assert other.post(item(2), "two").status == 202
        wait_until(lambda: sweeps_more(other, 2), "the house lives on", told=lambda: other.log)
        assert phone.state.shelf.after(0, 100) == []

        unmuted = other.command("unmute")
        assert unmuted.returncode == 0, unmuted.stderr
        wait_for_the_call(other, phone, 1)
        wait_for_the_call(other, phone, 2)


def an_hour_passes_without_an_acknowledgement(room: DutyRoom) -> None:
    hour = 3_600_000_000
    change(
        room.data,
        "UPDATE obligations SET counted_from = counted_from - ?, due_at = due_at - ?,"
        " next_at = next_at - ? WHERE duty = 'acknowledgement'",
        *(hour, hour, hour),
    )


def rings_of(room: DutyRoom, number: int) -> list[dict[str, object]]:
    return [row for row in book_in(room.data).deliveries(f"第{number}号") if row["cause"] == "ring"]


def sweeps_more(room: DutyRoom, seconds: float) -> bool:
    """Let the house go on for a while: what must not come has no other sign."""
    time.sleep(seconds)
    return room.is_up


def test_a_restoration_does_not_overwrite_a_book_in_silence(room: DutyRoom, tmp_path: Path) -> None:
    room.start()
    assert room.post(item(1), "one").status == 202
    assert room.command("backup", str(tmp_path / "copy")).returncode == 0

    beside = room.command("restore", str(tmp_path / "copy"), "--force")
    assert beside.returncode == 1
    assert "正被另一个值班室使用" in beside.stderr

    room.stop()
    without_force = room.command("restore", str(tmp_path / "copy"))
    assert without_force.returncode == 1
    assert "--force" in without_force.stderr
    assert room.command("restore", str(tmp_path / "copy"), "--force").returncode == 0
    assert list(room.data.glob("before-restore-*.sqlite3"))
