"""Makes of a checkpoint what the package carries: the changed layers at half precision, and what they are laid over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from scripts.train_encoder.checkpoint import weights_of
from scripts.train_encoder.sources import SOURCES
from workbench.domain.files import write_whole
from workbench.engine.overlay import ABOUT, WEIGHTS, digest_of


def pack(trained: Path, base: Path, out: Path, strength: float = 1.0) -> dict[str, Any]:
    """Write the weights and their description to ``out``, and return the description.

    Args:
        trained: the folder with the checkpoint.
        base: the file of weights that the training began from.
        out: the folder to write to.
        strength: 1 for what was learnt, less for weights between the base's and these (Wortsman et al. 2022).
    """
    learnt, settings, steps = weights_of(trained)
    content = save(between(original(base, learnt), learnt, strength))
    about = {
        "base_sha256": digest_of(base),
        "sha256": hashlib.sha256(content).hexdigest(),
        "strength": strength,
        "steps": steps,
        "settings": asdict(settings) | {"sources": list(settings.sources)},
        "attribution": {
            one.name: f"{one.attribution}; {one.licence}" for one in SOURCES if one.name in settings.sources
        },
    }
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / WEIGHTS, content)
    write_whole(out / ABOUT, (json.dumps(about, indent=2) + "\n").encode())
    return about


def original(base: Path, names: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    """Return the base's weights of these names."""
    from safetensors import safe_open

    with safe_open(base, framework="pt") as file:
        return {name: file.get_tensor(name) for name in names}


def between(
    base: Mapping[str, torch.Tensor], learnt: Mapping[str, torch.Tensor], strength: float
) -> dict[str, torch.Tensor]:
    """Return the weights at this share of the way from the base's to those learnt, at half precision."""
    mixed = {name: base[name] + strength * (value - base[name]) for name, value in learnt.items()}
    return {name: value.to(torch.float16).contiguous() for name, value in mixed.items()}
