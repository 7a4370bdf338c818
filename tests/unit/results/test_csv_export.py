"""CSV that holds what the table holds, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.results.csv_export import guarded, to_csv

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_like_a_formula_has_an_apostrophe_before_it(text):
    read = pd.read_csv(io.StringIO(to_csv(pd.DataFrame({"a": [text]}))), dtype=str)
    assert read["a"].tolist() == ["'" + text.replace("\r", "\n")]


def test_numbers_moments_and_plain_text_stay_as_they_are():
    frame = pd.DataFrame(
        {
            "n": [-1, 2],
            "f": [-1.5, None],
            "t": pd.to_datetime(["2026-01-01", None]),
            "x": ["a=b", None],
            "mixed": [-3, "-3"],
            "trackers": [("A", "=B"), ("=A",)],
        }
    )
    lines = to_csv(frame).splitlines()
    assert lines[1] == '-1,-1.5,2026-01-01,a=b,-3,"A, =B"'
    assert lines[2] == "2,,,,'-3,'=A"


def test_column_names_are_guarded_and_a_mark_is_only_there_when_asked_for():
    frame = pd.DataFrame({"=x": ["ü"], "=y": [1]})
    assert to_csv(frame).splitlines()[0] == "'=x,'=y"
    assert to_csv(frame, bom=True).encode().startswith(b"\xef\xbb\xbf'=x")
    assert list(frame.columns) == ["=x", "=y"]


@given(st.text())
def test_no_text_begins_like_a_formula(text):
    out = guarded(text)
    assert isinstance(out, str)
    assert not out.lstrip().startswith(("=", "+", "-", "@"))
    assert "\r" not in out
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert out in (plain, "'" + plain)


def test_a_return_begins_no_row():
    assert to_csv(pd.DataFrame({"a": ["x\r=1", "y"]})) == 'a\n"x\n=1"\ny\n'
