"""One encoder process for all kernels: shared, gone when idle, started again when it was lost."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from tests.support.patience import PATIENCE_S
from tests.unit.small import run
from workbench.domain.errors import EncoderUnavailable
from workbench.engine import encoder_process, private_folder
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import HashingEncoder

OWN = f"workbench-{os.geteuid()}"

# Python runs a file of this name at its start: here it puts hashed words in the place of the model.
STAND_IN = '''
    """Texts tell it what to do: "boom" fails, "die" ends the process, "die once" does so the first time."""
    import os, sys, types
    from pathlib import Path

    class Choice:
        def to_dict(self):
            return {"pid": os.getpid()}

    class LocalEncoder:
        choice = Choice()

        def __init__(self, model, cache):
            from workbench.engine.encoders import HashingEncoder
            if model == "broken":
                raise RuntimeError("the weights are damaged")
            self._words = HashingEncoder()
            self.key, self.dimension = model, self._words.dimension

        def encode(self, texts):
            if "boom" in texts:
                raise ValueError("boom")
            if "die" in texts or ("die once" in texts and not Path(os.environ["DONE"]).exists()):
                Path(os.environ["DONE"]).touch()
                os._exit(3)
            return self._words.encode(texts)

    module = types.ModuleType("workbench.engine.local_encoder")
    module.LocalEncoder = LocalEncoder
    sys.modules[module.__name__] = module
'''


@pytest.fixture
def machine(monkeypatch):
    """A machine of its own, on which encoders go after 20 idle seconds; none is left at the end."""
    with tempfile.TemporaryDirectory(prefix="wb-") as folder:  # short, for systems other than Linux
        (Path(folder) / "sitecustomize.py").write_text(textwrap.dedent(STAND_IN))
        here = {"WORKBENCH_RUNTIME_DIR": folder, "PYTHONPATH": folder, "DONE": f"{folder}/done"}
        for name, value in (here | {"WORKBENCH_ENCODER_IDLE_S": "20"}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(encoder_process, "problem_of", lambda _model: None)  # its models are made up
        before = set(psutil.Process().children())
        yield Path(folder)
        for child in set(psutil.Process().children()) - before:
            child.kill()
            child.wait(PATIENCE_S)


def pid_of(encoder: SharedEncoder) -> int:
    """Asked anew: what ``about`` tells is kept."""
    return int(SharedEncoder(encoder.model).about()["runs_on"]["pid"])


def wait_until_gone(pid: int) -> None:
    """Ended; a zombie until its parent looks is ended too."""
    end = time.monotonic() + 15
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "the process still runs"
        time.sleep(0.02)


def test_kernels_share_one_process_even_when_they_start_it_at_once(machine):
    with ThreadPoolExecutor(4) as threads:
        pids = set(threads.map(lambda _: pid_of(SharedEncoder("m")), range(4)))
    script = "from workbench.engine.encoder_process import SharedEncoder as S; print(S('m').about()['runs_on']['pid'])"
    elsewhere = run("-c", script)
    assert pids == {int(elsewhere.stdout)}
    assert pids != {os.getpid()}


def test_vectors_are_the_encoders_own_in_the_order_of_the_texts(machine, monkeypatch):
    monkeypatch.setattr(encoder_process, "TEXTS_A_MESSAGE", 7)
    texts = [f"text {n} é🙂\n" for n in range(20)]
    encoder = SharedEncoder("m")
    assert encoder.dimension == HashingEncoder().dimension
    assert np.array_equal(encoder.encode(texts), HashingEncoder().encode(texts))
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_another_model_has_a_process_of_its_own(machine):
    assert pid_of(SharedEncoder("m")) != pid_of(SharedEncoder("n"))


def test_it_goes_when_idle_and_comes_back_when_asked(machine, monkeypatch):
    monkeypatch.setenv("WORKBENCH_ENCODER_IDLE_S", "0.3")
    encoder = SharedEncoder("m")
    first = pid_of(encoder)
    wait_until_gone(first)
    assert not list(machine.rglob("*.sock"))
    assert encoder.encode(["hello"]).shape == (1, 64)
    assert pid_of(encoder) != first


def test_a_killed_process_is_started_again(machine):
    encoder = SharedEncoder("m")
    first = pid_of(encoder)
    os.kill(first, signal.SIGKILL)
    wait_until_gone(first)
    assert list(machine.rglob("*.sock"))  # what it left behind is in nobody's way
    assert encoder.encode(["hello"]).shape == (1, 64)
    assert pid_of(encoder) != first


def test_a_process_that_dies_while_it_encodes_is_asked_once_more(machine):
    assert SharedEncoder("m").encode(["die once"]).shape == (1, 64)
    with pytest.raises(EncoderUnavailable, match="stopped unexpectedly"):
        SharedEncoder("m").encode(["die"])


def test_a_failure_is_told_and_the_process_goes_on(machine):
    encoder = SharedEncoder("m")
    first = pid_of(encoder)
    with pytest.raises(EncoderUnavailable, match="ValueError: boom"):
        encoder.encode(["boom"])
    assert encoder.encode(["hello"]).shape == (1, 64)
    assert pid_of(encoder) == first


def test_a_model_that_cannot_be_loaded_is_told_with_the_reason(machine):
    with pytest.raises(EncoderUnavailable, match=r"stopped at its start.*weights are damaged"):
        SharedEncoder("broken").about()


def test_what_is_none_of_ours_does_no_harm(machine):
    encoder = SharedEncoder("m")
    first = pid_of(encoder)
    with encoder_process.connected("m") as stream:
        stream.write(b"GET / HTTP/1.1\r\n\r\n")
    with encoder_process.connected("m") as stream:
        stream.write(json.dumps({"op": "encode", "texts": 5}).encode() + b"\n")
        stream.flush()
        assert b"error" in stream.readline()
    assert pid_of(encoder) == first


def test_a_folder_that_others_can_enter_is_refused(machine):
    folder = machine / OWN
    folder.mkdir(mode=0o700)
    folder.chmod(0o755)
    with pytest.raises(EncoderUnavailable, match="is accessible to other users"):
        SharedEncoder("m").about()


@pytest.mark.parametrize("through_descriptors", [True, False])
@pytest.mark.parametrize("name", ["TMPDIR", "XDG_RUNTIME_DIR"])
def test_it_starts_however_long_the_path_of_the_temporary_folder_is(machine, monkeypatch, name, through_descriptors):
    """Elsewhere than on Linux a socket's path cannot be shortened, so that a short folder serves."""
    long = machine.joinpath("d" * 90, "e" * 90)
    long.mkdir(parents=True)
    monkeypatch.delenv("WORKBENCH_RUNTIME_DIR")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv(name, str(long))
    monkeypatch.setattr(tempfile, "tempdir", None)
    if not through_descriptors:
        monkeypatch.setattr(private_folder, "DESCRIPTORS", Path("/nowhere"))
        monkeypatch.setattr(private_folder, "SHORT_BASE", machine)
    assert SharedEncoder("m").encode(["hello"]).shape == (1, 64)
    assert bool(list(long.rglob("*.sock"))) is through_descriptors


