"""Decide which models may be loaded because data names them: those that the operator has listed, and no other.

A tracker's definition travels: by REST, in a ``.tracker`` file, in a CSV, in someone's workspace. What it names must
not make this machine open a folder or ask a hub, so the environment has the last word.
"""

from __future__ import annotations

import os
from pathlib import Path

MODELS = "WORKBENCH_MODELS"  # names on the hub, or folders by their full path, with commas between
DOWNLOAD = "WORKBENCH_DOWNLOAD_MODELS"  # 1: what is listed may be fetched from the hub
_SHOWN = 100


def is_allowed(model: str) -> bool:
    """Return whether the operator has listed this model.

    A name on the hub does not count while the working folder holds something of that name: libraries would take it.
    """
    listed = {name.strip() for name in os.environ.get(MODELS, "").split(",")} - {""}
    return model in listed and (Path(model).is_absolute() or not Path(model).exists())


def refusal(model: str) -> str:
    """Say why a model is not loaded, in the same words whatever its name stands for."""
    return f"judge: {model[:_SHOWN]!r} is not among the models allowed here; list it in {MODELS} to allow it"


def may_download() -> bool:
    """Return whether listed models may be fetched from the hub; else only what is on this machine is loaded."""
    return os.environ.get(DOWNLOAD) == "1"
