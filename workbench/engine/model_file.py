"""A tracker as one file: safetensors, with JSON in its header. Opening it runs no code.

Everything is checked before use, since a file may come from anyone: sizes, names, types and shapes of the arrays, that
they are finite and consistent, the JSON's form, and a hash of everything.
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from workbench.domain import plain_json
from workbench.domain.access import make_folder, opener
from workbench.domain.errors import InvalidModelFile, WorkbenchError
from workbench.domain.files import plain_bytes, settle, writing_to
from workbench.engine.detection import Detector
from workbench.engine.detector_arrays import from_arrays, to_arrays

FORMAT = "tracker-1"
MOST_BYTES = 50 * 10**6  # a tracker with a thousand answers takes some 3 MB
MOST_HEADER_BYTES = 8 * 10**6
_TYPES = {
    "sentence": ("F32", "<f4"),
    "before": ("F32", "<f4"),
    "labels": ("I8", "i1"),
    "weights": ("F64", "<f8"),
    "words": ("I32", "<i4"),
    "word_ends": ("I64", "<i8"),
}
Arrays = dict[str, NDArray[Any]]
Opener = Callable[[str, int], int]


def pack(detector: Detector | None, about: Mapping[str, Any]) -> bytes:
    """Return the file's content; ``about`` is plain JSON that is stored with it.

    Without a detector it contains only a definition.
    """
    arrays, own = ({}, None) if detector is None else to_arrays(detector)
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    content = {"format": FORMAT, "detector": own, "about": dict(about)}
    content["sha256"] = hash_of_content(contiguous, content)
    return save(contiguous, metadata={"tracker": plain_json.dumps(content)})  # one entry: their order is not preserved


def unpack(data: bytes, name: str, hashed: bool = True) -> tuple[Detector | None, dict[str, Any]]:
    """Return the tracker, None for a mere definition, and the JSON stored with it.

    ``name`` is the file's, for errors.

    Unless ``hashed``, it may lack its hash, as files did whose hash is stored elsewhere.

    Raises:
        InvalidModelFile: it is too large, damaged, in another format, or inconsistent.
    """
    try:
        content = _content(data)
        arrays = _arrays(data)
        told = content.pop("sha256") if hashed else content.pop("sha256", None)
        if (told is not None or hashed) and told != hash_of_content(arrays, content):
            raise ValueError("its hash does not fit: it is damaged, or was changed")
        about = content["about"]
        if not isinstance(about, dict):
            raise TypeError("about: not a JSON object")
        if content["detector"] is None and not arrays:
            return None, about
        return from_arrays(arrays, content["detector"]), about
    except KeyError as error:
        raise InvalidModelFile(f"{name}: cannot be read as a tracker: {error} is missing") from None
    except RecursionError:
        raise InvalidModelFile(f"{name}: cannot be read as a tracker: its JSON is nested too deeply") from None
    except (SafetensorError, WorkbenchError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise InvalidModelFile(f"{name}: cannot be read as a tracker: {error}") from None


def write(file: Path, detector: Detector | None, about: Mapping[str, Any]) -> str:
    """Write the file completely or not at all, replacing any existing one; returns its SHA-256."""
    data = pack(detector, about)
    put(file, data)
    return hashlib.sha256(data).hexdigest()


def put(file: Path, data: bytes, opener: Opener = opener) -> None:
    """Write a file completely or not at all; a link of that name is replaced, not followed."""
    draft = file.with_name(f"{file.stem}.{secrets.token_hex(8)}.tmp")
    with writing_to(file):
        make_folder(file.parent)
        try:
            with open(draft, "xb", opener=opener) as handle:
                handle.write(data)
            settle(draft, file)
        finally:
            draft.unlink(missing_ok=True)


def read(file: Path) -> tuple[Detector, dict[str, Any]]:
    """Return the tracker, and the JSON stored with it.

    Raises:
        FileNotFoundError: there is no such file.
        InvalidModelFile: it is too large, damaged, in another format, or inconsistent.
    """
    if file.stat().st_size > MOST_BYTES:
        raise InvalidModelFile(f"{file.name}: larger than {MOST_BYTES // 10**6} MB, so not a tracker file")
    detector, about = unpack(file.read_bytes(), file.name, hashed=False)
    if detector is None:
        raise InvalidModelFile(f"{file.name}: contains no model")
    return detector, about


def sha256(file: Path) -> str:
    """Return the hash of the file's content, in hexadecimal."""
    return hashlib.sha256(plain_bytes(file)).hexdigest()


def _content(data: bytes) -> dict[str, Any]:
    """Return the JSON in the header, checked for its form and its format."""
    size = int.from_bytes(data[:8], "little")
    if len(data) > MOST_BYTES or size > MOST_HEADER_BYTES or size > len(data) - 8:
        raise ValueError("it is not a safetensors file, is too large, or was cut off")
    header = _json(data[8 : 8 + size].decode("utf-8"))
    metadata = header.get("__metadata__", {}) if isinstance(header, dict) else {}
    content = _json(metadata["tracker"])
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else None
        raise ValueError(f"its format is {str(found)[:40]!r}, and this version reads {FORMAT!r}")
    return content


def _arrays(data: bytes) -> Arrays:
    out: Arrays = {}
    for name, one in deserialize(data):  # type: ignore[no-untyped-call]  # not typed by safetensors
        kind, dtype = _TYPES.get(name, ("", ""))
        if one["dtype"] != kind:
            raise ValueError(f"the array {name[:40]!r} of type {one['dtype']} is not one a tracker has")
        out[name] = np.frombuffer(one["data"], dtype=dtype).reshape(one["shape"])
    return out


def hash_of_content(arrays: Arrays, content: Mapping[str, Any]) -> str:
    """Return the hash in the file for its arrays and JSON, apart from the hash itself."""
    found = hashlib.sha256(plain_json.dumps(content, sort_keys=True).encode())
    for name in sorted(arrays):
        found.update(f"{name} {arrays[name].dtype.str} {arrays[name].shape}".encode())
        found.update(arrays[name].tobytes())
    return found.hexdigest()


def _json(text: str) -> Any:
    """Parse strict JSON: no NaN, no infinity, no duplicate names in an object."""
    return json.loads(text, parse_constant=_not_json, parse_float=_finite, object_pairs_hook=_each_once)


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is too large; give a smaller number")
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise ValueError("its JSON names a field twice")
    return out
