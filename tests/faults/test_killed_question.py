"""A slow endpoint, and what asks it is killed with SIGKILL or not alone: each call is found in once and paid once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import workbench as wb
from tests.support.chat_endpoint import Answer, Endpoint, chat_endpoint, finding, sent_in
from tests.support.patience import PATIENCE_S
from tests.support.warm import Begun, begun
from tests.unit import small
from tests.unit.trackers.test_failing_endpoints import ASKED, PAST, PLENTY, charged
from workbench.engine.encoders import HashingEncoder
from workbench.judges.endpoint import AT_ONCE

CALLS, KILLS, KILLS_ON_SERVER = 60, 6, 3
SLOW_S = 0.05
BEGINNING = """
import workbench as wb
from workbench.publishing import publication
from workbench.engine.encoders import HashingEncoder

publication.BATCH = 8
ws = wb.open({workspace!r}, encoder=HashingEncoder())
tracker = ws.trackers.get("Price")
print("begun", flush=True)
"""
BACKFILL, UPCOMING, PREVIEW = "tracker.active_version().resume().result()", "ws.catch_up()", "tracker.sample(60)"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    good = finding("expensive")

    def slow(request: dict, at: int) -> Answer:
        time.sleep(SLOW_S)
        return good(request, at)

    with chat_endpoint(slow) as found:
        monkeypatch.setenv("WORKBENCH_JUDGE_URL", found.url)
        monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "m")
        yield found


def doing(folder: Path, then: str) -> Begun:
    """A process that does this; returns when it begins."""
    return begun(BEGINNING.format(workspace=str(folder)) + then)


def all_is_there(ws: wb.Workspace) -> None:
    """The ledger holds each call once, and the tracker what is said."""
    publication = ws.trackers.get("Price").active_version()
    assert publication is not None
    said = ws.search("expensive", filters=wb.Filters(scope="any"), limit=1_000)["sentence_id"]
    found = list(publication.detections()["sentence_id"])
    assert sorted(found) == sorted(said)
    taken = charged(ws)
    assert len(taken) == ws.lake.size
    assert not publication.waiting


def times_asked(endpoint: Endpoint) -> Counter[tuple[str, ...]]:
    return Counter(tuple(one["text"] for one in sent_in(request)) for request in endpoint.requests)


def prepared(folder: Path, endpoint: Endpoint, past: str | None) -> wb.Workspace:
    """Nothing is read yet: the endpoint is down until all is prepared, and slow from then on."""
    good, endpoint.answering = endpoint.answering, down
    ws = wb.open(folder, encoder=HashingEncoder())
    ws.credits.top_up(PLENTY)
    tracker = ws.trackers.create("Price", **ASKED)
    if past is None:
        tracker.publish()
    ws.ingest(small.conversations(CALLS))
    ws.encode()
    if past is not None:
        assert tracker.publish(past=past).wait().state == "failed"
    assert charged(ws) == set()
    endpoint.answering = good
    endpoint.requests.clear()
    return ws


def down(request: dict, at: int) -> Answer:
    return Answer(status=429, headers={"x-should-retry": "false"})


@pytest.mark.slow
def test_kills_lose_and_double_nothing(tmp_path: Path, endpoint: Endpoint, state: str | None) -> None:
    ws = prepared(tmp_path / "w", endpoint, PAST)
    publication = ws.trackers.get("Price").active_version()
    assert publication is not None
    rng, kills = random.Random(5), KILLS if state is None else KILLS_ON_SERVER
    for _ in range(kills):
        process, before = doing(tmp_path / "w", BACKFILL), len(endpoint.requests)
        while len(endpoint.requests) == before and process.poll() is None:
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.25))
        process.kill()
        process.wait()
        seen = publication.progress()
        assert seen.state in ("interrupted", "done")
        paid = charged(ws)
        assert set(publication.detections()["conversation_id"]) <= paid
        assert len(paid) >= seen.done
    publication.resume().result(timeout=PATIENCE_S)
    all_is_there(ws)
    again = len(endpoint.requests) - len(times_asked(endpoint))
    print(f"{kills} kills, {len(endpoint.requests)} requests, {again} of them again")
    assert again <= kills * AT_ONCE  # those that were under way


@pytest.mark.slow
@pytest.mark.parametrize("what", [BACKFILL, UPCOMING], ids=["backfill", "upcoming"])
def test_two_processes_ask_about_each_call_once(
    tmp_path: Path, endpoint: Endpoint, state: str | None, what: str
) -> None:
    ws = prepared(tmp_path / "w", endpoint, PAST if what == BACKFILL else None)
    processes = [doing(tmp_path / "w", what) for _ in range(2)]
    assert [one.wait() for one in processes] == [0, 0]
    ws.trackers.get("Price").active_version().wait()
    all_is_there(ws)
    assert set(times_asked(endpoint).values()) == {1}


@pytest.mark.slow
def test_a_preview_beside_a_backfill_pays_nothing_twice(tmp_path: Path, endpoint: Endpoint, state: str | None) -> None:
    ws = prepared(tmp_path / "w", endpoint, PAST)
    processes = [doing(tmp_path / "w", what) for what in (BACKFILL, PREVIEW)]
    assert [one.wait() for one in processes] == [0, 0]
    all_is_there(ws)
    twice = [one for one, times in times_asked(endpoint).items() if times > 1]
    assert len(twice) <= CALLS / 2  # only what both had under way
