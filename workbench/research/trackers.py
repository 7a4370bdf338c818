"""Trackers side by side (X1): as trained as they are, on the same labelled calls that none of them was asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from workbench.domain.arrays import Bools
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters
from workbench.workspace.workspace import Workspace

METRICS = ("f1", "precision", "hit_rate")
_RESAMPLES = 2_000
_READ = 200


@dataclass(frozen=True, slots=True, eq=False)
class TrackerComparison:
    """The outcome of a comparison of trackers.

    ``figures`` has one row per tracker; ``differences`` one row per pair and metric, the second minus the first with a
    95% interval (bootstrap over calls, the same ones for both); ``disagreements`` what one finds and the other does
    not.
    """

    figures: pd.DataFrame
    differences: pd.DataFrame
    disagreements: pd.DataFrame


def compare_trackers(
    workspace: Workspace, label: str, trackers: Sequence[str], side: str = "anyone"
) -> TrackerComparison:
    """Measure how well trackers do against a label of the corpus, on calls that none of them was asked about.

    Args:
        workspace: a workspace with labelled calls.
        label: the ground truth.
        trackers: ids or names, two or more.
        side: whose sentences count: company, customer or anyone.

    Raises:
        TrackerNotFound: no tracker has that name.
        NotEnoughTags: one of them has learnt nothing yet.
        InvalidArgument: fewer than two trackers, or no labelled call is left.
    """
    if len(set(trackers)) < 2:
        raise InvalidArgument("trackers: name at least two different ones to compare")
    filters = Filters(side=side, scope="any", kinds=("call", "email"))  # type: ignore[arg-type]  # Filters checks them
    table, truth = workspace.lake.pool(filters), _truth(workspace, label, filters)
    ids = np.array(table["id"].to_pylist(), dtype=object)
    calls = table["number"].to_numpy()
    found = {name: _scores(workspace, name) for name in trackers}
    fresh = ~np.isin(calls, calls[np.isin(ids, list(_asked(workspace, trackers)))])
    if not (truth & fresh).any():
        raise InvalidArgument(f"label: no call with {label!r} is left that none of the trackers was asked about")
    ids, calls, truth = ids[fresh], calls[fresh], truth[fresh]
    scores = {name: np.array([one.get(i, -1.0) for i in ids.tolist()]) for name, one in found.items()}
    hits = {name: values >= 0 for name, values in scores.items()}
    figures = [
        {"tracker": name, **_measures(truth, hit), "average_precision": average_precision_score(truth, scores[name])}
        for name, hit in hits.items()
    ]
    pairs = list(combinations(trackers, 2))
    return TrackerComparison(
        pd.DataFrame(figures),
        pd.DataFrame([row for a, b in pairs for row in _differences(truth, calls, a, hits[a], b, hits[b])]),
        pd.concat([_apart(workspace, ids, truth, a, hits[a], b, hits[b]) for a, b in pairs], ignore_index=True),
    )


def _truth(workspace: Workspace, label: str, filters: Filters) -> Bools:
    labels = workspace.lake.labels(filters)["labels"].to_pylist()
    return np.array([label in (found or ()) for found in labels], dtype=bool)


def _scores(workspace: Workspace, tracker: str) -> dict[str, float]:
    """Probabilities of what it finds, by sentence id."""
    ids, scores = workspace.trackers.get(tracker).train().detected()
    return dict(zip(ids, scores, strict=True))


def _asked(workspace: Workspace, trackers: Sequence[str]) -> set[str]:
    logs = [workspace.trackers.get(name).log() for name in trackers]
    return {item["sentence_id"] for log in logs for one in log["rounds"] for item in one["asked"]}


def _measures(truth: Bools, hit: Bools) -> dict[str, float]:
    return _of_counts(float((truth & hit).sum()), float(hit.sum()), float(truth.sum()))


def _of_counts(right: float, found: float, true: float) -> dict[str, float]:
    return {
        "f1": 2 * right / max(1.0, found + true),
        "precision": right / max(1.0, found),
        "hit_rate": right / max(1.0, true),
    }


def _differences(
    truth: Bools, calls: NDArray[np.int64], a: str, one: Bools, b: str, other: Bools
) -> list[dict[str, object]]:
    _, call = np.unique(calls, return_inverse=True)
    counts = np.stack(
        [np.bincount(call, weights=what.astype(float)) for what in (truth & one, one, truth & other, other, truth)]
    )
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(counts.shape[1], np.full(counts.shape[1], 1 / counts.shape[1]), size=_RESAMPLES)
    samples = [_less(row) for row in (drawn @ counts.T).tolist()]
    whole = _less(counts.sum(axis=1).tolist())
    rows: list[dict[str, object]] = []
    for metric in METRICS:
        low, high = np.quantile([sample[metric] for sample in samples], [0.025, 0.975]).tolist()
        rows.append({"first": a, "second": b, "metric": metric, "difference": whole[metric], "low": low, "high": high})
    return rows


def _less(counts: Sequence[float]) -> dict[str, float]:
    """Return the second tracker's measures less the first's."""
    right, found, other_right, other_found, true = counts
    one, other = _of_counts(right, found, true), _of_counts(other_right, other_found, true)
    return {metric: other[metric] - one[metric] for metric in METRICS}


def _apart(
    workspace: Workspace, ids: NDArray[np.object_], truth: Bools, a: str, one: Bools, b: str, other: Bools
) -> pd.DataFrame:
    places = np.flatnonzero(one != other)
    places = places[np.argsort(~truth[places], kind="stable")][:_READ]
    read = workspace.lake.sentences(ids[places].tolist(), 1)
    rows = [
        {
            "found_by": a if one[at] else b,
            "not_by": b if one[at] else a,
            "true": bool(truth[at]),
            "sentence_id": str(ids[at]),
            "before": read[ids[at]].before[-1].text if read[ids[at]].before else "",
            "text": read[ids[at]].text,
        }
        for at in places.tolist()
    ]
    return pd.DataFrame(rows, columns=["found_by", "not_by", "true", "sentence_id", "before", "text"])
