"""How often a tracker's concept comes up, by team, person and time (R2), corrected for the tracker's own error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from workbench.corpus.lake import Lake
from workbench.domain.estimates import Interval
from workbench.domain.filters import Filters
from workbench.results.correction import corrected
from workbench.results.differences import differences, resampled
from workbench.results.entries import Entries
from workbench.results.finds import Finds
from workbench.results.grouping import checked_by, entries_by
from workbench.results.intervals import Z, design_effect, wilson, wilson_at

MOST_COMPARED = 40
NOT_APART = "cannot be told apart"
_PAIR = ["first", "second", "difference", "low", "high", "p", "corrected", "verdict"]
CALLS_RAW = "The share of calls is of what was found, errors included: it cannot be told from corrected sentences."
ALIKE = "Corrected rates take the tracker's error in the corpus, as estimated, to be alike in all groups and times."


@dataclass(frozen=True, eq=False, kw_only=True)
class Statistics:
    """Rates by group, and which of them differ.

    ``rates`` has a row a group: the names grouped by, ``calls``, ``sentences`` and ``hours`` that the tracker looked
    at, ``found`` sentences and ``calls_found``, then, each with ``_low`` and ``_high`` of its 95 % interval:

    - ``share``: of calls with a find (Wilson 1927);
    - ``rate``: of sentences that were found (Wilson, widened as finds cluster in calls);
    - ``true_rate``: of sentences that say it (:mod:`workbench.results.correction`);
    - ``per_100_calls`` and ``per_hour``: sentences found, and ``true_per_100_calls``, ``true_per_hour``: those that
      say it. Their intervals are for as much talk as there was.

    What cannot be told is NaN, and ``notes`` say why.
    """

    tracker: str
    by: tuple[str, ...]
    rates: pd.DataFrame
    notes: tuple[str, ...]
    _entries: Entries = field(repr=False)
    _error: tuple[Interval, Interval] | None = field(repr=False)
    _base: float = field(repr=False)
    _effect: float = field(repr=False)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Which groups differ.

        Columns: ``first``, ``second``, ``difference``, ``low``, ``high``, ``p``, ``corrected``, ``verdict``. Rates are
        of sentences that say it, where the error is known, else of sentences found, as ``corrected`` says; the
        interval is that pair's alone, whereas the verdict holds for all pairs together. It is ``higher`` or ``lower``
        only where ``difference`` has that sign. Groups are compared that differ in one name only, and of more than
        ``MOST_COMPARED`` groups those with the most calls.
        """
        kept = _most(self.rates["calls"].to_numpy(), self.rates["sentences"].to_numpy())
        pairs = [(a, b) for a, b in combinations(kept, 2) if self._differ_in_one(a, b)]
        shares = resampled(self._entries, len(self.rates), self._effect)
        points = self.rates["rate" if self._error is None else "true_rate"].to_numpy()
        precision, hit_rate = self._error or (None, None)
        found = differences(shares, pairs, points, self._base, precision, hit_rate)
        rows = [
            {
                "first": self._name(a),
                "second": self._name(b),
                "difference": one.difference,
                "low": one.low,
                "high": one.high,
                "p": one.p,
                "corrected": one.corrected,
                "verdict": ("higher" if one.difference > 0 else "lower") if one.apart else NOT_APART,
            }
            for (a, b), one in zip(pairs, found, strict=True)
        ]
        return pd.DataFrame(rows, columns=_PAIR)

    def _differ_in_one(self, a: int, b: int) -> bool:
        left, right = self._key(a), self._key(b)
        return sum(x != y for x, y in zip(left, right, strict=True)) == 1

    def _key(self, at: int) -> tuple[str, ...]:
        return tuple(_shown(self.rates[name].iloc[at]) for name in self.by)

    def _name(self, at: int) -> str:
        return ", ".join(self._key(at))


@dataclass(frozen=True, eq=False)
class Measured:
    """A tracker's finds counted by call and speaker, to be put into groups in more than one way."""

    finds: Finds
    _lake: Lake = field(repr=False)
    _whole: pd.DataFrame = field(repr=False)
    _counted: pd.DataFrame = field(repr=False)

    def by(self, by: str | Sequence[str] = (), least_calls: int = 0) -> Statistics:
        """As :func:`statistics`."""
        names = checked_by(by)
        table = entries_by(self._lake, self._counted, names, least_calls)
        codes = table.groupby(list(names), dropna=False, sort=True).ngroup() if names else pd.Series(0, table.index)
        entries = Entries(
            table["number"].to_numpy(np.int64),
            np.asarray(codes, dtype=np.int64),
            table["sentences"].to_numpy(np.float64),
            table["found"].to_numpy(np.float64),
        )
        error = _error(self.finds)
        base = float(self._whole["found"].sum() / max(1, self._whole["sentences"].sum()))
        rates, effect = _rates(table, entries, names, base, error)
        return Statistics(
            tracker=self.finds.name,
            by=names,
            rates=rates,
            notes=_notes(self.finds, error),
            _entries=entries,
            _error=error,
            _base=base,
            _effect=effect,
        )

    def found_since(self, moment: datetime) -> int:
        """How many sentences it found in conversations begun then or later."""
        started = self._lake.about()["started"].reindex(self._counted["number"])
        return int(self._counted["found"][(started >= pd.Timestamp(moment)).to_numpy()].sum())


