"""Labels as files have them: tables of any dialect, Label Studio, Prodigy, doccano; hostile ones are bounded."""

from __future__ import annotations

import json
from contextlib import suppress

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.errors import InvalidArgument, WorkbenchError
from workbench.domain.tags import Answer
from workbench.training import label_rows as module
from workbench.training.label_rows import AnswerProblem, LabelRow, label_rows

YES, NO, NOT_SURE = Answer


def told(source, label=None):
    """Text, answer and annotator of each label."""
    rows = list(label_rows(source, label))
    assert all(isinstance(one, LabelRow) for one in rows), rows
    return [(one.text, one.answer, one.annotator) for one in rows if isinstance(one, LabelRow)]


def task(text, *annotations, **data):
    return {"id": 7, "data": {"text": text, **data}, "annotations": list(annotations)}


def choice(*names, by=1, **more):
    result = [{"type": "choices", "from_name": "c", "to_name": "t", "value": {"choices": list(names)}}]
    return {"completed_by": by, "created_at": "2024-01-02T03:04:05Z", "result": result, **more}


def test_label_studio_has_a_row_for_each_annotation(tmp_path):
    tasks = [
        task("Too dear", choice("Price"), choice("Other", by={"id": 3, "email": "bo@x.org"}), sentence_id="c:0:0"),
        task("Hello", choice("Price", "Other"), choice("Price", was_cancelled=True)),
        task("Nobody looked"),
    ]
    file = tmp_path / "studio.json"
    file.write_text(json.dumps(tasks))
    assert told(file, "price") == [("Too dear", YES, "1"), ("Too dear", NO, "bo@x.org"), ("Hello", YES, "1")]
    first = next(iter(label_rows(file, "Price")))
    assert isinstance(first, LabelRow)
    assert (first.sentence_id, str(first.at)) == ("c:0:0", "2024-01-02 03:04:05+00:00")
    assert told([task("a", choice("Yes")), task("b", choice("NO"))]) == [("a", YES, "1"), ("b", NO, "1")]


def test_prodigy_says_accept_reject_or_ignore_of_a_label(tmp_path):
    rows = [
        {"text": "a", "label": "PRICE", "answer": "accept", "_annotator_id": "s-bo", "_timestamp": 1700000000},
        {"text": "b", "label": "PRICE", "answer": "reject", "meta": {"sentence_id": "c:1:0"}},
        {"text": "c", "label": "PRICE", "answer": "ignore"},
        {"text": "d", "label": "OTHER", "answer": "accept"},
    ]
    file = tmp_path / "prodigy.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert told(file, "price") == [("a", YES, "s-bo"), ("b", NO, ""), ("c", NOT_SURE, "")]
    assert [one.sentence_id for one in label_rows(file, "price") if isinstance(one, LabelRow)] == ["", "c:1:0", ""]
    options = [{"id": "P", "text": "Price"}, {"id": "O", "text": "Other"}]
    chosen = [{"text": "x", "options": options, "accept": one, "answer": "accept"} for one in (["P"], ["O"], [])]
    assert told(chosen, "p") == [("x", YES, ""), ("x", NO, ""), ("x", NO, "")]


def test_doccano_has_lists_of_labels_or_of_spans():
    rows = [{"text": "a", "label": ["price"]}, {"text": "b", "label": ["other", "x"]}, {"text": "c", "label": []}]
    assert told(rows, "Price") == [("a", YES, ""), ("b", NO, ""), ("c", NO, "")]
    spans = [{"text": "too dear", "label": [[0, 3, "Price"]]}, {"text": "hi", "label": []}]
    assert told(spans, "Price") == [("too dear", YES, ""), ("hi", NO, "")]
    assert told([{"text": "a", "label": ["yes"]}, {"text": "b", "labels": "no"}, {"text": "c", "label": []}]) == [
        ("a", YES, ""),
        ("b", NO, ""),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n"])
def test_tables_of_any_spreadsheet_are_read(tmp_path, separator, encoding, first):
    lines = [["Text", "LABEL", "Annotated by"], ['"Größe, zu; teuer"', "Yes", "Jörg"], ["'=1+1", "no", ""]]
    if separator in "\t|":
        lines[1][0] = "Größe, zu; teuer"
    file = tmp_path / "labels.csv"
    file.write_bytes((first.format(separator) + "\r\n".join(map(separator.join, lines))).encode(encoding))
    assert told(file) == [("Größe, zu; teuer", YES, "Jörg"), ("=1+1", NO, "")]


@pytest.mark.parametrize("said", ["yes", "Y", "TRUE", True, 1, 1.0, "1", "positive"])
def test_usual_words_for_yes_are_yes(said):
    assert told(pd.DataFrame({"text": ["a"], "answer": [said]})) == [("a", YES, "")]


@pytest.mark.parametrize("said", ["no", "n", False, 0, 0.0, "0", "negative"])
def test_usual_words_for_no_are_no(said):
    assert told(pd.DataFrame({"text": ["a"], "answer": [said]})) == [("a", NO, "")]


def test_lines_are_those_of_the_file(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('text,label\n"two\nlines",yes\nx,perhaps\n\ny,a,b\n')
    rows = list(label_rows(file))
    assert [one.line for one in rows] == [2, 4, 6]
    assert [type(one) for one in rows] == [LabelRow, AnswerProblem, AnswerProblem]


def test_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 3)
    monkeypatch.setattr(module, "MAX_TABLE_BYTES", 200)
    with pytest.raises(InvalidArgument, match="more than 3 rows"):
        list(label_rows([{"text": "a", "label": 1}] * 4))
    file = tmp_path / "a.csv"
    file.write_text("text,label\n" + "x,yes\n" * 100)
    with pytest.raises(InvalidArgument, match="larger than"):
        list(label_rows(file))
    long = list(label_rows([{"text": "x" * 30_000, "label": 1}]))
    assert isinstance(long[0], AnswerProblem)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["text", "label", "answer", "accept", "spans", "options", "annotations", "data", "meta", "result", "value", "at",
     "choices", "completed_by", "sentence_id", "start_s", "round", "annotator", "before"]
)  # fmt: skip
ROWS = st.dictionaries(NAMES, VALUES | st.dictionaries(NAMES, VALUES, max_size=3), max_size=6)


@settings(max_examples=150)
@given(st.lists(ROWS | VALUES, max_size=3), st.none() | st.text(max_size=4))
def test_whatever_rows_hold_gives_labels_or_problems(rows, label):
    for one in label_rows(rows, label):
        assert isinstance(one, LabelRow | AnswerProblem)
        assert "\n" not in str(one)


@settings(max_examples=60)
@given(st.binary(max_size=80) | st.text(st.sampled_from('text,label;yes\n"[{}]:= \t'), max_size=60).map(str.encode))
def test_whatever_a_file_holds_gives_labels_or_says_why_not(tmp_path_factory, data):
    file = tmp_path_factory.getbasetemp() / "any"
    file.write_bytes(data)
    with suppress(WorkbenchError):
        assert all(isinstance(one, LabelRow | AnswerProblem) for one in label_rows(file))
