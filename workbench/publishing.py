"""Publishing: what a tracker finds by is frozen as its next version; and what that would change."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from workbench.domain.access import file_lock, make_folder
from workbench.domain.errors import WrongState
from workbench.domain.estimates import Estimate
from workbench.domain.publications import (
    MONTHS,
    Preview,
    Version,
    checked_past,
    definition_of,
    months_before,
)
from workbench.domain.streams import checked_name
from workbench.domain.trackers import TrackerSpec
from workbench.publication import Publication, version_file
from workbench.readers import Reader
from workbench.records import hash_of
from workbench.store.moments import now
from workbench.store.publications import PublicationRepository
from workbench.store.streams import StreamRepository

if TYPE_CHECKING:
    from workbench.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What a version finds by, apart from its definition; ``learnt_from`` are sentence ids with their answers."""

    threshold: float
    model_hash: str
    estimate: Estimate | None = None
    learnt_from: Sequence[tuple[str, str]] = ()
    expected_cost: float | None = None


def publish(
    workspace: Workspace,
    spec: TrackerSpec,
    freeze: Callable[[Path], Frozen],
    past: str | None,
    stream: str | None = None,
) -> Publication:
    """Freezes the tracker as its next version, makes that the active one, and begins the backfill.

    ``freeze`` writes what it finds by to a file, where its kind has any. The stream of this name, made where there is
    none, collects its calls.

    Raises:
        NotEnoughTags: it is trained, and no round with both YES and NO is complete yet.
        WrongState: another process published it meanwhile.
        InvalidStream: no stream can have this name.
    """
    workspace.check_writable()
    checked_past(past)
    if stream is not None:
        checked_name(stream)
    folder = version_file(workspace.path, spec.id, 0).parent
    make_folder(folder)
    with file_lock(folder / "publish.lock"):  # else two that publish at once would write one file
        publication = Publication(workspace, _added(workspace, spec, freeze, past, stream))
    if past is not None:
        publication.resume()
    return publication


def _added(
    workspace: Workspace,
    spec: TrackerSpec,
    freeze: Callable[[Path], Frozen],
    past: str | None,
    stream: str | None,
) -> Version:
    rows = PublicationRepository(workspace.database)
    number = max((one.version for one in rows.versions(spec.id)), default=0) + 1
    trained = freeze(version_file(workspace.path, spec.id, number))
    moment = now()
    frozen = Version(
        id=secrets.token_hex(16),
        tracker_id=spec.id,
        version=number,
        published=moment,
        past=past,
        since=None if past is None else months_before(moment, MONTHS[past]),
        definition=definition_of(spec),
        threshold=trained.threshold,
        estimate=trained.estimate,
        model_hash=trained.model_hash,
        encoder=workspace.encoder.key,
        labels_hash=hash_of(trained.learnt_from),
        answers=len(trained.learnt_from),
        first_upcoming=workspace.lake.size,
        expected_cost=trained.expected_cost,
    )
    try:
        streams = StreamRepository(workspace.database)
        rows.add(frozen, None if stream is None else lambda connection: streams.join(connection, stream, spec.id))
    except IntegrityError:
        raise WrongState(f"{spec.name!r} was published by somebody else just now; look at that first") from None
    return frozen


def preview(workspace: Workspace, reader: Reader, active: Publication) -> Preview:
    """What ``reader`` finds and ``active`` did not, and the other way round, in the calls that ``active`` has read."""
    new = {one.sentence_id: one.number for one in reader.read(active.has_read, active.frozen.since)}
    old = {one.sentence_id: one.number for one in active.detections()}
    gained = [(number, name) for name, number in new.items() if name not in old]
    lost = [(number, name) for name, number in old.items() if name not in new]
    calls = workspace.lake.conversation_ids({number for number, _ in gained + lost})
    return Preview(
        gained=tuple((calls[number], name) for number, name in sorted(gained)),
        lost=tuple((calls[number], name) for number, name in sorted(lost)),
        kept=len(new) - len(gained),
    )


def unpublished(spec: TrackerSpec, labels_hash: str, active: Version) -> tuple[str, ...]:
    """What of the tracker is not as it was when ``active`` was published."""
    current = definition_of(spec)
    changed = [name for name, value in current.items() if value != active.definition.get(name)]
    return tuple(changed + (["answers"] if labels_hash != active.labels_hash else []))
