"""A session is replayed over the calls, filters and encoders of its day, whatever has come since (item 7)."""

from __future__ import annotations

import random

import pytest

import workbench as wb
from tests.support.altered_corpus import correct_sentence, delete_calls
from tests.support.old_workspace import old_workspace  # noqa: F401
from tests.unit.small import EXAMPLES, answer
from tests.unit.training_scene import NORTH, SOUTH, answer_all, calls, learnt, play, tracker, workspace
from workbench.engine.encoders import HashingEncoder
from workbench.store.sessions import SessionRepository


@pytest.fixture
def ws(tmp_path):
    return workspace(tmp_path / "w", 80, user="ann")


def grow(ws, first: int, count: int) -> None:
    ws.ingest(calls(first, count), detect=False)
    ws.encode()


class Words(HashingEncoder):
    """Another encoder."""

    def __init__(self) -> None:
        super().__init__(64)

    @property
    def key(self) -> str:
        return "words-of-another-kind"


def test_item_7_three_imports_between_rounds(ws):
    made = tracker(ws)
    for at in range(4):
        play(made.train())
        grow(ws, 80 + 40 * at, 1 if at == 2 else 40)
    made.train().next_round()
    replay = made.replay()
    assert replay.same, str(replay)
    assert replay.changed == ("the corpus",)
    assert all(one.estimate == one.stored_estimate for one in replay.rounds)
    sizes = [one["drawn_with"]["corpus"]["conversations"] for one in made.log()["rounds"]]
    assert sizes == [80, 120, 160, 161, 201]


def test_item_7_a_session_that_stays_open_over_an_import(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 2)
    grow(ws, 80, 40)
    assert session.is_behind
    play(session, 1)  # still over the calls that it was opened with
    other = made.train()
    play(other, 1)
    assert made.replay().same, str(made.replay())


@pytest.mark.parametrize("recipe", ["default", "tfidf", "random", "uncertainty", "miss-nothing"])
def test_item_7_filters_threshold_and_examples_changed_between_rounds(ws, recipe):
    made = tracker(ws)
    play(made.train(recipe), 2)
    made.update(filters=NORTH)
    play(made.train(recipe))
    grow(ws, 80, 10)
    made.update(filters=SOUTH, threshold="precision>=0.8")
    play(made.train(recipe))
    made.update(filters=wb.Filters(side="customer"), examples=[f"{one}, you see" for one in EXAMPLES])
    play(made.train(recipe), 2)
    replay = made.replay()
    assert replay.same, str(replay)
    assert {"the filters", "the corpus", "the examples (those of that time were used)"} <= set(replay.changed)


