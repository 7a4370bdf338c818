"""The endpoint's judge against a real server: whatever it answers, one call has a verdict or a clear reason."""

from __future__ import annotations

import json
import threading

import pytest

from tests.support.chat_endpoint import Answer, chat_endpoint, completion, naming
from tests.support.failing_endpoints import FAILURES, SOON_S
from tests.support.patience import PATIENCE_S
from workbench.domain.errors import CannotJudge, JudgeUnavailable
from workbench.judges.endpoint import AT_ONCE, EndpointJudge, from_environment
from workbench.judges.protocol import Question, Snippet

QUESTION = Question(text="Did the customer ask for a discount?", details="Money off.", side="customer")
SAID = [
    Snippet("Can you come down on that?", "It is forty.", "customer", 0.8),
    Snippet("My dog barks.", "", "customer"),
]
RETRY_AT_ONCE = {"retry-after-ms": "1"}


def judged(answering, timeout_s=PATIENCE_S, retries=3):
    with chat_endpoint(answering) as endpoint:
        judge = EndpointJudge(endpoint.url, "m", "secret-key", timeout_s, retries)
        try:
            return judge.judge(QUESTION, SAID), endpoint
        except (CannotJudge, JudgeUnavailable) as error:
            return error, endpoint


def test_the_sentences_of_a_call_go_as_data_and_come_back_as_numbers():
    verdict, endpoint = judged(lambda request, _: Answer(naming(1, summary="Asks for\n a lower   price.")))
    assert [one.place for one in verdict.mentions] == [0]
    assert verdict.based_on == 1
    assert verdict.summary == "Asks for a lower price."
    assert verdict.tokens == (100, 10)
    (request,) = endpoint.requests
    assert endpoint.keys == ["Bearer secret-key"]
    assert "secret-key" not in json.dumps(request)
    assert [one["role"] for one in request["messages"]] == ["system", "user", "user"]
    assert "forty" not in request["messages"][0]["content"] + request["messages"][1]["content"]
    assert endpoint.sentences(0) == [one.text for one in SAID]
    assert request["response_format"]["json_schema"]["schema"]["additionalProperties"] is False


WRONG = {
    "nothing": "",
    "prose": "Yes, sentence 1 does.",
    "cut off": naming(1)[:-12],
    "fenced": f"```json\n{naming(1)}\n```",
    "markup": "<html><script>alert(1)</script></html>",
    "another kind": "[1]",
    "an extra key": naming(1, other_calls=[{"call": 2}]),
    "an extra key within": '{"mentions": [{"sentence": 1, "score": 0.9, "call": "c2"}], "summary": ""}',
    "a number not sent": naming(3),
    "zero": naming(0),
    "negative": naming(-1),
    "a text for a number": '{"mentions": [{"sentence": "1", "score": 0.9}], "summary": ""}',
    "a fraction": '{"mentions": [{"sentence": 1.5, "score": 0.9}], "summary": ""}',
    "twice": naming(1, 1),
    "a score beyond one": naming(1, score=7),
    "no number": '{"mentions": [{"sentence": 1, "score": NaN}], "summary": ""}',
    "no summary": '{"mentions": []}',
}


@pytest.mark.parametrize("reply", WRONG.values(), ids=WRONG.keys())
def test_another_reply_is_asked_for_once_more_and_then_given_up(reply):
    error, endpoint = judged(lambda request, _: Answer(reply))
    assert isinstance(error, CannotJudge)
    assert "reply" in str(error)
    assert len(endpoint.requests) == 2
    good, endpoint = judged(lambda request, at: Answer(naming(1) if at else reply))
    assert good.based_on == 1
    assert good.tokens == (200, 20)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_passes_is_waited_for(status):
    def answer(request, at):
        return Answer(naming(1)) if at == 2 else Answer(status=status, body=b"{}", headers=RETRY_AT_ONCE)

    verdict, endpoint = judged(answer)
    assert verdict.based_on == 1
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (429, JudgeUnavailable, "429"),
        (500, CannotJudge, "500"),
        (401, JudgeUnavailable, "WORKBENCH_JUDGE_KEY"),
        (403, JudgeUnavailable, "WORKBENCH_JUDGE_KEY"),
        (404, JudgeUnavailable, "WORKBENCH_JUDGE_MODEL"),
        (400, CannotJudge, "400"),
    ],
)
def test_what_does_not_pass_is_named_without_the_key(status, kind, told):
    body = json.dumps({"error": {"message": "Incorrect API key: secret-key"}}).encode()
    error, _ = judged(lambda request, _: Answer(status=status, body=body, headers=RETRY_AT_ONCE), retries=1)
    assert type(error) is kind
    assert told in str(error)
    assert "secret-key" not in str(error)


def test_one_that_is_slow_is_not_waited_for():
    forever = threading.Event()
    error, _ = judged(lambda request, _: Answer(naming(1), wait=forever), timeout_s=0.2, retries=0)
    forever.set()
    assert isinstance(error, CannotJudge)
    assert "in time" in str(error)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"choices": []}', b'{"choices": [{"message": {}}]}', b"{"])
def test_what_is_not_of_the_protocol_is_named(body):
    error, _ = judged(lambda request, _: Answer(body=body), retries=0)
    assert isinstance(error, CannotJudge)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_each_failure_has_a_reason_in_plain_words(failure, caplog):
    caplog.set_level("DEBUG")
    timeout_s = SOON_S if failure.told == "in time" else PATIENCE_S
    error, endpoint = judged(lambda request, _: failure.answer(request), timeout_s, retries=0)
    assert type(error) is (CannotJudge if failure.of_call else JudgeUnavailable)
    assert failure.told in str(error)
    assert "secret" not in str(error) + caplog.text
    assert len(str(error)) < 120
    assert endpoint.requests


