"""Turns a workspace's trackers into what queries over results take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.domain.errors import CorpusNotEncoded, InvalidArgument, NotEnoughTags, UnknownCandidate, WrongState
from workbench.domain.estimates import CorpusEstimate
from workbench.domain.names import clean_name
from workbench.domain.reach import Reach
from workbench.domain.reporters import Reporter, author
from workbench.domain.results import checked_note
from workbench.domain.texts import normalise
from workbench.domain.trackers import TrackerState
from workbench.domain.unreadable import Unreadable
from workbench.live.journal import journals
from workbench.resources import Resources
from workbench.results import standing
from workbench.results.boards import Boards
from workbench.results.finds import Finds, FindsPart
from workbench.results.playbooks import Playbooks
from workbench.results.search import FoundBy
from workbench.store.metrics import MetricRepository
from workbench.store.publications import PublicationRepository
from workbench.store.streams import AlertRepository, StreamRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.wrong_hits import WrongHitRepository
from workbench.workspace.tracker import Tracker


def finds_of(resources: Resources, tracker: str, progress: bool = False) -> Finds:
    """Return what a tracker has found; if it was never published, what it would find now, anywhere.

    ``progress`` shows a bar if calls have to be read for this.

    Raises:
        TrackerNotFound: no tracker has this id or name.
        NotEnoughTags: it was never published, and has learnt nothing yet.
    """
    found = Tracker(resources, TrackerRepository(resources.state).get(tracker))
    return standing.finds_of(resources.state, resources.lake, found.spec) or draft_of(resources, found, progress)


def published(resources: Resources, trackers: Sequence[str] | None) -> list[Finds]:
    """Return the finds of these trackers; without names, of all that were ever published."""
    if trackers is not None:
        return [finds_of(resources, one) for one in checked_list(trackers)]
    specs = TrackerRepository(resources.state).list()
    every = [standing.finds_of(resources.state, resources.lake, spec) for spec in specs]
    return [one for one in every if one is not None]


def boards(resources: Resources) -> Boards:
    """Return the initiative boards, over what trackers have found."""
    return Boards(resources.state, resources.lake, lambda tracker: finds_of(resources, tracker))


def playbooks(resources: Resources) -> Playbooks:
    """Return the playbooks, over what trackers have found."""
    return Playbooks(resources.state, resources.lake, lambda tracker: finds_of(resources, tracker))


def found_by(resources: Resources) -> FoundBy:
    """Return a function that gives the trackers that found each sentence, by id."""
    rows = standing.standing(resources.state, resources.lake)
    return lambda sentence_ids: standing.marks(rows.sentences(sentence_ids))


def checked_list(trackers: Sequence[str]) -> list[str]:
    """Return the trackers, each once.

    Raises ``InvalidArgument`` for a single text, of which each letter would be one.
    """
    if isinstance(trackers, str):
        raise InvalidArgument(f"trackers: give a list, not the single text {trackers!r}")
    return list(dict.fromkeys(trackers))


def meant(resources: Resources, meaning: str) -> Any:
    """Return the vector of a meaning, None for an empty one.

    Raises:
        CorpusNotEncoded: there is nothing to compare it with.
        EncoderUnavailable: it could not be encoded.
    """
    text = normalise(meaning)
    if not text:
        return None
    if not resources.is_encoded:
        raise CorpusNotEncoded("search by meaning needs vectors; run ws.encode() or `workbench encode`")
    return np.asarray(resources.encoder.encode([text]), dtype=np.float32)[0]


def say_wrong(resources: Resources, tracker: str, sentence_id: str, by: str | Reporter, note: str) -> None:
    """See :meth:`workbench.workspace.workspace.Workspace.wrong_hit`."""
    spec = TrackerRepository(resources.state).get(tracker)
    if isinstance(by, str) and not clean_name(by):
        raise InvalidArgument("by: required; give the name of the person who reports the wrong hit")
    reporter = author(by) if isinstance(by, str) else by
    note = checked_note(note)
    if spec.state is TrackerState.DELETED:
        raise WrongState(f"{spec.name!r} was deleted; restore it before you report what it found")
    rows = standing.standing(resources.state, resources.lake)
    if not rows.versions(spec.id):
        raise WrongState(f"{spec.name!r} was never published; only what a published version found can be reported")
    found = rows.sentences([sentence_id])
    version = next((one.version for one in found if one.tracker_id == spec.id), None)
    if version is None or sentence_id not in resources.lake.sentences([sentence_id], 0):
        raise UnknownCandidate(f"{spec.name!r} has not found sentence {sentence_id[:80]!r}; reload the results")
    WrongHitRepository(resources.state, spec.id).add(sentence_id, reporter, note, version)


def unreadable(resources: Resources) -> list[Unreadable]:
    """See :meth:`workbench.workspace.workspace.Workspace.unreadable`."""
    database = resources.state
    stored = [
        *(TrackerRepository(database).read_all()[1], PublicationRepository(database).unreadable()),
        *(
            boards(resources).read_all()[1],
            playbooks(resources).read_all()[1],
            MetricRepository(database).read_all()[1],
        ),
        *(StreamRepository(database).read_all()[1], AlertRepository(database).read_all()[1]),
        journals(resources.path / "live", forget=not resources.read_only).unreadable,
    ]
    return [one for some in stored for one in some]


def draft_of(resources: Resources, tracker: Tracker, progress: bool = False) -> Finds:
    """Return what a tracker would find now, with its current definition and training, published or not.

    ``progress`` shows a bar if calls have to be read for this.

    Raises:
        NotEnoughTags: it has learnt nothing yet.
    """
    session = tracker.train() if tracker.is_trained else None
    ids, scores = tracker.finds(session, progress=progress)
    estimate: CorpusEstimate | None = None
    if session is not None:
        with suppress(NotEnoughTags):
            estimate = session.estimate().corpus
    part = FindsPart(
        filters=tracker.filters,
        reach=Reach(first=0, last=resources.lake.size),
        ids=pa.array(ids, pa.string()),
        scores=pa.array(scores, pa.float64()),
        estimate=estimate,
    )
    return Finds(tracker_id=tracker.id, name=tracker.name, parts=(part,))
