"""Made-up metrics for the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.browser.gallery.corpus import ARABIC, LONG, LONG_WORD, MARKUP, TALK, GalleryWorkspace
from workbench.metrics.coaching import coach
from workbench.widgets import metric_views
from workbench.widgets.metric_builder import MetricBuilder
from workbench.widgets.protocol import MetricCall, MetricForm, MetricPoint, MetricQuote, MetricTrend, NamedView, Tone

TRACKERS: list[NamedView] = [
    {"id": "t0", "name": "Identity asked", "note": ""},
    {"id": "t1", "name": "Identity confirmed", "note": ""},
    {"id": "t2", "name": "Login begun", "note": "not published yet"},
]
METRICS: list[NamedView] = [
    {"id": "m0", "name": "Auth: verified", "note": ""},
    {"id": "m1", "name": "Booking: completed", "note": "logged from code"},
]
VERIFIED: MetricForm = {
    **metric_views.EMPTY,
    "name": "Auth: verified",
    "definition": "The caller gave a name and a date of birth, and the agent confirmed that both match the account.",
    "success": "The agent says that both details match.",
    "failure": "The caller cannot give both, or they do not match.",
    "partial": "One of the two was given, the other could not be confirmed.",
    "applies_when": "Once the caller asks for something that needs the account.",
    "source": {**metric_views.NO_SOURCE, "required": ["t0", "t1"], "applies": "t2"},
}
ROUTE: MetricForm = {
    **metric_views.EMPTY,
    "name": "Route: reason",
    "kind": "categorical",
    "categories": ["Sales", "Support", "Billing"],
    "definition": "Sales where the caller wants to buy, support where something does not work, else billing.",
    "source": {**metric_views.NO_SOURCE, "cases": [["Sales", "t0"], ["Support", "t1"]], "otherwise": "Billing"},
}
FAILURE = "name: a metric is already named 'Auth: verified'; choose another name"


class GalleryMetrics:
    """None at all."""

    def list(self) -> list[Any]:
        return []

    def used(self, metrics: list[Any]) -> dict[str, Any]:
        return {}


class MetricsWorkspace(GalleryWorkspace):
    """With no metrics."""

    metrics = GalleryMetrics()


class GalleryMetric(MetricBuilder):
    """Shows what it is given, whatever its page asks."""

    def __init__(self, form: MetricForm, saved: bool = True, trend: MetricTrend | None = None, **traits: Any) -> None:
        super().__init__(MetricsWorkspace())
        self._trend = trend
        self.trackers, self.metrics = TRACKERS, METRICS
        self.form, self.saved = form, form if saved else None
        self.metric_id = "m0" if saved else ""
        for name, value in traits.items():
            setattr(self, name, value)

    def _handle(self, content: dict[str, Any]) -> Any:
        if content["kind"] == "check":
            form = content["form"]
            known = {name: form[name] for name in ("kind", "categories", *metric_views.TEXT_FIELDS)}
            others = [one["name"] for one in METRICS if one["id"] != self.metric_id]
            remarks = coach(form["name"], **known, others=others)
            return {"hints": metric_views.hints(remarks), "snippet": metric_views.snippet(form)}
        return self._trend if content["kind"] == "trend" else None


def states() -> dict[str, GalleryMetric]:
    weak: MetricForm = {**metric_views.EMPTY, "name": "BOOKING", "definition": "Check if the booking went well"}
    question: MetricForm = {
        **VERIFIED,
        "source": {**metric_views.NO_SOURCE, "type": "question", "question": "Did the agent confirm who is calling?"},
    }
    code: MetricForm = {**VERIFIED, "name": "Paid: received", "source": {**metric_views.NO_SOURCE, "type": "code"}}
    hostile: MetricForm = {**ROUTE, "name": f"{LONG_WORD} {MARKUP}", "categories": [LONG_WORD, MARKUP, ARABIC[2]]}
    looked = {"form": VERIFIED, "preview": _preview(_calls(6))}
    return {
        "empty": GalleryMetric(metric_views.EMPTY, saved=False, metrics=[], trackers=[]),
        "coached": GalleryMetric(weak, saved=False),
        "from trackers": GalleryMetric(VERIFIED, trend=_trend(), shown=looked),
        "categorical": GalleryMetric(ROUTE, trend=_trend("Sales")),
        "from a question": GalleryMetric(question, trend=_trend(known=0)),
        "from code": GalleryMetric(code, saved=False),
        "long text": GalleryMetric(
            hostile, shown={"form": VERIFIED, "preview": _preview(_hostile())}, trend=_trend(MARKUP)
        ),
        "thousands of items": GalleryMetric(
            VERIFIED, trackers=_many(), shown={"form": VERIFIED, "preview": _preview(_calls(60))}
        ),
        "error": GalleryMetric(VERIFIED, saved=False, error=FAILURE),
    }


def _many() -> list[NamedView]:
    return [{"id": f"t{n}", "name": f"{TRACKERS[n % 3]['name']} {n}", "note": ""} for n in range(1_000)]


def _calls(count: int) -> list[MetricCall]:
    kinds: Sequence[tuple[str, Tone, str]] = (
        ("True", "good", ""),
        ("Partial", "warning", ""),
        ("False", "bad", ""),
        ("Does not apply", "", ""),
        ("Not known", "", "a tracker of the metric has not read this call"),
    )
    out: list[MetricCall] = []
    for number in range(count):
        value, tone, why = kinds[number % len(kinds)]
        quotes = [_quote(at, TALK[(number + at) % len(TALK)]) for at in range(2 if tone in ("good", "warning") else 0)]
        out.append(_call(number, "Renewal review with Ampere House", value, tone, why, quotes))
    return out


def _hostile() -> list[MetricCall]:
    texts = (*LONG[:3], ARABIC[2])
    return [_call(n, f"{LONG_WORD} {MARKUP}", MARKUP, "", "", [_quote(n, text)]) for n, text in enumerate(texts)]


def _call(number: int, title: str, value: str, tone: Tone, why: str, quotes: list[MetricQuote]) -> MetricCall:
    return {
        "conversation_id": f"c{number}",
        "title": title,
        "date": "2 Mar 2026",
        "value": value,
        "tone": tone,
        "why": why,
        "quotes": quotes,
    }


def _quote(at: int, text: str) -> MetricQuote:
    side = "customer" if at % 2 else "company"
    return {"sentence_id": f"call:{at}:0", "text": text, "speaker": "Dana Whitfield", "side": side, "time": f"{at}:07"}


def _preview(calls: list[MetricCall]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for one in calls:
        counts[one["value"]] = counts.get(one["value"], 0) + 1
    return {"calls": calls, "counts": counts}


def _trend(value: str = "True", known: int = 40) -> MetricTrend:
    months = ("Oct 2025", "Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026")
    return {
        "value": value,
        "points": [_point(month, 0.3 + 0.08 * at, known * (at > 0)) for at, month in enumerate(months)],
        "notes": [
            "Values are as the trackers found them, errors included.",
            "12 of 240 are unknown and count in no share.",
        ],
    }


def _point(month: str, share: float, known: int) -> MetricPoint:
    ends: dict[str, Any] = {"share": share, "low": share - 0.12, "high": share + 0.14}
    shown = ends if known else dict.fromkeys(ends)
    return {"month": month, **shown, "known": known, "unknown": 2, "left_out": 9}  # type: ignore[typeddict-item]
