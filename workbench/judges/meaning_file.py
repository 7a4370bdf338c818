"""A question fitted to a corpus, on disk: safetensors, which cannot contain code."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from workbench.domain import plain_json
from workbench.domain.access import inherit, make_folder
from workbench.domain.errors import InvalidModelFile
from workbench.engine.model_file import sha256
from workbench.judges.meaning import Meaning

_FORMAT = "question-meaning-1"
_FIGURES = ("usual", "spread")
_VECTORS = tuple(field.name for field in fields(Meaning) if field.name not in _FIGURES)


def write_meaning(file: Path, meaning: Meaning) -> str:
    """Write it whole or not at all; returns the file's hash."""
    make_folder(file.parent)
    arrays = {name: np.ascontiguousarray(getattr(meaning, name), dtype=np.float32) for name in _VECTORS}
    figures = plain_json.dumps({name: getattr(meaning, name) for name in _FIGURES})
    draft = file.with_suffix(".tmp")
    save_file(arrays, draft, {"format": _FORMAT, "figures": figures})
    inherit(draft)
    os.replace(draft, file)
    return sha256(file)


def read_meaning(file: Path) -> Meaning:
    """Return what ``write_meaning`` wrote.

    Raises:
        InvalidModelFile: it is damaged, or something else.
    """
    try:
        with safe_open(file, framework="numpy") as opened:
            about = opened.metadata() or {}
            if about.get("format") != _FORMAT:
                raise InvalidModelFile(f"{file.name}: not a question file of this version; publish the tracker again")
            arrays = {name: opened.get_tensor(name) for name in _VECTORS}
        figures = json.loads(about["figures"])
        known: dict[str, Any] = {name: _vector(array) for name, array in arrays.items()}
        return Meaning(**known | {name: float(figures[name]) for name in _FIGURES})
    except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
        if isinstance(error, InvalidModelFile):
            raise
        raise InvalidModelFile(f"{file.name}: cannot be read; publish the tracker again") from None


def _vector(array: np.ndarray) -> np.ndarray:
    if array.ndim != 1 or array.dtype != np.float32 or not np.isfinite(array).all():
        raise ValueError("not a vector")
    return array
