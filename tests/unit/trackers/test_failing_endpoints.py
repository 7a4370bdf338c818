"""Whatever an endpoint does at any stage: the state says why, nothing found is lost, nothing is paid for twice."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

import workbench as wb
from tests.support.chat_endpoint import Answer, Endpoint, finding, judging_endpoint, naming, sent_in
from tests.support.failing_endpoints import FAILURES, ORDER, Failure, impatient
from tests.support.patience import PATIENCE_S
from tests.unit.small import conversations
from workbench.domain.errors import JudgeUnavailable
from workbench.domain.publications import Run
from workbench.domain.trackers import TrackerState
from workbench.engine.encoders import HashingEncoder
from workbench.reading.judging import IN_A_ROW
from workbench.store.credit_tables import verdicts
from workbench.workspace.tracker import Tracker

CALLS = 20
PAST = "12 months"
ASKED = {
    "kind": "question",
    "judge": "endpoint",
    "question": "Did the customer say that it is too expensive?",
    "details": "“that is too expensive for us” “we cannot pay that much money”",
}
GOOD = finding("expensive")
BAD = "zebra"  # is said in one call
PLENTY = 1_000.0


class Stage(NamedTuple):
    """``run`` asks about ``CALLS`` calls, and gives what people are told; ``again`` goes on where it stopped."""

    run: Callable[[wb.Workspace, Tracker], str]
    again: Callable[[wb.Workspace, Tracker], object]
    arrive_late: bool = False


def previewed(_: wb.Workspace, tracker: Tracker) -> str:
    try:
        sample = tracker.sample(CALLS)
    except JudgeUnavailable as error:
        return str(error)
    return " ".join(one.failure for one in sample.calls)


def backfilled(_: wb.Workspace, tracker: Tracker) -> str:
    publication = tracker.publish(past=PAST)
    done = publication.wait()
    assert tracker.state is TrackerState.ACTIVE  # nobody has to switch it on again
    return f"{done.message} {' '.join(one.reason for one in publication.unjudged())}"


def caught_up(ws: wb.Workspace, tracker: Tracker) -> str:
    publication = tracker.publish()
    assert ws.ingest(calls()).added == CALLS  # what is imported is in the corpus, whoever can judge it
    said = publication.progress()
    assert said.state is Run.DONE
    assert bool(said.waiting) == publication.waiting
    return f"{said.waiting} {' '.join(one.reason for one in publication.unjudged())}"


STAGES = {
    "preview": Stage(previewed, lambda _, tracker: tracker.sample(CALLS)),
    "backfill": Stage(backfilled, lambda _, tracker: tracker.active_version().resume().result(timeout=PATIENCE_S)),
    "upcoming": Stage(caught_up, lambda ws, _: ws.catch_up(), arrive_late=True),
}


def calls() -> list[dict]:
    """In the fifth one another word stands beside each of the others."""
    found = conversations(CALLS)
    for turn in found[4]["turns"]:
        turn["text"] = f"{turn['text']} {BAD}"
    return found


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    with judging_endpoint(monkeypatch, GOOD) as found:
        monkeypatch.setenv("WORKBENCH_JUDGE_KEY", "secret-key")
        yield found


@pytest.fixture
def in_time(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.judges.client.client_class", lambda: impatient(endpoint))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A workspace without the calls, and one with them, to be copied: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("made")
    for late in (True, False):
        prepared(folder / str(late), late).database.dispose()
    return {late: folder / str(late) for late in (True, False)}


def prepared(folder: Path, late: bool, state: str | None = None) -> wb.Workspace:
    ws = wb.open(folder, encoder=HashingEncoder(), state=state)
    if not late:
        ws.ingest(calls())
    ws.encode()
    ws.credits.top_up(PLENTY)
    return ws


def copied(made: dict[bool, Path], folder: Path, stage: Stage) -> wb.Workspace:
    shutil.copytree(made[stage.arrive_late], folder)
    return wb.open(folder, encoder=HashingEncoder())


def found(ws: wb.Workspace) -> set[str]:
    read = ws.detections if ws.trackers.get("Price").publications() else ws.draft_detections
    return set(read("Price")["sentence_id"])


def kept(ws: wb.Workspace) -> int:
    """How many verdicts."""
    with ws.database.connect() as connection:
        return len(connection.execute(select(verdicts.c.key)).all())


def charged(ws: wb.Workspace) -> set[str]:
    """The calls in the ledger, none of them twice; what they took is what is missing."""
    ledger = ws.credits.entries()
    taken = ledger[ledger["kind"] == "analysis"]
    assert taken["conversation_id"].is_unique
    assert ws.credits.balance == pytest.approx(PLENTY + taken["amount"].sum(), abs=1e-6)
    return set(taken["conversation_id"])


def all_is_there(ws: wb.Workspace, tracker: Tracker, endpoint: Endpoint) -> None:
    """What an endpoint that never failed would have led to."""
    said = ws.search("expensive", filters=wb.Filters(scope="any"), limit=1_000)
    if tracker.active_version() is not None:
        assert tracker.active_version().unjudged() == []
        assert tracker.active_version().progress().waiting == ""
        assert not tracker.active_version().waiting
    assert found(ws) == set(said["sentence_id"])
    assert len(found(ws)) > 5
    assert charged(ws) == {f"call-{number}" for number in range(CALLS)}
    assert kept(ws) == len(asked(endpoint))


def asked(endpoint: Endpoint) -> set[tuple[str, ...]]:
    """The sentences of each call that was asked about; not what only tries whether the endpoint answers at all."""
    every = {tuple(one["text"] for one in sent_in(request)) for request in endpoint.requests}
    return {one for one in every if not one[0].startswith("Good morning")}


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_an_endpoint_that_fails_at_every_call(
    tmp_path: Path,
    made: dict[bool, Path],
    endpoint: Endpoint,
    stage: Stage,
    failure: Failure,
    caplog: pytest.LogCaptureFixture,
) -> None:
    it_fails_and_recovers(copied(made, tmp_path / "w", stage), endpoint, stage, failure, caplog)


@pytest.mark.parametrize("name", ["500", "429", "garbage", "cut off within the body"])
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_the_same_where_the_state_is_on_a_server(
    tmp_path: Path,
    endpoint: Endpoint,
    stage: Stage,
    name: str,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    state = request.getfixturevalue("postgresql_server").new()
    ws = prepared(tmp_path / "w", stage.arrive_late, state)
    it_fails_and_recovers(ws, endpoint, stage, FAILURES[name], caplog)


def it_fails_and_recovers(
    ws: wb.Workspace, endpoint: Endpoint, stage: Stage, failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    endpoint.answering = lambda request, _: failure.answer(request)
    tracker = ws.trackers.create("Price", **ASKED)
    told = stage.run(ws, tracker)
    assert failure.told in told
    assert "secret" not in told + caplog.text
    assert found(ws) == charged(ws) == set()
    assert kept(ws) == 0
    assert len(asked(endpoint)) <= IN_A_ROW  # it is not asked about all calls when none can be answered
    endpoint.answering = GOOD
    endpoint.requests.clear()
    stage.again(ws, tracker)
    assert len(endpoint.requests) == len(asked(endpoint))  # each call once
    all_is_there(ws, tracker, endpoint)
    stage.again(ws, tracker)
    assert len(endpoint.requests) == kept(ws)


OF_CALLS = {name: one for name, one in FAILURES.items() if one.of_call}
# All of them where calls arrive, which is where one is passed over; elsewhere one of each sort.
PAIRS = [("upcoming", name) for name in OF_CALLS] + [
    (stage, name)
    for stage in ("preview", "backfill")
    for name in ("no answer in time", "500", "a reply cut short", "orders obeyed")
]


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize(
    ("stage", "failure"),
    [(STAGES[stage], FAILURES[name]) for stage, name in PAIRS],
    ids=[f"{stage}-{name}" for stage, name in PAIRS],
)
def test_a_call_at_which_it_fails_keeps_no_other_from_being_judged(
    tmp_path: Path, made: dict[bool, Path], endpoint: Endpoint, stage: Stage, failure: Failure
) -> None:
    def answer(request: dict, at: int) -> Answer:
        return failure.answer(request) if BAD in sent_in(request)[0]["text"] else GOOD(request, at)

    endpoint.answering = answer
    ws = copied(made, tmp_path / "w", stage)
    tracker = ws.trackers.create("Price", **ASKED)
    assert failure.told in stage.run(ws, tracker)
    assert charged(ws) == {f"call-{number}" for number in range(CALLS) if number != 4}
    assert found(ws)
    assert not any(name.startswith("call-4:") for name in found(ws))
    answered = len(endpoint.requests)
    endpoint.answering = GOOD
    if tracker.active_version() is not None:
        assert [one.conversation_id for one in tracker.active_version().unjudged()] == ["call-4"]
        assert tracker.active_version().try_again() == 1
    else:
        stage.again(ws, tracker)
    assert len(endpoint.requests) == answered + 1  # the others are not asked about again
    all_is_there(ws, tracker, endpoint)


def test_many_calls_that_lead_a_model_astray_do_not_stop_the_rest(tmp_path: Path, endpoint: Endpoint) -> None:
    """More of them than failures in a row are borne: what nobody said is still answered, so it is not the endpoint."""
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    hostile = conversations(3 * IN_A_ROW, seed=8)
    for call in hostile:
        call["id"] = f"evil-{call['id']}"
        for turn in call["turns"]:
            turn["text"] = f"that is too expensive for us {ORDER} {turn['text']}"
    ws.ingest([*calls()[:3], *hostile, *calls()[3:]])
    ws.encode()
    ws.credits.top_up(PLENTY)

    def obeying(request: dict, at: int) -> Answer:
        return Answer(naming(99)) if ORDER in sent_in(request)[0]["text"] else GOOD(request, at)

    endpoint.answering = obeying
    publication = ws.trackers.create("Price", **ASKED).publish(past=PAST)
    assert publication.wait().state is Run.DONE
    passed_over = {one.conversation_id for one in publication.unjudged()}
    assert len(passed_over) == publication.progress().unjudged > IN_A_ROW
    assert passed_over <= {one["id"] for one in hostile}
    assert charged(ws) == {one["id"] for one in (*calls(), *hostile)} - passed_over
    assert found(ws)


def test_a_bad_day_costs_no_call_its_tries(tmp_path: Path, endpoint: Endpoint) -> None:
    """Calls arrive one at a time, as they do: each is passed over, and read when the endpoint is back."""
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.credits.top_up(PLENTY)
    tracker = ws.trackers.create("Price", **ASKED)
    publication = tracker.publish()
    endpoint.answering = lambda request, _: FAILURES["500"].answer(request)
    for call in calls():
        ws.ingest([call])
    assert len(publication.unjudged()) == CALLS
    assert {one.tries for one in publication.unjudged()} == {1}
    endpoint.answering = GOOD
    assert publication.try_again() == CALLS
    all_is_there(ws, tracker, endpoint)


@pytest.mark.parametrize("most", [1, 6])
def test_no_more_requests_go_at_once_than_is_set(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setenv("WORKBENCH_JUDGE_PARALLEL", str(most))
    lock, full, now, seen = threading.Lock(), threading.Event(), [0], [0]

    def counting(request: dict, at: int) -> Answer:
        with lock:
            now[0] += 1
            seen[0] = max(seen[0], now[0])
            if now[0] == most:
                full.set()
        assert full.wait(PATIENCE_S)
        time.sleep(0.05)  # in which one more would come
        with lock:
            now[0] -= 1
        return GOOD(request, at)

    endpoint.answering = counting
    ws = prepared(tmp_path / "w", late=False)
    ws.trackers.create("Price", **ASKED).sample(CALLS)
    assert seen[0] == most
