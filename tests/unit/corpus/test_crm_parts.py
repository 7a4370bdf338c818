"""The parts of reading CRM exports, each alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.crm.call_keys import CallKeys
from workbench.corpus.crm.crm_columns import chosen_columns, folded, known_names
from workbench.corpus.crm.crm_rows import RowReader
from workbench.corpus.crm.matching import MARGIN, TOLERANCE, RowKeys, RowMatching, told_tolerance
from workbench.corpus.crm.record_ids import forms_of
from workbench.corpus.crm.table_files import GivenTable, table_in
from workbench.corpus.crm.table_values import addresses_in, amount_of, are_days, time_in, typed, why_no_time

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = frozenset(("ann@x.example",))


@pytest.mark.parametrize(
    ("header", "use", "column"),
    [
        ("Opportunity ID,Opportunity Name,Stage,Close Date,Amount", "deal_id", "Opportunity ID"),
        ("Opportunity Name,Account Name,Stage,Close Date,Last Activity", "deal_id", "Opportunity Name"),
        ("Opportunity Name,Account Name,Stage,Close Date,Last Activity", "time", "Last Activity"),
        ("Activity ID,Subject,Date,Company / Account", "account", "Company / Account"),
        ("Activity ID,Subject,Date,Due Date,Created Date", "time", "Date"),
        ("Record ID,Deal Name,Deal Stage,Amount,Pipeline", "deal_id", "Record ID"),
        ("Record ID,Call Title,Activity date,Call duration", "id", "Record ID"),
        ("Record ID,Call Title,Activity date,Associated Company", "account", "Associated Company"),
        ("Start,End,Subject,Contact Email", "email", "Contact Email"),
        ("AccountId,CallObject,ActivityDate,StageName", "id", "CallObject"),
        ("AccountId,CallObject,ActivityDate,StageName", "deal_stage", "StageName"),
    ],
)
def test_a_column_is_proposed_by_its_name(header, use, column):
    assert chosen_columns(header.split(","), {}).first(use) == column


def test_names_are_compared_without_signs_and_case():
    assert folded("Company / Account") == folded("company_account") == "companyaccount"
    assert known_names(["Deal Stage", "x", None, 5, "E-mail"]) == 2


def test_a_record_has_an_id_of_15_and_one_of_18_characters():
    short, whole = "00530000003xqAb", forms_of("00530000003xqAb")[1]
    assert whole.startswith(short)
    assert len(whole) == 18
    assert forms_of(whole) == (whole, short)
    assert forms_of(short + "ZZZ") == (short + "ZZZ",)
    assert forms_of("call-7") == ("call-7",)


@given(st.from_regex(r"00[0-9A-Za-z]{13}", fullmatch=True))
def test_both_forms_of_an_id_mean_the_same(short):
    assert set(forms_of(forms_of(short)[1])) == set(forms_of(short))


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("$1,200.00", 1200),
        ("1.200,50 EUR", 1200.5),
        ("1,200", 1200),
        ("12", 12),
        ("1,5", 1.5),
        ("soon", "soon"),
        (7, 7),
    ],
)
def test_amounts_are_read_as_they_are_written(cell, amount):
    assert amount_of(cell) == amount


def test_a_column_of_numbers_is_one_of_numbers():
    assert typed(["1", "", "2.5"]) == [1, None, 2.5]
    assert typed(["001", "2"]) == ["001", "2"]
    assert typed(["true", "FALSE"]) == [True, False]
    assert typed(["1", 2]) == ["1", 2]


def test_addresses_are_found_wherever_they_stand():
    assert addresses_in("Ann (Ann@X.example); bob@y.example") == {"ann@x.example", "bob@y.example"}
    assert addresses_in("@" * 50_000) == addresses_in(None) == set()


def test_a_time_is_a_moment_or_a_day():
    assert time_in("2026-03-02", None, UTC, days_only=False) == (START.replace(hour=0), True)
    assert time_in("3/2/2026 9:00 AM", False, UTC, days_only=False) == (START, False)
    assert time_in("3/2/2026", None, UTC, days_only=False) is None
    assert "day or month" in why_no_time("3/2/2026", None)
    assert are_days([START.replace(hour=0), None])
    assert not are_days([START])


def calls(*minutes):
    return [CallKeys(f"c{at}", START + timedelta(minutes=at), "acme", (), ANN) for at in minutes]


def matched(rows, held):
    matching = RowMatching([RowKeys(addresses=ANN, moment=START + timedelta(minutes=at)) for at in rows])
    matching.by_keys(held)
    return [one.ids or one.rivals for one in matching.found], [bool(one.rivals) for one in matching.found]


@given(st.lists(st.integers(0, 300), max_size=12), st.lists(st.integers(0, 300), max_size=12, unique=True))
def test_no_call_is_given_to_two_rows_and_none_beyond_the_tolerance(rows, starts):
    found, ambiguous = matched(rows, calls(*starts))
    sure = [(ids[0], row) for ids, row, doubt in zip(found, rows, ambiguous, strict=True) if ids and not doubt]
    taken = {id_ for id_, _ in sure}
    doubted = {id_ for ids, doubt in zip(found, ambiguous, strict=True) if doubt for id_ in ids}
    assert len(taken) == len(sure)
    assert not taken & doubted
    for id_, row in sure:
        distance = abs(int(id_[1:]) - row)
        assert distance <= TOLERANCE / timedelta(minutes=1)
        free = [abs(one - row) for one in starts if f"c{one}" not in taken | doubted]
        assert all(one - distance >= MARGIN / timedelta(minutes=1) or distance == 0 for one in free)


def test_one_in_the_middle_of_two_is_ambiguous():
    assert matched([5], calls(0, 10)) == ([("c0", "c10")], [True])
    assert matched([0, 10], calls(0, 10)) == ([("c0",), ("c10",)], [False, False])
    assert told_tolerance(TOLERANCE) == "15 minutes"


def test_rows_hold_what_they_are_found_by_and_what_they_give():
    header = ["Email", "Call date", "Stage", "Plan"]
    table = GivenTable(header, [("Ann@X.example", "2026-03-02 09:00", "Closed Won", "xl")], ["line 2"], [2])
    (row,) = RowReader(table, chosen_columns(header, {}), UTC, None).rows()
    assert (row.keys.addresses, row.keys.moment, row.keys.is_day) == (ANN, START, False)
    assert row.values["deal"] == {"stage": "Closed Won", "outcome": "won"}
    assert row.values["fields"]["Plan"] == "xl"


def test_a_table_below_a_title_is_read_with_its_lines(tmp_path):
    file = tmp_path / "report.csv"
    file.write_text("My report\n\nCall ID|Stage|Stage\nc1|Demo|x\nTotal||\n")
    table = table_in(file)
    assert (table.header, table.labels, table.lines) == (["Call ID", "Stage", "Stage 2"], ["line 4"], [4])
