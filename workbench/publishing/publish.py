"""Publishing: freezes a tracker as its next version, and previews what that would change."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from workbench.distributed import check_reachable
from workbench.domain.access import file_lock, make_folder
from workbench.domain.errors import InvalidStream, WrongState
from workbench.domain.estimates import Estimate
from workbench.domain.publications import (
    Preview,
    Version,
    checked_past,
    definition_of,
    reading_hash,
    since_of,
)
from workbench.domain.rules import checked_name
from workbench.domain.trackers import TrackerSpec, TrackerState
from workbench.engine.model_file import sha256
from workbench.publishing.publication import Publication
from workbench.reading.readers import Reader, has_file
from workbench.reading.versions import version_file
from workbench.resources import Resources
from workbench.results.standing import standing
from workbench.store.moments import now
from workbench.store.publications import PublicationRepository
from workbench.store.streams import StreamRepository
from workbench.store.unit_of_work import UnitOfWork
from workbench.trackers.placeholders import check_filled
from workbench.training.records import hash_of

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionContents:
    """The content of a version apart from its definition; ``learnt_from`` are sentence ids with their answers."""

    threshold: float
    model_hash: str
    estimate: Estimate | None = None
    learnt_from: Sequence[tuple[str, str]] = ()
    expected_cost: float | None = None


Freeze = Callable[[Path, Version | None], VersionContents]
"""Writes the version's content to a file, if its kind has any; reuses the file of a version with the same reader."""


def publish(
    resources: Resources,
    spec: TrackerSpec,
    freeze: Freeze,
    labels_hash: str,
    past: str | None,
    stream: str | None = None,
    client: Client | str | None = None,
) -> Publication:
    """Freeze the tracker as its next version, activate that, and start the backfill.

    If it would read exactly as the version before it, it uses the same model, and what that has read is not read again.
    ``labels_hash`` is of the answers that it has learnt from. The stream with this name, created if missing, collects
    its calls. With a ``client`` of Dask the past is read on its cluster.

    Raises:
        InvalidTracker: a placeholder, such as ``[names of competitors]``, was not replaced.
        NotEnoughTags: it is trained, and no round with both YES and NO is complete yet.
        WrongState: another process published it meanwhile.
        InvalidStream: the name is invalid for a stream.
        ClusterUnavailable: the ``client`` cannot be used; nothing is published.
    """
    resources.check_writable()
    checked_past(past)
    check_filled(spec.kind, spec.settings)
    if client is not None:
        check_reachable(client)
    if stream is not None:
        checked_name(stream, InvalidStream)
    folder = version_file(resources.path, spec.id, 0).parent
    make_folder(folder)
    with file_lock(folder / "publish.lock"):  # else two that publish at the same time would write one file
        publication = Publication(resources, _added(resources, spec, freeze, labels_hash, past, stream))
    if past is not None:
        publication.resume(client=client)
    return publication


def _added(
    resources: Resources,
    spec: TrackerSpec,
    freeze: Freeze,
    labels_hash: str,
    past: str | None,
    stream: str | None,
) -> Version:
    rows = PublicationRepository(resources.state)
    versions = rows.versions(spec.id)
    number = max((one.version for one in versions), default=0) + 1
    alike = alike_of(resources, spec, labels_hash)
    file = version_file(resources.path, spec.id, number)
    if alike is not None and has_file(alike.definition):
        shutil.copyfile(version_file(resources.path, spec.id, alike.version), file)
    trained = freeze(file, alike)
    moment, own = now(), secrets.token_hex(16)
    frozen = Version(
        id=own,
        tracker_id=spec.id,
        version=number,
        published=moment,
        past=past,
        since=since_of(past, moment, resources.lake.zone),
        definition=definition_of(spec),
        threshold=trained.threshold,
        estimate=trained.estimate,
        model_hash=trained.model_hash,
        encoder=resources.encoder.key,
        labels_hash=hash_of(trained.learnt_from) if alike is None else alike.labels_hash,
        answers=len(trained.learnt_from) if alike is None else alike.answers,
        first_upcoming=first_upcoming(resources, rows, spec, past),
        expected_cost=trained.expected_cost,
        reading=own if alike is None else alike.reading,
    )
    try:
        streams = StreamRepository(resources.state)
        joined = None if stream is None else partial(streams.join, name=stream, tracker_id=spec.id)
        rows.add(frozen, UnitOfWork(joined))
    except IntegrityError:
        raise WrongState(
            f"{spec.name!r} has just been published by someone else; review that version before publishing again"
        ) from None
    return frozen


