"""Definitions as JSON and CSV: out and back for every kind, refused by line and field, all or none or what serves."""

from __future__ import annotations

import csv
import io
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from typer.testing import CliRunner

import workbench as wb
from tests.unit.small import EXAMPLES
from workbench.cli.trackers import trackers as command
from workbench.domain.errors import InvalidTracker
from workbench.results.csv_export import guarded
from workbench.workspace.definition_cells import cell, from_row, header
from workbench.workspace.definitions import definition, listed_in_csv, table_of

KINDS = [
    {"name": "=Examples", "examples": EXAMPLES, "filters": wb.Filters(side="customer", teams=("A|B",))},
    {"name": "Words", "kind": "keyword", "words": ["price", "a|b \\ c", "+49", "größe"], "match": "exact"},
    {"name": "'=1", "kind": "phrase", "vocabulary": ["@home, is it", '"quoted"', "x" * 300], "closeness": 0.61},
    {"name": "Asked", "kind": "question", "question": "Was a discount asked for?", "details": "- one\n- two"},
    {
        "name": "Built",
        "kind": "question",
        "sections": {"who": "customer", "what": "ask_for", "topic": "a price | two"},
        "least": 0.7,
        "description": "-2+3",
    },
]


@pytest.fixture
def known(tmp_path):
    return wb.open(tmp_path / "one").trackers


@pytest.fixture
def other(tmp_path):
    return wb.open(tmp_path / "other").trackers


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return wb.open(tmp_path_factory.mktemp("empty")).trackers


def filled(known):
    for one in KINDS:
        known.create(**one)
    known.get("Words").update(exclude=["free of charge"], threshold="precision>=0.9")
    return known


def definitions(known):
    return [definition(one.spec) for one in known.list()]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_every_kind_goes_out_and_comes_back(known, other, tmp_path, form):
    file = getattr(filled(known), f"to_{form}")(tmp_path / f"all.{form}")
    brought = getattr(other, f"from_{form}")(file)
    assert definitions(other) == definitions(known)
    assert [one.state for one in brought.trackers] == ["draft"] * len(KINDS)
    assert getattr(other, f"to_{form}")() == file.read_text(encoding="utf-8")
    with pytest.raises(InvalidTracker, match=r"line \d: name: a tracker is already named"):
        getattr(other, f"from_{form}")(file)
    left = getattr(other, f"from_{form}")(file, skip=True)
    assert (len(left.trackers), len(left.refused)) == (0, len(KINDS))


def test_no_cell_begins_as_a_formula_does(known):
    filled(known).create("Odd", kind="keyword", description="a; =1", words=["x|-1", "=2", "'=3", "a;@b"])
    text = known.to_csv(bom=True).removeprefix("\ufeff")
    for separator in ",;|\t":
        rows = csv.reader(io.StringIO(text), delimiter=separator)
        assert not [one for row in rows for one in row if one.lstrip('" ').startswith(("=", "+", "-", "@"))]
    (odd,) = [one for _, one in listed_in_csv(text) if one["name"] == "Odd"]
    assert odd["settings"]["words"] == ["x|-1", "=2", "'=3", "a;@b"]
    assert odd["description"] == "a; =1"


def test_a_spreadsheet_s_cells_are_read(known):
    text = 'kind,name,words,side\r\nkeyword,One,"a|b\nc\\|d",customer\r\n,,,\r\nkeyword,Two,x,\r\n'
    made = known.from_csv(text=text).trackers
    assert [one.settings["words"] for one in made] == [["a", "b", "c|d"], ["x"]]
    assert [one.filters.side for one in made] == ["customer", "anyone"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,colour\nA,red", "line 1: column colour"),
        ("kind,words\nkeyword,a", "line 1: the column name is missing"),
        ("name,kind,words\nA,keyword,a\nB,keyword,", "line 3: words: 0"),
        (
            'name,kind,words\nA,keyword,"a\nb"\nB,oracle,x',
            "line 4: kind: must be one of example, keyword, phrase, question, not 'oracle'",
        ),
        ("name,kind,words\nA,keyword,a,b", "line 2: has 4 cells"),
        ("name,kind,vocabulary,closeness\nA,phrase,a,near", "line 2: closeness: 'near' is not a number"),
        ("name,kind,words,filters\nA,keyword,a,{", "line 2: filters: invalid JSON"),
        ("name,kind,words,side\nA,keyword,a,left", "line 2: .*side"),
        ("name,kind,words\nA,keyword,a\nA,keyword,b", "line 3: name: a tracker is already named 'A'"),
        ('name,kind,words\nA,keyword,"a', "invalid CSV"),
        ("name,kind,words,threshold\nA,keyword,a,often", "line 2: .*often"),
        ("", "line 1: the column name is missing"),
    ],
)
def test_csv_that_cannot_be_used_is_named(empty, text, told):
    with pytest.raises(InvalidTracker, match=told):
        empty.from_csv(text=text)
    assert empty.list() == []