def test_an_endpoint_that_sends_elsewhere_is_not_followed():
    with chat_endpoint(lambda request, _: Answer(naming(1))) as other:
        error, endpoint = judged(
            lambda request, _: Answer(status=307, body=b"", headers={"location": f"{other.url}/chat/completions"})
        )
        assert isinstance(error, JudgeUnavailable)
        assert (len(endpoint.requests), len(other.requests)) == (1, 0)


def test_nobody_waits_for_an_hour():
    error, endpoint = judged(
        lambda request, _: Answer(status=429, body=b"{}", headers={"retry-after": "3600"}), retries=4
    )
    assert "in 60 minutes" in str(error)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("wrong", ["many", -1, 1.5, True, None, 10**30, [1]])
def test_tokens_that_are_no_count_cost_no_verdict(wrong):
    used = {"prompt_tokens": wrong, "completion_tokens": 7}
    for usage, tokens in ((used, (0, 7)), (wrong, (0, 0))):
        body = completion(naming(1), usage=usage)
        verdict, _ = judged(lambda request, _, body=body: Answer(body=body))
        assert (verdict.based_on, verdict.tokens) == (1, tokens)


def test_half_a_pair_of_surrogates_can_be_kept_and_shown():
    reply = '{"mentions": [], "summary": "a\\ud800b\\u0000c"}'
    verdict, _ = judged(lambda request, _: Answer(reply))
    assert verdict.summary == "a?b c"


@pytest.mark.parametrize("key", ["se\ncret", "sécret", "se\x7fcret"])
def test_what_can_be_no_key_is_not_sent(key):
    with pytest.raises(JudgeUnavailable, match="WORKBENCH_JUDGE_KEY") as raised:
        EndpointJudge("http://127.0.0.1:9/v1", "m", key)
    assert "cret" not in str(raised.value)


def test_a_line_break_after_the_key_is_none_of_it():
    with chat_endpoint(lambda request, _: Answer(naming(1))) as endpoint:
        EndpointJudge(endpoint.url, "m", "secret-key\n").judge(QUESTION, SAID)
        assert endpoint.keys == ["Bearer secret-key"]


def test_how_many_requests_go_at_once_can_be_set(monkeypatch):
    monkeypatch.setenv("WORKBENCH_JUDGE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "m")
    monkeypatch.delenv("WORKBENCH_JUDGE_PARALLEL", raising=False)
    assert from_environment().at_once == AT_ONCE == 4
    monkeypatch.setenv("WORKBENCH_JUDGE_PARALLEL", "16")
    assert from_environment().at_once == 16
    for wrong in ("0", "-1", "65", "four", "1.5", "9" * 30, "١"):
        monkeypatch.setenv("WORKBENCH_JUDGE_PARALLEL", wrong)
        with pytest.raises(JudgeUnavailable, match="WORKBENCH_JUDGE_PARALLEL: give a whole number from 1 to 64"):
            from_environment()


def test_an_endpoint_without_schemas_is_asked_without():
    def answer(request, _):
        return Answer(status=400, body=b"{}") if "response_format" in request else Answer(naming(1))

    with chat_endpoint(answer) as endpoint:
        judge = EndpointJudge(endpoint.url, "m")
        assert judge.judge(QUESTION, SAID).based_on == 1
        assert judge.judge(QUESTION, SAID).based_on == 1
    assert ["response_format" in one for one in endpoint.requests] == [True, False, False]


def test_nothing_listens():
    with pytest.raises(JudgeUnavailable, match="WORKBENCH_JUDGE_URL"):
        EndpointJudge("http://127.0.0.1:9/v1", "m", retries=0).judge(QUESTION, SAID)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "unix:///run/docker.sock", "ftp://127.0.0.1/v1", "/etc", "x"])
def test_an_address_that_is_not_of_the_web_opens_nothing(url):
    with pytest.raises(JudgeUnavailable, match="WORKBENCH_JUDGE_URL") as refused:
        EndpointJudge(url, "m", retries=0).judge(QUESTION, SAID)
    assert "root:" not in str(refused.value)


def test_the_environment_names_it(monkeypatch):
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"WORKBENCH_JUDGE_{name}", raising=False)
    with pytest.raises(JudgeUnavailable, match="WORKBENCH_JUDGE_URL"):
        from_environment()
    monkeypatch.setenv("WORKBENCH_JUDGE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(JudgeUnavailable, match="WORKBENCH_JUDGE_MODEL"):
        from_environment()
    monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "small")
    assert from_environment().key == "endpoint-1:small"


def test_proposals_are_checked_too():
    good = Answer(json.dumps({"questions": ["Did the customer ask for money off?", "", "B?", "C?", "D?"]}))
    with chat_endpoint(lambda request, _: good) as endpoint:
        found = EndpointJudge(endpoint.url, "m").proposals(QUESTION)
        assert found == ("Did the customer ask for money off?", "B?", "C?")
        endpoint.answering = lambda request, _: Answer('{"questions": "all"}')
        with pytest.raises(CannotJudge):
            EndpointJudge(endpoint.url, "m").proposals(QUESTION)
