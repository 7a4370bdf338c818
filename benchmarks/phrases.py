"""Phrase trackers against keyword trackers made of the same examples: average precision on calls never seen.

Then the pairs of ``phrase_pairs.tsv``, which were written before anything was measured. Is the one sentence found by
the other as an entry, or kept apart from it, by the usual closeness and measured over each corpus?

usage: python -m benchmarks.phrases [DATA] [--every N] [--entries N]

DATA is the folder with sgd-1500.jsonl.gz and persuasion-300.jsonl.gz; without it, the sample corpus alone is read.
With --every, one call in N of those two is used.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, f1_score

import workbench as wb
from benchmarks.quality.corpora import Suite, suite
from workbench.domain.filters import Filters
from workbench.reading.phrase_models import measured as model_read
from workbench.research.simulation import Dealt, deal, scene
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings
from workbench.trackers.phrase import CLOSENESS, nearest
from workbench.trackers.phrase_model import background, model_of
from workbench.trackers.words import words_in
from workbench.workspace.workspace import Workspace

SEEDS = 3
LEAST = 0.1  # scores below are left as they are before "not" is looked for
KEPT = Path(__file__).parent / "results"
# Words without a meaning of their own, which are left out of keyword trackers of single words.
COMMON = frozenset(
    """
    a about am an and any are as at be but by can could did do does for from get give go have hello hi how i if in is it
    it's i'm i'd just know like let me my need no not of ok okay on one or please so some that the their them there they
    this to up want was we well what when which who will with would yes you your
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is not easier to read
)
NAMES = ("exact", "inflected", "words", "nearest", "rules 1", "phrase")
CLOSENESSES = (0.3, 0.34, 0.36, 0.38, 0.4, 0.42, 0.46, 0.5, 0.55, 0.6, 0.7, 0.8)
PAIRS = Path(__file__).with_name("phrase_pairs.tsv")


def main() -> None:
    options = argparse.ArgumentParser(usage=str(__doc__))
    options.add_argument("data", nargs="?", type=Path)
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--entries", type=int, default=5)
    given = options.parse_args()
    print(f"{'':15}" + "".join(f"{name:>11}" for name in NAMES) + f"   mean average precision, {SEEDS} seeds")
    for name in ("sgd-8", "p4g-6", "sample"):
        found = suite(name, given.data)
        if found is not None:
            workspace = opened(found if name == "sample" else replace(found, every=given.every))
            means, f1 = measured(workspace, found, given.entries)
            print(f"{found.title:15}" + "".join(f"{value:11.3f}" for value in means))
            told = [f"{closeness:.2f}: {value:.3f}" for closeness, value in zip(CLOSENESSES, f1, strict=True)]
            print(f"{'':15}   mean F1 by closeness: {', '.join(told)}")
            print(f"{'':15}   pairs right: {pairs_right(workspace)}", flush=True)


def opened(corpus: Suite) -> Workspace:
    workspace = wb.open(KEPT / f"phrases-{corpus.name}-{corpus.every}.workspace")
    workspace.ingest(corpus.source if corpus.is_whole else list(corpus.calls()), unit="turn", detect=False)
    workspace.encode()
    return workspace


def measured(workspace: Workspace, corpus: Suite, entries: int) -> tuple[list[float], list[float]]:
    """Mean average precisions, as ``NAMES`` has them, and the phrase tracker's mean F1 at each closeness.

    They are of: the examples as keywords, exactly and inflected; each of their own words; the cosine to the nearest
    example alone; the phrase tracker by its earlier rules; the phrase tracker.
    """
    rows = [
        compared(workspace, deal(whole, label, seed, entries))
        for label, side in corpus.labels.items()
        for whole in [scene(workspace, label, Filters(side=side, scope="any"))]
        for seed in range(SEEDS)
    ]
    for label, (row, _) in zip([label for label in corpus.labels for _ in range(SEEDS)], rows, strict=True):
        print(f"  {label:45}" + "".join(f"{value:8.3f}" for value in row), file=sys.stderr)
    return np.mean([row for row, _ in rows], axis=0).tolist(), np.mean([f1 for _, f1 in rows], axis=0).tolist()


def compared(workspace: Workspace, dealt: Dealt) -> tuple[list[float], list[float]]:
    said = workspace.lake.sentences(list(dealt.pool.ids[dealt.examples]), 0)
    examples = [said[name].text for name in dealt.pool.ids[dealt.examples]]
    upcoming = dealt.upcoming
    context = workspace.lake.sentences(list(upcoming.ids), 0)
    texts = [context[name].text for name in upcoming.ids]
    own = sorted({word.form for text in examples for word in words_in(text, "en", exact=True)} - COMMON)
    vectors = upcoming.pool.vectors[upcoming.pool.text]
    vocabulary = dealt.pool.pool.sentence_vectors(dealt.examples)
    pool = dealt.pool.pool
    model = model_of(vocabulary, pool.sentence_vectors(background(len(pool))), vocabulary[:0])
    scores = model.scores(vectors)
    at = np.flatnonzero(scores >= LEAST)
    scores[at] = model.scores_said(vectors[at], [(texts[one], "en") for one in at.tolist()], examples)
    readings = [
        keywords(texts, KeywordSettings.checked({"words": examples, "match": "exact"})),
        keywords(texts, KeywordSettings.checked({"words": examples})),
        keywords(texts, KeywordSettings.checked({"words": own})),
        (vectors @ vocabulary.T).max(axis=1),
        nearest(vectors, vocabulary)[0],
        scores,
    ]
    precisions = [float(average_precision_score(upcoming.truth, one)) for one in readings]
    return precisions, [f1_score(upcoming.truth, scores >= closeness) for closeness in CLOSENESSES]


def pairs_right(workspace: Workspace) -> str:
    """Tell how many pairs come out right: by cosine alone, by what was measured, and with "not" looked for."""
    pairs = [line.split("\t") for line in PAIRS.read_text("utf-8").splitlines()]
    wanted = np.array([kind == "found" for kind, _, _ in pairs])
    encode = workspace.resources.vectors.encode_with("sentences")
    entries, said = encode([one for _, one, _ in pairs]), encode([other for _, _, other in pairs])
    model = model_read(workspace.resources, Filters(scope="any"), entries)
    plain, told = [], []
    for at, (_, entry, text) in enumerate(pairs):
        own = replace(model, directions=model.directions[at : at + 1], knots=model.knots[at : at + 1])
        plain.append(own.scores(said[at : at + 1])[0])
        told.append(own.scores_said(said[at : at + 1], [(text, "en")], [entry])[0])
    cosines = np.einsum("ij,ij->i", entries, said)
    right = [int(((np.array(one) >= CLOSENESS) == wanted).sum()) for one in (cosines, plain, told)]
    return f"{right[0]} by cosine, {right[1]} by share, {right[2]} with negation, of {len(pairs)}"


def keywords(texts: list[str], settings: KeywordSettings) -> np.ndarray:
    matcher = KeywordMatcher(settings)
    return np.array([bool(matcher.occurrences(text, "en")) for text in texts], dtype=float)


if __name__ == "__main__":
    main()
