"""How well the ready-made trackers do on the sample corpus; writes docs/ready-made.md and the trackers' own figures.

usage: python -m benchmarks.ready_made [--choose]

The sample corpus's calls are split in two by a hash of their ids. With ``--choose`` each tracker's closeness is set to
what has the best F1 on the one half, in its file. All figures are of the other half. No sentence was written with
either in sight.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

import workbench as wb
from benchmarks.quality.corpora import ROOT
from workbench.reading.readers import PhraseReader
from workbench.ready_made import ReadyMade, ready_made
from workbench.trackers.phrase import PhraseSettings
from workbench.workspace.workspace import Workspace

KEPT = Path(__file__).parent / "results" / "ready-made.workspace"
DATA = ROOT / "workbench" / "ready_made"
PAGE = ROOT / "docs" / "ready-made.md"
CLOSENESSES = np.arange(0.2, 0.71, 0.01)
REPEATS = 500
OPENINGS = ("open.rep:", "open.support:", "open.support_out:")  # skeletons with which the company's people begin
FIGURES = ("precision", "hit_rate", "f1", "average_precision")


def main() -> None:
    workspace = wb.open(KEPT)
    workspace.ingest(ROOT / "sample_corpus", detect=False)
    workspace.encode()
    openings = greetings()
    results = {}
    for one in ready_made():
        scores, truth, calls = judged(workspace, one, openings)
        chosen_on = np.array([in_first_half(name) for name in calls])
        closeness = one.settings["closeness"]
        if "--choose" in sys.argv:
            closeness = chosen(scores[chosen_on], truth[chosen_on])
            write_closeness(one.key, closeness)
        left = ~chosen_on
        results[one.key] = measured(scores[left], truth[left], calls[left], closeness)
        print(f"{one.name:22}{closeness:6.2f}" + "".join(f"{results[one.key][name][1]:8.3f}" for name in FIGURES))
    stamp = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit()}
    results = {key: figures | stamp for key, figures in results.items()}
    (DATA / "quality.json").write_text(json.dumps(results, indent=1) + "\n")
    ready_made.cache_clear()
    PAGE.write_text(with_table(PAGE.read_text(), ready_made()))


def judged(workspace: Workspace, one: ReadyMade, openings: set[tuple[str, str]]) -> tuple[Any, Any, Any]:
    """Scores, truth and call of every sentence that the tracker looks at."""
    settings = PhraseSettings.checked(one.settings)
    named, scores = PhraseReader(workspace.resources, one.filters, settings).scored()
    ids = named.ids.to_pylist()
    calls = np.array([name.rsplit(":", 2)[0] for name in ids])
    if one.label:
        labels = workspace.lake.labels(one.filters)["labels"].to_pylist()
        return scores, np.array([one.label in (found or ()) for found in labels]), calls
    texts = [text for batch in workspace.lake.said_in(one.filters) for text in batch["text"].to_pylist()]
    return scores, np.array([said in openings for said in zip(calls.tolist(), texts, strict=True)]), calls


def greetings() -> set[tuple[str, str]]:
    """Call and text of each sentence that opens a call: the corpus has no label for them, but knows its skeletons."""
    sys.path.insert(0, str(ROOT / "sample_corpus"))
    from generate import build  # type: ignore[import-not-found]

    return {(said.conversation, said.text) for said in build().sentences if opens(said.template)}


def opens(template: str) -> bool:
    return re.sub(r"^(?:es|de)\.", "", template).startswith(OPENINGS)


def in_first_half(call: str) -> bool:
    return hashlib.sha256(call.encode()).digest()[0] % 2 == 0


def chosen(scores: Any, truth: Any) -> float:
    found = [(2 * (at & truth).sum() / (at.sum() + truth.sum()), c) for c in CLOSENESSES for at in [scores >= c]]
    return round(float(max(found)[1]), 2)


def measured(scores: Any, truth: Any, calls: Any, closeness: float) -> dict[str, Any]:
    """Return each figure with its 95% interval: whole calls are drawn again, with replacement."""
    _, call = np.unique(calls, return_inverse=True)
    count = int(call.max()) + 1
    rng = np.random.default_rng(0)
    draws = [np.ones(count)] + [
        np.bincount(rng.integers(0, count, count), minlength=count).astype(float) for _ in range(REPEATS)
    ]
    rows = [_figures(scores, truth, draw[call], closeness) for draw in draws]
    low, high = np.percentile(rows[1:], [2.5, 97.5], axis=0)
    return {name: [round(float(v), 4) for v in (low[i], rows[0][i], high[i])] for i, name in enumerate(FIGURES)} | {
        "calls": count,
        "hits": int(truth.sum()),
    }


def _figures(scores: Any, truth: Any, weight: Any, closeness: float) -> list[float]:
    found = scores >= closeness
    right, all_found, all_true = weight[found & truth].sum(), weight[found].sum(), weight[truth].sum()
    precision, hit_rate = right / max(all_found, 1e-9), right / max(all_true, 1e-9)
    ranking = average_precision_score(truth, scores, sample_weight=weight)
    return [precision, hit_rate, 2 * right / max(all_found + all_true, 1e-9), ranking]


def write_closeness(key: str, closeness: float) -> None:
    file = DATA / f"{key}.toml"
    file.write_text(re.sub(r"^closeness = .*$", f"closeness = {closeness}", file.read_text(), flags=re.MULTILINE))


def with_table(page: str, trackers: tuple[ReadyMade, ...]) -> str:
    """Return the page with the table between its marks written again."""
    begin, end = "<!-- figures -->", "<!-- end of figures -->"
    head, tail = page[: page.index(begin) + len(begin)], page[page.index(end) :]
    return f"{head}\n{table(trackers)}\n{tail}"


def table(trackers: tuple[ReadyMade, ...]) -> str:
    sides = {"anyone": "both"}
    stamps = Counter((one.quality.measured, one.quality.commit) for one in trackers if one.quality)
    lines = [f"Measured on {day}, commit {name}." for day, name in stamps]
    lines += ["", "| tracker | side | closeness | sentences with it | precision | hit rate | F1 | average precision |"]
    lines += ["|" + "---|" * 8]
    for one in trackers:
        if one.quality:
            told = [getattr(one.quality, name) for name in FIGURES]
            cells = [f"{t.point:.2f} ({t.low:.2f}–{t.high:.2f})" for t in told]
            about = [one.name, sides.get(one.filters.side, one.filters.side), f"{one.settings['closeness']:.2f}"]
            lines.append("| " + " | ".join([*about, f"{one.quality.hits:,}", *cells]) + " |")
    return "\n".join(lines)


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
