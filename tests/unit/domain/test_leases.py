"""Files are taken away only while nobody reads them."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from workbench.domain.leases import reading, unread


@pytest.fixture
def lease(tmp_path):
    file = tmp_path / "readers.lock"
    with unread(file) as nobody:
        assert not nobody  # a reader may have begun before there was a file
    assert file.exists()
    return file


def is_unread(lease) -> bool:
    with unread(lease) as nobody:
        return nobody


def test_any_number_of_readers_hold_a_lease(lease):
    assert is_unread(lease)
    with reading(lease), reading(lease):
        assert not is_unread(lease)
    assert is_unread(lease)


def test_an_error_gives_the_lease_back(lease):
    with pytest.raises(KeyError), reading(lease):
        raise KeyError
    assert is_unread(lease)


def test_a_killed_reader_holds_nothing(lease):
    code = (
        "import sys, time; from pathlib import Path; from workbench.domain.leases import reading\n"
        "with reading(Path(sys.argv[1])): print('reading', flush=True); time.sleep(600)"
    )
    reader = subprocess.Popen([sys.executable, "-c", code, str(lease)], stdout=subprocess.PIPE, text=True)
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    assert not is_unread(lease)
    reader.kill()
    reader.wait()
    reader.stdout.close()
    assert is_unread(lease)


def test_readers_make_no_file(tmp_path):
    with reading(tmp_path / "readers.lock"):
        pass
    assert not list(tmp_path.iterdir())


def test_without_locks_nothing_is_taken_away(lease, monkeypatch):
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    with reading(lease):
        assert not is_unread(lease)
    assert not is_unread(lease)
