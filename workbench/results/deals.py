"""Deal activity (R5): a deal's calls over time, with what each tracker found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from workbench.corpus.lake import Lake
from workbench.domain.errors import NotFound
from workbench.results.finds import Finds, counted

_CALLS = ["conversation_id", "kind", "title", "started", "duration_s", "team", "stage"]
_FOUND = [
    "tracker",
    "sentence_id",
    "text",
    "speaker",
    "side",
    "start_s",
    "conversation_id",
    "started",
    "stage",
    "score",
    "version",
]
_TOLD = ["stage", "amount", "outcome"]


class DealNotFound(NotFound):
    """No conversation belongs to a deal with this id."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DealActivity:
    """A deal's activity, oldest first; conversations of unknown date come last.

    ``calls`` has one row per conversation, and one column per tracker: how many sentences it found there, missing if it
    did not look. ``found`` has those sentences, each with the ``version`` that found it. Stage, amount and outcome are
    those of one call: the newest that has any of them, and one without a date only if no other does. The account is the
    newest known.
    """

    id: str
    account: str | None
    stage: str | None
    amount: float | None
    outcome: str | None
    calls: pd.DataFrame
    found: pd.DataFrame

    @property
    def first(self) -> datetime | None:
        return _moment(self.calls["started"].min())

    @property
    def last(self) -> datetime | None:
        return _moment(self.calls["started"].max())


def deals(lake: Lake) -> pd.DataFrame:
    """Return all deals, the newest first: deal, account, stage, amount, outcome, calls, first, last."""
    about = _in_time(lake.about().dropna(subset=["deal"]))
    out = _latest(about)
    times = (
        about.groupby("deal", sort=False)["started"]
        .agg(["size", "min", "max"])
        .set_axis(["calls", "first", "last"], axis=1)
    )
    return out.join(times).sort_values("last", ascending=False, kind="stable", na_position="last").reset_index()


def deal(lake: Lake, deal_id: str, finds: Sequence[Finds]) -> DealActivity:
    """Return what happened in a deal, and what each of these trackers found there.

    Raises:
        DealNotFound: no conversation belongs to it.
    """
    about = lake.about()
    mine = _in_time(about[about["deal"] == deal_id])
    if mine.empty:
        raise DealNotFound(f"no conversation belongs to a deal {deal_id!r}; ws.deals() lists them")
    calls, found = mine[_CALLS].copy(), []
    for one in finds:
        calls[one.name] = _counts(lake, one, calls.index)
        found.append(found_in(lake, one, mine))
    newest = _latest(mine).iloc[0].astype(object)
    told = newest.where(newest.notna(), None).to_dict()
    latest: dict[str, Any] = {str(name): value for name, value in told.items()}
    together = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=_FOUND)
    together = together.sort_values(["started", "conversation_id", "start_s"], kind="stable", ignore_index=True)
    return DealActivity(id=deal_id, calls=calls.reset_index(drop=True), found=together, **latest)


def found_in(lake: Lake, finds: Finds, conversations: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences found in these conversations (of ``lake.about()``), as they were said."""
    ids = lake.among(finds.ids, conversations.index.tolist())
    known = lake.known(ids["row"].to_pylist()).reset_index(drop=True)
    table = finds.table.reindex(known["sentence_id"]).reset_index(drop=True)
    return known.assign(tracker=finds.name, score=table["score"], version=table["version"])[_FOUND]


def _counts(lake: Lake, finds: Finds, numbers: pd.Index[int]) -> pd.Series[int]:
    table = counted(lake, finds, numbers=numbers.tolist())
    found: pd.Series[int] = table.groupby("number")["found"].sum().reindex(numbers).astype("Int64")
    return found


def _in_time(about: pd.DataFrame) -> pd.DataFrame:
    return about.sort_values("started", kind="stable", na_position="last")


def _latest(about: pd.DataFrame) -> pd.DataFrame:
    """Return what is known about each deal, one per row.

    A call without a date may be of any time, so it never counts as newest.
    """
    surest = about.sort_values("started", kind="stable", na_position="first")
    telling = surest[surest[_TOLD].notna().any(axis=1)]
    accounts = surest.groupby("deal", sort=False)[["account"]].last()
    return accounts.join(telling.groupby("deal", sort=False)[_TOLD].tail(1).join(telling["deal"]).set_index("deal"))


def _moment(value: Any) -> datetime | None:
    moment: datetime | None = None if pd.isna(value) else value
    return moment
