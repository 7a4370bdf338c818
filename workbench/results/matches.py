"""Which calls a tracker has found something in, and which it has read: what streams collect and alerts count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.filters import Filters
from workbench.domain.publications import Version
from workbench.domain.streams import FoundCall
from workbench.results.collecting import found_calls
from workbench.results.standing import standing
from workbench.store.publications import PublicationRepository
from workbench.store.standing import FoundSentence, VersionReach


@dataclass(frozen=True, slots=True)
class ReadCalls:
    """A version, and the calls where its results stand."""

    version: Version
    standing: VersionReach

    def covers(self, since: datetime) -> bool:
        """Return whether it was there for all that began from then on, or has looked back so far."""
        if self.version.published <= since:
            return True
        whole = self.version.past is not None and not self.standing.reach.first
        return whole and (self.version.since is None or self.version.since <= since)

    def looks_at(self, lake: Lake, since: datetime, until: datetime) -> set[int]:
        """Return the calls begun then where its results stand, and in which a sentence passes its filters."""
        begun = lake.begun(since, until, Filters.stored(self.version.definition["filters"]))
        return {number for number, heading in begun.items() if self.standing.reach.holds(number, heading.started)}


def is_whole(lake: Lake, reads: Sequence[ReadCalls], since: datetime, until: datetime) -> bool:
    """Return whether all was read that began then and that the first of these versions looks at."""
    if not any(one.covers(since) for one in reads):
        return False
    begun = lake.begun(since, until, Filters.stored(reads[0].version.definition["filters"]))
    return all(any(o.standing.reach.has_read(n, heading.started) for o in reads) for n, heading in begun.items())


def reads_of(lake: Lake, database: Engine, tracker_id: str) -> list[ReadCalls]:
    """Return the versions of a tracker, in order of precedence."""
    known = {one.version: one for one in PublicationRepository(database).versions(tracker_id)}
    return [ReadCalls(known[o.version], o) for o in standing(database, lake).versions(tracker_id) if o.version in known]


def matches_of(lake: Lake, database: Engine, tracker_id: str, name: str) -> list[FoundCall]:
    """Return the calls in which the tracker of this id and name has found something, in the corpus's order."""
    by_version: dict[int, list[FoundSentence]] = {}
    for one in standing(database, lake).of(tracker_id)[1]:
        by_version.setdefault(one.version, []).append(one)
    calls = [call for version, found in by_version.items() for call in found_calls(lake, name, version, found)]
    return sorted(calls, key=lambda call: call.number)
