"""Calls compared by the value of a metric: what is said in more calls of one group than of the other (M5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from workbench.domain.arrays import Ints
from workbench.domain.filters import Filters, PartOfCall
from workbench.domain.metrics import Metric, TrackerRule, Value
from workbench.metrics.contrast import Contrast, contrast, strata_of
from workbench.metrics.features import Features, meanings_in, phrases_in, together
from workbench.metrics.findings import Comparison, Quote, SaidDifference, Typical
from workbench.metrics.reading import evidence_of, passing
from workbench.metrics.values import Valued, valued
from workbench.resources import Resources

LEAST_CALLS = 10  # of each group; with fewer, no relevant difference can be distinguished from chance
MOST_CALLS = 400
MOST_SHOWN = 20
_QUOTES = 3
_TYPICAL = 3
_SAME = 0.7  # shared calls of two features, from which on the lesser is told with the other


def compare(
    resources: Resources,
    metric: Metric,
    of: Value,
    against: Value | None,
    filters: Filters | None = None,
    seed: int = 0,
) -> Comparison:
    """Args as in :meth:`workbench.metrics.analyst.Analyst.compare`, their values checked."""
    found = valued(resources, metric)
    narrowed = passing(resources.lake, filters)
    groups = [np.intersect1d(one, narrowed) for one in _groups(metric, found, of, against)]
    rng = np.random.default_rng(seed)
    drawn = [np.sort(rng.permutation(one)[:MOST_CALLS]) for one in groups]
    about = Comparison(
        metric=metric.name,
        of=of,
        against=against,
        of_calls=len(drawn[0]),
        against_calls=len(drawn[1]),
        of_total=len(groups[0]),
        against_total=len(groups[1]),
    )
    if min(map(len, drawn)) < LEAST_CALLS:
        note = f"Too few calls to tell: {len(drawn[0])} against {len(drawn[1])}; each group needs {LEAST_CALLS}."
        return replace(about, can_tell=False, notes=(note,))
    return _compared(resources, metric, found, about, drawn, filters)


def _groups(metric: Metric, found: Valued, of: Value, against: Value | None) -> tuple[Ints, Ints]:
    """Without ``against`` all others to which the metric applies."""
    rest = [found.where(one) for one in metric.values if one != of]
    return found.where(of), np.concatenate(rest) if against is None else found.where(against)


def _compared(
    resources: Resources,
    metric: Metric,
    found: Valued,
    about: Comparison,
    drawn: list[Ints],
    filters: Filters | None,
) -> Comparison:
    numbers = np.concatenate(drawn)
    first = np.arange(len(numbers)) < len(drawn[0])
    said, left_out = _sentences(resources, metric, found, numbers, filters)
    call = pd.Series(np.arange(len(numbers)), index=numbers)[said["number"]].to_numpy(np.int64)
    features, note = _features(resources, said, call, len(numbers))
    presence = features.presence(call, len(numbers))
    strata = strata_of(np.bincount(call, minlength=len(numbers)))
    result = contrast(presence, first, strata)
    found_apart = _apart(result, presence)
    kept = found_apart[:MOST_SHOWN]
    differences = [_said(about, said, call, features, first, result, at, also) for at, also in kept]
    notes = [note] if note else []
    if len(drawn[0]) < about.of_total or len(drawn[1]) < about.against_total:
        notes.append(f"At most {MOST_CALLS} calls of each group were drawn at random.")
    if len(found_apart) > len(kept):
        notes.append(f"{len(found_apart)} differ; these are the {len(kept)} most certain.")
    held = presence[:, [int(result.column[at]) for at, _ in kept]].toarray()
    typical = [_typical(resources, numbers, first, held, differences, of) for of in (True, False)]
    return replace(
        about,
        tested=result.tested,
        left_out=left_out,
        differences=tuple(differences),
        typical_of=typical[0],
        typical_against=typical[1],
        notes=tuple(notes),
    )


def _sentences(
    resources: Resources, metric: Metric, found: Valued, numbers: Ints, filters: Filters | None
) -> tuple[pd.DataFrame, int]:
    """Return what is said in these calls, without the metric's own evidence; and how many sentences that is."""
    lake = resources.lake
    table = lake.matching([], filters, None, None, numbers.tolist())
    keys = pd.Series(table["text_key"].to_numpy(), index=table["row"].to_numpy())
    rows = np.sort(table["row"].to_numpy())
    known = lake.known(rows.tolist()).assign(text_key=keys[rows].to_numpy())
    ids = {name: number for number, name in lake.conversation_ids(numbers.tolist()).items()}
    known = known.assign(number=known["conversation_id"].map(ids))
    own = _own(resources, metric, found, numbers)
    kept = known[~known["sentence_id"].isin(own)].reset_index(drop=True)
    return kept, len(known) - len(kept)


