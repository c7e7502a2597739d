"""From an emergency's submission to the officer's phone. 急报送达时延。

Handed over is when the phone has read the whole request, by its own clock, which is the
client's too. What counts is the first page to the officer on duty; the group rooms' copies are
sent as in real life and count for nothing.
"""

import uvloop

from bench import alertmanager
from bench.items import emergency
from bench.matching import Taken, client_of, figures_of
from bench.opening import a_phone, a_room
from bench.pacing import Sent, instants, send_at
from bench.processes import Ground
from bench.report import Measured, Say
from bench.room import Room, bearer, now
from bench.scale import Scale
from bench.settled import Figures, middle, ratios, worse
from bench.wire import request

_WARM, _COUNTED = "w", "c"


def measure(ground: Ground, scale: Scale, say: Say) -> Measured:
    """Measure jibao, then the peer, at each rate, `rounds` times."""
    phone = a_phone(ground)
    room = a_room(ground, "latency", phone)
    tokens = room.tokens()
    room.start()
    taken = Taken(phone, room.officers(now()))
    ours: dict[int, list[Figures]] = {rate: [] for rate, _ in scale.rates}
    for round_number in range(scale.rounds):
        for rate, seconds in scale.rates:
            say(f"急报 {rate} 件/秒 × {seconds:g} 秒，第 {round_number + 1}/{scale.rounds} 轮")
            spell = f"{round_number}r{rate}n"
            sent = uvloop.run(_post(room, tokens, spell, rate, seconds, scale.warm_up_seconds))
            taken.wait_for(sent.at_us)
            found = figures_of(sent, taken, lambda marker: marker.startswith(_COUNTED))
            ours[rate].append(found | client_of(sent))
    about = room.about()
    room.stop()
    by_rate = {rate: middle(rounds) for rate, rounds in ours.items()}
    peer = alertmanager.latency(ground, scale, say)
    figures = _named(worse(list(by_rate.values())))
    return Measured(
        figures=figures,
        settings={
            **about,
            "rates_per_s": {str(rate): seconds for rate, seconds in scale.rates},
            "rounds": scale.rounds,
            "warm_up_seconds": scale.warm_up_seconds,
            "arrivals": "open loop, each at a random instant of its own share of a second",
            "counted": "first page to the officer on duty, by the phone's timestamp",
            "messages_per_emergency": _most_common(taken),
            "figure": "median of the rounds at each rate, then the worse rate; max_ms the worst",
        },
        detail={
            "by_rate": {str(rate): found for rate, found in by_rate.items()},
            "rounds": {str(rate): found for rate, found in ours.items()},
            "ratio_to_peer": ratios(figures, peer["figures"]) if peer else None,
        },
        peer=peer,
        is_sound=figures["lost"] == 0,
    )


async def _post(  # noqa: PLR0917
    room: Room, tokens: list[str], spell: str, rate: int, seconds: float, warm_up: float
) -> Sent:
    whens = instants(rate, warm_up + seconds, seed=rate)
    markers = [
        f"{_WARM if when < warm_up else _COUNTED}{spell}{number}"
        for number, when in enumerate(whens)
    ]
    callers = [bearer(token) for token in tokens]

    def whole(marker: str, number: int) -> bytes:
        caller = callers[number % len(callers)]
        return request("POST", "/api/v1/submissions", emergency(marker, number), caller)

    return await send_at(room.port, whens, markers, whole)


def _named(found: Figures) -> Figures:
    return {name: found[name] for name in ("p50_ms", "p99_ms", "max_ms", "lost") if name in found}


def _most_common(taken: Taken) -> float:
    counts = list(taken.per_marker.values())
    return round(sum(counts) / len(counts), 2) if counts else 0
