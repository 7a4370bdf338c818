"""What is kept beside the trackers to see results by: initiatives, playbooks, and hits that people say are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workbench.domain.errors import InvalidArgument, NotFound, WorkbenchError
from workbench.domain.rules import checked, checked_name, note_rule

MAX_OPEN = 100
"""Wrong hits of one person that may wait for the trainers."""
MAX_OPEN_OF_GUESTS = 500
"""Wrong hits that may wait in one tracker's queue from all readers together who have no name of their own."""
MAX_A_MINUTE = 20
"""Wrong hits that one reader of the dashboards may send within a minute."""


class InvalidDefinition(InvalidArgument):
    """A board or a playbook holds what cannot be used."""


class DefinitionNotFound(NotFound):
    """No board or playbook has this id or name."""


class TooManyReports(WorkbenchError):
    """Someone has sent more wrong hits than are taken for now; says how long to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    """What a team wants said in its calls: one or more trackers, and in which share of calls, from when on.

    ``trackers`` are ids; one of them is enough for a call. ``target`` is above 0 and at most 1.
    """

    trackers: tuple[str, ...]
    target: float
    since: date | None = None

    def __post_init__(self) -> None:
        if not self.trackers:
            raise InvalidDefinition("trackers: give at least one")
        if not 0 < self.target <= 1:
            raise InvalidDefinition(
                f"target: {self.target} is not a share of calls; give a number above 0 and at most 1"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookItem:
    """A question that a deal should answer, such as who decides; any of its trackers, by id, answers it."""

    name: str
    description: str = ""
    trackers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", checked_name(self.name, InvalidDefinition))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongHit:
    """Someone says that a tracker should not have found a sentence; ``version`` is the one that had found it.

    ``by`` is the name that is shown, ``person`` tells apart people of one name.
    """

    tracker_id: str
    sentence_id: str
    person: str
    by: str
    note: str
    version: int | None
    at: datetime


def checked_note(note: str) -> str:
    """Return the note on one line, without control characters; raises ``InvalidArgument`` if it is too long."""
    return checked(note_rule, note, "note", InvalidArgument)
