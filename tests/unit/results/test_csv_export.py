"""CSV that holds what the table holds, and nothing that a spreadsheet would run, however it splits it (F15)."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb
from tests.unit.small import ROOT
from workbench.results.csv_export import guarded, read_csv, to_csv, unguarded, write_csv

FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0", '"=1"', "\t", "\r", "\n"),
    *("＝1", "＋1", "－1", "＠A", "﹦1", "﹣1", "\ufeff=1", "\u200b=1", "\u00a0=1", "\x00=1", "\u2028=1"),
]
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
HOSTILE = st.text(st.sampled_from("=+-@＝＋－＠'\";|,\t\r\n \ufeff\u200b\u00a0aä1\0"), max_size=12)
TEXTS = st.one_of(HOSTILE, st.text(st.characters(exclude_categories=("Cs",))))


def plain(text: str) -> str:
    """The text with line feeds alone, as a cell keeps it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def runs(cell: str) -> bool:
    """Return whether a spreadsheet might read a cell as a formula: independent of the code under test."""
    seen = "".join(
        sign for sign in cell if not (sign.isspace() or sign == '"' or unicodedata.category(sign) in ("Cc", "Cf"))
    )
    return seen.startswith(tuple(SIGNS)) or cell.startswith(("\t", "\r", "\n"))


def cells(text: str, separator: str) -> Iterator[str]:
    """The cells that come of it where this separates them."""
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        yield from row


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_like_a_formula_has_an_apostrophe_before_it(text):
    out = guarded(text)
    assert out[0] == "'"
    assert not runs(out)


@pytest.mark.parametrize("separator", [";", "|", "\t", "\n"])
@pytest.mark.parametrize("text", ["=1+1", " =1+1", '"=1+1"', "-1", "@A", "＝1", "'=1"])
def test_a_formula_behind_what_may_separate_cells_is_guarded_too(text, separator):
    out = guarded(f"yes{separator}{text}{separator}no")
    assert out == f"yes{separator}'{text}{separator}no"
    assert guarded(f"yes{separator}no") == f"yes{separator}no"


@pytest.mark.parametrize("text", [";\t", "a|\tb", "a\n\t=1", ";'\t", ";\t'=1"])
def test_a_tab_that_may_begin_a_cell_is_guarded_too(text):
    out = guarded(text)
    assert unguarded(out) == text
    for separator in ";|":
        assert not any(runs(cell) for cell in cells(f"{out},0", separator))


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


def test_what_is_neither_text_nor_number_is_guarded_as_the_text_that_it_becomes():
    odd = [{"a": ";=1"}, pd.Timedelta(days=-1), np.str_("=1"), pd.NA, True, np.int64(-2), pd.NaT]
    frame = pd.DataFrame({"a": pd.Series(odd, dtype=object), "b": pd.Categorical(["=x", *"abcdef"])})
    frame["c"] = pd.to_timedelta([-1] * 7, unit="D")
    read = list(csv.reader(io.StringIO(to_csv(frame))))
    assert [row[0] for row in read[1:]] == ["{'a': ';'=1'}", "'-1 days +00:00:00", "'=1", "", "True", "-2", ""]
    assert read[1][1] == "'=x"
    assert read[1][2].startswith("'-1 days")


def test_column_names_are_guarded_and_a_mark_is_only_there_when_asked_for():
    frame = pd.DataFrame({"=x": ["ü"], "=y": [1], ("a;", "=z"): [2], 7: [3]})
    assert to_csv(frame).splitlines()[0] == "'=x,'=y,\"a;, =z\",7"
    assert to_csv(frame, bom=True).encode().startswith(b"\xef\xbb\xbf'=x")
    assert list(frame.columns) == ["=x", "=y", ("a;", "=z"), 7]


@given(TEXTS)
def test_every_text_is_found_again(text):
    out = guarded(text)
    assert isinstance(out, str)
    assert unguarded(out) == plain(text)
    assert not runs(out)
    if not any(sign in text for sign in SIGNS) and not text.startswith(("\t", "\r", "\n", "'")):
        assert out == plain(text)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(-9, 9)), min_size=1, max_size=4), TEXTS, st.booleans())
