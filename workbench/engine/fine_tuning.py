"""The second stage: the encoder's upper layers learn the concept. Needs torch: import it only where torch is available.

A sentence is encoded together with the turn before it, so that attention sees both. The lower layers are frozen, and
their output for a text is computed once; the upper ones learn from the tags, once per fold, so that every tag is also
judged by an encoder that did not see it. If the mean of both stages' log-odds judges the tags better than the first
stage alone, it replaces it; else nothing changes.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch.nn import functional

from workbench.domain.arrays import Floats
from workbench.domain.progress import ReportProgress
from workbench.engine.folds import folds_by_call
from workbench.engine.heads import Labels
from workbench.engine.second_stage import Pair, behind, shortlist
from workbench.engine.thresholds import Calibration, calibrate

LOWER = 3  # frozen layers
FOLDS = 3
EPOCHS = 12
BATCH = 16
RATE, HEAD_RATE = 1e-4, 5e-3
GAIN = 0.01  # nats per tag by which both stages together must be better
_BEFORE_CHARACTERS, _MOST_TOKENS = 200, 96
_READ_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class FittedSecondStage:
    """The fold encoders, and the combination of both stages' scores."""

    reader: LowerLayers
    tops: tuple[_Top, ...]
    first: Calibration
    second: Calibration
    unseen: Floats
    gain: float

    @property
    def wins(self) -> bool:
        """Return whether it judges tags that it did not see clearly better than the first stage does."""
        return self.gain > GAIN

    def scores(self, first: NDArray[np.float32], pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Return all decision values: both stages' mean log-odds for the shortlist, the others after it."""
        order = shortlist(first)
        both = self.judge(first[order], [pairs[at] for at in order.tolist()])
        return behind(first, self.first, order, both)

    def judge(self, first: NDArray[np.float32], pairs: Sequence[Pair]) -> Floats:
        """Return both stages' mean log-odds of these sentences, ``[len(pairs)]``."""
        hidden = self.reader.read(pairs)
        second = np.mean([_score(top, hidden) for top in self.tops], axis=0)
        both: Floats = (self.first.log_odds(first) + self.second.log_odds(second)) / 2
        return both


class LowerLayers:
    """A sentence-transformers model's lower layers."""

    def __init__(self, model: SentenceTransformer):
        self._tokenizer = model.tokenizer
        transformer: Any = model[0]
        self._bert: Any = transformer.model if hasattr(transformer, "model") else transformer.auto_model
        self._bert.eval()

    @property
    def upper(self) -> torch.nn.ModuleList:
        """Return a copy of the layers that learn."""
        layers: torch.nn.ModuleList = copy.deepcopy(self._bert.encoder.layer[LOWER:])
        return layers

    def read(self, pairs: Sequence[Pair]) -> list[torch.Tensor]:
        """Return the lower layers' output for each pair, ``[tokens, dimension]``."""
        out: list[torch.Tensor] = [torch.empty(0)] * len(pairs)
        order = np.argsort([len(before) + len(said) for before, said in pairs], kind="stable").tolist()
        with torch.inference_mode():
            for start in range(0, len(order), _READ_AT_ONCE):
                rows = order[start : start + _READ_AT_ONCE]
                batch = self._tokens([pairs[row] for row in rows])
                mask = batch["attention_mask"]
                hidden = self._bert.embeddings(input_ids=batch["input_ids"], token_type_ids=batch.get("token_type_ids"))
                hidden = through(self._bert.encoder.layer[:LOWER], hidden, mask.float())
                for at, row in enumerate(rows):
                    out[row] = hidden[at, : int(mask[at].sum())].clone()
        return out

    def _tokens(self, pairs: Sequence[Pair]) -> dict[str, torch.Tensor]:
        before = [text[-_BEFORE_CHARACTERS:] for text, _ in pairs]
        said = [text for _, text in pairs]
        options = {"padding": True, "truncation": True, "max_length": _MOST_TOKENS, "return_tensors": "pt"}
        return dict(self._tokenizer(before, said, **options))


def tune(
    model: SentenceTransformer,
    pairs: Sequence[Pair],
    labels: Labels,
    first_unseen: Floats,
    examples: Sequence[Pair],
    seed: int,
    report: ReportProgress | None = None,
    calls: Sequence[int] | None = None,
) -> FittedSecondStage | None:
    """Make the second stage for these tags.

    None if ``report`` returned False, or if fewer calls have a YES, or a NO, than there are folds.

    Args:
        model: the encoder whose upper layers are tuned.
        pairs: turn before and sentence of each tag.
        labels: 1 YES, 0 NO, of each tag.
        first_unseen: each tag's score from a first stage that did not see it.
        examples: count as YES, and are never used for testing.
        seed: for folds and batches.
        report: called with the progress; stops the training by returning False.
        calls: the call of each tag, which no fold separates; None if all are independent.
    """
    splits = folds_by_call(labels, calls, FOLDS, seed)
    if len(splits) < FOLDS:
        return None
    reader = LowerLayers(model)
    hidden, given = reader.read(pairs), reader.read(examples)
    unseen = np.zeros(len(labels))
    tops = []
    for number, (train, test) in enumerate(splits):
        if report is not None and not report(number / FOLDS, "Fine-tuning"):
            return None
        texts = [hidden[at] for at in train] + given
        known = np.concatenate([labels[train], np.ones(len(given), dtype=np.int8)])
        top = _learn(reader.upper, texts, known, seed * FOLDS + number)
        unseen[test] = _score(top, [hidden[at] for at in test])
        tops.append(top)
    first, second = calibrate(first_unseen, labels), calibrate(unseen, labels)
    both = (first.log_odds(first_unseen) + second.log_odds(unseen)) / 2
    gain = _loss(first.log_odds(first_unseen), labels) - _loss(calibrate(both, labels).log_odds(both), labels)
    return FittedSecondStage(reader, tuple(tops), first, second, both, gain)


class _Top(torch.nn.Module):
    """The upper layers, mean pooling and a linear classifier over the unit vectors."""

    def __init__(self, layers: torch.nn.ModuleList, dimension: int):
        super().__init__()
        self.layers = layers
        self.line = torch.nn.Linear(dimension, 1)
        torch.nn.init.zeros_(self.line.weight)
        torch.nn.init.zeros_(self.line.bias)

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        out = through(self.layers, hidden, mask)
        mean = (out * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        scores: torch.Tensor = self.line(10 * functional.normalize(mean, dim=1)).squeeze(-1)
        return scores


def _learn(layers: torch.nn.ModuleList, texts: Sequence[torch.Tensor], labels: Labels, seed: int) -> _Top:
    """Train on batches, half YES and half NO; the learning rate rises and falls linearly; labels are smoothed."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    top = _Top(layers, texts[0].shape[1]).train()
    groups = [{"params": top.layers.parameters(), "lr": RATE}, {"params": top.line.parameters(), "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = max(1, EPOCHS * len(labels) // BATCH)
    warm = 0.1 * steps + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda at: min(1, (at + 1) / warm) * (1 - at / steps))
    yes, no = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    for _ in range(steps):
        chosen = np.concatenate([rng.choice(yes, BATCH // 2), rng.choice(no, BATCH // 2)])
        target = torch.from_numpy(labels[chosen].astype(np.float32)) * 0.96 + 0.02
        loss = functional.binary_cross_entropy_with_logits(top(*_padded([texts[at] for at in chosen])), target)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # not typed by torch
        optimiser.step()
        schedule.step()
    return top.eval()


def _score(top: _Top, texts: Sequence[torch.Tensor]) -> Floats:
    out = np.empty(len(texts))
    order = np.argsort([len(text) for text in texts], kind="stable")
    with torch.inference_mode():
        for start in range(0, len(order), _READ_AT_ONCE):
            rows = order[start : start + _READ_AT_ONCE]
            out[rows] = top(*_padded([texts[row] for row in rows])).numpy()
    return out


def through(layers: torch.nn.ModuleList, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return the output of some layers for hidden states ``[n, tokens, dimension]``; ``mask`` is 1 for tokens."""
    unseen = (1 - mask[:, None, None, :]) * -1e4
    for layer in layers:
        out = layer(hidden, unseen)
        hidden = out[0] if isinstance(out, tuple) else out
    return hidden


def _padded(texts: Sequence[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    hidden = torch.nn.utils.rnn.pad_sequence(list(texts), batch_first=True)
    mask = torch.zeros(hidden.shape[:2])
    for row, text in enumerate(texts):
        mask[row, : len(text)] = 1
    return hidden, mask


def _loss(log_odds: Floats, labels: Labels) -> float:
    """Return the mean log-loss, with equal weight for both classes."""
    each = np.logaddexp(0, log_odds) - labels * log_odds
    return float(np.mean([each[labels == kind].mean() for kind in (0, 1)]))
