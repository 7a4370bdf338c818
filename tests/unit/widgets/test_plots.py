import pytest

from workbench.domain.errors import WorkbenchError
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


class Job:
    """Of fine-tuning, as far as a widget looks at it."""

    def __init__(self):
        self.done, self.fraction, self.message, self.error = False, 0.4, "Fine-tuning", None

    def on_change(self, callback):
        return lambda: None

    def cancel(self):
        self.done, self.error = True, WorkbenchError("Fine-tuning was cancelled.")


def test_the_dial_and_the_advice_come_when_asked_for(plots, page, tracker):
    complete(tracker, 2)
    browser = page(plots)
    browser.result("open")
    assert plots.details is None
    browser.result("details")
    assert [one["rule"] for one in plots.details["dial"]][2] == plots.details["rule"] == "balanced"
    slip = plots.details["advice"][0]
    assert slip["groups"][0][0]["sentence_id"] in slip["answers"]
    assert plots.details["fell"] == []


def test_a_setting_is_looked_at_and_kept(plots, page, tracker, workspace):
    complete(tracker, 2)
    browser = page(plots)
    browser.result("open")
    browser.result("surface", threshold=0.2, below=0.5)
    assert tracker.train().looked == (0.2, 0.5)
    browser.result("keep", rule="hit_rate>=0.9")
    assert plots.details["rule"] == tracker.spec.threshold == "hit_rate>=0.9"
    assert plots.surfaced is None


def test_an_answer_is_corrected(plots, page, tracker):
    complete(tracker, 1)
    browser = page(plots)
    browser.result("open")
    browser.result("correct", sentence_id="c25:4:0", answer="no")
    assert tracker.train().corrected == ("c25:4:0", "no")


def test_readers_change_nothing(workspace, page, tracker):
    complete(tracker, 1)
    browser = page(QualityPlots(workspace, tracker, can_edit=False))
    browser.result("open")
    for kind, values in (
        ("audit", {}),
        ("keep", {"rule": "balanced"}),
        ("correct", {"sentence_id": "s", "answer": "no"}),
    ):
        assert "only shows results" in browser.ask(kind, **values)["error"]["message"]


def test_fine_tuning_is_followed_and_stopped(plots, page, tracker):
    complete(tracker, 1)
    session = tracker.train()
    session.fine_tuning = Job()
    browser = page(plots)
    browser.result("open")
    assert plots.tuning == {"running": True, "fraction": 0.4, "message": "Fine-tuning"}
    browser.result("details")
    browser.result("stop_tuning")
    browser.result("tuning")
    assert not plots.tuning["running"]
    assert "cancelled" in plots.tuning["message"]
    assert plots.details is None  # what is in use may be another model now
    assert plots.state["phase"] == "opening"
