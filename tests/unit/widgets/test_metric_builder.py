"""The page for metrics, on a real workspace: coaching, saving, a look at calls, over time."""

from __future__ import annotations

import pytest

from tests.unit.metrics.made import asked_and_given, neither, only_asked, workspace
from workbench.domain.metrics import MetricNotFound
from workbench.widgets import MetricBuilder
from workbench.widgets.metric_views import EMPTY, snippet


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("w"), [asked_and_given(0), only_asked(1), neither(2), asked_and_given(3)])


@pytest.fixture
def builder(ws, page):
    for metric in ws.metrics.list():
        ws.metrics.delete(metric.id)
    return page(MetricBuilder(ws))


def rule(ws, **changes):
    ids = [ws.trackers.get(name).id for name in ("Asked", "Given")]
    return {**EMPTY, "name": "Auth: verified", "source": {**EMPTY["source"], "required": ids}, **changes}


def test_from_an_empty_form_to_values_over_time(ws, builder):
    widget = builder.widget
    assert widget.form == EMPTY
    assert [(one["name"], one["note"]) for one in widget.trackers] == [("Asked", ""), ("Given", "")]
    form = rule(ws)
    found = builder.result("check", form=form)
    assert {"definition", "success", "failure"} <= {hint["field"] for hint in found["hints"]}
    builder.result("preview", form=form, seed=0)
    assert widget.shown["preview"]["counts"] == {"True": 2, "Partial": 1, "False": 1}
    shown = widget.shown["preview"]["calls"][0]
    assert shown["quotes"][0]["sentence_id"] == "c0:0:0"
    assert ws.metrics.list() == []
    assert builder.result("trend") is None
    saved = builder.result("save", form=form)
    assert widget.metric_id == saved["metric_id"]
    assert widget.saved == widget.form
    assert widget.shown is not None
    points = builder.result("trend")
    assert points["value"] == "True"
    assert sum(one["known"] for one in points["points"]) == 4
    assert sum(one["partial"] for one in points["points"]) == 1
    builder.result("save", form={**widget.form, "name": "Auth: done"})
    assert [one.name for one in ws.metrics.list()] == ["Auth: done"]
    builder.result("open", metric_id=None)
    assert (widget.metric_id, widget.saved, widget.shown) == ("", None, None)
    builder.result("open", metric_id=saved["metric_id"])
    builder.result("delete")
    assert ws.metrics.list() == []
    assert "nothing to delete" in builder.ask("delete")["error"]["message"]


def test_a_categorical_one_and_one_from_code(ws, builder):
    cases = [["given", ws.trackers.get("Given").id], ["", "x"]]
    form = rule(ws, kind="categorical", categories=["given", "rest", ""])
    form["source"] = {**form["source"], "cases": cases, "otherwise": "rest"}
    builder.result("preview", form=form, seed=1)
    assert builder.widget.shown["preview"]["counts"] == {"given": 2, "rest": 2}
    code = {**EMPTY, "name": "Paid", "source": {**EMPTY["source"], "type": "code"}}
    builder.result("save", form=code)
    ws.call("c0").log_metric("Paid", True)
    builder.result("preview", form={**builder.widget.form, "definition": "It was paid"}, seed=0)
    assert builder.widget.shown["preview"]["counts"]["True"] == 1


def test_a_question_is_tried_and_put_to_all_calls(ws, builder):
    form = {**EMPTY, "name": "Born", "source": {**EMPTY["source"], "type": "question", "question": "Was a date given?"}}
    builder.result("preview", form=form, seed=0)
    first = builder.widget.shown["preview"]["calls"][0]
    assert (first["value"], "encode" in first["why"]) == ("Not known", True)
    assert builder.result("cost", judge="local") is None
    builder.result("save", form=form)
    assert "encode" in builder.ask("ask", judge="local")["error"]["message"]
    ws.encode()
    builder.result("preview", form=form, seed=0)
    assert "Not known" not in builder.widget.shown["preview"]["counts"]
    assert builder.result("cost", judge="local") == {"calls": 4, "credits": 0, "free": True, "enough": True}
    asked = builder.result("ask", judge="local")
    assert asked == {"judged": 4, "failed": 0, "left": 0, "last": 3, "stopped": ""}
    assert builder.result("cost", judge="local")["calls"] == 0
    assert "unknown" not in set(ws.metrics.values("Born")["value"])


def test_what_cannot_be_saved_is_told(ws, builder):
    assert ("name: must have 1 to 80 characters, not 0") in builder.ask("save", form={**rule(ws), "name": " "})[
        "error"
    ]["message"]
    empty = {**EMPTY, "name": "x"}
    assert "name at least one tracker" in builder.ask("preview", form=empty, seed=0)["error"]["message"]
    with pytest.raises(MetricNotFound):
        MetricBuilder(ws, "Nobody's")


def test_the_snippet_is_code_whatever_the_name():
    code = snippet({**EMPTY, "name": 'x", True); import os; ("', "kind": "categorical", "categories": ["it's"]})
    compile(code, "snippet", "exec")
    assert code.count("import os") == 2
    assert (
        "\n".join(line.split("(", 2)[1] for line in code.splitlines()) == '"CALL ID").log_metric\n"CALL ID").log_event'
    )
