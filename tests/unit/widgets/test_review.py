"""The review, on a real session: reading changes nothing, judging opens a round, counting trains, publishing asks."""

from __future__ import annotations

import shutil

import pytest

import workbench as wb
from tests.support.patience import wait_for
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import QualityPlots, Review, TaggingCarousel
from workbench.widgets.hub import hub_of


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reviewed") / "w"
    small.ready(folder, rounds=4)
    return folder


@pytest.fixture
def ws(trained, tmp_path):
    shutil.copytree(trained, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


def opened(ws, page, **traits):
    review = Review(ws, "Price", **traits)
    asking = page(review)
    asking.result("open")
    return review, asking


def judge(review, asking, count: int) -> None:
    for card in review.cards[:count]:
        asking.result("judge", sentence_id=card["sentence_id"], answer=small.answer(card["text"]))


def count(review, asking) -> None:
    asking.result("count")

    def trained():
        asking.result("progress")
        return review.state["phase"] != "training"

    wait_for(trained, "the training")


def test_reading_opens_nothing(ws, page):
    session = ws.trackers.get("Price").train()
    before = [c.sentence_id for c in session.next_round()]
    review, _ = opened(ws, page)
    assert (review.state["phase"], review.state["basic_left"], review.rounds_done) == ("idle", 0, 4)
    assert len(review.cards) == 20
    assert {card["reason"] for card in review.cards} == {"review"}
    assert review.state["found"]["sentences"] >= 20
    assert review.state["found"]["calls"] <= review.state["found"]["of_calls"] == 80
    assert review.state["estimate"]["round"] == 4
    assert [c.sentence_id for c in session.candidates] == before


def test_a_judgement_is_taken_while_the_review_is_being_brought_up_to_date(ws, page):
    review, asking = opened(ws, page)
    judge(review, asking, 1)
    hub_of(ws).announce(review.tracker_id, None)
    assert review.state["phase"] == "opening"
    judge(review, asking, 2)
    asking.result("open")
    assert review.state["phase"] == "idle"
    assert list(review.state["answers"]) == [card["sentence_id"] for card in review.cards[:2]]


def test_judging_opens_a_review_that_the_carousel_shows_and_counting_closes_it(ws, page):
    carousel = TaggingCarousel(ws, "Price")
    tagging = page(carousel)
    tagging.result("open")
    review, asking = opened(ws, page)
    shown = [card["sentence_id"] for card in review.cards]
    judge(review, asking, 1)
    assert carousel.state["phase"] == "idle"  # its page asks for the new cards
    tagging.result("open")
    assert [card["sentence_id"] for card in carousel.cards] == shown
    judge(review, asking, 20)
    assert carousel.state["answers"] == review.state["answers"]
    count(review, asking)
    assert carousel.state["phase"] == "idle"  # the review is closed: another round is next
    tagging.result("open")
    assert carousel.state["round"] == 6
    counted = review.state["counted"]
    assert counted["yes"] + counted["no"] + counted["not_sure"] == 20
    assert (review.state["answers"], review.rounds_done, review.state["estimate"]["review"]) == ({}, 5, True)
    assert not {card["sentence_id"] for card in review.cards} & set(shown)
    plots = QualityPlots(ws, "Price")
    page(plots).result("open")
    assert [one["review"] for one in plots.state["rounds"]] == [False] * 4 + [True]
    assert plots.state["rounds"][-1]["tags"] == 120


def test_an_answer_in_the_carousel_shows_in_the_review(ws, page):
    review, asking = opened(ws, page)
    judge(review, asking, 1)
    carousel = TaggingCarousel(ws, "Price")
    tagging = page(carousel)
    tagging.result("open")
    tagging.result("tag", sentence_id=carousel.cards[3]["sentence_id"], answer="not_sure")
    assert review.state["answers"][carousel.cards[3]["sentence_id"]] == "not_sure"
    tagging.result("undo")
    assert len(review.state["answers"]) == 1


def test_a_round_under_way_is_finished_first(ws, page):
    review, asking = opened(ws, page)
    carousel = TaggingCarousel(ws, "Price")
    tagging = page(carousel)
    tagging.result("open")
    tagging.result("tag", sentence_id=carousel.cards[0]["sentence_id"], answer="no")
    assert "Round 5" in review.state["blocked"]
    reply = asking.ask("judge", sentence_id=review.cards[0]["sentence_id"], answer="yes")
    assert reply["error"]["kind"] == "RoundIncomplete"
    tagging.result("undo")
    assert review.state["blocked"] == ""
    judge(review, asking, 1)


def test_judgements_are_taken_back_and_others_are_shown(ws, page):
    review, asking = opened(ws, page)
    first = [card["sentence_id"] for card in review.cards]
    judge(review, asking, 2)
    assert "Submit these judgements" in asking.ask("others")["error"]["message"]
    assert asking.result("undo") == {"sentence_id": first[1]}
    assert asking.result("undo") == {"sentence_id": first[0]}
    assert asking.result("undo") == {"sentence_id": None}
    assert review.state["fair"]
    asking.result("others")
    assert not {card["sentence_id"] for card in review.cards} & set(first)
    assert not review.state["fair"]
    judge(review, asking, 3)
    again, _ = opened(ws, page)
    assert again.state["answers"] == review.state["answers"]
    count(review, asking)
    assert review.state["fair"]
    assert ws.trackers.get("Price").replay().same


def test_before_training_and_where_nothing_is_found_it_says_so(ws, page):
    ws.trackers.create("New", examples=small.EXAMPLES)
    review = Review(ws, "New")
    asking = page(review)
    asking.result("open")
    assert review.state["estimate"] is None
    assert (review.cards, review.state["basic_left"]) == ([], 4)
    assert "complete a round" in review.state["nothing"]
    assert "Judge at least one" in asking.ask("count")["error"]["message"]


def test_people_who_only_read_judge_and_publish_nothing(ws, page):
    review, asking = opened(ws, page, can_edit=False)
    for kind, values in (
        ("judge", {"sentence_id": review.cards[0]["sentence_id"], "answer": "yes"}),
        ("undo", {}),
        ("count", {}),
        ("plan", {"past": None}),
        ("publish", {"past": None}),
    ):
        assert "only shows results" in asking.ask(kind, **values)["error"]["message"]


def test_publishing_puts_the_tracker_to_work(ws, page):
    review, asking = opened(ws, page)
    plan = asking.result("plan", past="12 months")
    assert plan["message"] == ws.trackers.get("Price").publish_plan("12 months").message
    asking.result("publish", past="12 months")
    assert str(ws.trackers.get("Price").state) == "active"
    assert "12 months in the background" in review.state["published"]
    assert review.state["phase"] == "idle"


def test_what_comes_of_publishing_is_followed_and_seen(ws, page):
    _, asking = opened(ws, page)
    assert asking.result("standing") is None
    asking.result("publish", past="all")
    ws.trackers.get("Price").active_version().wait()
    run = asking.result("standing")
    assert (run["running"], run["stopped"]) == (False, "")
    assert run["done"] == run["total"] > 0
    assert run["found"] == len(ws.detections("Price")) > 0
    assert {card["sentence_id"] for card in asking.result("found")} <= set(ws.detections("Price")["sentence_id"])
    assert len(asking.result("found")) == min(20, run["found"])
    asking.result("stop_run")  # it is over: nothing happens
    assert asking.result("standing")["running"] is False


def test_readers_stop_no_run(ws, page):
    _, asking = opened(ws, page, can_edit=False)
    assert "only shows results" in asking.ask("stop_run")["error"]["message"]


def test_publishing_can_collect_its_calls_in_a_stream(ws, page):
    asking = page(Review(ws, "Price"))
    asking.result("open")
    asking.result("publish", past="12 months", stream="  Prices ")
    assert [stream.name for stream in ws.streams.list()] == ["Prices"]


def test_publishing_asks_how_far_back(ws, page, monkeypatch):
    asked = []
    tracker = type(ws.trackers.get("Price"))
    monkeypatch.setattr(
        tracker, "publish", lambda self, past=None, stream=None: asked.append((self.name, past)), raising=False
    )
    review, asking = opened(ws, page)
    assert review.can_publish
    asking.result("publish", past="3 months")
    asking.result("publish", past=None)
    assert asked == [("Price", "3 months"), ("Price", None)]
    assert "on new calls." in review.state["published"]
    assert asking.ask("publish", past="9 years")["error"]["kind"] == "InvalidArgument"