def alike_of(resources: Resources, spec: TrackerSpec, labels_hash: str) -> Version | None:
    """Return the version whose results take precedence, if the current tracker would read exactly as it does."""
    rows = PublicationRepository(resources.state)
    first = next(iter(standing(resources.state, resources.lake).versions(spec.id)), None)
    found = None if first is None else next((o for o in rows.versions(spec.id) if o.version == first.version), None)
    if found is None or not reads_as(found, spec, resources.encoder.key, labels_hash):
        return None
    if has_file(found.definition):
        file = version_file(resources.path, spec.id, found.version)
        if not file.exists() or sha256(file) != found.model_hash:
            return None
    return found


def reads_as(version: Version, spec: TrackerSpec, encoder: str, labels_hash: str) -> bool:
    """Return whether a version reads exactly as the given tracker would."""
    own = reading_hash(version.definition, version.encoder, version.labels_hash)
    return own == reading_hash(definition_of(spec), encoder, labels_hash)


def first_upcoming(resources: Resources, rows: PublicationRepository, spec: TrackerSpec, past: str | None) -> int:
    """Return the number from which calls count as upcoming for the next version.

    These include calls that have arrived and that the active version would read next, unless the ``past`` is read.
    """
    size = resources.lake.size
    if past is not None or spec.state is not TrackerState.ACTIVE:
        return size
    active = next((one for one in rows.versions(spec.id) if one.version == spec.active_version), None)
    return size if active is None else min(size, rows.cursors(active.id).next_upcoming)


def preview(resources: Resources, spec: TrackerSpec, reader: Callable[[], Reader], labels_hash: str) -> Preview:
    """Return what the current tracker would find and has not found, and vice versa.

    Compares the calls that it has read.

    ``reader`` returns the current tracker's reader; it is not called if that would read as the published version does.

    Raises:
        WrongState: it was never published.
    """
    order, old = standing(resources.state, resources.lake).of(spec.id)
    if not order:
        raise WrongState(f"{spec.name!r} was never published, so there is nothing to compare with; publish it first")
    if alike_of(resources, spec, labels_hash) is not None:
        return Preview(gained=(), lost=(), kept=len(old))
    reaches = [one.reach for one in order if not one.reach.is_empty]
    span = range(min((one.first for one in reaches), default=0), max((one.last for one in reaches), default=0))
    new = {one.sentence_id: one.number for one in reader().read(span)} if span else {}
    started = resources.lake.started(set(new.values()))
    read = {n for n in set(new.values()) if any(one.has_read(n, started.get(n)) for one in reaches)}
    found = {one.sentence_id for one in old}
    gained = [(number, name) for name, number in new.items() if name not in found and number in read]
    lost = [(one.number, one.sentence_id) for one in old if one.sentence_id not in new]
    calls = resources.lake.conversation_ids({number for number, _ in gained + lost})
    return Preview(
        gained=tuple((calls[number], name) for number, name in sorted(gained)),
        lost=tuple((calls[number], name) for number, name in sorted(lost)),
        kept=len(old) - len(lost),
    )


def unpublished(spec: TrackerSpec, labels_hash: str, active: Version) -> tuple[str, ...]:
    """Return which parts of the tracker have changed since ``active`` was published."""
    current = definition_of(spec)
    changed = [name for name, value in current.items() if value != active.definition.get(name)]
    return tuple(changed + (["answers"] if labels_hash != active.labels_hash else []))
