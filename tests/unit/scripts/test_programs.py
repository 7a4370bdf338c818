"""The installer of programs: finds what is there, else installs it, else says how; both programs by one mechanism."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from scripts import programs
from scripts.programs import CHROMIUM, POSTGRESQL, PROGRAMS, Program


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A machine that has neither program, in whose PATH a test can put some."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for program in PROGRAMS.values():
        monkeypatch.delenv(program.variable, raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setattr(programs, "FOLDERS", (f"{tmp_path}/postgresql/*/bin",))
    monkeypatch.setattr(programs, "CLUSTERS", tmp_path / "createcluster.d")


def put(file: Path, script: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}")
    file.chmod(0o755)
    return file


def server(folder: Path) -> Path:
    return put(folder / "initdb").parent if put(folder / "postgres") else folder


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A package manager that notes what it is asked for, and runs a script that installs."""
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    noted = tmp_path / "asked"
    noted.touch()

    def made(script: str = "") -> Path:
        put(tmp_path / "bin/apt-get", f'echo "$*" >> {noted}\n{script}\n')
        return noted

    return made


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_neither_is_found_on_a_bare_machine(program: Program, capsys: pytest.CaptureFixture[str]):
    assert program.find() is None
    assert programs.main([program.variable.lower()]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert program.name in printed.err
    assert f"{program.variable}=/path" in printed.err


def test_the_variable_comes_first_and_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    put(tmp_path / "bin/chromium")
    server(tmp_path / "postgresql/15/bin")
    mine, other = put(tmp_path / "mine/browser"), server(tmp_path / "other")
    monkeypatch.setenv("CHROMIUM", str(mine))
    monkeypatch.setenv("POSTGRESQL", str(other))
    assert (CHROMIUM.find(), POSTGRESQL.find()) == (str(mine), str(other))
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "not there"))
    (other / "initdb").unlink()
    assert (CHROMIUM.find(), POSTGRESQL.find()) == (None, None)


def test_a_browser_on_the_path_is_found_by_any_of_its_names(tmp_path: Path):
    chrome = put(tmp_path / "bin/google-chrome")
    assert CHROMIUM.find() == str(chrome)
    chromium = put(tmp_path / "bin/chromium")
    assert CHROMIUM.find() == str(chromium)


def test_the_newest_whole_server_is_found(tmp_path: Path):
    server(tmp_path / "postgresql/9/bin")
    newest = server(tmp_path / "postgresql/15/bin")
    put(tmp_path / "postgresql/16/bin/initdb")  # a client's package has no server
    assert POSTGRESQL.find() == str(newest)
    on_path = server(tmp_path / "own")
    (tmp_path / "bin/initdb").symlink_to(on_path / "initdb")
    assert POSTGRESQL.find() == str(on_path)


def test_what_is_there_is_not_installed(apt, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    noted, chromium = apt(), put(tmp_path / "bin/chromium")
    assert programs.main(["chromium", "--install"]) == 0
    assert capsys.readouterr().out == f"{chromium}\n"
    assert noted.read_text() == ""


def test_debians_package_is_installed_and_its_path_alone_is_printed(
    apt, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    target = tmp_path / "bin/chromium"
    shell = {name: shutil.which(name, path="/bin:/usr/bin") for name in ("cp", "chmod")}
    noted = apt(f'echo Reading package lists\n{shell["cp"]} "$0" {target}')
    assert programs.main(["chromium", "--install"]) == 0
    printed = capfd.readouterr()
    assert printed.out == f"{target}\n"
    assert "Reading package lists" in printed.err
    assert noted.read_text().splitlines()[1].endswith("--no-install-recommends chromium")


def test_the_server_is_installed_without_a_cluster_of_its_own(apt, tmp_path: Path):
    folder, made = tmp_path / "postgresql/15/bin", tmp_path / "createcluster.d"
    copy, mkdir = (shutil.which(name, path="/bin:/usr/bin") for name in ("cp", "mkdir"))
    noted = apt(
        f'case "$*" in\n*postgresql-common) {mkdir} {made} ;;\n'
        f"*postgresql) test -f {made}/none.conf || exit 1\n"
        f'{mkdir} -p {folder}; {copy} "$0" {folder}/initdb; {copy} "$0" {folder}/postgres ;;\nesac'
    )
    assert POSTGRESQL.install() == str(folder)
    assert (made / "none.conf").read_text() == "create_main_cluster = false\n"
    assert [line.split()[-1] for line in noted.read_text().splitlines()] == ["-qq", "postgresql-common", "postgresql"]


@pytest.mark.parametrize("root", [True, False])
def test_what_the_package_manager_cannot_install_gets_its_own_command(
    monkeypatch: pytest.MonkeyPatch, apt, tmp_path: Path, root: bool
):
    noted, target = apt("exit 100"), tmp_path / "bin/own"
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000, raising=False)
    code = f"import pathlib; pathlib.Path({str(target)!r}).touch(0o755)"
    program = Program(
        name="Own",
        variable="OWN",
        remedy="",
        accept=shutil.which,
        look=lambda: iter([shutil.which("own")]),
        packages=("own",),
        otherwise=(sys.executable, "-c", code),
    )
    assert program.install() == str(target)
    assert bool(noted.read_text()) is root


def test_a_failure_is_said_with_what_to_do(apt, capfd: pytest.CaptureFixture[str]):
    apt("exit 100")
    assert programs.main(["postgresql", "--install"]) == 1
    assert "POSTGRESQL=/path/to/bin" in capfd.readouterr().err