@pytest.mark.usefixtures("state")
def test_item_7_two_people_audits_reviews_and_picked_rounds_over_imports_and_edits(ws):
    made = tracker(ws)
    ann = made.train()
    play(ann, 2)
    ben = wb.open(ws.path, encoder=HashingEncoder(), user="ben").trackers.get("Price").train()
    answer_all(ben, ben.second_opinions()[:3], lambda text: "not_sure")
    answer_all(ann, ann.audit_round())
    ann.complete_round()
    grow(ws, 80, 30)
    ann = made.train()
    for candidate in ann.next_round()[:9]:
        ann.tag(candidate.sentence_id, answer(candidate.text))
    ben = wb.open(ws.path, encoder=HashingEncoder(), user="ben").trackers.get("Price").train()
    play(ben)
    made.update(filters=NORTH)
    review = ann.review_round()
    answer_all(ann, review[: len(review) // 2])
    ann.complete_round()
    ann.correct(review[0].sentence_id, "no")
    picked = [one.sentence_id for one in ann.surfaced(4)]
    answer_all(ann, ann.picked_round(picked))
    ann.complete_round()
    ann.correct(picked[0], "not_sure")
    ann.estimate()  # made anew, over other answers than when the round was closed
    grow(ws, 110, 5)
    answer_all(ann, ann.review_round())
    ann.complete_round()
    made.train().next_round()
    replay = made.replay()
    assert replay.same, str(replay)
    assert [one.number for one in replay.rounds] == list(range(1, 9))


def test_item_7_an_open_round_with_replaced_cards(ws):
    made = tracker(ws)
    session = made.train()
    play(session)
    cards = session.next_round()
    answer_all(session, cards[:4])
    made.update(filters=NORTH)
    session.next_round()
    made.update(filters=SOUTH)
    answer_all(session, session.next_round()[:3])
    made.update(filters=NORTH)
    late = next(c for c in cards[4:] if c.sentence_id not in {one.sentence_id for one in session.next_round()})
    session.tag(late.sentence_id, answer(late.text))
    play(session)
    play(session)
    assert made.replay().same, str(made.replay())


def test_item_7_deleted_calls_name_the_rounds_that_cannot_be_replayed(tmp_path):
    ws = learnt(tmp_path / "w", 2, 80)
    made = ws.trackers.get("Price")
    grow(ws, 80, 20)
    play(made.train(), 1)
    delete_calls(ws.lake, "call-90")
    play(made.train(), 1)
    replay = made.replay()
    told = [(one.same, one.reason) for one in replay.rounds]
    assert told[:2] == [(True, ""), (True, "")]
    assert told[2] == (False, "1 of the 100 calls that it was drawn from was deleted since")
    assert told[3] == (True, "")
    assert not replay.same
    assert "round 3: can't be replayed: 1 of the 100 calls" in str(replay)
    assert replay.rounds[2].asked == 25


def test_item_7_an_old_call_deleted_leaves_only_later_rounds(tmp_path):
    ws = learnt(tmp_path / "w", 2, 80)
    made = ws.trackers.get("Price")
    delete_calls(ws.lake, "call-3", "call-4")
    session = made.train()
    play(session, 2)
    replay = made.replay()
    assert [one.reason for one in replay.rounds[:2]] == [
        "2 of the 80 calls that it was drawn from were deleted since"
    ] * 2
    assert [one.same for one in replay.rounds[2:]] == [True, True]
    assert made.replay("random").rounds[0].reason == ""  # another recipe plays over what there is


def test_item_7_a_corrected_call_is_named(ws):
    made = tracker(ws)
    play(made.train())
    correct_sentence(ws.lake, "call-5:3:0", "so the price is far too high 1")
    assert made.replay().rounds[0].reason == "calls that it was drawn from were changed since"


def test_item_7_another_encoder_since(tmp_path):
    ws = learnt(tmp_path / "w", 2, 80)
    made = ws.trackers.get("Price")
    other = wb.open(ws.path, encoder=Words())
    other.encode()
    made = other.trackers.get("Price")
    play(made.train(), 2)
    replay = made.replay()
    assert replay.same, str(replay)
    assert "the encoder" in replay.changed
    for file in (ws.path / "vectors" / ws.encoder.key).iterdir():
        file.unlink()
    lost = made.replay()
    assert [one.same for one in lost.rounds] == [False, False, True, True]
    assert "the vectors of the encoder" in lost.rounds[0].reason


def test_item_7_rounds_of_an_older_version_are_replayed(old_workspace):  # noqa: F811
    """Their workspace was made on another processor, which adds up in another order."""
    made = old_workspace.trackers.get("Price objections")
    old_workspace.ingest([{"id": "new", "turns": [{"text": "An upcoming call says that it is dear."}]}], detect=False)
    replay = made.replay()
    assert len(replay.rounds) == 4
    assert replay.alike, str(replay)


def test_item_7_random_histories_are_replayed(tmp_path):
    """Rounds, imports, edits, corrections and undone answers in any order."""
    for seed in range(3):
        rng = random.Random(seed)
        ws = workspace(tmp_path / f"w{seed}", 60, user="ann")
        made, count = tracker(ws, seed=seed), 60
        for _ in range(7):
            session = made.train()
            match rng.choice(["round", "round", "audit", "grow", "edit", "correct", "half"]):
                case "round":
                    play(session)
                case "audit" if session.round_number > 2 and not any(session.answers.values()):
                    answer_all(session, session.audit_round())
                    session.complete_round()
                case "grow":
                    grow(ws, count, rng.choice([1, 7]))
                    count += 7
                case "edit":
                    made.update(filters=rng.choice([NORTH, SOUTH, wb.Filters(), wb.Filters(side="customer")]))
                case "correct":
                    known = [i for i in SessionRepository(ws.database, made.id).asked() if i.tag]
                    if known:
                        session.correct(rng.choice(known).sentence_id, rng.choice(["yes", "no", "not_sure"]))
                case "half":
                    answer_all(session, session.next_round()[: rng.randint(1, 20)])
                    session.undo()
        replay = made.replay()
        assert replay.same, f"{seed}: {replay}"
