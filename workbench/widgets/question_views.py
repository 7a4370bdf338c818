"""Converts question trackers between the builder's form, their definition and verdicts on calls. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.domain.credits import Cost
from workbench.domain.filters import Filters
from workbench.reading.sample import Sample, SampledCall
from workbench.trackers.question import LEAST, QuestionSettings
from workbench.trackers.question_builder import set_phrases
from workbench.trackers.question_threshold import Tuned
from workbench.trackers.refinements import Refinement
from workbench.widgets import views
from workbench.widgets.protocol import (
    AskedCallView,
    CostView,
    MentionView,
    PhraseView,
    QuestionForm,
    RefinementView,
    SampleView,
    TunedView,
)

FIRST = {"who": "customer", "what": "ask_for", "about": "discount"}
EMPTY: QuestionForm = {
    "name": "",
    "description": "",
    "filters": Filters(side="customer").to_dict(),  # type: ignore[typeddict-item]  # what Filters write
    "sections": FIRST,
    "free": False,
    "question": "",
    "details": "",
    "judge": "local",
    "least": LEAST,
}


def phrases() -> dict[str, list[PhraseView]]:
    """Return the choices of each section."""
    return {name: [{"key": one.key, "phrase": one.phrase} for one in among] for name, among in set_phrases().items()}


def form(tracker: Any) -> QuestionForm:
    settings = QuestionSettings.checked(tracker.settings)
    return {
        "name": tracker.name,
        "description": tracker.description,
        "filters": views.filters_form(tracker.filters),
        "sections": dict(settings.sections),
        "free": settings.free,
        "question": settings.question,
        "details": settings.details,
        "judge": settings.judge,
        "least": settings.least,
    }


def settings_of(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a tracker of this form is made of. Sections that make no question are left behind by a free one."""
    how = {"judge": shown["judge"], "least": shown["least"]}
    sections = {name: text for name, text in shown["sections"].items() if text.strip() or name == "details"}
    if not shown["free"]:
        return {"sections": sections, "free": False, "question": "", "details": "", **how}
    whole = {"who", "what"} <= set(sections) and bool({"about", "topic"} & set(sections))
    written = {"question": shown["question"], "details": shown["details"], **how}
    return {**written, "sections": sections if whole else {}, "free": True}


def refinement(one: Refinement) -> RefinementView:
    return {
        "message": one.message,
        "question": one.question,
        "details": one.details,
        "side": one.side,  # type: ignore[typeddict-item]  # a side of the protocol
        "text": one.text,
    }


def cost(found: Cost, free: bool) -> CostView:
    return {
        "calls": found.calls,
        "credits": found.credits,
        "paid": found.paid,
        "monthly": found.monthly,
        "free": free,
        "enough": found.enough,
    }


def sample(found: Sample, before: Mapping[str, Any] | None) -> SampleView:
    """Return the calls in a sample, after those shown ``before``."""
    calls: list[AskedCallView] = [*(before["calls"] if before else []), *(_call(one) for one in found.calls)]
    credits_ = found.credits + (before["credits"] if before else 0)
    return {
        "calls": calls,
        "seen": found.seen,
        "total": found.total,
        "credits": credits_,
        "judged": {},
        "tuned": None,
    }


def judged(shown: SampleView, known: Mapping[str, tuple[float, bool]], better: Tuned | None) -> SampleView:
    """Return the sample with what is ``known`` of calls: the score and whether the result is right."""
    here = [call["conversation_id"] for call in shown["calls"]]
    return {
        **shown,
        "judged": {name: known[name][1] for name in here if name in known},
        "tuned": None if better is None else _tuned(better),
    }


def _tuned(one: Tuned) -> TunedView:
    return {"least": one.least, "right_kept": one.right_kept, "wrong_dropped": one.wrong_dropped}


def _call(one: SampledCall) -> AskedCallView:
    call = one.call
    about = [views.day(call.started), call.account, call.team]
    return {
        "conversation_id": call.id,
        "title": views.clip_name(call.title) or "Untitled call",
        "about": [views.clip(str(part), views.LONGEST_NAME) for part in about if part],
        "summary": views.clip(one.summary, views.LONGEST_TEXT),
        "mentions": [_mention(each.sentence) for each in one.mentions],
        "failure": one.failure,
        "score": max((each.score for each in one.mentions), default=0.0),
    }


def _mention(sentence: Any) -> MentionView:
    return {
        "sentence_id": sentence.id,
        "text": views.clip(sentence.text, views.LONGEST_TEXT),
        "before": [views.context(line) for line in sentence.before[-1:]],
        "after": [views.context(line) for line in sentence.after[:1]],
        "speaker": views.clip_name(sentence.speaker),
        "side": sentence.side,
        "time": views.clock(sentence.start_s),
    }
