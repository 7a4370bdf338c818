"""A deal's calls in time, what was found in each, and what was not looked at."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.unit.results.sales import call, finds, small_lake
from workbench.domain.filters import Filters
from workbench.domain.reach import Reach
from workbench.results.deals import DealNotFound, deal, deals

BIG = {"id": "D1", "stage": "Demo", "amount": 100.0, "outcome": "open"}


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    calls = [
        call(5, [("ann", "hi"), ("cy", "the price")], deal={**BIG, "stage": "Offer"}, account="Acme"),
        call(1, [("ann", "our price"), ("cy", "fine")], deal=BIG, account="Acme"),
        call(2, [("cy", "no")], deal=BIG | {"stage": None}, started=None),
        call(3, [("cy", "a price")], deal={"id": "D2"}),
        call(4, [("cy", "a price")]),
    ]
    return small_lake(tmp_path_factory.mktemp("w"), calls)


def priced(text):
    return "price" in text


def test_calls_come_in_time_with_what_was_found(lake):
    price, customer = finds(lake, priced), finds(lake, priced, "Customer", Filters(side="customer"))
    found = deal(lake, "D1", [price, customer])
    assert found.calls["conversation_id"].tolist() == ["c1", "c5", "c2"]
    assert found.calls["Price"].tolist() == [1, 1, 0]
    assert found.calls["Customer"].tolist() == [0, 1, 0]
    assert list(zip(found.found["conversation_id"], found.found["tracker"], strict=True)) == [
        ("c1", "Price"),
        ("c5", "Price"),
        ("c5", "Customer"),
    ]
    assert (found.account, found.stage, found.amount, found.outcome) == ("Acme", "Offer", 100.0, "open")
    assert (found.first.month, found.last.month) == (2, 6)


def test_a_call_that_was_not_read_is_missing_and_not_zero(lake):
    found = deal(lake, "D1", [finds(lake, priced, reach=Reach(first=0, last=1))])
    assert found.calls["Price"].isna().tolist() == [True, False, True]


def test_a_deal_without_trackers_and_one_that_is_not_there(lake):
    found = deal(lake, "D2", [])
    assert found.found.empty
    assert len(found.calls) == 1
    with pytest.raises(DealNotFound, match="D3"):
        deal(lake, "D3", [])


def test_all_deals_newest_first(lake):
    table = deals(lake)
    assert table["deal"].tolist() == ["D1", "D2"]
    assert table["calls"].tolist() == [3, 1]
    assert table["stage"].tolist()[0] == "Offer"
    assert pd.isna(table["amount"][1])


def told(tmp_path, *calls):
    """Stage, amount, outcome and account of a deal, as both ways give them."""
    lake = small_lake(tmp_path, [call(1, [("cy", "hi")], **one) | {"id": str(n)} for n, one in enumerate(calls)])
    found, row = deal(lake, "D", []), deals(lake).iloc[0]
    names = ("stage", "amount", "outcome", "account")
    one = tuple(getattr(found, name) for name in names)
    assert tuple(None if pd.isna(row[name]) else row[name] for name in names) == one
    return one


def of(month, account="Acme", **known):
    return {"started": month and f"2026-{month:02}-01T00:00:00Z", "deal": {"id": "D", **known}, "account": account}


def test_a_call_without_a_date_is_not_the_newest(tmp_path):
    dated = of(2, stage="closed", amount=200.0, outcome="won")
    for at, calls in enumerate([(dated, of(None, stage="prospect")), (of(None, stage="prospect"), dated)]):
        assert told(tmp_path / str(at), *calls) == ("closed", 200.0, "won", "Acme")


def test_where_no_call_has_a_date_the_one_that_came_last_counts(tmp_path):
    assert told(tmp_path, of(None, stage="a", amount=1.0), of(None, stage="b", amount=2.0)) == ("b", 2.0, None, "Acme")


def test_an_undated_call_counts_where_no_dated_one_tells_anything(tmp_path):
    assert told(tmp_path, of(None, stage="a"), of(2, account="Other")) == ("a", None, None, "Other")


def test_values_of_several_calls_are_not_mixed(tmp_path):
    """Won, and yet a prospect again: the newest call says the one, an older one the other."""
    lost = of(2, stage="closed", amount=200.0, outcome="lost")
    assert told(tmp_path, of(3, account=None, stage="prospect"), lost) == ("prospect", None, None, "Acme")
    assert told(tmp_path / "b", lost, of(3), of(4)) == ("closed", 200.0, "lost", "Acme")


def test_a_corpus_without_deals(tmp_path):
    assert deals(small_lake(tmp_path, [call(1, [("cy", "hi")])])).empty
