"""scikit-learn alone: tf-idf of words and pairs of words, logistic regression, 0.5 as the threshold."""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.quality.files import Prediction
from benchmarks.quality.peers.running import Turn, least_sure, run

PENALTY = 10.0


def play(turn: Turn) -> Prediction:
    """Take over the tags of its job, or ask four rounds: the common first one, then the least certain."""
    began = time.perf_counter()
    pool, upcoming = _features(turn)
    asked = turn.task.first if turn.asked is None else turn.asked
    while True:
        known = turn.tagged(asked)
        model = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=2_000)
        model.fit(pool[known], turn.task.truth[known])
        if len(asked) >= turn.job.rounds * turn.job.size:
            break
        scores = model.predict_proba(pool)[:, 1]
        asked = np.concatenate([asked, least_sure(scores, known, turn.job.size)])
    trained = time.perf_counter()
    scores = model.predict_proba(upcoming)[:, 1]
    seconds = {"train": trained - began, "predict": time.perf_counter() - trained}
    return Prediction(scores, scores >= 0.5, asked, seconds, {"C": PENALTY, "class_weight": "balanced"})


def _features(turn: Turn) -> tuple[csr_matrix, csr_matrix]:
    """Of the turn, and in the view "beside" columns of their own for the turn before it."""
    columns = [(turn.pool, turn.upcoming)]
    if turn.job.view == "beside":
        columns.append((turn.before(turn.task.pool), turn.before(turn.task.upcoming)))
    made = []
    for pool_texts, upcoming_texts in columns:
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\b\w+\b")
        made.append((words.fit_transform(pool_texts), words.transform(upcoming_texts)))
    pool, upcoming = (csr_matrix(hstack([pair[i] for pair in made])) for i in (0, 1))
    return pool, upcoming


if __name__ == "__main__":
    sys.exit(run(play, ["scikit-learn"]))
