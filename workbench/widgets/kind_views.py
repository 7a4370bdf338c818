"""Converts trackers of words and of phrases between the builder's form, their settings and matches. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from workbench.domain.filters import Filters
from workbench.domain.trackers import TrackerKind
from workbench.domain.words import fold
from workbench.reading.previews import KindPreview, Previewer, Seen, SettingFinds, WordFinds
from workbench.trackers.keyword import KeywordSettings
from workbench.trackers.kinds import NEWEST, as_recorded, of_new
from workbench.trackers.phrase import CLOSENESS, PhraseSettings
from workbench.trackers.word_coaching import coach_finds, coach_vocabulary, coach_words, words_of_examples
from workbench.widgets import views
from workbench.widgets.advice import coached
from workbench.widgets.protocol import (
    CardView,
    ClosenessView,
    FindsResult,
    Form,
    MarkedView,
    SeenView,
    SettingsForm,
    WordView,
)

NO_SETTINGS: SettingsForm = {
    "words": [],
    "exclude": [],
    "match": "inflected",
    "vocabulary": [],
    "closeness": CLOSENESS,
    "rules": NEWEST[TrackerKind.PHRASE],
}
OWN = {"keyword": ("words", "exclude", "match"), "phrase": ("vocabulary", "closeness", "rules")}
FORMS = 5  # ways in which a word was said that are told


def form(tracker: Any) -> Form:
    """Return a tracker as the builder's form."""
    shown = views.form(tracker)
    kind = str(tracker.kind)
    if kind == "example":
        return shown
    recorded = as_recorded(TrackerKind(kind), tracker.settings)
    known = {name: value for name, value in recorded.items() if name in OWN.get(kind, ())}
    return {**shown, "kind": kind, "settings": {**NO_SETTINGS, **known}}  # type: ignore[typeddict-item]  # a kind, and keys of settings


def kind_of(shown: Form) -> str:
    return shown.get("kind", "example")


def own_settings(shown: Form) -> dict[str, Any]:
    """Return the settings of the form's kind of tracker; none for one of examples."""
    settings: Mapping[str, Any] = shown.get("settings", NO_SETTINGS)
    return {name: settings[name] for name in OWN.get(kind_of(shown), ()) if name != "rules" or name in settings}


def values_of(shown: Form) -> dict[str, Any]:
    """Return the form's values in the form for ``Tracker.update``."""
    values = {
        "name": shown["name"].strip(),
        "description": shown["description"].strip(),
        "filters": Filters.from_dict(shown["filters"]),
        **own_settings(shown),
    }
    if kind_of(shown) == "example":
        values["examples"] = [text.strip() for text in shown["examples"] if text.strip()]
    return values


def of_words(shown: Form, taken: bool) -> Form:
    """Return a form for a keyword tracker that would find what the examples are about, to review.

    ``taken`` says whether the form's name belongs to a tracker.
    """
    name = shown["name"].strip()
    settings: SettingsForm = {**NO_SETTINGS, "words": words_of_examples(shown["examples"])}
    other = f"{name} (keywords)" if taken and name else name
    return {**shown, "name": other, "kind": "keyword", "settings": settings}


def previewed(previewer: Previewer, shown: Form, count: int = 12, wait: bool = False) -> KindPreview | None:
    """Return what the form's words or vocabulary find; None if there is nothing to search for."""
    filters, settings = Filters.from_dict(shown["filters"]), own_settings(shown)
    keyword = kind_of(shown) == "keyword"
    advice = (coach_words if keyword else coach_vocabulary)(shown.get("settings", NO_SETTINGS))
    if any(item.level == "error" for item in advice):
        return None
    if keyword:
        return previewer.keywords(KeywordSettings.checked(of_new(TrackerKind.KEYWORD, settings)), filters, count)
    return previewer.phrases(PhraseSettings.checked(of_new(TrackerKind.PHRASE, settings)), filters, count, wait)


def finds(found: KindPreview | None) -> FindsResult:
    looked_at = found.calls_looked_at if found else 0
    words = found.words if found else ()
    said = [coach_finds(one.word, at, one.sentences, one.calls, looked_at) for at, one in enumerate(words)]
    return {
        "sentences": found.sentences if found else 0,
        "calls": found.calls if found else 0,
        "looked_at": looked_at,
        "of_calls": found.of_calls if found else 0,
        "words": [_word(one) for one in words],
        "shown": [_seen(one) for one in found.shown] if found else [],
        "settings": [_setting(one) for one in found.settings] if found else [],
        "hints": [coached(one) for one in said if one],
        "pending": bool(found and found.pending),
        "note": found.note if found else "",
    }


def card(one: Seen) -> CardView:
    """Return a match as the review shows it."""
    seen = views.sight(one.sentence, one.sentence.id)
    return {**seen, "reason": "review", "score": one.score, "outside": False}


def _word(one: WordFinds) -> WordView:
    other = [form for form in one.forms if form != fold(one.word)]
    return {"word": one.word, "sentences": one.sentences, "calls": one.calls, "forms": other[:FORMS]}


def _setting(one: SettingFinds) -> ClosenessView:
    return {
        "closeness": one.closeness,
        "sentences": one.sentences,
        "calls": one.calls,
        "above": [_seen(seen) for seen in one.above],
        "below": [_seen(seen) for seen in one.below],
    }


def _seen(one: Seen) -> SeenView:
    sentence = one.sentence
    return {
        "conversation_id": sentence.conversation_id,
        "sentence_id": sentence.id,
        "pieces": _pieces(sentence.text, one.marks),
        "score": round(one.score, 3),
        "speaker": views.clip_name(sentence.speaker),
        "side": sentence.side,
        "title": views.clip_name(sentence.title),
        "date": views.day(sentence.started),
    }


def _pieces(text: str, marks: tuple[tuple[int, int], ...]) -> list[MarkedView]:
    """Return the text split where a mark begins or ends, up to a page's limit; marks may overlap."""
    shown = views.clip(text, views.LONGEST_TEXT)
    end = min(len(text), views.LONGEST_TEXT)
    cuts = sorted({0, end, *(place for mark in marks for place in mark if place < end)})
    pieces: list[MarkedView] = [
        {"text": text[start:stop], "said": any(a <= start < b for a, b in marks)} for start, stop in pairwise(cuts)
    ]
    return [*pieces, {"text": shown[end:], "said": False}] if len(shown) > end else pieces
