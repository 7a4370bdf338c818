"""A cap on what the endpoint is sent that no workspace can raise (F19)."""

from __future__ import annotations

import json
import multiprocessing

import pytest

from tests.support.chat_endpoint import finding, judging_endpoint
from workbench.domain.errors import JudgeUnavailable
from workbench.domain.user_folder import CONFIG, user_folder
from workbench.judges import spending
from workbench.judges.endpoint import from_environment
from workbench.judges.protocol import Question, Snippet
from workbench.judges.spending import MAX_CREDITS, NOTE, spend, spent_this_month
from workbench.metrics.writing import EndpointWriter

THOUSAND = [{"role": "system", "content": "x" * 400}, {"role": "user", "content": "y" * 600}]
QUESTION, SAID = Question(text="Is it expensive?"), [Snippet("that is too expensive")]


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(CONFIG, str(tmp_path / "config"))
    monkeypatch.delenv(MAX_CREDITS, raising=False)


def test_a_credit_is_a_thousand_characters(monkeypatch):
    monkeypatch.setenv(MAX_CREDITS, "2.5")
    spend(THOUSAND)
    spend(THOUSAND)
    assert spent_this_month() == 2
    with pytest.raises(JudgeUnavailable, match=r"2\.00 credits' worth.*WORKBENCH_MAX_CREDITS allows 2\.50"):
        spend(THOUSAND)
    assert spent_this_month() == 2
    spend([{"role": "user", "content": "z" * 500}])
    assert spent_this_month() == 2.5


def test_without_a_cap_nothing_is_counted_or_written():
    spend(THOUSAND)
    assert not user_folder().exists()


def test_another_month_begins_anew(monkeypatch):
    monkeypatch.setenv(MAX_CREDITS, "1")
    spend(THOUSAND)
    note = json.loads((user_folder() / NOTE).read_text())
    (user_folder() / NOTE).write_text(json.dumps({"2001-01": next(iter(note.values()))}))
    spend(THOUSAND)
    assert spent_this_month() == 1


@pytest.mark.parametrize("given", ["many", "-1", "nan", "inf", "1e400", "1,5"])
def test_what_is_no_number_stops_all_spending(monkeypatch, given):
    monkeypatch.setenv(MAX_CREDITS, given)
    with pytest.raises(JudgeUnavailable, match="not a number of credits"):
        spend(THOUSAND)


def test_nothing_is_spent_that_cannot_be_counted(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv(CONFIG, str(tmp_path / "file" / "below"))
    monkeypatch.setenv(MAX_CREDITS, "100")
    with pytest.raises(JudgeUnavailable, match=CONFIG):
        spend(THOUSAND)


@pytest.fixture
def endpoint(monkeypatch):
    with judging_endpoint(monkeypatch, finding("expensive")) as found:
        yield found


def test_judge_and_writer_stop_at_the_cap_before_they_send(endpoint, monkeypatch):
    judge, writer = from_environment(), EndpointWriter(endpoint.url, "m", retries=0)
    monkeypatch.setenv(MAX_CREDITS, "50")
    judge.judge(QUESTION, SAID)
    used = spent_this_month()
    sent = sum(len(one["content"]) for one in endpoint.requests[0]["messages"])
    assert used == sent / 1_000
    monkeypatch.setenv(MAX_CREDITS, str(used + 0.0005))
    for ask in (
        lambda: judge.judge(QUESTION, SAID),
        lambda: judge.proposals(QUESTION),
        lambda: writer.write("Say it.", "{}"),
    ):
        with pytest.raises(JudgeUnavailable, match=MAX_CREDITS):
            ask()
    assert len(endpoint.requests) == 1


def _spend_some(times: int) -> None:
    for _ in range(times):
        spending.spend(THOUSAND)


def test_processes_that_spend_at_once_are_all_counted(monkeypatch):
    monkeypatch.setenv(MAX_CREDITS, "1000")
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_spend_some, args=(10,)) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert spent_this_month() == 40
