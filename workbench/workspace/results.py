"""What a workspace tells of what trackers found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

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
from workbench.results.deals import DealActivity, deal, deals
from workbench.results.playbooks import Playbooks
from workbench.results.search import search
from workbench.results.statistics import Statistics, statistics
from workbench.store.trust import NOT_TRUSTED, is_trusted
from workbench.workspace import queries
from workbench.workspace.corpus import CorpusMethods


class ResultMethods(CorpusMethods):
    """Detections, search, statistics, deals, boards, playbooks and metrics."""

    def conversations(self, filters: Filters | None = None, metrics: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The conversations that match, one a row; all of them without filters.

        ``metrics`` names metrics with the value wanted of each, such as ``{"Booking completed": False}``; a list of
        values lets any of them through.
        """
        found = self.lake.conversations(filters)
        if not metrics:
            return found
        ids = self.lake.conversation_ids(self.metrics.numbers(metrics).tolist())
        return found[found["id"].isin(ids.values())].reset_index(drop=True)

    def detections(self, tracker: str) -> pd.DataFrame:
        """What a published tracker has found, in whatever state it is: one sentence a row.

        Columns: sentence_id, conversation_id, title, started, kind, speaker, side, start_s, text, score (a
        probability) and version, the one that found it. What older versions found stands until a newer one has read
        the call.

        Raises:
            TrackerNotFound: there is none of this id or name.
            WrongState: it was never published; ``draft_detections`` gives what it would find.
        """
        spec = self.trackers.get(tracker).spec
        found = standing.finds_of(self.database, self.lake, spec)
        if found is None:
            raise WrongState(
                f"{spec.name!r} was never published, so it has found nothing yet; publish it, or use "
                "draft_detections() (--draft) for what it would find now"
            )
        return queries.detections(self.resources, found)

    def draft_detections(self, tracker: str) -> pd.DataFrame:
        """What a tracker would find now, by its present definition and training, published or not.

        The columns are those of ``detections``; ``version`` is missing throughout.

        Raises:
            TrackerNotFound: there is none of this id or name.
            NotEnoughTags: it is trained, and has learnt nothing yet.
        """
        return queries.detections(self.resources, queries.draft_of(self.resources, self.trackers.get(tracker)))

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
    ) -> pd.DataFrame:
        """Sentences that hold all ``words`` and that one of the ``trackers`` found; nearest to ``meaning`` first.

        A sentence a row, with its call and all trackers that found it; see :func:`workbench.results.search.search`.
        Without filters, in external calls; ``metrics`` as for ``conversations``. Only a meaning needs the encoder.

        Raises:
            CorpusNotEncoded: a meaning is given and there are no vectors; run ``encode`` first.
        """
        vector = queries.meant(self.resources, meaning)
        return search(
            self.lake,
            words,
            vector,
            [queries.finds_of(self.resources, one) for one in queries.checked_list(trackers)],
            filters if filters is not None else Filters(),
            limit,
            offset,
            vectors=lambda: self.resources.vectors.table("sentences"),
            found_by=queries.found_by(self.resources),
            upto=upto,
            calls=self.metrics.numbers(metrics).tolist() if metrics else None,
        )

    def statistics(
        self, tracker: str, by: str | Sequence[str] = (), filters: Filters | None = None, least_calls: int = 0
    ) -> Statistics:
        """How often a tracker's concept comes up, by team, person, month and so on, with intervals.

        ``.rates`` are corrected for the tracker's own error where that is known, ``.pairs`` tell which groups can be
        told apart; see :mod:`workbench.results.statistics`.
        """
        return statistics(self.lake, queries.finds_of(self.resources, tracker), by, filters, least_calls)

    def deals(self) -> pd.DataFrame:
        """All deals, one a row, the newest first."""
        return deals(self.lake)

    def deal(self, deal_id: str, trackers: Sequence[str] | None = None) -> DealActivity:
        """A deal's calls along time with what trackers found in them: these, or all that were ever published.

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
        """Compares calls by the value of a metric, and answers questions; in prose too, where an endpoint is set."""
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
        """What is stored and cannot be read, as it is damaged or a newer version wrote it; lists leave it out."""
        return queries.unreadable(self.resources)

    def wrong_hit(self, tracker: str, sentence_id: str, *, by: str | Reporter, note: str = "") -> None:
        """Say that a tracker should not have found a sentence; it goes to ``tracker.queue()``, once a person.

        It changes no estimate and teaches nothing until the trainer takes it up. Other sentences can be asked about
        with ``session.picked_round`` and put right with ``session.correct``.

        Args:
            by: who says so: a name, or what is known of a reader of the dashboards.
            note: what is wrong, on one line; control characters are left out.

        Raises:
            UnknownCandidate: no version of the tracker in use has found this sentence.
            WrongState: the tracker was deleted, or has no version in use.
            TooManyReports: more reports of this person wait, or came within a minute, than are taken.
            WorkbenchError: ``by`` names nobody, or the note is too long.
        """
        queries.say_wrong(self.resources, tracker, sentence_id, by, note)
