import pytest

from workbench.widgets import QualityPlots, TaggingCarousel


@pytest.fixture
def plots(workspace, tracker):
    return QualityPlots(workspace, tracker)


def complete(tracker, rounds):
    session = tracker.train()
    for _ in range(rounds):
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, "yes")
        session.complete_round()


def test_before_the_first_round_it_says_so(plots, page):
    page(plots).result("open")
    assert plots.state["rounds"] == []
    assert "after the first round" in plots.state["message"]


def test_each_round_has_both_estimates_and_the_tags_so_far(plots, page, tracker):
    complete(tracker, 2)
    page(plots).result("open")
    first, second = plots.state["rounds"]
    assert (first["tags"], second["tags"]) == (3, 6)
    assert first["precision"]["corpus"] is None
    assert second["precision"]["corpus"]["low"] < second["precision"]["corpus"]["high"]
    assert second["hit_rate"]["heldout"] == pytest.approx(0.56)
    assert plots.rounds_done == 2


def test_what_it_would_find_is_listed_when_asked(plots, page, tracker):
    complete(tracker, 1)
    browser = page(plots)
    browser.result("open")
    assert plots.surfaced is None
    browser.result("surface")
    assert len(plots.surfaced) == 20
    assert plots.surfaced[0]["score"] == 0.97
    complete(tracker, 1)
    browser.result("open")
    assert plots.surfaced is None  # it was of another model


def test_a_round_finished_in_the_carousel_is_seen(plots, page, workspace, tracker):
    page(plots).result("open")
    carousel = TaggingCarousel(workspace, plots)
    browser = page(carousel)
    browser.result("open")
    for card in carousel.cards:
        browser.result("tag", sentence_id=card["sentence_id"], answer="no")
    browser.result("progress")
    assert plots.state["phase"] == "opening"  # the page asks again on seeing this
    page(plots).result("open")
    assert plots.rounds_done == 1
    assert tracker.trained == 1  # both widgets use one session


def test_they_follow_one_another(workspace, plots):
    follower = QualityPlots(workspace, plots)
    plots.tracker_id = ""
    assert (follower.tracker_id, follower.state["phase"]) == ("", "nothing")
