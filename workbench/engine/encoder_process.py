"""One encoder process per machine and user, shared by all kernels, started on demand and stopped when idle.

It listens on a Unix socket in a folder that only the user can enter, and each end checks that the other is the same
user. It greets every connection. A message is a line of JSON, followed in replies by the bytes of the vectors, float32
in C order. Run as ``python -m workbench.engine.encoder_process``.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain import plain_json
from workbench.domain.errors import EncoderUnavailable
from workbench.domain.paths import model_of
from workbench.engine.encoders import DEFAULT_MODEL, PACKAGED, encoder_key
from workbench.engine.model_problems import problem_of
from workbench.engine.private_folder import (
    NotPrivate,
    PrivateFolder,
    open_private,
    peer_user,
    private_folder,
    short_name,
)

START_S = 600.0  # a process that ends is noticed at once; a busy machine may take minutes to load torch
IDLE_S = 300.0
FIRST_S = 60.0
TEXTS_A_MESSAGE = 2_048
_PROTOCOL = 2
_GREETING = b"workbench encoder\n"
_OTHER_MODEL = "; give a sentence-transformers model that is on this machine or can be fetched by it, or its folder"


class SharedEncoder:
    """The encoder process for a kernel: starts it when first needed, and again if it has ended.

    Raises:
        EncoderUnavailable: it cannot be started or has failed; the message contains the end of its log.
    """

    def __init__(self, model: str = DEFAULT_MODEL):
        self.model = model if model in PACKAGED else model_of(model, DEFAULT_MODEL)
        self.key = encoder_key(self.model)
        self._about: dict[str, Any] | None = None

    @property
    def dimension(self) -> int:
        return int(self.about()["dimension"])

    def about(self) -> dict[str, Any]:
        """Return model, key, dimension and backend; starts the process."""
        if self._about is None:
            self._about = self._ask({"op": "about"})[0]
        return self._about

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32, ``[len(texts), dimension]``."""
        parts = [np.zeros((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), TEXTS_A_MESSAGE):
            part = list(texts[start : start + TEXTS_A_MESSAGE])
            reply, data = self._ask({"op": "encode", "texts": part})
            parts.append(np.frombuffer(data, dtype=np.float32).reshape(len(part), reply["dimension"]))
        return np.concatenate(parts)

    def warm_up(self) -> None:
        """Start the process in the background, so that it is ready when needed."""
        threading.Thread(target=self._try_about, daemon=True).start()

    def _try_about(self) -> None:
        try:
            self.about()
        except EncoderUnavailable:
            return  # callers that need it will get the error

    def _ask(self, message: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        for attempt in (1, 2):
            try:
                with connected(self.model) as stream:
                    return _exchange(stream, message)
            except (ConnectionError, EOFError) as error:  # the request may have ended it, or someone else did
                if attempt == 2:
                    raise EncoderUnavailable(
                        f"the encoder stopped unexpectedly: {error}. {_log_end(self.model)}"
                    ) from error
        raise AssertionError("unreachable")


def _exchange(stream: Any, message: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    stream.write(plain_json.dumps(message).encode() + b"\n")
    stream.flush()
    line = stream.readline()
    if not line:
        raise EOFError("no reply")
    reply: dict[str, Any] = json.loads(line)
    if reply.get("error"):
        raise EncoderUnavailable(str(reply["error"]))
    size = int(reply.get("bytes", 0))
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("the reply was cut off")
    return reply, data


@contextmanager
def connected(model: str) -> Iterator[Any]:
    """Return a stream to the process, which has greeted; starts it if none answers."""
    with _folder() as folder, _connection(model, folder) as connection, connection.makefile("rwb") as stream:
        yield stream


@contextmanager
def _folder() -> Iterator[PrivateFolder]:
    try:
        with private_folder() as folder:
            yield folder
    except NotPrivate as error:
        raise EncoderUnavailable(f"encoder: its folder is not safe to use: {error}") from None


def name_of(model: str) -> str:
    """Return the name of a model's socket, lock and log; processes with another protocol have others."""
    return short_name(f"{_PROTOCOL} {encoder_key(model)}")


def _connection(model: str, folder: PrivateFolder) -> socket.socket:
    name = name_of(model)
    try:
        return _connect(folder, name)
    except OSError:
        pass
    with folder.locked(f"{name}.lock"):
        try:
            return _connect(folder, name)
        except OSError:
            return _start(model, folder)


def _connect(folder: PrivateFolder, name: str) -> socket.socket:
    """Connect to a process that answers: one that is about to end may accept, but does not greet.

    Raises:
        OSError: none answers.
        EncoderUnavailable: it is another user's.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(folder.address(f"{name}.sock"))
        user = peer_user(connection)
        if user != os.geteuid():
            file = folder.path / f"{name}.sock"
            raise EncoderUnavailable(f"encoder: {file} is served by user {user}, not by you; remove the file")
        greeting = b""
        while len(greeting) < len(_GREETING):
            part = connection.recv(len(_GREETING) - len(greeting))
            if not part:
                raise ConnectionResetError("no greeting")
            greeting += part
        if greeting != _GREETING:
            raise ConnectionResetError("another program's greeting")
        return connection
    except BaseException:
        connection.close()
        raise


def _start(model: str, folder: PrivateFolder) -> socket.socket:
    if (problem := problem_of(model)) is not None:  # returned at once: loading torch takes seconds
        raise EncoderUnavailable(f"{_not_loaded(model)}. {problem}.")
    name = name_of(model)
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__]
    command += ["--model", model, "--folder", str(folder.path), "--name", name]
    with os.fdopen(folder.open(f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        ended = process.poll() is not None
        try:
            return _connect(folder, name)
        except OSError:
            pass
        if ended:
            raise EncoderUnavailable(f"{_not_loaded(model)}. The process stopped at its start. {_log_end(model)}")
        time.sleep(0.05)
    process.kill()
    raise EncoderUnavailable(f"the encoder process did not start within {START_S:.0f} s. {_log_end(model)}")


def _not_loaded(model: str) -> str:
    return f"encoder: {model!r} could not be loaded{'' if model in PACKAGED else _OTHER_MODEL}"


def _log_end(model: str) -> str:
    with _folder() as folder:
        lines = folder.read(f"{name_of(model)}.log").strip().splitlines()
    return "Its last output: " + " / ".join(lines[-3:]) if lines else ""


class EncoderServer:
    """Serves one model; one text batch at a time, for all clients."""

    def __init__(self, model: str, folder: PrivateFolder, name: str, idle_s: float):
        from workbench.engine.local_encoder import LocalEncoder

        self._encoder = LocalEncoder(model, cache=_cache())
        self._model, self._folder, self._file, self._idle_s = model, folder, f"{name}.sock", idle_s
        self._encoding = threading.Lock()
        self._threads: list[threading.Thread] = []

    def run(self) -> None:
        """Serve until there was no request for ``idle_s`` seconds."""
        self._folder.remove(self._file)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(self._folder.address(self._file))
            own = self._folder.identity(self._file)
            listener.listen(64)
            listener.settimeout(max(self._idle_s, FIRST_S))  # the client that started it is about to connect
            self._accepted(listener)
            listener.settimeout(self._idle_s)
            while self._accepted(listener) or self._busy():
                pass
            if self._folder.identity(self._file) == own:  # else another process has taken its place
                self._folder.remove(self._file)
            listener.settimeout(0)
            while self._accepted(listener):  # clients that connected before the file was deleted
                pass
        for thread in self._threads:
            thread.join()

    def _accepted(self, listener: socket.socket) -> bool:
        try:
            connection, _ = listener.accept()
        except (TimeoutError, BlockingIOError):
            return False
        thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
        thread.start()
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        return True

    def _busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(None)
        try:
            with connection, connection.makefile("rwb") as stream:
                user = peer_user(connection)
                if user != os.geteuid():
                    print(f"user {user} was turned away", file=sys.stderr)
                    return
                stream.write(_GREETING)
                stream.flush()
                for line in iter(stream.readline, b""):
                    self._reply(json.loads(line), stream)
        except (OSError, ValueError):
            pass  # the client is gone, or uses another protocol

    def _reply(self, message: dict[str, Any], stream: Any) -> None:
        data = b""
        try:
            reply: dict[str, Any] = {"dimension": self._encoder.dimension}
            if message.get("op") == "encode":
                with self._encoding:
                    data = np.ascontiguousarray(self._encoder.encode(message["texts"])).tobytes()
            else:
                reply |= {"model": self._model, "key": self._encoder.key, "runs_on": self._encoder.choice.to_dict()}
        except Exception as error:  # noqa: BLE001, the client gets the error; the process continues for the others
            reply = {"error": f"{type(error).__name__}: {error}"}
        stream.write(plain_json.dumps(reply | {"bytes": len(data)}).encode() + b"\n" + data)
        stream.flush()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tracker-workbench"


def main() -> None:
    """Run the process itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--idle", type=float, default=float(os.environ.get("WORKBENCH_ENCODER_IDLE_S", IDLE_S)))
    args = parser.parse_args()
    EncoderServer(args.model, open_private(args.folder), args.name, args.idle).run()


if __name__ == "__main__":
    main()
