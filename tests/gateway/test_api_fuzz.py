"""Whatever is asked of the API, does it answer rather than break? 接口乱序试探。

Schemathesis reads the interface as it is described and makes requests of it, good and bad. They
go over a real socket to a real room; no answer may be a fault of ours.
"""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from tests.streams.open_room import an_open_room

pytestmark = [
    pytest.mark.slow,
    # Starlette's own client, which the tool brings along, is not what is tried here.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@dataclass
class Served:
    """A room that is served on a free port, and the token of an officer."""

    port: int = 0
    token: str = ""


async def _serve(served: Served, folder: Path, is_up: threading.Event, stop: asyncio.Event) -> None:
    async with an_open_room(folder) as house:
        served.token = house.token("person:feng-jianye")
        config = uvicorn.Config(
            house.application, port=0, log_level="critical", lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        sockets = [config.bind_socket()]
        sockets[0].listen()  # callers wait in line until the server takes them
        served.port = sockets[0].getsockname()[1]
        serving = asyncio.create_task(server.serve(sockets))
        is_up.set()
        await stop.wait()
        server.should_exit = True
        await serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served, is_up, stop = Served(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    folder = tmp_path_factory.mktemp("room")

    def run() -> None:
        loop.run_until_complete(_serve(served, folder, is_up, stop))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIBAO_PHONE", "127.0.0.1:9")
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert is_up.wait(30)
        yield served
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@schemathesis.serializer("application/x-ndjson")
def lines(_: object, value: Any) -> bytes:
    """A batch, as far as the interface describes one: any text."""
    return str(value).encode("utf-8", "replace")


def test_no_question_breaks_the_house(served: Served) -> None:
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{served.port}/openapi.json")
    headers = {"Authorization": f"Bearer {served.token}"}
    asked = set()

    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok), "the description of the interface is itself mistaken"
        case_of_it = operation.ok().as_strategy()

        @settings(max_examples=100, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=case_of_it)
        def ask(case: "schemathesis.Case[Any]") -> None:
            answer = case.call_and_validate(headers=headers, checks=[not_a_server_error])
            asked.add((case.method, case.path, answer.status_code // 100))

        ask()

    assert {("POST", "/api/v1/submissions", 2), ("POST", "/api/v1/submissions", 4)} <= asked
    assert {path for _, path, _ in asked} >= {"/api/v1/late-log", "/api/v1/submissions:batch"}
