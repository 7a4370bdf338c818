"""Search in sentences: by words, meaning, trackers and every filter; and a call, if a hit links to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.dashboards import hits, known, meaning, parts
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.dashboards.calls import call_blocks
from workbench.dashboards.pages.metrics import words
from workbench.domain.disclosure import told_to_readers
from workbench.domain.errors import WorkbenchError
from workbench.domain.metrics import NOT_APPLICABLE, UNKNOWN, read, written
from workbench.domain.plurals import plural
from workbench.results.search import search
from workbench.widgets.protocol import BlockView, ControlView, DashboardView, ProgressView
from workbench.workspace.queries import finds_of, found_by
from workbench.workspace.workspace import Workspace

OWN = ("words", "meaning", "trackers", "metric", "call", "sentence")
STARTING: ProgressView = {"label": "Starting the language model for search by meaning", "done": 0, "total": 1}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "search", query, OWN)
    finding = known.published(known.known(workspace))
    names = known.names(finding)
    wanted = _wanted(page, names)
    call = page.query.get("call")
    if call is not None:
        return _call(page, call)
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
    parts_of = [given] if given in by_name else given.split(",")
    asked_for = [one.strip() for one in parts_of if one.strip()]
    wanted = list(dict.fromkeys(by_name.get(one, one) for one in asked_for if one in names or one in by_name))
    for one in asked_for:
        if one not in names and one not in by_name:
            page.notices.append(f"trackers: {page.missing('trackers', one)}")
    page.query.pop("tracker", None)
    if wanted:
        page.query["trackers"] = ",".join(wanted)
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
    workspace = page.workspace
    every = list(names) if _is_bare(page) else wanted
    note, total, cards = found.problem, 0, []
    if not (_is_bare(page) and not names):
        try:
            frame = search(
                workspace.lake,
                page.query.get("words", ""),
                found.vector,
                [finds_of(workspace.resources, one) for one in every],
                page.narrowed(),
                hits.page_of(page),
                page.offset,
                vectors=lambda: workspace.resources.vectors.table("sentences"),
                found_by=found_by(workspace.resources),
                calls=_calls_with(workspace, value),
            )
            cards = hits.hits_of(page, frame, {name: one for one, name in names.items()})
            total, note = frame.attrs["total"], " ".join(filter(None, (note, frame.attrs["note"])))
        except WorkbenchError as error:
            note = told_to_readers(error)
    order = "Closest in meaning first." if found.vector is not None else "Newest first."
    title = plural(total, "sentence")
    if found.vector is not None:
        title = f"{plural(total, 'sentence')}, ranked"
    empty = "Nothing found. Try fewer words or filters."
    if _is_bare(page) and not names:
        empty = f"Type words to search for. {known.NONE_IN_USE}"
    return parts.hits("hits", title, cards, total, " ".join(filter(None, (order, note))), empty)


def _controls(
    page: DashboardQuery, names: dict[str, str], wanted: Sequence[str], valued: dict[str, str], value: str
) -> list[ControlView]:
    found = [
        parts.field("words", "Words", page.query.get("words", "")),
        parts.field("meaning", "Meaning", page.query.get("meaning", "")),
    ]
    if names:
        found.append(parts.choice("trackers", "Found by", names, ",".join(wanted), "many"))
    if valued:
        found.append(parts.choice("metric", "In calls where", {"": "Any"} | valued, value))
    return found + page.controls("side", "team", "account", "stage", "from", "to")


def _call(page: DashboardQuery, call: str) -> DashboardView:
    title, blocks = call_blocks(page, call, page.query.get("sentence", ""))
    controls: list[Any] = []
    return page.view("" if blocks else f"There is no call {call[:60]!r}.", blocks, controls, title=title)
