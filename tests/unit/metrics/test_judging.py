"""Values from a question: asked once a call, kept with their evidence, asked again when the metric changes."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from tests.unit.metrics.made import GIVEN, OTHER, call, workspace
from workbench.domain.errors import CorpusNotEncoded
from workbench.domain.metrics import InvalidMetric
from workbench.engine.encoders import HashingEncoder

QUESTION = {"type": "question", "question": "Did the customer say that they were born in may?"}


@pytest.fixture
def ws(tmp_path):
    made = [
        call(n, ("customer", GIVEN if n % 10 == 0 else OTHER), *[("company", f"so {n} {m}") for m in range(8)])
        for n in range(40)
    ]
    return workspace(tmp_path, made, publish=False)


def test_what_a_judge_says_is_kept(ws):
    ws.metrics.create("Birth: told", source=QUESTION)
    with pytest.raises(CorpusNotEncoded):
        ws.metrics.ask("Birth: told")
    ws.encode()
    asked = ws.metrics.ask("Birth: told")
    assert (asked.judged, dict(asked.failed), asked.stopped) == (40, {}, "")
    values = ws.metrics.values("Birth: told").set_index("conversation_id")["value"]
    true = {name for name, value in values.items() if value is True}
    assert true >= {"c0", "c10", "c20", "c30"}
    assert len(true) < 10  # hashed words are no meanings
    assert ws.call("c0").metrics()["Birth: told"].evidence[0] == "c0:0:0"
    assert ws.metrics.ask("Birth: told").judged == 0
    ws.metrics.update("Birth: told", definition="The customer says when they were born")
    assert set(ws.metrics.values("Birth: told")["value"]) == {"unknown"}
    assert ws.metrics.ask("Birth: told").judged == 40


def test_a_metric_without_a_question_is_not_asked(ws):
    ws.metrics.create("Paid")
    with pytest.raises(InvalidMetric, match="has no question"):
        ws.metrics.ask("Paid")


@pytest.fixture
def few_learnt(monkeypatch):
    """Of hashed words the nearest sentences are not alike, so that the judge is to learn from one alone."""
    monkeypatch.setattr("workbench.judges.meaning.NEAREST", 1)


SMALL_TALK = ["the", "a", "is", "are", "we", "my", "it", "and", "so", "late", "again", "wrong", "born", "in", "you"]


def local(tmp_path, *firsts):
    """Calls of ten kinds in turn: the first sentences given, and others of words drawn by chance."""
    drawn = np.random.default_rng(0).choice(SMALL_TALK, (40, 8, 6)).tolist()
    spoken = [[("company", " ".join(line)) for line in lines] for lines in drawn]
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder(1024))
    ws.ingest([call(n, *firsts[n % len(firsts)], *spoken[n]) for n in range(40)])
    ws.encode()
    return ws


def of_kinds(ws, name, kinds):
    """The values of calls of the first so many kinds, of ten."""
    found = ws.metrics.values(name).set_index("conversation_id")["value"]
    return [{found[f"c{n}"] for n in range(kind, 40, 10)} for kind in range(kinds)]


PAPER, BEGUN = "the passport paper is lost", "we begin the identity procedure"


def test_the_local_judge_tells_partial_and_not_applicable(tmp_path, few_learnt):
    begun = ("company", BEGUN)
    ws = local(tmp_path, [("customer", GIVEN), begun], [("customer", PAPER), begun], [begun], *[[]] * 7)
    texts = {"partial": "The passport paper is lost.", "applies_when": "Once we begin the identity procedure."}
    ws.metrics.create("Birth: told", source=QUESTION, **texts)
    assert ws.metrics.ask("Birth: told").judged == 40
    assert of_kinds(ws, "Birth: told", 4) == [{True}, {"partial"}, {False}, {"not_applicable"}]
    assert ws.call("c1").metrics()["Birth: told"].evidence == ("c1:0:0",)
    assert ws.call("c2").metrics()["Birth: told"].evidence == ()
    trend = ws.metrics.trend("Birth: told", every=None).table.set_index("value")["count"]
    assert trend["partial"] == 4
    assert trend.sum() < 40


def test_without_such_texts_there_are_only_true_and_false(tmp_path):
    ws = local(tmp_path, [("customer", GIVEN)], [("customer", PAPER)], *[[]] * 8)
    ws.metrics.create("Birth: told", source=QUESTION)
    ws.metrics.ask("Birth: told")
    assert set(ws.metrics.values("Birth: told")["value"]) == {True, False}


def test_the_local_judge_tells_categories_apart(tmp_path, few_learnt):
    ws = local(tmp_path, [("customer", "my parcel is late again")], [("customer", "the invoice is wrong")], *[[]] * 8)
    source = {"type": "question", "question": "What does the customer call about?", "side": "anyone"}
    definition = "Delivery: the parcel is late. Billing: an invoice is wrong."
    ws.metrics.create(
        "Topic", kind="categorical", categories=["Billing", "Delivery"], definition=definition, source=source
    )
    ws.metrics.ask("Topic")
    assert of_kinds(ws, "Topic", 3) == [{"Delivery"}, {"Billing"}, {"not_applicable"}]


def test_a_part_of_the_calls_and_on_from_there(ws):
    ws.encode()
    ws.metrics.create("Birth: told", source=QUESTION)
    first = ws.metrics.ask("Birth: told", limit=15)
    assert (first.judged, first.left) == (15, 25)
    rest = ws.metrics.ask("Birth: told", beyond=first.last)
    assert (rest.judged, rest.left, ws.metrics.cost("Birth: told").calls) == (25, 0, 0)


def test_a_look_at_some_calls_before_it_is_saved(ws):
    shown = ws.metrics.preview(count=40, source=QUESTION)
    assert {one.outcome.why for one in shown} == {"run ws.encode() first"} or all(
        "encode" in one.outcome.why for one in shown
    )
    ws.encode()
    shown = ws.metrics.preview(count=40, source=QUESTION)
    assert {one.outcome.value for one in shown} == {True, False}
    assert ws.metrics.list() == []
