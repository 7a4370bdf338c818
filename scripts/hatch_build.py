"""The build hook: the front end's bundles stand before anything is packed, and a wheel carries what people open.

Standard library only, so that the tests can import it without the build's own environment.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # the functions below serve without it
    BuildHookInterface = object  # type: ignore[assignment,misc]

SOURCES = "widgets"
BUNDLES = "workbench/widgets/static"
SERVED = "workbench/server/static"  # what pages load when they need it, a file of widgets/assets each
LABEXTENSION = "workbench/server/labextension"  # its package.json is written last
LABEXTENSION_AT = "share/jupyter/labextensions/tracker-workbench"  # where JupyterLab finds it, below the environment
# What a wheel holds beside the package: both are small (about 1.5 MB packed), and without them someone who has
# only the wheel could neither open the notebook nor feed it.
EXTRAS = {
    "notebooks": ("**/*.ipynb",),
    "sample_corpus": ("*.jsonl", "README.md", "audio/*"),
}


class FrontEndMissing(Exception):
    """Neither bundles nor what it takes to build them."""


class FrontEndHook(BuildHookInterface):  # type: ignore[misc]
    """Called by hatchling before an sdist, a wheel or an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        provide_bundles(root, accept_stale=version == "editable")
        if self.target_name == "sdist":
            build_data["artifacts"].append(f"/{LABEXTENSION}/")
        elif version != "editable":  # `make` links the extension, so that a new build is there at once
            build_data["force_include"].update(extras(root))
            build_data["shared_data"][LABEXTENSION] = LABEXTENSION_AT


def provide_bundles(root: Path, *, accept_stale: bool = False) -> bool:
    """See to it that the bundles stand; returns whether they were built.

    Bundles are taken as they are in an sdist, where they are newer than their sources, with ``accept_stale``, or
    where npm is missing.

    Raises:
        FrontEndMissing: no bundles, and no npm to build them with.
    """
    stand = all(path.is_file() for path in bundles(root)) and bool(bundles(root))
    npm = shutil.which("npm")
    if stand and (accept_stale or npm is None or is_sdist(root) or are_fresh(root)):
        return False
    if npm is None:
        raise FrontEndMissing(
            f"The widgets' bundles are missing from {BUNDLES}, and npm, which builds them, was not found. "
            "Install Node.js 20 or newer, or build from an sdist, which carries the bundles."
        )
    build(root, npm)
    return True


def bundles(root: Path) -> list[Path]:
    """Return the files that must stand: a script and a style sheet for each widget with an entry point, and others."""
    names = sorted(path.parent.name for path in (root / SOURCES).glob("*/index.tsx"))
    carried = [root / BUNDLES / f"{name}.{kind}" for name in names for kind in ("js", "css")]
    assets = [root / SERVED / f"{path.stem}.min.js" for path in sorted((root / SOURCES / "assets").glob("*.ts"))]
    return [*carried, *assets, root / LABEXTENSION / "package.json"]


def sources(root: Path) -> list[Path]:
    """Return what the bundles are built from."""
    top = root / SOURCES
    folders = [path for path in top.iterdir() if path.is_dir() and path.name not in ("node_modules", "tests")]
    nested = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return nested + [top / name for name in ("build.mjs", "package-lock.json")]


def are_fresh(root: Path) -> bool:
    """Return whether no source is newer than the oldest bundle."""
    newest = max(path.stat().st_mtime for path in sources(root))
    return min(path.stat().st_mtime for path in bundles(root)) >= newest


def is_sdist(root: Path) -> bool:
    """Return whether ``root`` is an unpacked sdist, whose bundles belong to its sources whatever the clock says."""
    return (root / "PKG-INFO").is_file()


def build(root: Path, npm: str) -> None:
    """Run the front end's own build; npm's words are shown as they come."""
    lock, installed = root / SOURCES / "package-lock.json", root / SOURCES / "node_modules/.package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([npm, "ci"], cwd=root / SOURCES, check=True)
    subprocess.run([npm, "run", "build"], cwd=root / SOURCES, check=True)


def extras(root: Path) -> dict[str, str]:
    """Files outside the package that a wheel carries inside it: path on disk → path in the wheel."""
    found = {}
    for folder, patterns in EXTRAS.items():
        for pattern in patterns:
            for path in sorted((root / folder).glob(pattern)):
                if ".ipynb_checkpoints" not in path.parts:
                    found[str(path)] = f"workbench/{path.relative_to(root).as_posix()}"
    return found
