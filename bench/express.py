"""An emergency behind a flood of routine items. 快道时延。

The same emergencies at the same rate, first with nothing waiting, then while a queue of routine
items that came in batches is being judged. The queue is looked at before and after: a figure
taken while nothing waited would be no figure.
"""

from statistics import median

import orjson
import uvloop

from bench.items import emergency, routine
from bench.matching import Taken, figures_of
from bench.opening import a_phone, a_room
from bench.pacing import Sent, instants, send_at
from bench.processes import Ground
from bench.report import Measured, Say
from bench.room import Room, bearer, now
from bench.scale import Scale
from bench.settled import Figures
from bench.wire import Lines, request

_A_QUEUE = 10_000  # a smaller one may be judged before anybody looks
_NO_PEER = "Alertmanager keeps no queue of items to judge, so nothing can be overtaken there"


def measure(ground: Ground, scale: Scale, say: Say) -> Measured:
    """Measure without a queue and behind one, `rounds` times, each round on a new book."""
    phone = a_phone(ground)
    rounds: list[dict[str, Figures]] = []
    for number in range(scale.rounds):
        room = a_room(ground, f"express-{number}", phone)
        tokens = room.tokens()
        room.start()
        taken = Taken(phone, room.officers(now()))
        say(f"无积压，第 {number + 1}/{scale.rounds} 轮")
        unloaded = _spell(room, tokens, taken, f"u{number}n", scale)
        say(f"先入积压 {scale.express_queued} 件，第 {number + 1}/{scale.rounds} 轮")
        room.hold_back()
        uvloop.run(_queue(room, tokens[0], scale))
        before = room.waiting()
        room.let_go()
        loaded = _spell(room, tokens, taken, f"l{number}n", scale)
        loaded |= {"waiting_before": before, "waiting_after": room.waiting()}
        about = room.about()
        room.stop()
        rounds.append({"unloaded": unloaded, "loaded": loaded})
    figures = {
        "unloaded_p99_ms": round(median(r["unloaded"]["p99_ms"] for r in rounds), 2),
        "loaded_p99_ms": round(median(r["loaded"]["p99_ms"] for r in rounds), 2),
    }
    was_behind = all(r["loaded"]["waiting_before"] > 0 for r in rounds)
    lost = sum(spell["lost"] for each in rounds for spell in each.values())
    return Measured(
        figures=figures,
        settings={
            **about,
            "rate_per_s": scale.express_rate,
            "seconds": scale.express_seconds,
            "queued": scale.express_queued,
            "rounds": scale.rounds,
            "figure": "median of the rounds, each on a new book",
            "peer": _NO_PEER,
        },
        detail={"rounds": rounds, "lost": lost},
        is_sound=lost == 0 and (was_behind or scale.express_queued < _A_QUEUE),
    )


def _spell(room: Room, tokens: list[str], taken: Taken, name: str, scale: Scale) -> Figures:
    sent = uvloop.run(_post(room, tokens, name, scale))
    taken.wait_for(sent.at_us)
    return figures_of(sent, taken, lambda marker: True)  # noqa: ARG005


async def _post(room: Room, tokens: list[str], name: str, scale: Scale) -> Sent:
    whens = instants(scale.express_rate, scale.express_seconds, seed=scale.express_rate)
    callers = [bearer(token) for token in tokens]

    def whole(marker: str, number: int) -> bytes:
        caller = callers[number % len(callers)]
        return request("POST", "/api/v1/submissions", emergency(marker, number), caller)

    return await send_at(room.port, whens, [f"{name}{n}" for n in range(len(whens))], whole)


async def _queue(room: Room, token: str, scale: Scale) -> None:
    """Fill the inbox faster than it is judged."""
    lines = Lines(room.port)
    body = b"\n".join(orjson.dumps(routine(number)) for number in range(scale.batch_lines))
    whole = request("POST", "/api/v1/submissions:batch", body, bearer(token))
    for _ in range(-(-scale.express_queued // scale.batch_lines)):
        status, _ = await lines.ask(whole)
        if status != 202:
            raise RuntimeError(f"a batch was answered with {status}")
    lines.close()
