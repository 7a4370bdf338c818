"""The cost of dashboards with 1,500 calls and 450,000 sentences: seconds to the first view, memory, bytes sent.

Each page is built in a process of its own, as each viewer has a kernel of their own: with the workspace open and the
corpus loaded (a warm kernel), without anything of the page kept. Processor seconds stand beside wall seconds, since
others may use the machine. ``WORKBENCH_BENCHMARK_FOLDER`` keeps the workspace, which takes half a minute to make.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST_SECONDS, MOST_MB, MOST_KB = 2.5, 450, 300
HEAVY = ("torch", "sklearn", "plotly", "sentence_transformers")


def measure(folder: Path, name: str) -> dict[str, object]:
    """Of one page, in this process; ``rss`` is the most it ever held, in MB, ``kb`` the view as JSON."""
    import ipykernel.ipkernel  # noqa: F401  as every kernel does

    import workbench as wb
    from workbench.dashboards.opening import open_page
    from workbench.dashboards.pages import build
    from workbench.widgets.dashboard_tables import plain

    ws = wb.open(folder)
    ws.lake.counts()
    began, used = time.perf_counter(), time.process_time()
    view = plain(build(name)(ws, {}))
    out: dict[str, object] = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used}
    open_page(name, ws)
    kb = len(json.dumps(view, ensure_ascii=False).encode()) / 1000
    return out | {"rss": peak_mb(), "kb": kb, "heavy": [one for one in HEAVY if one in sys.modules]}


def peak_mb() -> float:
    """Return this process's peak memory; ``getrusage`` would include its parent's at the fork."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def main() -> int:
    from benchmarks.dashboard_corpus import CALLS, SENTENCES, workspace_at
    from workbench.dashboards.pages import PAGES

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("WORKBENCH_BENCHMARK_FOLDER") or scratch) / "dashboards.workspace"
        workspace_at(folder)
        print(f"{CALLS:,} calls, {CALLS * SENTENCES:,} sentences; load of the machine {os.getloadavg()[0]:.1f}")
        print(f"{'page':12}{'seconds':>9}{'processor':>11}{'peak MB':>9}{'kB sent':>9}")
        good = True
        for name in PAGES:
            command = [sys.executable, "-m", "benchmarks.dashboards", str(folder), name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout.splitlines()[-1])
            print(
                f"{name:12}{found['seconds']:9.2f}{found['cpu']:11.2f}{found['rss']:9.0f}{found['kb']:9.0f}",
                " ".join(f"loads {one}" for one in found["heavy"]),
            )
            good &= found["seconds"] <= MOST_SECONDS and found["rss"] <= MOST_MB and found["kb"] <= MOST_KB
            good &= not found["heavy"]
    print(f"at most {MOST_SECONDS} s, {MOST_MB} MB, {MOST_KB} kB, and none of {', '.join(HEAVY)}: {good}")
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2])))
    else:
        sys.exit(main())
