"""A small workspace as an older version left it, kept in ``tests/data``; and what that version told of it.

``python -m tests.data.make_workspace`` made both. Nothing here depends on the day on which a test runs: what versions
found is stored, and their dates are those of the day on which they were published.
"""

from __future__ import annotations

import json
import os
import tarfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import workbench as wb
from tests.support.prepared import prepared
from workbench.store.database import STATE

DATA = Path(__file__).parents[1] / "data"
ARCHIVE = DATA / "workspace-0012.tar.xz"
EXPECTED = DATA / "workspace-0012.expected.json"
FOLDER = "old.workspace"
USER = "ann"
EMPTIED = "Names a time"
"""Published for 12 months, then for upcoming calls only: the older version then showed nothing of what it had found."""
SEARCHES = ("euros", "your", "what that", "customer", "zzz")
ALL = wb.Filters(scope="any", kinds=("call", "email"))


@cache
def expected() -> dict[str, Any]:
    """Return what the older version reported, in the form of :func:`told`."""
    found: dict[str, Any] = json.loads(EXPECTED.read_text("utf-8"))
    return found


def unpacked(folder: Path) -> Path:
    """Unpack the workspace below ``folder``; its state is the SQLite file of the older version.

    Its files are as new as those of a workspace in use: what is heard of a call is forgotten a day after its end.
    """
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    for file in (folder / FOLDER).rglob("*"):
        os.utime(file)
    return folder / FOLDER


def upgraded(folder: Path) -> Path:
    """The same as this version leaves it, below ``folder``: a copy, where it is not the upgrade that is tested."""
    return prepared("upgraded", _upgrade, folder / FOLDER)


def _upgrade(place: Path) -> wb.Workspace:
    unpacked(place.parent).rename(place)
    return wb.open(place, user=USER)


@pytest.fixture
def old_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> wb.Workspace:
    """The old workspace as this version opens it."""
    monkeypatch.delenv(STATE, raising=False)
    return wb.open(unpacked(tmp_path), user=USER)


def told(workspace: wb.Workspace) -> dict[str, Any]:
    """Return a workspace's content as plain JSON."""
    trackers = {one.name: one for one in workspace.trackers.list()}
    active = [name for name, one in trackers.items() if one.active_version() is not None]
    everything = sorted(workspace.conversations(ALL)["id"])
    streams, alerts, playbooks = workspace.streams.list(), workspace.alerts.list(), workspace.playbooks.list()
    data = {
        "counts": asdict(workspace.counts(ALL)),
        "conversations": everything,
        "media": {name: media for name in everything if (media := workspace.lake.outline(name).media)},
        "trackers": {name: _tracker(one) for name, one in trackers.items()},
        "deleted": sorted(one.name for one in workspace.trackers.deleted()),
        "detections": {name: _found(workspace.detections(name)) for name in active},
        "estimates": {name: asdict(one.last_estimate) for name, one in trackers.items() if one.last_estimate},
        "streams": {one.name: _rows(one.calls(), "conversation_id", "tracker", "sentences") for one in streams},
        "channels": {one.name: [str(two.kind) for two in one.channels] for one in [*streams, *alerts]},
        "alerts": {one.name: [str(one.spec.measure), one.spec.threshold, one.spec.standing] for one in alerts},
        "messages": sorted([str(one.kind), one.subject, one.unread] for one in workspace.messages()),
        "statistics": {name: _statistics(workspace, name) for name in active},
        "search": {words: len(workspace.search(words, limit=1_000)) for words in SEARCHES},
        "metrics": _metrics(workspace),
        "boards": {one.name: [one.initiative.target, list(one.initiative.trackers)] for one in workspace.boards.list()},
        "playbooks": {one.name: [[item.name, list(item.trackers)] for item in one.items] for one in playbooks},
        "deals": sorted(workspace.deals()["deal"]),
        "credits": [workspace.credits.balance, len(workspace.credits.entries()), workspace.credits.prices],
        "wrong_hits": {name: [one.sentence.id for one in trackers[name].queue()] for name in trackers},
        "live": [one.heading.call_id for one in workspace.live.journals() if one.heading and one.state == "left"],
    }
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return plain


def _tracker(one: wb.Tracker) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": str(one.kind),
        "state": str(one.state),
        "unpublished": list(one.unpublished_changes()),
        "rounds": _rounds(one),
        "versions": [_version(version) for version in one.publications()],
    }


def _rounds(one: Any) -> list[Any]:
    """The sentences of each round, and every answer given."""
    if not one.is_trained:
        return []
    log = one.log()
    given = [[one["sentence_id"], one["answer"], one["by"], one["undone"] is None] for one in log["answers"]]
    asked = [[one["sentence_id"] for one in number["asked"]] for number in log["rounds"]]
    return [asked, given]


def _version(one: Any) -> dict[str, Any]:
    frozen = asdict(one.frozen)
    del frozen["reading"]  # the older version kept none
    return frozen | {
        "progress": str(one.progress().state),
        "read": [one.has_read.start, one.has_read.stop],
        "found": _found(one.detections()),
    }


def _found(frame: pd.DataFrame) -> dict[str, float]:
    return {name: round(score, 6) for name, score in zip(frame["sentence_id"], frame["score"], strict=True)}


def _rows(frame: pd.DataFrame, *columns: str) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(frame[list(columns)].to_json(orient="values"))
    return sorted(rows)


def _statistics(workspace: wb.Workspace, name: str) -> dict[str, Any]:
    """Counts and points; intervals are left out, as methods for them become better."""
    columns = ("team", "calls", "sentences", "found", "calls_found", "share", "rate")
    rates = workspace.statistics(name, by="team").rates
    rates["team"] = rates["team"].fillna("")
    return {"columns": list(columns), "rows": _rows(rates.round(6), *columns)}


def _metrics(workspace: wb.Workspace) -> dict[str, Any]:
    found = {}
    for one in workspace.metrics.list():
        values = workspace.metrics.values(one.name)
        found[one.name] = [one.source_name, one.version, _rows(values.astype(str), "conversation_id", "value")]
    events = workspace.metrics.events()
    return {"values": found, "events": _rows(events.astype(str), "conversation_id", "name", "value")}
