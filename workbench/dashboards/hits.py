"""Matches, as cards with their context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from workbench.corpus.views import SentenceInContext
from workbench.dashboards.asked import DashboardQuery
from workbench.results.standing import Mark
from workbench.widgets import views
from workbench.widgets.protocol import HitTracker, HitView
from workbench.workspace.queries import found_by

PAGE = 20  # hits shown together
MOST = 5_000  # in a file


def page_of(asked: DashboardQuery) -> int:
    """Return how many hits to show together; saving requests more."""
    return PAGE if asked.limit is None else max(1, min(asked.limit, MOST))


def hits_of(asked: DashboardQuery, frame: pd.DataFrame, ids: Mapping[str, str]) -> list[HitView]:
    """Return the rows of a search (:func:`workbench.results.search.search`).

    ``ids`` map trackers' names to their ids.
    """
    return hits(asked, frame["sentence_id"].tolist(), ids)


def hits(asked: DashboardQuery, sentence_ids: Sequence[str], ids: Mapping[str, str]) -> list[HitView]:
    """Return these sentences in this order, each with all trackers that found it; unknown ones are left out."""
    workspace = asked.workspace
    sentences = workspace.lake.sentences(list(sentence_ids), 1)
    found = found_by(workspace.resources)(list(sentence_ids))
    return [
        _hit(asked, sentences[name], _trackers(found.get(name, {}), ids))
        for name in dict.fromkeys(sentence_ids)
        if name in sentences
    ]


def _hit(asked: DashboardQuery, one: SentenceInContext, trackers: list[HitTracker]) -> HitView:
    return {
        "sentence_id": one.id,
        "conversation_id": one.conversation_id,
        "title": views.clip_name(one.title),
        "started": one.started.isoformat() if one.started else None,
        "speaker": views.clip_name(one.speaker),
        "side": one.side,
        "start_s": one.start_s,
        "text": views.clip(one.text, views.LONGEST_TEXT),
        "before": [views.context(other) for other in one.before],
        "after": [views.context(other) for other in one.after],
        "trackers": trackers,
        "link": asked.call_link("Go to call", one.conversation_id, one.id),
    }


def _trackers(found: Mapping[str, Mark], ids: Mapping[str, str]) -> list[HitTracker]:
    return [
        {"id": ids[name], "name": name, "score": round(mark.score, 3), "version": mark.version}
        for name, mark in sorted(found.items())
        if name in ids
    ]