def _own(resources: Resources, metric: Metric, found: Valued, numbers: Ints) -> set[str]:
    if isinstance(metric.source, TrackerRule):
        wide = replace(metric.source, side="anyone", part=PartOfCall())
        evidence = evidence_of(resources, wide, range(int(numbers.min()), int(numbers.max()) + 1))
        return {name for names in evidence.values() for name in names}
    return {name for outcome in found.known.values() for name in outcome.evidence}


def _features(resources: Resources, said: pd.DataFrame, call: Ints, calls: int) -> tuple[Features, str]:
    texts = said["text"].tolist()
    phrases = phrases_in(texts, call, calls)
    if not resources.is_encoded:
        return phrases, "By words only: run ws.encode() to compare by meaning, too."
    resources.vectors.store.refresh()
    rows = resources.vectors.store.lookup(said["text_key"].to_numpy(np.int64))
    distinct, text = np.unique(rows, return_inverse=True)
    text = text.ravel() - int(distinct[:1].sum() < 0)  # what has no vector comes first, as -1
    vectors = np.array(resources.vectors.store.vectors[distinct[distinct >= 0]])
    return together(phrases, meanings_in(vectors, text, texts)), ""


def _apart(result: Contrast, presence: csr_array) -> list[tuple[int, list[int]]]:
    """Return the indices of features that differ, the most certain first.

    Each comes with the columns that nearly the same calls hold, told once.
    """
    columns = presence.tocsc()
    out: list[tuple[set[int], int, list[int]]] = []
    for at in result.apart.tolist():
        column = int(result.column[at])
        calls = set(columns.indices[columns.indptr[column] : columns.indptr[column + 1]].tolist())
        same = [one for one in out if len(calls & one[0]) >= _SAME * len(calls | one[0])]
        if same:
            same[0][2].append(column)
        else:
            out.append((calls, at, []))
    return [(at, also) for _, at, also in out]


def _said(
    about: Comparison,
    said: pd.DataFrame,
    call: Ints,
    features: Features,
    first: NDArray[np.bool_],
    result: Contrast,
    at: int,
    also: list[int],
) -> SaidDifference:
    column, more = int(result.column[at]), bool(result.difference[at] > 0)
    against: Value = f"not {about.of}" if about.against is None else about.against
    return SaidDifference(
        kind=features.kinds[column],
        text=features.names[column],
        more_in=about.of if more else against,
        of_calls=int(result.counts[at, 0]),
        against_calls=int(result.counts[at, 1]),
        of_share=float(result.share[at, 0]),
        against_share=float(result.share[at, 1]),
        difference=float(result.difference[at]),
        low=float(result.low[at]),
        high=float(result.high[at]),
        q=float(result.q[at]),
        also=tuple(features.names[one] for one in also),
        quotes=_quotes(said, call, features, column, first if more else ~first),
    )


def _quotes(
    said: pd.DataFrame, call: Ints, features: Features, column: int, group: NDArray[np.bool_]
) -> tuple[Quote, ...]:
    """Of different calls of the group, those nearest to a cluster's centre first."""
    rows = np.flatnonzero(features.said[:, [column]].toarray().ravel() > 0)
    rows = rows[group[call[rows]]]
    if features.kinds[column] == "meaning":
        rows = rows[np.argsort(-features.near[rows], kind="stable")]
    seen: set[str] = set()
    kept: list[Quote] = []
    for at in rows.tolist():
        row = said.iloc[at]
        if row["conversation_id"] not in seen and len(kept) < _QUOTES:
            seen.add(row["conversation_id"])
            kept.append(_quote(row))
    return tuple(kept)


def _quote(row: pd.Series[Any]) -> Quote:
    values: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in Quote.__slots__}
    start_s = values.pop("start_s")
    return Quote(**values, start_s=None if start_s is None else float(start_s))


def _typical(
    resources: Resources,
    numbers: Ints,
    first: NDArray[np.bool_],
    held: NDArray[np.float64],
    differences: list[SaidDifference],
    of: bool,
) -> tuple[Typical, ...]:
    """Return the group's calls that hold the most of what is said more there, and the least of the rest."""
    ways = np.array([1 if (one.difference > 0) == of else -1 for one in differences])
    if not (ways > 0).any():
        return ()
    at = np.flatnonzero(first == of)
    best = at[np.argsort(-(held[at] @ ways), kind="stable")][:_TYPICAL].tolist()
    headings = resources.lake.headings(numbers[best].tolist())
    out = []
    for place in best:
        heading = headings[int(numbers[place])]
        says = [one.text for one, has, way in zip(differences, held[place], ways, strict=True) if has and way > 0]
        out.append(Typical(conversation_id=heading.id, title=heading.title, started=heading.started, says=tuple(says)))
    return tuple(out)
