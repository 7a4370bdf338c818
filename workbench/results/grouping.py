"""Calls put into groups: by team, person, account, stage, or by when they began."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.corpus.lake import Lake
from workbench.domain.errors import InvalidArgument

PERIODS = {"week": "W-SUN", "month": "M", "quarter": "Q"}
_FACETS = ("account", "stage")
GROUPS = ("person", "team", *_FACETS, *PERIODS)
OTHERS = "others"
MIN_CALLS = 10
"""Groups with fewer calls are compared with no other, get no verdict, and set no axis of a figure."""


def checked_by(by: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names to group by; raises ``InvalidArgument`` if one is not one of ``GROUPS``."""
    names = (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name not in GROUPS:
            raise InvalidArgument(f"by: must be one of {', '.join(GROUPS)}, not {name!r}")
    if len(set(names)) < len(names):
        raise InvalidArgument(f"by: {', '.join(names)} lists a group twice")
    return names


def grouped_by(by: str | Sequence[str], every: str | None) -> tuple[str, ...]:
    """Return the names to group by, the period last; raises ``InvalidArgument`` if one cannot be used."""
    if every is not None and every not in PERIODS:
        raise InvalidArgument(
            f"every: must be one of {', '.join(PERIODS)}, not {every!r}; give None for the whole time together"
        )
    names = checked_by(by)
    return names if every is None or every in names else (*names, every)


def entries_by(lake: Lake, counted: pd.DataFrame, by: Sequence[str], least_calls: int = 0) -> pd.DataFrame:
    """Return one row for each call of each group: number, hours, the names in ``by``, sentences, found.

    ``counted`` is as :meth:`~workbench.corpus.lake.Lake.counted` gives it. For a person of the company count what
    they said themselves and what the customers of their calls said, and not what colleagues did. A call of several
    teams counts whole in each of them, as it passes a filter for each; a person there counts in their own team, or in
    the call's where theirs is not known. Periods are the first day of the week (Monday), month or quarter, by the
    clocks of the lake's zone; NaT where no one knows when a call was. Groups of fewer than ``least_calls`` calls are
    ``OTHERS`` together, in the first name of ``by`` that is not a period; what counts in several of them counts there
    once.
    """
    about = lake.about()
    table = counted.assign(row=np.arange(len(counted)))
    if "person" in by:
        table = table.merge(_people(lake), on="number")
        table = table[(table["side"] != "company") | (table["speaker"] == table["name"])]
        own = ["row", "person", "team"] if "team" in by else ["row", "person"]
        table = table.drop(columns="name").drop_duplicates(own)  # someone may have two names in one call
    elif "team" in by:
        table = table.merge(lake.teams(), on="number", how="left")
    periods = sorted(set(by) & set(PERIODS))
    for period in periods:
        about[period] = starts_of(about["started"], period)
    table = table.join(about[[*periods, "duration_s", *_FACETS]], on="number")
    table["hours"] = table["duration_s"] / 3600
    named = [name for name in by if name not in PERIODS]
    if least_calls > 1 and named:
        table = _merged(table, named[0], least_calls).drop_duplicates(["row", *by])
    keys = ["number", "hours", *by]
    return table.groupby(keys, dropna=False, sort=True)[["sentences", "found"]].sum().reset_index()


def starts_of(moments: pd.Series[pd.Timestamp], period: str) -> pd.Series[pd.Timestamp]:
    """Return the first day of each moment's week, month or quarter, by the clocks of its zone, as a plain date."""
    return moments.dt.tz_localize(None).dt.to_period(PERIODS[period]).dt.start_time


def _people(lake: Lake) -> pd.DataFrame:
    """Return number, person, name, team: people differ by e-mail, and are shown by name if it is theirs alone.

    Someone whose name is a mere label is shown with the call that they are in, and someone with aliases by the main
    one.
    """
    people = lake.people().rename(columns={"person": "key"})
    about = people.groupby("key")[["name", "is_label", "main"]].last()
    about["name"] = about["main"].where(about["main"].notna(), about["name"])
    names, keys = about["name"], pd.Series(about.index.astype(str), index=about.index)
    shared = names.duplicated(keep=False)
    shown = names.where(~shared, names + " <" + keys + ">").mask(about["is_label"], keys)
    return people.assign(person=people["key"].map(shown))[["number", "person", "name", "team"]]


def _merged(table: pd.DataFrame, name: str, least: int) -> pd.DataFrame:
    calls = table.groupby(name, dropna=False)["number"].transform("nunique")
    return table.assign(**{name: table[name].where(calls >= least, OTHERS)})
