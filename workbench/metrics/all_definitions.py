"""The metrics of a workspace: creates, finds, changes and deletes them, one or many at once."""

from __future__ import annotations

import builtins
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from workbench.domain.deprecation import old_keywords
from workbench.domain.metric_checks import checked_body, source_data, source_of
from workbench.domain.metrics import (
    BODY,
    InvalidMetric,
    Metric,
    TrackerRule,
    ValueSource,
)
from workbench.domain.rules import checked_name
from workbench.domain.used_trackers import UsedTracker
from workbench.metrics.coaching import coach
from workbench.metrics.name_coaching import Remark
from workbench.resources import Resources
from workbench.store.metrics import MetricRepository
from workbench.store.moments import now
from workbench.store.trackers import TrackerRepository
from workbench.store.used_trackers import used_trackers

Wanted = Mapping[str, Any]
"""Metrics, by id or name, with the value wanted for each, or a list of alternatives."""


class MetricDefinitions:
    """The definitions of a workspace's metrics."""

    def __init__(self, resources: Resources):
        self._resources = resources
        self.repository = MetricRepository(resources.state)

    def create(self, name: str, **values: Any) -> Metric:
        """Create a metric.

        Args:
            name: 1 to 80 characters.
            values: ``kind`` (boolean or categorical, then with ``categories``), ``definition``, ``success``,
                ``failure``, ``partial``, ``applies_when``, and ``source``: ``{"type": "code"}``, which is the default;
                ``{"type": "question", "question": …, "side": …}``; or ``{"type": "trackers", …}`` with the fields of
                :class:`~workbench.domain.metrics.TrackerRule`, in which trackers are named by id or name.

        Raises:
            InvalidMetric: a field cannot be used, or another metric has the name; says which, and why.
            TrackerNotFound: no tracker has this id or name.
        """
        made = self._new(name, values)
        self.repository.add(made)
        return made

    def create_many(self, definitions: Sequence[Mapping[str, Any]]) -> builtins.list[Metric]:
        """Create all of these metrics or none; each has what ``create`` takes.

        Errors name the entry, counted from 0.
        """
        made = []
        for place, one in enumerate(definitions):
            with _naming(place):
                values = dict(one)
                made.append(self._new(values.pop("name", ""), values))
        if made:
            self.repository.add(*made)
        return made

    def get(self, id_or_name: str) -> Metric:
        """Return a metric by id or name; raises ``MetricNotFound``."""
        return self.repository.get(id_or_name)

    def list(self) -> builtins.list[Metric]:
        """Return all metrics, oldest first."""
        return self.repository.list()

    def update(self, id_or_name: str, **changes: Any) -> Metric:
        """Change some fields; the rules of a new metric apply. If what it measures changes, its version is raised.

        Raises:
            MetricNotFound: no metric has this id or name.
            InvalidMetric: a field cannot be used; says which, and why.
        """
        return self.change(id_or_name, changes)

    def change(self, id_or_name: str, changes: Mapping[str, Any], expected: str | None = None) -> Metric:
        """Change fields like :meth:`update`, if the metric still has the ``expected`` tag.

        Tags are those of ``store.metrics.metric_tag``.

        Raises:
            EditedMeanwhile: it has another one.
        """
        (changed,) = self.repository.change({id_or_name: lambda metric: self._changed(metric, changes)}, expected)
        return changed

    def update_many(self, changes: Mapping[str, Mapping[str, Any]]) -> builtins.list[Metric]:
        """Change metrics, given by id or name, all or none; each has what ``update`` takes."""

        def made(place: int, values: Mapping[str, Any], metric: Metric) -> Metric:
            with _naming(place):
                return self._changed(metric, values)

        wanted = {name: partial(made, place, values) for place, (name, values) in enumerate(changes.items())}
        return self.repository.change(wanted)

    @old_keywords(name="id_or_name")
    def trackers(self, id_or_name: str) -> builtins.list[UsedTracker]:
        """Return the trackers that a metric uses, including deleted ones; empty if it has another source.

        Raises:
            MetricNotFound: no metric has this id or name.
        """
        return [*self.used([self.get(id_or_name)]).values()]

    def used(self, metrics: Iterable[Metric]) -> dict[str, UsedTracker]:
        """Return the trackers that any of these metrics uses, by id."""
        rules = [one.source for one in metrics if isinstance(one.source, TrackerRule)]
        return used_trackers(self._resources.state, [one for rule in rules for one in rule.trackers])

    def delete(self, id_or_name: str) -> None:
        """Delete a metric permanently, with all values logged to it; raises ``MetricNotFound``."""
        self.repository.remove(self.get(id_or_name).id)

    def delete_many(self, ids_or_names: Sequence[str]) -> None:
        """Delete all of these metrics or none; raises ``MetricNotFound``."""
        self.repository.remove(*(self.get(one).id for one in ids_or_names))

    def coach(self, name: str, near: Mapping[str, float] | None = None, **values: Any) -> builtins.list[Remark]:
        """Return what is weak about a definition, saved or not; takes what ``create`` takes, see :mod:`~.coaching`.

        The metric of this name itself is ignored; ``near`` are cosines to the others' names.
        """
        known = {text: values[text] for text in _COACHED if text in values}
        others = [one.name for one in self.list() if one.id != values.get("id")]
        return coach(name, **known, others=others, near=near)

    def _new(self, name: str, values: Mapping[str, Any]) -> Metric:
        _known(values)
        moment = now()
        body = checked_body({**values, "source": self._resolved(values.get("source"))})
        return Metric(
            id=secrets.token_hex(8), name=checked_name(name, InvalidMetric), created=moment, changed=moment, **body
        )

    def _changed(self, metric: Metric, changes: Mapping[str, Any]) -> Metric:
        given = dict(changes)
        name = checked_name(given.pop("name", metric.name), InvalidMetric)
        _known(given)
        if "source" in given:
            kept = metric.source.trackers if isinstance(metric.source, TrackerRule) else ()
            given["source"] = self._resolved(given["source"], kept)
        body = checked_body({one: getattr(metric, one) for one in BODY} | given)
        same = all(getattr(metric, one) == value for one, value in body.items())
        return replace(metric, **body, name=name, version=metric.version + (not same), changed=now())

    def _resolved(self, source: Any, kept: Sequence[str] = ()) -> ValueSource:
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
    """Say in the error which of many it was, counted from 0."""
    try:
        yield
    except InvalidMetric as error:
        raise InvalidMetric(f"[{place}] {error}") from None
