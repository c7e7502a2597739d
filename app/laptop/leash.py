"""Ends the servers of a process that is gone, however it went. 主进程一去，所起的服务随之而止。

A small process of its own holds a pidfd of each server; its input is a pipe whose other end only
we hold. When we go, by `kill -9` too, the pipe closes, and it kills what it still holds.
(PR_SET_PDEATHSIG is forgotten when a program changes its user, as PostgreSQL's does under root,
and takes the thread that forked for the parent: a thread of a pool may end long before us.)

This file is both ends: run as a program it is the holder, so it imports the standard library only.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable


class Leash:
    """Holds servers by their pid, until it is closed or this process is gone."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            start_new_session=True,  # what is sent to our group must not reach it
            text=True,
        )

    def hold(self, pid: int) -> None:
        """Kill this process when we are gone; what has ended meanwhile is forgotten."""
        assert self._holder.stdin is not None
        self._holder.stdin.write(f"{pid}\n")
        self._holder.stdin.flush()

    def close(self) -> None:
        """Kill what is still held, and wait for the holder's end."""
        assert self._holder.stdin is not None
        self._holder.stdin.close()
        self._holder.wait()


def _hold_all(pids: Iterable[str]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    held = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            held.append(os.pidfd_open(int(pid)))
    for process in held:  # a pidfd never means another process that got the same pid
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)


if __name__ == "__main__":
    _hold_all(sys.stdin)
