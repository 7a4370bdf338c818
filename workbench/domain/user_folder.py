"""The user's own folder, outside of any workspace: what a workspace must not be able to say about itself."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.domain import plain_json
from workbench.domain.errors import WorkbenchError
from workbench.domain.files import plain_bytes

CONFIG = "WORKBENCH_CONFIG_DIR"
_MOST = 8_000_000


def user_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return ``WORKBENCH_CONFIG_DIR``, else ``tracker-workbench`` in the folder of the user's settings."""
    if named := environment.get(CONFIG):
        return Path(named)
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "tracker-workbench"


def read_note(name: str) -> dict[str, Any]:
    """Return what a file of the folder holds; nothing if there is none, or none that can be read."""
    try:
        found = json.loads(plain_bytes(user_folder() / name, _MOST))
    except (OSError, ValueError, RecursionError, RuntimeError, WorkbenchError):
        return {}
    return found if isinstance(found, dict) else {}


def write_note(name: str, content: Mapping[str, Any]) -> None:
    """Write a file of the folder for the user alone; raises ``OSError``, or ``RuntimeError`` where there is no home."""
    folder = make_user_folder()
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(plain_json.dumps(content))  # without an indent, with which it takes twenty times as long
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, folder / name)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def make_user_folder() -> Path:
    """Make the folder where there is none, for the user alone."""
    folder = user_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
