"""Values from a question: asked once a call, kept with their evidence, asked again when the metric changes."""

from __future__ import annotations

import pytest

from tests.unit.metrics.made import GIVEN, OTHER, call, workspace
from workbench.domain.errors import CorpusNotEncoded
from workbench.domain.metrics import InvalidMetric

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
