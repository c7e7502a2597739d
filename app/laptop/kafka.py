"""One or three real Kafka brokers on loopback, to use, to kill and to revive. 本机真 Kafka。

KRaft, no Docker, no ZooKeeper, no root: Java and the jars come with Python packages (jars.py).
Each broker has a process group, a folder, a log and two ports of its own, and ends with us.
"""

import asyncio
import contextlib
import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from app.laptop import jars
from app.laptop.leash import Leash
from app.laptop.ports import free_ports
from app.laptop.properties import Place, properties

_CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qk"
_READY_WITHIN = 90.0  # seconds; ten are enough for three on two quiet cores
_STOPPED_WITHIN = 30.0
_CLOSED_WITHIN = 2.0  # without a majority no broker can say goodbye: then it is killed
_LOOK_AGAIN = 0.05


class BrokerError(RuntimeError):
    """A broker did not start, or does not answer; with the end of its log."""


class Brokers:
    """A Kafka of one broker or three, numbered from 1, in a folder of its own.

    The folder may be used again later: topics and messages are still there, the ports are new.
    Every method may be called from any event loop; `with` does what `async with` does.
    """

    def __init__(
        self, folder: Path, *, count: int = 1, settings: Mapping[str, str] | None = None
    ) -> None:
        assert count in {1, 3}
        self.folder = folder.resolve()
        self._settings = dict(settings or {})
        self._heap = "-Xmx512m" if count == 1 else "-Xmx384m"
        ports = free_ports(2 * count)
        self._places = {
            node_id: Place(node_id, self.folder / f"broker-{node_id}", ports.pop(), ports.pop())
            for node_id in range(1, count + 1)
        }
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._leash: Leash | None = None
        self._java: tuple[str, str] | None = None

    @property
    def bootstrap(self) -> str:
        """The brokers as Kafka's clients name them: `127.0.0.1:20001,127.0.0.1:20002`."""
        return ",".join(place.address for place in self._places.values())

    @property
    def faust_url(self) -> str:
        """The brokers as Faust names them: `kafka://127.0.0.1:20001;kafka://127.0.0.1:20002`."""
        return ";".join(f"kafka://{place.address}" for place in self._places.values())

    @property
    def running(self) -> list[int]:
        """The brokers whose process lives."""
        return [node for node, process in self._processes.items() if process.poll() is None]

    def pid(self, node_id: int) -> int:
        """Return a broker's process, for signals that have no method here."""
        return self._processes[node_id].pid

    def log(self, node_id: int) -> Path:
        """Return the file that a broker's words go to."""
        return self._places[node_id].folder / "log.txt"

    def controller(self) -> int | None:
        """Return the broker that leads the quorum; None while there is none.

        Read from the brokers' own files, the newest epoch first: Kafka's metadata answer names
        any live broker.
        """
        states: list[dict[str, int]] = [
            json.loads(file.read_text("utf-8"))
            for node in self.running
            if (file := self._quorum_state(node)).exists()
        ]
        newest = max(states, key=lambda state: state["leaderEpoch"], default={})
        leader = newest.get("leaderId")
        return leader if leader in self.running else None

    async def start(self) -> None:
        """Start every broker, and return when each answers and knows of all the others.

        Raises:
            LackingError: when a package or the network is missing; it says what mends it.
            JarMismatchError: when a jar is not the one of the table.
            BrokerError: when a broker ends, or does not answer in time.

        """
        self._java = (str(jars.java()), await asyncio.to_thread(jars.class_path))
        self._leash = self._leash or Leash()
        try:
            await self._format()
            for node_id in self._places:
                self._launch(node_id)
            await self._ready(*self._places)
        except BaseException:
            await self.close()
            raise

    def kill(self, node_id: int) -> None:
        """Shoot a broker (SIGKILL), and return when it is gone."""
        process = self._processes[node_id]
        process.kill()
        process.wait()

    async def stop(self, node_id: int) -> None:
        """Ask a broker to leave (SIGTERM), and return when it is gone."""
        process = self._processes[node_id]
        process.terminate()
        await _ended([process], _STOPPED_WITHIN)

    async def revive(self, node_id: int) -> None:
        """Start a dead broker again, on its data and ports, and return when it answers."""
        assert node_id not in self.running
        self._launch(node_id)
        await self._ready(node_id)

    async def close(self) -> None:
        """End every broker; twice is as good as once."""
        processes = list(self._processes.values())
        for process in processes:
            if process.poll() is None:
                process.terminate()
                process.send_signal(signal.SIGCONT)  # one that a test froze must hear it too
        await _ended(processes, _CLOSED_WITHIN)
        if self._leash is not None:
            self._leash.close()
            self._leash = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __enter__(self) -> Self:
        asyncio.run(self.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        asyncio.run(self.close())

    def _quorum_state(self, node_id: int) -> Path:
        return self._places[node_id].data / "__cluster_metadata-0" / "quorum-state"

    async def _format(self) -> None:
        """Write each broker's properties, and format each folder that is new."""
        formatting = []
        for node_id, place in self._places.items():
            place.folder.mkdir(parents=True, exist_ok=True)
            text = properties(place, list(self._places.values()), self._settings)
            (place.folder / "server.properties").write_text(text, "utf-8")
            if not (place.data / "meta.properties").exists():
                program = ("kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c")
                formatting.append((node_id, self._run(node_id, "-XX:+UseSerialGC", *program)))
        await _ended([process for _, process in formatting], _READY_WITHIN)
        for node_id, process in formatting:
            if process.returncode:
                raise self._trouble(node_id, "its folder could not be formatted")

    def _launch(self, node_id: int) -> None:
        self._processes[node_id] = self._run(node_id, self._heap, "kafka.Kafka")

    def _run(self, node_id: int, *arguments: str) -> subprocess.Popen[bytes]:
        assert self._java is not None
        assert self._leash is not None
        java, class_path = self._java
        folder = self._places[node_id].folder
        level = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        with self.log(node_id).open("ab") as log:
            process = subprocess.Popen(
                [java, level, "-cp", class_path, *arguments, "server.properties"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in our terminal is ours to answer
            )
        self._leash.hold(process.pid)
        return process

    async def _ready(self, *nodes: int) -> None:
        """Return when each of these brokers answers, and knows of itself and all the others."""
        deadline = monotonic() + _READY_WITHIN
        for node_id in nodes:
            while not set(nodes) <= await self._known_to(node_id):
                if self._processes[node_id].poll() is not None:
                    raise self._trouble(node_id, "it ended")
                if monotonic() > deadline:
                    raise self._trouble(node_id, f"it did not answer in {_READY_WITHIN:g} s")
                await asyncio.sleep(_LOOK_AGAIN)

    async def _known_to(self, node_id: int) -> set[int]:
        """Ask one broker for metadata; what does not answer knows nobody."""
        place = self._places[node_id]
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", place.port)
        except OSError:
            return set()
        writer.close()
        admin = AIOKafkaAdminClient(bootstrap_servers=place.address, request_timeout_ms=2000)
        try:
            await admin.start()
            answer = await admin.describe_cluster()
        except (KafkaError, TimeoutError):
            return set()
        finally:
            await admin.close()
        return {broker["node_id"] for broker in answer["brokers"]}

    def _trouble(self, node_id: int, what: str) -> BrokerError:
        words = self.log(node_id).read_text("utf-8", "replace").splitlines()[-20:]
        return BrokerError("\n".join([f"broker {node_id}: {what}; {self.log(node_id)}:", *words]))


async def _ended(processes: list[subprocess.Popen[bytes]], within: float) -> None:
    """Wait for processes to end, and kill those that take too long."""
    deadline = monotonic() + within

    def wait_for_each() -> None:
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - monotonic()))

    await asyncio.to_thread(wait_for_each)
    for process in processes:
        process.kill()
        process.wait()
