"""Calls as they go on: every kind of tracker is matched at once, and the record is what a batch reads."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import replace

import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.unit import small
from tests.unit.results.receivers import web
from workbench.domain.errors import EncoderUnavailable, InvalidStream, WrongState
from workbench.domain.live import InvalidTurn, LiveEvent, LiveKind, LiveState
from workbench.engine.encoders import HashingEncoder
from workbench.live.all_calls import InvalidCall
from workbench.live.replay import InvalidSpeed
from workbench.results import addresses, webhooks
from workbench.results.webhooks import signature

PARTIES = [{"id": "c", "side": "customer", "name": "Cy"}, {"id": "r", "side": "company", "name": "Ro"}]
DEAR = "well that is too expensive for us so 7"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A tracker of each kind in use, and some that look at a part of the call, or at other calls."""
    workspace = small.ready(tmp_path_factory.mktemp("live") / "w", rounds=2)
    workspace.trackers.get("Price").publish()
    create = workspace.trackers.create
    create("Dogs", kind="keyword", words=["my dog barks"], filters=wb.Filters(side="customer")).publish()
    create("Phrases", kind="phrase", vocabulary=["the price is far too high", "screen"], closeness=0.45).publish()
    create("Asked", kind="question", question="Did anyone say that the price is far too high?").publish()
    early = {"where": "first", "amount": 0.5, "unit": "minutes"}
    create("Early", kind="keyword", words=["dog"], filters=wb.Filters(part=early)).publish()
    late = {"where": "last", "amount": 20, "unit": "percent"}
    create("Late", kind="keyword", words=["dog"], filters=wb.Filters(part=late)).publish()
    create("Inside", kind="keyword", words=["dog"], filters=wb.Filters(scope="internal")).publish()
    create("Deutsch", kind="keyword", words=["Preis"], filters=wb.Filters(languages=("de",))).publish()
    return workspace


@pytest.fixture
def workspace(made):
    yield made
    for journal in made.live.journals():
        journal.drop()


def found(record):
    return {(one.tracker, one.sentence_id) for one in record.finds}


def detected(workspace, call_id):
    """Return the content of the trackers' records of a call."""
    tables = [workspace.detections(one.name).assign(tracker=one.name) for one in workspace.trackers.list()]
    return {
        (row.tracker, row.sentence_id)
        for table in tables
        for row in table.itertuples()
        if row.conversation_id == call_id
    }


def of(tracker, events):
    return [one for one in events if one.tracker == tracker]


async def fed(call, turns):
    for place, turn in enumerate(turns):
        await call.turn(turn["text"], party=turn["party"], start_s=turn["start_s"], id=str(place))


def test_a_call_of_every_kind_is_found_as_it_goes_on_and_as_the_corpus_reads_it(workspace):
    events = []

    async def run():
        async with workspace.live("new-1", parties=PARTIES, scope="external", title="Now") as call:
            call.on_event(events.append)
            assert call.watching == ["Price", "Dogs", "Phrases", "Asked", "Early"]
            assert list(call.later) == ["Late"]
            assert "only known at its end" in call.later["Late"]
            await fed(call, small.conversations(40, seed=5)[3]["turns"])
            before = {(one.tracker, one.sentence_id) for one in call.finds}
            return before, await call.end()

    before, record = asyncio.run(run())
    assert {tracker for tracker, _ in before} >= {"Price", "Dogs", "Phrases", "Asked"}
    assert found(record) == detected(workspace, "new-1")
    assert found(record) - before == {one for one in found(record) if one[0] == "Late"}
    assert before <= found(record)
    assert [one.tracker for one in record.settled] == ["Late"] * len(record.settled)
    assert all(isinstance(one, LiveEvent) and one.latency_s > 0 for one in events)
    assert record.latency_s is not None
    assert set(record.table["tracker"]) == {tracker for tracker, _ in found(record)}
    card = workspace.lake.card("new-1")
    assert (card.title, card.turns) == ("Now", 12)
    assert card.started is not None


