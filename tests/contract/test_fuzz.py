"""The API against its own description: requests that fit it and requests that do not.

By hand for longer, with every boundary of every parameter, thousands of them: FUZZ_EXAMPLES=50 pytest tests/contract
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.api_server import API, api_server

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "")
PHASES = (
    ("--phases", "coverage,fuzzing", "--max-examples", EXAMPLES)
    if EXAMPLES
    else ("--phases", "fuzzing", "--max-examples", "15")
)
# What fits the description may still be refused, such as a name that is taken.
LEFT_OUT = "positive_data_acceptance"


@pytest.mark.slow
def test_the_server_keeps_to_its_description(tmp_path: Path) -> None:
    with api_server(tmp_path) as api:
        address = f"{api.server.url}/{API}"
        command = [
            *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{address}/openapi.json", "--url", address),
            *("-H", f"Authorization: Bearer {api.token('fuzz', 'write')}", "--exclude-checks", LEFT_OUT),
            *PHASES,
            *("--seed", "1", "--no-shrink", "--warnings", "off", "--suppress-health-check", "all", "--workers", "2"),
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        said = re.sub(r".{2000,}", "…", done.stdout)[-8_000:] + done.stderr[-2_000:]
        assert done.returncode == 0, said
        assert "Traceback" not in api.server.log.read_text()
    counted = re.search(r"([\d,]+) generated", done.stdout)
    assert counted, said
    assert int(counted[1].replace(",", "")) > 500
