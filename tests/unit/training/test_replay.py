"""The log of a session and its replay: bit-identical in a fresh process, and clear about what changed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

import workbench as wb
from tests.support.prepared import prepared
from workbench.domain.errors import NotEnoughTags, UnknownCandidate
from workbench.engine.encoders import HashingEncoder
from workbench.engine.recipes import RECIPES, from_dict
from workbench.training import replay as replaying

PRICEY = ("that is too expensive for us", "the price is far too high", "we cannot pay that much money")
OTHER = ("the weather is lovely today", "can you share your screen", "let us meet on tuesday", "my dog barks a lot")
EXAMPLES = [f"well {text} {number}" for number, text in enumerate([*PRICEY, *PRICEY[:2]])]
AGAIN = """import json, sys
import workbench as wb
from tests.support.prepared import prepared
from workbench.engine.encoders import HashingEncoder
replay = wb.open(sys.argv[1], encoder=HashingEncoder()).trackers.get("Price").replay()
print(json.dumps([replay.same, list(replay.changed), len(replay.rounds)]))
"""


def calls(first: int, count: int):
    rng = random.Random(first)
    parties = [{"id": "c", "side": "customer", "name": "Cy"}]
    for number in range(first, first + count):
        said = [rng.choice(PRICEY if rng.random() < 0.2 else OTHER) for _ in range(15)]
        turns = [{"party": "c", "text": f"{text} {rng.randrange(10_000)}"} for text in said]
        yield {"id": f"c{number}", "parties": parties, "turns": turns, "scope": "external"}


def answer(candidate) -> str:
    return "yes" if any(text in candidate.text for text in PRICEY) else "no"


@pytest.fixture
def ws(tmp_path):
    return wb.open(prepared(played, played, tmp_path / "w"), encoder=HashingEncoder())


def played(folder):
    """Two rounds and an audit, with NOT SURE, an undo and a changed answer; the fourth round is open."""
    workspace = wb.open(folder, encoder=HashingEncoder())
    workspace.ingest(calls(0, 80))
    workspace.encode()
    session = workspace.trackers.create("Price", examples=EXAMPLES, seed=4).train()
    for number in range(3):
        candidates = session.audit_round() if number == 2 else session.next_round()
        for at, candidate in enumerate(candidates):
            session.tag(candidate.sentence_id, "not_sure" if at == 7 else answer(candidate))
            if at == 3:
                session.undo()
                session.tag(candidate.sentence_id, "not_sure")
                session.tag(candidate.sentence_id, answer(candidate))
        session.complete_round()
    session.next_round()
    return workspace


def test_the_same_rounds_come_out_bit_by_bit(ws):
    replay = ws.trackers.get("Price").replay()
    assert replay.same
    assert replay.changed == ()
    assert [one.asked for one in replay.rounds] == [25] * 4
    assert all(one.estimate == one.stored_estimate for one in replay.rounds)


def test_in_a_fresh_process_too(ws):
    ran = subprocess.run([sys.executable, "-c", AGAIN, str(ws.path)], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [True, [], 4]


def test_another_recipe_plays_its_own_rounds_with_the_answers_there_are(ws):
    replay = ws.trackers.get("Price").replay("random")
    assert replay.recipe == "random"
    assert not replay.same
    assert any(one.unanswered for one in replay.rounds)
    assert "never answered" in str(replay)


def test_rounds_of_an_older_sampler_come_out_as_they_were(tmp_path, monkeypatch):
    """Its name and numbers stand in each round's log; a session goes on with the newer one."""
    older = replace(RECIPES["default"], sampler="mixed", likely=0)
    with monkeypatch.context() as then:
        then.setitem(RECIPES, "default", older)
        workspace = played(tmp_path / "w")
    assert RECIPES["default"] != older
    tracker = workspace.trackers.get("Price")
    for _ in range(2):
        session = tracker.train()
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, answer(candidate))
        session.complete_round()
    used = [one["drawn_with"]["recipe"] for one in tracker.log()["rounds"]]
    assert [from_dict(one) == older for one in used] == [True] * 4 + [False]
    replay = tracker.replay()
    assert replay.changed == ()
    assert replay.same, str(replay)


