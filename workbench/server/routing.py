"""Routes: what can be requested, with which parameters and bodies, and what is returned.

One table of routes serves requests and generates the OpenAPI document, so the two cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from workbench.server.problems import RequestRefused

if TYPE_CHECKING:
    from pydantic import BaseModel

    from workbench.workspace.workspace import Workspace

READING = frozenset({"GET", "HEAD"})
_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """A request as operations see it. ``by`` is the name of who asks; ``user`` is unique to them."""

    opened: Callable[[], Workspace]
    by: str
    user: str
    path: Mapping[str, str]
    query: Any = None
    body: Any = None
    if_match: str | None = None

    @property
    def workspace(self) -> Workspace:
        return self.opened()


@dataclass(frozen=True, slots=True)
class RouteReply:
    """A reply whose status or headers are not the route's usual ones."""

    view: BaseModel | None
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path.

    Attributes:
        path: below ``workbench/api/v1``, with ``{names}`` of path parameters.
        run: returns the view, or a :class:`Reply`.
        replies: the model of each status that is not a problem; None for an empty one.
        problems: statuses in addition to those that every route can have.
        slow: takes seconds, so it must not keep others waiting.
        conditional: accepts the entity tag of what is changed in ``If-Match``.
    """

    method: str
    path: str
    summary: str
    run: Callable[[ApiRequest], BaseModel | RouteReply]
    replies: Mapping[int, type[BaseModel] | None]
    query: type[BaseModel] | None = None
    body: Sequence[type[BaseModel]] = ()
    problems: frozenset[int] = frozenset()
    conditional: bool = False
    slow: bool = False

    @property
    def writes(self) -> bool:
        return self.method not in READING

    @property
    def parameters(self) -> list[str]:
        """The names of the path parameters, in order."""
        return _NAMED.findall(self.path)

    @property
    def status(self) -> int:
        """The usual status."""
        return min(self.replies)


def found(routes: Iterable[Route], method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route for this method and percent-encoded path, with its path parameters.

    Raises:
        Refused: 404 or 405.
    """
    parts = path.split("/")
    fitting = [(route, values) for route in routes if (values := _values(route, parts)) is not None]
    if not fitting:
        raise RequestRefused(404, "not found; openapi.json lists all paths")
    fitting.sort(key=lambda one: len(one[1]))  # literal paths before parameters
    fitting = [one for one in fitting if len(one[1]) == len(fitting[0][1])]
    wanted = "GET" if method == "HEAD" else method
    for route, values in fitting:
        if route.method == wanted:
            return route, values
    allowed = sorted({route.method for route, _ in fitting} | {"OPTIONS"})
    if "GET" in allowed:
        allowed.append("HEAD")
    raise RequestRefused(405, f"method {method} not allowed", headers={"Allow": ", ".join(allowed)})


def _values(route: Route, parts: Sequence[str]) -> dict[str, str] | None:
    wanted = route.path.split("/")
    if len(wanted) != len(parts):
        return None
    values = {}
    for name, part in zip(wanted, parts, strict=True):
        if named := _NAMED.fullmatch(name):
            try:
                value = unquote(part, errors="strict")
            except UnicodeDecodeError:
                return None
            if not value or "\0" in value:
                return None
            values[named[1]] = value
        elif name != part:
            return None
    return values
