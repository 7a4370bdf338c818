"""Pages hear how training, fine-tuning and runs go on, and need not ask again and again."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S
from workbench.engine.encoders import HashingEncoder
from workbench.resources.jobs import Job
from workbench.widgets import TaggingCarousel, TrackerTable, news


class Page:
    """Keeps what a widget sends."""

    def __init__(self):
        self.heard, self.over = [], threading.Event()

    def send(self, content, buffers=None):
        if "news" in content:
            self.heard.append(content)
            if content["done"]:
                self.over.set()


def listening(widget):
    page = Page()
    widget.send = page.send
    return page


@pytest.fixture
def executor():
    with ThreadPoolExecutor(1) as made:
        yield made


def test_reports_are_told_as_they_come_and_the_end_always(executor, monkeypatch):
    monkeypatch.setattr(news, "EVERY_S", 0.0)
    page, begun = Page(), threading.Event()

    def work(report):
        begun.wait(PATIENCE_S)
        for done in (0.25, 0.5):
            report(done, f"At {done}")

    newsroom, job = news.Newsroom(page), Job(work, executor)
    for _ in range(3):
        newsroom.follow("run", "t1", job)
    begun.set()
    job.result(PATIENCE_S)
    told = [(one["news"], one["tracker_id"], one["fraction"], one["message"], one["done"]) for one in page.heard]
    assert told == [
        ("run", "t1", 0.25, "At 0.25", False),
        ("run", "t1", 0.5, "At 0.5", False),
        ("run", "t1", 1.0, "Done", True),
    ]


def test_many_reports_make_few_messages(executor, monkeypatch):
    monkeypatch.setattr(news, "EVERY_S", PATIENCE_S)
    page, begun = Page(), threading.Event()

    def work(report):
        begun.wait(PATIENCE_S)
        for part in range(1_000):
            report(part / 1_001, "")

    newsroom, job = news.Newsroom(page), Job(work, executor)
    newsroom.follow("tuning", "t1", job)
    begun.set()
    job.result(PATIENCE_S)
    assert [one["done"] for one in page.heard] == [False, True]


def test_work_that_fails_is_told_as_over(executor):
    page, begun = Page(), threading.Event()

    def work(report):
        begun.wait(PATIENCE_S)
        raise ValueError("No disk.")

    newsroom, job = news.Newsroom(page), Job(work, executor)
    newsroom.follow("training", "t1", job)
    begun.set()
    with pytest.raises(ValueError, match="No disk"):
        job.result(PATIENCE_S)
    assert page.heard[-1]["done"]


def test_what_is_over_already_is_told_at_once(executor):
    page, job = Page(), Job(lambda report: 1, executor)
    job.result(PATIENCE_S)
    newsroom = news.Newsroom(page)
    newsroom.follow("run", "t1", job)
    newsroom.follow("run", "t1", None)
    assert [one["done"] for one in page.heard] == [True]


def test_a_page_that_cannot_be_told_fails_no_work(executor, caplog):
    class Closed:
        def send(self, content, buffers=None):
            raise RuntimeError("The comm is closed.")

    page, begun = Closed(), threading.Event()
    newsroom = news.Newsroom(page)
    job = Job(lambda report: begun.wait(PATIENCE_S) and report(0.5, ""), executor)
    newsroom.follow("run", "t1", job)
    begun.set()
    assert job.result(PATIENCE_S) is True
    assert "could not be sent" in caplog.text


def test_a_widget_that_is_gone_is_not_held_by_its_work(executor):
    page, begun = Page(), threading.Event()
    newsroom, job = news.Newsroom(page), Job(lambda report: begun.wait(PATIENCE_S), executor)
    newsroom.follow("run", "t1", job)
    heard = page.heard
    del page
    gc.collect()
    begun.set()
    job.result(PATIENCE_S)
    assert heard == []


def calls():
    for number in range(30):
        said = "that is too expensive" if number % 2 else "see you on monday"
        turns = [{"party": "c", "text": f"{said} {number} {line}"} for line in range(8)]
        yield {"id": f"c{number}", "parties": [{"id": "c", "side": "customer"}], "turns": turns, "scope": "external"}


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    opened = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    opened.ingest(calls())
    opened.encode()
    return opened


def test_the_carousel_says_when_training_is_over(ws):
    examples = [f"that is too expensive {number}" for number in range(5)]
    carousel = TaggingCarousel(ws, ws.trackers.create("Price", examples=examples, seed=1))
    carousel.on_open()
    page = listening(carousel)
    for card in list(carousel.cards):
        carousel.on_tag(card["sentence_id"], "yes" if "expensive" in card["text"] else "no")
    assert page.over.wait(PATIENCE_S)
    assert {one["news"] for one in page.heard} == {"training"}
    carousel.on_progress()
    assert (carousel.state["phase"], carousel.state["round"]) == ("tagging", 2)


def test_the_table_says_how_a_run_goes_on_here_and_knows_one_that_goes_on_elsewhere(ws):
    tracker = ws.trackers.create("Words", kind="keyword", words=["expensive"])
    table = TrackerTable(ws)
    page = listening(table)
    table._handle_custom_msg({"id": "1", "kind": "open"}, [])
    table._handle_custom_msg({"id": "2", "kind": "publish", "tracker_id": tracker.id, "past": "all"}, [])
    (standing,) = steps_of(table.on_look([tracker.id]))
    assert standing["run"]["state"] in ("running", "done")
    assert page.over.wait(PATIENCE_S)
    assert {(one["news"], one["tracker_id"]) for one in page.heard} == {("run", tracker.id)}
    over = steps_of(table.on_progress([tracker.id]))[tracker.id]
    assert (over["state"], over["here"]) == ("done", False)


def steps_of(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
