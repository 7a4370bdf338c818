"""What the builder says about a form: coaching, counts, the corpus's size, and what is still missing."""

from __future__ import annotations

from typing import Any

from workbench.domain.errors import InvalidFilters
from workbench.domain.filters import Filters
from workbench.trackers.coaching import Advice, coach_description, coach_examples, coach_name
from workbench.widgets.protocol import CheckResult, CountsView, Form, Hint


def hints(workspace: Any, form: Form) -> CheckResult:
    """Everything that can be said about ``form`` as it stands."""
    out = [_hint(item) for item in _coaching(form)]
    counts, about_corpus = _corpus(workspace, form)
    return {"counts": counts, "hints": out + about_corpus, "missing": missing(form)}


def missing(form: Form) -> list[str]:
    """What keeps ``form`` from being saved, in words; empty where nothing does."""
    out = []
    for item in _coaching(form):
        if item.level == "error":
            out.append(item.message)
    try:
        Filters.from_dict(form["filters"])
    except InvalidFilters as error:
        out.append(str(error))
    return out


def _coaching(form: Form) -> list[Advice]:
    name, description = form["name"], form["description"]
    return [*coach_name(name), *coach_description(description, name), *coach_examples(form["examples"])]


def _corpus(workspace: Any, form: Form) -> tuple[CountsView | None, list[Hint]]:
    try:
        counts = workspace.counts(Filters.from_dict(form["filters"]))
    except InvalidFilters as error:
        return None, [{"field": "corpus", "index": None, "level": "error", "message": str(error)}]
    view: CountsView = {
        "conversations": counts.conversations,
        "calls": counts.calls,
        "sentences": counts.sentences,
    }
    from workbench.corpus.limits import (
        corpus_advice,
    )  # the corpus package reads Parquet: not before it is needed

    advice = corpus_advice(counts)
    return view, [_corpus_hint(item) for item in advice]


def _corpus_hint(item: Any) -> Hint:
    level = "warning" if str(item.level) == "warning" else "tip"
    return {"field": "corpus", "index": None, "level": level, "message": str(item.message)}


def _hint(item: Advice) -> Hint:
    return {"field": item.field, "index": item.index, "level": item.level, "message": item.message}
