import pytest

from workbench.domain.errors import TrackerNotFound, WorkbenchError
from workbench.widgets import TaggingCarousel
from workbench.widgets.hub import hub_of


@pytest.fixture
def carousel(workspace, tracker):
    return TaggingCarousel(workspace, tracker)


def answer_all(browser, answer="yes"):
    for card in list(browser.widget.cards):
        if card["sentence_id"] not in browser.widget.state["answers"]:
            browser.result("tag", sentence_id=card["sentence_id"], answer=answer)


def test_nothing_is_loaded_before_a_page_asks(carousel, tracker):
    assert carousel.state["phase"] == "idle"
    assert tracker.trained == 0


def test_a_round_from_the_first_card_to_the_next_round(carousel, page):
    browser = page(carousel)
    browser.result("open")
    assert (carousel.state["phase"], len(carousel.cards)) == ("tagging", 3)
    answer_all(browser)
    assert carousel.state["phase"] == "training"
    assert carousel.state["summary"] == {"round": 1, "yes": 3, "no": 0, "not_sure": 0}
    browser.result("progress")
    assert (carousel.state["phase"], carousel.state["round"], carousel.rounds_done) == ("tagging", 2, 1)
    assert carousel.state["answers"] == {}


def test_a_round_ends_with_what_it_brought_until_the_next_has_an_answer(carousel, page):
    browser = page(carousel)
    browser.result("open")
    assert carousel.state["ended"] is None
    answer_all(browser)
    browser.result("progress")
    assert (carousel.state["ended"]["round"], carousel.state["ended"]["yes"]) == (1, 3)
    assert carousel.state["ended"]["advice"]
    assert len(browser.result("surface")) == 10
    browser.result("tag", sentence_id=carousel.cards[0]["sentence_id"], answer="no")
    assert carousel.state["ended"] is None


def test_who_wants_it_goes_straight_on(carousel, page, tracker):
    carousel.straight_on = True
    tracker.train().advice = None  # not asked for, so that no time is lost
    browser = page(carousel)
    browser.result("open")
    answer_all(browser)
    browser.result("progress")
    assert (carousel.state["round"], carousel.state["ended"]) == (2, None)


def test_training_that_was_undone_ends_no_round(carousel, page, workspace, clock):
    browser = page(carousel)
    browser.result("open")
    answer_all(browser)
    browser.result("progress")
    workspace.trackers.get(carousel.tracker_id).train().seconds = 10
    answer_all(browser)
    browser.result("undo")
    assert (carousel.state["phase"], carousel.state["ended"]) == ("tagging", None)


def test_the_last_round_has_an_end_too(carousel, page, tracker):
    tracker.train().total = 1
    browser = page(carousel)
    browser.result("open")
    answer_all(browser)
    browser.result("progress")
    assert (carousel.state["phase"], carousel.state["ended"]["round"]) == ("exhausted", 1)


def test_it_resumes_in_another_kernel(carousel, page, tracker, workspace):
    browser = page(carousel)
    browser.result("open")
    browser.result("tag", sentence_id=carousel.cards[0]["sentence_id"], answer="no")
    again = TaggingCarousel(workspace, tracker.name)
    page(again).result("open")
    assert again.state["answers"] == {again.cards[0]["sentence_id"]: "no"}


def test_a_round_that_was_answered_but_not_fitted_is_fitted(carousel, page, tracker):
    session = tracker.train()
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, "no")
    page(carousel).result("open")
    assert carousel.state["phase"] == "training"


def test_undo(carousel, page):
    browser = page(carousel)
    browser.result("open")
    assert browser.result("undo") == {"sentence_id": None}
    first = carousel.cards[0]["sentence_id"]
    browser.result("tag", sentence_id=first, answer="yes")
    assert browser.result("undo") == {"sentence_id": first}
    assert carousel.state["answers"] == {}


def test_undo_cancels_the_training(carousel, page, workspace, clock):
    workspace.trackers.get(carousel.tracker_id).train().seconds = 10
    browser = page(carousel)
    browser.result("open")
    answer_all(browser)
    clock[0] = 5.0
    browser.result("progress")
    assert carousel.state["fraction"] == 0.5
    last = carousel.cards[-1]["sentence_id"]
    assert browser.result("undo") == {"sentence_id": last}
    assert carousel.state["phase"] == "tagging"
    assert len(carousel.state["answers"]) == 2


