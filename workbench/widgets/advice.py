"""Hints on a form in the builder: coaching, counts, the corpus's size, and what is still missing."""

from __future__ import annotations

from typing import Any

from workbench.domain.advice import Level
from workbench.domain.errors import InvalidFilters
from workbench.domain.filters import Filters
from workbench.trackers.coaching import FieldAdvice, coach_description, coach_examples, coach_name
from workbench.trackers.word_coaching import coach_vocabulary, coach_words
from workbench.widgets import views
from workbench.widgets.protocol import CheckResult, CountsView, FiltersForm, Form, Hint, SuggestResult

_LISTENS_TO = {"company": "your company", "customer": "customers"}
_OTHERS = {"company": "customers say", "customer": "your company says"}


def hints(workspace: Any, form: Form) -> CheckResult:
    """Return all hints on ``form`` in its current state."""
    out = [coached(item) for item in _coaching(form)]
    try:
        filters = Filters.from_dict(form["filters"])
    except InvalidFilters as error:
        return {"counts": None, "hints": [*out, hint("corpus", "error", str(error))]}
    counts = workspace.counts(filters)
    view: CountsView = {
        "conversations": counts.conversations,
        "calls": counts.calls,
        "sentences": counts.sentences,
    }
    kind = form.get("kind", "example")
    if kind in ("example", "phrase"):
        out += _about_languages(workspace, filters)
    if kind != "example":
        return {"counts": view, "hints": out}
    return {"counts": view, "hints": [*out, *_contradictions(workspace, form, filters), *_about_corpus(counts)]}


def missing(form: Form) -> list[str]:
    """Return in words why ``form`` cannot be saved; empty if it can."""
    out = [item.message for item in _coaching(form) if item.level == "error"]
    try:
        Filters.from_dict(form["filters"])
    except InvalidFilters as error:
        out.append(str(error))
    return out


def suggested(workspace: Any, query: str, filters: FiltersForm, examples: list[str]) -> SuggestResult:
    """Return real sentences for a query or similar to the examples; does not wait for the encoder."""
    from workbench.corpus.limits import rarity_advice

    found = workspace.similar_sentences(query, Filters.from_dict(filters), examples=examples, wait=False)
    rare = rarity_advice(found.close)
    return {
        "sentences": [views.suggestion(sentence) for sentence in found.sentences],
        "meaning": found.meaning,
        "pending": found.pending,
        "note": found.note,
        "rare": None if rare is None else hint("corpus", "warning", rare.message, offer=rare.offer or ""),
    }


def _coaching(form: Form) -> list[FieldAdvice]:
    name, description = form["name"], form["description"]
    about, settings = [*coach_name(name), *coach_description(description, name)], form.get("settings", {})
    kind = form.get("kind", "example")
    if kind == "keyword":
        return [*about, *coach_words(settings)]
    return [*about, *(coach_vocabulary(settings) if kind == "phrase" else coach_examples(form["examples"]))]


def _contradictions(workspace: Any, form: Form, filters: Filters) -> list[Hint]:
    from workbench.training.suggestions import contradicting

    said = [text for text in form["examples"] if text.strip()]
    places = [at for at, text in enumerate(form["examples"]) if text.strip()]
    found = contradicting(workspace, said, filters)
    if not found:
        return []
    message = (
        f"In your calls only {_OTHERS[filters.side]} this, and the tracker listens to {_LISTENS_TO[filters.side]}."
    )
    return [hint("examples", "warning", message, index=places[at]) for at in found]


def _about_corpus(counts: Any) -> list[Hint]:
    from workbench.corpus.limits import corpus_advice  # the corpus package reads Parquet: not before it is needed

    return [
        hint("corpus", "warning" if item.level == "warning" else "tip", item.message, offer=item.offer or "")
        for item in corpus_advice(counts)
    ]


def _about_languages(workspace: Any, filters: Filters) -> list[Hint]:
    item = workspace.language_advice(filters)
    return [] if item is None else [hint("corpus", "warning", item.message, offer=item.offer or "")]


def coached(item: FieldAdvice) -> Hint:
    """Return advice in the form that the page shows."""
    shown = hint(item.field, item.level, item.message, index=item.index)
    return {**shown, "other": item.other, "parts": list(item.parts)}


def hint(field: str, level: Level, message: str, index: int | None = None, offer: str = "") -> Hint:
    """Return advice on a field."""
    return {
        "field": field,
        "index": index,
        "level": level,
        "message": message,
        "other": None,
        "parts": [],
        "offer": offer,
    }
