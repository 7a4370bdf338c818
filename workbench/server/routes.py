"""The table of all routes."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel

from workbench.server.models import conversations as c
from workbench.server.models import definitions as d
from workbench.server.models import metrics as m
from workbench.server.models import results as r
from workbench.server.models import trackers as t
from workbench.server.models.base import Description
from workbench.server.openapi import document
from workbench.server.operations import conversations, definitions, metrics, plans, publications, results, trackers
from workbench.server.routing import ApiRequest, Route, RouteReply

API_VERSION = "1"
_MISSING = frozenset({404})
_STATE = frozenset({404, 409})
_ENCODER = frozenset({404, 409, 503})


def _get(
    path: str,
    summary: str,
    run: Callable[[ApiRequest], BaseModel | RouteReply],
    reply: type[BaseModel],
    query: type[BaseModel] | None = None,
    problems: frozenset[int] = _MISSING,
    slow: bool = False,
) -> Route:
    return Route(
        method="GET",
        path=path,
        summary=summary,
        run=run,
        replies={200: reply},
        query=query,
        problems=problems,
        slow=slow,
    )


def _post(
    path: str,
    summary: str,
    run: Callable[[ApiRequest], BaseModel | RouteReply],
    body: type[BaseModel],
    reply: type[BaseModel],
    problems: frozenset[int] = _MISSING,
    slow: bool = False,
) -> Route:
    """Return a route that creates something from the body."""
    return Route(
        method="POST",
        path=path,
        summary=summary,
        run=run,
        replies={201: reply},
        body=(body,),
        problems=problems,
        slow=slow,
    )


def _change(
    path: str,
    summary: str,
    run: Callable[[ApiRequest], BaseModel | RouteReply],
    body: type[BaseModel],
    reply: type[BaseModel],
    problems: frozenset[int],
    conditional: bool = True,
) -> Route:
    """Return a route that changes one thing; a ``conditional`` one only if nobody has changed it meanwhile."""
    return Route(
        method="PATCH",
        path=path,
        summary=summary,
        run=run,
        replies={200: reply},
        body=(body,),
        problems=problems | {412} if conditional else problems,
        conditional=conditional,
    )


def _delete(
    path: str,
    summary: str,
    run: Callable[[ApiRequest], BaseModel | RouteReply],
    reply: type[BaseModel] | None = None,
    code: int = 204,
    query: type[BaseModel] | None = None,
) -> Route:
    return Route(
        method="DELETE", path=path, summary=summary, run=run, replies={code: reply}, query=query, problems=_MISSING
    )


def _act(
    path: str,
    summary: str,
    run: Callable[[ApiRequest], BaseModel],
    reply: type[BaseModel] = t.TrackerView,
    body: type[BaseModel] | None = None,
) -> Route:
    given = () if body is None else (body,)
    return Route(method="POST", path=path, summary=summary, run=run, replies={200: reply}, body=given, problems=_STATE)


def describe(_: ApiRequest) -> Description:
    return Description(document(ROUTES, API_VERSION))


ROUTES: tuple[Route, ...] = (
    _get("openapi.json", "Describe this API", describe, Description, problems=frozenset()),
    _get(
        "facets",
        "List the values that can be filtered by",
        conversations.get_facets,
        c.FacetsModel,
        problems=frozenset(),
    ),
    _get("calls", "List calls with what was found in them", conversations.list_calls, c.Calls, c.CallsQuery, _STATE),
    _get("call-table", "Export calls as CSV, one per row", conversations.get_table, c.CallTable, c.CallsQuery, _STATE),
    _get("calls/{call}", "Get a call with its turns", conversations.get_call, c.CallPage, c.SentencesQuery),
    _change(
        "calls/{call}",
        "Set what is known about a call apart from its text",
        conversations.update_call,
        c.CallChange,
        c.CallModel,
        _MISSING,
        conditional=False,
    ),
    _delete(
        "calls/{call}",
        "Delete a call for good, with everything stored about it",
        conversations.delete_call,
        c.DeletionView,
        code=200,
    ),
    _get(
        "detections",
        "List what a tracker has found",
        conversations.list_detections,
        c.Detections,
        c.DetectionsQuery,
        _STATE,
    ),
    _get(
        "trackers",
        "List all or some trackers, oldest first",
        trackers.list_trackers,
        t.TrackersPage,
        t.TrackersQuery,
    ),
    Route(
        method="POST",
        path="trackers",
        summary="Create one or many trackers",
        run=trackers.create_trackers,
        replies={201: t.TrackerView, 207: t.ItemResults},
        body=(t.TrackersNew, t.TrackerNew),
        problems=frozenset({409}),
    ),
    Route(
        method="PATCH",
        path="trackers",
        summary="Change many trackers",
        run=trackers.update_trackers,
        replies={207: t.ItemResults},
        body=(t.TrackerChanges,),
    ),
    _delete("trackers", "Delete many trackers", trackers.delete_trackers, t.ItemResults, code=207, query=t.ManyQuery),
    _get("trackers/{tracker}", "Get a tracker, by id or name", trackers.get_tracker, t.TrackerView),
    _change("trackers/{tracker}", "Change a tracker", trackers.update_tracker, t.TrackerChange, t.TrackerView, _STATE),
    _delete(
        "trackers/{tracker}", "Delete a tracker; it can be restored", trackers.delete_tracker, query=t.ForeverQuery
    ),
    _get(
        "trackers/{tracker}/plan",
        "Show what publishing a tracker now would store, read and cost",
        publications.get_plan,
        t.PlanModel,
        t.PlanQuery,
    ),
    _post(
        "trackers/{tracker}/publish",
        "Publish a tracker for upcoming and past calls",
        publications.publish,
        t.PublishBody,
        t.PublicationView,
        _ENCODER,
        slow=True,
    ),
    _act("trackers/{tracker}/pause", "Pause a tracker", publications.pause),
    _act("trackers/{tracker}/resume", "Resume a paused tracker", publications.resume),
    _act("trackers/{tracker}/deactivate", "Deactivate a tracker", publications.deactivate),
    _act("trackers/{tracker}/restore", "Restore a deleted tracker, by id", publications.restore),
    _act(
        "trackers/{tracker}/roll_back",
        "Roll back to an earlier version",
        publications.roll_back,
        body=t.RollBackBody,
    ),
    _get(
        "trackers/{tracker}/publications",
        "List a tracker's versions, oldest first, with how far each has read",
        publications.list_publications,
        t.Publications,
        c.PageQuery,
    ),
    _get(
        "trackers/{tracker}/publications/{version}",
        "Get one version, with how far it has read",
        publications.get_publication,
        t.PublicationView,
    ),
    _act(
        "trackers/{tracker}/publications/{version}/cancel",
        "Stop reading past calls; matches so far are kept",
        publications.cancel_backfill,
        t.PublicationView,
    ),
    _act(
        "trackers/{tracker}/publications/{version}/resume",
        "Resume reading past calls",
        publications.resume_backfill,
        t.PublicationView,
    ),
    _get(
        "ready-made",
        "List ready-made trackers, with their measured quality",
        definitions.list_ready_made,
        d.ReadyMades,
        c.PageQuery,
        frozenset(),
    ),
    _post(
        "ready-made/{ready_made}",
        "Add a ready-made tracker, by name or key, as a draft",
        definitions.add_ready_made,
        d.ReadyMadeAdd,
        t.TrackerView,
        _STATE,
    ),
    _get(
        "definitions",
        "Export the definitions of all or some trackers as one JSON or CSV text",
        definitions.export_definitions,
        d.DefinitionsView,
        d.DefinitionsQuery,
    ),
    _post(
        "definitions",
        "Import definitions from a JSON or CSV text as drafts",
        definitions.import_definitions,
        d.DefinitionsBody,
        d.BroughtModel,
        frozenset({409}),
    ),
    _get(
        "search",
        "Search sentences by words, meaning, trackers and filters",
        results.search,
        r.Hits,
        r.SearchQuery,
        _ENCODER,
        True,
    ),
    _get(
        "statistics",
        "Show how often a tracker's concept comes up, by group and with intervals",
        results.get_statistics,
        r.StatisticsView,
        r.StatisticsQuery,
        _STATE,
        True,
    ),
    _get("streams", "List streams of calls", results.list_streams, r.StreamPage, c.PageQuery, frozenset()),
    _get(
        "streams/{stream}/calls",
        "List what a stream has collected",
        results.list_stream_calls,
        r.StreamCalls,
        c.PageQuery,
    ),
    _post(
        "wrong-hits",
        "Report a wrong hit: a sentence that a tracker should not have found",
        results.say_wrong,
        r.WrongHitBody,
        r.WrongHitView,
        _MISSING | {409, 429},
    ),
    _get("metrics", "List metrics, oldest first", metrics.list_metrics, m.MetricPage, c.PageQuery, frozenset()),
    _post("metrics", "Create a metric", metrics.create_metric, m.MetricNew, m.MetricView),
    _get("metrics/{metric}", "Get a metric, by id or name", metrics.get_metric, m.MetricView),
    _change("metrics/{metric}", "Change a metric", metrics.update_metric, m.MetricChange, m.MetricView, _MISSING),
    _delete("metrics/{metric}", "Delete a metric and everything logged to it", metrics.delete_metric),
    _get(
        "metrics/{metric}/trend",
        "Show how often a metric has each value, over time and by group",
        metrics.get_trend,
        m.TrendView,
        m.TrendQuery,
        slow=True,
    ),
    _post(
        "calls/{call}/metrics",
        "Log a value to a metric whose source is code",
        metrics.log_metric,
        m.MetricLog,
        c.MetricValueView,
    ),
    _post(
        "calls/{call}/log",
        "Log many values and events for a call, all or none",
        metrics.log_call,
        m.CallLog,
        m.LoggedView,
    ),
    _get("calls/{call}/events", "List the events logged for a call", metrics.list_events, m.Events),
    _get("boards", "List initiative boards", plans.list_boards, r.BoardList, c.PageQuery, frozenset()),
    _get("boards/{board}", "Get a board with its adoption", plans.get_board, r.BoardPage, r.BoardQuery, _STATE, True),
    _get("deals", "List deals, by id", plans.list_deals, r.Deals, c.PageQuery, frozenset()),
    _get(
        "deals/{deal}",
        "Get a deal's calls and what trackers found in them",
        plans.get_deal,
        r.DealPage,
        r.DealQuery,
        _STATE,
        True,
    ),
    _get("playbooks", "List playbooks", plans.list_playbooks, r.PlaybookPage, c.PageQuery, frozenset()),
    _get("playbooks/{playbook}", "Get a playbook", plans.get_playbook, r.PlaybookView),
    _get(
        "playbooks/{playbook}/deals/{deal}",
        "Get a playbook as filled for a deal",
        plans.fill_playbook,
        r.FilledPlaybook,
        slow=True,
    ),
)
