"""Tables as texts: the rows that were written, by whatever separator and encoding."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus import table_text
from workbench.corpus.table_text import rows_of_table, text_of_table
from workbench.domain.errors import InvalidArgument

CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\ufeff"), min_size=1, max_size=8)


@given(st.sampled_from(",;\t|"), st.lists(CELLS, min_size=2, max_size=4), st.lists(CELLS, min_size=1, max_size=4))
def test_rows_are_read_as_a_spreadsheet_wrote_them(separator, header, row):
    header = [f"{name}".translate(str.maketrans(",;\t|", "____")) for name in header]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([header, row])
    for first in ("", f"sep={separator}\r\n", f'"sep={separator}"\r\n'):
        found = list(rows_of_table(first + out.getvalue()))
        assert [one.cells for one in found] == [header, row]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_is_read_in_the_encodings_of_spreadsheets(encoding):
    assert text_of_table("name;größe\nÄ;1\n".encode(encoding)) == "name;größe\nÄ;1\n"


def test_a_row_has_the_line_on_which_it_begins_and_empty_ones_are_left_out():
    assert [one.line for one in rows_of_table('a,b\n\n"x\ny",z\n,\nc,d\n')] == [1, 3, 6]


def test_quotations_that_never_end_and_too_many_cells_are_refused(monkeypatch):
    with pytest.raises(InvalidArgument, match="line 2: invalid CSV"):
        list(rows_of_table('a,b\n"x'))
    monkeypatch.setattr(table_text, "MAX_CELLS", 5)
    with pytest.raises(InvalidArgument, match="more than 5 cells"):
        list(rows_of_table("a,b\n" * 4))
