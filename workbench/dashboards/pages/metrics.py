"""A metric: how often it has each value, over time and by group; typical calls; what sets its calls apart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.dashboards import few, figures, hits, known, parts, rates
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.domain.metrics import NOT_APPLICABLE, PARTIAL, UNKNOWN, Metric, TrackerRule, read, written
from workbench.domain.plurals import plural
from workbench.metrics.analyst import Analyst
from workbench.metrics.findings import Comparison, SaidDifference, Typical
from workbench.metrics.trends import Trend, trend
from workbench.results.grouping import PERIODS
from workbench.widgets.protocol import BlockView, DashboardView
from workbench.workspace.workspace import Workspace

NO_METRIC = "There are no metrics yet. Ask the person who manages the trackers to create one in a notebook."
CHOOSE = (
    "Choose which calls to explain, or ask a question that names the metric, such as “why do calls fail it?”, to see "
    "what is said more often in these calls than in the others."
)
MOST_LINES = 8
_BY = {"": "All together", "team": "Team", "person": "Person"}
_PERIODS = {name: name.capitalize() for name in PERIODS}
_WORDS = {"true": "True", "false": "False", PARTIAL: "Partial", NOT_APPLICABLE: "Does not apply", UNKNOWN: "Not known"}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "metrics", query, ("metric", "by", "period", "value", "ask"))
    question = page.query.get("ask", "")
    metrics = {one.id: one for one in workspace.metrics.list()}
    names = {one: metric.name for one, metric in metrics.items()}
    wanted = page.one_of("metric", names, next(iter(names), ""))
    by, period = page.one_of("by", _BY), page.one_of("period", _PERIODS, "month")
    value = page.query.pop("value", "")
    if not wanted:
        return page.view(NO_METRIC, [])
    if "metric" in page.lost:
        return page.view("", [], [parts.choice("metric", "Metric", {"": "Choose…"} | names, "")])
    metric = metrics[wanted]
    values = {written(one): words(written(one)) for one in metric.values}
    if value:
        page.query["value"] = value
    value = page.one_of("value", values)
    controls = [
        parts.choice("metric", "Metric", names, wanted),
        parts.choice("by", "By", _BY, by),
        parts.choice("period", "Per", _PERIODS, period),
        parts.choice("value", "Explain calls that are", {"": "None"} | values, value),
        parts.field("ask", "Ask", question),
        *page.controls("team", "account", "stage", "side", "from", "to"),
    ]
    trackers = known.known(workspace)
    rule = metric.source.trackers if isinstance(metric.source, TrackerRule) else ()
    progress = known.progress(one for one in trackers if one.id in rule)
    blocks = [*_figures(page, metric, by, period), *_analysis(page, metric, value, question)]
    return page.view(metric.definition or "It has no definition yet.", blocks, controls, progress, metric.name)


def words(value: str) -> str:
    return _WORDS.get(value, value)


def _figures(page: DashboardQuery, metric: Metric, by: str, period: str) -> list[BlockView]:
    workspace, groups = page.workspace, (by,) if by else ()
    whole = trend(workspace.resources, metric, (), None, page.filters)
    over_time = trend(workspace.resources, metric, groups, period, page.filters)
    blocks = [_tiles(whole), _figure(metric, over_time, by, period)]
    if by:
        blocks.append(_table(trend(workspace.resources, metric, groups, None, page.filters), by))
    return blocks


def _tiles(whole: Trend) -> BlockView:
    found = []
    for row in whole.table.to_dict("records"):
        told = not pd.isna(row["share"])
        spread = f"{parts.percent(row['low'])} to {parts.percent(row['high'])}" if told else "not known"
        share = parts.percent(row["share"]) if told else "none"
        found.append(parts.tile(words(row["value"]), share, f"{plural(row['count'], 'call')}; {spread}"))
    first = whole.table.iloc[0] if len(whole.table) else None
    for name in (NOT_APPLICABLE, UNKNOWN):
        count = 0 if first is None else int(first[name])
        found.append(parts.tile(words(name), count, "calls that count in no share"))
    return parts.tiles("figures", found)


def _figure(metric: Metric, over_time: Trend, by: str, period: str) -> BlockView:
    """Return one line per value, for yes or no only the first; with groups one line per group, for the first value."""
    dated = over_time.table.dropna(subset=[period])
    first = written(metric.values[0])
    split = by or "value"
    alone = by or set(dated["value"]) <= {"true", "false"}  # the rest is false: a mirror image adds nothing
    rows = dated[dated["value"] == first] if alone else dated
    most = rows.groupby(split, dropna=False, sort=False)["calls"].sum().sort_values(ascending=False, kind="stable")
    lines = []
    for name in most.index[:MOST_LINES]:
        mine = rows[rows[split].isna() if pd.isna(name) else rows[split] == name]
        label = rates.label(name, by) if by else words(str(name))
        days = [f"{day:%Y-%m-%d}" for day in mine[period]]
        ends = (rates.numbers(mine["low"]), rates.numbers(mine["high"])) if len(most) == 1 or not by else None
        told = None if not (by and pd.isna(name)) else [False] * len(mine)
        lines.append(few.Series(label, days, rates.numbers(mine["share"]), mine["known"].tolist(), ends, told))
    shown = few.drawn("lines", lines)
    description = (
        f"The share of calls by {period}{f' and {by}' if by else ''}{f', that are {words(first)}' if by else ''}."
    )
    table = _rows(over_time.table, [one for one in (by, period) if one])
    view = figures.figure(shown.data, description, table, "Share of calls", x={"type": "date"}, top=shown.top)
    note = " ".join(filter(None, (*over_time.notes, shown.note)))
    return parts.figure("trend", "Over time", view, note, "No calls have a value yet.", wide=True)


def _table(found: Trend, by: str) -> BlockView:
    return parts.table("groups", f"By {by}", _rows(found.table, [by]), empty="No calls have a value yet.")


def _rows(table: pd.DataFrame, by: list[str]) -> Any:
    columns: dict[str, tuple[str, parts.CellKind]] = {one: (one.capitalize(), "text") for one in by}
    columns |= {
        "value": ("Value", "text"),
        "share": ("Share", "interval"),
        "count": ("Calls", "number"),
        "known": ("Of calls", "number"),
        UNKNOWN: ("Not known", "number"),
        NOT_APPLICABLE: ("Does not apply", "number"),
    }
    rows = [
        {
            **{one: rates.label(row[one], one) for one in by},
            "value": words(row["value"]),
            "share": None if pd.isna(row["share"]) else [rates.number(row[n]) for n in ("low", "share", "high")],
            **{name: int(row[name]) for name in ("count", "known", UNKNOWN, NOT_APPLICABLE)},
        }
        for row in table.to_dict("records")
    ]
    return parts.table_view(columns, rows[: parts.MOST_ROWS], total=len(rows))


def _analysis(page: DashboardQuery, metric: Metric, value: str, question: str) -> list[BlockView]:
    if not question and not value:
        return [parts.text("answer", "What sets calls apart", CHOOSE)]
    analyst = Analyst(page.workspace.resources)
    if question:
        answer = analyst.ask(question, page.filters)
        found, title = answer.comparison, "The answer"
        lead = answer.text if found is None or not found.differences else answer.sentences[0].text
    else:
        found, title = analyst.compare(metric.id, read(value), filters=page.filters), f"Calls that are {words(value)}"
        lead = _compared(found)
    blocks = [parts.text("answer", title, lead)]
    if found is not None and found.differences:
        blocks += [_differences(found), _quotes(page, found), *_typical(page, found)]
    return blocks


def _compared(found: Comparison) -> str:
    if not found.can_tell:
        return " ".join(found.notes)
    against = "the others" if found.against is None else words(written(found.against))
    of = words(written(found.of))
    calls = plural(found.of_calls, "call that is", "calls that are")
    lead = f"{calls} {of}, compared with {found.against_calls:,} that are {against}."
    if found.differences:
        return lead
    return (
        f"{lead} Nothing is said in more calls of one group than expected at random; {found.tested:,} "
        "words, phrases and "
        "meanings were compared."
    )


def _differences(found: Comparison) -> BlockView:
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "said": ("What is said", "text"),
        "of": ("In these calls", "percent"),
        "against": ("In the others", "percent"),
        "difference": ("Difference in points", "text"),
    }
    rows = [
        {"said": _said(one), "of": one.of_share, "against": one.against_share, "difference": _span(one)}
        for one in found.differences
    ]
    note = f"{found.tested:,} words, phrases and meanings were compared. An association is not necessarily a cause."
    table = parts.table_view(columns, rows)
    return parts.table("differences", "What sets them apart", table, " ".join([note, *found.notes]))


def _said(one: SaidDifference) -> str:
    return f"“{one.text}”" if one.kind == "words" else f"Something like “{one.text}”"


def _span(one: SaidDifference) -> str:
    """Return percentage points, with the interval; without line breaks inside either."""
    more, low, high = (f"{100 * value:+.0f}".replace("-", "−") for value in (one.difference, one.low, one.high))
    return f"{more} ({low}\u00a0to\u00a0{high})"


def _quotes(page: DashboardQuery, found: Comparison) -> BlockView:
    ids = list(dict.fromkeys(quote.sentence_id for one in found.differences for quote in one.quotes))
    shown = hits.hits(page, ids[: hits.PAGE], {})
    return parts.hits("quotes", "As it was said", shown, len(shown))


def _typical(page: DashboardQuery, found: Comparison) -> list[BlockView]:
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "group": ("Calls that are", "text"),
        "title": ("Typical call", "text"),
        "date": ("Date", "date"),
        "says": ("Says", "text"),
    }
    against = "others" if found.against is None else words(written(found.against))
    groups = [(words(written(found.of)), found.typical_of), (against, found.typical_against)]
    calls: list[tuple[str, Typical]] = [(name, one) for name, typical in groups for one in typical]
    rows = [
        {
            "group": name,
            "title": one.title or one.conversation_id,
            "date": one.started.isoformat() if one.started else None,
            "says": ", ".join(f"“{text}”" for text in one.says[:5]),
        }
        for name, one in calls
    ]
    links = [page.call_link("Go to call", one.conversation_id) for _, one in calls]
    return [parts.table("typical", "Typical calls", parts.table_view(columns, rows, links))]
