"""Values from a question about the call: a judge is asked once a call, and what it says is kept (M3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workbench.domain.errors import WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.metrics import (
    NOT_APPLICABLE,
    UNKNOWN,
    InvalidMetric,
    Metric,
    MetricKind,
    Outcome,
    QuestionSource,
    Value,
)
from workbench.metrics.reading import passing
from workbench.metrics.values import valued
from workbench.store.metrics import ValueRepository
from workbench.store.moments import now

if TYPE_CHECKING:
    from workbench.question_reading import QuestionReader
    from workbench.workspace import Workspace

BATCH = 64  # calls: what a crash can lose


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How many calls were judged, which could not be (number and reason), and why it stopped early, if it did."""

    judged: int = 0
    failed: Mapping[int, str] = field(default_factory=dict)
    stopped: str = ""


def ask(workspace: Workspace, metric: Metric, filters: Filters | None, judge: str) -> Asked:
    """Args as in :meth:`workbench.metrics.all_metrics.Metrics.ask`."""
    if not isinstance(metric.source, QuestionSource):
        raise InvalidMetric(f"source: {metric.name!r} has no question; its values come from {metric.source_name}")
    readers = {value: _reader(workspace, metric, text, judge) for value, text in _questions(metric)}
    unknown = valued(workspace, metric).where(UNKNOWN)
    wanted = np.intersect1d(passing(workspace.lake, filters), unknown).tolist()
    done = 0
    failed: dict[int, str] = {}
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        try:
            found, wrong = _judged(readers, part)
        except WorkbenchError as error:
            if not done:
                raise
            return Asked(judged=done, failed=failed, stopped=str(error))
        _keep(workspace, metric, part, found, wrong)
        done, failed = done + len(part) - len(wrong), failed | wrong
    return Asked(judged=done, failed=failed)


def _questions(metric: Metric) -> list[tuple[Value, str]]:
    """A boolean metric asks once, a categorical one for each category."""
    if metric.kind is MetricKind.BOOLEAN:
        return [(True, "")]
    return [(category, f"It counts only where this is so: {category}.") for category in metric.categories]


def _reader(workspace: Workspace, metric: Metric, more: str, judge: str) -> QuestionReader:
    from workbench.question_reading import QuestionReader
    from workbench.trackers.question import QuestionSettings
    from workbench.trackers.question_builder import MAX_DETAILS

    source = metric.source
    assert isinstance(source, QuestionSource)
    said = (
        ("", metric.definition),
        ("It counts where: ", metric.success),
        ("It does not count where: ", metric.failure),
        ("", more),
    )
    details = " ".join(f"{before}{text}" for before, text in said if text)[:MAX_DETAILS]
    settings = QuestionSettings.checked({"question": source.question, "details": details, "judge": judge})
    filters = Filters(side=source.side, scope="any")
    return QuestionReader(workspace=workspace, filters=filters, settings=settings, tracker_id=metric.id)


def _judged(
    readers: Mapping[Value, QuestionReader], numbers: list[int]
) -> tuple[dict[int, tuple[float, Value, tuple[str, ...]]], dict[int, str]]:
    """The best answer for each call that has one, with its score and sentences; and the calls that failed."""
    from workbench.question_reading import used
    from workbench.store.credits import charge

    best: dict[int, tuple[float, Value, tuple[str, ...]]] = {}
    failed: dict[int, str] = {}
    wanted = set(numbers)
    for value, reader in readers.items():
        reach = range(numbers[0], numbers[-1] + 1)
        charges = {number: one for number, one in reader.charges(reach).items() if number in wanted}
        affordable, reason = reader.credits.reach([charges[one] for one in sorted(charges)], reader.tracker_id)
        if reason and affordable < len(charges):
            raise WorkbenchError(f"credits: {reason}; top them up, then ask again")
        picked = {number: one for number, one in reader.picked(reader.pool(reach)).items() if number in wanted}
        done = reader.asking.judged(picked)
        with reader.workspace.database.begin() as connection:
            charge(connection, used(charges, done).values())
        failed |= done.failed
        for number, verdict in done.verdicts.items():
            mentions = [one for one in verdict.mentions if one.score >= reader.settings.least]
            if mentions:
                ids = tuple(picked[number].ids[one.place] for one in mentions)
                answer = (max(one.score for one in mentions), value, ids)
                best[number] = max(best.get(number, answer), answer, key=_score)
    return best, failed


def _score(one: tuple[float, Value, tuple[str, ...]]) -> float:
    return one[0]


def _keep(
    workspace: Workspace,
    metric: Metric,
    numbers: list[int],
    found: Mapping[int, tuple[float, Value, tuple[str, ...]]],
    failed: Mapping[int, str],
) -> None:
    """What could not be judged stays unknown, and is asked again."""
    ids, at = workspace.lake.conversation_ids(numbers), now()
    none: Value = False if metric.kind is MetricKind.BOOLEAN else NOT_APPLICABLE
    outcomes = {}
    for number in numbers:
        if number in failed or number not in ids:
            continue
        _, value, evidence = found.get(number, (0.0, none, ()))
        outcomes[ids[number]] = Outcome(
            value=value, source="question", version=metric.version, evidence=evidence, at=at
        )
    ValueRepository(workspace.database).put(metric, outcomes)
