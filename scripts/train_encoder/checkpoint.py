"""What training has come to, in one file: the step, the weights that learn and what the optimiser knows of each."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from scripts.train_encoder.settings import Settings

FILE = "checkpoint.safetensors"
_MOMENTS = ("exp_avg", "exp_avg_sq")


def save(
    folder: Path, settings: Settings, step: int, learning: Mapping[str, torch.nn.Parameter], by: torch.optim.AdamW
) -> None:
    """Write the checkpoint after ``step`` steps, whole or not at all."""
    tensors = {f"weight {name}": value.detach() for name, value in learning.items()}
    for name, value in learning.items():
        tensors |= {f"{kind} {name}": by.state[value][kind] for kind in _MOMENTS}
    about = {"settings": json.dumps(asdict(settings)), "step": str(step)}
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.{os.getpid()}.part"
    save_file({name: value.contiguous() for name, value in tensors.items()}, part, about)
    part.replace(folder / FILE)


def resume(folder: Path, settings: Settings, learning: Mapping[str, torch.nn.Parameter], by: torch.optim.AdamW) -> int:
    """Put everything back to where the checkpoint was written, and return the number of steps done; 0 without one.

    Raises:
        ValueError: the checkpoint is of other settings.
    """
    if not (folder / FILE).exists():
        return 0
    with safe_open(folder / FILE, framework="pt") as file:
        about = file.metadata()
        if json.loads(about["settings"]) != json.loads(json.dumps(asdict(settings))):
            raise ValueError(f"{folder / FILE} was trained with other settings; give them, or another folder")
        step = int(about["step"])
        for name, value in learning.items():
            value.data.copy_(file.get_tensor(f"weight {name}"))
            moments = {kind: file.get_tensor(f"{kind} {name}") for kind in _MOMENTS}
            by.state[value] = {"step": torch.tensor(float(step)), **moments}
    return step


def weights_of(folder: Path) -> tuple[dict[str, torch.Tensor], Settings, int]:
    """Return the weights that have learnt, the settings, and the number of steps."""
    with safe_open(folder / FILE, framework="pt") as file:
        about = file.metadata()
        names = [name.removeprefix("weight ") for name in file.keys() if name.startswith("weight ")]  # noqa: SIM118
        weights = {name: file.get_tensor(f"weight {name}") for name in names}
    values = json.loads(about["settings"])
    return weights, Settings(**values | {"sources": tuple(values["sources"])}), int(about["step"])
