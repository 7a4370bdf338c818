"""Phrase trackers against keyword trackers made of the same five examples: average precision on calls never seen.

usage: python -m benchmarks.phrases DATA      the folder with sgd-1500.jsonl.gz; without it the sample corpus only
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, f1_score

import workbench as wb
from benchmarks.quality.corpora import Suite, suite
from workbench.domain.filters import Filters
from workbench.research.simulation import Scene, deal, scene
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings
from workbench.trackers.phrase import nearest
from workbench.trackers.words import words_in
from workbench.workspace.workspace import Workspace

SEEDS = 3
KEPT = Path(__file__).parent / "results"
# Words without a meaning of their own, which are left out of keyword trackers of single words.
COMMON = frozenset(
    """
    a about am an and any are as at be but by can could did do does for from get give go have hello hi how i if in is it
    it's i'm i'd just know like let me my need no not of ok okay on one or please so some that the their them there they
    this to up want was we well what when which who will with would yes you your
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is not easier to read
)
NAMES = ("exact", "inflected", "words", "nearest", "phrase")
CLOSENESSES = (0.3, 0.34, 0.36, 0.38, 0.4, 0.42, 0.46, 0.5)


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    print(f"{'':15}" + "".join(f"{name:>11}" for name in NAMES) + f"   mean average precision, {SEEDS} seeds")
    for name in ("sgd-8", "sample"):
        found = suite(name, data)
        if found is not None:
            means, f1 = measured(found)
            print(f"{found.title:15}" + "".join(f"{value:11.3f}" for value in means))
            told = [f"{closeness:.2f}: {value:.3f}" for closeness, value in zip(CLOSENESSES, f1, strict=True)]
            print(f"{'':15}   mean F1 by closeness: {', '.join(told)}")


def measured(corpus: Suite) -> tuple[list[float], list[float]]:
    """Mean average precisions, as ``NAMES`` has them, and the phrase tracker's mean F1 at each closeness.

    They are of: the examples as keywords, exactly and inflected; each of their own words; the cosine to the nearest
    example alone; the phrase tracker.
    """
    workspace = wb.open(KEPT / f"phrases-{corpus.name}.workspace")
    workspace.ingest(corpus.source, unit="turn", detect=False)
    workspace.encode()
    rows = [
        compared(workspace, whole, label, seed)
        for label, side in corpus.labels.items()
        for whole in [scene(workspace, label, Filters(side=side, scope="any"))]
        for seed in range(SEEDS)
    ]
    for label, (row, _) in zip([label for label in corpus.labels for _ in range(SEEDS)], rows, strict=True):
        print(f"  {label:45}" + "".join(f"{value:8.3f}" for value in row), file=sys.stderr)
    return np.mean([row for row, _ in rows], axis=0).tolist(), np.mean([f1 for _, f1 in rows], axis=0).tolist()


def compared(workspace: Workspace, whole: Scene, label: str, seed: int) -> tuple[list[float], list[float]]:
    dealt = deal(whole, label, seed)
    said = workspace.lake.sentences(list(dealt.pool.ids[dealt.examples]), 0)
    examples = [one.text for one in said.values()]
    upcoming = dealt.upcoming
    context = workspace.lake.sentences(list(upcoming.ids), 0)
    texts = [context[name].text for name in upcoming.ids]
    own = sorted({word.form for text in examples for word in words_in(text, "en", exact=True)} - COMMON)
    vectors = upcoming.pool.vectors[upcoming.pool.text]
    vocabulary = dealt.pool.pool.sentence_vectors(dealt.examples)
    scores = nearest(vectors, vocabulary)[0]
    readings = [
        keywords(texts, KeywordSettings.checked({"words": examples, "match": "exact"})),
        keywords(texts, KeywordSettings.checked({"words": examples})),
        keywords(texts, KeywordSettings.checked({"words": own})),
        (vectors @ vocabulary.T).max(axis=1),
        scores,
    ]
    precisions = [float(average_precision_score(upcoming.truth, one)) for one in readings]
    return precisions, [f1_score(upcoming.truth, scores >= closeness) for closeness in CLOSENESSES]


def keywords(texts: list[str], settings: KeywordSettings) -> np.ndarray:
    matcher = KeywordMatcher(settings)
    return np.array([bool(matcher.occurrences(text, "en")) for text in texts], dtype=float)


if __name__ == "__main__":
    main()