@pytest.mark.parametrize("guesses", [False, True])
def test_a_replay_ends_as_the_batch_reads_the_call(workspace, guesses):
    size = workspace.lake.size
    for call_id in ("call-3", "call-7"):
        number = workspace.lake.card(call_id).number
        batch = {
            (one.name, hit.sentence_id)
            for one in workspace.trackers.list()
            for hit in one.active_version().reader().read(range(number, number + 1))
        }
        events = []
        record = asyncio.run(workspace.live.replay(call_id, speed=100, guesses=guesses, on_event=events.append))
        assert found(record) == batch
        assert {one.tracker for one in record.settled} <= {"Late"}
        assert any(one.provisional for one in events) == guesses
    assert workspace.lake.size == size


def test_a_guess_that_is_corrected_takes_its_finds_back(workspace):
    async def run():
        async with workspace.live("new-2", parties=PARTIES) as call:
            (guess,) = of("Dogs", await call.turn("my dog barks", party="c", id="1", final=False))
            assert (guess.kind, guess.provisional) == (LiveKind.FOUND, True)
            (gone,) = of("Dogs", await call.turn("my dog parks", party="c", id="1", final=False))
            assert gone.kind is LiveKind.WITHDRAWN
            await call.turn("my dog barks", party="c", id="1", final=False)
            (sure,) = of("Dogs", await call.turn("my dog barks a lot.", party="c", id="1"))
            assert (sure.kind, sure.provisional) == (LiveKind.CONFIRMED, False)
            assert of("Dogs", call.finds)[0].text == "my dog barks a lot."
            call.leave()

    asyncio.run(run())


def test_who_speaks_can_become_known_later(workspace):
    async def run():
        async with workspace.live("new-3") as call:
            assert of("Dogs", await call.turn("my dog barks a lot", party="x")) == []
            (event,) = of("Dogs", await call.party("x", name="Xi", side="customer"))
            assert (event.speaker, event.side, event.kind) == ("Xi", "customer", LiveKind.FOUND)
            with pytest.raises(InvalidTurn, match="side: must be one of company, customer, not 'boss'"):
                await call.party("x", side="boss")
            call.leave()

    asyncio.run(run())


def test_the_language_is_told_from_the_words_and_trackers_go_by_it(workspace):
    async def run():
        async with workspace.live("new-4", parties=PARTIES) as call:
            await call.turn("Okay.", party="r")
            assert "Deutsch" not in call.watching
            events = await call.turn("Die Preise sind uns leider viel zu hoch, das geht so nicht.", party="c")
            assert "Deutsch" in call.watching
            assert "Deutsch" in {one.tracker for one in events}
            return await call.end()

    record = asyncio.run(run())
    assert found(record) == detected(workspace, "new-4")
    assert workspace.lake.card("new-4").language == "de"


def test_callbacks_that_fail_end_nothing_and_coroutines_are_awaited(workspace):
    told, slow = [], []

    async def later(event):
        await asyncio.sleep(0.01)
        slow.append(event)

    async def fails(event):
        raise ValueError("later no")

    async def run():
        async with workspace.live("new-5", parties=PARTIES) as call:
            call.on_event(lambda event: 1 / 0)
            call.on_event(fails)
            call.on_event(later)
            call.on_event(told.append)
            await call.turn("my dog barks a lot", party="c")
            await call.end()
            return call

    call = asyncio.run(run())
    assert told
    assert slow == told
    assert "ZeroDivisionError: division by zero" in call.failures
    assert "ValueError: later no" in call.failures


