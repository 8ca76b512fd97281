"""/openapi.json: FastAPI's own, with the answers, the errors and the body of an action as they really are."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from openroom.server.bodies import ANSWERS, Acting, Problem

_REF = "#/components/schemas/{model}"
_ACTIONS = ("post", "/api/rooms/{room}/actions")
_NEVER_SENT = ("HTTPValidationError", "ValidationError")


class Api(FastAPI):
    """An application that describes itself truly."""

    def openapi(self) -> dict[str, Any]:
        """The schema, made at the first call."""
        if self.openapi_schema is None:
            self.openapi_schema = _described(super().openapi())
        return self.openapi_schema


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    models: dict[type[BaseModel], None] = dict.fromkeys([*ANSWERS.values(), Problem])
    sent: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "serialization") for model in models]
    refs, found = models_json_schema([(Acting, "validation"), *sent], ref_template=_REF)
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components |= found["$defs"]
    for name in _NEVER_SENT:
        components.pop(name, None)
    problem = {"description": "Refused, or it failed", "content": _json(refs[Problem, "serialization"])}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            answers.pop("422", None)
            answers["default"] = problem
            if model := ANSWERS.get((method, path)):
                good = next(status for status in answers if status.startswith("2"))
                answers[good].setdefault("content", {}).update(_json(refs[model, "serialization"]))
    act = schema["paths"][_ACTIONS[1]][_ACTIONS[0]]
    act["requestBody"] = {"required": True, "content": _json(refs[Acting, "validation"])}
    return schema


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
