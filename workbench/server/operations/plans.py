"""Show boards, deals and playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.domain.errors import WrongState
from workbench.server.cursors import cursor_of, place_of
from workbench.server.models.results import (
    AdoptionView,
    BoardList,
    BoardPage,
    BoardView,
    DealCall,
    DealFind,
    DealPage,
    DealRow,
    Deals,
    FilledItem,
    FilledPlaybook,
    ItemView,
    PlaybookPage,
    PlaybookView,
)
from workbench.server.operations.results import measure
from workbench.server.operations.shared import group, known, published, rows, sliced, used
from workbench.server.routing import ApiRequest

if TYPE_CHECKING:
    from workbench.results.boards import Board
    from workbench.results.finds import Finds
    from workbench.results.playbooks import Playbook
    from workbench.workspace.workspace import Workspace

_DEAL = {"deal": "id"} | {name: name for name in ("account", "stage", "amount", "outcome", "calls", "first", "last")}
_CALL = ("conversation_id", "kind", "title", "started", "duration_s", "team", "stage")
_FOUND = (
    *("tracker", "sentence_id", "text", "speaker", "side", "start_s", "conversation_id", "started", "score"),
    "version",
)
_ITEM = ("item", "description", "state", "finds", "trackers", "sentence_id", "text", "speaker")


def list_boards(call: ApiRequest) -> BoardList:
    page, more = sliced(call.workspace.boards.list(), call.query.cursor, call.query.limit)
    return BoardList(items=[_board(one) for one in page], next_cursor=more)


def get_board(call: ApiRequest) -> BoardPage:
    from workbench.results.boards import Boards as Published

    workspace, query = call.workspace, call.query
    board = Published(workspace.database, workspace.lake, lambda one: _finds(workspace, one)).get(call.path["board"])
    period = None if query.period == "all" else query.period
    frame = board.adoption(query.by, period)
    by = [*query.by, *([period] if period else [])]
    adoption = [
        AdoptionView(
            group=group(row, by),
            **{
                name: known(row[name]) for name in ("calls", "calls_found", "target", "verdict", "trackers", "versions")
            },
            share=measure(row, "share", "low", "high"),
        )
        for row in frame.to_dict("records")
    ]
    return BoardPage(board=_board(board), adoption=adoption, notes=list(frame.attrs["notes"]))


def list_deals(call: ApiRequest) -> Deals:
    """List deals by id, so that a new call moves no deal to another page."""
    frame = call.workspace.deals().sort_values("deal", kind="stable")
    place = place_of(call.query.cursor, str)
    if place is not None:
        frame = frame[frame["deal"] > place[0]]
    page = frame.iloc[: call.query.limit]
    more = cursor_of(page["deal"].iloc[-1]) if len(frame) > len(page) else None
    return Deals(items=[DealRow(**row) for row in rows(page, _DEAL)], next_cursor=more)


def get_deal(call: ApiRequest) -> DealPage:
    workspace = call.workspace
    chosen = [published(workspace, one) for one in call.query.tracker]
    found = workspace.deal(call.path["deal"], [one.id for one in chosen] if chosen else None)
    about = {name: known(getattr(found, name)) for name in ("id", "account", "stage", "amount", "outcome")}
    moments = {"first": known(found.first), "last": known(found.last)}
    names = [name for name in found.calls.columns if name not in _CALL]
    calls = [
        DealCall(**row, found=counts)
        for row, counts in zip(rows(found.calls, _CALL), _counts(found.calls, names), strict=True)
    ]
    return DealPage(
        deal=DealRow(**about, **moments, calls=len(calls)),
        calls=calls,
        found=[DealFind(**row) for row in rows(found.found, _FOUND)],
    )


def list_playbooks(call: ApiRequest) -> PlaybookPage:
    page, more = sliced(call.workspace.playbooks.list(), call.query.cursor, call.query.limit)
    return PlaybookPage(items=[_playbook(one) for one in page], next_cursor=more)


def get_playbook(call: ApiRequest) -> PlaybookView:
    return _playbook(call.workspace.playbooks.get(call.path["playbook"]))


def fill_playbook(call: ApiRequest) -> FilledPlaybook:
    from workbench.results.playbooks import Playbooks as Published

    workspace = call.workspace
    playbooks = Published(workspace.database, workspace.lake, lambda one: _finds(workspace, one))
    playbook = playbooks.get(call.path["playbook"])
    frame = playbook.fill(call.path["deal"])
    items = [FilledItem(**row) for row in rows(frame, (*_ITEM, "conversation_id", "started", "version"))]
    return FilledPlaybook(
        playbook=_playbook(playbook), deal=call.path["deal"], items=items, notes=list(frame.attrs["notes"])
    )


def _finds(workspace: Workspace, tracker: str) -> Finds:
    """Return what a tracker found, like the workspace's boards and playbooks, but without training anything."""
    from workbench.results.standing import finds_of

    spec = workspace.trackers.repository.get(tracker)
    found = finds_of(workspace.database, workspace.lake, spec)
    if found is None:
        raise WrongState(f"{spec.name!r} has no results yet because it is not published; publish it.")
    return found


def _counts(frame: Any, names: list[str]) -> list[dict[str, int | None]]:
    return [{name: known(value) for name, value in row.items()} for row in frame[names].to_dict("records")]


def _board(board: Board) -> BoardView:
    what = board.initiative
    return BoardView(
        id=board.id,
        name=board.name,
        trackers=list(what.trackers),
        uses=[used(one) for one in board.trackers],
        target=what.target,
        since=what.since.isoformat() if what.since else None,
    )


def _playbook(playbook: Playbook) -> PlaybookView:
    items = [ItemView(name=i.name, description=i.description, trackers=list(i.trackers)) for i in playbook.items]
    uses = [used(one) for one in playbook.trackers.values()]
    return PlaybookView(id=playbook.id, name=playbook.name, items=items, uses=uses, advice=list(playbook.advice))