def test_no_cell_begins_a_formula_whatever_separates_cells_and_reading_gives_the_texts(
    tmp_path_factory, rows, name, bom
):
    frame = pd.DataFrame(rows, columns=[name, "b", "n"])
    text = to_csv(frame, bom)
    for separator in ",;|\t":
        for cell in cells(text.removeprefix("\ufeff"), separator):
            assert not runs(cell) or re.fullmatch(r"-?\d+", cell), (separator, cell)
    file = write_csv(frame, tmp_path_factory.getbasetemp() / "table.csv", bom)
    read = read_csv(file)
    assert list(read.columns)[1:] == ["b", "n"]
    assert read["b"].tolist() == [plain(row[1]) for row in rows]
    assert read["n"].tolist() == [str(row[2]) for row in rows]
    assert read.iloc[:, 0].tolist() == [plain(row[0]) for row in rows]


def test_pandas_reads_it_and_the_escape_is_as_documented(tmp_path):
    said = ["=1+1", "yes; -no", "'quoted'", "", "NA", None, "a\r\nb"]
    file = wb.to_csv(pd.DataFrame({"text": said, "n": range(7)}), tmp_path / "said.csv")
    read = pd.read_csv(file, dtype={"text": str}, keep_default_na=False)
    assert read["text"].tolist() == ["'=1+1", "yes;' -no", "'quoted'", "", "NA", "", "a\nb"]
    assert wb.read_csv(file)["text"].tolist() == ["=1+1", "yes; -no", "'quoted'", "", "NA", "", "a\nb"]
    assert wb.to_csv(pd.DataFrame({"text": ["=1"]})) == "text\n'=1\n"


def test_a_return_begins_no_row():
    assert to_csv(pd.DataFrame({"a": ["x\r=1", "y"]})) == 'a\n"x\n\'=1"\ny\n'


WRITES = {
    "to_csv",
    "to_excel",
    "to_clipboard",
    "writer",
    "DictWriter",
    "ExcelWriter",
    "Workbook",
    "write_csv",
    "savetxt",
}
OURS = {
    "workbench.results.csv_export",
    "workbench.workspace.definitions",
    "workbench",
}  # whose functions of these names are guarded
OWN_METHODS = re.compile(r"(\b|\.)(trackers|known|comparison|self\._?trackers)\.to_csv$")  # which use them


def unguarded_calls(source: str) -> Iterator[str]:
    """Calls that write CSV or a spreadsheet past the guard."""
    tree = ast.parse(source)
    guarded_names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in OURS
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            whole = ast.unparse(node.func)
            name = whole.rpartition(".")[2]
            if name in WRITES and whole not in guarded_names and not OWN_METHODS.search(whole) and whole != "wb.to_csv":
                yield whole


def sources() -> Iterator[tuple[Path, str]]:
    """Python of the package, of notebooks and of documents."""
    for part in ("workbench", "scripts", "benchmarks", "sample_corpus"):
        yield from ((file, file.read_text()) for file in (ROOT / part).rglob("*.py"))
    for file in (ROOT / "notebooks").rglob("*.ipynb"):
        cells = json.loads(file.read_text())["cells"]
        yield from ((file, "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")
    for file in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        blocks = re.findall(r"^```python\n(.*?)^```", file.read_text(), re.MULTILINE | re.DOTALL)
        yield from ((file, f"async def block():\n{re.sub('^', '    ', block, flags=re.MULTILINE)}") for block in blocks)


def test_nothing_else_writes_csv_or_spreadsheets():
    exempt = {ROOT / "workbench/results/csv_export.py"}
    found = [
        (str(file.relative_to(ROOT)), call)
        for file, text in sources()
        if file not in exempt
        for call in unguarded_calls(text)
    ]
    assert found == []


def test_the_check_above_sees_what_it_should():
    assert [*unguarded_calls("frame.to_csv('x')\nimport csv\ncsv.writer(out)\nws.detections('a').to_csv('x')")] != []
    assert [*unguarded_calls("ws.trackers.to_csv('x')\nwb.to_csv(frame)")] == []
