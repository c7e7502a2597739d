"""The HTTP application, put together. 网关装配。"""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

from gateway.api import api
from gateway.api_replies import ProblemError, answer_problem
from gateway.headers import SecurityHeaders
from gateway.house import House
from gateway.identity import Identities
from gateway.intake_door import Door
from gateway.openapi import describe_plain_routes
from gateway.operations import add_operations
from gateway.pages import pages
from gateway.problems import is_english, problem, query_errors
from gateway.submitting import Submitting
from ledger.book import BookAwayError


def create_app(
    house: House,
    *,
    registry: CollectorRegistry,
    refused: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Return the application for one house. `refused` is told of each 503."""
    app = FastAPI(title="急报 jibao", docs_url=None, redoc_url=None)
    identities = Identities(house.book, house.county)
    door = Door(house)
    submitting = Submitting(house, door, identities, refused)
    app.router.add_route("/api/v1/submissions", submitting.one, methods=["POST"])
    app.router.add_route("/api/v1/submissions:batch", submitting.batch, methods=["POST"])
    app.include_router(api(house, identities))
    app.include_router(pages(house, identities, door, refused=refused))
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(ProblemError, answer_problem)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _broken)
    app.add_exception_handler(StarletteHTTPException, _not_here)

    def away(request: Request, _error: Exception) -> Response:
        refused()
        return problem(
            "book-away",
            english=is_english(request),
            headers={"Retry-After": "5"},
            telephone=house.county.duty_phone,
        )

    app.add_exception_handler(BookAwayError, away)
    app.add_exception_handler(OperationalError, away)
    app.add_exception_handler(InterfaceError, away)
    add_operations(app, house.health, registry)
    describe_plain_routes(app)
    return app


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    english = is_english(request)
    errors = query_errors(error.errors(), english=english)
    return problem("malformed", english=english, errors=errors)


def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    kind = "no-such-method" if error.status_code == 405 else "not-found"
    return problem(kind, english=is_english(request), headers=error.headers)


def _broken(request: Request, _error: Exception) -> Response:
    return problem("broken", english=is_english(request))
