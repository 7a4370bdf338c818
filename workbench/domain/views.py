"""What REST and the widgets both show, in one form."""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12


class TrackerRef(TypedDict):
    """A tracker, as it is pointed to."""

    id: str
    name: str


class RefusedView(TypedDict):
    """What an import left out: the line on which it begins, from 1, and why."""

    line: int
    reason: str
