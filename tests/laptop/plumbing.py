"""A Faust app of the shape that this house allows: raw bytes in, batches by hand. Faust 小应用。

Run by test_faust.py as a process of its own; writes down what it received.
"""

import os
from pathlib import Path

import faust
from faust.types import StreamT

RECEIVED = Path(os.environ["PLUMBING_RECEIVED"])

app = faust.App(
    os.environ["PLUMBING_APP"],
    broker=os.environ["PLUMBING_BROKERS"],
    datadir=str(RECEIVED.parent / "faust"),
    autodiscover=False,
    web_enabled=False,
    topic_disable_leader=True,
    table_standby_replicas=0,
    broker_session_timeout=6,
    broker_heartbeat_interval=2,
    broker_commit_interval=1,
    stream_wait_empty=True,
)
submissions = app.topic(
    os.environ["PLUMBING_TOPIC"], value_type=bytes, value_serializer="raw", allow_empty=True
)


@app.agent(submissions)
async def write_down(stream: StreamT[bytes]) -> None:
    async for batch in stream.take(100, within=0.005):
        with RECEIVED.open("ab") as file:
            file.writelines(value + b"\n" for value in batch)
