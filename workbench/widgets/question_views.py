"""Converts question trackers between the builder's form, their definition and verdicts on calls. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.domain.credits import Cost
from workbench.domain.filters import Filters
from workbench.reading.sample import Sample, SampledCall
from workbench.trackers.question import QuestionSettings
from workbench.trackers.question_builder import set_phrases
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
    }


def settings_of(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a tracker with this form. A free question leaves out sections that make none."""
    sections = {name: text for name, text in shown["sections"].items() if text.strip() or name == "details"}
    if not shown["free"]:
        return {"sections": sections, "free": False, "question": "", "details": "", "judge": shown["judge"]}
    whole = {"who", "what"} <= set(sections) and bool({"about", "topic"} & set(sections))
    written = {"question": shown["question"], "details": shown["details"], "judge": shown["judge"]}
    return {**written, "sections": sections if whole else {}, "free": True}


def refinement(one: Refinement) -> RefinementView:
    return {"message": one.message, "question": one.question, "details": one.details, "side": one.side}  # type: ignore[typeddict-item]  # a side of the protocol


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
    return {"calls": calls, "seen": found.seen, "total": found.total, "credits": credits_}


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
