"""Vectors for semantic search, without waiting for the encoder to start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from workbench.domain.disclosure import shown_to_readers
from workbench.domain.texts import normalise
from workbench.resources.patient_encoder import PatientEncoder
from workbench.workspace.workspace import Workspace

NOT_ENCODED = "Search by meaning is unavailable: the corpus is not encoded yet. Run `workbench encode`."
_ENCODERS: WeakKeyDictionary[Workspace, PatientEncoder] = WeakKeyDictionary()


@dataclass(frozen=True)
class Meant:
    """``vector`` is None if there is none: ``waits`` while the encoder starts, else ``problem`` says why."""

    vector: Any = None
    waits: bool = False
    problem: str = ""


def meant(workspace: Workspace, meaning: str) -> Meant:
    """Return the vector of a text if it is available within a moment; later calls may have it."""
    text = normalise(meaning)
    if not text:
        return Meant()
    if not workspace.is_encoded:
        return Meant(problem=NOT_ENCODED)
    encoder = _ENCODERS.setdefault(workspace, PatientEncoder(workspace.encoder))
    found = encoder.encode([text], wait=False)
    if found is not None:
        return Meant(vector=found[0])
    if not encoder.error:
        return Meant(waits=True)
    return Meant(problem=f"Search by meaning is unavailable. {shown_to_readers(encoder.error)}")