def test_a_call_that_was_left_is_taken_up_again_with_all_that_was_heard(workspace):
    async def broken(call):
        async with call:
            await call.turn("my dog barks a lot", party="c", id="1")
            await call.party("r", name="Rose", side="company")
            await call.turn("can you", party="r", id="2", final=False)
            raise RuntimeError("the line broke")

    async def first():
        call = workspace.live("new-6", parties=PARTIES, account="Acme")
        with pytest.raises(RuntimeError, match="the line broke"):
            await broken(call)
        with pytest.raises(WrongState, match="has ended or was left"):
            await call.turn("more")

    async def second():
        workspace.trackers.create("Barks", kind="keyword", words=["barks"]).publish()
        (journal,) = workspace.live.journals()
        assert journal.state is LiveState.LEFT
        call = workspace.live("new-6")
        assert journal.state is LiveState.LIVE
        assert len(of("Dogs", call.finds)) == 1
        with pytest.raises(WrongState, match="already open in another process"):
            workspace.live("new-6")
        await call.begin()
        told = [one["tracker"] for line in journal.lines() if "turn" not in line for one in line.get("events", ())]
        assert told.count("Barks") == 1
        await call.turn("can you share your screen", party="r", id="2")
        record = await call.end()
        workspace.trackers.get("Barks").pause()
        return record

    asyncio.run(first())
    record = asyncio.run(second())
    assert found(record) == detected(workspace, "new-6")
    card = workspace.lake.card("new-6")
    assert (card.account, card.turns, {one.name for one in card.parties}) == ("Acme", 2, {"Cy", "Rose"})
    (journal,) = workspace.live.journals()
    assert journal.state is LiveState.ENDED


def test_a_tracker_put_to_use_meanwhile_looks_at_all_that_was_said(workspace, monkeypatch):
    monkeypatch.setattr("workbench.live.hearing.LOOK_S", 0.0)

    async def run():
        async with workspace.live("new-7", parties=PARTIES) as call:
            await call.turn("I have a cat", party="c")
            tracker = workspace.trackers.create("Cats", kind="keyword", words=["cat"])
            tracker.publish()
            (event,) = of("Cats", await call.turn("And a bird", party="c"))
            assert (event.kind, event.turn) == (LiveKind.FOUND, 0)
            tracker.pause()
            (event,) = of("Cats", await call.turn("And a fish", party="c"))
            assert (event.kind, event.turn) == (LiveKind.WITHDRAWN, 0)
            call.leave()
        workspace.trackers.delete("Cats", forever=True)

    asyncio.run(run())


def test_without_the_encoder_words_are_matched_and_the_end_makes_up_for_it(workspace, monkeypatch):
    encode = HashingEncoder.encode
    broken = [True]

    def fails(self, texts):
        if broken[0] and "ready" not in texts:
            raise EncoderUnavailable("the encoder is not there")
        return encode(self, texts)

    monkeypatch.setattr(HashingEncoder, "encode", fails)

    async def run():
        async with workspace.live("new-8", parties=PARTIES) as call:
            await call.turn("my dog barks and " + DEAR, party="c")
            assert {one.tracker for one in call.finds} <= {"Dogs", "Early"}
            assert call.problem == "the encoder is not there"
            broken[0] = False
            return await call.end()

    record = asyncio.run(run())
    assert found(record) == detected(workspace, "new-8")
    assert "Price" in {one.tracker for one in record.settled}


def test_a_stream_s_webhook_is_told_at_once_and_once(workspace, monkeypatch):
    monkeypatch.setenv(addresses.ALLOW_LOCAL, "1")
    stream = workspace.streams.create("Dogs live", ["Dogs"])
    with web() as receiver:
        channel = stream.notify(webhook=receiver.url, live=True)
        plain = stream.notify(webhook=receiver.url)
        assert [one.live for one in stream.channels] == [True, False]
        with pytest.raises(InvalidStream, match="live: only a stream's webhook"):
            stream.notify(email="a@example.org", live=True)

        async def run():
            async with workspace.live("new-9", parties=PARTIES) as call:
                await call.turn("my dog barks", party="c", id="1", final=False)
                assert receiver.got == []
                await call.turn("my dog barks a lot", party="c", id="1")
                while not receiver.got:
                    await asyncio.sleep(0.02)
                assert len(receiver.got) == 1
                await call.turn("my dog barks a lot, well", party="c", id="1")

        asyncio.run(run())
    live = [json.loads(one.body) for one in receiver.got if json.loads(one.body)["kind"] == "live"]
    assert len(live) == 1
    assert live[0]["find"]["sentence_id"] == "new-9:0:0"
    assert "barks" not in receiver.got[0].body.decode()
    got = receiver.got[0].headers
    key = channel.key
    assert got["webhook-signature"] == signature(
        key, got["webhook-id"], int(got["webhook-timestamp"]), receiver.got[0].body
    )
    assert [one.kind for one in workspace.messages()] == ["calls"]
    assert plain.live is False
    workspace.streams.delete("Dogs live")


