"""What a workspace would send and spend, in words, before someone agrees to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.credits import CHARACTERS
from workbench.domain.filters import Filters
from workbench.domain.plurals import plural
from workbench.judges.endpoint import URL, is_configured
from workbench.judges.spending import MAX_CREDITS, cap
from workbench.reading.credits import Credits
from workbench.resources import Resources
from workbench.results.mail import SERVER
from workbench.store.authority import Authority, authority_of
from workbench.store.publications import PublicationRepository
from workbench.store.trust import TRUST, is_trusted

_MOST = 1_000  # of recipients and trackers that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """What one tracker's next run sends to the endpoint, and its cost at one credit per 1,000 characters."""

    tracker: str
    calls: int
    characters: int

    @property
    def credits(self) -> float:
        """The credits, at the price that no workspace can change."""
        return self.characters / CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a workspace sends and spends on its own as calls arrive, and whether you have agreed to it."""

    authority: Authority
    runs: tuple[PlannedRun, ...]
    balance: float
    trusted: bool

    def __bool__(self) -> bool:
        return bool(self.authority)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if not self.authority:
            yield "This workspace sends nothing and spends nothing by itself."
            return
        yield "As calls arrive, this workspace"
        for one in self.authority.recipients[:_MOST]:
            live = ", also during live calls" if one.live else ""
            yield f"  sends {'e-mails' if one.kind == 'email' else 'webhooks'} to {one.target} ({one.of}{live})"
        yield from _more(len(self.authority.recipients), "recipients")
        if self.authority.waiting:
            yield f"  has {plural(self.authority.waiting, 'message')} to send at once"
        for run in self.runs[:_MOST]:
            yield (
                f"  asks the endpoint for {run.tracker!r}: {plural(run.calls, 'call waits', 'calls wait')}, "
                f"{plural(run.characters, 'character')}, about {run.credits:,.2f} credits"
            )
        yield from _more(len(self.runs), "trackers")
        if self.runs:
            limit = cap()
            yield f"  has a balance of {self.balance:,.2f} credits, set by whoever created it; " + (
                f"{MAX_CREDITS} stops it at {limit:,.2f} a month"
                if limit is not None
                else f"{MAX_CREDITS} sets no limit"
            )
        yield f"It uses {SERVER} for e-mails{f' and {URL} for questions' if is_configured() else ''}."
        yield "You have agreed to this." if self.trusted else "None of this happens until you agree."


def sending_of(resources: Resources) -> Sending:
    """Look up what a workspace would send and spend; runs nothing."""
    authority = authority_of(resources.state)
    return Sending(
        authority=authority,
        runs=tuple(_runs(resources, authority)) if authority.trackers else (),
        balance=Credits(resources.state).balance,
        trusted=is_trusted(resources.state),
    )


def warning_of(authority: Authority, path: object) -> str:
    """Return a warning, shown when a workspace is opened, of what it would do."""
    parts = []
    if authority.recipients:
        told = ", ".join(one.target for one in authority.recipients[:3])
        parts.append(f"send messages to {told}{' and others' if len(authority.recipients) > 3 else ''}")
    if authority.trackers:
        names = ", ".join(repr(one.name) for one in authority.trackers[:3])
        parts.append(f"ask your endpoint for {names}{' and others' if len(authority.trackers) > 3 else ''}")
    return (
        f"{path} was created elsewhere, or by a version that stored no agreements. It would {' and '.join(parts)}. "
        f"Nothing is sent and nothing is asked until you agree: `workbench trust -w {path}`, ws.trust(), or {TRUST}=1 "
        "for a service"
    )


def _runs(resources: Resources, authority: Authority) -> Iterator[PlannedRun]:
    rows = PublicationRepository(resources.state)
    asking = {one.id: one for one in authority.trackers}
    size = resources.lake.size
    for version in rows.in_use("active", "paused"):
        if version.tracker_id not in asking:
            continue
        cursors = rows.cursors(version.id)
        filters = Filters.stored(version.definition["filters"])
        past = resources.lake.sizes(filters, range(min(cursors.past_left, size)), version.since).to_pylist()
        coming = resources.lake.sizes(filters, range(min(cursors.next_upcoming, size), size)).to_pylist()
        found = [*past, *coming]
        characters = sum(row["characters"] for row in found)
        yield PlannedRun(tracker=asking[version.tracker_id].name, calls=len(found), characters=characters)


def _more(count: int, what: str) -> Iterator[str]:
    if count > _MOST:
        yield f"  and {count - _MOST:,} more {what}"
