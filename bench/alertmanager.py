"""The peer: Debian's prometheus-alertmanager, doing what it can of the same work. 对照。

It keeps alerts in memory and writes its notification log every quarter of an hour: no alert is
fsync'd before it is answered, so its accepts are cheaper by what a promise costs. It knows no
units, no rota, no clocks and no acknowledgement.
"""

import shutil
import subprocess
from dataclasses import dataclass
from itertools import count
from typing import Any

import orjson
import uvloop

from bench.items import emergency, routine
from bench.matching import Taken, client_of, figures_of
from bench.pacing import Sent, instants, send_at
from bench.processes import Ground, free_port
from bench.report import Say, progress
from bench.room import Phone
from bench.scale import Scale
from bench.settled import Figures, middle, worse
from bench.throughput import flood
from bench.wire import request

NAME = "prometheus-alertmanager"
_MEND = "apt-get install prometheus-alertmanager"
_JSON = {"Content-Type": "application/json"}
_PATH = "/api/v2/alerts"
_CONFIG = """\
route:
  receiver: nobody
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1h
  repeat_interval: 24h
  routes:
    - receiver: people
      matchers: [kind="emergency"]
      group_by: ['...']
receivers:
  - name: nobody
  - name: people
    webhook_configs:
      - {{url: 'http://127.0.0.1:{port}/officer', send_resolved: false}}
      - {{url: 'http://127.0.0.1:{port}/room-1', send_resolved: false}}
      - {{url: 'http://127.0.0.1:{port}/room-2', send_resolved: false}}
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A running Alertmanager and the receiver it sends to."""

    port: int
    phone: Phone
    process: subprocess.Popen[bytes]
    version: str


def latency(ground: Ground, scale: Scale, say: Say) -> dict[str, Any] | None:
    """Measure alert → webhook at the same rates; None where it is not installed."""
    peer = _start(ground)
    if peer is None:
        return None
    taken = Taken(peer.phone, {"officer"})
    found: dict[int, list[Figures]] = {rate: [] for rate, _ in scale.rates}
    for round_number in range(scale.rounds):
        for rate, seconds in scale.rates:
            say(f"{NAME} {rate} 件/秒 × {seconds:g} 秒，第 {round_number + 1}/{scale.rounds} 轮")
            spell = f"{round_number}r{rate}n"
            sent = uvloop.run(_post(peer, spell, rate, seconds, scale.warm_up_seconds))
            taken.wait_for(sent.at_us)
            counted = figures_of(sent, taken, lambda marker: marker.startswith("c"))
            found[rate].append(counted | client_of(sent))
    ground.end(peer.process)
    by_rate = {rate: middle(rounds) for rate, rounds in found.items()}
    worst = worse(list(by_rate.values()))
    names = [name for name in ("p50_ms", "p99_ms", "max_ms", "lost") if name in worst]
    return {
        "name": NAME,
        "version": peer.version,
        "settings": "group_wait 0s, one group an alert, three webhooks; nothing fsync'd per alert",
        "figures": {name: worst[name] for name in names},
        "by_rate": {str(rate): each for rate, each in by_rate.items()},
    }


def accept(ground: Ground, scale: Scale, say: Say) -> dict[str, Any] | None:
    """Measure alerts accepted per second, singly and in batches; None where not installed."""
    peer = _start(ground)
    if peer is None:
        return None
    numbers = count()

    def batch(lines: int) -> bytes:
        alerts = [_routine(next(numbers)) for _ in range(lines)]
        return request("POST", _PATH, orjson.dumps(alerts), _JSON)

    say(f"{NAME} 单件收件，{scale.accept_connections} 个连接")
    single = uvloop.run(
        flood(peer.port, lambda _: batch(1), scale.accept_connections, scale.accept_seconds)
    )
    say(f"{NAME} 成批收件，每批 {scale.batch_lines} 件")
    many = uvloop.run(
        flood(
            peer.port,
            lambda _: batch(scale.batch_lines),
            scale.batch_connections,
            scale.batch_seconds,
        )
    )
    ground.end(peer.process)
    return {
        "name": NAME,
        "version": peer.version,
        "settings": "alerts routed to nobody; kept in memory, nothing fsync'd per alert",
        "figures": {
            "single_per_s": round(single.per_second(200)),
            "batch_per_s": round(many.per_second(200) * scale.batch_lines),
        },
    }


def _start(ground: Ground) -> Peer | None:
    program = shutil.which(NAME)
    if program is None:
        progress.print(f"未安装 {NAME}，对照一栏为空；安装：{_MEND}", markup=False)
        return None
    phone = Phone(free_port())
    receiver = ground.start("receiver", (_python(), "-m", "bench.receiver", str(phone.port)))
    ground.wait_until_up("receiver", receiver, f"http://127.0.0.1:{phone.port}/messages")
    config = ground.folder / "alertmanager.yml"
    config.write_text(_CONFIG.format(port=phone.port), "utf-8")
    port = free_port()
    process = ground.start(
        NAME,
        (
            program,
            f"--config.file={config}",
            f"--storage.path={ground.folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            "--log.level=error",
        ),
    )
    ground.wait_until_up(NAME, process, f"http://127.0.0.1:{port}/-/ready")
    return Peer(port, phone, process, _version(program))


async def _post(peer: Peer, spell: str, rate: int, seconds: float, warm_up: float) -> Sent:
    whens = instants(rate, warm_up + seconds, seed=rate)
    markers = [
        f"{'w' if when < warm_up else 'c'}{spell}{number}" for number, when in enumerate(whens)
    ]

    def whole(marker: str, number: int) -> bytes:
        said = orjson.loads(emergency(marker, number))
        alert = _alert(marker, "emergency", said)
        return request("POST", _PATH, orjson.dumps([alert]), _JSON)

    return await send_at(peer.port, whens, markers, whole)


def _routine(number: int) -> dict[str, Any]:
    return _alert(str(number), "routine", routine(number))


def _alert(uid: str, kind: str, said: dict[str, str]) -> dict[str, Any]:
    return {
        "labels": {"alertname": "submission", "kind": kind, "id": uid},
        "annotations": {"title": said["title"], "body": said["body"]},
    }


def _python() -> str:
    import sys

    return sys.executable


def _version(program: str) -> str:
    told = subprocess.run((program, "--version"), capture_output=True, text=True, check=False)
    words = (told.stdout or told.stderr).split()
    return words[words.index("version") + 1] if "version" in words else "unknown"
