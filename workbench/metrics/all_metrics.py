"""The metrics of a workspace: made, found, changed and deleted, one or many at once; their values and trends."""

from __future__ import annotations

import builtins
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from workbench.domain.credits import Cost
from workbench.domain.filters import Filters
from workbench.domain.metric_checks import checked_body, checked_name, source_data, source_of
from workbench.domain.metrics import (
    BODY,
    InvalidMetric,
    Metric,
    Outcome,
    Source,
    TrackerRule,
    wanted_value,
)
from workbench.domain.used_trackers import UsedTracker
from workbench.metrics.coaching import coach
from workbench.metrics.judging import Asked, ask, cost
from workbench.metrics.logged import Logged, event_table, log
from workbench.metrics.name_coaching import Remark
from workbench.metrics.preview import Shown, preview
from workbench.metrics.reading import passing, runs
from workbench.metrics.trends import Trend, trend
from workbench.metrics.values import outcomes, valued
from workbench.resources import Resources
from workbench.store.metrics import MetricRepository, ValueRepository
from workbench.store.moments import now
from workbench.store.trackers import TrackerRepository
from workbench.store.used_trackers import used_trackers

Wanted = Mapping[str, Any]
"""Metrics, by id or name, with the value wanted of each, or a list of values of which any will do."""