def test_a_corpus_that_grew_is_named_and_replayed_as_it_was(ws):
    ws.ingest(calls(1_000, 40))
    before = ws.trackers.get("Price").replay()  # nothing of what came is encoded yet
    ws.encode()
    replay = ws.trackers.get("Price").replay()
    assert replay.changed == before.changed == ("the corpus",)
    assert replay.same, str(replay)
    assert before.same, str(before)
    assert "changed since: the corpus" in str(replay)


def test_the_log_holds_order_chances_answers_and_versions(ws):
    log = json.loads(json.dumps(ws.trackers.get("Price").log()))
    assert [one["complete"] for one in log["rounds"]] == [True, True, True, False]
    assert [one["drawn_with"]["audit"] for one in log["rounds"]] == [False, False, True, False]
    about = log["rounds"][0]["drawn_with"]
    assert about["recipe"]["name"] == "default"
    assert about["seed"] == 4
    assert {"numpy", "scikit-learn"} <= set(about["versions"])
    assert all(item["probability"] for item in log["rounds"][2]["asked"])
    undone = [one for one in log["answers"] if one["undone"]]
    assert len(undone) == 3 * 2  # of each round: one taken back, one changed
    assert len(log["answers"]) == 75 + len(undone)


def test_a_tracker_without_rounds_has_nothing_to_replay(ws):
    with pytest.raises(NotEnoughTags):
        ws.trackers.create("New", examples=EXAMPLES).replay()


@pytest.mark.usefixtures("state")
def test_a_correction_rounds_later_is_replayed_from_where_it_was_made(ws):
    tracker = ws.trackers.get("Price")
    session = tracker.train()
    wrong = session.surfaced(1)
    first = next(item for item in tracker.log()["rounds"][0]["asked"] if item["answer"] == "no")
    with pytest.raises(UnknownCandidate):
        session.correct(wrong[0].sentence_id, "no")
    assert session.correct(first["sentence_id"], "yes").answer == "yes"
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, answer(candidate))
    session.complete_round()
    session.next_round()
    assert ws.trackers.get("Price").replay().same


@pytest.mark.parametrize("judged", [20, 6])
def test_reviews_are_replayed_also_those_judged_in_part(ws, judged):
    tracker = ws.trackers.get("Price")
    session = tracker.train()
    session.review_round(skip=1)
    for candidate in session.review_round(skip=0)[:judged]:
        session.tag(candidate.sentence_id, answer(candidate))
    session.complete_round()
    session.review_round(skip=2)  # left open, after two sets that were passed over
    replay = tracker.replay()
    assert replay.same, str(replay)
    assert [one.asked for one in replay.rounds] == [25, 25, 25, 20, 20]
    assert replay.rounds[3].unanswered == 20 - judged
    assert [one["drawn_with"]["review"] is None for one in tracker.log()["rounds"]] == [True, True, True, False, False]
    assert not tracker.replay("random").same


@pytest.mark.parametrize(
    ("stored", "now", "alike"),
    [
        ({"a": [0.5, None], "b": "x"}, {"a": [0.50000001, None], "b": "x"}, True),
        ({"a": 0.5}, {"a": 0.51}, False),
        ({"a": 0.5}, {"a": 0.5, "b": 1}, False),
        ({"a": [0.5]}, {"a": [0.5, 0.5]}, False),
        ({"a": 3}, {"a": 4}, False),
        (None, {"a": 0.5}, False),
        (None, None, True),
    ],
)
def test_what_rounding_does_is_told_apart_from_another_round(stored, now, alike):
    assert replaying.is_close(stored, now) == alike


def test_a_replay_that_differs_by_rounding_says_so():
    one = {"asked": 25, "unanswered": 0, "estimate": None, "stored_estimate": None}
    rounded = replaying.ReplayedRound(number=1, same=False, differs=("chances",), alike=True, **one)
    other = replaying.ReplayedRound(number=2, same=False, differs=("order",), **one)
    told = str(replaying.Replay(recipe="default", rounds=(rounded,), changed=()))
    assert told == "recipe default: the same rounds, but for rounding\nround 1: differs in chances by rounding"
    assert not replaying.Replay(recipe="default", rounds=(rounded, other), changed=()).alike
