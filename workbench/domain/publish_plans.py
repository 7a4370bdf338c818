"""What publishing a tracker would keep, read and cost: counted first, then put into words for every page and API."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from workbench.domain.plurals import plural
from workbench.domain.publications import ALL
from workbench.domain.texts import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCost:
    """The credits that reading the past calls of a plan takes, for trackers that ask a judge with a price.

    Attributes:
        credits: for the calls that have not been paid for.
        balance: the credits that there are.
        unpaid: how many calls have not been paid for.
        payable: how many of those the credits and limits reach for, the newest first.
        stopped_by: what would stop it, such as "out of credits"; empty if they reach for all.
    """

    credits: float
    balance: float
    unpaid: int
    payable: int
    stopped_by: str = ""

    @property
    def enough(self) -> bool:
        """Whether the credits reach for all of these calls."""
        return not self.stopped_by


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """What publishing a tracker now, on upcoming calls and those of the ``past``, would do. Counts are of calls.

    Attributes:
        version: the number that the new version would have.
        past: how far back it would look; None for upcoming calls only.
        since: past calls from then on, and those without a date; None for all of them, and for none.
        calls: the past calls that there are.
        total: those within the period.
        undated: how many of those have no date.
        kept: those that a version that reads alike has read, so that they are not read again.
        to_read: those that the new version would read; ``kept`` and ``to_read`` are the ``total``.
        reread: how many of these another version has read, whose results there are replaced.
        stays: by version the calls whose results stay as they are, the version whose results come first at the top.
        waiting: calls that have arrived and are read next, as upcoming ones.
        unread: calls that no version will have read.
        alike: a version that reads as the new one would; None if there is none.
        cost: what reading the past takes; None if it takes no credits.
    """

    version: int
    past: str | None
    since: datetime | None
    calls: int
    total: int
    undated: int
    kept: int
    to_read: int
    reread: int
    stays: dict[int, int]
    waiting: int
    unread: int
    alike: int | None = None
    cost: PlannedCost | None = None

    @property
    def staying(self) -> int:
        """How many calls keep their results as they are."""
        return sum(self.stays.values())

    def to_dict(self) -> dict[str, Any]:
        """Return all of it ready for JSON, ``message`` too."""
        since = None if self.since is None else self.since.isoformat()
        stays = [{"version": version, "calls": calls} for version, calls in self.stays.items()]
        cost = None if self.cost is None else asdict(self.cost) | {"enough": self.cost.enough}
        return asdict(self) | {"since": since, "stays": stays, "cost": cost, "message": self.message}

    @property
    def message(self) -> str:
        """The plan in words, for people who are about to publish."""
        parts = (_stays(self), _reads(self), _upcoming(self), _unread(self), _costs(self))
        return " ".join(part for part in parts if part)


def _stays(plan: PublishPlan) -> str:
    if not plan.stays:
        return ""
    several = len(plan.stays) > 1
    found_by = [f"{f'{calls:,} ' if several else ''}from version {one}" for one, calls in plan.stays.items()]
    return f"The results of {plural(plan.staying, 'call')} stay as they are ({listed(found_by)})."


def _reads(plan: PublishPlan) -> str:
    if plan.past is None:
        return ""
    past = plan.past.removeprefix("1 ")
    period = "" if past == ALL else f" that began in the past {past}"
    if not plan.calls:
        return "There are no past calls."
    if not plan.total:
        return f"None of the {plural(plan.calls, 'past call')} began in the past {past}, so none is read."
    if not plan.to_read:
        return (
            f"Nothing has to be read again: version {plan.alike} reads the same way and has read "
            f"{_all(plan.total)}{period}."
        )
    dated = f" ({plan.undated:,} of them without a date)" if plan.undated and plan.past != ALL else ""
    said = f"Version {plan.version} reads {plural(plan.to_read, 'past call')}{period}{dated}"
    if plan.kept:
        said += f"; {plan.kept:,} more are not read again, as version {plan.alike} reads the same way"
    if plan.reread == plan.to_read:
        return f"{said}, and its matches there replace earlier ones."
    if plan.reread:
        return f"{said}, {plan.reread:,} of them again: its matches there replace earlier ones."
    return f"{said}."


def _upcoming(plan: PublishPlan) -> str:
    if plan.waiting:
        waiting = plural(plan.waiting, "call has arrived and is", "calls have arrived and are")
        return f"{waiting} read next, and so are upcoming calls."
    return "Upcoming calls are read as they arrive."


def _unread(plan: PublishPlan) -> str:
    if not plan.unread:
        return ""
    stay = "stays" if plan.unread == 1 else "stay"
    longer = "" if plan.past == ALL else "; choose a longer period to read them"
    return f"{plural(plan.unread, 'past call')} that no version has read {stay} unread{longer}."


def _costs(plan: PublishPlan) -> str:
    cost = plan.cost
    if cost is None:
        return ""
    if cost.balance <= 0:
        return "You have no credits, so it cannot be published. Add some first."
    if plan.past is None or not plan.to_read:
        return f"Past calls use no credits; there are {cost.balance:,.6g} for upcoming ones."
    takes = f"Reading past calls takes {cost.credits:,.6g} credits, and there are {cost.balance:,.6g}"
    if cost.enough:
        return f"{takes}: enough."
    calls = plural(cost.unpaid, "call")
    return (
        f"{takes}: not enough ({cost.stopped_by}). The newest {cost.payable:,} of {calls} are read, then it is paused; "
        "add credits and publish again to read the others."
    )


def _all(count: int) -> str:
    return "the one past call" if count == 1 else f"all {plural(count, 'past call')}"
