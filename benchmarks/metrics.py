"""Values of metrics from questions, by the local judge, against what is true of each call.

usage: python -m benchmarks.metrics DATA [--chosen-on]

DATA is the folder with sgd-1500.jsonl.gz and persuasion-300.jsonl.gz; without it, the sample corpus only. The share of
calls with the right value, and the mean F1 of the values that occur: of the question alone, which knows true and false
only, and of the whole definition, with what is partial and when it applies. ``most`` says of every call what most are.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.judged import CHOSEN_ON, REPORTED, Judged
from benchmarks.questions import opened
from workbench.domain.filters import Filters
from workbench.domain.metrics import Value
from workbench.metrics.questioning import Questioning
from workbench.workspace.workspace import Workspace

EVERYTHING = Filters(scope="any", kinds=("call",))
HEAD = f"{'':66}{'most':>8}{'alone':>8}{'whole':>8}{'F1 most':>9}{'alone':>8}{'whole':>8}"


def main() -> None:
    data = next((Path(one) for one in sys.argv[1:] if not one.startswith("-")), None)
    wanted = [one for one in (CHOSEN_ON if "--chosen-on" in sys.argv else REPORTED) if one.corpus == "sample" or data]
    rows = []
    print(HEAD)
    for one in wanted:
        workspace = opened(one.corpus, data)
        truth = true_values(workspace, one)
        most = Counter(truth.values()).most_common(1)[0][0]
        told = [dict.fromkeys(truth, most), *(judged(workspace, one, list(truth), whole) for whole in (False, True))]
        row = [measure(truth, found) for measure in (right, f1) for found in told]
        rows.append(row)
        print(f"{one.corpus:7}{one.question:59}" + "".join(f"{value:8.3f}" for value in row), flush=True)
    print(f"{f'mean of {len(rows)}':66}" + "".join(f"{value:8.3f}" for value in np.mean(rows, axis=0)))


def true_values(workspace: Workspace, one: Judged) -> dict[int, Value]:
    """Return the value of each call, by number, from the labels of its sentences."""
    numbers = workspace.lake.pool(EVERYTHING)["number"].to_pylist()
    labels: dict[int, set[str]] = {}
    for number, found in zip(numbers, workspace.lake.labels(EVERYTHING)["labels"].to_pylist(), strict=True):
        labels.setdefault(number, set()).update(found or ())
    return {number: one.value(found) for number, found in sorted(labels.items())}


def judged(workspace: Workspace, one: Judged, numbers: list[int], whole: bool) -> dict[int, Value]:
    """Return the local judge's value for each; ``whole``: with the whole definition."""
    texts = {"success": one.success, "failure": one.failure, "partial": one.partly, "applies_when": one.applies_when}
    source = {"type": "question", "question": one.question, "side": one.side}
    metric = workspace.metrics.create(one.question, source=source, **(texts if whole else {}))
    try:
        found = Questioning(workspace.resources, metric, "local").answered(numbers)
    finally:
        workspace.metrics.delete(metric.id)
    return {number: answer.value for number, answer in found.answers.items()}


def right(truth: dict[int, Value], found: dict[int, Value]) -> float:
    return float(np.mean([found[number] == value for number, value in truth.items()]))


def f1(truth: dict[int, Value], found: dict[int, Value]) -> float:
    """Return the mean F1 over the values that occur."""
    out = []
    for value in set(truth.values()):
        true, said = ({n for n, one in where.items() if one == value} for where in (truth, found))
        out.append(2 * len(true & said) / max(1, len(true) + len(said)))
    return float(np.mean(out))


if __name__ == "__main__":
    main()
