"""`jibao demo`: the duty room with a fictional county, a loopback phone and a lively day. 演示。"""

import os
import tempfile
from pathlib import Path

import structlog
import uvloop

from app.demo.opening import listen, port_of
from app.demo.running import Demo
from app.demo.script import COUNTY, read_script
from app.demo.telling import Terminal
from app.saying import quiet_logs, said
from app.settings import read_settings


def play(*, port: int | None, phone_port: int, speed: float, seed: int) -> int:
    """Run `jibao demo` until Ctrl-C. Returns the exit code."""
    console = Terminal(highlight=False)
    quiet_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))

    def run() -> None:
        script = read_script()
        wanted = read_settings(county=COUNTY, port=port, deadman_url="")
        with (
            tempfile.TemporaryDirectory(prefix="jibao-demo-") as folder,
            listen(wanted.host, wanted.port) as door,
            listen("127.0.0.1", phone_port) as phone_door,
        ):
            for asked, found in ((wanted.port, port_of(door)), (phone_port, port_of(phone_door))):
                if asked not in (0, found):
                    console.print(f"端口 {asked} 已被占用，改用 {found}。")
            os.environ["JIBAO_PHONE"] = f"127.0.0.1:{port_of(phone_door)}"
            settings = read_settings(
                data=Path(folder), county=COUNTY, port=port_of(door), deadman_url=""
            )
            demo = Demo(settings, script, console, speed, seed, door, phone_door)
            uvloop.run(demo.run())

    return said(run)
