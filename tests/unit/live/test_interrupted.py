"""What is under way in a live call when something goes wrong: nothing heard is lost, nobody else is held up."""

from __future__ import annotations

import asyncio
import threading

import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S, wait_for
from tests.unit.results.receivers import web
from workbench.domain.errors import WorkbenchError, WrongState
from workbench.domain.live import LiveState
from workbench.engine.encoders import HashingEncoder
from workbench.live import all_calls
from workbench.live import call as module
from workbench.live.hearing import Hearing
from workbench.live.journal import Journal, key_of
from workbench.live.telling import Teller
from workbench.results import addresses
from workbench.workspace.workspace import Workspace

PARTIES = [{"id": "a", "side": "customer"}, {"id": "b", "side": "company"}]


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(tmp_path / "w", HashingEncoder())
    made.trackers.create("Dogs", kind="keyword", words=["dog"], filters=wb.Filters(scope="any")).publish()
    return made


def recorded(workspace, call_id):
    return [turn.text for turn in workspace.lake.turns(call_id)]


@pytest.mark.parametrize("begun", [True, False])
def test_turns_at_once_without_ids_are_all_kept_in_their_order(workspace, begun):
    said = [f"Sentence number {n} about a dog." for n in range(30)]

    async def run():
        call = workspace.live("c1", parties=PARTIES, language="en")
        if begun:
            await call.begin()
        told = await asyncio.gather(*(call.turn(text, party="ab"[n % 2]) for n, text in enumerate(said)))
        assert [[event.text for event in events] for events in told] == [[text] for text in said]
        await call.end()

    asyncio.run(run())
    assert recorded(workspace, "c1") == said


def test_a_call_taken_up_again_gives_new_turns_new_ids(workspace):
    """The earlier process counted on although a turn failed, and one had an id that looks like ours."""

    async def first():
        call = workspace.live("c1", parties=PARTIES, language="en")
        await call.turn("One.", id="turn-3")
        with pytest.raises(WorkbenchError):
            await call.turn("x" * 20_001)
        await call.turn("Two.")
        call.leave()

    async def second():
        async with workspace.live("c1") as call:
            await asyncio.gather(*(call.turn(text) for text in ("Three.", "Four.", "Five.")))

    asyncio.run(first())
    asyncio.run(second())
    assert recorded(workspace, "c1") == ["One.", "Two.", "Three.", "Four.", "Five."]


def test_an_end_that_fails_leaves_the_call_to_be_taken_up_again(workspace, monkeypatch):
    def busy(*_):
        raise WorkbenchError("the state is busy")

    async def fails():
        monkeypatch.setattr(module, "imported", busy)
        with pytest.raises(WorkbenchError, match="busy"):
            async with workspace.live("c2", language="en") as call:
                await call.turn("My dog barks.")
        assert workspace.live.journals()[0].state is LiveState.LEFT
        monkeypatch.undo()

    async def again():
        async with workspace.live("c2") as call:
            assert [one.text for one in call.finds] == ["My dog barks."]

    asyncio.run(fails())
    asyncio.run(again())
    assert recorded(workspace, "c2") == ["My dog barks."]
    assert len(workspace.detections("Dogs")) == 1


