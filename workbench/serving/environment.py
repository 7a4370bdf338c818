"""The environment of readers' kernels: what programs need to run, and nothing secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workbench.domain.media_hosts import MEDIA_HOSTS
from workbench.domain.reporters import GATED, HUB_PATH, HUB_USER
from workbench.store.database import STATE, absolute_state

NEEDED = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "PWD"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "SYSTEMROOT", "APPDATA", "LOCALAPPDATA"),
        *("WORKBENCH_ENCODER_IDLE_S", "WORKBENCH_RUNTIME_DIR", "WORKBENCH_STATE", HUB_USER, HUB_PATH, MEDIA_HOSTS),
    }
)
BEGINNINGS = ("LC_", "PYTHON", "JUPYTER_", "IPYTHON", "XDG_", "CONDA_", "OMP_", "MKL_", "OPENBLAS_", "HF_HUB_OFFLINE")
SECRET = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY")


def readers_environment(current: Mapping[str, str], workspace: Path) -> dict[str, str]:
    """Return ``current`` without anything that could be secret, for a reader of ``workspace``.

    It does not name who started the server; each message says who reads (:mod:`workbench.serving.gate`).
    """
    kept = {name: value for name, value in current.items() if name in NEEDED or name.startswith(BEGINNINGS)}
    open_ones = {name: value for name, value in kept.items() if not any(word in name.upper() for word in SECRET)}
    if STATE in open_ones:  # kernels run in another folder
        open_ones[STATE] = absolute_state(open_ones[STATE])
    return open_ones | {"WORKBENCH_WORKSPACE": str(workspace), "WORKBENCH_ROLE": "reader", GATED: "1"}
