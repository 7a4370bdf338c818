"""Which calls a tracker has found something in, over all its versions.

Each call is judged by one version: the active one, or the newest of the others, if that one has not read the call. So
a new version changes what it has read itself, and what older ones collected before stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.publications import Version
from workbench.domain.streams import FoundCall
from workbench.domain.trackers import TrackerSpec
from workbench.results.collecting import found_calls
from workbench.store.publications import Cursors, PublicationRepository


@dataclass(frozen=True, slots=True)
class Reader:
    """A version, and how far it has read."""

    version: Version
    cursors: Cursors

    def has_read(self, number: int, started: datetime | None) -> bool:
        """The conversation of this number, begun then; what its filters leave out counts as read."""
        since = self.version.since
        if number >= self.version.first_upcoming:
            return number < self.cursors.next_upcoming
        old = since is not None and started is not None and started < since
        return self.version.past is not None and number >= self.cursors.past_left and not old

    def covers(self, since: datetime) -> bool:
        """Whether it has read all that began from then on."""
        if self.version.published <= since:
            return True
        looked_back = self.version.since is not None and self.version.since <= since
        return looked_back and not self.cursors.past_left


def readers_of(database: Engine, spec: TrackerSpec) -> list[Reader]:
    """The versions of a tracker, in the order in which they are asked."""
    rows = PublicationRepository(database)
    newest = sorted(rows.versions(spec.id), key=lambda one: -one.version)
    ordered = sorted(newest, key=lambda one: one.version != spec.active_version)
    return [Reader(one, rows.cursors(one.id)) for one in ordered]


def matches_of(lake: Lake, database: Engine, spec: TrackerSpec) -> list[FoundCall]:
    """The calls in which it has found something, in the corpus's order."""
    readers, rows = readers_of(database, spec), PublicationRepository(database)
    found: list[FoundCall] = []
    for place, reader in enumerate(readers):
        calls = found_calls(lake, spec.name, rows.detections(reader.version.id))
        found += [call for call in calls if not _read_by(readers[:place], call)]
    return sorted(found, key=lambda call: call.number)


def _read_by(readers: Iterable[Reader], call: FoundCall) -> bool:
    return any(reader.has_read(call.number, call.started) for reader in readers)
