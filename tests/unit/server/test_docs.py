"""The examples of the API's page, run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.api_server import API
from tests.unit.small import ROOT


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_examples_of_the_page_work(api, tmp_path):
    page = (ROOT / "docs" / "api.md").read_text()
    script = "\n".join(re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    script = script.replace("http://localhost:8888/workbench/api/v1", f"{api.server.url}/{API}")
    script = script.replace("demo.workspace", str(api.workspace.path)).replace("curl -s ", "curl -sS --fail ")
    known = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=known, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"Discounts"' in done.stdout
    with pytest.raises(KeyError):
        api.workspace.trackers.get("Discounts")
