"""What may be said more often in some calls than in others: words, phrases and clusters of meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from workbench.domain.arrays import Ints
from workbench.metrics.contrast import LEAST_WITH
from workbench.trackers.coaching import telling_words

LONGEST = 3  # words of a phrase
MOST_PHRASES = 800
_LEAST_SHARE = 0.03  # of the calls that say a phrase: rarer ones cost more tests than they are worth
_SAME = 0.9  # shared calls of two phrases, from which on the longer stands for both
_A_CLUSTER = 40  # distinct texts to a cluster, about
_CLUSTERS = (4, 80)
_INITIAL, _BATCH = 1_000, 2_048  # texts that centres begin from, and that they are moved by at once
_WORD = r"(?u)[^\W_]+(?:['’][^\W_]+)*"


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """``said`` is ``[sentences, features]`` of zeros and ones; ``names`` and ``kinds`` (words, meaning) are theirs.

    ``near`` holds how well each sentence stands for the cluster that it belongs to.
    """

    said: csr_array
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    near: NDArray[np.float32]

    def presence(self, call: Ints, calls: int) -> csr_array:
        """Return ``[calls, features]``: whether a sentence of the call says it; ``call`` is each sentence's."""
        rows = csr_array((np.ones(len(call)), (call, np.arange(len(call)))), shape=(calls, len(call)))
        out = csr_array(rows @ self.said)
        out.data[:] = 1
        return out


def phrases_in(texts: Sequence[str], call: Ints, calls: int) -> Features:
    """Words and phrases that some calls say and some do not; of those said in just the same calls the longest."""
    from sklearn.feature_extraction.text import CountVectorizer

    nothing = Features(csr_array((len(texts), 0)), (), (), np.zeros(len(texts), np.float32))
    counter = CountVectorizer(ngram_range=(1, LONGEST), binary=True, token_pattern=_WORD, min_df=LEAST_WITH)
    try:
        said = csr_array(counter.fit_transform(texts))
    except ValueError:  # no word is left
        return nothing
    names = counter.get_feature_names_out()
    told = np.array([bool(telling_words(name)) for name in names], dtype=bool)
    found = Features(said[:, told], tuple(names[told]), ("words",) * int(told.sum()), nothing.near)
    present = found.presence(call, calls).tocsc()
    with_it = np.diff(present.indptr)
    least = max(LEAST_WITH, _LEAST_SHARE * calls)
    usual = np.flatnonzero((with_it >= least) & (with_it <= calls - least))
    usual = usual[np.argsort(np.abs(calls / 2 - with_it[usual]), kind="stable")][:MOST_PHRASES]
    kept = _distinct(present[:, usual], [found.names[at] for at in usual])
    names = tuple(found.names[at] for at in usual[kept])
    return Features(found.said[:, usual[kept]], names, ("words",) * len(kept), nothing.near)


def _distinct(present: Any, names: Sequence[str]) -> list[int]:
    """Of phrases that nearly the same calls say the longest."""
    shared = (present.T @ present).toarray()
    alone = np.diag(shared)
    same = shared >= _SAME * (alone[:, None] + alone[None, :] - shared)
    out: list[int] = []
    for at in sorted(range(len(names)), key=lambda one: (-len(names[one]), names[one])):
        if not same[at, out].any():
            out.append(at)
    return sorted(out)


def meanings_in(vectors: NDArray[np.float32], text: Ints, texts: Sequence[str], seed: int = 0) -> Features:
    """Clusters of what is said: k-means over the vectors of distinct texts.

    Args:
        vectors: ``[distinct, dimension]``, of length 1.
        text: of each sentence the row of its text; -1 if it has no vector.
        texts: of each sentence; a cluster is named by the one next to its centre.
        seed: of the clustering.
    """
    from sklearn.cluster import MiniBatchKMeans

    nothing = Features(csr_array((len(text), 0)), (), (), np.zeros(len(text), np.float32))
    count = int(np.clip(len(vectors) // _A_CLUSTER, *_CLUSTERS))
    if len(vectors) < 2 * count:
        return nothing
    chosen = MiniBatchKMeans(count, n_init=1, init_size=_INITIAL, batch_size=_BATCH, max_iter=30, random_state=seed)
    fitted = chosen.fit(vectors)
    centres = fitted.cluster_centers_ / np.maximum(np.linalg.norm(fitted.cluster_centers_, axis=1, keepdims=True), 1e-9)
    cosine = np.einsum("ij,ij->i", vectors, centres[fitted.labels_]).astype(np.float32)
    known = np.flatnonzero(text >= 0)
    label, near = fitted.labels_[text[known]], np.zeros(len(text), np.float32)
    near[known] = cosine[text[known]]
    said = csr_array((np.ones(len(known)), (known, label)), shape=(len(text), count))
    names = [""] * count
    for at in known[np.argsort(near[known], kind="stable")].tolist():
        names[fitted.labels_[text[at]]] = texts[at]  # the nearest comes last
    return Features(said, tuple(names), ("meaning",) * count, near)


def together(first: Features, second: Features) -> Features:
    """Return the features of both, of the same sentences."""
    said = csr_array(hstack([first.said, second.said], format="csr"))
    return Features(said, first.names + second.names, first.kinds + second.kinds, np.maximum(first.near, second.near))
