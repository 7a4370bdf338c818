"""Plans a publication: what stays, what is read and what that costs, computed in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from workbench.domain.credits import MILLIONTHS
from workbench.domain.publications import checked_past, definition_of, since_of
from workbench.domain.publish_plans import PlannedCost, PublishPlan
from workbench.domain.reach import Reach
from workbench.domain.trackers import TrackerKind, TrackerSpec
from workbench.publishing.publish import alike_of, first_upcoming
from workbench.reading.credits import Credits, judge_name
from workbench.reading.question_reader import QuestionReader
from workbench.reading.readers import reader_of
from workbench.resources import Resources
from workbench.results.standing import standing
from workbench.store.moments import now
from workbench.store.publications import PublicationRepository

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # no call begins after it: the calls "since then" are those without a date


def publish_plan(resources: Resources, spec: TrackerSpec, labels_hash: str, past: str | None) -> PublishPlan:
    """Count what publishing the current tracker would do.

    ``labels_hash`` is of the answers that it has learnt from. An unsaved spec counts as never published.
    """
    checked_past(past)
    rows, lake = PublicationRepository(resources.state), resources.lake
    since = since_of(past, now(), lake.zone)
    size, last = lake.size, first_upcoming(resources, rows, spec, past)
    window = Reach(first=0 if past else last, last=last, upcoming=last, since=since)
    versions, alike = rows.versions(spec.id), alike_of(resources, spec, labels_hash)
    readings = {one.version: one.reading for one in versions}
    order = [(one.version, one.reach) for one in standing(resources.state, lake).versions(spec.id)]
    same = [] if alike is None else [one for one in order if readings.get(one[0]) == alike.reading]
    number = max(readings, default=0) + 1
    later = [*same, (number, window), *(one for one in order if one not in same)]
    shares = _shares(resources, [reach for _, reach in later])
    after = dict(zip((version for version, _ in later), shares, strict=True))
    to_read, total = after.pop(number), lake.how_many(window)
    arrived = Reach(first=last, last=size, upcoming=last)
    everything = Reach(first=0, last=size, upcoming=size)
    reaches = [reach for _, reach in later]
    read_now = lake.how_many(everything, [reach for _, reach in order])
    return PublishPlan(
        version=number,
        past=past,
        since=since,
        calls=lake.how_many(replace(everything, last=last)),
        total=total,
        undated=lake.how_many(replace(window, since=_NEVER)) if past else 0,
        kept=total - to_read,
        to_read=to_read,
        reread=read_now + to_read - lake.how_many(everything, reaches),
        stays={version: calls for version, calls in after.items() if calls},
        waiting=lake.how_many(arrived),
        unread=lake.how_many(everything) - lake.how_many(everything, [*reaches, arrived]),
        alike=None if alike is None else alike.version,
        cost=_cost(resources, spec, window, [reach for _, reach in same]),
    )


def _shares(resources: Resources, reaches: Sequence[Reach]) -> list[int]:
    """Return for how many calls each version has results, if earlier ones take precedence."""
    everything = Reach(first=0, last=resources.lake.size)
    sums = [resources.lake.how_many(everything, reaches[:count]) for count in range(len(reaches) + 1)]
    return [b - a for a, b in pairwise(sums)]


def _cost(resources: Resources, spec: TrackerSpec, window: Reach, same: Sequence[Reach]) -> PlannedCost | None:
    """Return the cost of reading the calls in the window that no version with the same reader has read."""
    if spec.kind is not TrackerKind.QUESTION:
        return None
    reader = reader_of(resources, definition_of(spec))
    assert isinstance(reader, QuestionReader)
    reader, credits = replace(reader, tracker_id=spec.id), Credits(resources.state)
    if credits.is_free(judge_name(reader.settings.to_dict())):
        return None
    span = range(window.first, window.last)
    charges = reader.charges(span, window.since) if span else {}
    started = resources.lake.started(charges)
    wanted = [n for n in sorted(charges, reverse=True) if not any(one.has_read(n, started.get(n)) for one in same)]
    unpaid = credits.unpaid([charges[number] for number in wanted])
    payable, reason = credits.reach(unpaid, spec.id)
    return PlannedCost(
        credits=sum(one.amount for one in unpaid) / MILLIONTHS,
        balance=credits.balance,
        unpaid=len(unpaid),
        payable=payable,
        stopped_by=reason,
    )
