"""Files and folders get the mode that their folder says, at any umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.domain.access import (
    PRIVATE,
    SHARED,
    file_lock,
    inherit,
    keep_out_others,
    make_file,
    make_folder,
    opener,
    private_opener,
    rights_in,
)


@pytest.fixture(autouse=True, params=[0o000, 0o022, 0o077], ids="umask {:03o}".format)
def umask(request) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def folder(path: Path, rights: int) -> Path:
    path.mkdir()
    path.chmod(rights)
    return path


@pytest.mark.parametrize(
    ("given", "rights"),
    [
        *((0o700, PRIVATE), (0o500, PRIVATE), (0o2770, SHARED)),
        *((0o755, None), (0o2775, None), (0o770, None), (0o1777, None), (0o2750, None), (0o711, None)),
    ],
)
def test_a_folders_mode_says_who_can_read(tmp_path, given, rights):
    assert rights_in(folder(tmp_path / "f", given)) == rights


@pytest.mark.parametrize("rights", [PRIVATE, SHARED])
def test_whatever_is_made_follows(tmp_path, rights):
    top = folder(tmp_path / "f", rights)
    make_folder(top / "a" / "b")
    make_folder(top / "a" / "b")
    inside = top / "a" / "b"
    assert mode(top / "a") == mode(inside) == rights
    with open(inside / "opened", "ab", opener=opener) as file:
        file.write(b"x")
    with open(inside / "again", "xb", opener=private_opener):
        pass
    (inside / "written").touch()
    inherit(inside / "written")
    make_file(inside / "made")
    with file_lock(inside / "lock"):
        pass
    assert {mode(file) for file in inside.iterdir()} == {rights & 0o666}
    assert len(list(inside.iterdir())) == 5


def test_a_lock_may_be_made_before_its_folder(tmp_path):
    top = folder(tmp_path / "f", PRIVATE)
    lock = file_lock(top / "later" / "lock")
    make_folder(top / "later")
    with lock:
        assert mode(top / "later" / "lock") == 0o600


def test_elsewhere_the_umask_decides_but_for_what_holds_words_from_calls(tmp_path, umask):
    top = folder(tmp_path / "f", 0o755)
    make_folder(top / "a")
    with open(top / "opened", "wb", opener=opener), open(top / "exported", "wb", opener=private_opener):
        pass
    assert mode(top / "a") == 0o777 & ~umask
    assert mode(top / "opened") == 0o666 & ~umask
    assert mode(top / "exported") == 0o600


def test_a_file_that_is_there_keeps_its_mode(tmp_path):
    top = folder(tmp_path / "f", PRIVATE)
    (top / "x").touch()
    (top / "x").chmod(0o640)
    with open(top / "x", "w", opener=opener) as file:
        file.write("x")
    make_file(top / "x")
    assert mode(top / "x") == 0o640
    assert (top / "x").read_text() == "x"


def test_what_is_not_there_is_not_made_to_be_read(tmp_path):
    with pytest.raises(FileNotFoundError), open(tmp_path / "x", opener=private_opener):
        pass
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(("rights", "kept"), [(0o755, 0o600), (0o2775, 0o660), (0o2770, 0o660), (0o700, 0o600)])
def test_keys_are_kept_from_others(tmp_path, rights, kept):
    top = folder(tmp_path / "f", rights)
    (top / "x").touch()
    (top / "x").chmod(0o666)
    keep_out_others(top / "x")
    assert mode(top / "x") == kept
