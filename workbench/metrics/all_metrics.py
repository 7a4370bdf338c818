"""The metrics of a workspace: definitions, values and trends."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.domain.credits import Cost
from workbench.domain.deprecation import old_keywords
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
        """Write values and events of many calls, all or none, such as the queue of a whole program run.

        Args:
            calls: by the call's id ``{"metrics": {"Paid": True, …}, "events": [{"name": …, "value": …, "at_s": …}]}``,
                each as :meth:`workbench.metrics.call.Call.log` takes it.

        Raises:
            ConversationNotFound: one of the calls does not exist.
            MetricNotFound: a metric does not exist; create it first.
            InvalidMetric: something cannot be used; says what, and for which call.
        """
        log(self._resources, calls)

    def events(self, name: str | None = None) -> pd.DataFrame:
        """Return the events logged in all calls, or those with this name: conversation_id, name, value, at_s, at."""
        return event_table(ValueRepository(self._resources.state).events(name=name))

    def table(self, filters: Filters | None = None) -> pd.DataFrame:
        """Return all metrics' values, one row per matching conversation, one column per metric.

        See ``wb.to_csv``.
        """
        about = self._resources.lake.about()
        about = about.loc[np.intersect1d(about.index, passing(self._resources.lake, filters))]
        frame = about[["conversation_id", "title", "started", "team", "account"]].reset_index(drop=True)
        for metric in self.list():
            column = f"{metric.name} (metric)" if metric.name in frame else metric.name
            frame[column] = valued(self._resources, metric).values[about.index.to_numpy(dtype=np.int64)]
        return frame

    @old_keywords(name="id_or_name")
    def values(self, id_or_name: str, filters: Filters | None = None) -> pd.DataFrame:
        """Return the metric's value for each conversation that matches, one per row.

        Columns: value, source, version (of the metric), at, evidence (ids of sentences), and found_by (the version of
        the tracker that found each of these; empty if no tracker did).
        """
        metric, lake = self.get(id_or_name), self._resources.lake
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
        """Return every metric's outcome for each of these conversations, by id and then by the metric's name."""
        lake = self._resources.lake
        numbers = {lake.card(one).number: one for one in conversation_ids}
        return self.of_numbers(numbers)

    def of_numbers(self, numbers: Mapping[int, str]) -> dict[str, dict[str, MetricOutcome]]:
        """Return every metric's outcome for conversations given by number and id, like ``of_calls``."""
        out: dict[str, dict[str, MetricOutcome]] = {name: {} for name in numbers.values()}
        for near in runs(numbers):
            for metric in self.list() if numbers else ():
                found = outcomes(self._resources, metric, range(near[0], near[-1] + 1))
                for number in near:
                    out[numbers[number]][metric.name] = found[number]
        return out

    def numbers(self, wanted: Wanted) -> np.ndarray:
        """Return the numbers of the conversations in which every metric has the wanted value, in order.

        Raises:
            MetricNotFound: a metric does not exist.
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

    @old_keywords(name="id_or_name", least_calls="min_calls")
    def trend(
        self,
        id_or_name: str,
        by: str | Sequence[str] = (),
        every: str | None = "month",
        filters: Filters | None = None,
        min_calls: int = 0,
    ) -> Trend:
        """Compute how often the metric has each value, over time and by group.

        Args:
            id_or_name: the metric.
            by: any of person, team, account, stage.
            every: week, month or quarter; None for the whole period.
            filters: only conversations with a matching sentence.
            min_calls: groups with fewer calls are combined.

        Raises:
            MetricNotFound: no metric has this name.
            InvalidArgument: ``by`` or ``every`` is not one of these.
        """
        return trend(self._resources, self.get(id_or_name), by, every, filters, min_calls)

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
        """Apply an unsaved definition to some calls, drawn by ``seed``; takes what ``create`` takes.

        The judge is asked about calls that were not yet judged by this same definition; values are not
        stored. ``saved`` is the metric, by id or name, that it would change; values logged to it are used.
        """
        metric = self._new(name or "preview", values)
        if saved is not None:
            metric = replace(self._changed(self.get(saved), values), changed=metric.changed)
        return preview(self._resources, metric, count, filters, seed, judge)

    @old_keywords(name="id_or_name", most="limit")
    def ask(
        self,
        id_or_name: str,
        filters: Filters | None = None,
        judge: str = "local",
        beyond: int = -1,
        limit: int | None = None,
    ) -> AskReport:
        """Ask a judge about each call whose value is not known yet, if the metric's source is a question.

        A boolean metric is true if the question is answered with yes; else partial if the judge finds that the
        definition's ``partial`` applies; else it does not apply if ``applies_when`` is not found; else it is false. For
        a categorical one the most certain category counts, and it does not apply if none is found. Verdicts are stored
        and not asked for again; what could not be judged stays unknown, with ``why``, and is asked again.

        Args:
            id_or_name: the metric.
            filters: only calls with a matching sentence.
            judge: as for a question tracker: local, endpoint, or ``cross-encoder:`` and a model that is listed in
                ``WORKBENCH_MODELS``.
            beyond: only calls whose number in the corpus is greater; pass ``last`` of a result to continue from there.
            limit: the most calls to ask about; by default all of them.

        Raises:
            MetricNotFound: no metric has this name.
            InvalidMetric: its source is not a question.
            CorpusNotEncoded: run ``ws.encode()`` first.
            JudgeUnavailable: the judge cannot be used right now.
            WorkbenchError: there are too few credits for the first call.
        """
        return ask(self._resources, self.get(id_or_name), filters, judge, beyond, limit)

    @old_keywords(name="id_or_name")
    def cost(self, id_or_name: str, filters: Filters | None = None, judge: str = "local") -> Cost:
        """Return the expected cost of ``ask`` for the calls it would ask about.

        Runs nothing; raises like ``ask``.
        """
        return cost(self._resources, self.get(id_or_name), filters, judge)

    # What the others share
