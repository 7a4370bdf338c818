"""Statistics as pages show them: corrected if the tracker's error is known, each figure with its interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.dashboards.few import Series
from workbench.dashboards.figures import Ends
from workbench.dashboards.parts import CellKind, table_view
from workbench.domain.plurals import plural
from workbench.results.grouping import MIN_CALLS, PERIODS
from workbench.results.statistics import NOT_APART, Statistics
from workbench.widgets.protocol import LinkView, TableView

GROUPS = {
    "team": "Team",
    "person": "Person",
    "account": "Account",
    "stage": "Deal stage",
    "month": "Month",
    "quarter": "Quarter",
}
NONE = {
    "team": "No team",
    "person": "Nobody known",
    "account": "No account",
    "stage": "No stage",
    **dict.fromkeys(PERIODS, "No date"),
}
"""The label for calls that belong to no group."""
FEWER = f"There are fewer than two groups with at least {MIN_CALLS} calls to compare."
MOST_TOLD, MOST_NAMED = 8, 4  # pairs in words; if there are more, groups above and below others


def is_corrected(found: Statistics) -> bool:
    """Return whether its rates are of sentences with the concept, rather than of matches."""
    return bool(found.rates["true_rate"].notna().any())


def measure(found: Statistics) -> str:
    """Return what its rates measure."""
    return "Share of sentences that say it" if is_corrected(found) else "Share of sentences found"


def how(found: Statistics) -> str:
    """Return how its rates were computed, in a sentence."""
    if is_corrected(found):
        return "Corrected for the tracker's error; lines and brackets are 95% intervals."
    return "As found, including the tracker's errors, which are not known; 95% intervals."


def rates(found: Statistics) -> tuple[list[float | None], Ends]:
    """Return the rate of each group, and both ends of its interval."""
    name = "true_rate" if is_corrected(found) else "rate"
    y, low, high = (numbers(found.rates[column]) for column in (name, f"{name}_low", f"{name}_high"))
    return y, (low, high)


def groups(found: Statistics, by: str) -> list[str]:
    """Return the names of the groups for readers."""
    return [label(value, by) for value in found.rates[by]]


def label(value: Any, by: str) -> str:
    """Return a team, or 2026-03 for a month, 2026 Q1 for a quarter."""
    if pd.isna(value):
        return NONE[by]
    if by == "quarter":
        return f"{value.year} Q{value.quarter}"
    if by in PERIODS:
        return f"{value:%Y-%m}" if by == "month" else f"{value:%Y-%m-%d}"
    return str(value)


def series(found: Statistics, x: Sequence[Any]) -> Series:
    """Return its rates as a series over ``x``."""
    y, ends = rates(found)
    return Series(found.tracker, x, y, found.rates["calls"].tolist(), ends, found.is_named.tolist())


def days(found: Statistics, by: str) -> list[str | None]:
    """Return the first day of each period, for a time axis."""
    return [None if pd.isna(value) else f"{value:%Y-%m-%d}" for value in found.rates[by]]


def table(found: Statistics, by: str, links: Sequence[LinkView | None] = ()) -> TableView:
    """Return a table with one row per group."""
    names = groups(found, by)
    rows = [{"group": name, **cells(found, at)} for at, name in enumerate(names)]
    return table_view({"group": (GROUPS.get(by, by.capitalize()), "text"), **columns(found)}, rows, links)


def columns(found: Statistics | None) -> dict[str, tuple[str, CellKind]]:
    """Return the columns that ``cells`` fills, with their labels and kinds."""
    corrected = found is not None and is_corrected(found)
    return {
        "calls": ("Calls read", "number"),
        "share": ("Calls with it, as found", "interval"),
        "rate": (measure(found) if found is not None else "Share of sentences", "interval"),
        "per_100_calls": ("Mentions per 100 calls" + (", corrected" if corrected else ""), "number"),
        "found": ("Sentences found", "number"),
    }


def cells(found: Statistics, at: int) -> dict[str, Any]:
    """Return one group's figures; intervals are [low, point, high]."""
    row = found.rates.iloc[at]
    true = "true_" if is_corrected(found) else ""
    each = number(row[f"{true}per_100_calls"])
    return {
        "calls": int(row["calls"]),
        "share": _interval(row, "share"),
        "rate": _interval(row, f"{true}rate"),
        "per_100_calls": None if each is None else round(each, 1),
        "found": int(row["found"]),
    }


def differences_in_words(pairs: pd.DataFrame) -> str:
    """Return which groups differ, from :attr:`~workbench.results.statistics.Statistics.pairs`."""
    if pairs.empty:
        return FEWER
    apart = pairs[pairs["verdict"] != NOT_APART]
    if apart.empty:
        if len(pairs) == 1:
            return (
                f"{pairs['first'].iloc[0]} and {pairs['second'].iloc[0]} cannot be told apart: the "
                "difference may be chance."
            )
        return f"No two of them can be told apart: all {len(pairs):,} differences may be chance."
    words = [pair(row) for row in apart.to_dict("records")]
    if len(words) > MOST_TOLD:
        told = _most(words)
    else:
        told = [f"{one['first']}: {one['verdict']} than {one['second']}." for one in words]
    left = len(pairs) - len(apart)
    if left:
        told.append(f"The other {left:,} of {len(pairs):,} pairs cannot be told apart." if left > 1 else _left(pairs))
    return "\n".join(told)


def numbers(values: pd.Series[float]) -> list[float | None]:
    return [number(value) for value in values]


def number(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 6)


def pair(row: dict[Any, Any], some_corrected: bool = False) -> dict[str, str]:
    """Put a row of the pairs into words, the one with the higher rate first.

    With ``some_corrected``, a difference of uncorrected rates is marked as such: the other rows' are corrected.
    """
    low, difference, high = (100 * float(row[name]) for name in ("low", "difference", "high"))
    first, second = row["first"], row["second"]
    if difference < 0:
        first, second, low, difference, high = second, first, -high, -difference, -low
    said = "not known" if math.isnan(difference) else f"{difference:.1f} points ({low:.1f} to {high:.1f})"
    return {
        "first": first,
        "second": second,
        "verdict": NOT_APART if row["verdict"] == NOT_APART else "more often",
        "difference": said
        if row.get("corrected") or not some_corrected or math.isnan(difference)
        else f"{said}, as found",
        "p": "" if math.isnan(row["p"]) else "below 0.001" if row["p"] < 0.001 else f"{row['p']:.3f}",
    }


def _most(pairs: list[dict[str, str]]) -> list[str]:
    """Return for many pairs who is above most others, and who below."""
    out = []
    for end, words in (("first", "more often than"), ("second", "less often than")):
        counts = Counter(one[end] for one in pairs).most_common(MOST_NAMED)
        out += [f"{name}: {words} {plural(count, 'other')}." for name, count in counts]
    return out


def _left(pairs: pd.DataFrame) -> str:
    row = pairs[pairs["verdict"] == NOT_APART].iloc[0]
    return f"{row['first']} and {row['second']} cannot be told apart."


def _interval(row: pd.Series[Any], name: str) -> list[float] | None:
    values = [number(row[one]) for one in (f"{name}_low", name, f"{name}_high")]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


__all__ = [
    "GROUPS",
    "cells",
    "columns",
    "days",
    "differences_in_words",
    "groups",
    "how",
    "rates",
    "series",
    "table",
]
