"""Finds PostgreSQL's server programs for the tests; with ``--install``, gets them where there are none.

Prints the folder that holds ``initdb`` and ``postgres``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAMS = ("initdb", "postgres")
# Where Debian, Fedora and Homebrew put them; the first two keep several versions side by side and off the PATH.
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/pgsql/bin")
HELP = "Install PostgreSQL's server, or name its programs' folder: POSTGRESQL=/path/to/bin make test"


def find() -> Path | None:
    """Return the programs' folder: ``POSTGRESQL`` where set, else that on the PATH, else the newest usual one."""
    named = os.environ.get("POSTGRESQL")
    if named:
        return _whole(Path(named))
    on_path = shutil.which("initdb")
    if on_path and (found := _whole(Path(on_path).resolve().parent)):
        return found
    usual = [one for pattern in FOLDERS for one in Path("/").glob(pattern.lstrip("/"))]
    return next((one for one in sorted(usual, key=_version, reverse=True) if _whole(one)), None)


def install() -> Path | None:
    """Get them by Debian's package manager, without the cluster that the package would make."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _try(["apt-get", "update", "-qq"], environment)
        quietly = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        _try([*quietly, "postgresql-common"], environment)
        _keep_from_making_one()
        _try([*quietly, "postgresql"], environment)
    return find()


def _whole(folder: Path) -> Path | None:
    return folder if all((folder / name).is_file() for name in PROGRAMS) else None


def _version(folder: Path) -> list[int]:
    return [int(digits) for digits in "".join(c if c.isdigit() else " " for c in str(folder)).split()]


def _keep_from_making_one() -> None:
    """No cluster, and so no server that runs all the time: the tests start their own."""
    settings = Path("/etc/postgresql-common/createcluster.d")
    if settings.is_dir():
        (settings / "none.conf").write_text("create_main_cluster = false\n")


def _try(command: list[str], environment: dict[str, str]) -> None:
    # Standard output is kept for the path alone.
    print("Installing PostgreSQL:", " ".join(command), file=sys.stderr)
    subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=environment, check=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="get them where there are none")
    folder = find()
    if folder is None and parser.parse_args().install:
        folder = install()
    if folder is None:
        print(f"PostgreSQL was not found. {HELP}", file=sys.stderr)
        return 1
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
