"""Every widget in every state, without a corpus: to look at while designing, and for the tests to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets

from tests.browser.gallery import dashboard, importer, kinds, live, metrics, table
from tests.browser.gallery.corpus import ARABIC, LONG, LONG_WORD, MARKUP, TALK, GalleryWorkspace
from workbench.widgets import carousel, plots, review
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.builder import EMPTY, TrackerBuilder
from workbench.widgets.call_viewer import CallViewer
from workbench.widgets.carousel import TaggingCarousel
from workbench.widgets.plots import QualityPlots
from workbench.widgets.protocol import (
    CardView,
    CarouselView,
    Form,
    IntervalView,
    ManagedView,
    MeasureView,
    RoundView,
    SettingView,
)
from workbench.widgets.review import Review
from workbench.widgets.table import TrackerTable

EXAMPLES = [
    "That's just not in our price range.",
    "Could you go any lower on that cost?",
    "It's more than we expected to pay.",
    "We can't justify that kind of money.",
    "Your competitor is a good deal cheaper.",
]
NARROW = {
    "side": "customer",
    "part": {"where": "first", "amount": 5, "unit": "minutes"},
    "teams": ["Team 1", "Team 2"],
    "accounts": [LONG_WORD],
    "languages": ["en"],
    "started_from": "2026-01-01T00:00:00",
    "fields": {"region": "North"},
}
UNTRAINED = "Pricing words is a keyword tracker. It finds words, so there is nothing to tag."
FAILURE = "The disk is full: your answer was not saved. Make room, then try again."
LOST_CALL = "The workspace has no conversation 'call-0815'."


def gallery(widget: str) -> ipywidgets.Widget:
    """Return all states of a widget, one below the other; ``widget`` is one of ``STATES``."""
    column = ipywidgets.VBox([_framed(widget, state, one) for state, one in STATES[widget]().items()])
    column.add_class(f"gallery-of-{widget}")
    return column


def _framed(name: str, state: str, widget: WorkbenchWidget) -> ipywidgets.Widget:
    title = ipywidgets.Label(f"{name}, {state}")
    box = ipywidgets.VBox([title, widget], layout=ipywidgets.Layout(width="100%", overflow="hidden"))
    box.add_class(f"gallery-{name}-{state.replace(' ', '-')}")
    return box


def _still(widget: WorkbenchWidget, replies: Mapping[str, Any] | None = None, **traits: Any) -> WorkbenchWidget:
    """Return the widget in this state; whatever its page asks, it stays as it is."""
    for name, value in traits.items():
        setattr(widget, name, value)
    known = {"plan": table.plan(), **(replies or {})}
    widget._handle = lambda content: known.get(content["kind"])  # type: ignore[method-assign]
    return widget


def _unanswered(widget: WorkbenchWidget) -> WorkbenchWidget:
    """Return the widget while it waits for an answer, which does not come."""
    widget._msg_callbacks.callbacks.clear()
    return widget


def _builder() -> dict[str, WorkbenchWidget]:
    def one(step: str, values: int = 4, calls: int = 1_240, error: str = "", **form: Any) -> WorkbenchWidget:
        filled: Form = {**EMPTY, **form}  # type: ignore[typeddict-item]
        widget = TrackerBuilder(GalleryWorkspace(values, calls), form=filled, step=step)
        widget.error = error
        return widget

    concept: dict[str, Any] = {"name": "Pricing objections", "description": "The customer finds it too expensive"}
    whole: dict[str, Any] = {**concept, "examples": EXAMPLES, "filters": {**EMPTY["filters"], **NARROW}}
    weak = ["Yes.", "It costs too much. And we can't pay.", "Yes, it is.", "It costs far too much.", "Yes!"]
    many = [f"{EXAMPLES[n % 5]} Case {n}." for n in range(100)]
    wordy: dict[str, Any] = {
        "name": LONG_WORD,
        "description": f"{LONG_WORD} {MARKUP} " * 3,
        "examples": [*LONG[:3], *EXAMPLES],
    }
    saved = one("train", **whole)
    saved.saved = saved.form
    return {
        "empty": one("concept"),
        "filled in": one("concept", **concept, examples=EXAMPLES),
        "no filters": one("where", **concept),
        "narrow filters": one("where", calls=212, **whole),
        "nothing matches": one("where", calls=0, **whole),
        "thousands of values": one("where", 3_000, **concept),
        "counting": _unanswered(one("where", **concept)),
        "no examples": one("examples", **concept),
        "weak examples": one("examples", **concept, examples=weak),
        "thousands of items": one("examples", 3_000, **concept, examples=many),
        "long text": one("examples", **wordy),
        "right to left": one("examples", name=ARABIC[2], description=ARABIC[1], examples=list(ARABIC)),
        "to be created": one("train", **whole),
        "too little": one("train", calls=212, examples=weak[:3]),
        "long summary": one("train", **{**whole, **wordy}),
        "saved": saved,
        "error": one("examples", **concept, examples=EXAMPLES, error=FAILURE),
        **_stills(kinds.builders()),
    }


def _stills(states: kinds.Still) -> dict[str, WorkbenchWidget]:
    return {name: _still(widget, replies, **traits) for name, (widget, replies, traits) in states.items()}


def _question() -> dict[str, WorkbenchWidget]:
    return _stills(kinds.questions())


def _carousel() -> dict[str, WorkbenchWidget]:
    def one(cards: list[CardView], error: str = "", **view: Any) -> WorkbenchWidget:
        state: CarouselView = {**carousel.NOTHING, "tracker": "Pricing objections", "round": 1, **view}  # type: ignore[typeddict-item]
        return _still(TaggingCarousel(GalleryWorkspace()), cards=cards, state=state, error=error)

    cards = [_card(n, TALK[(n + 3) % len(TALK)]) for n in range(25)]
    answers = {card["sentence_id"]: ("yes", "no", "no", "not_sure")[n % 4] for n, card in enumerate(cards[:9])}
    summary = {"round": 4, "yes": 7, "no": 16, "not_sure": 2}
    few = {"before": None, "now": None, "said": "too few answers to tell"}
    more = {"before": _interval(0.55, 0.18), "now": _interval(0.74, 0.12), "said": "up 19 points, which may be chance"}
    first: dict[str, Any] = {**summary, "round": 1, "precision": few, "hit_rate": few, "advice": []}
    split = "The matches fall into two groups: it finds 80% of one and 20% of the other."
    fourth: dict[str, Any] = {**summary, "precision": more, "hit_rate": few, "advice": [split, LONG_WORD]}
    return {
        "empty": one([], tracker=""),
        "loading": one([], phase="opening"),
        "first card": one(cards, phase="tagging"),
        "half way": one(cards, phase="tagging", round=3, answers=answers, rounds_done=2),
        "long text": one([_card(0, LONG[1], LONG_WORD)], phase="tagging", tracker=LONG_WORD),
        "right to left": one([_card(n, text) for n, text in enumerate(ARABIC)], phase="tagging", tracker=ARABIC[2]),
        "training": one(cards, phase="training", round=4, summary=summary, fraction=0.4, message="Estimating"),
        "first round done": one(cards, phase="tagging", round=2, ended=first, summary=summary, rounds_done=1),
        "fourth round done": one(cards, phase="tagging", round=5, ended=fourth, summary=summary, rounds_done=4),
        "last round done": one([], phase="exhausted", round=5, ended=fourth, message="All sentences have an answer."),
        "next round": one(cards, phase="tagging", round=5, summary=summary, rounds_done=4),
        "not trained": one([], phase="untrained", message=UNTRAINED),
        "nothing left": one([], phase="exhausted", message="Every sentence that matches the filters has an answer."),
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
        "outside": number % 5 == 3,
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
        "before the first round": one(message="Estimates appear here after the first round of tagging."),
        "not trained": one(phase="untrained", message=f"{UNTRAINED} No estimate is known."),
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
    precision, hit_rate = _measure(share, number), _measure(share - 0.1, number)
    quality = table.assessed(precision["corpus"], hit_rate["corpus"])
    tagged = f"On the tagged sentences: of 10 that it finds, {10 * share:.0f} are right."
    return {
        "round": number,
        "tags": 25 * number,
        "yes": 7 * number,
        "review": number > 4 and number % 5 == 0,
        "wanted": 120 if number < 5 else 0,
        "rests_on": "125 answers, 4 in the present scope" if number == 5 else "",
        "stale": "the filters were changed" if number == 2 else "",
        "precision": precision,
        "hit_rate": hit_rate,
        "quality": quality,
        "words": [f"In all calls: {quality['sentence'][0].lower()}{quality['sentence'][1:]}", tagged],
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
    precision, hit_rate = _interval(0.5 + number * 0.05, 0.08), _interval(0.95 - number * 0.07, 0.1)
    return {
        "threshold": 0.1 + number * 0.1,
        "found": 3_200 - number * 340,
        "precision": precision,
        "hit_rate": hit_rate,
        "quality": table.assessed(precision, hit_rate),
        "rule": rule,
        "also": [],
    }


def _call() -> dict[str, WorkbenchWidget]:
    def one(conversation: str = "", at: int | None = None, *marked: int, error: str = "") -> WorkbenchWidget:
        widget = CallViewer(GalleryWorkspace())
        if conversation:
            widget.show(conversation, None if at is None else f"{conversation}:{at}:0")
        names = ["Pricing objections", LONG_WORD if conversation == "long" else "Next steps"]
        marks = [
            {"at": place, "tracker": names[n % 2], "score": 0.97 - n % 7 / 20, "version": n % 3 or None}
            for n, place in enumerate(marked)
        ]
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


def _review() -> dict[str, WorkbenchWidget]:
    def one(cards: list[CardView], error: str = "", read_only: bool = False, **view: Any) -> WorkbenchWidget:
        few = {"sentences": 7 * len(cards), "calls": 5 * len(cards), "of_calls": 500}
        found = {"sentences": 1_204, "calls": 312, "of_calls": 500} if len(cards) == review.COUNT else few
        known = {"estimate": _round(4), "found": found, "basic_left": 0, **view}
        replies = {"standing": known.pop("run", None), "found": cards}
        state = {**review.NOTHING, "phase": "idle", "tracker": "Pricing objections", **known}
        widget = Review(GalleryWorkspace(), can_edit=not read_only)
        return _still(widget, replies, cards=cards, state=state, error=error, can_publish=True)

    cards = [_card(n, TALK[(n + 3) % len(TALK)]) for n in range(20)]
    ids = [card["sentence_id"] for card in cards]
    half = {name: ("yes", "yes", "no", "yes", "not_sure")[n % 5] for n, name in enumerate(ids[:12])}
    all_of_them = {name: "no" if n % 7 == 3 else "yes" for n, name in enumerate(ids)}
    counted = {"round": 5, "yes": 15, "no": 3, "not_sure": 2}
    blocked = "Round 6 of tagging already has answers. Finish it, then judge here."
    published = "Published. It runs automatically on new calls, and reads all past calls in the background."
    run = {"running": True, "done": 412, "total": 687, "found": 1_135, "stopped": ""}
    nothing = "Nothing is found yet. Another round of tagging, or other examples, may bring more."
    return {
        "empty": one([], phase="nothing", tracker="", estimate=None),
        "loading": one([], phase="opening", estimate=None),
        "before training": one([], estimate=None, basic_left=4),
        "before the basic training is done": one(cards[:3], estimate=_round(1), basic_left=3),
        "to judge": one(cards, counted=counted),
        "half judged": one(cards, answers=half),
        "all judged": one(cards[:5], answers=all_of_them),
        "others": one(cards, fair=False, answers={ids[0]: "yes"}),
        "training": one(cards[:3], phase="training", answers=half, fraction=0.4, message="Estimating"),
        "blocked": one(cards[:2], blocked=blocked),
        "nothing found": one([], nothing=nothing),
        "read only": one(cards[:3], read_only=True),
        "not trained": one(cards[:3], phase="untrained", estimate=None, message=UNTRAINED),
        "fine-tuned": one(cards[:1], caveat=review.UNTUNED),
        "published": one(cards[:1], published="Published. It now runs by itself on calls that arrive."),
        "reading past calls": one(cards[:1], published=published, run=run),
        "past calls read": one(cards[:1], published=published, run={**run, "running": False, "done": 687}),
        "stopped": one(cards[:1], published=published, run={**run, "running": False, "stopped": "You stopped it."}),
        "long text": one([_card(n, text, LONG_WORD) for n, text in enumerate(LONG)], tracker=LONG_WORD),
        "right to left": one([_card(n, text) for n, text in enumerate(ARABIC)], tracker=ARABIC[2]),
        "error": one(cards[:2], phase="failed", error=FAILURE),
    }


def _table() -> dict[str, WorkbenchWidget]:
    def one(
        rows: list[ManagedView], error: str = "", more: Mapping[str, Any] | None = None, **traits: Any
    ) -> WorkbenchWidget:
        widget = TrackerTable(GalleryWorkspace(), can_edit=traits.pop("can_edit", True))
        changes = {"gained": 41, "lost": 12, "kept": 318, "estimate": table.estimate(0.93)}
        replies = {"look": table.standings(rows), "preview": changes, "versions": table.versions()}
        replies |= {"progress": {}, "ready_made": table.ready_made()}
        replies |= {"plan": {row["id"]: table.plan() for row in rows}}
        known = {"rows": rows, "phase": "idle", "error": error, **traits}
        return _still(widget, {**replies, **(more or {})}, **known)

    few = [table.row(n) for n in range(8)]
    gone = [table.row(n, state="deleted", name=f"Pricing {n}") for n in range(20, 23)]
    failing = {"look": [table.unreadable(few[0]), *table.standings(few)[1:]]}
    changes = [*table.sights(TALK[3:5]), *table.sights(LONG[:1])]

    def under(what: str, tracker: str = "t0") -> dict[str, Any]:
        return {"panel": {"tracker_id": tracker, "what": what}}

    return {
        "empty": one([]),
        "loading": one([], phase="opening"),
        "some": one(few, tracker_id="t1"),
        "actions": one(few[:3], **under("actions")),
        "publish": one(few[:2], more={"changes": changes}, **under("publish")),
        "publish for the first time": one(few[3:4], **under("publish", "t3")),
        "versions": one(few[:1], **under("versions")),
        "deactivate": one(few[:1], **under("deactivate")),
        "held up": one(table.held(), more={"look": table.held_standings()}, **under("actions", "t40")),
        "ready-made": one([*few[:1], table.row(30, "Discount asked")], **under("ready_made", "")),
        "ready-made in hostile words": one(
            [], more={"ready_made": table.ready_made(hostile=True)}, **under("ready_made", "")
        ),
        "import": one(few[:1], **under("import", "")),
        "export": one(few[:1], **under("export", "")),
        "deleted": one(few[1:4], deleted=gone, gone=[{"id": gone[0]["id"], "name": gone[0]["name"]}]),
        "thousands of items": one([table.row(n) for n in range(1_000)]),
        "long text": one(table.hostile(), **under("actions")),
        "read only": one(few[:4], can_edit=False, **under("versions", "t1")),
        "one that can't be read": one(few[:3], more=failing),
        "one that is damaged": one(
            [*few[:2], table.damaged()],
            more={"look": [*table.standings(few[:2]), table.damaged_standing()]},
        ),
        "error": one(few[:2], error=FAILURE),
        "failed": one([], error=FAILURE, phase="failed"),
    }


STATES = {
    "builder": _builder,
    "carousel": _carousel,
    "plots": _plots,
    "call": _call,
    "question": _question,
    "review": _review,
    "table": _table,
    "dashboard": dashboard.states,
    "metrics": metrics.states,
    "live": live.states,
    "importer": importer.states,
}
