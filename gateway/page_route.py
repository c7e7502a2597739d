"""Turn what a page raises into a page. 页面路由。"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError

from gateway.site import AWAY, NOT_FOUND, PageError, SignInFirstError, Site, to_sign_in
from ledger.book import BookAwayError


def page_route(site: Site) -> type[APIRoute]:
    """Return the kind of route whose errors are pages of `site`."""

    class PageRoute(APIRoute):
        """A route that answers a person, and never with JSON."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def answer_person(request: Request) -> Response:
                try:
                    return await answer(request)
                except SignInFirstError:
                    return to_sign_in(request)
                except PageError as error:
                    return site.refusal(request, error)
                except RequestValidationError:
                    return site.refusal(request, PageError(*NOT_FOUND))
                except (BookAwayError, OperationalError):
                    site.refused()
                    return site.refusal(request, PageError(*AWAY))

            return answer_person

    return PageRoute
