"""From a due instant to the notice handed over, with a million obligations open. 到期时延。

One after another, then a thousand of a thousand units at one instant, then a restart. Handed
over is when the phone has read the whole request, by its own clock.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from bench import big_county
from bench.big_county import Due, clerk_id
from bench.machine import resident_mb
from bench.opening import a_phone, a_room
from bench.processes import Ground
from bench.report import Measured, Say
from bench.room import Phone, Room, now, now_us
from bench.scale import Scale
from bench.settled import Figures, summary
from vocabulary.china_time import to_microseconds

_PAUSE = timedelta(seconds=3)
_FAR = timedelta(days=30)
_GIVE_UP_SECONDS = 20.0
_NO_PEER = "Alertmanager knows no deadline: nothing there is due"


def measure(ground: Ground, scale: Scale, say: Say) -> Measured:
    """Measure one due at a time, a thousand at once, and a restart, on one large book."""
    phone = a_phone(ground)
    room = a_room(ground, "deadlines", phone)
    big_county.grow(room.county_folder, scale.units)
    say(f"写入 {scale.open_obligations} 项未到期的应报事项")
    big_county.write_many(room, scale.open_obligations, now() + _FAR)
    first = now() + timedelta(seconds=scale.start_seconds)
    gap = timedelta(seconds=scale.trial_gap_seconds)
    trials = [Due(n % scale.units, first + n * gap) for n in range(scale.trials)]
    together = trials[-1].due_at + _PAUSE
    crowd = [Due(number, together) for number in range(scale.units)]
    big_county.write(room, [*trials, *crowd])
    room.start()
    say(f"逐项到期 {scale.trials} 次，随后 {scale.units} 项同一刻到期")
    singly = _each(phone, trials)
    due_1000_s, lost = _at_once(phone, together, scale.units)
    assert room.process is not None
    rss = resident_mb(room.process.pid)
    room.stop()
    say("重启")
    restart_s = _restart(room, phone)
    figures = {
        "open": scale.open_obligations,
        **{name: singly[name] for name in ("p50_ms", "p99_ms") if name in singly},
        **({"due_1000_s": due_1000_s} if due_1000_s is not None else {}),
        "restart_s": restart_s,
        "rss_mb": round(rss, 1),
        "file_mb": room.file_mb(),
    }
    return Measured(
        figures=figures,
        settings=room.about() | _settings(scale),
        detail={"max_ms": singly.get("max_ms"), "lost_singly": singly["lost"], "lost": lost},
        is_sound=singly["lost"] == 0 and lost == 0,
    )


def _settings(scale: Scale) -> dict[str, Any]:
    return {
        "trials": scale.trials,
        "gap_seconds": scale.trial_gap_seconds,
        "units": scale.units,
        "due_1000_s": f"from the instant to the last of {scale.units} notices to as many units",
        "restart_s": "from exec of `jibao up` to the first notice handed over",
        "peer": _NO_PEER,
    }


def _each(phone: Phone, trials: list[Due]) -> Figures:
    """Wait for each trial's notice to its unit's clerk."""
    waiting = {(clerk_id(due.unit), number): due for number, due in enumerate(trials)}
    owed: dict[str, list[int]] = {}
    for number, due in enumerate(trials):
        owed.setdefault(clerk_id(due.unit), []).append(number)
    times = []
    until = _monotonic_of(trials[-1].due_at) + _GIVE_UP_SECONDS / 10
    while waiting and time.monotonic() < until:
        for message in phone.messages():
            numbers = owed.get(message["to"])
            if numbers:
                due = waiting.pop((message["to"], numbers.pop(0)))
                times.append((message["at"] - to_microseconds(due.due_at)) / 1_000)
        time.sleep(0.2)
    return summary(times) | {"lost": len(waiting)}


def _at_once(phone: Phone, instant: datetime, units: int) -> tuple[float | None, int]:
    """Return the seconds until the last unit was told, and how many never were."""
    left = {clerk_id(number) for number in range(units)}
    last_us = 0
    until = _monotonic_of(instant) + _GIVE_UP_SECONDS
    while left and time.monotonic() < until:
        for message in phone.messages():
            if message["to"] in left and message["at"] >= to_microseconds(instant):
                left.discard(message["to"])
                last_us = max(last_us, message["at"])
        time.sleep(0.1)
    if left:
        return None, len(left)
    return round((last_us - to_microseconds(instant)) / 1e6, 3), 0


def _restart(room: Room, phone: Phone) -> float:
    """Return the seconds from exec to the first notice: a nudge that is waiting to be sent."""
    soon = now() + timedelta(minutes=5)
    nudge = Due(0, soon, step=0, next_at=now() - timedelta(seconds=1))
    big_county.write(room, [nudge])
    phone.messages()
    began_us = now_us()
    room.start(is_awaited=False)
    until = time.monotonic() + _GIVE_UP_SECONDS
    while time.monotonic() < until:
        found = phone.messages()
        if found:
            room.stop()
            first_us: int = found[0]["at"]
            return round((first_us - began_us) / 1e6, 2)
        time.sleep(0.02)
    raise TimeoutError("no notice after the restart")


def _monotonic_of(instant: datetime) -> float:
    return time.monotonic() + (instant - now()).total_seconds()
