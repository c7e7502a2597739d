"""What a broker of the laptop is told: its server.properties. 代理的配置。"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ALWAYS = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "2",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
}
# By default a lost broker is given up after nine seconds, a lost controller after two: with these
# a leader is replaced in about three (measured: worst ack 3.5 s instead of 11.2 s). A lone broker
# that was killed is let in again only when its old session has run out (4 s instead of 12 s).
_SHORT_SESSION = {
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
}
_QUICK_ELECTION = {
    "controller.quorum.fetch.timeout.ms": "1000",
    "controller.quorum.election.timeout.ms": "500",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a broker lives: its number, its folder, its two ports."""

    node_id: int
    folder: Path
    port: int
    controller_port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"


def properties(place: Place, places: list[Place], settings: Mapping[str, str]) -> str:
    """Return the server.properties of one broker among its peers; `settings` have the last word."""
    voters = ",".join(f"{each.node_id}@127.0.0.1:{each.controller_port}" for each in places)
    alone = len(places) == 1
    copies = str(min(3, len(places)))
    in_sync = "1" if alone else "2"
    lines = {
        **_ALWAYS,
        "node.id": str(place.node_id),
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://{place.address},CONTROLLER://127.0.0.1:{place.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{place.address}",
        "log.dirs": str(place.data),
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        **_SHORT_SESSION,
        **({} if alone else _QUICK_ELECTION),
        **settings,
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())
