"""A workspace in which every text that people or calls give is markup that would run, each saying where it stands."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import workbench as wb
from tests.unit.dashboards.shop import in_use
from workbench.engine.encoders import HashingEncoder


def evil(where: str) -> str:
    """Markup that calls ``pwn(where)`` in a page that takes it for such, out of a text, an attribute or a script."""
    return (
        f"'\"></script></style></textarea><img src=x onerror=pwn('{where}')><script>pwn('{where}')</script>"
        f"<a href=\"javascript:pwn('{where}')\">{where}</a> {{{{constructor.constructor(\"pwn('{where}')\")()}}}}"
    )


def short(where: str) -> str:
    """The same for names, which have at most 80 characters."""
    return f"'\"></script><img src=x onerror=pwn('{where}')><svg/onload=pwn('{where}')>"[:80]


TRACKER, OTHER, DRAFT = short("tracker"), short("other"), short("draft")
BOARD, PLAYBOOK, ITEM, METRIC = short("board"), short("playbook"), short("item"), short("metric")
TEAM, ACCOUNT, STAGE, DEAL, CALL = evil("team"), evil("account"), evil("stage"), evil("deal"), evil("call")
ASKED, REFUSED = f"the price is too high {evil('turn')}", f"my boss decides {evil('turn')}"


def calls() -> list[dict[str, Any]]:
    """Thirty calls of two teams, half a year of them."""
    return [call(n, TEAM if n < 15 else "South", ACCOUNT if n < 20 else "Plain") for n in range(30)]


def call(number: int, team: str, account: str) -> dict[str, Any]:
    parties = [
        {"id": "r", "name": evil("person"), "side": "company", "team": team, "email": "r@example.org"},
        {"id": "c", "name": evil("customer"), "side": "customer", "email": f"{number}@example.org"},
    ]
    said = [("r", evil("turn")), ("c", ASKED if number % 3 else "hello"), ("c", REFUSED if number % 4 else "good")]
    return {
        "id": f"{CALL}{number}",
        "title": evil("title"),
        "started": f"2026-{1 + number % 6:02d}-05T10:00:00Z",
        "duration_s": 600.0,
        "team": team,
        "account": account,
        "deal": {"id": DEAL, "stage": STAGE, "amount": 10.0, "outcome": "open"},
        "fields": {"field": evil("field"), "pwn": evil("field")},
        "parties": parties,
        "turns": [{"party": party, "text": text, "start_s": 5.0 * at} for at, (party, text) in enumerate(said)],
    }


def workspace(folder: Path) -> wb.Workspace:
    """All that the nine dashboards show, a live call and a report of a wrong hit included."""
    ws = wb.open(folder, encoder=HashingEncoder())
    report = ws.ingest(calls())
    assert report.added == 30, report.rejected
    in_use(ws, TRACKER, lambda text: "price" in text)
    in_use(ws, OTHER, lambda text: "boss" in text, known=None)
    ws.trackers.get(TRACKER).update(description=evil("description"))
    examples = [f"{evil('example')} {n}" for n in range(5)]
    ws.trackers.create(DRAFT, description=evil("description"), examples=examples)
    ws.boards.create(BOARD, [TRACKER, OTHER], target=0.3, since=date(2026, 1, 1))
    ws.playbooks.create(PLAYBOOK, {ITEM: [TRACKER], short("empty"): [], "Boss": [OTHER]})
    ws.alerts.create(short("alert"), TRACKER, threshold=1)
    ws.streams.create(short("stream"), trackers=[TRACKER])
    source = {"type": "trackers", "required": [TRACKER], "applies": OTHER}
    ws.metrics.create(METRIC, definition=evil("definition"), source=source)
    found = ws.detections(TRACKER)["sentence_id"].iloc[0]
    ws.wrong_hit(TRACKER, found, by=short("reader"), note=evil("note"))
    with ThreadPoolExecutor(1) as thread:  # Playwright's event loop runs in this one
        thread.submit(lambda: asyncio.run(leave_a_live_call(ws))).result()
    return ws


async def leave_a_live_call(ws: wb.Workspace) -> None:
    """A call that goes on, or was left: its journal is what the page of live calls reads."""
    parties = [{"id": "r", "name": evil("person"), "side": "company"}, {"id": "c", "name": evil("customer")}]
    known = {"title": evil("live title"), "account": ACCOUNT, "team": TEAM, "parties": parties}
    try:
        async with ws.live(evil("live call"), **known) as going_on:
            await going_on.turn(ASKED, party="c", start_s=0.0)
            await going_on.turn(evil("live turn"), party="r", start_s=5.0)
            raise InterruptedError
    except InterruptedError:
        return
