"""Reading with a published version: its file, checked against what was published, and the reader that it makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.domain.errors import OtherEncoder, WorkspaceDamaged, WrongState
from workbench.domain.publications import Version
from workbench.engine.detection import Detector
from workbench.engine.model_file import read, sha256
from workbench.reading.readers import Reader, has_file, learnt_in, needs_vectors, reader_of
from workbench.resources import Resources
from workbench.resources.opening import models_of


def version_file(path: Path, tracker_id: str, version: int) -> Path:
    """Return where a version's model lies in the workspace's folder: safetensors, which cannot contain code."""
    return models_of(path, tracker_id) / f"version-{version}.safetensors"


def version_reader(resources: Resources, version: Version) -> Reader:
    """Return what reads conversations as a version froze it.

    Raises:
        OtherEncoder: it was published with another encoder, whose vectors these are not.
        WrongState: its file was changed.
        WorkspaceDamaged: its file is missing or cannot be read.
    """
    definition = version.definition
    if needs_vectors(definition) and version.encoder != resources.encoder.key:
        raise OtherEncoder(
            f"{definition['name']!r} was published with the encoder {version.encoder}: open the workspace with "
            "that one, or publish it again"
        )
    if not has_file(definition):
        return reader_of(resources, definition)
    return reader_of(resources, definition, learnt_in(definition, _checked_file(resources, version)), version)


def version_model(resources: Resources, version: Version) -> tuple[Detector, dict[str, Any]]:
    """Return what a trained version has learnt, and what its file says of it.

    Raises:
        WrongState: the file is not the one that was published.
        WorkspaceDamaged: its file is missing or cannot be read.
    """
    return read(_checked_file(resources, version))


def _checked_file(resources: Resources, version: Version) -> Path:
    file = version_file(resources.path, version.tracker_id, version.version)
    try:
        found = sha256(file)
    except OSError as error:
        said = "missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise WorkspaceDamaged(f"{file}: {said}; restore a backup, or publish the tracker again") from None
    if found != version.model_hash:
        raise WrongState(f"{file.name}: changed since it was published; publish the tracker again")
    return file
