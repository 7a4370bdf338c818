"""A version of a tracker, and its progress; reads the state, so that every process sees the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from workbench.domain.plurals import plural
from workbench.domain.publications import (
    ALL,
    Progress,
    Run,
    Version,
)
from workbench.domain.reach import Reach
from workbench.publishing.progress import MESSAGES, NO_CALLS, ON_DASK, READ_ALL, began_in, state_of
from workbench.reading.versions import version_file
from workbench.resources import Resources
from workbench.resources.jobs import Job
from workbench.results.standing import standing
from workbench.store.publications import PublicationRepository
from workbench.store.sign_file import SignFile
from workbench.store.verdicts import UnjudgedRepository

JOBS: dict[str, Job[None]] = {}  # in this process, by publication: started, or queued


class UnjudgedCall(NamedTuple):
    """A call that could not be judged, why, and how often it was tried."""

    conversation_id: str
    reason: str
    tries: int


class VersionState:
    """A published version, and its state."""

    def __init__(self, resources: Resources, frozen: Version):
        self._resources = resources
        self._rows = PublicationRepository(resources.state)
        self.frozen = frozen

    def __repr__(self) -> str:
        return f"Publication({self.definition['name']!r}, version {self.version}, {self.progress().state})"

    def __getattr__(self, name: str) -> Any:
        """Return ``version``, ``published``, ``past``, ``threshold``, ``estimate``, ``definition`` and the like."""
        if name.startswith("_") or name == "frozen":
            raise AttributeError(name)
        return getattr(self.frozen, name)

    @property
    def file(self) -> Path:
        """Return the file of its model: safetensors, which cannot contain code."""
        return version_file(self._resources.path, self.frozen.tracker_id, self.frozen.version)

    def progress(self) -> Progress:
        """Return how far the backfill is; reads the state, so every process sees the same."""
        at = self._rows.cursors(self.frozen.id)
        running = bool(at.past_left) and (self._is_waiting or self._is_running)
        if at.past_left and not running:  # it may have ended between the two, and has stored its outcome
            at = self._rows.cursors(self.frozen.id)
        state = state_of(at.past_left, at.cancelled, at.failure, running)
        unjudged = len(self._unjudged.list())
        lake, done, total, kept = self._resources.lake, 0, 0, 0
        if self.frozen.past:
            total = lake.how_many(self._window())
            done = lake.how_many(self._window(at.past_left))
            alike = self._alike()
            kept = lake.how_many(self._window(at.past_left), alike) if alike else 0
        message = self._told(state, total, kept) if at.failure is None else at.failure
        return Progress(
            state=state,
            done=done,
            total=total,
            found=self._rows.found(self.frozen.id),
            message=message,
            last_run=at.last_run,
            waiting="" if at.past_left else at.failure or "",
            unjudged=unjudged,
            kept=kept,
        )

    def _told(self, state: Run, total: int, kept: int) -> str:
        past, calls = self.frozen.past, self.frozen.first_upcoming
        if not past or state is not Run.DONE:
            link = self.job.link if self.job is not None and state is Run.RUNNING else ""
            return f"{MESSAGES[state]} {ON_DASK.format(link)}" if link else MESSAGES[state]
        if not total:
            none = f"None of the {plural(calls, 'past call')} {began_in(past)}, so none was read. {READ_ALL}"
            return none if calls else NO_CALLS
        if kept == total:
            return "Nothing had to be read again: an equivalent version has read these calls."
        began = "" if past == ALL else f" that {began_in(past)}"
        return "The one past call is read." if total == 1 else f"All {plural(total, 'past call')}{began} are read."

    def _window(self, first: int = 0) -> Reach:
        """Return the past calls in its period, from this number on."""
        calls = self.frozen.first_upcoming
        return Reach(first=first, last=calls, upcoming=calls, since=self.frozen.since)

    def _alike(self) -> list[Reach]:
        """Return what older versions with the same reader have read."""
        older = {one.version for one in self._rows.versions(self.frozen.tracker_id) if self._reads_as(one)}
        order = standing(self._resources.state, self._resources.lake).versions(self.frozen.tracker_id)
        return [one.reach for one in order if one.version in older]

    def _reads_as(self, other: Version) -> bool:
        return other.reading == self.frozen.reading and other.version < self.frozen.version

    @property
    def _is_waiting(self) -> bool:
        """Return whether this process is reading, or about to."""
        job = JOBS.get(self.frozen.id)
        return job is not None and not job.done

    @property
    def job(self) -> Job[None] | None:
        """The backfill that this process runs or ran last; None if another process runs it or none was needed."""
        return JOBS.get(self.frozen.id)

    @property
    def has_read(self) -> range:
        """Return the numbers of the conversations that it has read, or skipped as older than its period."""
        cursors = self._rows.cursors(self.frozen.id)
        return range(cursors.past_left if self.frozen.past else self.frozen.first_upcoming, cursors.next_upcoming)

    @property
    def _unjudged(self) -> UnjudgedRepository:
        return UnjudgedRepository(self._resources.state, self.frozen.id)

    @property
    def _is_running(self) -> bool:
        return self._sign.is_alive

    @property
    def _sign(self) -> SignFile:
        return SignFile(self.file.with_suffix(".reading"))

    def unjudged(self) -> list[UnjudgedCall]:
        """Return the calls that it skipped because they could not be judged.

        ``catch_up`` retries each a few times, after increasing delays (``WAITS_S``); ``try_again`` retries immediately.
        """
        rows = self._unjudged.list()
        ids = self._resources.lake.conversation_ids([one.number for one in rows])
        return [UnjudgedCall(ids[one.number], one.reason, one.tries) for one in rows]
