"""A vocabulary measured over a corpus, on disk: safetensors, which cannot contain code."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from workbench.domain.access import inherit, make_folder
from workbench.domain.errors import InvalidModelFile
from workbench.engine.model_file import sha256
from workbench.trackers.phrase_model import SHARES, PhraseModel

_FORMAT = "phrase-model-1"
_ARRAYS = tuple(field.name for field in fields(PhraseModel))


def write_phrase_model(file: Path, model: PhraseModel) -> str:
    """Write it whole or not at all; return the file's hash."""
    make_folder(file.parent)
    arrays = {name: np.ascontiguousarray(getattr(model, name), dtype=np.float32) for name in _ARRAYS}
    draft = file.with_suffix(".tmp")
    save_file(arrays, draft, {"format": _FORMAT})
    inherit(draft)
    os.replace(draft, file)
    return sha256(file)


def read_phrase_model(file: Path) -> PhraseModel:
    """Return what ``write_phrase_model`` wrote.

    Raises:
        InvalidModelFile: it is damaged, or something else.
    """
    try:
        with safe_open(file, framework="numpy") as opened:
            if (opened.metadata() or {}).get("format") != _FORMAT:
                raise InvalidModelFile(f"{file.name}: not a phrase file of this version; publish the tracker again")
            model = PhraseModel(**{name: opened.get_tensor(name) for name in _ARRAYS})
        _check(model)
    except (OSError, SafetensorError, ValueError, TypeError) as error:
        if isinstance(error, InvalidModelFile):
            raise
        raise InvalidModelFile(f"{file.name}: cannot be read; publish the tracker again") from None
    return model


def _check(model: PhraseModel) -> None:
    """Raise ``ValueError`` where arrays do not fit each other."""
    entries, dimension = model.directions.shape
    shapes = ((dimension,), (entries, dimension), (entries, len(SHARES)))
    for name, shape in zip(_ARRAYS, shapes, strict=True):
        array = getattr(model, name)
        if array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
            raise ValueError(name)
