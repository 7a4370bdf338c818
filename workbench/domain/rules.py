"""What people may type, each rule once: functions that Python calls and that the types of REST and files are made with.

A rule takes a text and returns it as kept; what it refuses raises a ``ValueError`` that says what is wrong. Rules are
held against what is given, never against what is kept: what an older version took can still be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from workbench.domain.errors import WorkbenchError
from workbench.domain.names import clean_name
from workbench.domain.plurals import plural
from workbench.domain.texts import normalise, text_key, whole

T = TypeVar("T")
Kept = TypeVar("Kept")

MAX_NAME: Final = 80
"""Characters of a name: trackers, streams, alerts, boards, playbooks and their items, metrics, categories, tokens."""
MAX_PERSON: Final = 200
MAX_DESCRIPTION: Final = 20_000
MIN_EXAMPLES: Final = 5
MAX_EXAMPLES: Final = 100
"""Different ones; repeats count once."""
MAX_EXAMPLE: Final = 20_000
MAX_RULE: Final = 40
"""Characters of a threshold's rule, such as ``precision>=0.9``."""
MAX_WORDS: Final = 1_000
MAX_VOCABULARY: Final = 500
MAX_PHRASE: Final = 300
MAX_QUESTION: Final = 300
MAX_DETAILS: Final = 2_000
MAX_TOPIC: Final = 120
MAX_NOTE: Final = 2_000
MAX_SEARCH: Final = 200
"""Characters to look for within one call, or among the titles of calls."""
MAX_METRIC_TEXT: Final = 2_000
MAX_EVENT_TEXT: Final = 1_000
MAX_CATEGORIES: Final = 50
MAX_METRIC_TRACKERS: Final = 50
MAX_URL: Final = 2_000
MAX_REASON: Final = 500
"""Characters that are kept of why something failed."""


def name_rule(text: str) -> str:
    """Return a name on one line, cleaned."""
    return _sized(clean_name(text), MAX_NAME, least=1)


def person_rule(text: str) -> str:
    """Return a person's name, cleaned."""
    return _sized(clean_name(text), MAX_PERSON, least=1)


def note_rule(text: str) -> str:
    """Return a note on one line, cleaned; it may be empty."""
    return _sized(clean_name(text), MAX_NOTE)


def description_rule(text: str) -> str:
    """Return a description without null characters and halves of characters; it may be empty."""
    return _sized(_kept(text), MAX_DESCRIPTION)


def metric_text_rule(text: str) -> str:
    """Return a metric's definition, question or the like; it may be empty."""
    return _sized(_kept(text), MAX_METRIC_TEXT)


def examples_rule(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the examples, white space normalised, each once."""
    distinct = {text_key(text): normalise(whole(text)) for text in texts if normalise(text)}
    if not MIN_EXAMPLES <= len(distinct) <= MAX_EXAMPLES:
        raise ValueError(
            f"{plural(len(distinct), 'different sentence')}; give at least {MIN_EXAMPLES} and at most {MAX_EXAMPLES}"
        )
    return tuple(_sized(text, MAX_EXAMPLE) for text in distinct.values())


def checked(rule: Callable[[T], Kept], value: T, field: str, error: type[WorkbenchError]) -> Kept:
    """Return the value as a rule keeps it; raises ``error``, which names the field."""
    try:
        return rule(value)
    except ValueError as refused:
        raise error(f"{field}: {refused}") from None


def checked_name(name: Any, error: type[WorkbenchError]) -> str:
    """Return a name as kept, cleaned; raises ``error``, also where it is not a text."""
    return checked(name_rule, name if isinstance(name, str) else "", "name", error)


def _kept(text: str) -> str:
    return whole(text.replace("\0", " ")).strip()


def _sized(text: str, most: int, least: int = 0) -> str:
    if least <= len(text) <= most:
        return text
    allowed = f"{least} to {most:,}" if least else f"at most {most:,}"
    raise ValueError(f"must have {allowed} characters, not {len(text):,}")
