"""From an emergency's submission to the officer's phone, on a book of ten million items. 历史量。

Two rooms stand side by side, one with a short history and one with a long one, and are measured
in turn: a machine that drifts drifts for both. What makes the history is a routine item and an
emergency that each room took in itself, copied with closed obligations and all that follows.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import uvloop
from sqlalchemy import Connection, Table, select

from bench.filling import filling, highest, multiply, one_of
from bench.items import emergency, routine
from bench.machine import resident_mb
from bench.matching import Taken, client_of, figures_of
from bench.opening import a_phone, a_room
from bench.pacing import Sent, instants, send_at
from bench.processes import Ground
from bench.report import Measured, Say
from bench.room import Room, bearer, now
from bench.scale import Scale
from bench.settled import Figures, middle
from bench.wire import Lines, request
from ledger.schema import alerts, attempts, cases, deliveries, facts, obligations, submissions
from vocabulary.china_time import to_microseconds
from vocabulary.terms import DeliveryState, Duty, Fulfilment, Timeliness, Verdict

_WARM, _COUNTED = "w", "c"
_YEARS = timedelta(days=3 * 365)
_ITEMS_A_CASE, _PROSE_A_CASE = 50, 9  # of what comes to a duty room, most is nil reports
_NIL = {"title": "零报告", "body": "今日我单位未发生突发事件，值班人员在岗。", "stage": "nil"}
_TABLES = (submissions, obligations, cases, alerts, deliveries, attempts, facts)
_NO_PEER = "Alertmanager keeps no history of what it has sent"


def measure(ground: Ground, scale: Scale, say: Say) -> Measured:
    """Measure both rooms in turn, `history_rounds` times."""
    phone = a_phone(ground)
    began = now()
    many, built_s = _with_history(ground, "many", scale.history_items, phone, say)
    few, _ = _with_history(ground, "few", scale.history_items_few, phone, say)
    file_mb = many.file_mb()
    for room in (few, many):
        room.start()
    taken = Taken(phone, many.officers(began))
    tokens = {room.data: room.tokens() for room in (few, many)}
    rounds: dict[str, list[Figures]] = {"few": [], "many": []}
    for number in range(scale.history_rounds):
        for name, room in (("few", few), ("many", many)):
            say(f"{name}：{scale.history_rate} 件/秒，第 {number + 1}/{scale.history_rounds} 轮")
            sent = uvloop.run(_post(room, tokens[room.data], f"{name}{number}n", scale))
            taken.wait_for(sent.at_us)
            found = figures_of(sent, taken, lambda marker: marker.startswith(_COUNTED))
            rounds[name].append(found | client_of(sent))
    assert many.process is not None
    rss = resident_mb(many.process.pid)
    about = many.about()
    for room in (few, many):
        room.stop()
    by_room = {name: middle(found) for name, found in rounds.items()}
    ratio = by_room["many"]["p99_ms"] / by_room["few"]["p99_ms"]
    lost = sum(found["lost"] for found in by_room.values())
    return Measured(
        figures={
            "items": scale.history_items,
            "p99_ratio": round(ratio, 3),
            "p50_ms": by_room["many"]["p50_ms"],
            "p99_ms": by_room["many"]["p99_ms"],
            "rss_mb": round(rss, 1),
            "file_mb": file_mb,
        },
        settings=about | _settings(scale, built_s),
        detail={"by_room": by_room, "rounds": rounds, "lost": lost},
        is_sound=lost == 0,
    )


def _settings(scale: Scale, built_s: float) -> dict[str, Any]:
    return {
        "items_few": scale.history_items_few,
        "rounds": scale.history_rounds,
        "rate_per_s": scale.history_rate,
        "seconds": scale.history_seconds,
        "items": f"of {_ITEMS_A_CASE} one opens a case, {_PROSE_A_CASE} are prose, others nil",
        "built_s": built_s,
        "arrivals": "open loop, each at a random instant of its own share of a second",
        "counted": "first page to the officer on duty, by the phone's timestamp",
        "figure": "median of the rounds of each room, the rooms in turn; p99_ratio is many to few",
        "peer": _NO_PEER,
    }


def _with_history(
    ground: Ground, name: str, items: int, phone: Any, say: Say
) -> tuple[Room, float]:
    """Return a room that has its history and does not run, and how long writing that took."""
    room = a_room(ground, f"history-{name}", phone)
    tokens = room.tokens()
    room.start()
    uvloop.run(_patterns(room, tokens[0]))
    Taken(phone, room.officers(now())).wait_for(["pattern"])
    room.stop()
    say(f"写入 {items} 件历史报送及其已办结事项")
    began = now()
    with filling(room, *_TABLES) as connection:
        _copy(connection, items, [u.unit_id for u in room.county.units.values()])
    return room, round((now() - began).total_seconds(), 1)


async def _patterns(room: Room, token: str) -> None:
    """Let the room take in what is copied afterwards."""
    lines = Lines(room.port)
    for body in (orjson.dumps(_NIL), orjson.dumps(routine(0)), emergency("pattern", 0)):
        status, _ = await lines.ask(request("POST", "/api/v1/submissions", body, bearer(token)))
        assert status in (200, 202), status
    lines.close()


def _copy(connection: Connection, items: int, unit_ids: list[str]) -> None:
    """Write the history: each item with an obligation met, some with a case and its pages."""
    units, incidents = one_of(sorted(unit_ids)), items // _ITEMS_A_CASE
    passed = str(to_microseconds(now()))

    def put(table: Table, key: int, count: int, **own: str) -> int:
        every_us = _YEARS // timedelta(microseconds=max(1, count))
        return multiply(connection, table, key, count, apart_us=every_us, own=own)

    _, page = _keys(connection, submissions, submissions.c.verdict == Verdict.EMERGENCY.value)
    nil, prose = _keys(connection, submissions, submissions.c.verdict == Verdict.ROUTINE.value)
    first_case = put(cases, highest(connection, cases), incidents, unit_id=units, closed_at=passed)
    first_alert = put(
        alerts,
        highest(connection, alerts),
        incidents,
        case_id=f"{first_case} + n",
        unit_id=units,
        acknowledged_at=passed,
        acknowledged_by="'duty'",
    )
    own = {"unit_id": units, "owing_unit_id": units}
    put(submissions, page, incidents, case_id=f"{first_case} + n", **own)
    put(submissions, prose, incidents * _PROSE_A_CASE, **own)
    put(submissions, nil, items - incidents * (1 + _PROSE_A_CASE), **own)
    _copy_duties(connection, put, items, units, first_case)
    _copy_pages(connection, put, incidents, first_case, first_alert)


def _copy_duties(
    connection: Connection, put: Callable[..., int], items: int, units: str, first_case: int
) -> None:
    owed, _ = _keys(connection, obligations, obligations.c.duty != Duty.ACKNOWLEDGEMENT.value)
    put(
        obligations,
        owed,
        items,
        owed_by=units,
        case_id=f"{first_case} + n / {_ITEMS_A_CASE}",
        alert_id="NULL",
        fulfilment=f"'{Fulfilment.MET.value}'",
        timeliness=f"'{Timeliness.ON_TIME.value}'",
        fulfilled_at="row.due_at",
        fulfilled_by="row.opened_by",
        next_at="NULL",
    )


def _copy_pages(
    connection: Connection,
    put: Callable[..., int],
    incidents: int,
    first_case: int,
    first_alert: int,
) -> None:
    for key in _all(connection, deliveries):
        first = put(
            deliveries,
            key,
            incidents,
            case_id=f"{first_case} + n",
            alert_id=f"{first_alert} + n",
            obligation_id="NULL",
            state=f"'{DeliveryState.ACCEPTED.value}'",
            next_at="NULL",
        )
        sent, _ = _keys(connection, attempts, attempts.c.outcome.is_not(None))
        put(attempts, sent, incidents, delivery_id=f"{first} + n")
    for key in _all(connection, facts):
        put(facts, key, incidents, case_id=f"{first_case} + n", published_at="row.at")


def _keys(connection: Connection, table: Table, where: Any) -> tuple[int, int]:
    """Return the first and the last key of what the room wrote itself."""
    found = connection.execute(select(table.c.id).where(where).order_by(table.c.id)).scalars().all()
    return found[0], found[-1]


def _all(connection: Connection, table: Table) -> list[int]:
    return [*connection.execute(select(table.c.id).order_by(table.c.id)).scalars()]


async def _post(room: Room, tokens: list[str], spell: str, scale: Scale) -> Sent:
    warm_up = scale.warm_up_seconds
    whens = instants(scale.history_rate, warm_up + scale.history_seconds, seed=len(spell))
    markers = [f"{_WARM if when < warm_up else _COUNTED}{spell}{n}" for n, when in enumerate(whens)]
    callers = [bearer(token) for token in tokens]

    def whole(marker: str, number: int) -> bytes:
        caller = callers[number % len(callers)]
        return request("POST", "/api/v1/submissions", emergency(marker, number), caller)

    return await send_at(room.port, whens, markers, whole)
