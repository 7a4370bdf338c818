"""A version of a tracker in use: it reads past calls in batches, newest first, and then those that arrive.

Progress is stored as cursors in the state, updated in the same transaction as the matches, so that after a crash any
process can continue without repeating or skipping calls.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from filelock import FileLock, Timeout
from tqdm.auto import tqdm
from typing_extensions import deprecated

from workbench.distributed import AheadReader, Cluster, cluster_of
from workbench.domain.access import file_lock, make_folder
from workbench.domain.credits import OUT_OF_CREDITS
from workbench.domain.deprecation import DeprecatedName
from workbench.domain.errors import (
    Cancelled,
    JudgeUnavailable,
    OtherEncoder,
    OutOfCredits,
    WrongState,
)
from workbench.domain.progress import ReportProgress
from workbench.domain.publications import (
    Progress,
    Run,
)
from workbench.engine.detection import Detector
from workbench.publishing.version_state import JOBS, VersionState
from workbench.reading.credits import Credits
from workbench.reading.question_reader import QuestionReader, Taken
from workbench.reading.readers import PartReader, Reader, needs_vectors, take
from workbench.reading.versions import version_model, version_reader
from workbench.resources.jobs import Job
from workbench.results.collecting import telling
from workbench.results.detections import detections_table
from workbench.results.due import deliver_due
from workbench.store.moments import now
from workbench.store.notices import results_ready
from workbench.store.publications import Detection
from workbench.store.unit_of_work import UnitOfWork, Write

if TYPE_CHECKING:
    from distributed import Client

BATCH = 64  # conversations: how many a crash can cause to be read again, and how often progress is shown
PATIENCE_S = 2.0  # processes that only check whether it runs hold the lock for a moment
POLL_S = 0.1
# The delays before retrying a call that could not be judged: an endpoint's bad day must not use up its tries.
WAITS_S = (60, 10 * 60, 60 * 60, 12 * 60 * 60)
MOST_TRIES = len(WAITS_S) + 1
_WORKER = ThreadPoolExecutor(1, thread_name_prefix="backfill")  # one at a time: each uses all cores


class Publication(VersionState):
    """One version of a tracker, in use or used before; ``frozen`` is its content."""

    def wait(self, progress: bool = False) -> Progress:
        """Wait until the backfill has finished, failed or been cancelled; ``progress`` shows a bar."""
        seen = self.progress()
        with tqdm(total=seen.total, unit=" conversations", desc="Reading past calls", disable=not progress) as bar:
            while (seen := self.progress()).state is Run.RUNNING:
                bar.update(seen.done - bar.n)
                bar.set_postfix_str(self.job.link if self.job else "", refresh=False)
                time.sleep(POLL_S)
            bar.update(seen.done - bar.n)
        return seen

    def cancel(self) -> None:
        """Stop the backfill after the current batch; matches found so far are kept."""
        self._rows.mark(self.frozen.id, cancelled=True)

    def resume(self, *, client: Client | str | None = None) -> Job[None]:
        """Continue the backfill in the background; does nothing if it is already running.

        With ``client``, a Dask client or a scheduler's address, calls are read on the workers of that
        cluster; what they find is recorded here as usual. See docs/scale.md.

        Raises:
            WrongState: the tracker was paused because credits ran out; top up and publish it again.
        """
        if reason := self._rows.pause_reason(self.frozen.tracker_id):
            raise WrongState(must_be_published_again(self.definition["name"], reason))
        self._rows.mark(self.frozen.id, cancelled=False, failure=None)
        if not self._is_waiting:
            JOBS[self.frozen.id] = Job(partial(self._backfill, client), _WORKER)
        return JOBS[self.frozen.id]

    def read_past(self, report: ReportProgress, cluster: Cluster | None = None) -> None:
        """Read past calls and wait, unlike :meth:`resume`; if others do it at the same time, nothing is found twice.

        Args:
            report: called with the progress.
            cluster: where calls are read, if not here.

        Raises:
            Cancelled: it was, by :meth:`cancel` or because ``report`` returned False.
            OutOfCredits: its judge has a price, and there are no credits left.
            ClusterUnavailable: the cluster cannot be used; says why.
        """
        reader: Reader | None = None
        while left := self._rows.cursors(self.frozen.id).past_left:
            first = _batch_before(left).start
            wanted = self._unread(range(first, left))
            taken = Taken(range(first, left), [])
            if wanted:
                reader = reader or self._reader_on(cluster)
                taken = self._taken(reader, wanted.start, wanted.stop, newest_first=True)
                if not taken.numbers:
                    raise OutOfCredits("Out of credits. Top up, then publish the tracker again.")
                if taken.numbers.start == wanted.start:
                    taken = taken._replace(numbers=range(first, left))
            first = taken.numbers.start
            over = None if first else partial(results_ready, version=self.frozen)
            write = UnitOfWork(over, taken.write)
            if not self._rows.advance(self.frozen.id, "past_left", left, first, taken.found, write):
                if self._rows.cursors(self.frozen.id).cancelled:
                    raise Cancelled("Cancelled. Matches found so far are kept.")
                continue
            if not report(1 - first / max(1, self.frozen.first_upcoming), "Reading past calls"):
                self.cancel()

    def detections(self) -> pd.DataFrame:
        """Return what this version has found so far, one sentence per row, with the columns of ``ws.detections``.

        Whichever version's results count for a call now: ``ws.detections`` returns the tracker's current results.
        """
        found = self._rows.detections(self.frozen.id)
        scores = pd.DataFrame(
            {"score": pd.array([one.score for one in found], dtype="float64"), "version": self.version},
            index=pd.Index([one.sentence_id for one in found], dtype=object),
        )
        return detections_table(self._resources.lake, scores.astype({"version": "Int64"}))

    @deprecated(
        "Use detections() instead of detection_list(), which the next version removes.", category=DeprecatedName
    )
    def detection_list(self) -> list[Detection]:
        """Return what :meth:`detections` returned when it was a list."""
        return self._rows.detections(self.frozen.id)

    @property
    def waiting(self) -> bool:
        """Return whether conversations have arrived that it has not read."""
        behind = self._rows.cursors(self.frozen.id).next_upcoming < self._resources.lake.size
        return behind or bool(self._due())

    def catch_up(self) -> int:
        """Read the conversations that have arrived since the last call; return how many were read.

        What cannot be read now, because credits ran out or the judge is unavailable, is read later.

        Raises:
            CorpusNotEncoded: run ``ws.encode()`` first.
        """
        try:
            reader = self.reader()
        except OtherEncoder as error:  # the other trackers continue
            self._rows.fail(self.frozen, str(error), past=False)
            return 0
        if not (isinstance(reader, QuestionReader) and not reader.is_local):
            return self._caught_up(reader, self._due())
        with self._lock(".upcoming"):  # two at the same time would have the same calls judged twice
            return self._caught_up(reader, self._due())

    def try_again(self) -> int:
        """Retry all calls that could not be judged, and return how many are judged now.

        That includes those that were given up.
        """
        before = self._unjudged.list()
        with self._lock(".upcoming"):
            self._caught_up(self.reader(), [one.number for one in before])
        return len(before) - len(self._unjudged.list())

    def _caught_up(self, reader: Reader, again: Sequence[int]) -> int:
        before, read_so_far = self._rows.cursors(self.frozen.id), 0
        size = self._resources.lake.size
        try:
            self._judge_again(reader, again)
            while (first := self._rows.cursors(self.frozen.id).next_upcoming) < size:
                taken = self._taken(reader, first, min(first + BATCH, size))
                if not taken.numbers:
                    break
                write = UnitOfWork(self._telling(taken.found), taken.write)
                stop = taken.numbers.stop
                if self._rows.advance(self.frozen.id, "next_upcoming", first, stop, taken.found, write):
                    read_so_far += len(taken.numbers)
        except JudgeUnavailable as error:
            self._rows.fail(self.frozen, str(error), past=False)
        except OutOfCredits:  # another process spent them meanwhile
            Credits(self._resources.state).pause(self.frozen.tracker_id, OUT_OF_CREDITS)
        else:
            if before.failure is not None and not before.past_left:
                self._rows.mark(self.frozen.id, failure=None)
        return read_so_far

    def _telling(self, found: Sequence[Detection]) -> Write:
        return telling(self._resources.lake, self._resources.state, self.frozen, found)

    def _judge_again(self, reader: Reader, numbers: Sequence[int]) -> None:
        """Retry calls that could not be judged; raises ``JudgeUnavailable`` and ``OutOfCredits``."""
        if not isinstance(reader, QuestionReader):
            return
        for start in range(0, len(numbers), BATCH):
            taken, failed = reader.again(numbers[start : start + BATCH])
            for number, reason in failed.items():
                self._unjudged.tried_again(number, reason)
            for number, one in taken.items():
                upcoming = one.found if number >= self.frozen.first_upcoming else []
                self._unjudged.judged(number, one.found, UnitOfWork(self._telling(upcoming), one.write))

    def _due(self) -> list[int]:
        """Return the calls that could not be judged, and are due for a retry."""
        moment = now()
        return [
            one.number
            for one in self._unjudged.list()
            if one.tries < MOST_TRIES and moment - one.at >= timedelta(seconds=WAITS_S[one.tries - 1])
        ]

    def _reader_on(self, cluster: Cluster | None) -> Reader:
        """Return the reader; on a cluster, if there is one. Readers that ask judges and spend credits run here."""
        reader = self.reader()
        if cluster is None or not isinstance(reader, PartReader):
            return reader
        return AheadReader(reader, cluster, self._resources.lake, self._unread_before)

    def _unread_before(self, numbers: range) -> Iterator[range]:
        """Yield what will be read from each batch before these numbers, as far as is known now."""
        left = numbers.start // BATCH * BATCH
        while left:
            batch = _batch_before(left)
            if wanted := self._unread(batch):
                yield wanted
            left = batch.start

    def _backfill(self, client: Any, report: ReportProgress) -> None:
        try:
            with self._lock().acquire(timeout=PATIENCE_S), self._sign.given():
                self._read_past_or_say_why(client, report)
        except Timeout:
            return  # another process is reading
        except Exception:
            deliver_due(self._resources.lake, self._resources.state)
            raise
        deliver_due(self._resources.lake, self._resources.state)

    def _read_past_or_say_why(self, client: Any, report: ReportProgress) -> None:
        """Record a failure while the lock is still held: without either, the run would look interrupted."""
        try:
            if client is None:
                self.read_past(report)
            else:
                with cluster_of(client) as cluster:
                    if self.job is not None:
                        self.job.link = cluster.link
                    self.read_past(report, cluster)
        except Cancelled:
            raise
        except Exception as error:
            self._rows.fail(self.frozen, str(error) or type(error).__name__, past=True)
            raise

    def _unread(self, batch: range) -> range:
        """Return the calls in a batch, within its period, that no version with the same reader has read."""
        alike = self._alike()
        if not alike:
            return batch
        started, window = self._resources.lake.started(batch), self._window()
        unread = [
            number
            for number in batch
            if window.has_read(number, started.get(number))
            and not any(one.has_read(number, started.get(number)) for one in alike)
        ]
        return range(unread[0], unread[-1] + 1) if unread else range(batch.start, batch.start)

    def _taken(self, reader: Reader, first: int, last: int, newest_first: bool = False) -> Taken:
        """Read conversations ``first`` to ``last`` (exclusive), or as many as the credits allow."""
        since = self.frozen.since if first < self.frozen.first_upcoming else None
        return take(reader, range(first, last), since, newest_first)

    @property
    def needs_vectors(self) -> bool:
        """Return whether sentences must be encoded before it can read them."""
        return needs_vectors(self.frozen.definition)

    def reader(self) -> Reader:
        """Return the reader of conversations that was frozen with this version.

        Raises:
            OtherEncoder: it was published with another encoder.
            WrongState: its file was changed.
        """
        return version_reader(self._resources, self.frozen)

    def model(self) -> tuple[Detector, dict[str, Any]]:
        """Return the trained model, and the content of its file; only for trackers that are trained.

        Raises:
            WrongState: the file is not the one that was published.
        """
        return version_model(self._resources, self.frozen)

    def _lock(self, of: str = "") -> FileLock:
        make_folder(self.file.parent)
        return file_lock(self.file.with_suffix(f"{of}.lock"))


def _batch_before(left: int) -> range:
    """Return the batch that ends with this number of calls: the batches are the same after each restart."""
    return range((left - 1) // BATCH * BATCH, left)


def must_be_published_again(name: str, reason: str) -> str:
    return f"{name!r} was paused ({reason}); top up with ws.credits.top_up(), then publish it again"
