"""A workspace's results from trackers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.domain.deprecation import old_keywords
from workbench.domain.errors import WrongState
from workbench.domain.filters import Filters
from workbench.domain.reporters import Reporter
from workbench.domain.unreadable import Unreadable
from workbench.metrics.all_metrics import Metrics
from workbench.metrics.analyst import Analyst
from workbench.metrics.writing import NoWriter
from workbench.metrics.writing import from_environment as writer_of_environment
from workbench.reading.credits import Credits
from workbench.results import standing
from workbench.results.boards import Boards
from workbench.results.call_tables import MAX_CALLS
from workbench.results.deals import DealActivity, deal, deals
from workbench.results.detections import detections_table
from workbench.results.grouping import grouped_by
from workbench.results.playbooks import Playbooks
from workbench.results.search import search
from workbench.results.statistics import Statistics, statistics
from workbench.results.table_files import write_table
from workbench.store.trust import NOT_TRUSTED, is_trusted
from workbench.workspace import queries
from workbench.workspace.call_tables import calls_table
from workbench.workspace.corpus import CorpusMethods


class ResultMethods(CorpusMethods):
    """Detections, search, statistics, deals, boards, playbooks and metrics."""

    def detections(self, tracker: str) -> pd.DataFrame:
        """Return what a published tracker has found, whatever its state: one sentence per row.

        Columns: sentence_id, conversation_id, title, started, kind, speaker, side, start_s, text, score (a
        probability) and version, the one that found it. Matches of older versions are kept until a newer one has read
        the call.

        Raises:
            TrackerNotFound: no tracker has this id or name.
            WrongState: it was never published; ``draft_detections`` returns what it would find.
        """
        spec = self.trackers.get(tracker).spec
        found = standing.finds_of(self.database, self.lake, spec)
        if found is None:
            raise WrongState(
                f"{spec.name!r} was never published, so it has found nothing yet; publish it, or use "
                "draft_detections() (--draft) for what it would find now"
            )
        return detections_table(self.lake, found.table)

    def export_detections(self, tracker: str, path: str | os.PathLike[str], bom: bool = False) -> Path:
        """Write ``detections`` to a .parquet or .csv file; return the file. An existing one is overwritten.

        Raises:
            InvalidArgument: the file has another ending.
            TrackerNotFound: no tracker has this id or name.
            WrongState: it was never published.
        """
        return write_table(self.detections(tracker), path, bom)

    def calls_table(self, filters: Filters | None = None, trackers: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row per call (or e-mail) of which a sentence matches, with a column per tracker and per metric.

        What is known about the call comes first. A tracker's column counts the sentences that it has found, and is
        missing if it has not read the call. It includes all published trackers, or only ``trackers``. ``wb.to_csv``
        writes the table as CSV, and ``wb.read_csv`` reads it again.

        Raises:
            TrackerNotFound: no tracker has this id or name.
        """
        cards = self.lake.cards(filters, limit=MAX_CALLS)
        return calls_table(self.resources, self.metrics, cards, trackers)

    def draft_detections(self, tracker: str, progress: bool = False) -> pd.DataFrame:
        """Return what a tracker would find now, with its current definition and training, published or not.

        The columns are those of ``detections``; ``version`` is always missing. ``progress`` shows a bar if every call
        has to be read.

        Raises:
            TrackerNotFound: no tracker has this id or name.
            NotEnoughTags: it needs training, and has learnt nothing yet.
        """
        draft = queries.draft_of(self.resources, self.trackers.get(tracker), progress)
        return detections_table(self.lake, draft.table)

    def search(
        self,
        words: str = "",
        meaning: str = "",
        trackers: Sequence[str] = (),
        filters: Filters | None = None,
        limit: int = 50,
        offset: int = 0,
        upto: int | None = None,
        metrics: Mapping[str, Any] | None = None,
        progress: bool = False,
    ) -> pd.DataFrame:
        """Search sentences that contain all ``words`` and that one of the ``trackers`` found.

        Those closest to ``meaning`` come first.

        Returns one sentence per row, with its call and all trackers that found it; see
        :func:`workbench.results.search.search`. Without filters it searches external calls; ``metrics`` as for
        ``conversations``. Only a meaning needs the encoder. A tracker that was never published has to read the calls
        first; ``progress`` shows a bar if there are many.

        Raises:
            CorpusNotEncoded: a meaning is given and there are no vectors; run ``encode`` first.
        """
        vector = queries.meant(self.resources, meaning)
        return search(
            self.lake,
            words,
            vector,
            [queries.finds_of(self.resources, one, progress) for one in queries.checked_list(trackers)],
            filters if filters is not None else Filters(),
            limit,
            offset,
            vectors=lambda: self.resources.vectors.table("sentences"),
            found_by=queries.found_by(self.resources),
            upto=upto,
            calls=self.metrics.numbers(metrics).tolist() if metrics else None,
        )

    @old_keywords(least_calls="min_calls")
    def statistics(
        self,
        tracker: str,
        by: str | Sequence[str] = (),
        filters: Filters | None = None,
        min_calls: int = 0,
        *,
        every: str | None = None,
    ) -> Statistics:
        """Compute how often a tracker's concept comes up, by group and over time, with intervals.

        ``.rates`` are corrected for the tracker's error if it is known, ``.pairs`` show which groups differ; see
        :mod:`workbench.results.statistics`.

        Args:
            tracker: the tracker, its id or its name.
            by: any of person, team, account, stage.
            filters: only sentences that match.
            min_calls: groups with fewer calls are combined.
            every: week, month or quarter; None for the whole period.

        Raises:
            TrackerNotFound: no tracker has this id or name.
            InvalidArgument: ``by`` or ``every`` is not one of these.
        """
        names = grouped_by(by, every)
        return statistics(self.lake, queries.finds_of(self.resources, tracker), names, filters, min_calls)

    def deals(self) -> pd.DataFrame:
        """Return all deals, one per row, newest first."""
        return deals(self.lake)

    def deal(self, deal_id: str, trackers: Sequence[str] | None = None) -> DealActivity:
        """Return a deal's calls over time with what trackers found in them: the given ones, or all published ones.

        Raises:
            DealNotFound: no conversation belongs to it.
        """
        return deal(self.lake, deal_id, queries.published(self.resources, trackers))

    @property
    def metrics(self) -> Metrics:
        """Conversation metrics: create, get, list, update, delete, values, trend, coach."""
        return Metrics(self.resources)

    @property
    def analyst(self) -> Analyst:
        """Compares calls by the value of a metric, and answers questions; also in prose if an endpoint is set up."""
        writer = writer_of_environment()
        if writer is not None and not is_trusted(self.database):
            writer = NoWriter(NOT_TRUSTED)
        return Analyst(self.resources, writer)

    @property
    def credits(self) -> Credits:
        """What question trackers may spend: balance, top_up, prices, caps, entries."""
        return Credits(self.database)

    @property
    def boards(self) -> Boards:
        """Initiative boards: create, get, list, update, delete."""
        return queries.boards(self.resources)

    @property
    def playbooks(self) -> Playbooks:
        """Playbooks: create, get, list, update, delete."""
        return queries.playbooks(self.resources)

    def unreadable(self) -> list[Unreadable]:
        """Return stored items that cannot be read, which lists omit.

        They are damaged, or a newer version wrote them.
        """
        return queries.unreadable(self.resources)

    def wrong_hit(self, tracker: str, sentence_id: str, *, by: str | Reporter, note: str = "") -> None:
        """Report that a tracker should not have found a sentence; it is added to ``tracker.queue()``, once per person.

        It changes no estimate and teaches nothing until the trainer handles it. Ask about other sentences with
        ``session.picked_round``, and correct answers with ``session.correct``.

        Args:
            tracker: the tracker, its id or its name.
            sentence_id: the sentence that it should not have found.
            by: the person who reports it: a name, or what is known of a reader of the dashboards.
            note: what is wrong, on one line; control characters are removed.

        Raises:
            UnknownCandidate: no version of the tracker in use has found this sentence.
            WrongState: the tracker was deleted, or has no version in use.
            TooManyReports: this person has too many open reports, or sent too many within a minute.
            InvalidArgument: ``by`` is empty, or the note is too long.
        """
        queries.say_wrong(self.resources, tracker, sentence_id, by, note)
