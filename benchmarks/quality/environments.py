"""An environment of its own for each peer, made on first use from ``peers/NAME.txt`` in ``benchmarks/.envs/``."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent / ".envs"
TORCH = "torch=="  # installed first and alone, so that nothing else pulls another build of it


class CannotInstall(Exception):
    """A peer cannot be installed on this machine; says why."""


def python_of(peer: str) -> Path:
    """Return the peer's interpreter; fast if its environment exists.

    Raises:
        CannotInstall: pip's own last lines say why.
    """
    wanted = requirements(peer)
    folder = ENVIRONMENTS / peer
    python, stamp = folder / "bin" / "python", folder / "ready"
    mark = hashlib.sha256("\n".join(wanted).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == mark and python.exists():
        return python
    print(f"Installing {peer} into {folder}; once, a few minutes.", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _run(peer, [sys.executable, "-m", "venv", "--without-pip", str(folder)])  # ours installs into it as well
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet"]
    for step in steps(wanted):
        _run(peer, install + step)
    stamp.write_text(mark)
    return python


def requirements(peer: str) -> list[str]:
    """Return the lines of the peer's requirements, comments left out."""
    lines = (HERE / "peers" / f"{peer}.txt").read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def steps(wanted: list[str]) -> list[list[str]]:
    """Return what is installed together; everything is named again with torch, which so keeps its version."""
    torch = [line for line in wanted if line.startswith(TORCH)]
    return [torch, wanted] if torch else [wanted]


def _run(peer: str, command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        said = "\n  ".join(done.stdout.strip().splitlines()[-5:])
        raise CannotInstall(f"{peer} cannot be installed here; its rows are left out.\n  {said}")