def test_a_slow_receiver_holds_up_nobody(workspace, monkeypatch):
    """It answers only once the event loop has gone on after the call's end."""
    monkeypatch.setenv(addresses.ALLOW_LOCAL, "1")
    monkeypatch.setattr(webhooks, "TIMEOUT_S", PATIENCE_S)
    stream = workspace.streams.create("Slow", ["Dogs"])
    gone_on, in_time = threading.Event(), []

    async def go_on(journal):
        while journal.state is not LiveState.ENDED:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.02)
        gone_on.set()

    async def run():
        async with workspace.live("new-12", parties=PARTIES) as call:
            await call.turn("my dog barks", party="c")
            (journal,) = workspace.live.journals()
            watching = asyncio.create_task(go_on(journal))
            await call.end()
            await watching

    with web() as receiver:

        def held():
            if json.loads(receiver.got[-1].body)["kind"] == "live":
                in_time.append(gone_on.wait(PATIENCE_S))

        receiver.before_answer = held
        stream.notify(webhook=receiver.url, live=True)
        asyncio.run(run())
    assert in_time == [True]
    workspace.streams.delete("Slow")


def test_many_calls_at_once(workspace):
    turns = small.conversations(40, seed=8)

    async def one(nth):
        async with workspace.live(f"many-{nth}", parties=PARTIES, scope="external") as call:
            await fed(call, turns[nth]["turns"])
            return await call.end()

    async def run():
        return await asyncio.gather(*(one(nth) for nth in range(6)))

    records = asyncio.run(run())
    for nth, record in enumerate(records):
        assert found(record) == detected(workspace, f"many-{nth}")
    assert workspace.catch_up() == 0


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"partys": []}, "partys"),
        ({"parties": [{"side": "boss", "id": "1"}]}, "parties"),
        ({"turns": []}, "gets its turns from call.turn"),
        ({"started": "yesterday"}, "started"),
    ],
)
def test_what_cannot_be_known_of_a_call_is_named(workspace, about, told):
    with pytest.raises(InvalidCall, match=told):
        workspace.live("bad", **about)
    assert workspace.live.journals() == []


def test_a_call_of_the_corpus_is_not_live(workspace):
    with pytest.raises(WrongState, match=r"already recorded; play it with ws\.live\.replay"):
        workspace.live("call-1")
    with pytest.raises(wb.domain.errors.ConversationNotFound):
        asyncio.run(workspace.live.replay("nobody"))
    for speed in (0.5, 101, "fast", True):
        with pytest.raises(InvalidSpeed, match="from 1 to 100"):
            asyncio.run(workspace.live.replay("call-1", speed=speed))


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        ({"id": "", "text": "a"}, "id: must not be empty"),
        ({"text": "a"}, "id: missing"),
        ({"id": "1"}, "text: missing"),
        ({"id": "1", "text": 3}, "text: must be text, not 3"),
        ({"id": "1", "text": "a" * 20_001}, "text: must have at most 20,000 characters, not 20,001"),
        ({"id": "1", "text": "a", "start_s": -1}, "start_s: -1 is not a time in a call"),
        ({"id": "1", "text": "a", "end_s": float("nan")}, "end_s: nan is not a time"),
        ({"id": "1", "text": "a", "final": "no"}, "final: 'no' is neither"),
        ({"id": "1", "text": "a", "speaker": "b"}, "speaker: not a field of a turn"),
    ],
)
def test_a_source_s_bad_turns_are_told_and_left_out(workspace, turn, told):
    async def source():
        yield turn
        yield {"id": "good", "text": "my dog barks a lot", "party": "c"}

    async def run():
        async with workspace.live("new-10", parties=PARTIES) as call:
            await call.follow(source())
            assert told in call.failures[0]
            assert len(of("Dogs", call.finds)) == 1
            call.leave()

    asyncio.run(run())


