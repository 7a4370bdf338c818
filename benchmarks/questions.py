"""The local question judge against plain likeness of the question and the sentence: average precision of fifteen.

usage: python -m benchmarks.questions DATA [--chosen-on]

DATA is the folder with sgd-1500.jsonl.gz and persuasion-300.jsonl.gz; without it, the sample corpus only. Of the sample
corpus, whose labels say which sentence they are about, sentences are judged; of the others turns.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

import workbench as wb
from benchmarks.asked import CHOSEN_ON, REPORTED, Asked
from benchmarks.quality.corpora import ROOT
from workbench.domain.filters import Filters
from workbench.judges.meaning import meaning_of
from workbench.judges.neutral import NEUTRAL
from workbench.judges.statements import statements
from workbench.research.simulation import scene
from workbench.workspace.workspace import Workspace

KEPT = Path(__file__).parent / "results"
FILES = {"sgd": "sgd-1500.jsonl.gz", "p4g": "persuasion-300.jsonl.gz"}


def main() -> None:
    data = next((Path(one) for one in sys.argv[1:] if not one.startswith("-")), None)
    questions = CHOSEN_ON if "--chosen-on" in sys.argv else REPORTED
    asked = [one for one in questions if one.corpus == "sample" or data is not None]
    rows = [compared(opened(one.corpus, data), one) for one in asked]
    print(f"{'':64}   share   plain   local   F1 at 0.5")
    for one, row in zip(asked, rows, strict=True):
        print(f"{one.corpus:7}{one.question:57}" + "".join(f"{value:8.3f}" for value in row))
    for corpus in dict.fromkeys(one.corpus for one in asked):
        part = [row for one, row in zip(asked, rows, strict=True) if one.corpus == corpus]
        print(
            f"{corpus + ', mean of ' + str(len(part)):64}" + "".join(f"{value:8.3f}" for value in np.mean(part, axis=0))
        )
    print(f"{'mean of ' + str(len(rows)):64}" + "".join(f"{value:8.3f}" for value in np.mean(rows, axis=0)))


def _mean(of: str, rows: list[list[float]]) -> str:
    return f"{of + f'mean of {len(rows)}':64}" + "".join(f"{value:8.3f}" for value in np.mean(rows, axis=0))


@cache
def opened(corpus: str, data: Path | None) -> Workspace:
    workspace = wb.open(KEPT / f"questions-{corpus}.workspace")
    source = ROOT / "sample_corpus" if corpus == "sample" else (data or Path()) / FILES[corpus]
    workspace.ingest(source, unit="sentence" if corpus == "sample" else "turn", detect=False)
    workspace.encode()
    return workspace


def compared(workspace: Workspace, one: Asked) -> list[float]:
    """Return the label's share, average precision of likeness to the question and of the judge, and the judge's F1."""
    at = scene(workspace, one.label, Filters(side=one.side, scope="any", kinds=("call", "email")))
    encode = workspace.resources.vectors.encode_with("sentences")
    plain = at.pool.sentence_vectors(np.arange(len(at.truth))) @ encode([one.question])[0]
    judged = meaning_of(encode(list(statements(one.question))), at.pool, encode(list(NEUTRAL))).scores(at.pool)
    found = judged >= 0.5
    return [
        float(at.truth.mean()),
        float(average_precision_score(at.truth, plain)),
        float(average_precision_score(at.truth, judged)),
        2 * float((found & at.truth).sum()) / float(found.sum() + at.truth.sum()),
    ]


if __name__ == "__main__":
    main()