def test_a_start_that_fails_leaves_the_call(workspace, monkeypatch):
    async def run():
        call = workspace.live("c2", language="en")
        monkeypatch.setattr(Hearing, "start", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            async with call:
                pass
        workspace.live("c2").leave()

    asyncio.run(run())


class Held:
    """Has what hears a call wait in one of its methods until it is let go, and then do as ever, or ``instead``."""

    def __init__(self, patch, call, name, instead=None):
        self.go, self.reached = threading.Event(), threading.Event()
        real = getattr(Hearing, name)

        def waits(hearing, *values):
            if hearing.transcript.about.id != call.id:
                return real(hearing, *values)
            self.reached.set()
            assert self.go.wait(PATIENCE_S)
            return (instead or real)(hearing, *values)

        patch.setattr(Hearing, name, waits)


async def reached(held):
    assert await asyncio.to_thread(held.reached.wait, 60)


def test_item_14_a_cancelled_turn_still_delivers_its_events(workspace, monkeypatch):
    async def run():
        seen = []
        async with workspace.live("c3", language="en") as call:
            call.on_event(lambda event: seen.append(event.text))
            held = Held(monkeypatch, call, "hear")
            turn = asyncio.create_task(call.turn("My dog barks."))
            await reached(held)
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
            held.go.set()
        assert seen == ["My dog barks."]
        assert [one.text for one in call.finds] == seen

    asyncio.run(run())
    assert recorded(workspace, "c3") == ["My dog barks."]


def test_the_failure_of_a_cancelled_turn_is_told(workspace, monkeypatch):
    async def run():
        async with workspace.live("c3", language="en") as call:
            held = Held(monkeypatch, call, "hear", instead=lambda *_: 1 / 0)
            turn = asyncio.create_task(call.turn("My dog barks."))
            await reached(held)
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
            held.go.set()
        assert call.failures == ["ZeroDivisionError: division by zero"]

    asyncio.run(run())


def test_a_cancelled_end_still_makes_the_record(workspace, monkeypatch):
    async def run():
        seen = []
        async with workspace.live("c4", language="en") as call:
            call.on_event(lambda event: seen.append(event.text))
            await call.turn("My dog barks.")
            held = Held(monkeypatch, call, "settle")
            end = asyncio.create_task(call.end())
            await reached(held)
            end.cancel()
            with pytest.raises(asyncio.CancelledError):
                await end
            with pytest.raises(WrongState):
                await call.turn("Too late.")
            held.go.set()
        assert workspace.live.journals()[0].state is LiveState.ENDED
        assert seen == ["My dog barks."]

    asyncio.run(run())
    assert recorded(workspace, "c4") == ["My dog barks."]


def test_leaving_one_call_does_not_hold_up_the_others(workspace, monkeypatch):
    async def run():
        slow, other = workspace.live("slow", language="en"), workspace.live("other", language="en")
        await slow.begin()
        await other.begin()
        held = Held(monkeypatch, slow, "hear")
        turn = asyncio.create_task(slow.turn("My dog barks."))
        await reached(held)
        slow.leave()
        assert [one.text for one in await other.turn("A dog again.")] == ["A dog again."]
        held.go.set()
        assert len(await turn) == 1
        await other.end()

    asyncio.run(run())
    assert recorded(workspace, "other") == ["A dog again."]
    assert Journal(workspace.path / "live", key_of("slow")).state is LiveState.LEFT


def test_asking_how_a_call_stands_is_seen_by_nobody(workspace):
    """Many pollers of a call that was left never take each other for its feeder, and hold up nobody who takes it up."""
    call = workspace.live("c5", language="en")
    call.leave()
    wait_for(lambda: workspace.live.journals()[0].state is LiveState.LEFT, "the call to be left")
    wrong, stop = [], threading.Event()

    def poll():
        journal = Journal(workspace.path / "live", key_of("c5"))
        while not stop.is_set():
            wrong.extend([one for one in [journal.state] if one is LiveState.LIVE])

    pollers = [threading.Thread(target=poll) for _ in range(4)]
    for one in pollers:
        one.start()
    for _ in range(2_000):
        wrong.extend([one for one in [workspace.live.journals()[0].state] if one is LiveState.LIVE])
    stop.set()
    for one in pollers:
        one.join()
    assert wrong == []


def test_a_find_that_a_crash_kept_from_being_told_is_told_once(workspace, monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda _: True)
    stream = workspace.streams.create("Dog talk", trackers=["Dogs"])
    told, tellers = Teller.tell, []
    monkeypatch.setattr(all_calls, "Teller", lambda state: tellers.append(Teller(state)) or tellers[-1])

    async def hear(text):
        call = workspace.live("c6", language="en")
        if text:
            await call.turn(text, id="1")
        call.leave()
        await asyncio.to_thread(tellers[-1].close)

    with web() as receiver:
        stream.notify(webhook=receiver.url, live=True)
        monkeypatch.setattr(Teller, "tell", lambda *_: None)  # the process dies before it tells
        asyncio.run(hear("My dog barks."))
        monkeypatch.setattr(Teller, "tell", told)
        for text in ("", "My dog barks loudly.", ""):
            asyncio.run(hear(text))
        assert len(receiver.got) == 1


def test_a_call_in_which_nothing_is_said_ends_without_a_record(workspace):
    async def run():
        async with workspace.live("c7", language="en"):
            pass
        async with workspace.live("c7", language="en") as call:  # its id is still free
            await call.turn("My dog barks.")

    asyncio.run(run())
    assert recorded(workspace, "c7") == ["My dog barks."]
