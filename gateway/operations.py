"""What those who run a process ask of it. 运维接口。"""

from collections.abc import Callable
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response


def add_operations(
    app: Starlette, health: Callable[[], dict[str, Any]], registry: CollectorRegistry
) -> None:
    """Add `/-/healthy`, `/-/ready` and `/metrics`; ready is 503 while `is_ready` is not true."""

    def healthy(_: Request) -> Response:
        return Response("好\n", media_type="text/plain")

    def ready(_: Request) -> Response:
        found = health()
        status = 200 if found["is_ready"] else 503
        return Response(orjson.dumps(found), status_code=status, media_type="application/json")

    def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    app.router.add_route("/-/healthy", healthy, methods=["GET"])
    app.router.add_route("/-/ready", ready, methods=["GET"])
    app.router.add_route("/metrics", metrics, methods=["GET"])
