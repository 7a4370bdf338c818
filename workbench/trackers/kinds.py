"""The kinds of trackers, as far as their definitions go: one set of settings each, checked here."""

from __future__ import annotations

from typing import Any

from workbench.domain.errors import InvalidTracker
from workbench.domain.filters import Filters
from workbench.domain.trackers import TrackerKind
from workbench.trackers.keyword import KeywordSettings
from workbench.trackers.phrase import SHARES, PhraseSettings
from workbench.trackers.question import QuestionSettings
from workbench.trackers.question_builder import checked_sections, side_of
from workbench.trackers.sought import FORMS
from workbench.trackers.sought import STEMS as OLDEST

SETTINGS: dict[TrackerKind, Any] = {
    TrackerKind.KEYWORD: KeywordSettings,
    TrackerKind.PHRASE: PhraseSettings,
    TrackerKind.QUESTION: QuestionSettings,
}


NEWEST: dict[TrackerKind, int] = {TrackerKind.KEYWORD: FORMS, TrackerKind.PHRASE: SHARES}
"""The rules of a new tracker, by kind; what was made earlier keeps those it has: see the settings' ``rules``."""

_RENEWED = frozenset({TrackerKind.KEYWORD})  # kinds that take the newest rules when what is looked for is changed


def of_new(kind: TrackerKind, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a tracker that is made now, by the newest rules unless they name others."""
    return {"rules": NEWEST[kind], **settings} if kind in NEWEST else settings


def as_recorded(kind: TrackerKind, settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings that were stored, naming their rules, so that a tracker made of them finds the same."""
    return {"rules": OLDEST, **settings} if kind in NEWEST else settings


def of_change(kind: TrackerKind, before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return changed settings; of keywords by the newest rules where others are looked for, unless rules are named."""
    plain = before | changes
    if kind not in _RENEWED or "rules" in changes or all(plain[name] == before.get(name) for name in changes):
        return plain
    return plain | {"rules": NEWEST[kind]}


def checked_kind(kind: str) -> TrackerKind:
    """Return the kind of this name; raises ``InvalidTracker``."""
    if kind not in list(TrackerKind):
        raise InvalidTracker(f"kind: must be one of {', '.join(TrackerKind)}, not {kind!r}")
    return TrackerKind(kind)


def usual_filters(kind: TrackerKind, settings: dict[str, Any]) -> Filters:
    """Return the filters of a new tracker that was given none: a question's sections say whose side they are about."""
    if kind is TrackerKind.QUESTION and settings.get("sections"):
        return Filters(side=side_of(checked_sections(settings["sections"])))
    return Filters()


def checked_settings(kind: TrackerKind, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings as plain JSON, all fields filled in; raises ``InvalidTracker``, which names the field."""
    if kind in SETTINGS:
        checked: dict[str, Any] = SETTINGS[kind].checked(settings).to_dict()
        return checked
    if settings:
        raise InvalidTracker(f"{', '.join(sorted(settings))}: not settings of a {kind} tracker")
    return {}