def test_where_another_has_taken_the_name_another_folder_serves(machine, monkeypatch):
    monkeypatch.delenv("WORKBENCH_RUNTIME_DIR")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(machine))
    monkeypatch.setenv("XDG_CACHE_HOME", str(machine / "cache"))
    monkeypatch.setattr(private_folder, "SHORT_BASE", machine)
    monkeypatch.setattr(tempfile, "tempdir", str(machine))
    (machine / "hostile").mkdir(mode=0o700)
    (machine / OWN).symlink_to("hostile")
    assert SharedEncoder("m").encode(["my secret transcript"]).shape == (1, 64)
    assert list((machine / "hostile").iterdir()) == []


HOSTILE_SERVER = """
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
os.setuid(65534)
listener.listen()
print("listening", flush=True)
while True:
    connection, _ = listener.accept()
    try:
        connection.sendall(b"workbench encoder\\n")
        heard = connection.recv(1000)
    except ConnectionError:
        heard = b""
    print(heard, flush=True)
"""
HOSTILE_CLIENT = """
import os, socket, sys
os.setuid(65534)
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
try:
    connection.sendall(b'{"op": "about"}\\n')
    print(connection.makefile("rb").read())
except ConnectionError:
    print(b"")
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@as_root
def test_a_server_of_another_user_is_told_nothing(machine):
    with private_folder.private_folder() as folder:
        file = folder.path / f"{encoder_process.name_of('m')}.sock"
    hostile = subprocess.Popen([sys.executable, "-c", HOSTILE_SERVER, file], stdout=subprocess.PIPE)
    assert hostile.stdout.readline() == b"listening\n"
    with pytest.raises(EncoderUnavailable, match="served by user 65534"):
        SharedEncoder("m").encode(["my secret transcript"])
    assert hostile.stdout.readline() == b"b''\n"  # the end of a connection on which nothing was said
    hostile.kill()


@as_root
def test_a_client_of_another_user_is_turned_away(machine):
    first = pid_of(SharedEncoder("m"))
    file = next(machine.rglob("*.sock"))
    for path in (machine, file.parent, file):  # as if the folder's mode protected nothing
        path.chmod(0o777)
    asked = subprocess.run([sys.executable, "-c", HOSTILE_CLIENT, file], capture_output=True, text=True)
    assert (asked.stdout, asked.stderr) == ("b''\n", "")
    file.parent.chmod(0o700)
    assert "user 65534 was turned away" in next(machine.rglob("*.log")).read_text()
    assert pid_of(SharedEncoder("m")) == first


@pytest.mark.parametrize("ours", [True, False])
def test_each_end_asks_who_the_other_is(machine, monkeypatch, ours):
    """As above, for who is not root."""
    pid_of(SharedEncoder("m"))
    monkeypatch.setattr(encoder_process, "peer_user", lambda _connection: os.geteuid() + (not ours))
    if ours:
        assert SharedEncoder("m").about()["dimension"] == 64
    else:
        with pytest.raises(EncoderUnavailable, match="not by you"):
            SharedEncoder("m").about()


def test_a_process_that_is_about_to_end_still_serves_who_came_before(machine, monkeypatch):
    """Nobody is asked to come again, however often it happens that one goes idle as another one comes."""
    monkeypatch.setenv("WORKBENCH_ENCODER_IDLE_S", "0.01")
    encoder = SharedEncoder("m")
    for _ in range(8):
        assert encoder.encode(["hello"]).shape == (1, 64)


def test_who_connects_in_the_last_moment_is_served(machine, monkeypatch):
    """The server's own loop, with a client that comes between its last look and the removal of the socket."""
    stand_in = SimpleNamespace(dimension=3, key="k", choice=SimpleNamespace(to_dict=dict))
    monkeypatch.setitem(
        sys.modules, "workbench.engine.local_encoder", SimpleNamespace(LocalEncoder=lambda *_, **__: stand_in)
    )
    monkeypatch.setattr(encoder_process, "FIRST_S", 0)
    came: list[socket.socket] = []
    with private_folder.private_folder() as folder:
        server = encoder_process.EncoderServer("m", folder, "0123456789abcdef", 0.05)
        real = private_folder.PrivateFolder.remove

        def comes(self, name):
            if self.identity(name) and not came:
                came.append(socket.socket(socket.AF_UNIX))
                came[0].connect(self.address(name))
                came[0].sendall(b'{"op": "about"}\n')
                came[0].shutdown(socket.SHUT_WR)
            real(self, name)

        monkeypatch.setattr(private_folder.PrivateFolder, "remove", comes)
        server.run()
        with came[0], came[0].makefile("rb") as stream:
            assert stream.readline() == b"workbench encoder\n"
            assert json.loads(stream.readline())["dimension"] == 3


def test_a_process_does_not_remove_the_socket_of_its_successor(machine, monkeypatch):
    """Cleaners of temporary folders remove sockets; another process then takes the place."""
    monkeypatch.setenv("WORKBENCH_ENCODER_IDLE_S", "0.3")
    first = pid_of(SharedEncoder("m"))
    next(machine.rglob("*.sock")).unlink()
    monkeypatch.setenv("WORKBENCH_ENCODER_IDLE_S", "20")
    second = pid_of(SharedEncoder("m"))
    wait_until_gone(first)
    assert pid_of(SharedEncoder("m")) == second != first
