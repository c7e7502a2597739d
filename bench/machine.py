"""On what machine a figure was taken. 测速所用机器。"""

import os
import platform
import sqlite3
from pathlib import Path
from typing import Any


def describe_machine(folder: Path) -> dict[str, Any]:
    """Return processor, memory, kernel, disk and versions; `folder` is where the books rest."""
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000,
        "kernel": f"{platform.system()} {platform.release()}",
        "file_system": file_system_of(folder),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_before": [round(load, 2) for load in os.getloadavg()],
    }


def file_system_of(folder: Path) -> str:
    """Return the kind of file system that holds `folder`, as the kernel names it."""
    found = ("/", "unknown")
    for line in _lines("/proc/self/mounts"):
        _, place, kind, *_ = line.split(" ")
        is_above = folder.resolve().is_relative_to(place)
        if is_above and len(place) >= len(found[0]):
            found = (place, kind)
    return found[1]


def resident_mb(pid: int) -> float:
    """Return how much memory of a process is resident now."""
    for line in _lines(f"/proc/{pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1_000
    return 0.0


def _cpu() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []
