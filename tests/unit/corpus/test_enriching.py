"""Values for calls that are there, from tables as people have them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.corpus.enriching import enrich
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters

ANY = Filters(scope="any")


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "corpus")
    ingest(lake, [{"id": name, "turns": [{"text": "Hello."}]} for name in ("1001", "1002", "c")])
    return lake


def rows(lake: Lake) -> dict[str, dict]:
    return lake.conversations(ANY).set_index("id").to_dict("index")


def test_a_csv_as_people_have_it(lake, tmp_path):
    """With a byte order mark, semicolons, ids of digits, empty cells and columns of any name."""
    file = tmp_path / "calls.csv"
    head = "Call ID;Stage;Outcome;deal id;Account;Plan;seats"
    lines = [head, "1001;Negotiation;WON;d1;Acme GmbH;xl;3", "1002;;;;;;", "9;a;won;d;b;;", ""]
    file.write_bytes("\n".join(lines).encode("utf-8-sig"))
    report = enrich(lake, file)
    assert (report.changed, report.unchanged, report.unknown, report.rejected) == (1, 1, ("9",), ())
    assert str(report).splitlines()[0] == "1 changed, 1 unchanged, 1 not in the workspace, 0 rejected"
    row = rows(lake)["1001"]
    assert (row["deal_id"], row["deal_stage"], row["deal_outcome"], row["account"]) == (
        "d1",
        "Negotiation",
        "won",
        "Acme GmbH",
    )
    assert row["fields"] == '{"Plan": "xl", "seats": 3}'
    assert enrich(lake, file).changed == 0


def test_frames_mappings_and_values_of_pandas(lake):
    frame = pd.DataFrame(
        {"id": [1001, 1002, None], "team": ["North ", np.nan, "x"], "won": [True, pd.NA, False], "amount": [1.5, 2, 3]}
    ).assign(deal=["d1", "d2", "d3"])
    report = enrich(lake, frame)
    assert (report.changed, len(report.rejected)) == (2, 1)
    assert "row 2" in str(report)
    assert rows(lake)["1001"]["team"] == "North"
    assert rows(lake)["1002"]["deal_amount"] == 2
    assert enrich(lake, frame.dropna(subset="id").set_index("id")).unchanged == 2
    assert enrich(lake, {"c": {"deal": {"id": "d9", "stage": "won"}, "fields": {"a": 1}}}).changed == 1
    assert rows(lake)["c"]["deal_stage"] == "won"
    assert enrich(lake, {"c": {"stage": "lost", "title": None}}).changed == 1
    assert rows(lake)["c"]["deal_id"] == "d9"


def test_a_later_row_of_one_call_adds_to_the_first(lake):
    frame = pd.DataFrame({"id": ["c", "c"], "account": ["A", None], "region": [None, "south"]})
    assert enrich(lake, frame).changed == 1
    assert (rows(lake)["c"]["account"], rows(lake)["c"]["fields"]) == ("A", '{"region": "south"}')


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"stage": "won"}, "deal.id: missing"),
        ({"deal": "d", "outcome": "perhaps"}, "outcome"),
        ({"started": "yesterday"}, "started: must be a date and time"),
        ({"direction": "sideways"}, "direction"),
        ({"account": "x" * 3_000}, "account"),
        ({"region": float("inf")}, "region"),
    ],
)
def test_what_cannot_be_taken_is_named_and_the_rest_is_set(lake, values, said):
    report = enrich(lake, {"c": values, "1001": {"team": "North"}})
    assert (report.changed, len(report.rejected)) == (1, 1)
    assert said in str(report.rejected[0])
    assert "'c'" in str(report.rejected[0])


@pytest.mark.parametrize(
    ("columns", "said"), [({"team": ["x"]}, "conversation_id"), ({"id": ["c"], "text": ["x"]}, "text")]
)
def test_tables_that_cannot_be_meant_are_refused(lake, columns, said):
    with pytest.raises(InvalidArgument, match=said):
        enrich(lake, pd.DataFrame(columns))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\x00\x01"])
def test_files_that_are_no_tables_are_refused(lake, tmp_path, content):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(InvalidArgument, match=r"x\.csv|column"):
        enrich(lake, tmp_path / "x.csv")
    with pytest.raises(FileNotFoundError):
        enrich(lake, tmp_path / "y.csv")
