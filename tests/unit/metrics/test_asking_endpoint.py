"""Values from an endpoint: all outcomes told apart in one request a call, paid once, and nothing made up."""

from __future__ import annotations

import json

import pytest

from tests.support.chat_endpoint import Answer, chat_endpoint, naming, sent_in
from tests.unit.metrics.made import ASKED, GIVEN, OTHER, call, workspace
from workbench.domain.errors import JudgeUnavailable, WorkbenchError

SOURCE = {"type": "question", "question": "Did the customer say when they were born?", "side": "customer"}
WHOLE = {
    "source": SOURCE,
    "success": "The customer says the month of birth.",
    "failure": "The customer says something else.",
    "partial": "The customer says only that they were born.",
    "applies_when": "Once our rep asks for the date of birth.",
}
HALF = "I was born, that much I know"
CALLS = [
    call(0, ("company", ASKED), ("customer", GIVEN)),
    call(1, ("company", ASKED), ("customer", HALF)),
    call(2, ("company", ASKED), ("customer", OTHER)),
    call(3, ("company", "good morning"), ("customer", OTHER)),
]


def asked(request):
    return json.loads(request["messages"][1]["content"])


def judging(request, _=0):
    """As a good model would, by the words of the call."""
    said = {one["text"]: one["sentence"] for one in sent_in(request)}
    for text, outcome in ((GIVEN, "true"), (HALF, "partial"), (ASKED, "false")):
        if text in said:
            return Answer(outcome_of(outcome, said[text]))
    return Answer(outcome_of("not_applicable"))


def outcome_of(name, *numbers, summary="They say so.", **more):
    return json.dumps({"outcome": name, "sentences": list(numbers), "summary": summary} | more)


@pytest.fixture
def ws(tmp_path, monkeypatch):
    made = workspace(tmp_path, CALLS, publish=False)
    made.encode()
    made.credits.top_up(100)
    # Every sentence is near: hashed words are no meanings.
    monkeypatch.setattr("workbench.reading.question_reader.NEAR", 0.0)
    return made


@pytest.fixture
def endpoint(monkeypatch):
    with chat_endpoint(judging) as server:
        monkeypatch.setenv("WORKBENCH_JUDGE_URL", server.url)
        monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "m")
        yield server


def values(ws, name="Birth"):
    return [ws.call(f"c{n}").metrics()[name].value for n in range(len(CALLS))]


def test_true_partial_false_and_not_applicable_in_one_request_a_call(ws, endpoint):
    ws.metrics.create("Birth", **WHOLE)
    assert ws.metrics.ask("Birth", judge="endpoint").judged == 4
    assert values(ws) == [True, "partial", False, "not_applicable"]
    assert len(endpoint.requests) == 4
    found = [ws.call(f"c{n}").metrics()["Birth"].evidence for n in range(4)]
    assert found == [("c0:1:0",), ("c1:1:0",), ("c2:0:0",), ()]
    sent = asked(endpoint.requests[0])
    assert [one["name"] for one in sent["outcomes"]] == ["true", "partial", "false", "not_applicable"]
    assert sent["outcomes"][1]["when"] == WHOLE["partial"]
    assert sent["said_by"] == "customer"
    assert {one["said_by"] for one in sent_in(endpoint.requests[0])} == {"customer", "our rep"}
    schema = endpoint.requests[0]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["outcome"]["enum"] == ["true", "partial", "false", "not_applicable"]


def test_it_is_paid_once(ws, endpoint):
    ws.metrics.create("Birth", **WHOLE)
    ws.metrics.ask("Birth", judge="endpoint")
    spent = ws.credits.entries()
    assert (spent["kind"] == "analysis").sum() == 4
    left = ws.credits.balance
    ws.metrics.update("Birth", definition="What they say of their birth.")
    ws.metrics.ask("Birth", judge="endpoint")
    assert len(endpoint.requests) == 8
    ws.metrics.update("Birth", definition="")
    assert values(ws) == ["unknown"] * 4
    before = ws.credits.balance
    ws.metrics.ask("Birth", judge="endpoint")
    assert values(ws) == [True, "partial", False, "not_applicable"]
    assert (len(endpoint.requests), ws.credits.balance) == (8, before)
    assert before < left


@pytest.mark.parametrize("text", ["success", "failure", "partial", "applies_when"])
def test_what_is_sent_is_part_of_the_verdicts_key(ws, endpoint, text):
    ws.metrics.create("Birth", **WHOLE)
    ws.metrics.ask("Birth", judge="endpoint")
    ws.metrics.update("Birth", **{text: "Something else altogether is so."})
    ws.metrics.ask("Birth", judge="endpoint")
    assert len(endpoint.requests) == 8


def test_one_that_is_only_true_or_false_asks_as_a_tracker_does(ws, endpoint):
    endpoint.answering = lambda request, _: Answer(
        naming(*(one["sentence"] for one in sent_in(request) if "may" in one["text"]))
    )
    ws.metrics.create("Birth", source=SOURCE)
    ws.metrics.ask("Birth", judge="endpoint")
    assert values(ws) == [True, False, False, False]
    assert "outcomes" not in asked(endpoint.requests[0])


