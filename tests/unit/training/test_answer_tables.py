"""Answers as a table: all of them, with what was said around them, and the same from each kind of file."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import workbench as wb
from tests.unit.small import answer
from tests.unit.training_scene import calls, learnt, tracker, workspace
from workbench.domain.errors import InvalidArgument
from workbench.training.answer_tables import COLUMNS, records


@pytest.fixture
def ws(tmp_path):
    return learnt(tmp_path / "w", 2)


def test_each_answer_is_a_row_with_what_was_said_around_it(ws):
    found = ws.trackers.get("Price").answers(context=1)
    assert tuple(found.columns) == COLUMNS
    assert len(found) == 50
    assert set(found.annotator) == {"ann"}
    assert list(found["round"]) == [1] * 25 + [2] * 25
    assert list(found.answer) == [answer(text) for text in found.text]
    shown = ws.lake.sentences(list(found.sentence_id), 1)
    for row in found.itertuples():
        one = shown[row.sentence_id]
        assert (row.text, row.conversation_id, row.speaker) == (one.text, one.conversation_id, one.speaker)
        assert row.before == "\n".join(near.text for near in one.before)
        assert row.after == "\n".join(near.text for near in one.after)
    asked = {one["sentence_id"]: one for number in ws.trackers.get("Price").log()["rounds"] for one in number["asked"]}
    for row in found.itertuples():
        said = asked[row.sentence_id]
        assert row.reason == said["reason"]
        assert (row.probability if row.probability == row.probability else None) == said["probability"]


def test_every_persons_answer_has_its_own_row_and_says_what_counts(ws):
    session = ws.trackers.get("Price").train()
    first = session.next_round()[0].sentence_id
    session.tag(first, "yes")
    session.tag(first, "no", by="bob")
    found = ws.trackers.get("Price").answers()
    own = found[found.sentence_id == first]
    assert sorted(zip(own.annotator, own.answer, strict=True)) == [("ann", "yes"), ("bob", "no")]
    assert set(own.counts) == {"not_sure"}


def test_answers_taken_back_are_left_out_and_no_answers_are_an_empty_table(tmp_path):
    ws = workspace(tmp_path / "w")
    made = tracker(ws)
    empty = made.answers()
    session = made.train()
    session.tag(session.next_round()[0].sentence_id, "yes")
    session.undo()
    assert len(made.answers()) == 0
    assert tuple(empty.columns) == COLUMNS
    assert str(empty["at"].dtype) == str(made.answers()["at"].dtype)


@pytest.mark.parametrize("context", [-1, 21, 1.5, True, "2"])
def test_a_context_that_is_no_small_number_is_refused(ws, context):
    with pytest.raises(InvalidArgument, match="context: must be a whole number"):
        ws.trackers.get("Price").answers(context)


def test_files_hold_what_the_table_holds(ws, tmp_path):
    made = ws.trackers.get("Price")
    whole = records(made.answers())
    lines = made.export_answers(tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == whole
    read = wb.read_csv(made.export_answers(tmp_path / "answers.csv", bom=True))
    assert list(read.columns) == [*COLUMNS]
    for name in ("sentence_id", "before", "text", "after", "answer", "annotator", "reason"):
        assert list(read[name]) == [one[name] for one in whole]
    for name in ("probability", "score"):
        assert [float(one) if one else None for one in read[name]] == [one[name] for one in whole]
    with pytest.raises(InvalidArgument, match=r"must end with .csv or .jsonl"):
        made.export_answers(tmp_path / "answers.xlsx")


def test_a_sentence_that_is_gone_keeps_its_text(ws):
    made = ws.trackers.get("Price")
    before = made.answers().set_index("sentence_id")
    changed = {one.rsplit(":", 2)[0] for one in before.index[:3]}
    ws.ingest([call | {"turns": [{"text": "Nothing to see here."}]} for call in calls() if call["id"] in changed])
    after = made.answers().reset_index()
    assert sorted(after.text) == sorted(before.text)
    assert isinstance(after["at"].dtype, pd.DatetimeTZDtype)
