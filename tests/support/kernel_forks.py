"""Kernels that begin at once: forked from a process that has imported what kernels of tests need, and has run nothing.

To import it takes each of two hundred kernels two seconds. A server of the tests starts that process (:func:`install`),
and asks it for each kernel. What such a kernel is given, says and is called is as Jupyter has it: folder, environment,
output, a session of its own, and the command line, by which tests find it.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

FORKED = "from tests.support.kernel_forks import install; install()"  # for the code that a server runs first
LAUNCHER = ["-m", "ipykernel_launcher"]
NAMES = (
    *("ipykernel.kernelapp", "ipykernel.subshell_manager", "IPython.core.completer", "IPython.core.magics"),
    *("anywidget", "ipywidgets", "tests.support.preloaded", "workbench.dashboards"),
)
LONGEST = 1_024  # bytes of a command line
MESSAGE = 1 << 18  # bytes of a request, most of which is the environment


def install() -> None:
    """Have this process's kernels forked, where the system lets it watch processes that are not its own children."""
    if hasattr(os, "pidfd_open"):
        from jupyter_client.provisioning import local_provisioner

        local_provisioner.launch_kernel = Forks(local_provisioner.launch_kernel).launch  # type: ignore[assignment]


class Forks:
    """Asks for kernels; ``otherwise`` launches what is not one of ipykernel's."""

    def __init__(self, otherwise: Callable[..., Any]) -> None:
        self._otherwise = otherwise
        self._socket = _started()

    def launch(
        self,
        cmd: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
        **more: Any,
    ) -> Any:
        """Start a kernel, as jupyter_client's function of this name does."""
        if list(cmd[1:3]) != LAUNCHER:
            return self._otherwise(cmd, env=env, cwd=cwd, stdout=stdout, stderr=stderr, **more)
        request = {"cmd": list(cmd), "env": dict(os.environ if env is None else env), "cwd": cwd or str(Path.cwd())}
        outputs = [1 if stdout is None else stdout, 2 if stderr is None else stderr]
        socket.send_fds(self._socket, [json.dumps(request).encode()], outputs)
        return Kernel(int(self._socket.recv(64)))


class Kernel:
    """A forked kernel, named like ``subprocess.Popen``, of which it is a part."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        try:
            self._watched = os.pidfd_open(pid)
        except ProcessLookupError:
            self.returncode = 0

    def poll(self) -> int | None:
        """Return 0 when it has ended, however it did."""
        return self._ended(0)

    def wait(self) -> int | None:
        """Return when it has ended."""
        return self._ended(None)

    def send_signal(self, number: int) -> None:
        """Send a signal unless it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._watched, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, milliseconds: int | None) -> int | None:
        if self.returncode is None and self._has_ended(milliseconds):
            self.returncode = 0
            os.close(self._watched)
        return self.returncode

    def _has_ended(self, milliseconds: int | None) -> bool:
        waiting = select.poll()  # a server may have more open than the 1,024 that select() knows
        waiting.register(self._watched, select.POLLIN)
        return bool(waiting.poll(milliseconds))


def _started() -> socket.socket:
    """Start the process that forks; it ends when this one does, and its kernels with it."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    code = "import sys; from tests.support.kernel_forks import serve; serve(int(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(its.fileno()), "-" * LONGEST]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[its.fileno()], start_new_session=True)
    its.close()
    return ours


def serve(number: int) -> NoReturn:
    """Fork a kernel for each request that comes at this socket."""
    requests = socket.socket(fileno=number)
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read when ipykernel is imported: with it kernels end
    for name in NAMES:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    while True:
        asked, outputs, *_ = socket.recv_fds(requests, MESSAGE, 2)
        if not asked:
            os._exit(0)
        if not os.fork():
            os.setsid()  # before anybody asks for its group
            requests.send(str(os.getpid()).encode())
            requests.close()
            _become(json.loads(asked), outputs)
        for output in outputs:
            os.close(output)


def _become(request: dict[str, Any], outputs: Sequence[int]) -> NoReturn:
    """Become the kernel that was asked for, and end with it."""
    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, output in enumerate(outputs, 1):
        os.dup2(output, number)
        os.close(output)
    os.environ.clear()
    os.environ.update(request["env"] | {"JPY_PARENT_PID": str(os.getppid())})
    os.chdir(request["cwd"])
    _call_it(request["cmd"])
    sys.argv = ["ipykernel_launcher", *request["cmd"][3:]]
    sys.path[:] = [place for place in sys.path if place not in ("", request["cwd"])]
    kernel = IPKernelApp.instance()
    kernel.initialize(sys.argv[1:])
    # Which it does itself where a kernel imports it. Without, pages restore widgets one by one instead of all at once.
    ipywidgets.register_comm_target()
    kernel.start()
    os._exit(0)


def _call_it(command: Sequence[str]) -> None:
    """Write ``command`` over the arguments with which the process that was forked had been started.

    Linux takes the arguments for a title, which ends with a zero, where their last byte is none.
    """
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    line = " ".join(command).encode()[: end - start - 2]
    ctypes.memmove(start, line + b"\0", len(line) + 1)
    ctypes.memset(end - 1, ord("-"), 1)
