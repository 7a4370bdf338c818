"""One encoder process a machine and user, shared by all kernels, started on demand and gone when idle.

It listens on a Unix socket in a folder that only the user can enter. A message is a line of JSON, followed in
replies by the bytes of the vectors, float32 in C order. Run as ``python -m workbench.engine.encoder_process``.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from workbench.domain.errors import EncoderUnavailable
from workbench.engine.encoders import DEFAULT_MODEL, encoder_key

START_S = 180.0
IDLE_S = 300.0
_TEXTS_A_MESSAGE = 2_048
_OTHER_MODEL = "; give a sentence-transformers model that is on this machine or can be fetched by it, or its folder"


class SharedEncoder:
    """The encoder process, seen from a kernel: starts it when first needed, again when it is gone.

    Raises:
        EncoderUnavailable: it cannot be started or broke off; the message holds the end of its log.
    """

    def __init__(self, model: str = DEFAULT_MODEL):
        self.model = model
        self.key = encoder_key(model)
        self._about: dict[str, Any] | None = None

    @property
    def dimension(self) -> int:
        return int(self.about()["dimension"])

    def about(self) -> dict[str, Any]:
        """Model, key, dimension and what runs it; starts the process."""
        if self._about is None:
            self._about = self._ask({"op": "about"})[0]
        return self._about

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32, ``[len(texts), dimension]``."""
        parts = [np.zeros((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), _TEXTS_A_MESSAGE):
            part = list(texts[start : start + _TEXTS_A_MESSAGE])
            reply, data = self._ask({"op": "encode", "texts": part})
            parts.append(np.frombuffer(data, dtype=np.float32).reshape(len(part), reply["dimension"]))
        return np.concatenate(parts)

    def warm_up(self) -> None:
        """Starts the process in the background, so that it is there when it is needed."""
        threading.Thread(target=self._try_about, daemon=True).start()

    def _try_about(self) -> None:
        try:
            self.about()
        except EncoderUnavailable:
            return  # whoever needs it will be told

    def _ask(self, message: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        for attempt in (1, 2):
            try:
                with _connected(self.model) as connection:
                    return _exchange(connection, message)
            except (ConnectionError, EOFError) as error:  # it went idle between our connecting and our asking
                if attempt == 2:
                    raise EncoderUnavailable(f"the encoder broke off: {error}. {_log_end(self.model)}") from error
                time.sleep(0.1)  # a dying process still accepts for a moment
        raise AssertionError("unreachable")


def _exchange(connection: socket.socket, message: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    with connection.makefile("rwb") as stream:
        stream.write(json.dumps(message).encode() + b"\n")
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


def _folder() -> Path:
    base = os.environ.get("WORKBENCH_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"workbench-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.stat()
    if about.st_uid != os.getuid() or about.st_mode & 0o077:
        raise EncoderUnavailable(f"{folder} can be entered by others; remove it, or set WORKBENCH_RUNTIME_DIR")
    return folder


def _socket_path(model: str) -> Path:
    return _folder() / f"{encoder_key(model)[-40:]}.sock"


def _connected(model: str) -> socket.socket:
    path = _socket_path(model)
    try:
        return _connect(path)
    except OSError:
        pass
    with FileLock(path.with_suffix(".lock")):
        try:
            return _connect(path)
        except OSError:
            return _start(model, path)


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def _start(model: str, path: Path) -> socket.socket:
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, "--model", model, "--socket", str(path)]
    with path.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            hint = "" if model == DEFAULT_MODEL else _OTHER_MODEL
            told = f"encoder: {model!r} could not be loaded{hint}. The process stopped at its start. {_log_end(model)}"
            raise EncoderUnavailable(told)
        try:
            return _connect(path)
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise EncoderUnavailable(f"the encoder process did not start within {START_S:.0f} s. {_log_end(model)}")


def _log_end(model: str) -> str:
    file = _socket_path(model).with_suffix(".log")
    lines = file.read_text(errors="replace").strip().splitlines() if file.exists() else []
    return "Its last words: " + " / ".join(lines[-3:]) if lines else ""


class _Server:
    """Serves one model; one text batch at a time, whoever asks."""

    def __init__(self, model: str, path: Path, idle_s: float):
        from workbench.engine.local_encoder import LocalEncoder

        self._encoder = LocalEncoder(model, cache=_cache())
        self._model, self._path, self._idle_s = model, path, idle_s
        self._encoding = threading.Lock()
        self._busy = 0

    def run(self) -> None:
        """Until nobody has asked for ``idle_s`` seconds."""
        self._path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(self._path))
            listener.listen(64)
            listener.settimeout(self._idle_s)
            while True:
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    if not self._busy:
                        break
                    continue
                self._busy += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
            self._path.unlink(missing_ok=True)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(None)
        try:
            with connection, connection.makefile("rwb") as stream:
                for line in iter(stream.readline, b""):
                    self._reply(json.loads(line), stream)
        except (OSError, ValueError):
            pass  # the client went away, or is none of ours
        finally:
            self._busy -= 1

    def _reply(self, message: dict[str, Any], stream: Any) -> None:
        data = b""
        try:
            reply: dict[str, Any] = {"dimension": self._encoder.dimension}
            if message.get("op") == "encode":
                with self._encoding:
                    data = np.ascontiguousarray(self._encoder.encode(message["texts"])).tobytes()
            else:
                reply |= {"model": self._model, "key": self._encoder.key, "runs_on": self._encoder.choice.to_dict()}
        except Exception as error:  # the client is told; the process goes on for the others
            reply = {"error": f"{type(error).__name__}: {error}"}
        stream.write(json.dumps(reply | {"bytes": len(data)}).encode() + b"\n" + data)
        stream.flush()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tracker-workbench"


def main() -> None:
    """The process itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--idle", type=float, default=float(os.environ.get("WORKBENCH_ENCODER_IDLE_S", IDLE_S)))
    args = parser.parse_args()
    _Server(args.model, args.socket, args.idle).run()


if __name__ == "__main__":
    main()
