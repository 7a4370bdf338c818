"""Values from a question about the call: a judge is asked once per call, and its answer is stored (M3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from workbench.domain.credits import Cost
from workbench.domain.errors import WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.metrics import UNKNOWN, InvalidMetric, Metric, MetricOutcome, QuestionSource
from workbench.metrics.reading import passing
from workbench.metrics.values import valued
from workbench.resources import Resources
from workbench.store.metrics import ValueRepository
from workbench.store.moments import now

if TYPE_CHECKING:
    from workbench.metrics.questioning import AnsweredCalls

BATCH = 64  # calls: what a crash can lose


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReport:
    """How many calls were judged, which could not be (number and reason), and why it stopped early, if so.

    ``last`` is the number of the last call that was asked about, ``left`` how many there are beyond it to ask about.
    """

    judged: int = 0
    failed: Mapping[int, str] = field(default_factory=dict)
    stopped: str = ""
    last: int = -1
    left: int = 0


def ask(
    resources: Resources,
    metric: Metric,
    filters: Filters | None,
    judge: str,
    beyond: int = -1,
    most: int | None = None,
) -> AskReport:
    """Args as in :meth:`workbench.metrics.all_metrics.Metrics.ask`."""
    from workbench.metrics.questioning import Questioning

    waiting = [one for one in _unknown(resources, metric, filters) if one > beyond]
    wanted = waiting[:most]
    asking = Questioning(resources, metric, judge)
    done = AskReport(last=beyond, left=len(waiting))
    for start in range(0, len(wanted), BATCH):
        part, reason = asking.affordable(wanted[start : start + BATCH])
        try:
            found = asking.answered(part)
        except WorkbenchError as error:
            if not done.judged:
                raise
            return replace(done, stopped=str(error))
        _keep(resources, metric, found)
        done = replace(
            done,
            judged=done.judged + len(found.answers),
            failed={**done.failed, **found.failed},
            last=part[-1] if part else done.last,
            left=done.left - len(part),
        )
        if reason:
            stopped = f"credits: {reason}; top them up, then ask again"
            if not done.judged:
                raise WorkbenchError(stopped)
            return replace(done, stopped=stopped)
    return done


def cost(resources: Resources, metric: Metric, filters: Filters | None, judge: str) -> Cost:
    """Args as in :meth:`workbench.metrics.all_metrics.Metrics.cost`."""
    from workbench.metrics.questioning import Questioning

    return Questioning(resources, metric, judge).cost(_unknown(resources, metric, filters))


def _unknown(resources: Resources, metric: Metric, filters: Filters | None) -> list[int]:
    """Return the calls to ask about, in order."""
    if not isinstance(metric.source, QuestionSource):
        raise InvalidMetric(f"source: {metric.name!r} has no question; its values come from {metric.source_name}")
    unknown = valued(resources, metric).where(UNKNOWN)
    out: list[int] = np.intersect1d(passing(resources.lake, filters), unknown).tolist()
    return out


def _keep(resources: Resources, metric: Metric, found: AnsweredCalls) -> None:
    """Store verdicts; what could not be judged stays unknown, says why, and is asked again."""
    ids, at = resources.lake.conversation_ids([*found.answers, *found.failed]), now()
    outcome = partial(MetricOutcome, source="question", version=metric.version, at=at)
    outcomes = {
        ids[number]: outcome(value=one.value, evidence=one.evidence)
        for number, one in found.answers.items()
        if number in ids
    }
    outcomes |= {
        ids[number]: outcome(value=UNKNOWN, why=f"could not be judged: {reason}")
        for number, reason in found.failed.items()
        if number in ids
    }
    ValueRepository(resources.state).put(metric, outcomes)
