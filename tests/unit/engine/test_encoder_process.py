"""One encoder process for all kernels: shared, gone when idle, started again when it was lost."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.unit.small import run
from workbench.domain.errors import EncoderUnavailable
from workbench.engine import encoder_process
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import HashingEncoder

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
    with tempfile.TemporaryDirectory(prefix="wb-") as folder:  # a socket's path must be short
        (Path(folder) / "sitecustomize.py").write_text(textwrap.dedent(STAND_IN))
        here = {"WORKBENCH_RUNTIME_DIR": folder, "PYTHONPATH": folder, "DONE": f"{folder}/done"}
        for name, value in (here | {"WORKBENCH_ENCODER_IDLE_S": "20"}).items():
            monkeypatch.setenv(name, value)
        before = set(psutil.Process().children())
        yield Path(folder)
        for child in set(psutil.Process().children()) - before:
            child.kill()
            child.wait(5)


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
    monkeypatch.setattr(encoder_process, "_TEXTS_A_MESSAGE", 7)
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
    with pytest.raises(EncoderUnavailable, match="broke off"):
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
    with encoder_process._connected("m") as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    with encoder_process._connected("m") as connection:
        connection.sendall(json.dumps({"op": "encode", "texts": 5}).encode() + b"\n")
        assert b"error" in connection.makefile("rb").readline()
    assert pid_of(encoder) == first


def test_a_folder_that_others_can_enter_is_refused(machine):
    folder = machine / f"workbench-{os.getuid()}"
    folder.mkdir(mode=0o700)
    folder.chmod(0o755)
    with pytest.raises(EncoderUnavailable, match="can be entered by others"):
        SharedEncoder("m").about()
