"""Everything that a workspace tells of what its trackers found: in Python, over REST, on pages, in CSV.

A new reader of results belongs here; routes and pages come along by themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pandas as pd

import workbench as wb
from workbench.dashboards.pages import PAGES, build
from workbench.results.csv_export import to_csv
from workbench.server.routes import ROUTES
from workbench.server.routing import ApiRequest, Route, RouteReply

ABOUT_TRACKERS = (
    # What trackers and their versions are, not what they found.
    *("openapi.json", "trackers", "trackers/{tracker}", "ready-made", "definitions"),
    *("trackers/{tracker}/publications", "trackers/{tracker}/publications/{version}", "trackers/{tracker}/plan"),
)
STATES = ("State", "Trackers active", "Messages unread", "Past calls read", "Calls without an answer", "Upcoming calls")
BLOCKS = ("versions", "runs")

STATE_BEHIND_NAME = re.compile(r" \((deactivated|paused|never published)\)")
OF_TRACKERS = {"advice", "status", "note", "notes", "deleted"}


def told(ws: wb.Workspace, trackers: tuple[str, ...]) -> dict[str, Any]:
    """Return the workspace's results for these trackers, as plain values by the reader's name."""
    first = trackers[0]
    deal, call = ws.deals()["deal"].iloc[0], ws.detections(first)["conversation_id"].iloc[0]
    readers: dict[str, Callable[[], Any]] = {
        "search": lambda: ws.search(trackers=list(trackers), limit=1_000),
        "search by words": lambda: ws.search("price", limit=1_000),
        "deal": lambda: ws.deal(deal).calls,
        "deal found": lambda: ws.deal(deal).found,
        "metric table": lambda: ws.metrics.table(),
        "CSV": lambda: to_csv(ws.search(trackers=list(trackers), limit=1_000)),
    }
    for name in trackers:
        readers |= _of_tracker(ws, name)
    for board in ws.boards.list():
        readers[f"board {board.name}"] = lambda board=board: board.adoption("team")
    for book in ws.playbooks.list():
        readers[f"playbook {book.name}"] = lambda book=book: book.overview()
        readers[f"playbook {book.name} of a deal"] = lambda book=book: book.fill(deal)
    for stream in ws.streams.list():
        readers[f"stream {stream.name}"] = stream.calls
    for alert in ws.alerts.list():
        readers[f"alert {alert.name}"] = alert.reading
    for metric in ws.metrics.list():
        readers |= _of_metric(ws, metric.name)
    known = {"call": call, "deal": deal, "tracker": first}
    readers |= {f"GET {route.path}": lambda route=route: asked(ws, route, known) for route in routes()}
    readers |= {f"page {name}": lambda name=name: _page(ws, name, first) for name in PAGES}
    readers["page of a call"] = lambda: _page(ws, "search", first, call=call)
    readers["page of a deal's playbook"] = lambda: _page(ws, "playbook", first, deal=deal)
    return {name: _plain(read()) for name, read in readers.items()}


def _of_tracker(ws: wb.Workspace, name: str) -> dict[str, Callable[[], Any]]:
    statistics = {
        f"{name} by {by or 'nothing'}": lambda by=by: _statistics(ws, name, by)
        for by in ("", "team", "month", "person", ("team", "month"))
    }
    return {f"{name} detections": lambda: ws.detections(name), **statistics}


def _statistics(ws: wb.Workspace, name: str, by: Any) -> Any:
    found = ws.statistics(name, by or ())
    return [found.rates, found.pairs, list(found.notes), list(found.versions)]


def _of_metric(ws: wb.Workspace, name: str) -> dict[str, Callable[[], Any]]:
    def trend() -> Any:
        found = ws.metrics.trend(name, "team")
        of_trackers = {one.note for one in ws.metrics.trackers(name)}  # whether they are in use is no result
        return [found.table, [one for one in found.notes if one not in of_trackers]]

    return {
        f"metric {name}": lambda: ws.metrics.values(name),
        f"metric {name} over time": trend,
        f"metric {name} as filter": lambda: ws.conversations(metrics={name: True}),
        f"metric {name} compared": lambda: ws.analyst.compare(name, of=True).to_frame(),
    }


def routes() -> list[Route]:
    return [one for one in ROUTES if one.method == "GET" and one.path not in ABOUT_TRACKERS]


def asked(ws: wb.Workspace, route: Route, known: dict[str, str]) -> Any:
    lists = {"board": ws.boards, "playbook": ws.playbooks, "stream": ws.streams, "metric": ws.metrics}
    path = {name: known[name] if name in known else lists[name].list()[0].id for name in route.parameters}
    wanted = {}
    if route.query is not None:
        for name, value in (("tracker", known["tracker"]), ("by", ["team"]), ("pairs", True)):
            if name in route.query.model_fields:
                many = route.query.model_fields[name].annotation is not str and name == "tracker"
                wanted[name] = [value] if many and route.path != "detections" and route.path != "statistics" else value
    query = None if route.query is None else route.query(**wanted)
    reply = route.run(ApiRequest(opened=lambda: ws, by="reader", user="reader", path=path, query=query))
    shown = (reply.view if isinstance(reply, RouteReply) else reply).model_dump(mode="json")  # type: ignore[union-attr]
    if route.path == "detections":
        del shown["version"]  # the one in use
    return _results_of(shown)


def _results_of(shown: Any) -> Any:
    """All but what is said of the trackers themselves, whose filters and states may change."""
    if isinstance(shown, list):
        return [_results_of(one) for one in shown]
    if isinstance(shown, dict):
        return {name: _results_of(one) for name, one in shown.items() if name not in OF_TRACKERS}
    return shown


def _page(ws: wb.Workspace, name: str, tracker: str, **query: str) -> Any:
    view = build(name)(ws, {"tracker": tracker, "board": "", **query})
    blocks = [one for one in view["blocks"] if one["id"] not in BLOCKS and one["title"] != "Its trackers"]
    for one in blocks:
        one["tiles"] = [tile for tile in one["tiles"] if tile["label"] not in STATES]
        for row in (one["table"] or {}).get("rows", ()):
            row.pop("state", None)
        one.pop("note", None)  # words; what they say of the tracker itself may change
    return json.loads(STATE_BEHIND_NAME.sub("", json.dumps(blocks, default=str)))


def _plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return json.loads(value.to_json(orient="split", double_precision=15, date_format="iso"))
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return json.loads(json.dumps(value, default=str))