def test_training_that_fails_is_told_and_can_be_tried_again(carousel, page, tracker):
    browser = page(carousel)
    browser.result("open")
    session = tracker.train()
    works, session.complete_round = (
        session.complete_round,
        lambda: (_ for _ in ()).throw(WorkbenchError("No YES yet.")),
    )
    answer_all(browser)
    assert browser.ask("progress")["error"]["message"] == "No YES yet."
    assert carousel.state["phase"] == "failed"
    session.complete_round = works
    browser.result("open")
    browser.result("progress")
    assert carousel.rounds_done == 1


def test_a_wrong_sentence_or_request_gets_an_error_and_no_change(carousel, page):
    browser = page(carousel)
    browser.result("open")
    assert browser.ask("tag", sentence_id="nowhere", answer="yes")["error"]["kind"] == "UnknownCandidate"
    assert "has no request" in browser.ask("delete")["error"]["message"]
    assert carousel.state["answers"] == {}


def test_the_words_that_a_score_goes_by(carousel, page):
    browser = page(carousel)
    browser.result("open")
    first = carousel.cards[0]["sentence_id"]
    assert browser.ask("evidence", sentence_id=first)["error"]["kind"] == "NotEnoughTags"
    answer_all(browser)
    browser.result("progress")
    card = carousel.cards[0]
    pieces = browser.result("evidence", sentence_id=card["sentence_id"])["pieces"]
    assert "".join(piece["text"] for piece in pieces) == card["text"]
    assert [piece["speaks"] for piece in pieces] == ["against", "", "for"]


def test_what_counts_as_a_yes_is_at_hand(carousel, page, tracker):
    tracker.update(description="Says that it costs too much")
    page(carousel).result("open")
    assert carousel.state["about"] == "Says that it costs too much"
    assert carousel.state["examples"] == list(tracker.examples[:5])


def test_a_call_is_opened_at_the_sentence(carousel, page, workspace):
    class Viewer:
        def show(self, *place):
            self.place = place

    browser, viewer = page(carousel), Viewer()
    browser.result("open")
    card = carousel.cards[0]
    where = {"conversation_id": card["conversation_id"], "sentence_id": card["sentence_id"]}
    error = browser.ask("show_call", **where)["error"]
    assert error["kind"] == "NoCallViewer"  # by which the page knows to show the call itself
    assert "Run CallViewer(ws)" in error["message"]
    hub_of(workspace).shows_calls(viewer.show)
    browser.result("show_call", **where)
    assert viewer.place == (card["conversation_id"], card["sentence_id"])


class FineTuning:
    """A job, as far as a widget looks at it."""

    done, fraction, message, error = False, 0.4, "Learning", None

    def on_change(self, callback):
        return lambda: None

    def cancel(self):
        self.done = True


def test_fine_tuning_shows_while_people_tag(carousel, page, tracker):
    browser = page(carousel)
    browser.result("open")
    assert carousel.tuning is None
    tracker.train().fine_tuning = FineTuning()
    answer_all(browser)
    browser.result("progress")
    assert carousel.tuning == {"running": True, "fraction": 0.4, "message": "Learning"}
    browser.result("stop_tuning")
    browser.result("tuning")
    assert carousel.tuning is None


def test_the_end_of_the_corpus(page, workspace, tracker):
    tracker.train().total = 1
    carousel = TaggingCarousel(workspace, tracker)
    browser = page(carousel)
    browser.result("open")
    answer_all(browser)
    browser.result("progress")
    assert carousel.state["phase"] == "exhausted"


def test_arguments_are_checked(workspace, tracker):
    with pytest.raises(TypeError, match="colour"):
        TaggingCarousel(workspace, tracker, colour="red")
    with pytest.raises(TrackerNotFound):
        TaggingCarousel(workspace, "No such tracker")
    assert TaggingCarousel(workspace).state["phase"] == "nothing"
