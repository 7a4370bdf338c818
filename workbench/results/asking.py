"""What the trackers that something uses have found, and notes on those without results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from workbench.domain.errors import WorkbenchError
from workbench.domain.used_trackers import UsedTracker
from workbench.results.finds import Find, Finds


class TrackerAnswers(NamedTuple):
    """What each tracker found, by id, and notes on those that are not in use or have no results."""

    finds: dict[str, Finds]
    notes: tuple[str, ...]


def asked_of(trackers: Iterable[UsedTracker], find: Find) -> TrackerAnswers:
    """Return the results of each of these trackers; those deleted forever have none."""
    finds: dict[str, Finds] = {}
    notes: dict[str, None] = {}
    for one in trackers:
        is_draft = one.status == "never published"
        if one.note and not is_draft:
            notes[one.note] = None
        if one.is_gone:
            continue
        try:
            finds[one.id] = find(one.id)
        except WorkbenchError as error:  # it has learnt nothing yet, or cannot be read
            notes.setdefault(str(error))
            continue
        if is_draft and finds[one.id].versions == (None,):
            notes[one.note] = None
    return TrackerAnswers(finds, tuple(notes))