def measured(lake: Lake, finds: Finds, filters: Filters | None = None) -> Measured:
    """What a tracker found, counted once for several groupings; ``filters`` narrow it further."""
    whole = lake.counted([finds.filters], finds.reach, finds.ids).to_pandas()
    counted = whole
    if filters is not None:
        counted = lake.counted([finds.filters, filters], finds.reach, finds.ids).to_pandas()
    return Measured(finds, lake, whole, counted)


def statistics(
    lake: Lake, finds: Finds, by: str | Sequence[str] = (), filters: Filters | None = None, least_calls: int = 0
) -> Statistics:
    """Rates of a tracker by group; one group of all without ``by``.

    Args:
        by: of person, team, account, stage, week, month, quarter.
        filters: narrow it further; only calls that the tracker has read count in any case.
        least_calls: groups of fewer calls are taken together and stay unnamed.

    Raises:
        WorkbenchError: ``by`` names something else.
    """
    checked_by(by)
    return measured(lake, finds, filters).by(by, least_calls)


def _rates(
    table: pd.DataFrame, entries: Entries, names: tuple[str, ...], base: float, error: tuple[Interval, Interval] | None
) -> tuple[pd.DataFrame, float]:
    groups = int(entries.group.max(initial=-1)) + 1
    hours, timed = table["hours"].fillna(0).to_numpy(), table["hours"].notna().to_numpy()
    calls = np.bincount(entries.group, minlength=groups)
    sentences = np.bincount(entries.group, entries.sentences, groups)
    found = np.bincount(entries.group, entries.found, groups)
    calls_found = np.bincount(entries.group, entries.found > 0, groups)
    hours_of = np.bincount(entries.group, hours, groups)
    spoken = np.bincount(entries.group, entries.sentences * timed, groups)  # in calls of known length
    effect, overall = design_effect(entries.group, entries.sentences, entries.found, groups)
    size = sentences / effect
    rate = found / np.maximum(sentences, 1)
    true = corrected(rate, size, base, *error) if error else (np.full(groups, np.nan),) * 3
    with np.errstate(invalid="ignore", divide="ignore"):
        by_call, by_hour = 100 * sentences / calls, np.where(hours_of > 0, spoken / hours_of, np.nan)
    found_in = (rate, wilson_at(rate, size, -Z), wilson_at(rate, size, Z))
    columns: dict[str, object] = {
        "calls": calls,
        "sentences": sentences.astype(np.int64),
        "hours": hours_of,
        "found": found.astype(np.int64),
        "calls_found": calls_found.astype(np.int64),
    }
    for name, values in (
        ("share", wilson(calls_found.astype(float), calls.astype(float))),
        ("rate", found_in),
        ("true_rate", true),
        ("per_100_calls", [one * by_call for one in found_in]),
        ("true_per_100_calls", [one * by_call for one in true]),
        ("per_hour", [one * by_hour for one in found_in]),
        ("true_per_hour", [one * by_hour for one in true]),
    ):
        columns |= dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))
    first = np.unique(entries.group, return_index=True)[1]
    keys = table[list(names)].iloc[first].reset_index(drop=True)
    return pd.concat([keys, pd.DataFrame(columns)], axis=1), overall


def _error(finds: Finds) -> tuple[Interval, Interval] | None:
    known = finds.estimate
    if known is None or known.precision is None or known.hit_rate is None or known.hit_rate.point <= 0:
        return None
    return known.precision, known.hit_rate


def _notes(finds: Finds, error: tuple[Interval, Interval] | None) -> tuple[str, ...]:
    notes = [CALLS_RAW]
    if error is None:
        notes.append(
            f"Rates of sentences are not corrected: how well {finds.name!r} does in the corpus is not known yet. "
            "Complete rounds, or an audit, and publish it again."
        )
    else:
        notes.append(ALIKE)
        if not all(one.tells for one in error):
            notes.append("The tracker's precision or hit rate can hardly be told yet; an audit would narrow it.")
    return tuple(notes)


def _most(calls: np.ndarray, sentences: np.ndarray) -> list[int]:
    """Places of the groups with the most calls, in their order; those in which nothing was said are left out."""
    order = [at for at in np.argsort(-calls, kind="stable").tolist() if sentences[at] > 0]
    return sorted(order[:MOST_COMPARED])


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return "unknown" if pd.isna(value) else str(value)  # type: ignore[call-overload]
