"""The builders of trackers that need no training, in the states of the gallery."""

from __future__ import annotations

from typing import Any

from tests.browser.gallery import table
from tests.browser.gallery.corpus import ARABIC, LONG, LONG_WORD, MARKUP, TALK, GalleryWorkspace
from workbench.widgets import question_views
from workbench.widgets.advice import hints
from workbench.widgets.builder import EMPTY, TrackerBuilder
from workbench.widgets.kind_views import NO_SETTINGS
from workbench.widgets.protocol import (
    CreditEntryView,
    CreditsView,
    FindsResult,
    Form,
    QuestionCheck,
    SampleView,
    SeenView,
)
from workbench.widgets.question_builder import QuestionBuilder

WORDS = ["price", "too expensive", "range", "discount", "no such word"]
Still = dict[str, tuple[Any, dict[str, Any], dict[str, Any]]]
"""By state: a widget, what its page is answered, and its traits."""


def builders() -> Still:
    """Return the builder of trackers with the kinds that need no training."""

    def one(kind: str, step: str, replies: dict[str, Any] | None = None, **settings: Any) -> Any:
        form: Form = {**EMPTY, "name": "Pricing words", "description": "What they say of our price and discounts"}
        form = {**form, "kind": kind, "settings": {**NO_SETTINGS, **settings}}  # type: ignore[typeddict-item]
        widget = TrackerBuilder(GalleryWorkspace(), form=form, step=step)
        return widget, {"check": hints(widget.workspace, form), "finds": _finds(kind), **(replies or {})}, {}

    nothing = {**_finds("phrase"), "settings": [], "pending": False, "note": "Run ws.encode() first."}
    many = [f"{word} {n}" for n in range(200) for word in WORDS]
    return {
        "choice of kinds": one("keyword", "concept"),
        "no words": one("keyword", "words", {"finds": _none()}),
        "words": one("keyword", "words", words=WORDS, exclude=["price list"]),
        "thousands of words": one("keyword", "words", words=many),
        "long words": one("keyword", "words", words=[LONG_WORD * 2, MARKUP, ARABIC[2]]),
        "preview of words": one("keyword", "preview", words=WORDS),
        "vocabulary": one("phrase", "words", vocabulary=[*TALK[3:7], LONG_WORD, ARABIC[2]]),
        "closeness": one("phrase", "preview", vocabulary=list(TALK[3:7])),
        "closeness not known": one("phrase", "preview", {"finds": nothing}, vocabulary=list(TALK[3:7])),
    }


def questions() -> Still:
    """Return the builder of questions."""

    def one(check: dict[str, Any] | None = None, **traits: Any) -> Any:
        form = {**question_views.EMPTY, **traits.pop("form", {})}
        known: dict[str, Any] = {**_check(), **(check or {})}
        widget = QuestionBuilder(GalleryWorkspace(), form=form)
        replies = {"check": known, "refine": [], "credits": _credits(), "standing": False}
        return widget, replies | {"plan": table.plan(enough=known["cost"] is not costly)}, traits

    named = {"name": "Asks for a discount", "description": "They want money off, or better terms"}
    costly = {"calls": 410, "credits": 830.5, "paid": 12, "monthly": 96.0, "free": False, "enough": False}
    tips = [
        {
            "message": "“thing” can mean much; say what would count.",
            "question": None,
            "details": None,
            "side": None,
            "text": None,
        },
        {"message": f"Calls say “{LONG_WORD}”.", "question": None, "details": None, "side": None, "text": LONG_WORD},
    ]
    free = {**named, "free": True, "question": ARABIC[3], "details": LONG_WORD * 2, "judge": "endpoint"}
    own = {"sections": {"who": "customer", "what": "ask_for", "topic": ""}}
    lacking = [{"field": "question", "index": None, "level": "error", "message": "Name a topic of your own."}]
    return {
        "new": one(),
        "own topic": one({"hints": [{**lacking[0], "other": None, "parts": [], "offer": ""}], "cost": None}, form=own),
        "in own words": one({"refinements": tips, "cost": costly}, form=free, endpoint=True),
        "tried": one(form=named, sample=_sample()),
        "judged": one(form=named, sample=_sample(judged=True), endpoint=True),
        "nothing found": one(form=named, sample={**_sample(), "calls": [], "seen": 100, "total": 100, "credits": 0}),
        "out of credits": one(
            {"cost": costly, "balance": 0},
            form={**named, "judge": "endpoint"},
            saved={**question_views.EMPTY, **named},
            stage="paused",
            paused="out of credits",
            found="Found so far: 40 sentences by version 2 and 25 by version 1.",
            run="Past calls: 322 of 1,008 are read. The credits do not reach any further.",
            endpoint=True,
        ),
        "error": one(form=named, error="The endpoint did not answer: try again later."),
    }


