"""How often the corpus estimate's 95% intervals contain the truth, their widths, and the error of each estimate.

Four rounds and one audit of every label and seed, answered by the corpus's own labels. Bounds, over all runs after the
audit: precision and hit rate are held in 93 to 98 of 100.

usage: python -m benchmarks.quality.coverage [--seeds N] [--first SEED] [--data FOLDER]
       FOLDER contains sgd-1500.jsonl.gz; without it only the sample corpus is played
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import workbench as wb
from benchmarks.quality.corpora import SGD_8
from workbench.research.simulation import scene, simulate

ROOT = Path(__file__).resolve().parent.parent.parent
CUSTOMER = (
    *("praise", "pain_point", "urgency_timing", "budget_constraint", "decision_authority", "escalation_request"),
    *("dissatisfaction", "cancellation_intent", "competitor_alternative", "pricing_objection", "discount_request"),
)
SAMPLE = {**dict.fromkeys(CUSTOMER, "customer"), "identity_check": "company", "recording_notice": "company"}
ROUNDS, AUDITS = 4, 1
HELD = (0.93, 0.98)
MEASURES = ("precision", "hit_rate")


def main() -> int:
    options = _options()
    corpora = [("sample corpus", ROOT / "sample_corpus", "sentence", SAMPLE)]
    if options.data:
        corpora.append(("SGD-8", options.data / "sgd-1500.jsonl.gz", "turn", SGD_8))
    seeds = range(options.first, options.first + options.seeds)
    runs: list[dict[str, Any]] = []
    for name, source, unit, labels in corpora:
        played = _play(source, unit, labels, seeds)
        _report(name, played)
        runs += played
    held = _report("all", runs)
    print(f"wanted after the audit: {HELD[0]:.0%} to {HELD[1]:.0%}")
    return 0 if all(HELD[0] <= share <= HELD[1] for share in held) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--first", type=int, default=500)
    parser.add_argument("--data", type=Path)
    return parser.parse_args()


def _play(source: Path, unit: Any, labels: dict[str, str], seeds: range) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        ws = wb.open(folder)
        ws.ingest(source, unit=unit)
        ws.encode()
        runs = []
        for label, side in labels.items():
            whole = scene(ws, label, wb.Filters(side=side, scope="any", kinds=("call", "email")))  # type: ignore[arg-type]
            runs += [simulate(whole, label, seed, rounds=ROUNDS, audits=AUDITS) for seed in seeds]
        return runs


def _report(name: str, runs: list[dict[str, Any]]) -> list[float]:
    """Print one line per round and measure; return the coverage after the last round."""
    last: list[float] = []
    print(f"{name}, {len(runs)} runs; after the last of five rounds, an audit")
    for at in range(ROUNDS + AUDITS):
        last = []
        for measure in MEASURES:
            told = [run["rounds"][at] for run in runs if run["rounds"][at]["estimate"]["corpus"][measure]]
            if not told:
                continue
            truth = np.array([one["pool"][measure] for one in told])
            low, point, high = np.array([one["estimate"]["corpus"][measure] for one in told]).T
            held = float(np.mean((low - 1e-9 <= truth) & (truth <= high + 1e-9)))
            tested = [one["estimate"]["heldout"][measure] for one in told]
            off = [t - real for t, real in zip(tested, truth, strict=True) if t is not None]
            print(
                f"  round {at + 1} {measure:9} held {held:.3f}, half-width {np.median(high - low) / 2:.3f}, "
                f"off {np.mean(point - truth):+.3f}; held-out estimate off {np.mean(off):+.3f}"
            )
            last.append(held)
    return last


if __name__ == "__main__":
    sys.exit(main())