def test_categories_are_told_apart_in_one_request(ws, endpoint):
    kinds = ["given", "withheld"]
    endpoint.answering = lambda request, _: Answer(
        outcome_of("given", 1) if GIVEN in str(request) else outcome_of("not_applicable")
    )
    definition = "Given: the customer says it. Withheld: the customer does not say it."
    ws.metrics.create("Birth", kind="categorical", categories=kinds, definition=definition, source=SOURCE)
    ws.metrics.ask("Birth", judge="endpoint")
    assert len(endpoint.requests) == 4
    assert values(ws) == ["given", *["not_applicable"] * 3]
    sent = asked(endpoint.requests[0])["outcomes"]
    assert sent[:2] == [
        {"name": "given", "when": "the customer says it."},
        {"name": "withheld", "when": "the customer does not say it."},
    ]
    assert sent[2]["name"] == "not_applicable"


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("no JSON", "does not follow the requested form"),
        (outcome_of("perhaps", 1), "does not follow the requested form"),
        (outcome_of("true"), "no sentence that shows"),
        (outcome_of("partial", 1), "no sentence that shows"),  # it is our rep's, and the customer was asked about
        (outcome_of("true", 99), "was not sent"),
        (outcome_of("true", 2, 2), "twice"),
        (outcome_of("true", 2, why="x"), "does not follow the requested form"),
    ],
)
def test_what_is_no_outcome_leaves_the_call_unknown_with_why(ws, endpoint, reply, says):
    endpoint.answering = lambda request, _: Answer(reply) if GIVEN in str(request) else judging(request)
    ws.metrics.create("Birth", **WHOLE)
    done = ws.metrics.ask("Birth", judge="endpoint")
    assert (done.judged, len(done.failed)) == (3, 1)
    outcome = ws.call("c0").metrics()["Birth"]
    assert outcome.value == "unknown"
    assert says in outcome.why
    assert "could not be judged" in outcome.why
    assert len(endpoint.requests) == 5  # once more for the odd one
    assert (ws.credits.entries()["kind"] == "analysis").sum() == 3
    endpoint.answering = judging
    assert ws.metrics.ask("Birth", judge="endpoint").judged == 1
    assert (values(ws)[0], ws.call("c0").metrics()["Birth"].why) == (True, "")


def test_a_judge_that_is_gone_leaves_what_it_said(ws, endpoint):
    ws.metrics.create("Birth", **WHOLE)
    endpoint.answering = lambda request, _: Answer("{}", status=401) if OTHER in str(request) else judging(request)
    with pytest.raises(JudgeUnavailable):
        ws.metrics.ask("Birth", judge="endpoint")
    assert values(ws) == ["unknown"] * 4
    endpoint.answering = judging
    before = len(endpoint.requests)
    assert ws.metrics.ask("Birth", judge="endpoint").judged == 4
    assert len(endpoint.requests) - before == 2  # the others had been answered


def test_as_many_calls_as_the_credits_reach_for(ws, endpoint):
    ws.metrics.create("Birth", **WHOLE)
    ws.metrics.ask("Birth", judge="endpoint")
    ws.metrics.update("Birth", definition="Anew.")
    ws.credits.cap(ws.credits.spent() * 1.5)
    done = ws.metrics.ask("Birth", judge="endpoint")
    assert 0 < done.judged < 4
    assert "credits" in done.stopped
    assert values(ws).count("unknown") == 4 - done.judged
    with pytest.raises(WorkbenchError, match="credits"):
        ws.metrics.ask("Birth", judge="endpoint")


def test_the_cost_is_told_before(ws, endpoint):
    ws.metrics.create("Birth", **WHOLE)
    cost = ws.metrics.cost("Birth", judge="endpoint")
    assert (cost.calls, cost.paid) == (4, 0)
    assert endpoint.requests == []
    before = ws.credits.balance
    ws.metrics.ask("Birth", judge="endpoint")
    assert before - ws.credits.balance == pytest.approx(cost.credits)
    assert ws.metrics.cost("Birth", judge="endpoint").calls == 0
    ws.metrics.update("Birth", definition="Anew.")
    assert ws.metrics.cost("Birth").credits == 0


def test_a_look_at_some_calls_asks_and_keeps_no_value(ws, endpoint):
    shown = ws.metrics.preview(count=4, judge="endpoint", **WHOLE)
    assert sorted(str(one.outcome.value) for one in shown) == ["False", "True", "not_applicable", "partial"]
    assert all(one.quotes for one in shown if one.outcome.value in (True, "partial"))
    made = ws.metrics.create("Birth", **WHOLE)
    assert values(ws) == ["unknown"] * 4
    ws.metrics.ask(made.id, judge="endpoint")
    assert len(endpoint.requests) == 4  # what was said for the look is not asked again
