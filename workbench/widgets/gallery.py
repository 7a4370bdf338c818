"""Every widget in every state, without a corpus: to look at while designing, and for the tests to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets

from workbench.widgets import carousel, plots
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.builder import EMPTY, TrackerBuilder
from workbench.widgets.call_viewer import CallViewer
from workbench.widgets.carousel import TaggingCarousel
from workbench.widgets.gallery_corpus import ARABIC, LONG, LONG_WORD, MARKUP, TALK, GalleryWorkspace
from workbench.widgets.plots import QualityPlots
from workbench.widgets.protocol import CardView, CarouselView, Form, IntervalView, MeasureView, RoundView, SettingView

EXAMPLES = [
    "That's just not in our price range.",
    "Could you go any lower on that cost?",
    "It's more than we expected to pay.",
    "We can't justify that kind of money.",
    "Your competitor is a good deal cheaper.",
]
FAILURE = "The disk is full: your answer was not saved. Make room, then try again."
LOST_CALL = "The workspace holds no conversation 'call-0815'."


def gallery(widget: str) -> ipywidgets.Widget:
    """All states of a widget, one below the other: ``builder``, ``carousel``, ``plots`` or ``call``."""
    column = ipywidgets.VBox([_framed(widget, state, one) for state, one in STATES[widget]().items()])
    column.add_class(f"gallery-of-{widget}")
    return column


def _framed(name: str, state: str, widget: WorkbenchWidget) -> ipywidgets.Widget:
    title = ipywidgets.Label(f"{name}, {state}")
    box = ipywidgets.VBox([title, widget], layout=ipywidgets.Layout(width="100%", overflow="hidden"))
    box.add_class(f"gallery-{name}-{state.replace(' ', '-')}")
    return box


def _still(widget: WorkbenchWidget, replies: Mapping[str, Any] | None = None, **traits: Any) -> WorkbenchWidget:
    """The widget in this state; whatever its page asks, it stays as it is."""
    for name, value in traits.items():
        setattr(widget, name, value)
    known = replies or {}
    widget._handle = lambda content: known.get(content["kind"])  # type: ignore[method-assign]
    return widget


def _unanswered(widget: WorkbenchWidget) -> WorkbenchWidget:
    """The widget while it waits for an answer, which does not come."""
    widget._msg_callbacks.callbacks.clear()
    return widget


def _builder() -> dict[str, WorkbenchWidget]:
    def one(values: int = 4, error: str = "", **form: Any) -> WorkbenchWidget:
        filled: Form = {**EMPTY, **form}  # type: ignore[typeddict-item]
        widget = TrackerBuilder(GalleryWorkspace(values), form=filled)
        widget.error = error
        return widget

    concept = {"name": "Pricing objections", "description": "The customer finds it too expensive"}
    return {
        "empty": one(),
        "filled in": one(**concept, examples=EXAMPLES),
        "weak examples": one(name="Good", examples=["Yes.", "It costs too much. And we can't pay.", "Yes, it is."]),
        "long text": one(name=LONG_WORD, description=f"{LONG_WORD} {MARKUP} " * 3, examples=[*LONG[:3], *EXAMPLES]),
        "right to left": one(name=ARABIC[2], description=ARABIC[1], examples=list(ARABIC)),
        "thousands of items": one(3_000, **concept, examples=[f"{EXAMPLES[n % 5]} Case {n}." for n in range(100)]),
        "error": one(**concept, examples=EXAMPLES, error=FAILURE),
    }


def _carousel() -> dict[str, WorkbenchWidget]:
    def one(cards: list[CardView], error: str = "", **view: Any) -> WorkbenchWidget:
        state: CarouselView = {**carousel.NOTHING, "tracker": "Pricing objections", "round": 1, **view}  # type: ignore[typeddict-item]
        return _still(TaggingCarousel(GalleryWorkspace()), cards=cards, state=state, error=error)

    cards = [_card(n, TALK[(n + 3) % len(TALK)]) for n in range(25)]
    answers = {card["sentence_id"]: ("yes", "no", "no", "not_sure")[n % 4] for n, card in enumerate(cards[:9])}
    summary = {"round": 4, "yes": 7, "no": 16, "not_sure": 2}
    return {
        "empty": one([], tracker=""),
        "loading": one([], phase="opening"),
        "first card": one(cards, phase="tagging"),
        "half way": one(cards, phase="tagging", round=3, answers=answers, rounds_done=2),
        "long text": one([_card(0, LONG[1], LONG_WORD)], phase="tagging", tracker=LONG_WORD),
        "right to left": one([_card(n, text) for n, text in enumerate(ARABIC)], phase="tagging", tracker=ARABIC[2]),
        "training": one(cards, phase="training", round=4, summary=summary, fraction=0.4, message="Estimating"),
        "next round": one(cards, phase="tagging", round=5, summary=summary, rounds_done=4),
        "nothing left": one([], phase="exhausted", message="Every sentence that passes the filters has an answer."),
        "error": one(cards, phase="failed", answers=answers, error=FAILURE),
    }


def _card(number: int, text: str, speaker: str = "Dana Whitfield") -> CardView:
    lines = [
        {"text": TALK[(number + n) % len(TALK)], "speaker": "Marcus Oyelaran", "side": "company", "time": f"3:{n:02}"}
        for n in range(8)
    ]
    return {
        "conversation_id": "call",
        "sentence_id": f"call:{number}:0",
        "text": text,
        "before": lines[:4],  # type: ignore[typeddict-item]
        "after": lines[4:],  # type: ignore[typeddict-item]
        "speaker": speaker,
        "side": "customer",
        "time": "3:41",
        "title": "Renewal review with Ampere House",
        "date": "2 Mar 2026",
        "reason": ("likely", "unsure", "random", "audit")[number % 4],  # type: ignore[typeddict-item]
        "score": 0.9 - number / 50,
    }


def _plots() -> dict[str, WorkbenchWidget]:
    def one(error: str = "", more: Mapping[str, Any] | None = None, **view: Any) -> WorkbenchWidget:
        state = {**plots.NOTHING, "phase": "idle", "tracker": "Pricing objections", **view}
        return _still(QualityPlots(GalleryWorkspace()), state=state, error=error, **(more or {}))

    found = [_card(n, TALK[(n + 3) % len(TALK)]) for n in range(20)]
    advice = [{"kind": "audit", "message": "An audit would tell both numbers.", "groups": [], "answers": {}}]
    details = {"dial": [_setting(n) for n in range(9)], "rule": "balanced", "advice": advice, "fell": [3]}
    after = {"surfaced": found, "details": details, "rounds_done": 4}
    tuning = {"tuning": {"running": True, "fraction": 0.3, "message": "Fine-tuning"}}
    return {
        "empty": one(phase="nothing", tracker=""),
        "loading": one(phase="opening"),
        "before the first round": one(message="Estimates show here after the first round of tagging."),
        "one round": one(rounds=[_round(1)]),
        "after four rounds": one(rounds=[_round(n) for n in range(1, 5)], more=after),
        "fine-tuning": one(rounds=[_round(n) for n in range(1, 5)], more={**after, **tuning}),
        "many rounds": one(rounds=[_round(n) for n in range(1, 41)], more={**after, "rounds_done": 40}),
        "long text": one(tracker=LONG_WORD, rounds=[_round(1)], more={"surfaced": [_card(0, LONG[1], LONG_WORD)]}),
        "right to left": one(tracker=ARABIC[2], rounds=[_round(1)], more={"surfaced": [_card(0, ARABIC[2])]}),
        "error": one(rounds=[_round(1)], phase="failed", error=FAILURE),
    }


def _round(number: int) -> RoundView:
    share = 0.55 + 0.35 * (1 - 1 / number) - (0.12 if number == 3 else 0)
    return {
        "round": number,
        "tags": 25 * number,
        "yes": 7 * number,
        "wanted": 120 if number < 5 else 0,
        "precision": _measure(share, number),
        "hit_rate": _measure(share - 0.1, number),
    }


def _measure(share: float, number: int) -> MeasureView:
    return {
        "heldout": share,
        "spread": 0.2 / number,
        "corpus": _interval(share - 0.05, 0.3 / number) if number > 1 else None,
    }


def _interval(share: float, half: float) -> IntervalView:
    return {"low": max(0.0, share - half), "point": share, "high": min(1.0, share + half), "tells": half < 0.2}


def _setting(number: int) -> SettingView:
    """From finding much to being right."""
    rule = "balanced" if number == 4 else f"precision>={0.5 + number * 0.05:.2f}"
    return {
        "threshold": 0.1 + number * 0.1,
        "found": 3_200 - number * 340,
        "precision": _interval(0.5 + number * 0.05, 0.08),
        "hit_rate": _interval(0.95 - number * 0.07, 0.1),
        "rule": rule,
        "also": [],
    }


def _call() -> dict[str, WorkbenchWidget]:
    def one(conversation: str = "", at: int | None = None, *marked: int, error: str = "") -> WorkbenchWidget:
        widget = CallViewer(GalleryWorkspace())
        if conversation:
            widget.show(conversation, None if at is None else f"{conversation}:{at}:0")
        names = ["Pricing objections", LONG_WORD if conversation == "long" else "Next steps"]
        marks = [{"at": place, "tracker": names[n % 2], "score": 0.97 - n % 7 / 20} for n, place in enumerate(marked)]
        widget.on_detections = lambda conversation_id: {"trackers": names if marks else [], "marks": marks}  # type: ignore[method-assign]
        widget.error = error
        return widget

    opening = one("call")
    return {
        "empty": one(),
        "loading": _unanswered(opening),
        "a call": one("call", 3, 3, 9),
        "no marks": one("call"),
        "long text": one("long", 1, 0, 1),
        "right to left": one("arabic", 2, 2),
        "thousands of items": one("hours", 3_000, *range(3, 6_000, 97)),
        "no text": one("silent"),
        "e-mail": one("mail", None, 2),
        "error": one(error=LOST_CALL),
    }


STATES = {"builder": _builder, "carousel": _carousel, "plots": _plots, "call": _call}
