"""Finds a program that the tests use, ``chromium`` or ``postgresql``; with ``--install``, installs it if it is missing.

Prints its path: Chromium's own, or the folder that holds PostgreSQL's ``initdb`` and ``postgres``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Where Debian, Fedora and Homebrew put PostgreSQL; the first two keep several versions side by side and off the PATH.
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/pgsql/bin")
CLUSTERS = Path("/etc/postgresql-common/createcluster.d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that the tests use and that pip cannot install.

    Args:
        name: what people call it.
        variable: the environment variable that names it.
        remedy: what to do if it can be neither found nor installed.
        accept: returns the path of what the variable names, None if it is not there.
        look: yields the places to look, best first; None for one that is not there.
        packages: installed one after the other by Debian's package manager.
        prepare: called after each of them.
        otherwise: a command that installs it if the package manager did not.
    """

    name: str
    variable: str
    remedy: str
    accept: Callable[[str], str | None]
    look: Callable[[], Iterator[str | None]]
    packages: Sequence[str]
    prepare: Callable[[], None] = lambda: None
    otherwise: Sequence[str] = ()

    @property
    def missing(self) -> str:
        """Return the message for people who have to install it themselves."""
        return f"{self.name} was not found. {self.remedy}"

    def find(self) -> str | None:
        """Return what its environment variable names if that is set, else the first that is found on the machine."""
        named = os.environ.get(self.variable)
        return self.accept(named) if named else next(filter(None, self.look()), None)

    def find_or_install(self) -> str | None:
        """Return its path, installed first if it is missing; None if it can't be had."""
        return self.find() or self.install()

    def install(self) -> str | None:
        """Install it with Debian's package manager, or its own command if that is missing or fails; return its path."""
        if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
            self._run("apt-get", "update", "-qq")
            for package in self.packages:
                self._run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
                self.prepare()
        if self.otherwise and self.find() is None:
            self._run(*self.otherwise)
        return self.find()

    def _run(self, *command: str) -> None:
        # Standard output is kept for the path alone.
        print(f"Installing {self.name}:", *command, file=sys.stderr)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=environment, check=False)


def _browsers() -> Iterator[str | None]:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        yield shutil.which(name)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    yield own if Path(own).is_file() else None


def _with_server(folder: str | Path) -> str | None:
    return str(folder) if all((Path(folder) / name).is_file() for name in ("initdb", "postgres")) else None


def _servers() -> Iterator[str | None]:
    on_path = shutil.which("initdb")
    yield _with_server(Path(on_path).resolve().parent) if on_path else None
    usual = [folder for pattern in FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    yield from map(_with_server, sorted(usual, key=_version, reverse=True))


def _version(folder: Path) -> list[int]:
    return [int(digits) for digits in "".join(c if c.isdigit() else " " for c in str(folder)).split()]


def _without_cluster() -> None:
    """Keep the package from creating a cluster, whose server would run all the time; the tests start their own."""
    if CLUSTERS.is_dir():
        (CLUSTERS / "none.conf").write_text("create_main_cluster = false\n")


CHROMIUM = Program(
    name="Chromium",
    variable="CHROMIUM",
    remedy="Install Chromium or Chrome, or name one: CHROMIUM=/path/to/chromium make test",
    accept=shutil.which,
    look=_browsers,
    packages=("chromium",),
    otherwise=(sys.executable, "-m", "playwright", "install", "chromium"),
)
POSTGRESQL = Program(
    name="PostgreSQL",
    variable="POSTGRESQL",
    remedy="Install PostgreSQL's server, or name its programs' folder: POSTGRESQL=/path/to/bin make test",
    accept=_with_server,
    look=_servers,
    packages=("postgresql-common", "postgresql"),
    prepare=_without_cluster,
)
PROGRAMS = {program.variable.lower(): program for program in (CHROMIUM, POSTGRESQL)}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("--install", action="store_true", help="install it if it is missing")
    options = parser.parse_args(arguments)
    program = PROGRAMS[options.program]
    path = program.find_or_install() if options.install else program.find()
    if path is None:
        print(program.missing, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
