import json

import pytest

from tests.unit.small import ROOT
from workbench.corpus.formats.makers.json_mapping import JsonMapping
from workbench.corpus.formats.mapping_choices import mapping_choices
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.tables.mapped import MappedTable, records_of
from workbench.corpus.reading import ReadOptions, read_all

DATA = ROOT / "tests/data/formats"


def texts(path, mapping):
    return [
        turn.text
        for one in read_all(path, options=ReadOptions(mapping=mapping))
        for turn in one.found.conversation.turns
    ]


def test_json_offers_its_lists_with_their_keys_and_examples(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"a": [{"b": [{"k": "x" * 500, "n": 1}]}, {"b": [{"k": "y"}]}], "c": 3}))
    found = mapping_choices(file)
    assert {one.path: one.entries for one in found.lists} == {("a",): 2, ("a", "*", "b"): 2}
    keys = next(one for one in found.lists if len(one.path) == 3).keys
    assert [one.key for one in keys] == ["k", "n"]
    assert len(keys[0].example) < 100
    assert not found.is_table


@pytest.mark.parametrize("name", ["turns_ms.tsv", "turns_xlsx.xlsx", "turns_parquet.parquet", "turns_interlocutor.csv"])
def test_tables_propose_columns_that_read_what_is_read_without(name):
    found = mapping_choices(DATA / name)
    assert found.is_table
    assert found.proposed
    plain = [turn.text for one in read_all(DATA / name) for turn in one.found.conversation.turns]
    assert sorted(texts(DATA / name, found.proposed)) == sorted(plain)


@pytest.mark.parametrize(("separator", "suffix"), [(",", "csv"), (";", "csv"), ("\t", "tsv"), ("|", "txt")])
def test_a_table_without_a_known_column_is_read_by_a_mapping(tmp_path, separator, suffix):
    file = tmp_path / f"t.{suffix}"
    rows = [["q1", "q2"], ["Ann", "Good morning"], ["Bob", "Hello there"]]
    file.write_text("\n".join(separator.join(one) for one in rows))
    found = mapping_choices(file)
    assert [one.key for one in found.lists[0].keys] == ["q1", "q2"]
    assert texts(file, JsonMapping(text="q2", speaker="q1")) == ["Good morning", "Hello there"]
    assert MappedTable(JsonMapping(text="q2")).recognises(Opened(file))
    assert not MappedTable(JsonMapping(("x",))).recognises(Opened(file))


@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2", b"{", b"[1, 2]", b"PK\3\4 no archive", b"PAR1 no parquet", b"just a line"]
)
@pytest.mark.parametrize("suffix", ["json", "csv", "xlsx", "parquet", "bin"])
def test_what_offers_nothing_to_choose_gives_none_and_never_raises(tmp_path, content, suffix):
    file = tmp_path / f"x.{suffix}"
    file.write_bytes(content)
    assert mapping_choices(file) is None


def test_rows_are_records_by_the_names_of_columns(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("a,b\n1,2\n")
    assert records_of(Opened(file)) == [{"a": "1", "b": "2"}]
