"""The builder of trackers: what was typed, the hints on it, and what it would find."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from workbench.domain.filters import MentionedBy, ScopeFilter, Unit, Where
from workbench.widgets.protocol.base import KindName, Level, Match


class PartForm(TypedDict):
    where: Where
    amount: float
    unit: Unit


# Separate from FiltersBody of the REST API, as that refuses invalid filters, has defaults, and limits untrusted input;
# a form contains whatever was typed. A test keeps the names of the two equal.
class FiltersForm(TypedDict):
    """``domain.filters.Filters.to_dict``: filters without a control are passed through unchanged."""

    side: MentionedBy
    kinds: list[str]
    channels: list[str]
    directions: list[str]
    scope: ScopeFilter
    part: PartForm
    stages: list[str]
    outcomes: list[str]
    teams: list[str]
    accounts: list[str]
    languages: list[str]
    participants: list[str]
    title: str
    started_from: str | None
    started_before: str | None
    fields: dict[str, Any]


class SettingsForm(TypedDict):
    """What keyword trackers (words, exclude, match) and those of phrases find by; each passes over the other's.

    ``rules`` are those of a phrase tracker; without them, those of a new one.
    """

    words: list[str]
    exclude: list[str]
    match: Match
    vocabulary: list[str]
    closeness: float
    rules: NotRequired[int]


class Form(TypedDict):
    """``kind`` and ``settings`` are left out for trackers of examples."""

    name: str
    description: str
    filters: FiltersForm
    examples: list[str]
    kind: NotRequired[KindName]
    settings: NotRequired[SettingsForm]


class FacetsView(TypedDict):
    """The values there are to filter by, and ``usual_s``, a call's median length in seconds.

    ``counts`` maps the name of each list to how many conversations have each of its values.
    """

    stages: list[str]
    outcomes: list[str]
    teams: list[str]
    accounts: list[str]
    languages: list[str]
    channels: list[str]
    directions: list[str]
    participants: list[str]
    fields: dict[str, list[Any]]
    usual_s: float | None
    counts: dict[str, dict[str, int]]


class Hint(TypedDict):
    """``field`` is name, description, examples or corpus; ``index`` counts examples from 0.

    ``other`` is the repeated example, ``parts`` the sentences of one with several; ``offer`` is the kind of tracker to
    use instead, or empty. An error keeps the form from being saved.
    """

    field: str
    index: int | None
    level: Level
    message: str
    other: int | None
    parts: list[str]
    offer: str


class CountsView(TypedDict):
    conversations: int
    calls: int
    sentences: int


class CheckResult(TypedDict):
    """``counts`` is None if the filters are not valid yet."""

    counts: CountsView | None
    hints: list[Hint]


class PastedView(TypedDict):
    """A pasted line; ``serves`` is whether it is worth adding as it is, ``message`` why it may not be."""

    text: str
    message: str
    parts: list[str]
    serves: bool


class SuggestionView(TypedDict):
    sentence_id: str
    text: str
    speaker: str | None
    side: str | None
    title: str | None
    date: str | None


class SuggestResult(TypedDict):
    """``meaning`` is whether the search used meaning; if ``pending``, ask again in a while. ``rare`` is a warning."""

    sentences: list[SuggestionView]
    meaning: bool
    pending: bool
    note: str
    rare: Hint | None


class SaveResult(TypedDict):
    """``notes`` say what someone else changed meanwhile; empty if nothing."""

    tracker_id: str
    notes: str


class MarkedView(TypedDict):
    """Part of a sentence; ``said`` if it is what was searched for."""

    text: str
    said: bool


class SeenView(TypedDict):
    """A sentence that is found, or nearly; the pieces' texts joined are the sentence."""

    conversation_id: str
    sentence_id: str
    pieces: list[MarkedView]
    score: float
    speaker: str | None
    side: str | None
    title: str | None
    date: str | None


class WordView(TypedDict):
    """``forms`` are other forms of the word that occur; ``calls`` counts conversations."""

    word: str
    sentences: int
    calls: int
    forms: list[str]


class ClosenessView(TypedDict):
    """What a setting finds; ``above`` are its least close matches, ``below`` is just not found."""

    closeness: float
    sentences: int
    calls: int
    above: list[SeenView]
    below: list[SeenView]


class FindsResult(TypedDict):
    """What the form's words or vocabulary find in ``looked_at`` of ``of_calls`` conversations.

    If ``pending``, ask again in a while; ``note`` says why something was not searched.
    """

    sentences: int
    calls: int
    looked_at: int
    of_calls: int
    words: list[WordView]
    shown: list[SeenView]
    settings: list[ClosenessView]
    hints: list[Hint]
    pending: bool
    note: str


class PublishedResult(TypedDict):
    tracker_id: str
    message: str
