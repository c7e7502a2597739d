"""The interface described, with the two plain routes that FastAPI does not see. 接口描述。"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from vocabulary.submission import Submission
from vocabulary.terms import Duty, Fulfilment, Severity, Timeliness, Verdict

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence that says what to mend."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "sentence": {"type": "string"}},
            },
        },
        "telephone": {"type": "string", "description": "The number to ring instead."},
    },
}
_RECEIPT = {
    "type": "object",
    "required": ["submission_id", "received_at", "verdict", "obligations", "missing_elements"],
    "properties": {
        "submission_id": {"type": "string", "format": "uuid"},
        "received_at": {"type": "string", "format": "date-time"},
        "verdict": {"enum": [*(v.value for v in Verdict), None]},
        "severity": {"enum": [*(s.value for s in Severity), None]},
        "case_id": {"type": ["string", "null"], "format": "uuid"},
        "obligations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": {"enum": [d.value for d in Duty]},
                    "due_at": {"type": "string", "format": "date-time"},
                    "fulfilment": {"enum": [f.value for f in Fulfilment]},
                    "timeliness": {"enum": [t.value for t in Timeliness]},
                    "source": {"type": "string"},
                },
            },
        },
        "missing_elements": {"type": "array", "items": {"type": "string"}},
        "path": {
            "enum": ["inbox"],
            "description": "Only where the log was away and the inbox took the item.",
        },
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key and body: the same receipt. Without one each POST is a new item.",
}


def describe_plain_routes(app: FastAPI) -> None:
    """Make `/openapi.json` tell of the submit routes too."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, routes=app.routes)
            found["paths"] |= _paths()
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            schemas |= {"Submission": _submission(), "Receipt": _RECEIPT, "Problem": _PROBLEM}
            bearer = {"type": "http", "scheme": "bearer"}
            found["components"]["securitySchemes"] = {"bearer": bearer}
            found["security"] = [{"bearer": []}]
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _paths() -> dict[str, Any]:
    return {
        "/api/v1/submissions": {
            "post": {
                "summary": "Submit one item",
                "operationId": "submit",
                "parameters": [_KEY],
                "requestBody": _body("application/json", _named("Submission")),
                "responses": _answers("application/json", _named("Receipt")),
            }
        },
        "/api/v1/submissions:batch": {
            "post": {
                "summary": "Submit many items, one a line; each may hold an idempotency_key",
                "operationId": "submitBatch",
                "requestBody": _body("application/x-ndjson", {"type": "string"}),
                "responses": _answers("application/x-ndjson", {"type": "string"}),
            }
        },
    }


def _submission() -> dict[str, Any]:
    here = "#/components/schemas/Submission/$defs/{model}"
    return Submission.model_json_schema(ref_template=here)


def _named(schema: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _body(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": schema}}}


def _answers(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _named("Problem")}}
    told = {
        "401": "The token is missing, wrong or revoked",
        "403": "Only the desk speaks for another unit",
        "413": "Over 64 KiB (a batch: over 32 MiB)",
        "422": "Malformed, key used for another body, or a classified mark; nothing was kept",
        "503": "The book is away; nothing was kept. See Retry-After and telephone",
    }
    accepted = {"description": "Durable", "content": {media_type: {"schema": schema}}}
    return {"202": accepted} | {
        status: {"description": words, "content": problem} for status, words in told.items()
    }
