"""How often a tracker's concept comes up, by team, person and time (R2), corrected for the tracker's own error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.corpus.lake import Lake
from workbench.domain.arrays import Floats
from workbench.domain.filters import Filters
from workbench.results.correction import corrected_together
from workbench.results.differences import Difference, Resampled, differences, resampled
from workbench.results.entries import Entries
from workbench.results.finds import Finds, counted
from workbench.results.grouping import MIN_CALLS, checked_by, entries_by
from workbench.results.intervals import Z, design_effect, wilson, wilson_at
from workbench.results.ways import Ways, drawn_rates, read_alike, ways_of, weights

MOST_COMPARED = 40
NOT_APART = "cannot be told apart"
_PAIR = ["first", "second", "difference", "low", "high", "p", "corrected", "verdict"]
CALLS_RAW = "The share of calls is uncorrected: it cannot be derived from corrected sentence rates."
ALIKE = "Corrected rates assume that the tracker's estimated error is the same in all groups and at all times."
SEVERAL = "Several versions found this; each version's matches are corrected by its own error."


@dataclass(frozen=True, eq=False, kw_only=True)
class Statistics:
    """Rates by group, and which of them differ.

    ``rates`` has one row per group: the names grouped by, ``calls``, ``sentences`` and ``hours`` that the tracker read,
    ``found`` sentences and ``calls_found``, then, each with ``_low`` and ``_high`` of its 95% interval:

    - ``share``: of calls with a match (Wilson 1927);
    - ``rate``: of sentences that were found (Wilson, widened because matches cluster in calls);
    - ``true_rate``: of sentences that say it (:mod:`workbench.results.correction`);
    - ``per_100_calls`` and ``per_hour``: sentences found, and ``true_per_100_calls``, ``true_per_hour``: those that
      say it. Their intervals are for the amount of talk there was.

    and ``versions`` that found it, None for a draft. Unknown values are NaN, and ``notes`` say why. If several versions
    have read, each version's matches are corrected by its own error.
    """

    tracker: str
    by: tuple[str, ...]
    rates: pd.DataFrame
    notes: tuple[str, ...]
    _entries: Entries = field(repr=False)
    _way: NDArray[np.int64] = field(repr=False)
    _ways: Ways = field(repr=False)
    _effect: float = field(repr=False)

    @property
    def versions(self) -> tuple[int | None, ...]:
        """The versions that found what is counted, newest first; None for a draft."""
        return _newest_first(one for several in self.rates["versions"] for one in several)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Which groups differ.

        Columns: ``first``, ``second``, ``difference``, ``low``, ``high``, ``p``, ``corrected``, ``verdict``. Rates
        are of sentences that say it if the error is known, else of sentences found, as ``corrected`` says; the
        interval is for that pair alone, whereas the verdict applies to all pairs together. It is ``higher`` or
        ``lower`` only if ``difference`` has that sign. Only groups that differ in one name are compared, and of more
        than ``MOST_COMPARED`` groups those with the most calls. Groups with fewer than ``MIN_CALLS`` calls, and what
        belongs to no group, such as calls of no team, are compared with none.
        """
        calls = self.rates["calls"].to_numpy()
        told = (calls >= MIN_CALLS) & self.is_named.to_numpy()
        kept = _most(np.where(told, calls, 0), np.where(told, self.rates["sentences"].to_numpy(), 0))
        pairs = [(a, b) for a, b in combinations(kept, 2) if self._differ_in_one(a, b)]
        points = self.rates["rate" if self._ways.errors is None else "true_rate"].to_numpy()
        found = self._differences(pairs, points)
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

    def _differences(self, pairs: list[tuple[int, int]], points: Floats) -> list[Difference]:
        groups, errors, entries = len(self.rates), self._ways.errors, self._entries
        if errors is None:
            return differences(resampled(entries, groups, self._effect), pairs, points, 0.0, None, None)
        first = errors[0]
        if len(errors) == 1:
            drawn = resampled(entries, groups, self._effect)
            return differences(drawn, pairs, points, first.base, first.precision, first.hit_rate)
        shares, rates = drawn_rates(self._way, entries, groups, self._effect, errors)
        drawn = Resampled(shares, read_alike(self._way, entries, errors))
        found = differences(drawn, pairs, points, first.base, first.precision, first.hit_rate, rates=rates)
        # That two versions err differently is known as closely as their estimates are, which p leaves out.
        return [replace(one, apart=one.apart and (one.low > 0 or one.high < 0)) for one in found]

    @property
    def is_named(self) -> pd.Series[bool]:
        """Return which of its groups are some, and not the rest without a team, a date or the like."""
        return self.rates[list(self.by)].notna().all(axis=1)

    def _differ_in_one(self, a: int, b: int) -> bool:
        return sum(x != y for x, y in zip(self._keys[a], self._keys[b], strict=True)) == 1

    @cached_property
    def _keys(self) -> list[tuple[str, ...]]:
        """What each group is named by."""
        if not self.by:
            return [()] * len(self.rates)
        return list(zip(*(map(_shown, self.rates[name]) for name in self.by), strict=True))

    def _name(self, at: int) -> str:
        return ", ".join(self._keys[at])


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
        ways = ways_of(self.finds, self._whole, self._counted)
        part = table["number"].map(self._counted.drop_duplicates("number").set_index("number")["part"])
        way = ways.of_part[part.to_numpy(np.int64)]
        rates, effect = _rates(table, entries, names, way, ways)
        return Statistics(
            tracker=self.finds.name,
            by=names,
            rates=rates.assign(versions=_versions(self.finds, entries, part.to_numpy(np.int64), rates.index)),
            notes=(*self.finds.notes, *_notes(self.finds, ways)),
            _entries=entries,
            _way=way,
            _ways=ways,
            _effect=effect,
        )

    def found_since(self, moment: datetime) -> int:
        """Return how many sentences it found in conversations begun then or later."""
        started = self._lake.about()["started"].reindex(self._counted["number"])
        return int(self._counted["found"][(started >= pd.Timestamp(moment)).to_numpy()].sum())


