"""A reader's kernel logs to the server that started it, not into the page."""

from __future__ import annotations

import subprocess
import sys

from tests.unit.small import ROOT

CODE = """
import io, logging, os, sys
from workbench.dashboards.kernel_log import log_to_server

class InPage(io.StringIO):  # as ipykernel's: what is written becomes a part of the page
    def fileno(self):
        return 2

sys.stderr = InPage()
log_to_server()
log_to_server()
logging.getLogger("workbench.x").error("an error \\ud800")
sys.stdout.write(repr(sys.stderr.getvalue()))
"""


def said(**environment: str) -> tuple[str, str]:
    command = [sys.executable, "-c", CODE]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.stdout, done.stderr


def test_it_logs_to_the_output_that_it_was_started_with_once():
    assert said(WORKBENCH_GATED="1") == ("''", "an error \\ud800\n")


def test_elsewhere_logs_go_where_they_always_do():
    assert said() == ("'an error \\ud800\\n'", "")
