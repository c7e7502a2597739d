"""How many items a second are durable and answered, singly and in batches. 收件速度。

Each 202 stands for an item whose transaction was fsync'd. At the end the book is counted: it
must hold exactly what was answered.
"""

from statistics import median
from typing import Any

import orjson
import uvloop

from bench import alertmanager
from bench.items import routine
from bench.opening import a_phone, a_room
from bench.processes import Ground
from bench.report import Measured, Say
from bench.room import Room, bearer
from bench.scale import Scale
from bench.settled import Figures, ratios
from bench.throughput import Flooded, flood
from bench.wire import request

_VARIETY = 97


def measure(ground: Ground, scale: Scale, say: Say) -> Measured:
    """Measure single accepts, the same under keys, and batches; then the peer."""
    phone = a_phone(ground)
    found: dict[str, list[float]] = {"single": [], "keyed": [], "batch": []}
    books: list[dict[str, Any]] = []
    for number in range(scale.rounds):
        room = a_room(ground, f"accept-{number}", phone)
        tokens = room.tokens()
        room.start()
        say(f"单件收件，{scale.accept_connections} 个连接，第 {number + 1}/{scale.rounds} 轮")
        single = uvloop.run(_singly(room, tokens, scale, is_keyed=False))
        keyed = uvloop.run(_singly(room, tokens, scale, is_keyed=True))
        say(f"成批收件，每批 {scale.batch_lines} 件，第 {number + 1}/{scale.rounds} 轮")
        batch = uvloop.run(_in_batches(room, tokens, scale))
        books.append(_compared(room, single, keyed, batch, scale.batch_lines))
        about = room.about()
        room.stop()
        found["single"].append(single.per_second(202))
        found["keyed"].append(keyed.per_second(202))
        found["batch"].append(batch.per_second(202) * scale.batch_lines)
    peer = alertmanager.accept(ground, scale, say)
    figures: Figures = {
        "single_per_s": round(median(found["single"])),
        "batch_per_s": round(median(found["batch"])),
    }
    return Measured(
        figures=figures,
        settings={
            **about,
            "connections": scale.accept_connections,
            "seconds": scale.accept_seconds,
            "item_bytes": len(orjson.dumps(routine(0))),
            "batch_lines": scale.batch_lines,
            "batch_connections": scale.batch_connections,
            "rounds": scale.rounds,
            "figure": "median of the rounds, each on a new book; routine items, judged singly, "
            "kept for judgement in batches",
        },
        detail={
            "single_keyed_per_s": round(median(found["keyed"])),
            "rounds": {name: [round(rate) for rate in rates] for name, rates in found.items()},
            "books": books,
            "ratio_to_peer": ratios(figures, peer["figures"]) if peer else None,
        },
        peer=peer,
        is_sound=all(book["is_equal"] for book in books),
    )


async def _singly(room: Room, tokens: list[str], scale: Scale, *, is_keyed: bool) -> Flooded:
    bodies = [orjson.dumps(routine(number)) for number in range(_VARIETY)]
    callers = [bearer(token) for token in tokens]
    plain = [
        request("POST", "/api/v1/submissions", body, caller)
        for body in bodies
        for caller in callers
    ]
    sent = 0

    def whole(_: int) -> bytes:
        nonlocal sent
        sent += 1
        if not is_keyed:
            return plain[sent % len(plain)]
        caller = {**callers[sent % len(callers)], "Idempotency-Key": f"bench-{sent}"}
        return request("POST", "/api/v1/submissions", bodies[sent % _VARIETY], caller)

    return await flood(room.port, whole, scale.accept_connections, scale.accept_seconds)


async def _in_batches(room: Room, tokens: list[str], scale: Scale) -> Flooded:
    lines = [orjson.dumps(routine(number)) for number in range(scale.batch_lines)]
    body = b"\n".join(lines)
    callers = [{**bearer(token), "Content-Type": "application/x-ndjson"} for token in tokens]
    batches = [request("POST", "/api/v1/submissions:batch", body, caller) for caller in callers]
    return await flood(
        room.port,
        lambda number: batches[number % len(batches)],
        scale.batch_connections,
        scale.batch_seconds,
    )


def _compared(
    room: Room, single: Flooded, keyed: Flooded, batch: Flooded, lines: int
) -> dict[str, Any]:
    """Compare the book with what was answered."""
    singly = single.in_all.get(202, 0) + keyed.in_all.get(202, 0)
    answered = singly + batch.in_all.get(202, 0) * lines
    kept = room.held()
    others = {
        str(status): number
        for each in (single, keyed, batch)
        for status, number in each.in_all.items()
        if status != 202
    }
    return {
        "answered": answered,
        "held": kept,
        "is_equal": 0 < answered == kept,
        "other_answers": others,
    }
