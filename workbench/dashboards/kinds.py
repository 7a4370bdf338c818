"""What a tracker of any kind looks for, in words, and its quality."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.dashboards.parts import percent
from workbench.domain.assessments import NOT_TRAINED, Assessment, Basis, in_words
from workbench.domain.estimates import Estimate
from workbench.domain.plurals import plural
from workbench.domain.trackers import TrackerKind
from workbench.ready_made import Quality
from workbench.ready_made.assessing import assessed, kind_of, measured_of
from workbench.trackers.keyword import KeywordSettings
from workbench.trackers.phrase import PhraseSettings
from workbench.trackers.question import QuestionSettings

MOST = 12  # words or phrases that are listed
UNCORRECTED = (
    "The rates on this page are uncorrected and include its errors. Only trackers of examples have an estimate."
)
_JUDGES = {
    "local": "A judge on this machine answers, by meaning.",
    "endpoint": "A language model at an endpoint answers.",
}


def looks_for(definition: Mapping[str, Any]) -> str:
    """Return one paragraph per line."""
    return "\n".join(_LOOKS_FOR[kind_of(definition)](definition))


def quality(definition: Mapping[str, Any], estimate: Estimate | None) -> str:
    """Return its quality, one paragraph per line; says so if nothing was ever judged."""
    if kind_of(definition) is TrackerKind.EXAMPLE:
        return "\n".join((NOT_TRAINED.sentence,) if estimate is None else in_words(estimate))
    measured = measured_of(definition)
    return "\n".join(
        (assessed(definition, None).sentence, *(() if measured is None else _measured(measured)), UNCORRECTED)
    )


def badge(assessment: Assessment) -> str:
    """Return the badge as a table's cell, with its basis if that is not all calls."""
    where = f", on {assessment.basis}" if assessment.basis is Basis.SAMPLE else ""
    return f"{assessment.badge.capitalize()}{where}"


def _measured(quality: Quality) -> list[str]:
    precision, hit_rate = (
        f"{percent(one.point)} ({percent(one.low)} to {percent(one.high)})"
        for one in (quality.precision, quality.hit_rate)
    )
    return [
        f"It is ready-made. On {quality.calls:,} invented calls that it was not tuned on, {precision} of what it found "
        f"was right, and it found {hit_rate} of what was there; measured on {quality.measured}, with 95% intervals.",
        "On your calls it may do better or worse: train a copy to find out.",
    ]


def _examples(definition: Mapping[str, Any]) -> list[str]:
    count = len(definition["examples"])
    return [
        f"Sentences like its {plural(count, 'example')}, such as:",
        *_some(definition["examples"], 3),
    ]


def _words(definition: Mapping[str, Any]) -> list[str]:
    settings = KeywordSettings.checked(definition["settings"])
    how = "in any form" if settings.match == "inflected" else "exactly as written"
    out = [f"One of these, {how}: {_listed(settings.words)}."]
    return out + ([f"Not: {_listed(settings.exclude)}."] if settings.exclude else [])


def _phrases(definition: Mapping[str, Any]) -> list[str]:
    settings = PhraseSettings.checked(definition["settings"])
    near = f"How close it must be: {settings.closeness:g}, where 1 is identical."
    return ["The meaning of one of these, also in other words:", *_some(settings.vocabulary, MOST), near]


def _question(definition: Mapping[str, Any]) -> list[str]:
    settings = QuestionSettings.checked(definition["settings"])
    question, details = settings.asked
    return [question, *([details] if details else []), _JUDGES.get(settings.judge, "A model on this machine answers.")]


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - MOST
    return ", ".join(texts[:MOST]) + (f" and {more:,} more" if more > 0 else "")


def _some(texts: Sequence[str], most: int) -> list[str]:
    more = len(texts) - most
    return [f"“{text}”" for text in texts[:most]] + ([f"and {more:,} more"] if more > 0 else [])


_LOOKS_FOR: dict[TrackerKind, Callable[[Mapping[str, Any]], list[str]]] = {
    TrackerKind.EXAMPLE: _examples,
    TrackerKind.KEYWORD: _words,
    TrackerKind.PHRASE: _phrases,
    TrackerKind.QUESTION: _question,
}
