"""Kernels of readers talk through sockets in a folder of the user's own, whatever the temporary folder's length."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.browser.jupyter import kernel_pids
from tests.browser.servers import dashboards
from tests.unit.serving.readers import notebooks, opened


@pytest.mark.parametrize("length", [0, 120])
def test_kernels_are_reached_through_files_alone(tmp_path, length):
    long = tmp_path / ("d" * length)
    long.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as short:
        where = {"TMPDIR": str(long), "WORKBENCH_RUNTIME_DIR": short}
        with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--warm", "0", extra=where) as server:
            opened(server)
            (kernel,) = (psutil.Process(pid) for pid in kernel_pids(server))
            file = Path(kernel.cmdline()[-1])
            assert json.loads(file.read_text())["transport"] == "ipc"
            assert Path(short) in file.parents
            assert file.parents[1].stat().st_mode & 0o777 == 0o700
