"""Above a limit, training looks at a sample of the calls; estimates speak of all of them, and detection reads all."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.support.altered_corpus import delete_calls
from tests.unit.small import answer
from tests.unit.training_scene import NORTH, answer_all, calls, drawn_in, play, tracker, workspace
from workbench.domain.advice import AdviceKind
from workbench.domain.errors import InvalidArgument
from workbench.training.calls_looked_at import LIMIT, limit
from workbench.workspace import tracker_training

COUNT, TURNS = 240, 6


@pytest.fixture
def few(monkeypatch):
    """Half of the scene's calls are more than training may look at."""
    monkeypatch.setenv(LIMIT, str(COUNT * TURNS // 2))


@pytest.fixture
def ws(tmp_path):
    return workspace(tmp_path / "w", COUNT, turns=TURNS)


def looked_at(session) -> set[str]:
    return {name.split(":")[0] for name in session.learning.scope.named.ids.to_pylist()}


def test_below_the_limit_nothing_is_different(ws, monkeypatch):
    session = tracker(ws).train()
    play(session, 2)
    monkeypatch.setenv(LIMIT, str(ws.counts().sentences))
    again = tracker(ws, "Again").train()
    play(again, 2)
    assert (session.sample, again.sample) == (None, None)
    assert again.estimate() == session.estimate()
    logs = [ws.trackers.get(name).log()["rounds"] for name in ("Price", "Again")]
    asked, again_asked = ([one["asked"] for one in log] for log in logs)
    assert [[one["sentence_id"] for one in items] for items in asked] == [
        [one["sentence_id"] for one in items] for items in again_asked
    ]
    assert all("sample" not in one for log in logs for one in log)


def test_a_sample_is_told_in_plain_words_and_played_again_bit_for_bit(few, ws):
    made = tracker(ws)
    session = made.train()
    play(session, 3)
    assert session.sample.share == 0.5
    assert 80 <= len(looked_at(session)) <= 160
    assert session.found().of_calls == len(looked_at(session))
    (told,) = [one.message for one in session.advice() if one.kind is AdviceKind.SAMPLE]
    assert "a random sample, 1 in 2 of the matching calls" in told
    assert made.replay().same
    assert looked_at(wb.open(ws.path, encoder=ws.encoder).trackers.get("Price").train()) == looked_at(session)


def test_replay_does_not_ask_what_the_limit_is_now(few, ws, monkeypatch):
    made = tracker(ws)
    play(made.train(), 2)
    monkeypatch.delenv(LIMIT)
    assert made.replay().same


def test_a_call_is_looked_at_or_not_whatever_others_there_are(few, ws):
    made = tracker(ws)
    before = looked_at(made.train())
    ws.ingest(calls(COUNT, 20, TURNS))
    ws.encode()
    delete_calls(ws.lake, "call-3", "call-4")
    after = looked_at(ws.trackers.get("Price").train())
    old = {f"call-{number}" for number in range(COUNT)} - {"call-3", "call-4"}
    assert after & old == before - {"call-3", "call-4"}
    assert looked_at(tracker(ws, "Other", seed=4).train()) != after


def test_one_more_halving_looks_at_a_part(ws, monkeypatch, tmp_path):
    ws.ingest(calls(COUNT, 200, TURNS))
    ws.encode()
    made = tracker(ws)
    sizes = []
    for most in (1_500, 700):
        monkeypatch.setenv(LIMIT, str(most))
        sizes.append(looked_at(made.train()))
    assert sizes[1] < sizes[0]
    assert made.train().sample.one_in == 4


def test_answers_that_were_given_before_the_limit_was_passed_keep_counting(ws, monkeypatch):
    made = tracker(ws)
    play(made.train(), 3)
    before = made.train().estimate()
    monkeypatch.setenv(LIMIT, "1000")
    session = ws.trackers.get("Price").train()
    assert session.sample is not None
    now = session.estimate()
    assert now.corpus.drawn == before.corpus.drawn == drawn_in(3)
    assert now.heldout == before.heldout
    assert (now.answers, now.in_scope, now.heldout.outside) == (75, 75, 0)
    assert all(one.outside == 0 for one in session.rounds())
    play(session)
    monkeypatch.delenv(LIMIT)
    back = ws.trackers.get("Price").train()
    assert back.sample is None
    assert back.estimate().corpus.drawn == drawn_in(4)
    assert made.replay().same


def test_not_sure_beyond_the_sample_still_widens_the_intervals(ws, monkeypatch):
    session = tracker(ws).train()
    play(session, 2)
    play(session, 1, lambda text: "not_sure" if hash(len(text)) % 3 == 0 else answer(text))
    monkeypatch.setenv(LIMIT, "1000")
    told = ws.trackers.get("Price").train().estimate().corpus
    assert told.drawn == drawn_in(3)
    assert told.precision.low <= told.precision.point <= told.precision.high


def test_an_open_round_stays_when_the_limit_is_passed(ws, monkeypatch):
    session = tracker(ws).train()
    asked = [one.sentence_id for one in session.next_round()]
    session.tag(asked[0], "no")
    monkeypatch.setenv(LIMIT, "1000")
    again = ws.trackers.get("Price").train()
    assert [one.sentence_id for one in again.next_round()] == asked[1:]
    assert not any(one.outside for one in again.candidates)


def test_what_a_person_picks_need_not_be_in_the_sample(few, ws):
    made = tracker(ws)
    session = made.train()
    play(session, 2)
    beyond = sorted({f"call-{number}" for number in range(COUNT)} - looked_at(session))[:3]
    names = [f"{one}:1:0" for one in beyond]
    answer_all(session, session.picked_round(names))
    session.complete_round()
    assert session.rounds()[-1].picked
    assert session.rounds()[-1].outside == 0
    assert made.replay().same


def test_estimates_and_finds_speak_of_all_calls(few, ws):
    made = tracker(ws)
    session = made.train()
    play(session, 4)
    answer_all(session, session.audit_round())
    session.complete_round()
    ids, _ = made.finds(session)
    found = {name.split(":")[0] for name in ids}
    assert found - looked_at(session)
    assert set(session.detected()[0]) <= set(ids)
    version = made.publish(past="all")
    version.wait()
    assert set(version.detections()["sentence_id"]) == set(ids)
    said = {row.id: answer(row.text) == "yes" for row in ws.lake.sentences(_every(ws), 0).values()}
    right = sum(said[name] for name in ids)
    told = session.estimate().corpus
    assert told.precision.low <= right / len(ids) <= told.precision.high
    assert told.hit_rate.low <= right / sum(said.values()) <= told.hit_rate.high
    assert all(point.precision is not None for point in session.dial())


def test_a_draft_shows_how_far_it_has_read(few, ws, monkeypatch, capsys):
    monkeypatch.setattr(tracker_training, "AT_ONCE", COUNT // 4)
    made = tracker(ws)
    play(made.train(), 2)
    capsys.readouterr()
    found = set(ws.draft_detections(made.name, progress=True)["sentence_id"])
    assert f"{COUNT}/{COUNT}" in capsys.readouterr().err
    assert found == set(ws.search(trackers=[made.name], limit=10_000)["sentence_id"]) == set(made.finds()[0])
    assert "Reading calls" not in capsys.readouterr().err


def test_filters_that_leave_few_sentences_need_no_sample(few, ws):
    assert tracker(ws, filters=NORTH).train().sample is None


@pytest.mark.parametrize("said", ["0", "-5", "many", "1.5"])
def test_a_limit_that_is_none_is_refused(said, monkeypatch):
    monkeypatch.setenv(LIMIT, said)
    with pytest.raises(InvalidArgument, match="whole number of sentences above 0"):
        limit()
    for written in (" 2_000 ", "2,000", "2000"):
        monkeypatch.setenv(LIMIT, written)
        assert limit() == 2_000


def _every(ws) -> list[str]:
    return ws.lake.pool()["id"].to_pylist()
