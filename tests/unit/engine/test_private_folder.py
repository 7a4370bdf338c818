"""The folder of sockets: never through a link, never another user's, whatever its path's length."""

from __future__ import annotations

import ctypes
import os
import socket
import tempfile
from pathlib import Path

import pytest

from workbench.engine import private_folder as module
from workbench.engine.private_folder import CHOSEN, NotPrivate, PrivateFolder, open_private, peer_user, private_folder

OWN = f"workbench-{os.geteuid()}"
LONG = "d" * 90
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
NOBODY = 65534


@pytest.fixture
def short(monkeypatch):
    """A folder with a short path, in the place of /tmp."""
    with tempfile.TemporaryDirectory(prefix="s", dir="/tmp") as folder:
        monkeypatch.setattr(module, "SHORT_BASE", Path(folder))
        yield Path(folder)


@pytest.fixture
def bases(monkeypatch, short, tmp_path) -> dict[str, Path]:
    """The folders among which one is chosen, in their order."""
    found = {name: tmp_path / name for name in ("runtime", "temporary")}
    for folder in found.values():
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(found["temporary"]))
    return found | {"short": short, "cache": tmp_path / "cache"}


def environment(bases: dict[str, Path]) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": str(bases["runtime"]), "XDG_CACHE_HOME": str(bases["cache"])}


def link(path: Path) -> None:
    path.with_name("elsewhere").mkdir(mode=0o700)
    path.symlink_to(path.with_name("elsewhere"))


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def file(path: Path) -> None:
    path.touch()


def open_to_others(path: Path) -> None:
    path.mkdir()
    path.chmod(0o750)


def of_another(path: Path) -> None:
    path.mkdir(mode=0o700)
    os.chown(path, NOBODY, NOBODY)


TAKEN = [link, dangling, file, open_to_others, pytest.param(of_another, marks=as_root)]


def test_a_new_folder_is_the_users_alone(tmp_path):
    before = os.umask(0)
    try:
        folder = open_private(tmp_path / "new")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    os.close(folder.descriptor)


@pytest.mark.parametrize("take", TAKEN)
def test_a_name_that_somebody_has_taken_is_refused(tmp_path, take):
    take(tmp_path / "name")
    with pytest.raises(NotPrivate, match=str(tmp_path / "name")):
        open_private(tmp_path / "name")


@pytest.mark.parametrize("take", TAKEN)
@pytest.mark.parametrize("taken", [("runtime",), ("runtime", "temporary"), ("runtime", "temporary", "short")])
def test_where_a_name_is_taken_the_next_folder_serves(bases, take, taken):
    for name in taken:
        take(bases[name] / OWN)
    with private_folder(environment(bases)) as folder:
        left = [base for name, base in bases.items() if name not in taken]
        assert left[0] in folder.path.parents
        assert folder.path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("take", TAKEN)
def test_where_the_chosen_one_is_taken_no_other_serves(bases, take, tmp_path):
    take(bases["temporary"] / OWN)
    with pytest.raises(NotPrivate, match=f"set {CHOSEN}"), private_folder({CHOSEN: str(bases["temporary"])}):
        pass


def test_a_runtime_folder_that_is_not_there_is_passed_over(bases):
    with private_folder(environment(bases) | {"XDG_RUNTIME_DIR": "/nowhere/at/all"}) as folder:
        assert folder.path == bases["temporary"] / OWN


def meets_itself(folder: PrivateFolder) -> None:
    """A socket in the folder can be listened on and connected to."""
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(folder.address("0123456789abcdef.sock"))
        listener.listen()
        client.connect(folder.address("0123456789abcdef.sock"))
        served, _ = listener.accept()
        with served:
            assert peer_user(served) == peer_user(client) == os.geteuid()
    folder.remove("0123456789abcdef.sock")


@pytest.mark.parametrize("depth", [1, 10])
@pytest.mark.parametrize("name", ["runtime", "temporary"])
def test_a_socket_can_be_made_however_long_the_path_is(bases, monkeypatch, tmp_path, name, depth):
    bases[name] = tmp_path.joinpath(*[LONG] * depth)
    bases[name].mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(bases["temporary"]))
    with private_folder(environment(bases)) as folder:
        meets_itself(folder)


def test_without_paths_through_descriptors_a_short_folder_serves(bases, monkeypatch, tmp_path):
    """As on macOS."""
    monkeypatch.setattr(module, "DESCRIPTORS", Path("/nowhere"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / LONG))
    with private_folder(environment(bases) | {"XDG_RUNTIME_DIR": str(tmp_path / LONG)}) as folder:
        assert folder.path == bases["short"] / OWN
        assert folder.address("x.sock") == str(folder.path / "x.sock")
        meets_itself(folder)
    with pytest.raises(NotPrivate, match="at most 81"), private_folder({CHOSEN: str(tmp_path / LONG)}):
        pass


def test_the_usual_temporary_folder_of_macos_serves_itself(bases, monkeypatch):
    """Its path has 49 bytes."""
    monkeypatch.setattr(module, "DESCRIPTORS", Path("/nowhere"))
    usual = bases["short"] / ("f" * (48 - len(str(bases["short"]))))
    usual.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(usual))
    with private_folder({"XDG_CACHE_HOME": str(bases["cache"])}) as folder:
        assert folder.path == usual / OWN
        meets_itself(folder)


@pytest.mark.skipif(not module.DESCRIPTORS.is_dir(), reason="elsewhere the peer's user id is what protects")
def test_what_is_swapped_in_after_the_check_is_not_used(tmp_path):
    with private_folder({CHOSEN: str(tmp_path)}) as folder:
        (tmp_path / OWN).rename(tmp_path / "moved")
        (tmp_path / "hostile").mkdir()
        (tmp_path / OWN).symlink_to("hostile")
        meets_itself(folder)
        os.close(folder.open("log", os.O_WRONLY | os.O_CREAT))
        with folder.locked("lock"):
            pass
    assert sorted(os.listdir(tmp_path / "moved")) == ["lock", "log"]
    assert os.listdir(tmp_path / "hostile") == []


def test_a_file_of_the_folder_is_never_a_link(tmp_path):
    (tmp_path / "target").write_text("kept")
    with private_folder({CHOSEN: str(tmp_path)}) as folder:
        (folder.path / "log").symlink_to(tmp_path / "target")
        with pytest.raises(OSError, match="symbolic link"):
            folder.open("log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        with pytest.raises(OSError, match="symbolic link"):
            folder.read("log")
    assert (tmp_path / "target").read_text() == "kept"


def test_where_there_is_no_so_peercred_getpeereid_tells_who_it_is(monkeypatch):
    class System:
        @staticmethod
        def getpeereid(_descriptor, user_id, _group_id):
            user_id._obj.value = 501
            return 0

    monkeypatch.delattr(socket, "SO_PEERCRED", raising=False)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_args, **_options: System)
    one, other = socket.socketpair()
    with one, other:
        assert peer_user(one) == 501
        monkeypatch.setattr(ctypes, "CDLL", lambda *_args, **_options: object())
        with pytest.raises(OSError, match="cannot identify the process"):
            peer_user(one)
