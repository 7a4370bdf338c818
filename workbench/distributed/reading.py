"""Reading on workers: what a reader reads goes out a few batches ahead, and comes back when it is asked for."""

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
"""Yields the numbers that will be asked for after these, as far as can be told."""


class _Given(NamedTuple):
    """What was given out: the corpus that it was read from, the task, and its future."""

    corpus: Any
    task: RemoteTask
    future: Any


class AheadReader:
    """Finds on workers what a reader would find here.

    What is read stays the caller's: its content goes out, under a name that tells the content. Where the corpus has
    changed by the time the result is asked for, the content is read again, and if it is another one, so is what is
    found.

    Args:
        reader: reads what goes out.
        cluster: where it is looked through.
        lake: the corpus that is read from.
        following: tells what to give out ahead.
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
        """Return what is found in the conversations with these numbers.

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
        """Call back what is not asked for now, and begin here."""
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
            except CorpusNotEncoded:  # said when it is asked for: what comes before can be read
                self._plan = iter(())

    def _give(self, numbers: range) -> _Given:
        corpus = self._corpus()
        part = self._reader.part(numbers, self._since)
        self._by = self._by or share(part.by)
        own = task(part.find, *part.content, shared=self._by)
        return _Given(corpus, own, self._cluster.submit(own))

    def _corpus(self) -> Any:
        """Return what tells the corpus, and how it is read, from any other."""
        return self._lake.version, self._lake.conventions()
