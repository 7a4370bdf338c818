"""A trained tracker as one file: safetensors, with JSON in its header. Opening it runs no code."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from workbench.domain.errors import InvalidModelFile
from workbench.engine.detection import Detector, from_arrays, to_arrays

FORMAT = "tracker-1"
MOST_BYTES = 64 * 2**20  # a tracker of a thousand answers takes some 3 MiB


def write(file: Path, detector: Detector, about: dict[str, Any]) -> str:
    """Writes it whole or not at all; gives the file's SHA-256. ``about`` is plain JSON that travels along."""
    arrays, own = to_arrays(detector)
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    header = json.dumps({"format": FORMAT, "detector": own, "about": about})  # one entry: their order is not kept
    data = save(contiguous, metadata={"tracker": header})
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_bytes(data)
    os.replace(draft, file)
    return hashlib.sha256(data).hexdigest()


def read(file: Path) -> tuple[Detector, dict[str, Any]]:
    """The tracker, and what travelled along.

    Raises:
        FileNotFoundError: there is no such file.
        InvalidModelFile: it is too large, damaged, of another format, or its parts do not fit.
    """
    if file.stat().st_size > MOST_BYTES:
        raise InvalidModelFile(f"{file.name}: is larger than {MOST_BYTES // 2**20} MiB, so no tracker")
    try:
        with safe_open(file, framework="numpy") as opened:
            header = json.loads((opened.metadata() or {}).get("tracker", "{}"))
            if header.get("format") != FORMAT:
                raise InvalidModelFile(f"{file.name}: is no tracker that this version can read")
            arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - it is no mapping
        return from_arrays(arrays, header["detector"]), header["about"]
    except (SafetensorError, KeyError, TypeError, ValueError, IndexError) as error:
        raise InvalidModelFile(f"{file.name}: cannot be read as a tracker: {error}") from None


def sha256(file: Path) -> str:
    """Of the file's content, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
