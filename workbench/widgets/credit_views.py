"""The ledger of credits for people to read: one row per day, tracker and kind. Pure functions."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from workbench.domain.time_zones import UTC_ZONE, in_zone
from workbench.widgets import views
from workbench.widgets.protocol import CreditEntryView, CreditsView

MOST = 60  # rows that are shown, newest first


def credits(found: Any, zone: ZoneInfo = UTC_ZONE) -> CreditsView:
    """Return the view of :class:`workbench.reading.credits.Credits`, with days in ``zone``."""
    rows = ledger(found.entries(), zone)
    return {"balance": found.balance, "spent": found.spent(), "entries": rows[:MOST], "more": max(0, len(rows) - MOST)}


def ledger(entries: pd.DataFrame, zone: ZoneInfo = UTC_ZONE) -> list[CreditEntryView]:
    """Return rows from :meth:`~workbench.reading.credits.Credits.entries`, newest first."""
    if entries.empty:
        return []
    about = entries.assign(
        day=[f"{in_zone(at, zone):%Y-%m-%d}" for at in entries["at"]],
        what=[_what(row) for row in entries.to_dict("records")],
    )
    groups = about.groupby(["day", "what"], sort=False)
    totals = groups.agg(amount=("amount", "sum"), calls=("conversation_id", "count"), last=("at", "max"))
    newest = totals.reset_index().sort_values("last", ascending=False, kind="stable")
    return [
        {"day": row["day"], "what": row["what"], "calls": int(row["calls"]), "amount": float(row["amount"])}
        for row in newest.to_dict("records")
    ]


def _what(row: dict[Any, Any]) -> str:
    if row["kind"] == "top-up":
        note = row["note"] if isinstance(row["note"], str) and row["note"] else ""
        return f"Added{f': {views.clip(note, views.LONGEST_NAME)}' if note else ''}"
    name = row["tracker"] if isinstance(row["tracker"], str) else ""
    return views.clip_name(name) or "Tried on calls before it was saved"
