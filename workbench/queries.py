"""From a workspace's trackers to what queries over results take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workbench.corpus.units import Reach
from workbench.domain.errors import CorpusNotEncoded, NotEnoughTags, UnknownCandidate, WorkbenchError, WrongState
from workbench.domain.estimates import CorpusEstimate
from workbench.domain.filters import Filters
from workbench.domain.names import clean_name
from workbench.domain.reporters import Reporter, author
from workbench.domain.results import checked_note
from workbench.domain.texts import normalise
from workbench.domain.trackers import TrackerState
from workbench.publication import Publication
from workbench.results.finds import Finds
from workbench.store.found import FoundRepository
from workbench.store.wrong_hits import WrongHitRepository

if TYPE_CHECKING:
    from workbench.tracker import Tracker
    from workbench.workspace import Workspace


def finds_of(workspace: Workspace, tracker: str) -> Finds:
    """What a tracker's active version has found in what it has read; of a draft, what it would find anywhere.

    Raises:
        TrackerNotFound: there is none of this id or name.
        NotEnoughTags: a draft has learnt nothing yet.
    """
    found = workspace.trackers.get(tracker)
    active = found.active
    return _of_draft(workspace, found) if active is None else _of_version(workspace, found, active)


def in_use(workspace: Workspace, trackers: Sequence[str] | None) -> list[Finds]:
    """The finds of these trackers; of all that have an active version where none is named."""
    if trackers is not None:
        return [finds_of(workspace, one) for one in checked_list(trackers)]
    return [_of_version(workspace, one, active) for one in workspace.trackers.list() if (active := one.active)]


def checked_list(trackers: Sequence[str]) -> list[str]:
    """The trackers, each once; raises ``WorkbenchError`` for a single text, of which each letter would be one."""
    if isinstance(trackers, str):
        raise WorkbenchError(f"trackers: give a list, not the single text {trackers!r}")
    return list(dict.fromkeys(trackers))


def meant(workspace: Workspace, meaning: str) -> Any:
    """The vector of a meaning, None for an empty one.

    Raises:
        CorpusNotEncoded: there is nothing to compare it with.
        EncoderUnavailable: it could not be encoded.
    """
    text = normalise(meaning)
    if not text:
        return None
    if not workspace.is_encoded:
        raise CorpusNotEncoded("nothing can be found by meaning yet; run ws.encode() or `workbench encode`")
    return np.asarray(workspace.encoder.encode([text]), dtype=np.float32)[0]


def say_wrong(workspace: Workspace, tracker: str, sentence_id: str, by: str | Reporter, note: str) -> None:
    """See :meth:`workbench.workspace.Workspace.wrong_hit`."""
    spec = workspace.trackers.get(tracker).spec
    if isinstance(by, str) and not clean_name(by):
        raise WorkbenchError("by: say who finds it wrong")
    reporter = author(by) if isinstance(by, str) else by
    note = checked_note(note)
    if spec.state is TrackerState.DELETED:
        raise WrongState(f"{spec.name!r} was deleted; restore it before you report what it found")
    if spec.active_version is None:
        raise WrongState(f"{spec.name!r} has no version in use; only what a published version found can be reported")
    version = FoundRepository(workspace.database).version_of(spec.id, sentence_id)
    if version is None or sentence_id not in workspace.lake.sentences([sentence_id], 0):
        raise UnknownCandidate(f"{spec.name!r} has not found sentence {sentence_id[:80]!r}; reload what you look at")
    WrongHitRepository(workspace.database, spec.id).add(sentence_id, reporter, note, version)


def _of_version(workspace: Workspace, tracker: Tracker, active: Publication) -> Finds:
    frozen = active.frozen
    read, found = active.has_read, active.detections()
    return Finds(
        tracker_id=tracker.id,
        name=tracker.name,
        filters=Filters.from_dict(frozen.definition["filters"]),
        reach=Reach(
            first=read.start,
            last=read.stop,
            upcoming=frozen.first_upcoming,
            since=frozen.since,
        ),
        ids=pa.array([one.sentence_id for one in found], pa.string()),
        scores=pa.array([one.score for one in found], pa.float64()),
        estimate=None if frozen.estimate is None else frozen.estimate.corpus,
        version=frozen.version,
    )


def _of_draft(workspace: Workspace, tracker: Tracker) -> Finds:
    session = tracker.train() if tracker.is_trained else None
    ids, scores = tracker.finds(session)
    estimate: CorpusEstimate | None = None
    if session is not None:
        with suppress(NotEnoughTags):
            estimate = session.estimate().corpus
    return Finds(
        tracker_id=tracker.id,
        name=tracker.name,
        filters=tracker.filters,
        reach=Reach(first=0, last=workspace.lake.size),
        ids=pa.array(ids, pa.string()),
        scores=pa.array(scores, pa.float64()),
        estimate=estimate,
    )
