"""What a definition leaves open: ``[names of competitors]`` stands for names that a person has to give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workbench.domain.errors import InvalidTracker
from workbench.domain.trackers import TrackerKind
from workbench.trackers.question import QuestionSettings

_OPEN = re.compile(r"\[([^\[\]]*[^\W\d_][^\[\]]*)\]")
_FIELDS = ("words", "exclude", "vocabulary")


def placeholders(text: str) -> list[str]:
    """Return what stands in brackets, each once, without those of redaction, such as ``[NAME]``.

    >>> placeholders("Vendors such as [names of competitors], asked by [NAME]")
    ['names of competitors']
    """
    return list(dict.fromkeys(one for one in _OPEN.findall(text) if not one.isupper()))


def check_filled(kind: TrackerKind, settings: Mapping[str, Any]) -> None:
    """Check that nothing of a definition is left open, as it has to be when it is published.

    Raises:
        InvalidTracker: names the field and what stands there.
    """
    for field, text in _texts(kind, settings):
        for one in placeholders(text):
            raise InvalidTracker(
                f"{field}: replace [{one}] with the real ones before publishing, or write it without brackets"
            )


def _texts(kind: TrackerKind, settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    if kind is TrackerKind.QUESTION:
        question, details = QuestionSettings.checked(dict(settings)).asked
        return [("question", question), ("details", details)]
    return [(field, text) for field in _FIELDS for text in settings.get(field, ())]
