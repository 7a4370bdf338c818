"""Writes the lock: one version of everything that the project needs, with the hashes of what may be installed.

Run it (``make lock``) after a change of pyproject.toml: what is locked already keeps its version, unless ``--upgrade``
is given. Three files, as they are installed one after the other (``scripts/set_up.sh``):

- ``locks/constraints-torch.txt``: torch alone, whose build depends on the machine; also the hashes of CPU builds that
  pip's settings offer where this is run, as PyPI has none for Linux.
- ``locks/constraints-cuda.txt``: what PyPI's build of torch for Linux needs beside it.
- ``locks/constraints.txt``: everything else, for every platform.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN, TORCH, CUDA = "locks/constraints.txt", "locks/constraints-torch.txt", "locks/constraints-cuda.txt"
HEADER = "# Written by `make lock`; do not edit. Installed by scripts/set_up.sh, which checks the hash of every file.\n"
BUILT_WITH = "editables"  # named by hatchling's editable build alone, at build time
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Locked:
    """A package with its pin, marker included, the hashes of its files, and who needs it."""

    name: str
    pin: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]

    def __str__(self) -> str:
        return " \\\n".join([self.pin, *(f"    --hash={one}" for one in self.hashes)]) + "\n"


def read(text: str) -> list[Locked]:
    """Return the packages of a lock, or of what uv writes, in their order; one can stand there once a marker."""
    found = []
    for part in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        if not part[:1].isalnum():
            continue  # what stands before the first one
        pin = part.split("\n", 1)[0].removesuffix("\\").strip()
        comments = " ".join(line.strip(" #") for line in part.splitlines() if line.startswith("    #"))
        via = tuple(comments.removeprefix("via").replace(",", " ").split())
        found.append(Locked(re.split(r"[=\s;]", pin)[0], pin, tuple(_HASH.findall(part)), via))
    return found


def resolved(known: str, more: Iterable[str] = ()) -> list[Locked]:
    """Resolve all that pyproject.toml asks for, on all platforms, with the versions that are ``known``."""
    python = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].strip(">=")
    with tempfile.TemporaryDirectory() as folder:
        out, own = Path(folder) / "out.txt", Path(folder) / "own.in"
        out.write_text(known)
        own.write_text(f"{BUILT_WITH}\n")
        wanted = ["pyproject.toml", "--all-extras", str(own), "--universal", "--python-version", python]
        form = ["--generate-hashes", "--no-header", "--quiet", "--output-file", str(out), *more]
        subprocess.run([sys.executable, "-m", "uv", "pip", "compile", *wanted, *form], cwd=ROOT, check=True)
        return read(out.read_text())


def for_cuda(packages: Iterable[Locked]) -> set[str]:
    """Return the names of what only torch needs, and only on Linux: CUDA's libraries."""
    needs: dict[str, set[str]] = {}
    linux: dict[str, bool] = {}
    for one in packages:
        linux[one.name] = "sys_platform == 'linux'" in one.pin
        for parent in one.via:
            needs.setdefault(parent, set()).add(one.name)
    todo, found = [name for name in needs.get("torch", ()) if linux[name]], set()
    while todo:
        name = todo.pop()
        if name not in found and linux[name]:
            found.add(name)
            todo += needs.get(name, ())
    return found


def offered_here(torch: Locked) -> list[str]:
    """Return the hash of the file that pip would take here for torch."""
    asked = ["--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--report", "-", torch.pin]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", *asked],
        check=True,
        capture_output=True,
        text=True,
    )
    (found,) = json.loads(done.stdout)["install"]
    hashes: Mapping[str, str] = found["download_info"].get("archive_info", {}).get("hashes", {})
    return [f"sha256:{hashes['sha256']}"] if "sha256" in hashes else []


def written() -> dict[str, str]:
    """Return the lock's files as they are, by name; empty where they are missing."""
    return {name: (ROOT / name).read_text() if (ROOT / name).exists() else "" for name in (MAIN, TORCH, CUDA)}


def main() -> int:
    before = written()
    packages = resolved("".join(before.values()), sys.argv[1:])
    cuda = for_cuda(packages)
    (torch,) = (one for one in packages if one.name == "torch")
    kept = [one.hashes for one in read(before[TORCH]) if one.pin == torch.pin]
    hashes = sorted({*torch.hashes, *(one for them in kept for one in them), *offered_here(torch)})
    parts = {
        MAIN: [one for one in packages if one.name not in cuda and one.name != "torch"],
        TORCH: [Locked(torch.name, torch.pin, tuple(hashes), ())],
        CUDA: [one for one in packages if one.name in cuda],
    }
    for name, part in parts.items():
        (ROOT / name).write_text(HEADER + "".join(map(str, part)))
        print(f"{name}: {len(part)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
