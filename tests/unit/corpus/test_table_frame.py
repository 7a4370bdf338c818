"""Small tables from files: as a spreadsheet saves them, or a message that says what is wrong and where."""

from __future__ import annotations

import gzip

import pytest

from workbench.corpus import table_frame
from workbench.corpus.table_frame import read_table
from workbench.domain.errors import InvalidArgument

ROWS = [{"name": "Jürgen Müller", "team": "Süd"}, {"name": "山田太郎", "team": None}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n"])
def test_separators_and_encodings_of_spreadsheets_are_read(tmp_path, encoding, separator, first):
    text = first.format(separator) + "name,team\r\nJürgen Müller,Süd\r\n,\r\n山田太郎,\r\n".replace(",", separator)
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode(encoding))
    assert read_table(file).to_dict("records") == ROWS
    file.write_bytes(gzip.compress(text.encode(encoding)))
    assert read_table(file).to_dict("records") == ROWS


def test_western_windows_is_read(tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes("Name;Team\nJürgen Müller;Süd\nZoë “Z” Brontë;€ Desk\n".encode("cp1252"))
    assert read_table(file).to_dict("list") == {
        "Name": ["Jürgen Müller", "Zoë “Z” Brontë"],
        "Team": ["Süd", "€ Desk"],
    }


def test_texts_stay_texts(tmp_path):
    """Spellings that pandas takes for numbers or for missing are names and ids here."""
    file = tmp_path / "calls.csv"
    file.write_text("id,name\n007,NA\n1e5,None\n,Null\n", "utf-8")
    assert read_table(file).to_numpy().tolist() == [["007", "NA"], ["1e5", "None"], [None, "Null"]]


def test_cells_beyond_the_header_are_refused_and_short_rows_are_filled(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("name,team\nAnn\nBo,North,,\n", "utf-8")
    assert read_table(file).to_numpy().tolist() == [["Ann", None], ["Bo", "North"]]
    file.write_text('name,team\n"An\nn",South\nLee, Bo,North\n', "utf-8")
    with pytest.raises(InvalidArgument, match=r"people\.csv: not a table: line 4: 3 cells, but the header has 2"):
        read_table(file)


@pytest.mark.parametrize("data", [b"", b"\n\n", b'name\n"Ann', b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", b"\x1f\x8bbroken"])
def test_what_is_no_table_is_named(tmp_path, data):
    file = tmp_path / "people.csv"
    file.write_bytes(data)
    with pytest.raises(InvalidArgument, match=r"people\.csv: not a table: .+\. Save it as CSV"):
        read_table(file)


def test_what_is_not_there_or_too_large_is_named(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "none.csv")
    with pytest.raises(InvalidArgument, match="not a table"):
        read_table(tmp_path)
    monkeypatch.setattr(table_frame, "MAX_BYTES", 1_000_000)
    file = tmp_path / "people.csv"
    file.write_bytes(b"name\n" + b"a\n" * 600_000)
    with pytest.raises(InvalidArgument, match=r"people\.csv: larger than 1 MB"):
        read_table(file)