def _none() -> FindsResult:
    return {
        "sentences": 0,
        "calls": 0,
        "looked_at": 0,
        "of_calls": 0,
        "words": [],
        "shown": [],
        "settings": [],
        "hints": [],
        "pending": False,
        "note": "",
    }


def _finds(kind: str) -> FindsResult:
    shown = [_seen(n, text) for n, text in enumerate((*TALK[3:8], LONG[0], MARKUP, ARABIC[2]))]
    found: FindsResult = {
        **_none(),
        "sentences": 412,
        "calls": 180,
        "looked_at": 500,
        "of_calls": 1_240,
        "shown": shown,
    }
    if kind == "keyword":
        forms = ["prices", "priced", "pricing"]
        counts = [(word, 90 - 22 * n, forms if n == 0 else []) for n, word in enumerate(WORDS)]
        found["words"] = [
            {"word": w, "sentences": max(0, n), "calls": max(0, n // 2), "forms": f} for w, n, f in counts
        ]
        return found
    found["settings"] = [
        {"closeness": round(0.15 + n / 20, 2), "sentences": 9_000 // (n + 1) ** 2, "calls": 400 // (n + 1), **near}  # type: ignore[typeddict-item]
        for n in range(14)
        for near in [{"above": shown[:4], "below": shown[4:8]}]
    ]
    return found


def _seen(number: int, text: str) -> SeenView:
    half = len(text) // 2
    return {
        "conversation_id": "call",
        "sentence_id": f"call:{number}:0",
        "pieces": [{"text": text[:half], "said": False}, {"text": text[half:], "said": True}],
        "score": 0.9 - number / 50,
        "speaker": "Dana Whitfield",
        "side": "customer",
        "title": "Renewal review with Ampere House",
        "date": "2 Mar 2026",
    }


def _check() -> QuestionCheck:
    return {
        "counts": {"conversations": 1_240, "calls": 1_240, "sentences": 50_840},
        "hints": [],
        "question": "Did the customer ask for a discount?",
        "details": "Money off, free months, better terms. “Can you come down on that?”",
        "refinements": [],
        "cost": {"calls": 0, "credits": 0, "paid": 0, "monthly": 0, "free": True, "enough": True},
        "balance": 0,
    }


def _credits() -> CreditsView:
    rows = [("Asks for a discount", 12, -31.4), (MARKUP, 3, -2.0), (LONG_WORD, 1, -0.4), ("Added: May", 0, 500.0)]
    entries: list[CreditEntryView] = [
        {"day": f"2026-05-{28 - at}", "what": what, "calls": calls, "amount": amount}
        for at, (what, calls, amount) in enumerate(rows)
    ]
    return {"balance": 0, "spent": 33.8, "entries": entries, "more": 12}


def _sample(judged: bool = False) -> SampleView:
    line = {"text": TALK[2], "speaker": "Marcus Oyelaran", "side": "company", "time": None}
    said: Any = {"before": [line], "after": [], "speaker": "Dana Whitfield", "side": "customer", "time": "3:41"}
    calls: Any = [
        {
            "conversation_id": f"call-{n}",
            "title": MARKUP if n == 1 else "Renewal review with Ampere House",
            "about": ["2 Mar 2026", "Ampere House", LONG_WORD if n == 1 else "Enterprise"],
            "summary": f"The customer says: “{text}”",
            "mentions": [{**said, "sentence_id": f"call-{n}:0", "text": text}],
            "failure": "",
            "score": 0.8,
        }
        for n, text in enumerate((TALK[6], LONG[0], ARABIC[3]))
    ]
    failed: Any = {**calls[0], "conversation_id": "f", "summary": "", "mentions": [], "failure": "no answer in 60 s"}
    known = {"call-0": True, "call-1": False} if judged else {}
    return {
        "calls": [*calls, failed],
        "seen": 100,
        "total": 1_240,
        "credits": 3.0,
        "judged": known,
        "tuned": {"least": 0.71, "right_kept": 1, "wrong_dropped": 1} if judged else None,
    }
