"""The OpenAPI 3.1 document, generated from the table of routes and its models."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from workbench.server.models.trackers import ProblemView
from workbench.server.problems import MEDIA_TYPE
from workbench.server.reading import parameters_of
from workbench.server.routing import Route

_REF = "#/components/schemas/{model}"
_ALWAYS = frozenset({400, 401, 403, 503})
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag you received with the object. The reply is 412 if someone has changed it since.",
}
_ABOUT = (
    "Trackers, what they find in calls, and the results built on it. Lists are paged: pass `next_cursor` as "
    "`cursor` to get the next page. Errors are problem details (RFC 9457). Dates are ISO 8601: in "
    "UTC in replies; in requests those without an offset are local times of the workspace's time zone."
)


def document(routes: Iterable[Route], version: str) -> dict[str, Any]:
    """Return the whole document, as JSON types."""
    routes = list(routes)
    schemas, components = _schemas(routes)
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(f"/{route.path}", {})[route.method.lower()] = _operation(route, schemas)
    secured = {
        "type": "http",
        "scheme": "bearer",
        "description": "The server's own token, or one created with `workbench tokens create`.",
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tracker workbench", "version": version, "description": _ABOUT},
        "servers": [{"url": "."}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": secured}},
    }


def _schemas(routes: Iterable[Route]) -> tuple[dict[Any, Any], dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], Any], None] = {(ProblemView, "serialization"): None}
    for route in routes:
        wanted |= {(model, "validation"): None for model in route.body}
        wanted |= {(model, "serialization"): None for model in route.replies.values() if model is not None}
    queries = {route.query for route in routes if route.query is not None}
    wanted |= {(model, "validation"): None for model in queries}  # for the models that their parameters refer to
    found, together = models_json_schema(list(wanted), ref_template=_REF)
    named = {model.__name__ for model in queries}
    return dict(found), {name: one for name, one in together.get("$defs", {}).items() if name not in named}


def _operation(route: Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "summary": route.summary,
        "operationId": route.run.__name__,
        "tags": [route.path.partition("/")[0]],
        "parameters": [_in_path(name) for name in route.parameters] + _beside_path(route),
        "responses": _responses(route, schemas),
    }
    if route.body:
        models = [schemas[model, "validation"] for model in route.body]
        schema = models[0] if len(models) == 1 else {"anyOf": models}
        out["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return out


def _in_path(name: str) -> dict[str, Any]:
    about = {"tracker": "Id or name.", "board": "Id or name.", "playbook": "Id or name.", "stream": "Id or name."}
    about["ready_made"] = "Name or key, in upper or lower case."
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    described = {"description": about[name]} if name in about else {}
    return {"name": name, "in": "path", "required": True, "schema": schema} | described


def _beside_path(route: Route) -> list[dict[str, Any]]:
    headers = [_IF_MATCH] if route.conditional else []
    if route.query is None:
        return headers
    required = {name for name, field in route.query.model_fields.items() if field.is_required()}
    out: list[dict[str, Any]] = [*headers]
    for name, schema in parameters_of(route.query).items():
        plain = {key: value for key, value in schema.items() if key != "description"}
        one: dict[str, Any] = {"name": name, "in": "query", "required": name in required, "schema": plain}
        if "description" in schema:
            one["description"] = schema["description"]
        out.append(one)
    return out


def _responses(route: Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for status, model in route.replies.items():
        out[str(status)] = {"description": HTTPStatus(status).phrase}
        if model is not None:
            schema = schemas[model, "serialization"]
            out[str(status)]["content"] = {"application/json": {"schema": schema}}
    if "tag" in getattr(route.replies.get(200), "model_fields", {}):
        out["200"]["headers"] = {
            "ETag": {"description": ("Identifies exactly this content."), "schema": {"type": "string"}}
        }
    problems = set(_ALWAYS | route.problems | {422})
    problems |= {413, 415} if route.body else {413} if route.writes else set()
    problem = {MEDIA_TYPE: {"schema": schemas[ProblemView, "serialization"]}}
    for status in sorted(problems):
        out[str(status)] = {"description": HTTPStatus(status).phrase, "content": problem}
    return out
