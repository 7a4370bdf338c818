"""What a metric says about some calls, as a preview before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from workbench.corpus.views import Heading, SentenceInContext
from workbench.domain.errors import InvalidArgument, WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.metrics import UNKNOWN, Metric, MetricOutcome, QuestionSource
from workbench.metrics.reading import passing, runs
from workbench.metrics.values import outcomes
from workbench.resources import Resources

MOST = 200
MOST_EVIDENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A call with its outcome, and the first sentences of the evidence."""

    heading: Heading
    outcome: MetricOutcome
    quotes: tuple[SentenceInContext, ...]


def preview(
    resources: Resources,
    metric: Metric,
    count: int,
    filters: Filters | None = None,
    seed: int = 0,
    judge: str = "local",
) -> list[Shown]:
    """At most ``count`` calls drawn by ``seed``, in the corpus's order; a question is put to the judge."""
    if not 0 < count <= MOST:
        raise InvalidArgument(f"count: give 1 to {MOST} calls")
    lake = resources.lake
    numbers = passing(lake, filters if filters is not None else Filters(scope="any"))
    drawn = sorted(np.random.default_rng(seed).permutation(numbers)[:count].tolist())
    if not drawn:
        return []
    found: dict[int, MetricOutcome] = {}
    for near in runs(drawn):
        found |= outcomes(resources, metric, range(near[0], near[-1] + 1))
    if isinstance(metric.source, QuestionSource):
        found |= _judged(resources, metric, judge, [one for one in drawn if found[one].value == UNKNOWN])
    headings = lake.headings(drawn)
    quoted = {number: found[number].evidence[:MOST_EVIDENCE] for number in drawn}
    sentences = lake.sentences([name for names in quoted.values() for name in names], 0)
    return [
        Shown(
            heading=headings[number],
            outcome=found[number],
            quotes=tuple(sentences[name] for name in quoted[number] if name in sentences),
        )
        for number in drawn
        if number in headings
    ]


def _judged(resources: Resources, metric: Metric, judge: str, numbers: list[int]) -> dict[int, MetricOutcome]:
    """Return a judge's answers for these calls; those it cannot judge stay unknown, with the reason."""
    from workbench.metrics.questioning import Questioning

    asking = Questioning(resources, metric, judge)
    outcome = partial(MetricOutcome, source=metric.source_name, version=metric.version)
    try:
        reached, reason = asking.affordable(numbers)
        said = asking.answered(reached)
    except WorkbenchError as error:
        return {number: outcome(value=UNKNOWN, why=str(error)) for number in numbers}
    whys = {number: f"credits: {reason}" for number in numbers if number not in reached} | dict(said.failed)
    out = {number: outcome(value=UNKNOWN, why=why) for number, why in whys.items()}
    return out | {number: outcome(value=one.value, evidence=one.evidence) for number, one in said.answers.items()}
