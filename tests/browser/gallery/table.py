"""Made-up trackers for the gallery's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.browser.gallery.corpus import ARABIC, LONG, LONG_WORD, MARKUP, TALK
from workbench.domain.assessments import NOT_TRAINED, Basis, assess
from workbench.domain.estimates import Interval
from workbench.domain.filters import Filters
from workbench.domain.publish_plans import PlannedCost, PublishPlan
from workbench.domain.unreadable import Unreadable
from workbench.ready_made import ready_made as real
from workbench.widgets import plan_views, ready_made_views, table_views, views
from workbench.widgets.protocol import (
    AssessmentView,
    ContextView,
    EstimateView,
    IntervalView,
    ManagedView,
    MeasureView,
    PlanView,
    ReadyMadeView,
    RunView,
    SightView,
    StandingView,
    VersionView,
)

NAMES = (
    ("Pricing objections", "The customer finds it too expensive", "active"),
    ("Asks for a discount", "The customer asks for a lower price or better terms", "active"),
    ("Next steps agreed", "", "paused"),
    ("Names a competitor", "Another supplier is named, by either side", "draft"),
    ("Caller authenticated", "Our agent checks who is calling before anything is told", "deactivated"),
    ("Escalation", "The customer wants to speak to somebody more senior", "active"),
    ("Onboarding worries", "Doubts about the effort of starting", "active"),
    ("Says thank you", "", "draft"),
)
CREATED = "2026-0{}-{:02}T09:30:00+00:00"


def row(number: int, name: str = "", description: str = "", state: str = "active", paused: str = "") -> ManagedView:
    usual = NAMES[number % len(NAMES)]
    again = f" {number // len(NAMES) + 1}" if number >= len(NAMES) else ""
    return {
        "id": f"t{number}",
        "name": name or f"{usual[0]}{again}",
        "description": description or ("" if name else usual[1]),
        "kind": "example",
        "state": state if name else usual[2],  # type: ignore[typeddict-item]
        "paused": paused,
        "created": CREATED.format(1 + number % 3, 1 + number % 27),
        "stamp": 1,
    }


def standing(one: ManagedView, unpublished: Sequence[str] = (), run: RunView | None = None) -> StandingView:
    number = int(one["id"][1:])
    drafted = one["state"] == "draft"
    known = None if drafted and number % 2 else estimate(0.9 - 0.06 * (number % 6), known=number % 5 != 2)
    return {
        "id": one["id"],
        "stamp": 1,
        "version": None if drafted else 1 + number % 4,
        "unpublished": list(unpublished),
        "estimate": known,
        "estimated": None if drafted else 1,
        "quality": views.assessment(NOT_TRAINED) if known is None else known["quality"],
        "run": None if drafted else run or runs("done"),
        "error": "",
    }


def standings(rows: Sequence[ManagedView]) -> list[StandingView]:
    """Some with unpublished changes, some that read past calls, in each way that this can end."""
    special: Mapping[int, dict[str, Any]] = {
        0: {"unpublished": ["filters", "answers"]},
        1: {"run": runs("running", 312)},
        2: {"run": runs("cancelled", 410)},
        5: {"run": runs("interrupted", 700)},
        6: {"run": runs("failed", 90, "The disk is full. Make room, then go on.")},
    }
    return [standing(one, **special.get(at, {})) for at, one in enumerate(rows)]


def held() -> list[ManagedView]:
    """Return one paused for want of credits, one whose calls wait for a judge, one whose judge could not answer for
    some.
    """
    asked = [
        row(40, "Asks for a discount", state="paused", paused="out of credits"),
        row(41, "Wants a manager", state="active"),
        row(42, "Says who decides", state="active"),
    ]
    return [one | {"kind": "question"} for one in asked]  # type: ignore[misc]


def held_standings() -> list[StandingView]:
    waiting = "the endpoint accepts no more requests now (429); try again in 60 minutes"
    ways = [runs("failed", 90, "out of credits"), runs("done", waiting=waiting), runs("done", unjudged=3)]
    return [
        standing(one, run=way) | {"estimate": None, "quality": views.assessment(NOT_TRAINED)}
        for one, way in zip(held(), ways, strict=True)
    ]  # type: ignore[misc]


def damaged() -> ManagedView:
    """Return a tracker of whose definition nothing can be read."""
    return table_views.damaged(Unreadable("tracker", "<b>Pricing</b>", "ValueError: not an object", "t50"), 1)


def damaged_standing() -> StandingView:
    error = Unreadable("tracker", "<b>Pricing</b>", "ValueError: not an object").error
    return table_views.unreadable("t50", 1, str(error))


def unreadable(one: ManagedView) -> StandingView:
    return table_views.unreadable(one["id"], 1, "Version 3 of this tracker could not be read: its model is missing.")


def runs(state: str, done: int = 1_204, message: str = "", waiting: str = "", unjudged: int = 0) -> RunView:
    return {
        "state": state,  # type: ignore[typeddict-item]
        "done": done,
        "total": 1_204,
        "found": done // 7,
        "found_by": [1, 2] if state == "running" else [1],
        "fraction": done / 1_204,
        "message": message,
        "last_run": "2026-03-09T14:05:00+00:00",
        "past": "3 months",
        "waiting": waiting,
        "unjudged": unjudged,
        "here": True,
    }


def estimate(share: float, known: bool = True) -> EstimateView:
    precision, hit_rate = _measure(share, known), _measure(share - 0.14, known)
    quality = assessed(precision["corpus"], hit_rate["corpus"])
    return {"tags": 125, "precision": precision, "hit_rate": hit_rate, "quality": quality}


def assessed(
    precision: IntervalView | None, hit_rate: IntervalView | None, basis: Basis = Basis.CALLS
) -> AssessmentView:
    """Return what two measures come to, as the kernel says it."""
    return views.assessment(assess(_told(precision), _told(hit_rate), basis))


def _told(one: IntervalView | None) -> Interval | None:
    return None if one is None or not one["tells"] else Interval(one["low"], one["point"], one["high"])


def _measure(share: float, known: bool) -> MeasureView:
    corpus: IntervalView = {"low": share - 0.1, "point": share, "high": min(1, share + 0.08), "tells": known}
    return {"heldout": share + 0.03, "spread": 0.09, "corpus": corpus}


def plan(enough: bool = True, stays: int = 902) -> PlanView:
    """Return what publishing would do in a workspace of 1,204 calls."""
    cost = PlannedCost(credits=830.5, balance=120, unpaid=302, payable=44, stopped_by="out of credits")
    counts = {"calls": 1_204, "total": 302, "undated": 12, "kept": 0, "to_read": 302, "reread": 290, "unread": 0}
    return plan_views.plan(
        PublishPlan(
            version=3,
            past="3 months",
            since=None,
            stays={2: stays - 500, 1: 500},
            waiting=4,
            cost=None if enough else cost,
            **counts,  # type: ignore[arg-type]
        )
    )


def sights(texts: Sequence[str]) -> list[SightView]:
    around: ContextView = {"text": TALK[4], "speaker": "Marcus Oyelaran", "side": "company", "time": "3:36"}
    return [
        {
            "conversation_id": "call",
            "sentence_id": f"call:{at}:0",
            "text": text,
            "before": [around],
            "after": [],
            "speaker": "Dana Whitfield",
            "side": "customer",
            "time": "3:41",
            "title": "Renewal review with Ampere House",
            "date": "2 Mar 2026",
        }
        for at, text in enumerate(texts)
    ]


def versions() -> list[VersionView]:
    def one(version: int, rule: str, changed: list[str], past: str | None, **filters: Any) -> VersionView:
        return {
            "version": version,
            "published": CREATED.format(version, 9),
            "past": past,
            "rule": rule,
            "active": version == 3,
            "changed": changed,
            "estimate": estimate(0.62 + version * 0.07, known=version > 1),
            "form": {
                "name": "Pricing objections",
                "description": "The customer finds it too expensive",
                "filters": Filters(**filters).to_dict(),  # type: ignore[typeddict-item]
                "examples": list(TALK[3:8]),
            },
        }

    return [
        one(3, "precision>=0.9", ["filters", "threshold"], None, side="customer", teams=("Enterprise",)),
        one(2, "balanced", ["examples"], "3 months", side="customer"),
        one(1, "balanced", [], "12 months"),
    ]


def ready_made(hostile: bool = False) -> list[ReadyMadeView]:
    """Those that there are; one was not measured, and of the ``hostile`` ones the words break careless pages."""
    known = [ready_made_views.ready_made(one) for one in real()]
    if not hostile:
        return [{**known[0], "quality": None}, *known[1:]]
    worse = [LONG_WORD * 2, MARKUP, ARABIC[2]]
    return [
        {**one, "key": f"k{at}", "name": text[:80], "description": text, "said": list(LONG)}
        for at, (one, text) in enumerate(zip(known, worse, strict=False))
    ]


def hostile() -> list[ManagedView]:
    """Names that break careless pages."""
    said = " ".join(LONG[1:3])[:400]
    return [
        row(0, f"{LONG_WORD}{LONG_WORD}"[:80], said),
        row(1, MARKUP, MARKUP, "draft"),
        row(2, "a" * 80, "", "paused"),
        row(3, ARABIC[2], ARABIC[3]),
    ]
