"""A tracker from its examples to its estimate, without a model: words hashed to vectors."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import text

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.support.prepared import prepared
from workbench.domain.errors import (
    Cancelled,
    CorpusNotEncoded,
    InvalidAnswer,
    InvalidTracker,
    NotEnoughTags,
    NothingToTag,
    RoundIncomplete,
    TrackerExists,
    UnknownCandidate,
)
from workbench.domain.rounds import trained
from workbench.engine.encoders import HashingEncoder

OPENINGS = ("well", "so", "honestly", "look", "right", "okay", "you know", "I mean")
PRICEY = ("that is too expensive for us", "the price is far too high", "we cannot pay that much money")
OTHER = ("the weather is lovely today", "can you share your screen", "let us meet on tuesday", "my dog barks a lot")
EXAMPLES = [f"{opening} {sentence}" for opening, sentence in zip(OPENINGS, PRICEY * 2, strict=False)][:5]


def conversations(count: int = 120):
    rng = random.Random(0)
    for number in range(count):
        turns = []
        for place in range(20):
            said = rng.choice(PRICEY if rng.random() < 0.15 else OTHER)
            extra = f"{rng.choice(OPENINGS)} {said} {rng.choice(OPENINGS)} {rng.randint(0, 500)}"
            turns.append({"party": "c" if place % 2 else "r", "text": extra, "start_s": place * 5.0})
        parties = [{"id": "c", "side": "customer", "name": "Cy"}, {"id": "r", "side": "company", "name": "Ro"}]
        yield {"id": f"call-{number}", "turns": turns, "parties": parties, "scope": "external"}


@pytest.fixture
def ws(tmp_path):
    return wb.open(prepared("session", encoded, tmp_path / "w"), encoder=HashingEncoder())


def encoded(folder):
    workspace = wb.open(folder, encoder=HashingEncoder())
    assert workspace.ingest(conversations()).added == 120
    workspace.encode()
    return workspace


def truth(candidate) -> str:
    return "yes" if any(said in candidate.text for said in PRICEY) else "no"


def play(session, rounds: int = 1):
    for _ in range(rounds):
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, truth(candidate))
        session.complete_round()


def test_four_rounds_give_estimates_and_find_the_concept(ws):
    tracker = ws.trackers.create("Price", examples=EXAMPLES, filters=wb.Filters(side="customer"), seed=3)
    session = tracker.train()
    play(session, 4)
    assert [(r.number, r.asked, r.complete) for r in session.rounds()] == [(n, 25, True) for n in range(1, 5)]
    estimate = session.estimate()
    assert estimate.heldout.precision > 0.8
    assert estimate.heldout.hit_rate > 0.8
    found = ws.draft_detections("Price")
    right = found.text.map(lambda said: any(p in said for p in PRICEY))
    assert right.mean() > 0.9
    assert set(found.side) == {"customer"}
    assert len(session.surfaced(20)) == 20


@pytest.mark.usefixtures("state")
def test_a_session_goes_on_at_the_same_sentence_in_another_kernel(ws, tmp_path):
    session = ws.trackers.create("Price", examples=EXAMPLES, seed=1).train()
    first = session.next_round()
    for candidate in first[:7]:
        session.tag(candidate.sentence_id, truth(candidate))
    again = wb.open(tmp_path / "w", encoder=HashingEncoder()).trackers.get("Price").train()
    rest = again.next_round()
    assert [c.sentence_id for c in rest] == [c.sentence_id for c in first[7:]]
    assert [c.answer for c in again.candidates[:7]] == [truth(c) for c in first[:7]]


def test_the_same_seed_and_answers_give_the_same_rounds(ws):
    one, two = (ws.trackers.create(name, examples=EXAMPLES, seed=5).train() for name in ("One", "Two"))
    play(one, 2)
    play(two, 2)
    ids = [[c.sentence_id for c in s.next_round()] for s in (one, two)]
    assert ids[0] == ids[1]


@pytest.mark.usefixtures("state")
def test_undo_takes_back_the_newest_answer_and_a_changed_answer_stands_once(ws):
    session = ws.trackers.create("Price", examples=EXAMPLES, seed=1).train()
    a, b = (c.sentence_id for c in session.next_round()[:2])
    session.tag(a, "yes")
    session.tag(b, "no")
    session.tag(b, "not_sure")
    undone = session.undo()
    assert undone is not None
    assert (undone.sentence_id, undone.answer) == (b, "not_sure")
    assert session.undo().sentence_id == a
    assert session.undo() is None
    with ws.database.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM answers WHERE undone IS NULL")).scalar() == 0


@pytest.mark.usefixtures("state")
def test_an_answer_in_any_case_is_stored_as_what_it_means(ws):
    session = ws.trackers.create("Pricing", examples=EXAMPLES).train()
    first, second, third, *_ = session.next_round()
    for candidate, said in ((first, "YES"), (second, " No "), (third, "Not sure")):
        session.tag(candidate.sentence_id, said)
    assert [session.answers[one.sentence_id] for one in (first, second, third)] == ["yes", "no", "not_sure"]
    assert session.correct(first.sentence_id, "NOT_SURE").answer == "not_sure"


def test_a_round_completes_in_the_background(ws):
    session = ws.trackers.create("Price", examples=EXAMPLES, seed=1).train()
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, truth(candidate))
    job = session.complete_round_later()
    assert job.result(timeout=PATIENCE_S).complete
    assert job.done
    assert job.error is None


@pytest.mark.usefixtures("state")
def test_bad_calls_say_what_to_do(ws):
    session = ws.trackers.create("Price", examples=EXAMPLES).train()
    with pytest.raises(RoundIncomplete, match="not opened"):
        session.complete_round()
    candidate = session.next_round()[0]
    with pytest.raises(InvalidAnswer, match="not_sure"):
        session.tag(candidate.sentence_id, "maybe")
    with pytest.raises(UnknownCandidate, match="next_round"):
        session.tag("elsewhere:0:0", "yes")
    with pytest.raises(TrackerExists, match="another name"):
        ws.trackers.create("Price", examples=EXAMPLES)
    with pytest.raises(InvalidTracker, match="at least 5"):
        ws.trackers.create("Short", examples=EXAMPLES[:3])


def test_without_vectors_training_says_how_to_make_them(tmp_path):
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(5))
    with pytest.raises(CorpusNotEncoded, match="encode"):
        workspace.trackers.create("Price", examples=EXAMPLES).train()


def test_an_audit_round_narrows_the_estimate_and_gives_way_to_none_that_has_answers(ws):
    session = ws.trackers.create("Audited", examples=EXAMPLES, seed=3).train()
    with pytest.raises(NotEnoughTags):
        session.audit_round()
    play(session, 4)
    before = session.estimate().corpus
    opened = session.next_round()
    audit = session.audit_round()  # takes the place of the round that has no answer yet
    assert [c.round for c in audit] == [5] * 25
    assert {c.reason for c in audit} == {"audit"}
    assert all(c.probability for c in audit)
    assert {c.sentence_id for c in audit} != {c.sentence_id for c in opened}
    for candidate in audit:
        session.tag(candidate.sentence_id, truth(candidate))
    with pytest.raises(RoundIncomplete):
        session.audit_round()
    session.complete_round()
    after = session.estimate().corpus
    assert after.drawn == before.drawn + 25
    assert after.precision.half_width < before.precision.half_width


def test_an_answer_that_looks_wrong_is_shown_again(ws):
    session = ws.trackers.create("Doubted", examples=EXAMPLES, seed=3).train()
    play(session, 3)
    candidates = session.next_round()
    wrong = next(candidate for candidate in candidates if truth(candidate) == "yes")
    for candidate in candidates:
        session.tag(candidate.sentence_id, "no" if candidate is wrong else truth(candidate))
    session.complete_round()
    shown = session.second_look()
    assert wrong.sentence_id in [candidate.sentence_id for candidate in shown]
    assert next(c for c in shown if c.sentence_id == wrong.sentence_id).answer == "no"
    assert len(shown) <= 5


def test_a_setting_of_the_dial_is_kept_with_the_tracker(ws):
    tracker = ws.trackers.create("Dialled", examples=EXAMPLES, seed=3)
    play(tracker.train(), 3)
    balanced = tracker.train()
    strict, *_, generous = balanced.dial()
    assert strict.found < generous.found
    assert "balanced" in {p.rule for p in balanced.dial()}
    added = balanced.surfaced(20, generous.threshold, below=strict.threshold)
    assert added
    assert not {c.sentence_id for c in added} & {c.sentence_id for c in balanced.surfaced(20, strict.threshold)}
    asked = [c.sentence_id for c in balanced.next_round()]

    tracker.update(threshold="hit_rate>=0.95")
    again = ws.trackers.get("Dialled").train()
    assert [c.sentence_id for c in again.next_round()] == asked
    assert "hit_rate>=0.95" in {point.rule for point in again.dial()}
    assert len(again.detected()[0]) == next(p.found for p in again.dial() if p.rule == "hit_rate>=0.95")
    with pytest.raises(wb.WorkbenchError, match="must be one of balanced"):
        tracker.update(threshold="best")


def test_a_replay_knows_by_which_rule_each_round_was_estimated(ws):
    tracker = ws.trackers.create("Replayed", examples=EXAMPLES, seed=3)
    play(tracker.train(), 2)
    tracker.update(threshold="precision>=0.8")
    play(tracker.train(), 1)
    assert tracker.train().estimate().rule == "precision>=0.8"
    assert tracker.replay().same


def reviewed(ws, name: str = "Reviewed", rounds: int = 4):
    session = ws.trackers.create(name, examples=EXAMPLES, seed=3).train()
    play(session, rounds)
    return session


def judge(session, candidates) -> None:
    for candidate in candidates:
        session.tag(candidate.sentence_id, truth(candidate))


def judge_all_that_is_found(session) -> None:
    while True:
        judge(session, session.review_round(count=10_000))
        session.complete_round()


def test_a_review_asks_about_what_is_found_and_counts_when_all_of_it_is_judged(ws):
    session = reviewed(ws)
    before, found = session.estimate().corpus, session.detected()[0]
    opened = session.next_round()
    sample = session.review_sample()
    assert session.candidates[0].sentence_id == opened[0].sentence_id  # reading opens nothing
    review = session.review_round()
    assert [c.sentence_id for c in review] == [c.sentence_id for c in sample]
    assert len({c.sentence_id for c in review}) == 20
    assert {c.sentence_id for c in review} <= set(found)
    assert {(c.reason, c.round) for c in review} == {("review", 5)}
    assert session.found().sentences == len(found)
    untagged = len(found) - sum(c.answer is not None for c in session.answered(found))
    assert {c.probability for c in review} == {20 / untagged}
    judge(session, review)
    assert session.complete_round().review
    after = session.estimate().corpus
    assert after.drawn == before.drawn + 20
    assert after.precision.half_width < before.precision.half_width
    assert [one.review for one in session.rounds()] == [False] * 4 + [True]


def test_of_a_review_judged_in_part_the_answers_only_teach(ws):
    session = reviewed(ws)
    before = session.estimate().corpus
    review = session.review_round()
    with pytest.raises(RoundIncomplete, match="20 of its 20"):
        session.complete_round()
    judge(session, review[:6])
    session.tag(review[6].sentence_id, "not_sure")
    assert session.complete_round().answered == 7
    assert session.estimate().corpus.drawn == before.drawn
    assert session.rounds()[-1].asked == 7
    left = {c.sentence_id for c in review[7:]}
    assert not session.answered(list(left))
    again = {c.sentence_id for c in session.review_round(count=10_000)}
    assert left & again  # what was left unjudged can be asked about again


def test_a_review_goes_on_gives_way_and_is_undone(ws, tmp_path):
    session = reviewed(ws)
    first = session.review_round()
    others = session.review_round(skip=1)
    assert not {c.sentence_id for c in first} & {c.sentence_id for c in others}
    assert {c.probability for c in others} == {None}
    session.tag(others[3].sentence_id, "yes")
    elsewhere = wb.open(tmp_path / "w", encoder=HashingEncoder()).trackers.get("Reviewed").train()
    assert [c.sentence_id for c in elsewhere.review_round(skip=2)] == [c.sentence_id for c in others]
    assert [c.sentence_id for c in elsewhere.review_sample(skip=0)] == [c.sentence_id for c in others]
    assert session.undo().sentence_id == others[3].sentence_id
    assert [c.sentence_id for c in session.review_round(skip=0)] == [c.sentence_id for c in first]
    assert [c.sentence_id for c in session.next_round()] == [c.sentence_id for c in first]
    assert {c.reason for c in session.audit_round()} == {"audit"}
    judge(session, session.candidates[:1])
    with pytest.raises(RoundIncomplete, match="complete it, then review"):
        session.review_round()


def test_a_review_needs_something_found_that_was_not_judged(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest(conversations(12))
    ws.encode()
    session = ws.trackers.create("Early", examples=EXAMPLES, seed=3).train()
    for ask in (session.review_round, session.review_sample, session.found):
        with pytest.raises(NotEnoughTags):
            ask()
    play(session, 1)
    with pytest.raises(NothingToTag, match="has been judged"):
        judge_all_that_is_found(session)


def test_reviews_are_none_of_the_basic_trainings_rounds(ws):
    session = reviewed(ws, rounds=1)
    judge(session, session.review_round())
    session.complete_round()
    play(session, 2)
    assert trained(session.rounds()) == 3
    assert not session.learning.basic_done(4)
    play(session, 1)
    assert session.learning.basic_done(5)


def test_a_training_that_was_cancelled_leaves_nothing_behind(ws):
    session = reviewed(ws, rounds=2)
    judge(session, session.review_round()[:5])
    with pytest.raises(Cancelled):
        session.complete_round(lambda fraction, _: fraction < 0.6)
    judge(session, session.candidates)
    session.complete_round()
    assert session.rounds()[-1].answered == 20
    assert ws.trackers.get("Reviewed").replay().same