def test_hostile_text_stays_text(workspace):
    """Halves of characters, control signs and markup go through to the corpus."""
    said = "\ud83d <script>alert(1)</script> my dog barks \0 \u202e a lot"

    async def run():
        async with workspace.live("new-11", parties=PARTIES) as call:
            await call.turn(said, party="c")
            return await call.end()

    record = asyncio.run(run())
    assert found(record) == detected(workspace, "new-11")
    (text,) = {one.text for one in record.finds if one.tracker == "Dogs"}
    assert "<script>alert(1)</script>" in text


def test_a_replay_in_a_thread_can_be_slowed_down_and_stopped(workspace):
    playing = workspace.live.play("call-3", speed=1)
    assert not playing.done
    playing.speed = 100
    with pytest.raises(InvalidSpeed):
        playing.speed = 1_000
    playing.wait(PATIENCE_S)
    assert playing.done
    assert playing.error == ""
    assert playing.record is not None
    stopped = workspace.live.play("call-3", speed=1)
    stopped.stop()
    stopped.wait(PATIENCE_S)
    assert stopped.record is not None
    states = {one.key: one.state for one in workspace.live.journals()}
    assert states[playing.key] is states[stopped.key] is LiveState.ENDED
    last = list(next(one for one in workspace.live.journals() if one.key == playing.key).lines())[-1]
    assert last["kept"] is False
    assert last["found"] == len(playing.record.finds)


def test_a_corpus_split_by_turns_is_replayed_by_turns(tmp_path):
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    call = small.conversations(1)[0]
    turns = [one | {"text": f"Hello there. {one['text']}. Bye now."} for one in call["turns"]]
    workspace.ingest([call | {"turns": turns}], unit="turn")
    workspace.trackers.create("Bye", kind="keyword", words=["bye"]).publish()
    record = asyncio.run(workspace.live.replay("call-0", speed=100))
    assert {one.sentence_id for one in record.finds} == {f"call-0:{n}:0" for n in range(12)}
    assert record.settled == ()


def test_nothing_is_in_use(tmp_path):
    """Words are matched without vectors, and without a corpus."""
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())

    async def run():
        async with workspace.live("one", parties=PARTIES) as call:
            assert await call.turn("Hello") == []
            return await call.end()

    record = asyncio.run(run())
    assert record.finds == ()
    assert workspace.lake.card("one").turns == 1
    assert replace(record, latency_s=None).table.empty


@pytest.mark.usefixtures("state")
def test_the_state_can_be_anywhere(tmp_path):
    """SQLite or PostgreSQL: trackers in use, webhooks' messages and the record go by it."""
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.trackers.create("Dogs", kind="keyword", words=["dog"]).publish(stream="Barks")

    async def run():
        async with workspace.live("one", parties=PARTIES) as call:
            await call.turn("my dog barks", party="c")
            call.leave()
        return await workspace.live("one").end()

    record = asyncio.run(run())
    assert found(record) == detected(workspace, "one") == {("Dogs", "one:0:0")}
    assert [one.kind for one in workspace.messages()] == ["calls"]


def test_with_another_encoder_trackers_of_meaning_wait_and_say_why(tmp_path):
    """And the others read what arrives, as before."""
    first = small.ready(tmp_path / "w")
    first.trackers.get("Price").publish()
    first.trackers.create("Dogs", kind="keyword", words=["dog"]).publish()
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder(100))

    async def run():
        async with workspace.live("one", parties=PARTIES) as call:
            await call.turn(f"my dog barks, {DEAR}", party="c")
            return call.watching, call.later, await call.end()

    watching, later, record = asyncio.run(run())
    assert watching == ["Dogs"]
    assert "was published with the encoder hashing-64" in later["Price"]
    assert found(record) == {("Dogs", "one:0:0")}
    assert "open the workspace with that one" in workspace.trackers.get("Price").active_version().progress().waiting
    again = wb.open(tmp_path / "w", encoder=HashingEncoder())
    again.catch_up()
    assert again.trackers.get("Price").active_version().progress().waiting == ""
    assert detected(again, "one") == {("Dogs", "one:0:0"), ("Price", "one:0:0")}