KEYWORD = '{"name": "A", "kind": "keyword", "settings": {"words": ["a"]}}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "line 1: give a list"),
        (f'{{"trackers": [{KEYWORD}], "more": 1}}', "fields other than trackers"),
        (f"[{KEYWORD}}}", "expected ',' or ']'"),
        (f"[{KEYWORD},\n]", "line"),
        (f'[{KEYWORD},\n\n{{"name": "B", "colour": 1}}]', "line 3: colour: unknown"),
        (f"[{KEYWORD},\n5]", "line 2: give an object"),
        ('[{"name": 5}]', "line 1: name: give text"),
        ('[{"name": "A", "kind": "keyword", "settings": {"words": "a"}}]', "line 1: words: give a list"),
        ('[{"name": "A", "kind": "keyword", "settings": {"self": 1}}]', "settings.self"),
        ('[{"name": "A\\u0000", "examples": []}]', "name: contains a null"),
        ('[{"name": "A", "kind": "keyword", "settings": {"words": ["\\ud800"]}}]', "half a character"),
        ('[{"name": "A", "filters": {"side": 5}}]', "side"),
        ('[{"name": "A", "name": "B"}]', "line 1: invalid JSON: an object has a field twice"),
        ("[" * 100_000, "invalid JSON"),
    ],
)
def test_json_that_cannot_be_used_is_named(empty, text, told):
    with pytest.raises(InvalidTracker, match=told):
        empty.from_json(text=text)
    assert empty.list() == []


def test_what_serves_is_made_and_the_rest_told(known):
    brought = known.from_json(text=f'[{KEYWORD},\n{{"name": "B", "kind": "phrase"}},\n7]', skip=True)
    assert [one.name for one in brought.trackers] == ["A"]
    assert [one.line for one in brought.refused] == [2, 3]
    assert "line 2: vocabulary: 0" in str(brought)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(str.split).map(" ".join), max_size=5))
@settings(max_examples=100, deadline=None)
def test_any_list_of_texts_comes_back_from_its_cell(texts):
    texts = [one for one in texts if one]
    about = {"name": "x", "filters": {}, "settings": {"words": texts}}
    row = [str(guarded(cell(name, about))) for name in header()]
    found = from_row(header(), row)
    assert found.get("settings", {}).get("words", []) == texts


