"""Exports of Salesforce and HubSpot, as they come: matched by id, by e-mail and time, by account and day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from workbench.corpus.enriching import EnrichOptions, enrich
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters

ANY = Filters(scope="any")
ID_15, ID_18 = "00T5e00000AbCdE", "00T5e00000AbCdEEAV"


def call(name, started, account=None, email=None, **more):
    parties = [{"id": "rep", "side": "company", "email": "rep@us.example"}]
    parties += [{"id": "them", "side": "customer", "email": email}] if email else []
    turns = [{"text": "Hello.", "party": "rep"}]
    return {"id": name, "started": started, "account": account, "parties": parties, "turns": turns, **more}


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "corpus")
    ingest(
        lake,
        [
            call(ID_18, "2026-03-02T09:00:00Z", "Acme GmbH", "Ann@Acme.example"),
            call("b", "2026-03-02T14:00:00Z", "Blue Ltd", "bob@blue.example"),
            call("c1", "2026-03-03T10:00:00Z", "Coral", "cy@coral.example", deal={"id": "0065e00000XyZaB"}),
            call("c2", "2026-03-03T16:00:00Z", "Coral", "cy@coral.example", deal={"id": "0065e00000XyZaB"}),
            call("none", None, "Acme GmbH", "ann@acme.example"),
        ],
    )
    return lake


def rows(lake):
    return lake.conversations(ANY).set_index("id").to_dict("index")


def given(tmp_path, text, name="export.csv", encoding="utf-8"):
    file = tmp_path / name
    file.write_bytes(text.encode(encoding))
    return file


SALESFORCE_TASKS = f"""Activity ID,Subject,Date,Company / Account,Opportunity,Stage,Call Duration,Contact Email
{ID_15},Call,3/2/2026,Acme GmbH,Acme renewal,Negotiation,300,ann@acme.example
00T5e00000ZZZZZ,Call,3/2/2026,blue  LTD,Blue first,Demo,60,
00T5e00000YYYYY,Call,3/3/2026,Coral,Coral,Demo,60,
00T5e00000XXXXX,Call,3/14/2026,Nobody,Nobody,Demo,60,
Confidential Information - Do Not Distribute
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"""


def test_a_report_of_tasks_from_salesforce(lake, tmp_path):
    report = enrich(lake, given(tmp_path, SALESFORCE_TASKS, encoding="cp1252"))
    assert report.matched == {"id": 1, "account and day": 1}
    assert report.changed == 2
    (coral,) = report.ambiguous
    assert (coral.line, coral.rivals) == (4, ("c1", "c2"))
    assert "several calls match: c1, c2" in coral.reason
    (nobody,) = report.unmatched
    assert nobody.line == 5
    assert "no conversation has this id" in nobody.reason
    assert "no other call with this account on that day" in nobody.reason
    found = rows(lake)
    assert found[ID_18]["deal_stage"] == "Negotiation"
    assert found["b"]["deal_id"] == "Blue first"
    assert found["b"]["account"] == "Blue Ltd"  # matched by it, and so it stays as it is
    assert "2 lines below the table were left out" in report.notes
    assert report.columns["id"] == ("Activity ID",)
    assert report.columns["account"] == ("Company / Account",)


def test_calls_of_hubspot_by_address_and_time(lake, tmp_path):
    text = (
        "Record ID;Call Title;Activity date;Associated Contact;Call outcome;Associated Deal\n"
        "501;x;2026-03-02 09:04;Ann (ann@acme.example);Connected;Acme renewal\n"
        "502;x;2026-03-03 12:00;cy@coral.example;Connected;\n"
        "503;x;2026-03-02 14:00;rep@us.example, bob@blue.example;No answer;\n"
    )
    report = enrich(lake, given(tmp_path, f"sep=;\n{text}"))
    assert report.matched == {"e-mail and time": 2}
    (row,) = report.unmatched
    assert (row.line, "within 15 minutes" in row.reason) == (4, True)
    assert rows(lake)["b"]["fields"].count("No answer") == 1
    assert pd.isna(rows(lake)["none"]["deal_id"])


def test_deals_are_about_all_their_calls(lake, tmp_path):
    text = (
        "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date\n"
        '0065e00000XyZaBAAV,Coral,Coral,Closed Won,"$12,500.00",3/31/2026\n'
        "0065e00000Nobody,x,y,Demo,1,3/31/2026\n"
    )
    report = enrich(lake, given(tmp_path, text))
    found = rows(lake)
    for name in ("c1", "c2"):
        assert (found[name]["deal_stage"], found[name]["deal_outcome"], found[name]["deal_amount"]) == (
            "Closed Won",
            "won",
            12_500,
        )
    assert report.matched == {"deal": 1}
    assert "no call belongs to this deal" in report.unmatched[0].reason
    deals = "Record ID,Deal Name,Deal Stage,Pipeline\n0065e00000XyZaB,Coral,closedlost,Sales\n"
    assert enrich(lake, given(tmp_path, deals)).matched == {"deal": 1}
    assert rows(lake)["c2"]["deal_outcome"] == "lost"


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "tsv", "frame"])
def test_any_kind_of_table_gives_the_same(lake, tmp_path, kind):
    frame = pd.DataFrame(
        {
            "E-mail": ["ann@acme.example", "bob@blue.example", None],
            "Call date": [datetime(2026, 3, 2, 9, 5), datetime(2026, 3, 2, 14, 1), None],  # noqa: DTZ001, as exported
            "Stage": ["Demo", "Offer", "Lost"],
            "Deal ID": ["d1", "d2", "d3"],
        }
    )
    source = frame
    if kind == "xlsx":
        source = tmp_path / "a.xlsx"
        frame.to_excel(source, index=False, startrow=3)
    elif kind == "parquet":
        source = tmp_path / "a.parquet"
        frame.to_parquet(source)
    elif kind == "tsv":
        source = given(tmp_path, frame.to_csv(index=False, sep="\t"), "a.tsv", "utf-16")
    report = enrich(lake, source)
    assert report.matched == {"e-mail and time": 2}
    assert rows(lake)["b"]["deal_stage"] == "Offer"
    assert [one.reason for one in report.unmatched] == ["has no time"]


def test_proposed_columns_can_be_changed(lake, tmp_path):
    file = given(tmp_path, "Firma,Wann,Stage,Deal,Note\nBlue Ltd,02.03.2026,Demo,d,x\n")
    with pytest.raises(InvalidArgument, match="say with columns"):
        enrich(lake, file)
    report = enrich(lake, file, EnrichOptions(columns={"time": "wann", "leave_out": ["Note"], "deal_stage": None}))
    assert report.matched == {"account and day": 1}
    row = rows(lake)["b"]
    assert pd.isna(row["deal_stage"])
    assert row["fields"] == '{"Stage": "Demo"}'
    for columns, said in (({"when": "Wann"}, "is not one of"), ({"time": "Nie"}, "there is no column 'Nie'"),
                          ({"time": ["Wann", "Note"]}, "one column only")):  # fmt: skip
        with pytest.raises(InvalidArgument, match=said):
            enrich(lake, file, EnrichOptions(columns=columns))


def test_a_dry_run_sets_nothing(lake, tmp_path):
    report = enrich(lake, given(tmp_path, SALESFORCE_TASKS), EnrichOptions(dry_run=True))
    assert (report.changed, sum(report.matched.values())) == (0, 2)
    assert pd.isna(rows(lake)["b"]["deal_stage"])
    assert "nothing was set" in str(report)


def test_times_and_days_are_those_of_the_zone(lake, tmp_path):
    file = given(tmp_path, "Email,Call date,Plan\nann@acme.example,2026-03-02 10:00,x\n")
    assert enrich(lake, file).matched == {}
    assert enrich(lake, file, zone=ZoneInfo("Europe/Berlin")).matched == {"e-mail and time": 1}
    late = given(tmp_path, "Account,Date,Plan\nCoral,2026-03-04,x\n")
    assert enrich(lake, late, zone=ZoneInfo("Pacific/Auckland")).matched == {"account and day": 1}  # c2 is at 5 there


def test_the_order_of_day_and_month_is_never_guessed(lake, tmp_path):
    file = given(tmp_path, "Account,Date,Plan\nBlue Ltd,2/3/2026,x\n")
    assert "may begin with day or month" in enrich(lake, file).unmatched[0].reason
    assert enrich(lake, file, EnrichOptions(day_first=True)).matched == {"account and day": 1}


def test_two_rows_of_one_call_are_ambiguous(lake, tmp_path):
    text = "Email,Call time,Plan\nbob@blue.example,2026-03-02 14:01,x\nbob@blue.example,2026-03-02 13:59,y\n"
    report = enrich(lake, given(tmp_path, text))
    assert [one.rivals for one in report.ambiguous] == [("b",), ("b",)]
    assert report.changed == 0
    nearer = text.replace("13:59", "13:50")
    report = enrich(lake, given(tmp_path, nearer))
    assert (report.matched, report.unmatched[0].line) == ({"e-mail and time": 1}, 3)


def test_a_tolerance_is_stated_and_may_be_changed(lake, tmp_path):
    file = given(tmp_path, "Email,Call time,Plan\nbob@blue.example,2026-03-02 14:20,x\n")
    assert not enrich(lake, file).matched
    report = enrich(lake, file, EnrichOptions(tolerance_minutes=30))
    assert report.matched == {"e-mail and time": 1}
    assert any("30 minutes" in one for one in report.notes)
    with pytest.raises(InvalidArgument, match="tolerance_minutes"):
        enrich(lake, file, EnrichOptions(tolerance_minutes=-1))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "in an old format"), ("a.xls", b"<html><table></table>", "web page")],
)
def test_files_that_only_look_like_workbooks_are_refused(lake, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidArgument, match=said):
        enrich(lake, tmp_path / name)


def test_ids_that_a_spreadsheet_has_cut_are_told(lake, tmp_path):
    report = enrich(lake, given(tmp_path, "Call ID,Plan\n1.23E+18,x\n"))
    assert "was cut by a spreadsheet" in report.rejected[0].reason


def test_a_long_report_stays_short_on_the_screen(lake, tmp_path):
    lines = "".join(f"x{n},p\n" for n in range(500))
    report = enrich(lake, given(tmp_path, f"Call ID,Plan\n{lines}"))
    assert len(report.unmatched) == len(report.unknown) == 500
    assert len(str(report).splitlines()) < 40


def test_one_pair_at_most_is_made_of_a_row_and_a_call(tmp_path):
    """Each row, a few minutes late, gets its own call among calls a quarter of an hour apart."""
    lake = Lake(tmp_path / "many")
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ingest(
        lake, [call(f"c{n}", (start + timedelta(minutes=15 * n)).isoformat(), email="a@x.example") for n in range(8)]
    )
    late = [(start + timedelta(minutes=15 * n + 3)).isoformat() for n in range(8)]
    frame = pd.DataFrame({"email": ["a@x.example"] * 8, "call time": late, "n": range(8)})
    assert enrich(lake, frame).matched == {"e-mail and time": 8}
    assert {name: row["fields"] for name, row in rows(lake).items()} == {
        f"c{n}": f'{{"call time": "{late[n]}", "n": {n}}}' for n in range(8)
    }
