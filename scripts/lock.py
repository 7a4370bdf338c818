"""Writes constraints.txt: the versions that stand in this environment, for everything the project needs, and no more.

Run it (``make lock``) in an environment in which all tests pass. Packages that are installed but needed by nothing
are left out, and so are local version tags such as torch's ``+cpu``, which other machines don't have.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
HEADER = """\
# Written by `make lock`; do not edit. One version for everything that the project needs, directly or not.
"""


def project_requirements() -> list[Requirement]:
    """What pyproject.toml asks for, the extras and the build's own needs included."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [data["project"]["dependencies"], data["build-system"]["requires"]]
    lists += data["project"].get("optional-dependencies", {}).values()
    # Named by hatchling's editable build alone, at build time.
    return [Requirement(line) for lines in lists for line in lines] + [Requirement("editables")]


def closure(wanted: Iterable[Requirement]) -> dict[str, str]:
    """Canonical name → installed version of all that ``wanted`` leads to in this environment."""
    versions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(requirement, "") for requirement in wanted]
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        dist = distribution(name)
        versions[name] = Version(dist.version).public
        for extra_name in ("", *sorted(requirement.extras)):
            if (name, extra_name) not in seen:
                seen.add((name, extra_name))
                todo += [(Requirement(line), extra_name) for line in dist.requires or []]
    return versions


def main() -> int:
    try:
        versions = closure(project_requirements())
    except PackageNotFoundError as error:
        print(f"Not installed here: {error}. Set the environment up first: make setup", file=sys.stderr)
        return 1
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    (ROOT / "constraints.txt").write_text(HEADER + "".join(lines))
    print(f"constraints.txt: {len(lines)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