def test_from_the_command_line(known, tmp_path):
    def call(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(command, [*arguments, "-w", str(tmp_path / "one")])
        assert done.exit_code == code, done.output
        return done.stdout

    known.create(**KINDS[1])
    file = tmp_path / "some.csv"
    call("export", str(file), "Words")
    assert call("list") == "Words: keyword, draft\n"
    call("delete", "Words")
    assert "1 made, 0 left out" in call("import", str(file))
    assert json.loads(call("import", str(file), "--skip", "--json", code=1))["refused"][0]["line"] == 2
    call("export", str(tmp_path / "some.txt"), code=2)
    call("delete", "Words", "--forever")
    assert "Pain point" in call("ready-made")
    assert "publish it" in call("ready-made", "Pain point")
    assert [one["name"] for one in json.loads(call("list", "--json"))] == ["Pain point"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_numbers_that_are_none_come_in_by_no_file(known, number):
    """F16; one that an older version kept goes out as null."""
    fields = f'"filters": {{"fields": {{"x": {number}}}}}'
    for text in (
        f'[{{"name": "A", "kind": "keyword", "settings": {{"words": ["w"]}}, {fields}}}]',
        f'[{{"name": "A", "kind": "phrase", "settings": {{"vocabulary": ["a b"], "closeness": {number}}}}}]',
    ):
        with pytest.raises(InvalidTracker, match="line 1"):
            known.from_json(text=text)
    filters = f'"{{""fields"": {{""x"": {number}}}}}"'
    with pytest.raises(InvalidTracker, match="line 2: filters"):
        known.from_csv(text=f"name,kind,words,filters\nA,keyword,w,{filters}\n")
    with pytest.raises(InvalidTracker, match="line 2: closeness"):
        known.from_csv(text=f"name,kind,vocabulary,closeness\nA,phrase,a b,{number}\n")
    assert known.list() == []


def test_definitions_that_an_older_version_kept_with_nan_still_go_out_as_json(known, other, tmp_path):
    made = known.create("A", kind="keyword", words=["w"], filters=wb.Filters(fields={"x": 1, "y": 2}))
    with wb.open(tmp_path / "one").database.begin() as connection:
        stored = '{"fields": {"x": NaN, "y": %s}}' % ("9" * 400)
        connection.execute(sql("UPDATE trackers SET filters = :stored"), {"stored": stored})
    again = known.get(made.id)
    assert again.filters.fields == {"x": None, "y": None}
    text = known.to_json()
    assert json.loads(text, parse_constant=lambda name: pytest.fail(name))["trackers"][0]["filters"] == {
        "fields": {"x": None, "y": None}
    }
    assert [one.name for one in other.from_json(text=text).trackers] == ["A"]
    assert [one.name for one in other.from_csv(text=known.to_csv().replace("A,", "B,", 1)).trackers] == ["B"]


def saved_again(text, separator, first):
    """What a European spreadsheet makes of a CSV: other separators, decimal commas, capitals, empty columns."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    rows[0] = [f" {name.upper()} " if at % 2 else name.capitalize() for at, name in enumerate(rows[0])]
    rows[1:] = [[cell.replace(".", ",") if cell in ("0.61", "0.7") else cell for cell in row] for row in rows[1:]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows([*row, "", ""] for row in rows)
    return (f"sep={separator}\r\n" if first else "") + out.getvalue() + separator * 5 + "\r\n"


def test_a_file_that_a_european_spreadsheet_saved_again_gives_the_same(known, other, tmp_path):
    text, file = filled(known).to_csv(), tmp_path / "again.csv"
    before = [found for _, found in listed_in_csv(text)]
    ways = itertools.product(",;\t|", ("utf-8", "utf-8-sig", "utf-16", "cp1252"), (True, False))
    for separator, encoding, first in ways:
        file.write_bytes(saved_again(text, separator, first).encode(encoding))
        assert [found for _, found in listed_in_csv(table_of(file))] == before, (separator, encoding, first)
    file.write_bytes(saved_again(text, ";", first=True).encode("cp1252"))
    other.from_csv(file)
    assert definitions(other) == definitions(known)


@pytest.mark.parametrize(("said", "free"), [("WAHR", True), ("Faux", False), ("TRUE", True)])
def test_true_and_false_are_understood_in_the_words_of_spreadsheets(said, free):
    assert from_row(["name", "free"], ["A", said]) == {"name": "A", "settings": {"free": free}}


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", "1e3", "99999999999", "٣"])
def test_a_seed_that_is_none_is_refused_by_name(known, seed):
    with pytest.raises(InvalidTracker, match="seed: "):
        known.from_csv(text=f"name,kind,seed\nA,keyword,{seed}\n")
    with pytest.raises(InvalidTracker, match="seed: "):
        known.from_json(text=json.dumps({"trackers": [{"name": "A", "seed": seed}]}))


def test_a_seed_comes_along_and_is_another_where_none_is_given(known, other):
    made = known.create("Price", examples=EXAMPLES, seed=7)
    other.from_json(text=known.to_json())
    assert other.get("Price").spec.seed == made.spec.seed == 7
    other.from_csv(text=known.to_csv().replace("Price", "Again"))
    assert other.get("Again").spec.seed == 7
