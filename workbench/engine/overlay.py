"""The conversation encoder: a few layers on top of the packaged MiniLM, which stays unchanged.

Its folder contains the weights, a description with their hash and the base's, and the model card.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workbench.domain.errors import EncoderUnavailable

CONVERSATIONS = "conversations"
FOLDER = Path(__file__).parent / CONVERSATIONS
WEIGHTS, ABOUT = "layers.safetensors", "about.json"
_REINSTALL = "Install tracker-workbench again, or open the workspace with another encoder"


@dataclass(frozen=True, slots=True)
class Overlay:
    """The changed layers: their file, its hash, and the hash of the base's weights file."""

    file: Path
    sha256: str
    base_sha256: str

    def problem(self, base: Path) -> str | None:
        """Return what is wrong with the files of this overlay and its base, read completely; None if nothing is.

        Args:
            base: the base's weights file.
        """
        for file, expected in ((self.file, self.sha256), (base, self.base_sha256)):
            if not file.is_file():
                return f"{file} is missing. {_REINSTALL}"
            if digest_of(file) != expected:
                return f"{file} is not the file that the encoder {CONVERSATIONS!r} was made with. {_REINSTALL}"
        return None


def overlay() -> Overlay:
    """Return the encoder that comes with the package.

    Raises:
        EncoderUnavailable: it is missing from this installation, or its description is damaged.
    """
    return _described(FOLDER)


@cache
def _described(folder: Path) -> Overlay:
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        return Overlay(folder / WEIGHTS, str(about["sha256"]), str(about["base_sha256"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        told = f"{folder / ABOUT} cannot be read ({type(error).__name__})"
        raise EncoderUnavailable(f"{told}, which the encoder {CONVERSATIONS!r} needs. {_REINSTALL}") from None


def lay_over(model: Any, base: Path) -> None:
    """Load the changed layers into a loaded base model (needs torch).

    Args:
        model: the base, as sentence-transformers loads it.
        base: its weights file.

    Raises:
        EncoderUnavailable: a file is missing, damaged, or from another version.
    """
    from safetensors.torch import load_file

    found = overlay()
    if (problem := found.problem(base)) is not None:
        raise EncoderUnavailable(problem)
    weights = dict((model[0].model if hasattr(model[0], "model") else model[0].auto_model).named_parameters())
    for name, value in load_file(found.file).items():
        weights[name].data.copy_(value)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
