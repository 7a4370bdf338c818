"""A deal: its calls on a timeline, with what each tracker found in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from workbench.dashboards import figures, hits, known, parts
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.results.deals import DealActivity
from workbench.widgets import views
from workbench.widgets.protocol import BlockView, DashboardView, Tone
from workbench.workspace.workspace import Workspace

NO_DEAL = "No calls belong to a deal: the imported calls have no deals."
MOST_DEALS = 300


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "deal", query, ("deal",))
    table = deals_shown(page, workspace.deals())
    names = options(table)
    finding = known.published(known.known(workspace))
    controls = page.controls("account", "stage")
    if not names:
        nothing = NO_DEAL if page.query.get("account") is None else "This account has no deal at this stage."
        return page.view(nothing, [], controls)
    wanted = page.one_of("deal", names, next(iter(names)))
    if "deal" in page.lost:
        return page.view("", [], [parts.choice("deal", "Deal", {"": "Choose…"} | names, ""), *controls])
    found = workspace.deal(wanted, [one.id for one in finding])
    blocks = [_tiles(found), _figure(found, [one.name for one in finding]), _calls(page, found, finding)]
    blocks.append(_hits(page, found, known.names(finding)))
    controls = [parts.choice("deal", "Deal", names, wanted), *controls]
    lead = "" if finding else known.NONE_IN_USE
    return page.view(lead, blocks, controls, known.progress(finding), f"Deal {found.id}")


def deals_shown(page: DashboardQuery, table: pd.DataFrame) -> pd.DataFrame:
    """Return the deals with the current account and stage, the newest first; the requested one in any case."""
    keep = pd.Series(True, table.index)
    for name in ("account", "stage"):
        if name in page.query:
            keep &= table[name] == page.query[name]
    kept = table[keep].head(MOST_DEALS)
    own = table[table["deal"] == page.query.get("deal", "")]
    return pd.concat([own, kept]).drop_duplicates("deal").sort_index()


def options(table: pd.DataFrame) -> dict[str, str]:
    """Return deals by id, as the options of a control."""
    rows = table[["deal", "account", "stage", "outcome"]].to_dict("records")
    return {str(row["deal"]): " · ".join(str(value) for value in row.values() if not pd.isna(value)) for row in rows}


def _tiles(found: DealActivity) -> BlockView:
    tones: dict[str | None, Tone] = {"won": "good", "lost": "bad"}
    amount = "unknown" if found.amount is None or pd.isna(found.amount) else f"{found.amount:,.0f}"
    period = " to ".join(day for one in (found.first, found.last) if (day := views.day(one)))
    return parts.tiles(
        "facts",
        [
            parts.tile("Account", found.account or "unknown"),
            parts.tile("Stage", found.stage or "unknown", found.outcome or "", tones.get(found.outcome, "")),
            parts.tile("Amount", amount),
            parts.tile("Conversations", len(found.calls), period),
            parts.tile("Sentences found", int(found.found["sentence_id"].nunique())),
        ],
    )


def _figure(found: DealActivity, trackers: Sequence[str]) -> BlockView:
    """Return one row per tracker, with one mark per call in which it found something; the calls are listed below."""
    dated = found.calls.dropna(subset=["started"])
    days = [_moment(one) for one in dated["started"]]
    titles = [views.clip(str(one or ""), 60) for one in dated["title"]]
    data = []
    if days:
        data.append(figures.marks("Calls", days, ["Calls"] * len(days), [1] * len(days), titles))
        for name in trackers:
            counts = [0 if pd.isna(one) else int(one) for one in dated[name]]
            at = [place for place, count in enumerate(counts) if count]
            words = [f"{name}: {counts[place]} in {titles[place]}" for place in at]
            data.append(figures.marks(name, [days[p] for p in at], [name] * len(at), [counts[p] for p in at], words))
    order = ["Calls", *reversed(trackers)]
    axis = {"type": "date", "range": _around(dated)} if days else {}
    description = (
        "The deal's calls over time, and in which of them each tracker found something; larger circles mean more."
    )
    view = figures.figure(data, description, _table(found, trackers), share=False, x=axis, showlegend=False)
    view["figure"]["layout"]["yaxis"] = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": order,
        "automargin": True,
    }
    return parts.figure("calls-in-time", "Over time", view, "", "The dates of its calls are unknown.", wide=True)


def _around(dated: pd.DataFrame) -> list[str]:
    """Return the time axis, with padding on both sides, so that even a deal with one call has one."""
    room = pd.Timedelta(days=3)
    return [f"{dated['started'].min() - room:%Y-%m-%d}", f"{dated['started'].max() + room:%Y-%m-%d}"]


def _calls(page: DashboardQuery, found: DealActivity, finding: Sequence[known.TrackerSummary]) -> BlockView:
    view = _table(found, [one.name for one in finding])
    view["links"] = [page.call_link("Go to call", one) for one in found.calls["conversation_id"]]
    note = "Number of sentences each tracker found; empty if it did not look."
    return parts.table("calls", "Its calls", view, note)


def _table(found: DealActivity, trackers: Sequence[str]) -> Any:
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "started": ("Began", "date"),
        "title": ("Title", "text"),
        "kind": ("Kind", "text"),
        "team": ("Team", "text"),
        "stage": ("Stage then", "text"),
    }
    # A tracker may have the name of a column.
    columns |= {f"tracker-{at}": (name, "number") for at, name in enumerate(trackers)}
    rows = [
        {
            "started": None if pd.isna(row["started"]) else _moment(row["started"]),
            "title": views.clip_name(as_text(row["title"])),
            **{name: as_text(row[name]) for name in ("kind", "team", "stage")},
            **{f"tracker-{at}": None if pd.isna(row[n]) else int(row[n]) for at, n in enumerate(trackers)},
        }
        for row in found.calls.to_dict("records")
    ]
    return parts.table_view(columns, rows)


def _hits(page: DashboardQuery, found: DealActivity, names: dict[str, str]) -> BlockView:
    newest = found.found.drop_duplicates("sentence_id")["sentence_id"].tolist()[::-1]
    shown = newest[page.offset : page.offset + hits.page_of(page)]
    cards = hits.hits(page, shown, {name: one for one, name in names.items()})
    return parts.hits("hits", "What was found", cards, len(newest), "Newest first.", "Nothing found in its calls.")


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def as_text(value: Any) -> str | None:
    """Return the text of a cell that may be missing."""
    return None if pd.isna(value) else str(value)
