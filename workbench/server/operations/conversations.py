"""Calls with what was found in them, a call's turns, detections and facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workbench.domain.errors import InvalidArgument
from workbench.domain.views import TrackerRef
from workbench.results.csv_export import to_csv
from workbench.server.cursors import cursor_of, place_of
from workbench.server.models.conversations import (
    CallModel,
    CallPage,
    Calls,
    CallTable,
    DealRef,
    DeletionView,
    Detections,
    DetectionView,
    FacetsModel,
    FoundModel,
    PartyModel,
    SentenceView,
    TurnView,
)
from workbench.server.operations.metrics import numbers, value_view
from workbench.server.operations.shared import published, ref
from workbench.server.routing import ApiRequest
from workbench.workspace.call_tables import calls_table

if TYPE_CHECKING:
    from workbench.corpus.views import Card
    from workbench.store.standing import FoundSentence, StandingRepository
    from workbench.workspace.workspace import Workspace

_PLAIN = (
    *("id", "kind", "title", "started", "duration_s", "direction", "channel", "scope", "language", "account"),
    *("team", "thread", "has_recording", "fields", "turns", "sentences"),
)


def list_calls(call: ApiRequest) -> Calls:
    page, more = _page_of(call)
    return Calls(items=_views(call.workspace, page), next_cursor=more)


def get_table(call: ApiRequest) -> CallTable:
    page, more = _page_of(call)
    frame = calls_table(call.workspace.resources, call.workspace.metrics, page)
    return CallTable(format="csv", text=to_csv(frame), next_cursor=more)


def _page_of(call: ApiRequest) -> tuple[list[Card], str | None]:
    """Return a page of the calls that match a query, and the cursor of the next page."""
    query = call.query
    among = None
    if query.tracker:
        ids = [published(call.workspace, one).id for one in query.tracker]
        among = _standing(call.workspace).numbers(ids)
    wanted = numbers(call.workspace, query.metric)
    if wanted is not None:
        among = wanted if among is None else sorted(set(among) & set(wanted))
    (after,) = place_of(query.cursor, int) or [None]
    newest = query.order == "newest"
    cards = call.workspace.lake.cards(query.to_filters(), query.limit + 1, after, newest, among)
    page = cards[: query.limit]
    more = cursor_of(page[-1].number) if len(cards) > len(page) else None
    return page, more


def get_call(call: ApiRequest) -> CallPage:
    lake = call.workspace.lake
    card, outline = lake.card(call.path["call"]), lake.outline(call.path["call"])
    (start,) = place_of(call.query.cursor, int) or [0]
    lines = lake.lines(outline, start, call.query.limit)
    end = start + len(lines)
    turns = [
        TurnView(
            turn=number,
            speaker=(said := [_sentence(line) for line in group])[0].speaker,
            side=said[0].side,
            sentences=said,
        )
        for number, group in groupby(lines, key=lambda line: line.turn)
    ]
    more = cursor_of(end) if lines and end < outline.sentences else None
    return CallPage(call=_views(call.workspace, [card])[0], turns=turns, next_cursor=more)


def update_call(call: ApiRequest) -> CallModel:
    card = call.workspace.lake.card(call.path["call"])
    report = call.workspace.conversations.update({card.id: call.body.model_dump(exclude_none=True)})
    if report.rejected:
        raise InvalidArgument(report.rejected[0].reason)
    return _views(call.workspace, [call.workspace.lake.card(card.id)])[0]


def delete_call(call: ApiRequest) -> DeletionView:
    receipt = call.workspace.delete(calls=[call.workspace.lake.card(call.path["call"]).id])
    told = {name: getattr(receipt, name) for name in DeletionView.model_fields}
    return DeletionView(**told | {"versions": list(receipt.versions)})


def list_detections(call: ApiRequest) -> Detections:
    query = call.query
    tracker = published(call.workspace, query.tracker)
    place = place_of(query.cursor, int, int, str)
    versions = _standing(call.workspace).versions(tracker.id)
    past = next((one.version for one in versions if one.reach.first < one.reach.upcoming), 0)
    after = None
    if place is not None and place[0] == past:  # otherwise past calls are being read again, or it was rolled back
        after = (place[1], place[2])
    found = _standing(call.workspace).page(tracker.id, query.limit + 1, after, query.order == "newest")
    page = found[: query.limit]
    said = call.workspace.lake.sentences([one.sentence_id for one in page], 0)
    last = page[-1] if len(found) > len(page) else None
    return Detections(
        tracker=ref(tracker),
        version=versions[0].version,
        items=[_found(said[one.sentence_id], one) for one in page if one.sentence_id in said],
        next_cursor=cursor_of(past, last.number, last.sentence_id) if last else None,
    )


def get_facets(call: ApiRequest) -> FacetsModel:
    facets = asdict(call.workspace.facets())
    for internal in ("usual_s", "counts"):
        facets.pop(internal)
    known: dict[str, Any] = {n: list(value) if isinstance(value, tuple) else value for n, value in facets.items()}
    return FacetsModel(**known)


def _standing(workspace: Workspace) -> StandingRepository:
    from workbench.results.standing import standing

    return standing(workspace.database, workspace.lake)


def _views(workspace: Workspace, cards: Sequence[Card]) -> list[CallModel]:
    found = _standing(workspace).in_conversations([card.number for card in cards])
    said = workspace.lake.sentences([one.sentence_id for several in found.values() for one in several], 0)
    metrics = workspace.metrics.of_numbers({card.number: card.id for card in cards})
    return [_view(card, found.get(card.number, []), said, metrics[card.id]) for card in cards]


def _view(card: Card, found: Sequence[Any], said: dict[str, Any], metrics: dict[str, Any]) -> CallModel:
    deal = None
    if card.deal_id is not None:
        deal = DealRef(id=card.deal_id, stage=card.deal_stage, amount=card.deal_amount, outcome=card.deal_outcome)
    return CallModel(
        **{name: getattr(card, name) for name in _PLAIN},
        teams=list(card.teams),
        deal=deal,
        parties=[PartyModel(**asdict(party)) for party in card.parties],
        detections=[
            DetectionView(
                **_said(said[one.sentence_id], one.sentence_id),
                tracker=TrackerRef(id=one.tracker_id, name=one.tracker),
                version=one.version,
                score=one.score,
            )
            for one in found
            if one.sentence_id in said
        ],
        metrics={name: value_view(one) for name, one in metrics.items()},
    )


def _found(sentence: Any, found: FoundSentence) -> FoundModel:
    where = {name: getattr(sentence, name) for name in ("conversation_id", "title", "started")}
    return FoundModel(**_said(sentence, sentence.id), **where, score=found.score, version=found.version)


def _sentence(line: Any) -> SentenceView:
    return SentenceView(**_said(line, line.sentence_id))


def _said(sentence: Any, sentence_id: str) -> dict[str, Any]:
    return {"sentence_id": sentence_id} | {
        name: getattr(sentence, name) for name in ("text", "speaker", "side", "start_s")
    }
