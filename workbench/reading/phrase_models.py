"""Measuring a vocabulary over the sentences that a phrase tracker may find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workbench.domain.arrays import Vectors
from workbench.domain.errors import CorpusNotEncoded
from workbench.domain.filters import Filters
from workbench.judges.neutral import NEUTRAL
from workbench.reading.question_reader import PLAIN
from workbench.resources import Resources
from workbench.trackers.phrase_model import LEAST_BACKGROUND, PhraseModel, background, model_of


def measured(
    resources: Resources, filters: Filters, entries: Vectors, encode: Callable[[Sequence[str]], Any] | None = None
) -> PhraseModel:
    """Return a vocabulary as it is measured over the sentences that match.

    While some of them have no vectors, all texts that have are taken instead.

    Args:
        resources: of the workspace.
        filters: of the tracker.
        entries: the vectors of the vocabulary, ``[entries, dimension]``.
        encode: what encodes a few sentences where there are too few in the corpus; by default its encoder.
    """
    try:
        pool = resources.pool(filters, PLAIN).pool
        rows, table = pool.text[background(len(pool))].astype(np.int64), pool.vectors
    except CorpusNotEncoded:
        table = resources.vectors.store.vectors
        rows = background(len(table)).astype(np.int64)
    few = len(rows) < LEAST_BACKGROUND
    neutral = (encode or resources.vectors.encode_with("sentences"))(NEUTRAL) if few else entries[:0]
    corpus = np.asarray(table[rows], dtype=np.float32).reshape(len(rows), entries.shape[1])
    return model_of(entries, corpus, np.asarray(neutral, dtype=np.float32))
