"""Run one benchmark by its name. 测速入口。"""

import os
from collections.abc import Callable
from typing import Any

from bench import accept, deadlines, express, history, latency, storm, triage
from bench.machine import describe_machine
from bench.processes import Ground, StartError, ground
from bench.report import Measured, Say, as_object, progress, say, show
from bench.scale import FULL, SMALL, Scale

BENCHES: dict[str, Callable[[Ground, Scale, Say], Measured]] = {
    "latency": latency.measure,
    "accept": accept.measure,
    "deadlines": deadlines.measure,
    "express": express.measure,
    "history": history.measure,
    "storm": storm.measure,
    "triage": triage.measure,
}


IN_ONE_PROCESS = ("deadlines", "history")  # on the log a report waits some seconds to be missed


def run(
    name: str,
    *,
    as_json: bool,
    kafka: str | None = None,
    is_on_postgres: bool = False,
    scale: Scale | None = None,
) -> int:
    """Run a benchmark and show what it found. Returns the exit code.

    `JIBAO_BENCH_SCALE=small` runs a size that only shows that it works.

    Args:
        name: one of `BENCHES`.
        as_json: print one object in the place of a table.
        kafka: the brokers for a room in its parts; empty for a broker and a PostgreSQL of our
            own; None for a room in one process.
        is_on_postgres: the one process has a PostgreSQL of its own in the place of a file.
        scale: how much is done.
    """
    measure = BENCHES.get(name)
    if measure is None:
        progress.print(f"没有名为“{name}”的测速；有：{'、'.join(BENCHES)}", markup=False)
        return 2
    if kafka is not None and (is_on_postgres or name in IN_ONE_PROCESS):
        said = "--kafka 已含 PostgreSQL" if is_on_postgres else f"“{name}”只测一体部署"
        progress.print(f"{said}，不能加 --kafka；测 PostgreSQL 台账请用 --postgres", markup=False)
        return 2
    chosen = scale or (SMALL if os.environ.get("JIBAO_BENCH_SCALE") == "small" else FULL)
    try:
        shown, is_sound = _measure(name, measure, chosen, kafka, is_on_postgres=is_on_postgres)
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
    name: str,
    measure: Callable[[Ground, Scale, Say], Measured],
    scale: Scale,
    kafka: str | None,
    *,
    is_on_postgres: bool,
) -> tuple[dict[str, Any], bool]:
    with ground(kafka, is_on_postgres=is_on_postgres) as place:
        machine = describe_machine(place.folder)
        measured = measure(place, scale, say)
    return as_object(name, machine, measured), measured.is_sound
