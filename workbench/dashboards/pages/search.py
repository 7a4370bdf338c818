"""Search in what was said: by words, meaning, trackers and every filter."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.dashboards import hits, known, meaning, parts
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.dashboards.pages.metrics import words
from workbench.dashboards.suggestions import suggestions
from workbench.domain.disclosure import told_to_readers
from workbench.domain.errors import WorkbenchError
from workbench.domain.metrics import NOT_APPLICABLE, UNKNOWN, read, written
from workbench.domain.plurals import plural
from workbench.results.search import search
from workbench.trackers.phrase import CLOSENESS
from workbench.widgets.protocol import BlockView, ControlView, DashboardView, LinkView, ProgressView
from workbench.workspace.queries import finds_of, found_by
from workbench.workspace.workspace import Workspace

OWN = ("words", "meaning", "near", "trackers", "metric")
WAYS = {"words": "Exact words", "meaning": "Meaning"}
NEAR = {"very": "Very close", "": "Close", "wide": "Less close"}
_CLOSENESS = {"very": 0.55, "": CLOSENESS, "wide": 0.3}
BOTH = "meaning: not used, because exact words are given. Search for one of the two at a time."
STARTING: ProgressView = {"label": "Starting the language model for search by meaning", "done": 0, "total": 1}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "search", query, OWN)
    finding = known.published(known.known(workspace))
    names = known.names(finding)
    wanted = _wanted(page, names)
    if page.query.get("words") and page.query.pop("meaning", ""):
        page.notices.append(BOTH)
    page.one_of("near", NEAR)
    valued = _valued(workspace)
    value = page.one_of("metric", valued)
    found = meaning.meant(workspace, page.query.get("meaning", ""))
    blocks = [] if found.waits else [_hits(page, names, wanted, found, value)]
    lead = "The newest matches of the trackers." if _is_bare(page) else ""
    progress = STARTING if found.waits else known.progress(finding)
    return page.view(lead, blocks, _controls(page, names, wanted, valued, value), progress)


def _wanted(page: DashboardQuery, names: dict[str, str]) -> list[str]:
    """Return the requested trackers, by id; the common filter ``tracker`` counts if ``trackers`` is not given."""
    given = page.query.pop("trackers", "") or page.query.get("tracker", "")
    by_name = {name: one for one, name in names.items()}
    parts_of = [given] if given in by_name else given.replace("|", ",").split(",")
    asked_for = [one.strip() for one in parts_of if one.strip()]
    wanted = list(dict.fromkeys(by_name.get(one, one) for one in asked_for if one in names or one in by_name))
    for one in asked_for:
        if one not in names and one not in by_name:
            page.notices.append(f"trackers: {page.missing('trackers', one)}")
    page.query.pop("tracker", None)
    if wanted:
        page.query["trackers"] = "|".join(wanted)
    if len(wanted) == 1:
        page.query["tracker"] = wanted[0]
    return wanted


def _valued(workspace: Workspace) -> dict[str, str]:
    """Return the metric values to search calls by, as ``ID=value``, in words."""
    return {
        f"{metric.id}={written(value)}": f"{metric.name}: {words(written(value))}"
        for metric in workspace.metrics.list()
        for value in (*metric.values, NOT_APPLICABLE, UNKNOWN)
    }


def _calls_with(workspace: Workspace, value: str) -> list[int] | None:
    """Return the numbers of the calls with this value of a metric; None if none is requested."""
    if not value:
        return None
    metric, _, wanted = value.partition("=")
    numbers: list[int] = workspace.metrics.numbers({metric: read(wanted)}).tolist()
    return numbers


def _is_bare(page: DashboardQuery) -> bool:
    return not any(page.query.get(name) for name in ("words", "meaning", "trackers"))


def _hits(
    page: DashboardQuery, names: dict[str, str], wanted: Sequence[str], found: meaning.Meant, value: str = ""
) -> BlockView:
    if _is_bare(page) and not names:
        return parts.hits("hits", "", [], 0, empty=f"Type words to search for. {known.NONE_IN_USE}")
    if found.problem:
        exact = page.without("meaning", words=page.query["meaning"]).query
        instead: LinkView = {"label": "Search for exactly these words", "page": page.page, "query": exact}
        return parts.hits("hits", "Nothing found", [], 0, empty=found.problem, suggestions=[instead])
    every = list(names) if _is_bare(page) else wanted
    try:
        frame = _found(page, every, found, value, hits.page_of(page), page.offset)
        total, calls, note = frame.attrs["total"], frame.attrs["calls"], frame.attrs["note"]
        cards = hits.hits_of(page, frame, {name: one for one, name in names.items()})
    except WorkbenchError as error:
        total, calls, cards, note = 0, 0, [], told_to_readers(error)
    tried = [] if total or page.offset else _suggestions(page, every, found, value)
    return parts.hits(
        "hits",
        f"{plural(total, 'sentence')} in {plural(calls, 'call')}" if total else "Nothing found",
        cards,
        total,
        " ".join(filter(None, (_order(page, found) if total else "", note))),
        "Try one of these:" if tried else "Try fewer words or filters.",
        marked=page.query.get("words", ""),
        suggestions=tried,
    )


def _found(
    page: DashboardQuery, trackers: Sequence[str], found: meaning.Meant, value: str, limit: int, offset: int = 0
) -> pd.DataFrame:
    workspace = page.workspace
    return search(
        workspace.lake,
        page.query.get("words", ""),
        found.vector if page.query.get("meaning") else None,
        [finds_of(workspace.resources, one) for one in trackers],
        page.narrowed(),
        limit,
        offset,
        vectors=lambda: workspace.resources.vectors.table("sentences"),
        found_by=found_by(workspace.resources),
        calls=_calls_with(workspace, value),
        closeness=_CLOSENESS[page.query.get("near", "")],
    )


def _order(page: DashboardQuery, found: meaning.Meant) -> str:
    if found.vector is None:
        return "Newest first."
    return f"{NEAR[page.query.get('near', '')]} in meaning, the closest first."


def _suggestions(page: DashboardQuery, trackers: Sequence[str], found: meaning.Meant, value: str) -> list[LinkView]:
    def count(other: DashboardQuery) -> int:
        try:
            return int(_found(other, trackers, found, value, 1).attrs["total"])
        except WorkbenchError:
            return 0

    return suggestions(page, count, page.workspace.is_encoded)


def _controls(
    page: DashboardQuery, names: dict[str, str], wanted: Sequence[str], valued: dict[str, str], value: str
) -> list[ControlView]:
    way = "meaning" if page.query.get("meaning") else "words"
    found = [parts.choice(way, "Search for", WAYS, page.query.get(way, ""), "search")]
    if way == "meaning":
        found.append(parts.choice("near", "How close", NEAR, page.query.get("near", "")))
    if names:
        found.append(parts.choice("trackers", "Found by", names, "|".join(wanted), "many"))
    if valued:
        found.append(parts.choice("metric", "In calls where", {"": "Any"} | valued, value, more=True))
    return found + page.controls("side", "team", "account", "stage", "from", "to")