def measured(lake: Lake, finds: Finds, filters: Filters | None = None) -> Measured:
    """Return what a tracker found, counted once for several groupings; ``filters`` narrow it further."""
    whole = counted(lake, finds)
    narrowed = whole if filters is None else counted(lake, finds, [filters])
    return Measured(finds, lake, whole, narrowed)


def statistics(
    lake: Lake, finds: Finds, by: str | Sequence[str] = (), filters: Filters | None = None, least_calls: int = 0
) -> Statistics:
    """Compute the rates of a tracker by group; one group of all without ``by``.

    Args:
        lake: the corpus.
        finds: what the tracker found, and what it has read.
        by: any of person, team, account, stage, week, month, quarter.
        filters: restrict the calls further; only calls that the tracker has read count in any case.
        least_calls: groups with fewer calls are combined and stay unnamed.

    Raises:
        InvalidArgument: ``by`` contains something else.
    """
    checked_by(by)
    return measured(lake, finds, filters).by(by, least_calls)


def _rates(
    table: pd.DataFrame, entries: Entries, names: tuple[str, ...], way: NDArray[np.int64], ways: Ways
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
    true = (np.full(groups, np.nan),) * 3
    if ways.errors is not None:
        read, weight = weights(way, entries, groups, len(ways))
        hits = np.bincount(entries.group * len(ways) + way, entries.found, groups * len(ways)).reshape(read.shape)
        true = corrected_together(hits / np.maximum(read, 1), read / effect[:, None], weight, ways.errors)
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


def _versions(finds: Finds, entries: Entries, part: NDArray[np.int64], groups: pd.Index[int]) -> pd.Series[Any]:
    """Of each group those that have read its calls, the newest first."""
    out: list[set[int | None]] = [set() for _ in groups]
    for group, place in np.unique(np.stack([entries.group, part], axis=1), axis=0).tolist():
        out[group].add(finds.parts[place].version)
    return pd.Series([_newest_first(one) for one in out], groups, dtype=object)


def _newest_first(versions: Iterable[int | None]) -> tuple[int | None, ...]:
    return tuple(sorted(set(versions), key=lambda one: -(one or 0)))


def _notes(finds: Finds, ways: Ways) -> tuple[str, ...]:
    notes = [CALLS_RAW]
    if ways.errors is None:
        notes.append(_uncorrected(finds, ways))
    else:
        notes.append(ALIKE)
        if len(ways) > 1:
            notes.append(SEVERAL)
        if not all(one.precision.tells and one.hit_rate.tells for one in ways.errors):
            notes.append("The tracker's precision or hit rate is still very uncertain; an audit would narrow it.")
    return tuple(notes)


def _uncorrected(finds: Finds, ways: Ways) -> str:
    remedy = "Complete rounds, or an audit, and publish it again."
    if len(ways) == 1:
        return (
            f"Rates of sentences are not corrected: how well {finds.name!r} does in the corpus is not known yet. "
            f"{remedy}"
        )
    which = "; ".join(f"version {_listed(one)}, which read {read:,} of them" for one, read in ways.unknown)
    return f"Rates of sentences are not corrected: how well {finds.name!r} does is not known for {which}. {remedy}"


def _listed(versions: Iterable[int | None]) -> str:
    return " and ".join(str(one) for one in versions)


def _most(calls: np.ndarray, sentences: np.ndarray) -> list[int]:
    """Places of the groups with the most calls, in their order; those in which nothing was said are left out."""
    order = [at for at in np.argsort(-calls, kind="stable").tolist() if sentences[at] > 0]
    return sorted(order[:MOST_COMPARED])


def _shown(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return "unknown" if pd.isna(value) else str(value)
