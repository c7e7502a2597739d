"""Run one benchmark by its name. 测速入口。"""

import os
from collections.abc import Callable
from typing import Any

from bench import accept, deadlines, express, latency, triage
from bench.machine import describe_machine
from bench.processes import Ground, StartError, ground
from bench.report import Measured, Say, as_object, progress, say, show
from bench.scale import FULL, SMALL, Scale

BENCHES: dict[str, Callable[[Ground, Scale, Say], Measured]] = {
    "latency": latency.measure,
    "accept": accept.measure,
    "deadlines": deadlines.measure,
    "express": express.measure,
    "triage": triage.measure,
}


def run(name: str, *, as_json: bool, scale: Scale | None = None) -> int:
    """Run a benchmark and show what it found. Returns the exit code.

    `JIBAO_BENCH_SCALE=small` runs a size that only shows that it works.
    """
    measure = BENCHES.get(name)
    if measure is None:
        progress.print(f"没有名为“{name}”的测速；有：{'、'.join(BENCHES)}", markup=False)
        return 2
    chosen = scale or (SMALL if os.environ.get("JIBAO_BENCH_SCALE") == "small" else FULL)
    try:
        shown, is_sound = _measure(name, measure, chosen)
    except StartError as error:
        progress.print(str(error), markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        progress.print("已中断，所起的进程均已结束。")
        return 130
    show(shown, as_json=as_json)
    if not is_sound:
        progress.print("结果不成立：有丢失，或台账与回执不符，详见 settings.detail。", markup=False)
    return 0 if is_sound else 1


def _measure(
    name: str, measure: Callable[[Ground, Scale, Say], Measured], scale: Scale
) -> tuple[dict[str, Any], bool]:
    with ground() as place:
        machine = describe_machine(place.folder)
        measured = measure(place, scale, say)
    return as_object(name, machine, measured), measured.is_sound
