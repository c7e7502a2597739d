"""One emergency of each of many units inside a minute, under thousands of desks. 急报风暴。

Each page must reach the officer of the unit's own desk; one that reached another's counts as
lost.
"""

from dataclasses import dataclass, field, replace

import uvloop

from bench import alertmanager, wide_county
from bench.items import emergency
from bench.matching import Taken, client_of, figures_of
from bench.opening import a_phone, a_room
from bench.pacing import Sent, instants, send_at
from bench.processes import Ground
from bench.report import Measured, Say
from bench.room import Room, bearer
from bench.scale import Scale
from bench.settled import ratios
from bench.wire import request

_PATIENCE_SECONDS = 900.0  # for the last answer, however overloaded the house is
_FIGURES = ("p50_ms", "p99_ms", "lost")


@dataclass
class _TakenByDesk(Taken):
    """What the phone took, where each marker's page has one right addressee."""

    right: dict[str, str] = field(default_factory=dict)

    def is_right(self, marker: str, to: str) -> bool:
        return self.right.get(marker) == to


def measure(ground: Ground, scale: Scale, say: Say) -> Measured:
    """Measure one storm, and the peer at the same rate."""
    units, desks, seconds = scale.storm_units, scale.storm_desks, scale.storm_seconds
    phone = a_phone(ground)
    room = a_room(ground, "storm", phone)
    wide_county.write(room.county_folder, units, desks)
    say(f"{units} 个单位、{desks} 个值班室，正在启动")
    tokens = room.tokens_of([wide_county.unit_id(number) for number in range(units)])
    room.start()
    markers = [f"s{number}" for number in range(units)]
    right = {m: wide_county.officer_id(number % desks) for number, m in enumerate(markers)}
    taken = _TakenByDesk(phone, (), right=right)
    say(f"{seconds:g} 秒内每单位一件急报")
    sent = uvloop.run(_post(room, tokens, markers, seconds))
    taken.wait_for(sent.at_us)
    about = room.about()
    room.stop()
    found = figures_of(sent, taken, lambda marker: True)  # noqa: ARG005
    rate = round(units / seconds)
    peer = alertmanager.latency(
        ground, replace(scale, rounds=1, warm_up_seconds=0, rates=((rate, seconds),)), say
    )
    figures = {"units": units} | {name: found[name] for name in _FIGURES if name in found}
    return Measured(
        figures=figures,
        settings={
            **about,
            "desks": desks,
            "seconds": seconds,
            "rate_per_s": rate,
            "arrivals": "open loop, one of each unit, each at a random instant of its own share",
            "counted": "first page to the officer of the unit's own desk, by the phone's timestamp",
        },
        detail={
            **found,
            **client_of(sent),
            "messages": taken.count,
            "ratio_to_peer": ratios(figures, peer["figures"]) if peer else None,
        },
        peer=peer,
        is_sound=found["lost"] == 0,
    )


async def _post(room: Room, tokens: list[str], markers: list[str], seconds: float) -> Sent:
    rate = len(markers) / seconds
    whens = instants(rate, seconds, seed=len(markers))

    def whole(marker: str, number: int) -> bytes:
        caller = bearer(tokens[number])
        return request("POST", "/api/v1/submissions", emergency(marker, number), caller)

    return await send_at(room.port, whens, markers, whole, patience=_PATIENCE_SECONDS)
