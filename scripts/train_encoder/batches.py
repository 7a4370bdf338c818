"""Draws the batches: sentences of some labels of one source, which of them are alike, and what their labels say.

A batch is a function of seed and step alone, so training that was interrupted goes on with the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scripts.train_encoder.sources import LabelledSet

SIZE, PER_LABEL = 72, 6
MAX_BEFORE = 200  # characters of the turn before, its end


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """``n`` sentences and ``m`` statements of one source.

    ``alike`` is the share of labels that two sentences have in common, ``[n, n]``, and nought for one beside itself;
    ``same`` marks those with the same words, which say nothing about each other. ``holds`` says of which sentences a
    statement is true, ``[n, m]``. ``before`` is given where sentences count together with their turns before.
    """

    source: str
    texts: list[str]
    before: list[str] | None
    alike: NDArray[np.float32]
    same: NDArray[np.bool_]
    statements: list[str]
    holds: NDArray[np.bool_]


def draw(
    sets: Sequence[LabelledSet], seed: int, step: int, before_share: float, size: int = SIZE, per_label: int = PER_LABEL
) -> Batch:
    """Draw the batch of a step.

    Args:
        sets: what is learnt from; each is drawn by its source's share.
        seed: with ``step`` decides everything.
        step: which batch.
        before_share: how often sentences of conversations are taken with their turns before, half as many of them.
        size: how many texts are read.
        per_label: sentences of a label.
    """
    rng = np.random.default_rng([seed, step])
    shares = np.array([one.source.share for one in sets])
    chosen = sets[int(rng.choice(len(sets), p=shares / shares.sum()))]
    joint = chosen.source.folder == "turns" and bool(rng.random() < before_share)
    wanted = size // 2 if joint else size
    labels = _labels(chosen, max(2, wanted // per_label), rng)
    rows = np.unique(np.concatenate([_some(chosen.rows[one], -(-wanted // len(labels)), rng) for one in labels]))
    return _batch(chosen, rng.permutation(rows)[:wanted], labels, joint)


def _labels(chosen: LabelledSet, count: int, rng: np.random.Generator) -> list[str]:
    """Return different labels, frequent ones more often, by the root of their number of texts."""
    names = list(chosen.rows)
    weights = np.sqrt([len(chosen.rows[name]) for name in names])
    at = rng.choice(len(names), min(count, len(names)), replace=False, p=weights / weights.sum())
    return [names[one] for one in at.tolist()]


def _some(rows: NDArray[np.int64], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.choice(rows, min(count, len(rows)), replace=False)


def _batch(chosen: LabelledSet, rows: NDArray[np.int64], drawn: Sequence[str], joint: bool) -> Batch:
    texts = [chosen.texts[row] for row in rows.tolist()]
    labels = [chosen.labels[row] for row in rows.tolist()]
    described = [one for one in drawn if one in chosen.statements]
    alike = np.array([[len(a & b) / len(a | b) for b in labels] for a in labels], dtype=np.float32)
    np.fill_diagonal(alike, 0)
    folded = np.array([text.casefold() for text in texts])
    same = folded[:, None] == folded[None, :]
    return Batch(
        source=chosen.source.name,
        texts=texts,
        before=[chosen.before[row][-MAX_BEFORE:] for row in rows.tolist()] if joint else None,
        alike=np.where(same, np.float32(0), alike),
        same=same,
        statements=[chosen.statements[one] for one in described],
        holds=np.array([[one in mine for one in described] for mine in labels], dtype=bool),
    )
