"""The metrics of a workspace: made, found, changed and deleted, one or many at once; their values and trends."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.domain.credits import Cost
from workbench.domain.filters import Filters
from workbench.domain.metrics import (
    MetricOutcome,
    wanted_value,
)
from workbench.metrics.all_definitions import MetricDefinitions, Wanted
from workbench.metrics.judging import AskReport, ask, cost
from workbench.metrics.logged import Logged, event_table, log
from workbench.metrics.preview import Shown, preview
from workbench.metrics.reading import passing, runs
from workbench.metrics.trends import Trend, trend
from workbench.metrics.values import outcomes, valued
from workbench.store.metrics import ValueRepository


class Metrics(MetricDefinitions):
    """The metrics of a workspace."""

    # Definitions

    # Values

    def log(self, calls: Mapping[str, Logged]) -> None:
        """Writes values and events of many calls, all or none: a queue of a whole program's run, for instance.

        Args:
            calls: by the call's id ``{"metrics": {"Paid": True, …}, "events": [{"name": …, "value": …, "at_s": …}]}``,
                each as :meth:`workbench.metrics.call.Call.log` takes it.

        Raises:
            ConversationNotFound: one of the calls is not there.
            MetricNotFound: there is no such metric; make it first.
            InvalidMetric: names the call, and what cannot be used.
        """
        log(self._resources, calls)

    def events(self, name: str | None = None) -> pd.DataFrame:
        """What was logged as events in all calls, or those of this name: conversation_id, name, value, at_s, at."""
        return event_table(ValueRepository(self._resources.state).events(name=name))

    def table(self, filters: Filters | None = None) -> pd.DataFrame:
        """All metrics' values, a row a conversation that matches and a column a metric; ``wb.to_csv`` exports it."""
        about = self._resources.lake.about()
        about = about.loc[np.intersect1d(about.index, passing(self._resources.lake, filters))]
        frame = about[["conversation_id", "title", "started", "team", "account"]].reset_index(drop=True)
        for metric in self.list():
            column = f"{metric.name} (metric)" if metric.name in frame else metric.name
            frame[column] = valued(self._resources, metric).values[about.index.to_numpy(dtype=np.int64)]
        return frame

    def values(self, name: str, filters: Filters | None = None) -> pd.DataFrame:
        """The metric's value for each conversation that matches, one a row.

        Columns: value, source, version (of the metric), at, evidence (ids of sentences), and found_by (the version of
        the tracker that found each of these; empty where no tracker did).
        """
        metric, lake = self.get(name), self._resources.lake
        found = outcomes(self._resources, metric, range(lake.size))
        about = lake.about()
        about = about.loc[np.intersect1d(about.index, passing(lake, filters))]
        rows = [found[number] for number in about.index]
        columns = {key: [getattr(one, key) for one in rows] for key in ("value", "source", "version", "at")}
        evidence = pd.Series([one.evidence for one in rows], dtype=object)
        frame = about[["conversation_id", "title", "started", "team", "account"]].reset_index(drop=True)
        found_by = pd.Series([one.found_by for one in rows], dtype=object)
        return frame.assign(**columns, evidence=evidence, found_by=found_by)

    def of_calls(self, conversation_ids: Sequence[str]) -> dict[str, dict[str, MetricOutcome]]:
        """Every metric's outcome for each of these conversations, by id and then by the metric's name."""
        lake = self._resources.lake
        numbers = {lake.card(one).number: one for one in conversation_ids}
        return self.of_numbers(numbers)

    def of_numbers(self, numbers: Mapping[int, str]) -> dict[str, dict[str, MetricOutcome]]:
        """The same for conversations given by number and id."""
        out: dict[str, dict[str, MetricOutcome]] = {name: {} for name in numbers.values()}
        for near in runs(numbers):
            for metric in self.list() if numbers else ():
                found = outcomes(self._resources, metric, range(near[0], near[-1] + 1))
                for number in near:
                    out[numbers[number]][metric.name] = found[number]
        return out

    def numbers(self, wanted: Wanted) -> np.ndarray:
        """The numbers of the conversations in which every metric has the value wanted, in order.

        Raises:
            MetricNotFound: there is no such metric.
            InvalidMetric: the metric cannot have this value.
        """
        out = np.arange(self._resources.lake.size)
        for name, value in wanted.items():
            metric = self.get(name)
            several = value if isinstance(value, tuple | builtins.list | set | frozenset) else [value]
            checked = [wanted_value(metric, one) for one in several]
            found = valued(self._resources, metric)
            any_of = [found.where(one) for one in checked]
            out = np.intersect1d(out, np.concatenate(any_of) if any_of else np.array([], dtype=np.int64))
        return out

    def trend(
        self,
        name: str,
        by: str | Sequence[str] = (),
        every: str | None = "month",
        filters: Filters | None = None,
        least_calls: int = 0,
    ) -> Trend:
        """How often the metric has each value, over time and by group.

        Args:
            by: of person, team, account, stage.
            every: week, month or quarter; None for all the time together.
            filters: only conversations of which a sentence passes.
            least_calls: groups of fewer calls are taken together.

        Raises:
            MetricNotFound: there is no such metric.
            WorkbenchError: ``by`` or ``every`` is none of those.
        """
        return trend(self._resources, self.get(name), by, every, filters, least_calls)

    def preview(
        self,
        name: str = "",
        count: int = 20,
        filters: Filters | None = None,
        seed: int = 0,
        saved: str | None = None,
        judge: str = "local",
        **values: Any,
    ) -> builtins.list[Shown]:
        """What a definition that is not saved says of some calls, drawn by ``seed``; takes what ``create`` takes.

        A question is put to the judge, about those of these calls that were not judged by this very definition; no
        value is kept. ``saved`` is the metric, by id or name, that it would change: what was logged to that counts.
        """
        metric = self._new(name or "preview", values)
        if saved is not None:
            metric = replace(self._changed(self.get(saved), values), changed=metric.changed)
        return preview(self._resources, metric, count, filters, seed, judge)

    def ask(
        self,
        name: str,
        filters: Filters | None = None,
        judge: str = "local",
        beyond: int = -1,
        most: int | None = None,
    ) -> AskReport:
        """Asks a judge about each call of which the metric knows nothing yet, where its source is a question.

        A boolean metric is true where the question is answered with yes; else partial where the judge finds that the
        definition's ``partial`` is so; else it does not apply where ``applies_when`` is not found to be so; else it is
        false. Of a categorical one the surest category counts, and it does not apply where none is seen. What was
        judged is kept, and not asked again; what could not be judged stays unknown, with ``why``, and is.

        Args:
            filters: only calls of which a sentence passes.
            judge: as of a question tracker: local, endpoint, or ``cross-encoder:`` and a model that is listed in
                ``WORKBENCH_MODELS``.
            beyond: only calls whose number in the corpus is greater; ``last`` of an answer goes on where it ended.
            most: at most so many calls; all of them without it.

        Raises:
            MetricNotFound: there is no such metric.
            InvalidMetric: its values come from elsewhere.
            CorpusNotEncoded: run ``ws.encode()`` first.
            JudgeUnavailable: nothing can be judged now.
            WorkbenchError: the credits do not reach for the first call.
        """
        return ask(self._resources, self.get(name), filters, judge, beyond, most)

    def cost(self, name: str, filters: Filters | None = None, judge: str = "local") -> Cost:
        """What ``ask`` is expected to take for the calls that it would ask about. Runs nothing; raises as ``ask``."""
        return cost(self._resources, self.get(name), filters, judge)

    # What the others share
