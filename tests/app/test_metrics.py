"""Does the house count truly, and with labels that can hold no secret? 指标。

Read downwards: what an answer is counted under, what the book tells.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.exc import OperationalError

from app.gauges import BOOK_GAUGES, BookGauges
from app.metrics import GAUGES, Metrics
from ledger.book import open_book
from notifiers import reason_codes
from notifiers.plugins import CHANNELS
from rulebook.channel_urls import OUR_SCHEMES
from tests.builders import NIGHT, SECOND, a_desk, an_arrival
from tests.streams.duty_book import DutyBook
from vocabulary.terms import Outcome

ROOT = Path(__file__).parent.parent.parent
WORDS = ("Refused", "Unreachable", "Unknown")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[DutyBook]:
    opened = open_book(tmp_path)
    yield DutyBook(opened, a_desk())
    opened.close()


# What an answer is counted under.


def sentences_of(path: Path) -> Iterator[str]:
    """Every reason that a module can give, numbers and names of a kind filled in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
            continue
        if node.func.id in WORDS:
            for status in ("200", "302", "404", "503"):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else status
                    for part in getattr(node.args[0], "values", [node.args[0]])
                )


def test_every_reason_of_every_channel_has_a_code_of_its_own() -> None:
    modules = [*(ROOT / "notifiers").rglob("*.py"), ROOT / "streams" / "deliver.py"]
    said = {sentence for path in modules for sentence in sentences_of(path)}
    uncounted = {each for each in said if reason_codes.code_of(each) == reason_codes.OTHER}

    assert len(said) > 20
    assert uncounted == set()
    assert {reason_codes.code_of(each) for each in said} <= reason_codes.CODES


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "ok"),
        ("HTTP 503", "http_5xx"),
        ("HTTP 302，被转向别处，未送达", "http_3xx"),
        ("HTTP 200，答复无法识别", "http_unreadable"),
        ("返回码 93000：机器人已被移出", "provider_code"),
        ("4.5 秒内没有答复", "no_answer"),
        ("连接中断，未见完整答复", "cut_off"),
        ("和平路起火 13800000000", "other"),
    ],
)
def test_a_reason_is_counted_by_its_kind(reason: str, code: str) -> None:
    assert reason_codes.code_of(reason) == code


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("jibao-wecom://127.0.0.1:1/a-secret", "wecom"),
        ("jibao-wecoms://qyapi.example/a-secret", "wecom"),
        ("jibao-sms://127.0.0.1/13800000000", "sms"),
        ("mailto://user:a-secret@example.com", "apprise"),
        ("", "none"),
    ],
)
def test_a_channel_is_counted_by_its_kind_and_never_by_its_address(url: str, kind: str) -> None:
    assert reason_codes.kind_of(url) == kind


def test_every_kind_of_channel_that_a_county_may_write_has_a_name() -> None:
    ours = {scheme.removeprefix("jibao-") for scheme in OUR_SCHEMES}

    assert ours == reason_codes.KINDS - {"none", "apprise"}
    assert len(CHANNELS) == len(ours)


def test_an_answer_is_counted_by_outcome_channel_and_reason() -> None:
    metrics = Metrics()
    metrics.answered(Outcome.REFUSED, "wecom", "provider_code")

    labels = {"outcome": "refused", "channel": "wecom", "reason": "provider_code"}
    assert metrics.registry.get_sample_value("jibao_channel_answers_total", labels) == 1


def test_every_gauge_that_is_declared_is_told_by_some_part() -> None:
    rooms = [
        ROOT / "app" / "metrics.py",
        ROOT / "app" / "room.py",
        *(ROOT / "app" / "parts").glob("*.py"),
    ]
    source = "".join(path.read_text("utf-8") for path in rooms)

    assert [name for name in GAUGES if f'tell("{name}"' not in source] == []


# What the book tells.


def told(gauges: BookGauges) -> dict[str, float]:
    registry = CollectorRegistry()
    gauges.register(registry)
    return {sample.name: sample.value for family in registry.collect() for sample in family.samples}


def test_of_an_empty_book_all_is_nought_and_nothing_is_published(room: DutyBook) -> None:
    gauges = BookGauges(room.book, lambda: NIGHT)
    gauges.look()

    assert told(gauges) == dict.fromkeys(set(BOOK_GAUGES) - {"jibao_outbox_depth"}, 0) | {
        "jibao_book_up": 1
    }


def test_what_waits_has_an_age_that_grows_between_two_looks(room: DutyBook) -> None:
    now = NIGHT
    room.keep(an_arrival("1"))
    gauges = BookGauges(room.book, lambda: now)
    gauges.look()
    now = NIGHT + 40 * SECOND

    found = told(gauges)

    assert found["jibao_inbox_waiting"] == 1
    assert found["jibao_oldest_unjudged_seconds"] == 40


def test_an_alert_that_nobody_received_has_an_age(room: DutyBook) -> None:
    room.take(an_arrival())
    gauges = BookGauges(room.book, lambda: NIGHT + 70 * SECOND)
    gauges.look()

    assert told(gauges)["jibao_oldest_undelivered_alert_seconds"] == 70


class AwayBook:
    """A book whose server is gone, or hangs."""

    is_shared = True

    def read(self) -> object:
        raise OperationalError("", {}, Exception("gone"))


def test_a_book_that_is_away_is_nought_up_and_tells_no_figure(room: DutyBook) -> None:
    gauges = BookGauges(room.book, lambda: NIGHT)
    gauges.look()
    gauges.book = AwayBook()  # type: ignore[assignment]
    gauges.look()

    assert told(gauges) == {"jibao_book_up": 0}
    assert not gauges.is_up()


def test_a_book_that_has_not_answered_for_a_while_is_not_up(room: DutyBook) -> None:
    seconds = 0.0
    gauges = BookGauges(room.book, lambda: NIGHT, lambda: seconds)
    gauges.look()
    assert gauges.is_up()

    seconds = 60.0  # the look in hand hangs

    assert told(gauges) == {"jibao_book_up": 0}


def test_a_scrape_asks_nothing_of_the_book() -> None:
    registry = CollectorRegistry()
    BookGauges(AwayBook(), lambda: NIGHT).register(registry)  # type: ignore[arg-type]

    assert b"jibao_book_up 0.0" in generate_latest(registry)


def test_no_gauge_is_declared_twice() -> None:
    assert not set(GAUGES) & set(BOOK_GAUGES)
