"""Metrics as the plain JSON that their page shows, and back. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.domain.credits import Cost
from workbench.domain.metric_checks import source_data
from workbench.domain.metrics import (
    NOT_APPLICABLE,
    PARTIAL,
    UNKNOWN,
    CodeSource,
    Metric,
    MetricKind,
    Value,
    written,
)
from workbench.metrics.name_coaching import Remark
from workbench.metrics.preview import Shown
from workbench.metrics.trends import Trend
from workbench.widgets.protocol import (
    MetricCall,
    MetricCost,
    MetricForm,
    MetricHint,
    MetricPoint,
    MetricPreview,
    MetricQuote,
    MetricSourceForm,
    MetricTrend,
    NamedView,
    Tone,
)
from workbench.widgets.views import LONGEST_TEXT, clip, clip_name, clock, day

NO_SOURCE: MetricSourceForm = {
    "type": "trackers",
    "required": [],
    "match": "all",
    "cases": [],
    "otherwise": "",
    "applies": "",
    "side": "anyone",
    "part": {"where": "anywhere", "amount": 5.0, "unit": "minutes"},
    "question": "",
}
EMPTY: MetricForm = {
    "name": "",
    "kind": "boolean",
    "categories": [],
    "definition": "",
    "success": "",
    "failure": "",
    "partial": "",
    "applies_when": "",
    "source": NO_SOURCE,
}
WORDS = {"true": "True", "false": "False", PARTIAL: "Partial", NOT_APPLICABLE: "Does not apply", UNKNOWN: "Not known"}
TEXT_FIELDS = ("definition", "success", "failure", "partial", "applies_when")
_TONES: dict[str, Tone] = {"true": "good", "false": "bad", PARTIAL: "warning"}


def form_of(metric: Metric) -> MetricForm:
    """Return the form for an existing metric."""
    source = source_data(metric.source)
    known = {key: value for key, value in source.items() if value is not None}
    return {
        "name": metric.name,
        "kind": metric.kind.value,
        "categories": list(metric.categories),
        "definition": metric.definition,
        "success": metric.success,
        "failure": metric.failure,
        "partial": metric.partial,
        "applies_when": metric.applies_when,
        "source": {**NO_SOURCE, **known},  # type: ignore[typeddict-item]  # only a source's own keys
    }


def values_of(form: MetricForm) -> dict[str, Any]:
    """Return what ``ws.metrics.create`` takes, without what the selected kind and source do not need."""
    boolean = form["kind"] == MetricKind.BOOLEAN.value
    categories = [] if boolean else [one for one in form["categories"] if one.strip()]
    texts = {name: form[name] for name in TEXT_FIELDS}  # type: ignore[literal-required]  # all are keys of it
    return {"kind": form["kind"], "categories": categories, "source": _source(form["source"], boolean), **texts}


def _source(given: MetricSourceForm, boolean: bool) -> dict[str, Any]:
    if given["type"] == "question":
        return {"type": "question", "question": given["question"], "side": given["side"]}
    if given["type"] != "trackers":
        return {"type": "code"}
    own: dict[str, Any] = {"required": given["required"], "match": given["match"]}
    if not boolean:
        own = {"cases": [case for case in given["cases"] if all(case)], "otherwise": given["otherwise"]}
    same = {name: given[name] for name in ("applies", "side", "part")}
    return {"type": "trackers", **own, **same}


def hints(remarks: Sequence[Remark]) -> list[MetricHint]:
    return [{"field": one.field, "level": one.level, "message": one.message} for one in remarks]


def snippet(form: MetricForm) -> str:
    """Return code that logs a value of the metric; every text in it is a Python literal."""
    name, boolean = form["name"].strip() or "Booking completed", form["kind"] == MetricKind.BOOLEAN.value
    value: Value = True if boolean else next((one for one in form["categories"] if one.strip()), "…")
    call = 'ws.call("CALL ID")'
    return f"{call}.log_metric({name!r}, {value!r})\n{call}.log_event({name!r}, {value!r}, at_s=42)"


def preview(shown: Sequence[Shown]) -> MetricPreview:
    calls = [_call(one) for one in shown]
    return {"calls": calls, "counts": dict(Counter(one["value"] for one in calls).most_common())}


def _call(one: Shown) -> MetricCall:
    text = written(one.outcome.value)
    return {
        "conversation_id": one.heading.id,
        "title": clip_name(one.heading.title) or one.heading.id,
        "date": day(one.heading.started),
        "value": WORDS.get(text, text),
        "tone": _TONES.get(text, ""),
        "why": one.outcome.why,
        "quotes": [_quote(quote) for quote in one.quotes],
    }


def _quote(quote: Any) -> MetricQuote:
    return {
        "sentence_id": quote.id,
        "text": clip(quote.text, LONGEST_TEXT),
        "speaker": clip_name(quote.speaker),
        "side": quote.side,
        "time": clock(quote.start_s),
    }


def trend(metric: Metric, found: Trend) -> MetricTrend:
    """Return the trend of the first value: true, or the first category."""
    wanted = written(metric.values[0])
    rows = found.table[(found.table["value"] == wanted) & found.table["month"].notna()]
    partly = found.table[found.table["value"] == PARTIAL].set_index("month")["count"].to_dict()
    return {
        "value": WORDS.get(wanted, wanted),
        "points": [_point(row, int(partly.get(row["month"], 0))) for row in rows.to_dict("records")],
        "notes": list(found.notes),
    }


def _point(row: dict[Any, Any], partial: int) -> MetricPoint:
    share, low, high = (None if pd.isna(row[name]) else float(row[name]) for name in ("share", "low", "high"))
    return {
        "month": f"{row['month']:%b %Y}",
        "share": share,
        "low": low,
        "high": high,
        "known": int(row["known"]),
        "partial": partial,
        "unknown": int(row[UNKNOWN]),
        "left_out": int(row[NOT_APPLICABLE]),
    }


def cost(found: Cost) -> MetricCost:
    return {"calls": found.calls, "credits": found.credits, "free": not found.credits, "enough": found.enough}


def named(metric: Metric) -> NamedView:
    note = "logged from code" if isinstance(metric.source, CodeSource) else ""
    return {"id": metric.id, "name": metric.name, "note": note}