class Metrics:
    """The metrics of a workspace."""

    def __init__(self, resources: Resources):
        self._resources = resources
        self.repository = MetricRepository(resources.state)

    # Definitions

    def create(self, name: str, **values: Any) -> Metric:
        """A new metric.

        Args:
            name: 1 to 80 characters.
            values: ``kind`` (boolean or categorical, then with ``categories``), ``definition``, ``success``,
                ``failure``, ``partial``, ``applies_when``, and ``source``: ``{"type": "code"}``, which is the default;
                ``{"type": "question", "question": …, "side": …}``; or ``{"type": "trackers", …}`` with the fields of
                :class:`~workbench.domain.metrics.TrackerRule`, in which trackers are named by id or name.

        Raises:
            InvalidMetric: names the field that cannot be used, and why; or another metric has the name.
            TrackerNotFound: there is no such tracker.
        """
        made = self._new(name, values)
        self.repository.add(made)
        return made

    def create_many(self, definitions: Sequence[Mapping[str, Any]]) -> builtins.list[Metric]:
        """All of these or none; each holds what ``create`` takes. The error says which of them, counted from 0."""
        made = []
        for place, one in enumerate(definitions):
            with _naming(place):
                values = dict(one)
                made.append(self._new(values.pop("name", ""), values))
        if made:
            self.repository.add(*made)
        return made

    def get(self, id_or_name: str) -> Metric:
        """Raises ``MetricNotFound``."""
        return self.repository.get(id_or_name)

    def list(self) -> builtins.list[Metric]:
        """All of them, oldest first."""
        return self.repository.list()

    def update(self, id_or_name: str, **changes: Any) -> Metric:
        """Changes some fields; the same rules as for a new one. What it measures changed: its version goes up.

        Raises:
            MetricNotFound: there is none.
            InvalidMetric: names the field that cannot be used, and why.
        """
        return self.change(id_or_name, changes)

    def change(self, id_or_name: str, changes: Mapping[str, Any], expected: str | None = None) -> Metric:
        """As :meth:`update`, if the metric still has the ``expected`` tag (``store.metrics.metric_tag``).

        Raises:
            EditedMeanwhile: it has another one.
        """
        (changed,) = self.repository.change({id_or_name: lambda metric: self._changed(metric, changes)}, expected)
        return changed

    def update_many(self, changes: Mapping[str, Mapping[str, Any]]) -> builtins.list[Metric]:
        """Changes metrics, given by id or name, all or none; each holds what ``update`` takes."""

        def made(place: int, values: Mapping[str, Any], metric: Metric) -> Metric:
            with _naming(place):
                return self._changed(metric, values)

        wanted = {name: partial(made, place, values) for place, (name, values) in enumerate(changes.items())}
        return self.repository.change(wanted)

    def trackers(self, name: str) -> builtins.list[UsedTracker]:
        """The trackers that a metric goes by, also those that were deleted since; none where its source is another.

        Raises:
            MetricNotFound: there is no such metric.
        """
        return [*self.used([self.get(name)]).values()]

    def used(self, metrics: Iterable[Metric]) -> dict[str, UsedTracker]:
        """The trackers that any of these metrics goes by, by id."""
        rules = [one.source for one in metrics if isinstance(one.source, TrackerRule)]
        return used_trackers(self._resources.state, [one for rule in rules for one in rule.trackers])

    def delete(self, id_or_name: str) -> None:
        """With all values logged to it, forever; raises ``MetricNotFound``."""
        self.repository.remove(self.get(id_or_name).id)

    def delete_many(self, ids_or_names: Sequence[str]) -> None:
        """All of these or none; raises ``MetricNotFound``."""
        self.repository.remove(*(self.get(one).id for one in ids_or_names))

    def coach(self, name: str, near: Mapping[str, float] | None = None, **values: Any) -> builtins.list[Remark]:
        """What is weak about a definition, saved or not; takes what ``create`` takes, see :mod:`~.coaching`.

        The metric of this name itself is not held against it; ``near`` are cosines to the others' names.
        """
        known = {text: values[text] for text in _COACHED if text in values}
        others = [one.name for one in self.list() if one.id != values.get("id")]
        return coach(name, **known, others=others, near=near)

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

    def of_calls(self, conversation_ids: Sequence[str]) -> dict[str, dict[str, Outcome]]:
        """Every metric's outcome for each of these conversations, by id and then by the metric's name."""
        lake = self._resources.lake
        numbers = {lake.card(one).number: one for one in conversation_ids}
        return self.of_numbers(numbers)

    def of_numbers(self, numbers: Mapping[int, str]) -> dict[str, dict[str, Outcome]]:
        """The same for conversations given by number and id."""
        out: dict[str, dict[str, Outcome]] = {name: {} for name in numbers.values()}
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
    ) -> Asked:
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

    def _new(self, name: str, values: Mapping[str, Any]) -> Metric:
        _known(values)
        moment = now()
        body = checked_body({**values, "source": self._resolved(values.get("source"))})
        return Metric(id=secrets.token_hex(8), name=checked_name(name), created=moment, changed=moment, **body)

    def _changed(self, metric: Metric, changes: Mapping[str, Any]) -> Metric:
        given = dict(changes)
        name = checked_name(given.pop("name", metric.name))
        _known(given)
        if "source" in given:
            kept = metric.source.trackers if isinstance(metric.source, TrackerRule) else ()
            given["source"] = self._resolved(given["source"], kept)
        body = checked_body({one: getattr(metric, one) for one in BODY} | given)
        same = all(getattr(metric, one) == value for one, value in body.items())
        return replace(metric, **body, name=name, version=metric.version + (not same), changed=now())

    def _resolved(self, source: Any, kept: Sequence[str] = ()) -> Source:
        """With trackers by id, whatever names them; those that are ``kept`` stay whatever has become of them."""
        if source is None:
            return source_of({"type": "code"})
        made = source_of(source) if isinstance(source, Mapping) else source
        if not isinstance(made, TrackerRule):
            return made
        ids = {
            one: one if one in kept else TrackerRepository(self._resources.state).get(one).id for one in made.trackers
        }
        data = source_data(made) | {
            "required": [ids[one] for one in made.required],
            "cases": [(category, ids[one]) for category, one in made.cases],
            "applies": made.applies and ids[made.applies],
        }
        return source_of(data)


_COACHED = ("kind", "definition", "success", "failure", "partial", "applies_when", "categories")


def _known(values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(BODY)
    if unknown:
        raise InvalidMetric(f"{', '.join(sorted(unknown))}: unknown; a metric has name, {', '.join(BODY)}")


@contextmanager
def _naming(place: int) -> Iterator[None]:
    """Says in the error which of many it was, counted from 0."""
    try:
        yield
    except InvalidMetric as error:
        raise InvalidMetric(f"[{place}] {error}") from None
