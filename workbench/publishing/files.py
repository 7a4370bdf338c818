"""A tracker as a file that another workspace can read.

It is a safetensors file (see :mod:`workbench.engine.model_file`) with one published version: the definition, the model,
the encoder that it needs, and the estimate, which applies only to the calls on which it was trained. The answers are
included as texts, for people to read, unless they are left out. The model itself can learn further from its vectors and
hashed words, which are always included: with or without the answers, such a file reveals what was said in calls.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scipy.sparse import csr_array

from workbench.domain.access import private_opener
from workbench.domain.errors import (
    InvalidArgument,
    InvalidModelFile,
    InvalidTracker,
    TrackerExists,
    WorkbenchError,
    WrongState,
)
from workbench.domain.estimates import Estimate
from workbench.domain.filters import Filters
from workbench.domain.paths import absolute
from workbench.domain.rules import checked_name
from workbench.domain.trackers import TrackerKind, TrackerSpec
from workbench.engine.detection import Detector
from workbench.engine.heads import TrainingSet
from workbench.engine.model_file import MOST_BYTES, pack, put
from workbench.publishing.file_contents import Contents, TaughtAnswer, checked, read_plain_file
from workbench.publishing.publication import Publication
from workbench.reading.readers import is_trained
from workbench.resources import Resources
from workbench.resources.opening import models_of
from workbench.store.publications import PublicationRepository
from workbench.store.sessions import SessionRepository
from workbench.store.trackers import TrackerRepository
from workbench.trackers.definitions import changed, new_definition
from workbench.trackers.kinds import as_recorded
from workbench.training.records import counted_at

SUFFIX = ".tracker"


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """The model that a tracker was imported with, and the content of its file."""

    contents: Contents
    detector: Detector

    measured_on = "another corpus"

    def __repr__(self) -> str:
        said = "" if self.estimate is None else f", its estimate measured on {self.measured_on}"
        return f"Imported({self.contents.name!r}, version {self.contents.version}{said})"

    @property
    def estimate(self) -> Estimate | None:
        """Return the original estimate (``measured_on``); it does not apply to this workspace's calls."""
        return self.contents.estimate

    @property
    def answers(self) -> Sequence[TaughtAnswer]:
        """Return the answers that it was trained on, as text, if included."""
        return self.contents.answers or ()

    @property
    def taught(self) -> TrainingSet:
        """Return what it was trained on, without the examples, as the tracker has its own."""
        data, given = self.detector.model.data, self.contents.given
        words = None if data.words is None else csr_array(data.words[given:])
        return TrainingSet(data.sentence[given:], data.before[given:], data.labels[given:], data.call[given:], words)


def export(
    resources: Resources, spec: TrackerSpec, path: str | os.PathLike[str], version: int | None, answers: bool
) -> Path:
    """See :meth:`workbench.workspace.tracker.Tracker.export`."""
    file = absolute(path)
    if file.suffix != SUFFIX or file.is_dir():
        raise InvalidArgument(f"path: {file.name!r} cannot be a tracker's file; give a name that ends with {SUFFIX}")
    chosen = _chosen(resources, spec, version)
    definition = chosen.frozen.definition
    detector, about = chosen.model() if is_trained(definition) else (None, {})
    contents = Contents(
        name=definition["name"],
        description=definition["description"],
        kind=spec.kind,
        filters=Filters.stored(definition["filters"]),
        examples=definition["examples"],
        threshold=definition["threshold"],
        settings=definition.get("settings", {}),
        seed=spec.seed,
        version=chosen.frozen.version,
        published=chosen.frozen.published,
        encoder=chosen.frozen.encoder,
        given=about.get("given", len(definition["examples"])),
        estimate=chosen.frozen.estimate,
        answers=_answers(resources, spec, chosen.frozen.published) if answers else None,
    )
    data = pack(detector, contents.model_dump(mode="json"))
    if len(data) > MOST_BYTES:
        raise InvalidArgument(f"path: {file.name} would be larger than {MOST_BYTES // 10**6} MB; leave the answers out")
    put(file, data, private_opener)
    return file


