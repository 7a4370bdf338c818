"""An initiative: in how many calls it comes up, over time, by team or person, compared with its target."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.dashboards import few, figures, known, parts, rates
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.results.boards import MISSED, REACHED, Board
from workbench.results.grouping import PERIODS
from workbench.widgets.protocol import BlockView, DashboardView, Tone
from workbench.workspace.workspace import Workspace

NO_BOARD = "There are no initiative boards yet. Ask the person who manages the trackers to create one in a notebook."
MOST_LINES = 8
_BY = {"": "All together", "team": "Team", "person": "Person"}
_MANY = {"team": "Teams", "person": "People"}
_PERIODS = {name: name.capitalize() for name in PERIODS}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "initiative", query, ("board", "by", "period"))
    boards = {board.id: board for board in workspace.boards.list()}
    names = {one: board.name for one, board in boards.items()}
    wanted = page.one_of("board", names, next(iter(names), ""))
    if not wanted:
        return page.view(NO_BOARD, [])
    if "board" in page.lost:
        return page.view("", [], [parts.choice("board", "Initiative", {"": "Choose…"} | names, "")])
    by, period = page.one_of("by", _BY, "team"), page.one_of("period", _PERIODS, "month")
    if "by" in query and not query["by"].strip():
        by = ""
    controls = [
        parts.choice("board", "Initiative", names, wanted),
        parts.choice("by", "By", _BY, by),
        parts.choice("period", "Per", _PERIODS, period),
        *page.controls("team", "account", "stage", "from", "to"),
    ]
    board = boards[wanted]
    trackers = known.known(workspace)
    progress = known.progress(one for one in trackers if one.id in board.initiative.trackers)
    return page.view(_lead(board), _blocks(page, board, by, period), controls, progress, board.name)


def _lead(board: Board) -> str:
    one = board.initiative
    found = " or ".join(tracker.label for tracker in board.trackers)
    since = f", since {one.since.day} {one.since:%b %Y}" if one.since else ""
    return f"The target: {parts.percent(one.target)} of the calls have it ({found}){since}."


def _blocks(page: DashboardQuery, board: Board, by: str, period: str) -> list[BlockView]:
    groups = (by,) if by else ()
    so_far = board.adoption(groups, None, page.filters)
    over_time = board.adoption(groups, period, page.filters)
    words = parts.notes(board.notes, so_far.attrs["notes"])
    told = [parts.text("problem", "Its trackers", words)] if words else []
    return [*told, _tiles(page, board, so_far, by), _figure(board, over_time, by, period), _table(so_far, by)]


def _tiles(page: DashboardQuery, board: Board, so_far: pd.DataFrame, by: str) -> BlockView:
    total = board.adoption((), None, page.filters).iloc[0] if by else so_far.iloc[0]
    tones: dict[Any, Tone] = {REACHED: "good", MISSED: "warning"}
    share = "none" if pd.isna(total["share"]) else parts.percent(total["share"])
    spread = "" if pd.isna(total["share"]) else f"{parts.percent(total['low'])} to {parts.percent(total['high'])}"
    found = [
        parts.tile("Calls with it", share, spread, tones.get(total["verdict"], "")),
        parts.tile("Target", parts.percent(board.initiative.target), str(total["verdict"])),
        parts.tile("Calls read", int(total["calls"])),
    ]
    if by:
        groups = so_far[so_far[by].notna()]
        reached = int((groups["verdict"] == REACHED).sum())
        missed = int((groups["verdict"] == MISSED).sum())
        note = f"{missed:,} below it, {len(groups) - reached - missed:,} too close to call"
        found.append(parts.tile(f"{_MANY[by]} on target", f"{reached:,} of {len(groups):,}", note))
    return parts.tiles("figures", found)


def _figure(board: Board, over_time: pd.DataFrame, by: str, period: str) -> BlockView:
    """Return one line per group; intervals only for a single line, as many of them would hide the lines."""
    dated = over_time.dropna(subset=[period])
    parts_of: list[tuple[Any, pd.DataFrame]] = [("All", dated)]
    if by:
        most = dated.groupby(by, dropna=False)["calls"].sum().sort_values(ascending=False, kind="stable")
        kept = sorted(most.index[:MOST_LINES], key=lambda name: (pd.isna(name), str(name)))
        parts_of = [(name, dated[dated[by].isna() if pd.isna(name) else dated[by] == name]) for name in kept]
    lines = [_line(name, rows, by, period, several=len(parts_of) > 1) for name, rows in parts_of]
    shown = few.drawn("lines", lines, least=board.initiative.target)
    data = shown.data
    days = sorted({day for trace in data for day in trace["x"]})
    data.append(figures.target(board.initiative.target, days))
    words = f"The share of calls with it, by {period}{f' and {by}' if by else ''}, against the target."
    table = _shares(over_time, [one for one in (by, period) if one])
    view = figures.figure(data if days else [], words, table, "Share of calls", x={"type": "date"}, top=shown.top)
    left = len(over_time[by].unique()) - len(parts_of) if by else 0
    more = f"The {MOST_LINES} with the most calls; the table has the others." if left > 0 else ""
    note = " ".join(filter(None, ("Of what was found, the trackers' errors included.", more, shown.note)))
    return parts.figure("adoption", "Adoption", view, note, "No calls have been read yet.", wide=True)


def _line(name: Any, rows: pd.DataFrame, by: str, period: str, several: bool) -> few.Series:
    ends = None if several else (rates.numbers(rows["low"]), rates.numbers(rows["high"]))
    days = [f"{day:%Y-%m-%d}" for day in rows[period]]
    told = None if not pd.isna(name) else [False] * len(rows)
    label = rates.label(name, by) if by else str(name)
    return few.Series(label, days, rates.numbers(rows["share"]), rows["calls"].tolist(), ends, told)


def _table(so_far: pd.DataFrame, by: str) -> BlockView:
    return parts.table("groups", "So far", _shares(so_far, [by] if by else []), empty="No calls have been read yet.")


def _shares(found: pd.DataFrame, by: list[str]) -> Any:
    columns: dict[str, tuple[str, parts.CellKind]] = {one: (one.capitalize(), "text") for one in by}
    columns |= {
        "share": ("Calls with it", "interval"),
        "verdict": ("Target", "text"),
        "calls": ("Calls read", "number"),
        "calls_found": ("With it", "number"),
        "found_by": ("Found by", "text"),
    }
    rows = [
        {
            **{one: rates.label(row[one], one) for one in by},
            "share": None if pd.isna(row["share"]) else [rates.number(row[n]) for n in ("low", "share", "high")],
            "verdict": row["verdict"],
            "calls": int(row["calls"]),
            "calls_found": int(row["calls_found"]),
            "found_by": ", ".join(
                one if version is None else f"{one} (version {version})"
                for one, version in zip(row["trackers"], row["versions"], strict=True)
            ),
        }
        for row in found.to_dict("records")
    ]
    return parts.table_view(columns, rows)
