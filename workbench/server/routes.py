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


def _act(
    path: str, summary: str, run: Callable[[ApiRequest], BaseModel], reply: type[BaseModel] = t.TrackerView
) -> Route:
    return Route(method="POST", path=path, summary=summary, run=run, replies={200: reply}, problems=_STATE)


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
    _get("calls/{call}", "Get a call with its turns", conversations.get_call, c.CallPage, c.SentencesQuery),
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
        "List trackers, oldest first: all, or those named",
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
    Route(
        method="DELETE",
        path="trackers",
        summary="Delete many trackers",
        run=trackers.delete_trackers,
        replies={207: t.ItemResults},
        query=t.ManyQuery,
    ),
    _get("trackers/{tracker}", "Get a tracker, by id or name", trackers.get_tracker, t.TrackerView),
    Route(
        method="PATCH",
        path="trackers/{tracker}",
        summary="Change a tracker",
        run=trackers.update_tracker,
        replies={200: t.TrackerView},
        body=(t.TrackerChange,),
        problems=_STATE | {412},
        conditional=True,
    ),
    Route(
        method="DELETE",
        path="trackers/{tracker}",
        summary="Delete a tracker; it can be restored",
        run=trackers.delete_tracker,
        replies={204: None},
        query=t.ForeverQuery,
        problems=_MISSING,
    ),
    _get(
        "trackers/{tracker}/plan",
        "Show what publishing a tracker now would keep, read and cost",
        publications.get_plan,
        t.PlanModel,
        t.PlanQuery,
    ),
    Route(
        method="POST",
        path="trackers/{tracker}/publish",
        summary="Publish a tracker, for upcoming and past calls",
        run=publications.publish,
        replies={201: t.PublicationView},
        body=(t.PublishBody,),
        problems=_ENCODER,
        slow=True,
    ),
    _act("trackers/{tracker}/pause", "Pause a tracker", publications.pause),
    _act("trackers/{tracker}/resume", "Resume a paused tracker", publications.resume),
    _act("trackers/{tracker}/deactivate", "Deactivate a tracker", publications.deactivate),
    _act("trackers/{tracker}/restore", "Restore a deleted tracker, by id", publications.restore),
    Route(
        method="POST",
        path="trackers/{tracker}/roll_back",
        summary="Roll back to an earlier version",
        run=publications.roll_back,
        replies={200: t.TrackerView},
        body=(t.RollBackBody,),
        problems=_STATE,
    ),
    _get(
        "trackers/{tracker}/publications",
        "List a tracker's versions, oldest first, and how far each has read",
        publications.list_publications,
        t.Publications,
        c.PageQuery,
    ),
    _get(
        "trackers/{tracker}/publications/{version}",
        "Get one version, and how far it has read",
        publications.get_publication,
        t.PublicationView,
    ),
    _act(
        "trackers/{tracker}/publications/{version}/cancel",
        "Stop reading past calls; matches found so far are kept",
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
    Route(
        method="POST",
        path="ready-made/{ready_made}",
        summary="Add a ready-made tracker, by name or key, as a draft",
        run=definitions.add_ready_made,
        replies={201: t.TrackerView},
        body=(d.ReadyMadeAdd,),
        problems=_STATE,
    ),
    _get(
        "definitions",
        "Export definitions of all trackers, or of those named, as one text: JSON or CSV",
        definitions.export_definitions,
        d.DefinitionsView,
        d.DefinitionsQuery,
    ),
    Route(
        method="POST",
        path="definitions",
        summary="Import definitions from a text (JSON or CSV) as drafts",
        run=definitions.import_definitions,
        replies={201: d.BroughtModel},
        body=(d.DefinitionsBody,),
        problems=frozenset({409}),
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
        "Show how often a tracker's concept comes up, by group, with intervals",
        results.get_statistics,
        r.StatisticsView,
        r.StatisticsQuery,
        _STATE,
        True,
    ),
    _get("streams", "List streams of calls", results.list_streams, r.StreamPage, c.PageQuery, frozenset()),
    _get(
        "streams/{stream}/calls",
        ("List what a stream has collected"),
        results.list_stream_calls,
        r.StreamCalls,
        c.PageQuery,
    ),
    Route(
        method="POST",
        path="wrong-hits",
        summary="Report that a tracker should not have found a sentence",
        run=results.say_wrong,
        replies={201: r.WrongHitView},
        body=(r.WrongHitBody,),
        problems=_MISSING | {409, 429},
    ),
    _get("metrics", "List metrics, oldest first", metrics.list_metrics, m.MetricPage, c.PageQuery, frozenset()),
    Route(
        method="POST",
        path="metrics",
        summary="Create a metric",
        run=metrics.create_metric,
        replies={201: m.MetricView},
        body=(m.MetricNew,),
        problems=_MISSING,
    ),
    _get("metrics/{metric}", "Get a metric, by id or name", metrics.get_metric, m.MetricView),
    Route(
        method="PATCH",
        path="metrics/{metric}",
        summary="Change a metric",
        run=metrics.update_metric,
        replies={200: m.MetricView},
        body=(m.MetricChange,),
        problems=_MISSING | {412},
        conditional=True,
    ),
    Route(
        method="DELETE",
        path="metrics/{metric}",
        summary="Delete a metric and everything logged to it",
        run=metrics.delete_metric,
        replies={204: None},
        problems=_MISSING,
    ),
    _get(
        "metrics/{metric}/trend",
        "Show how often a metric has each value, over time and by group",
        metrics.get_trend,
        m.TrendView,
        m.TrendQuery,
        slow=True,
    ),
    Route(
        method="POST",
        path="calls/{call}/metrics",
        summary="Log a value to a metric whose source is code",
        run=metrics.log_metric,
        replies={201: c.MetricValueView},
        body=(m.MetricLog,),
        problems=_MISSING,
    ),
    Route(
        method="POST",
        path="calls/{call}/log",
        summary="Log many values and events of a call, all or none",
        run=metrics.log_call,
        replies={201: m.LoggedView},
        body=(m.CallLog,),
        problems=_MISSING,
    ),
    _get("calls/{call}/events", "List the events logged for a call", metrics.list_events, m.Events),
    _get("boards", "List initiative boards", plans.list_boards, r.BoardList, c.PageQuery, frozenset()),
    _get("boards/{board}", "Get a board with its adoption", plans.get_board, r.BoardPage, r.BoardQuery, _STATE, True),
    _get("deals", "List deals, by id", plans.list_deals, r.Deals, c.PageQuery, frozenset()),
    _get(
        "deals/{deal}",
        ("Get a deal's calls and what was found there"),
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
        "Get a playbook as filled by a deal",
        plans.fill_playbook,
        r.FilledPlaybook,
        slow=True,
    ),
)
