"""Phrase trackers against keyword trackers made of the same five examples: average precision on calls never seen.

usage: python -m benchmarks.phrases DATA      the folder with sgd-1500.jsonl.gz; without it the sample corpus only
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

import workbench as wb
from benchmarks.quality.corpora import Suite, suite
from workbench.domain.filters import Filters
from workbench.simulation import Scene, deal, scene
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings
from workbench.trackers.phrase import nearest
from workbench.trackers.words import words_in
from workbench.workspace import Workspace

SEEDS = 3
KEPT = Path(__file__).parent / "results"
# What says nothing by itself, so that a keyword tracker of single words is not made of it.
COMMON = frozenset(
    """
    a about am an and any are as at be but by can could did do does for from get give go have hello hi how i if in is it
    it's i'm i'd just know like let me my need no not of ok okay on one or please so some that the their them there they
    this to up want was we well what when which who will with would yes you your
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is no easier to read
)
NAMES = ("exact", "inflected", "words", "phrase")


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    print(f"{'':15}" + "".join(f"{name:>11}" for name in NAMES) + f"   mean average precision, {SEEDS} seeds")
    for name in ("sgd-8", "sample"):
        found = suite(name, data)
        if found is not None:
            print(f"{found.title:15}" + "".join(f"{value:11.3f}" for value in measured(found)))


def measured(corpus: Suite) -> list[float]:
    """Means of: the examples as keywords, exactly and inflected; each of their own words; the phrase tracker."""
    workspace = wb.open(KEPT / f"phrases-{corpus.name}.workspace")
    workspace.ingest(corpus.source, unit="turn", detect=False)
    workspace.encode()
    rows = [
        compared(workspace, whole, label, seed)
        for label, side in corpus.labels.items()
        for whole in [scene(workspace, label, Filters(side=side, scope="any"))]
        for seed in range(SEEDS)
    ]
    for label, row in zip([label for label in corpus.labels for _ in range(SEEDS)], rows, strict=True):
        print(f"  {label:45}" + "".join(f"{value:8.3f}" for value in row), file=sys.stderr)
    return np.mean(rows, axis=0).tolist()


def compared(workspace: Workspace, whole: Scene, label: str, seed: int) -> list[float]:
    dealt = deal(whole, label, seed)
    said = workspace.lake.sentences(list(dealt.pool.ids[dealt.examples]), 0)
    examples = [one.text for one in said.values()]
    upcoming = dealt.upcoming
    context = workspace.lake.sentences(list(upcoming.ids), 0)
    texts = [context[name].text for name in upcoming.ids]
    own = sorted({word.form for text in examples for word in words_in(text, "en", exact=True)} - COMMON)
    readings = [
        keywords(texts, KeywordSettings.checked({"words": examples, "match": "exact"})),
        keywords(texts, KeywordSettings.checked({"words": examples})),
        keywords(texts, KeywordSettings.checked({"words": own})),
        nearest(upcoming.pool.vectors[upcoming.pool.text], dealt.pool.pool.sentence_vectors(dealt.examples))[0],
    ]
    return [float(average_precision_score(upcoming.truth, scores)) for scores in readings]


def keywords(texts: list[str], settings: KeywordSettings) -> np.ndarray:
    matcher = KeywordMatcher(settings)
    return np.array([bool(matcher.occurrences(text, "en")) for text in texts], dtype=float)


if __name__ == "__main__":
    main()
