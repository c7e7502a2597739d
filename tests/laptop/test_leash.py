"""A server ends with the process that started it. 主进程一去，服务随之而止。"""

import os
import select
import signal
import subprocess
import sys

import pytest

PARENT = """
import subprocess, sys, time
from app.laptop.leash import Leash
server = subprocess.Popen(["sleep", "600"], start_new_session=True)
Leash().hold(server.pid)
print(server.pid, flush=True)
if sys.argv[1] == "return":
    sys.exit()
time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, None], ids=str)
def test_a_server_ends_with_the_process_that_started_it(end: signal.Signals | None) -> None:
    stay = "return" if end is None else "stay"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, stay], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout is not None
        server = os.pidfd_open(int(parent.stdout.readline()))
        if end is not None:
            parent.send_signal(end)

        ended, _, _ = select.select([server], [], [], 20)

    os.close(server)
    assert ended