def import_file(resources: Resources, path: str | os.PathLike[str], name: str | None) -> TrackerSpec:
    """See :meth:`workbench.workspace.trackers.Trackers.import_file`."""
    file = absolute(path)
    data = read_plain_file(file, MOST_BYTES)
    detector, contents = checked(data, file.name)
    spec = _definition(contents, None if name is None else checked_name(name, InvalidTracker), file.name)
    _fits(resources, detector, contents, file.name)
    place = _place(resources, spec.id)
    if detector is not None:
        put(place, data)
    try:
        TrackerRepository(resources.state).add(spec)
    except TrackerExists:
        shutil.rmtree(place.parent, ignore_errors=True)
        raise TrackerExists(
            f"a tracker is already named {spec.name!r}; import it under another name (name=…, --name)"
        ) from None
    return spec


def imported(resources: Resources, tracker_id: str) -> Imported | None:
    """Return the model that a tracker was imported with; None if it was created here.

    Raises:
        InvalidModelFile: the file is damaged, or for another encoder than the workspace's current one.
    """
    file = _place(resources, tracker_id)
    if not file.exists():
        return None
    detector, contents = checked(read_plain_file(file, MOST_BYTES), file.name)
    _fits(resources, detector, contents, file.name)
    return None if detector is None else Imported(contents, detector)


def _place(resources: Resources, tracker_id: str) -> Path:
    return models_of(resources.path, tracker_id) / f"imported{SUFFIX}"


def _chosen(resources: Resources, spec: TrackerSpec, version: int | None) -> Publication:
    """Return the version with this number; without a number the active one, or the last if none is active."""
    known = {one.version: one for one in PublicationRepository(resources.state).versions(spec.id)}
    if not known:
        raise WrongState(f"{spec.name!r} was never published, and a file holds a published version; publish it first")
    number = version if version is not None else spec.active_version or max(known)
    if number not in known:
        raise WrongState(f"{spec.name!r} has no version {number}")
    return Publication(resources, known[number])


def _answers(resources: Resources, spec: TrackerSpec, moment: datetime) -> list[TaughtAnswer]:
    """Return the answers in the rounds that were complete at that time, as they were then."""
    rows = SessionRepository(resources.state, spec.id)
    done = {number for number, closed in rows.closed().items() if closed <= moment}
    given = counted_at([one for one in rows.history() if one["round"] in done], moment)
    found = resources.lake.sentences(list(given), 0)
    pairs = resources.lake.pairs([one.row for one in found.values()]) if found else []
    return [
        TaughtAnswer(text=text, before=before, answer=given[name])
        for name, (before, text) in zip(found, pairs, strict=True)
    ]


def _definition(contents: Contents, name: str | None, file: str) -> TrackerSpec:
    """Return a new draft; raises ``InvalidModelFile``, which names the field."""
    try:
        spec = new_definition(
            name=contents.name if name is None else name,
            kind=contents.kind,
            description=contents.description,
            filters=contents.filters,
            examples=contents.examples,
            seed=contents.seed,
            **as_recorded(contents.kind, contents.settings),
        )
        return changed(spec, {"threshold": contents.threshold})
    except (WorkbenchError, TypeError) as error:
        raise InvalidModelFile(f"{file}: {error}") from None


def _fits(resources: Resources, detector: Detector | None, contents: Contents, file: str) -> None:
    """Check the encoder; raises ``InvalidModelFile`` if the workspace has another. Trackers of words need none."""
    if contents.kind is TrackerKind.KEYWORD:
        return
    if contents.encoder != resources.encoder.key:
        raise InvalidModelFile(
            f"{file}: made with the encoder {contents.encoder}, and this workspace has {resources.encoder.key}; "
            "open a workspace that has that one"
        )
    if detector is not None and detector.model.data.sentence.shape[1] != resources.vectors.store.dimension:
        raise InvalidModelFile(f"{file}: its vectors are not as long as those of {contents.encoder}")
