"""Reading on workers: batches are submitted a few ahead, and fetched when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from workbench.corpus.lake import Lake
from workbench.distributed.cluster import Cluster
from workbench.distributed.tasks import RemoteTask, Shared, share, task
from workbench.domain.errors import CorpusNotEncoded
from workbench.reading.readers import PartReader
from workbench.store.publications import Detection

Following = Callable[[range], Iterator[range]]
"""Yields the numbers that are expected to be requested after these."""


class _Given(NamedTuple):
    """A submitted batch: the corpus that it was read from, the task, and its future."""

    corpus: Any
    task: RemoteTask
    future: Any


class AheadReader:
    """Finds on workers what a reader would find here.

    The caller reads the corpus and submits the content, under a name derived from it. If the corpus has changed by the
    time the result is needed, the content is read again; if that differs, the result is computed again.

    Args:
        reader: reads the content.
        cluster: searches it.
        lake: the corpus that is read from.
        following: says what to submit ahead.
    """

    def __init__(self, reader: PartReader, cluster: Cluster, lake: Lake, following: Following):
        self._reader = reader
        self._cluster = cluster
        self._lake = lake
        self._following = following
        self._by: Shared | None = None
        self._plan: Iterator[range] = iter(())
        self._given: dict[range, _Given] = {}
        self._since: datetime | None = None

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        """Return the matches in the conversations with these numbers.

        Raises:
            CorpusNotEncoded: some of them have no vector yet.
            ClusterUnavailable: the cluster cannot be used any more.
        """
        if numbers is None:
            return self._reader.read(numbers, since)
        if numbers not in self._given or since != self._since:
            self._plan_anew(numbers, since)
        own = self._given.pop(numbers)
        self._look_ahead()
        while True:
            found: list[Detection] = self._cluster.result(own.future)
            if own.corpus == self._corpus():
                return found
            again = self._give(numbers)
            if again.task.name == own.task.name:
                return found
            own = again

    def _plan_anew(self, numbers: range, since: datetime | None) -> None:
        """Cancel what is not needed now, and start here."""
        for one in self._given.values():
            one.future.release()
        self._given, self._since, self._plan = {}, since, self._following(numbers)
        self._given[numbers] = self._give(numbers)

    def _look_ahead(self) -> None:
        while len(self._given) < self._cluster.ahead:
            following = next(self._plan, None)
            if following is None:
                return
            try:
                self._given[following] = self._give(following)
            except CorpusNotEncoded:  # raised when its result is needed: earlier batches can be read
                self._plan = iter(())

    def _give(self, numbers: range) -> _Given:
        corpus = self._corpus()
        part = self._reader.part(numbers, self._since)
        self._by = self._by or share(part.by)
        own = task(part.find, *part.content, shared=self._by)
        return _Given(corpus, own, self._cluster.submit(own))

    def _corpus(self) -> Any:
        """Return an identifier of the corpus, and of how it is read."""
        return self._lake.version, self._lake.conventions()
