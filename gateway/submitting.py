"""Items in by API: one, or a batch of lines. 报送接口。

These two routes are plain: bytes in, one validator, bytes out. Frameworks' conveniences cost
more here than all of intake.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from gateway.house import House
from gateway.identity import Identities, Principal
from gateway.intake_door import ClassifiedError, Door, NoSuchUnitError, NotYoursError
from gateway.problems import describe, field_errors, is_english, problem
from ledger.book import BookAwayError
from vocabulary.arrival import Answer, Arrival, Conflict, Marked
from vocabulary.submission import Submission

ITEM_BYTES_MAX = 64 * 1024
BATCH_BYTES_MAX = 32 * 1024 * 1024
KEY_LENGTH_MAX = 200
RETRY_AFTER_SECONDS = "5"
_CHUNK = 250  # lines kept in one transaction


class TooLargeError(ValueError):
    """The body is over the limit."""


@dataclass(frozen=True)
class Submitting:
    """The two routes."""

    house: House
    door: Door
    identities: Identities
    refused: Callable[[], None] = lambda: None

    async def one(self, request: Request) -> Response:
        """`POST /api/v1/submissions`: 202 with the receipt, once it is durable."""
        english = is_english(request)
        principal = await self._principal(request)
        if principal is None:
            return problem("unauthenticated", english=english)
        try:
            body = await read_body(request, ITEM_BYTES_MAX)
            submission = Submission.model_validate_json(body)
        except TooLargeError:
            return problem("too-large", english=english)
        except ValidationError as error:
            return problem(
                "malformed", english=english, errors=field_errors(error, english=english)
            )
        key = request.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= KEY_LENGTH_MAX:
            return problem("malformed", english=english, errors=[_bad_key(english)])
        return await self._answer(
            lambda: self.door.take(principal, submission, key), english=english
        )

    async def batch(self, request: Request) -> Response:
        """`POST /api/v1/submissions:batch`: NDJSON in, one receipt or problem a line out."""
        english = is_english(request)
        principal = await self._principal(request)
        if principal is None:
            return problem("unauthenticated", english=english)
        try:
            body = await read_body(request, BATCH_BYTES_MAX)
        except TooLargeError:
            return problem("too-large", english=english)
        lines = [line for line in body.split(b"\n") if line.strip()]
        answers: list[bytes] = []
        try:
            for start in range(0, len(lines), _CHUNK):
                chunk = lines[start : start + _CHUNK]
                answers += await self._chunk(principal, chunk, request, english=english)
        except BookAwayError:
            # What was kept of earlier chunks is told; a repeat under the same keys is harmless.
            return self._away(english=english, kept=len(answers), lines=len(lines))
        return Response(
            b"\n".join(answers) + b"\n", status_code=202, media_type="application/x-ndjson"
        )

    async def _chunk(
        self, principal: Principal, lines: list[bytes], request: Request, *, english: bool
    ) -> list[bytes]:
        answers: list[bytes | None] = []
        arrivals: list[Arrival] = []
        marked: list[Marked] = []
        for line in lines:
            read = self._read_line(principal, line, marked, english=english)
            if isinstance(read, Arrival):
                arrivals.append(read)
                answers.append(None)
            else:
                answers.append(orjson.dumps(read))
        kept = iter(await self.house.submit_batch(arrivals) if arrivals else [])
        for each in marked:
            await self.house.mark_classified(each)
        await asyncio.sleep(0)
        return [a if a is not None else _line(next(kept), english=english) for a in answers]

    def _read_line(
        self, principal: Principal, line: bytes, marked: list[Marked], *, english: bool
    ) -> Arrival | dict[str, object]:
        if len(line) > ITEM_BYTES_MAX:
            return describe("too-large", english=english)
        try:
            content = orjson.loads(line)
            key = content.pop("idempotency_key", None) if isinstance(content, dict) else None
            submission = Submission.model_validate(content)
            if key is not None and not (isinstance(key, str) and 0 < len(key) <= KEY_LENGTH_MAX):
                return describe("malformed", english=english, errors=[_bad_key(english)])
            return self.door.arrival(principal, submission, key)
        except orjson.JSONDecodeError:
            return describe("malformed", english=english, errors=[_bad_json(english)])
        except ValidationError as error:
            errors = field_errors(error, english=english)
            return describe("malformed", english=english, errors=errors)
        except ClassifiedError as error:
            marked.append(error.marked)
            return describe("classified", english=english, telephone=self._secrecy_phone)
        except NotYoursError:
            return describe("not-yours", english=english)
        except NoSuchUnitError:
            return describe("no-such-unit", english=english)

    async def _answer(self, take: Callable[[], Awaitable[Answer]], *, english: bool) -> Response:
        try:
            answer = await take()
        except ClassifiedError:
            return problem("classified", english=english, telephone=self._secrecy_phone)
        except NotYoursError:
            return problem("not-yours", english=english)
        except NoSuchUnitError:
            return problem("no-such-unit", english=english)
        except BookAwayError:
            return self._away(english=english)
        if isinstance(answer, Conflict):
            return problem("key-used", english=english, submission_id=str(answer.submission_uid))
        return Response(answer.receipt, status_code=202, media_type="application/json")

    def _away(self, *, english: bool, **more: int) -> Response:
        self.refused()
        return problem(
            "book-away",
            english=english,
            headers={"Retry-After": RETRY_AFTER_SECONDS},
            telephone=self.house.county.duty_phone,
            **more,
        )

    @property
    def _secrecy_phone(self) -> str:
        return self.house.county.secrecy_phone

    async def _principal(self, request: Request) -> Principal | None:
        return await self.identities.of_header_soon(request.headers.get("authorization"))


async def read_body(request: Request, bytes_max: int) -> bytes:
    """Return the body, read no further than the limit.

    Raises:
        TooLargeError: it is longer.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > bytes_max:
        raise TooLargeError
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > bytes_max:
            raise TooLargeError
    return bytes(body)


def _line(answer: Answer, *, english: bool) -> bytes:
    if isinstance(answer, Conflict):
        return orjson.dumps(
            describe("key-used", english=english, submission_id=str(answer.submission_uid))
        )
    return answer.receipt.encode("utf-8")


def _bad_key(english: bool) -> dict[str, str]:  # noqa: FBT001
    sentence = "应为 1 至 200 个字符" if not english else "should be 1 to 200 characters"
    return {"field": "Idempotency-Key", "sentence": sentence}


def _bad_json(english: bool) -> dict[str, str]:  # noqa: FBT001
    sentence = "is not valid JSON in UTF-8" if english else "不是有效的 JSON（UTF-8）"
    return {"field": "", "sentence": sentence}
