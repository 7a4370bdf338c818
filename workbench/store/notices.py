"""Automatic notices about a tracker, written in the transaction of the change, so that both exist or neither.

The tracker's streams are told, each in a message of its own; where no stream collects the tracker, or none of its
streams has an address, those are told whom the workspace tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from workbench.domain.publications import Version
from workbench.domain.rules import MAX_REASON
from workbench.domain.streams import MessageKind
from workbench.store.moments import now
from workbench.store.outbox import post, streams_of
from workbench.store.tables import channels, detections, messages, publications, trackers

AGAIN = timedelta(days=1)  # what fails repeatedly for the same reason is reported once in this time


def results_ready(connection: Connection, version: Version) -> None:
    """Notify that the version has read its past calls, with all results there, also those of equivalent versions."""
    columns = publications.c
    reading = select(columns.reading).where(columns.id == version.id).scalar_subquery()
    alike = select(columns.id).where(columns.tracker_id == version.tracker_id, columns.reading == reading)
    past = detections.c.publication_id.in_(alike) & (detections.c.number < version.first_upcoming)
    counts = select(func.count(detections.c.number.distinct()), func.count(detections.c.sentence_id.distinct()))
    counts = counts.where(past)
    calls, sentences = connection.execute(counts).one()
    about = {"tracker": version.definition["name"], "version": version.version, "past": version.past}
    _tell(connection, version.tracker_id, MessageKind.SUMMARY, about | {"calls": calls, "sentences": sentences})


def run_failed(connection: Connection, version: Version, reason: str, past: bool) -> None:
    """Record that a version could not continue reading ``past`` or arriving calls, and notify of it.

    It is told when it fails, not while it is known to have failed; and not where the tracker was paused for want of
    credits, which is told itself.
    """
    mine = publications.c.id == version.id
    fails = update(publications).where(mine, publications.c.failure.is_(None)).values(failure=reason)
    if not connection.execute(fails).rowcount:
        connection.execute(update(publications).where(mine).values(failure=reason))
        return
    paused = select(trackers.c.pause_reason).where(trackers.c.id == version.tracker_id)
    if connection.execute(paused).scalar() is not None:
        return
    about = {"tracker": version.definition["name"], "version": version.version, "reason": reason[:MAX_REASON]}
    about |= {"reading": "past" if past else "arriving", "publication": version.id}
    if not _was_told(connection, about):
        _tell(connection, version.tracker_id, MessageKind.FAILED, about)


def pause(connection: Connection, tracker_id: str, reason: str) -> None:
    """Pause an active tracker and notify of it; its results are kept."""
    mine = (trackers.c.id == tracker_id) & (trackers.c.state == "active")
    if not connection.execute(update(trackers).where(mine).values(state="paused", pause_reason=reason)).rowcount:
        return
    name = connection.execute(select(trackers.c.name).where(trackers.c.id == tracker_id)).scalar_one()
    _tell(connection, tracker_id, MessageKind.PAUSED, {"tracker": name, "reason": reason})


def _tell(connection: Connection, tracker_id: str, kind: MessageKind, about: dict[str, Any]) -> None:
    streams = streams_of(connection, tracker_id)
    if not streams:
        post(connection, kind, about)
        return
    of_streams = select(channels.c.id).where(channels.c.stream_id.in_([stream["id"] for stream in streams])).limit(1)
    unheard = connection.execute(of_streams).first() is None
    for at, stream in enumerate(streams):
        post(connection, kind, about | {"stream": stream}, to_workspace=unheard and at == 0, stream_id=stream["id"])


def _was_told(connection: Connection, about: Mapping[str, Any]) -> bool:
    recent = (messages.c.kind == str(MessageKind.FAILED)) & (messages.c.created > now() - AGAIN)
    told = connection.execute(select(messages.c.about).where(recent)).scalars()
    return any(isinstance(one, dict) and about.items() <= one.items() for one in told)
