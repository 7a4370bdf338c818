"""Rates by group: what counts where, what is corrected, what is said where it cannot be."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from tests.unit.results.sales import EXACT, call, estimate, finds, interval, small_lake
from workbench.domain.errors import WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.reach import Reach
from workbench.results.finds import Finds, FindsPart
from workbench.results.grouping import MIN_CALLS
from workbench.results.statistics import statistics

PRICE = ("cy", "the price is too high")
OTHER = ("cy", "we have two offices")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """60 calls: of Ann's, for North, two in three name a price; of Ben's, for South, one in ten."""
    calls = [call(n, [("ann", "hello"), PRICE if n % 3 else OTHER, OTHER], team="North") for n in range(30)] + [
        call(n, [("ben", "hello"), OTHER if n % 10 else PRICE, OTHER], team="South") for n in range(30, 60)
    ]
    return small_lake(tmp_path_factory.mktemp("w"), calls)


def priced(text):
    return "price" in text


def test_all_together(lake):
    (row,) = statistics(lake, finds(lake, priced)).rates.to_dict("records")
    assert (row["calls"], row["sentences"], row["found"], row["calls_found"]) == (60, 180, 23, 23)
    assert row["hours"] == pytest.approx(10)
    assert row["per_hour"] == pytest.approx(2.3)
    assert row["per_100_calls"] == pytest.approx(2300 / 60)
    assert row["share"] == pytest.approx(23 / 60)
    assert row["share_low"] < row["share"] < row["share_high"]
    for name in ("rate", "per_100_calls", "per_hour"):
        assert row[f"true_{name}"] == pytest.approx(row[name])


def test_teams_differ_and_are_told_apart(lake):
    found = statistics(lake, finds(lake, priced), "team")
    assert found.rates.set_index("team")["calls_found"].to_dict() == {"North": 20, "South": 3}
    (pair,) = found.pairs.to_dict("records")
    assert (pair["first"], pair["second"], pair["verdict"]) == ("North", "South", "higher")
    assert 0 < pair["low"] < pair["difference"] < pair["high"]


def test_months_are_not_told_apart_and_begin_on_their_first_day(lake):
    found = statistics(lake, finds(lake, priced), ["month"])
    assert found.rates["month"].tolist() == [pd.Timestamp(2026, month, 1) for month in range(1, 7)]
    assert found.rates["calls"].sum() == 60
    quarters = statistics(lake, finds(lake, priced), ("team", "quarter"))
    assert len(quarters.rates) == 4
    assert quarters.pairs["first"].str.contains("2026-0").all()
    assert len(quarters.pairs) == 4  # not North in winter with South in spring
    weeks = statistics(lake, finds(lake, priced), "week").rates["week"]
    assert (weeks.dt.day_of_week == 0).all()


def test_a_persons_rate_is_of_what_they_and_their_customers_say(tmp_path):
    both = [("ann", "our price is fair"), ("ben", "no discount"), ("cy", "the price is too high")]
    lake = small_lake(tmp_path, [call(n, both) for n in range(4)])
    anyone = statistics(lake, finds(lake, priced), "person").rates.set_index("person")
    assert anyone["found"].to_dict() == {"Ann": 8, "Ben": 4}
    company = finds(lake, priced, filters=Filters(side="company"))
    assert statistics(lake, company, "person").rates.set_index("person")["found"].to_dict() == {"Ann": 4, "Ben": 0}
    found = statistics(lake, company, "person")
    assert found.rates["sentences"].tolist() == [4, 4]


def test_people_of_one_name_are_told_apart_by_their_address(tmp_path):
    other = {"id": "x", "name": "Ann", "side": "company", "email": "ann@them.example"}
    calls = [
        call(0, [("ann", "a price")]),
        {**call(1, []), "parties": [other], "turns": [{"party": "x", "text": "hm"}]},
    ]
    lake = small_lake(tmp_path, calls)
    names = statistics(lake, finds(lake, priced), "person").rates["person"].tolist()
    assert names == ["Ann <ann@them.example>", "Ann <ann@us.example>"]


def test_only_what_was_read_counts(lake):
    some = finds(lake, priced, reach=Reach(first=10, last=40))
    assert statistics(lake, some, "team").rates["calls"].tolist() == [20, 10]
    since = pd.Timestamp("2026-04-01", tz="UTC").to_pydatetime()
    recent = finds(lake, priced, reach=Reach(first=0, last=60, upcoming=30, since=since))
    assert statistics(lake, recent, "team").rates["calls"].tolist() == [15, 30]


def test_filters_narrow_it(lake):
    found = statistics(lake, finds(lake, priced), "team", Filters(teams=("North",), side="customer"))
    assert found.rates["team"].tolist() == ["North"]
    assert found.rates["sentences"].tolist() == [60]


def test_small_groups_are_named_unless_asked_otherwise(lake):
    names = statistics(lake, finds(lake, priced, reach=Reach(first=0, last=35)), "team").rates["team"].tolist()
    assert names == ["North", "South"]
    merged = statistics(lake, finds(lake, priced, reach=Reach(first=0, last=35)), "team", least_calls=6).rates
    assert merged.set_index("team")["calls"].to_dict() == {"North": 30, "others": 5}


def test_an_error_is_taken_out_and_adds_to_the_interval(lake):
    known = estimate(interval(0.7, 0.8, 0.9), interval(0.4, 0.5, 0.6))
    exact, unsure = (statistics(lake, finds(lake, priced, known=one)).rates.iloc[0] for one in (EXACT, known))
    assert unsure["true_rate"] == pytest.approx(exact["rate"] * 0.8 / 0.5)
    assert unsure["rate_high"] - unsure["rate_low"] == pytest.approx(exact["rate_high"] - exact["rate_low"])
    assert unsure["true_rate_high"] - unsure["true_rate_low"] > exact["true_rate_high"] - exact["true_rate_low"]
    assert unsure["share"] == exact["share"]


def test_without_an_estimate_rates_are_as_found_and_a_note_says_so(lake):
    found = statistics(lake, finds(lake, priced, known=None), "team")
    assert found.rates["true_rate"].isna().all()
    assert found.rates["rate"].notna().all()
    assert any("not corrected" in note for note in found.notes)
    assert found.pairs["verdict"].tolist() == ["higher"]


def test_a_corpus_without_calls(tmp_path):
    lake = small_lake(tmp_path, [])
    nothing = pa.array([], pa.string()), pa.array([], pa.float64())
    part = FindsPart(filters=Filters(), reach=Reach(first=0, last=0), ids=nothing[0], scores=nothing[1])
    empty = Finds(tracker_id="x", name="X", parts=(part,))
    for by in ((), "team", "person", "month"):
        found = statistics(lake, empty, by)
        assert found.rates.empty
        assert found.pairs.empty


def test_calls_of_unknown_date_and_team_are_kept_together(tmp_path):
    lake = small_lake(tmp_path, [call(0, [PRICE], started=None, team=None), call(1, [OTHER], team="North")])
    by_month = statistics(lake, finds(lake, priced), "month").rates
    assert by_month["calls"].sum() == 2
    assert by_month["month"].isna().sum() == 1
    teams = statistics(lake, finds(lake, priced), "team")
    assert teams.rates["team"].isna().sum() == 1
    assert teams.is_named.tolist() == [True, False]


def test_what_has_no_team_and_groups_of_few_calls_are_compared_with_none(tmp_path):
    """One call of one sentence, for no team, was once said to name prices more often than every team."""
    calls = [
        *(call(n, [("ann", "hello"), OTHER, OTHER], team="North") for n in range(MIN_CALLS)),
        *(call(n, [("ben", "hello"), PRICE, OTHER], team="South") for n in range(50, 50 + MIN_CALLS)),
        *(call(n, [PRICE], team="East") for n in range(100, 99 + MIN_CALLS)),
        *(call(n, [PRICE], team=None) for n in range(200, 250)),
    ]
    lake = small_lake(tmp_path, calls)
    found = statistics(lake, finds(lake, priced), "team")
    assert len(found.rates) == 4
    assert [(row["first"], row["second"]) for row in found.pairs.to_dict("records")] == [("North", "South")]
    few = statistics(lake, finds(lake, priced), "team", Filters(teams=("North", "East")))
    assert few.pairs.empty


@pytest.mark.parametrize("by", ["side", ["team", "colour"], ["team", "team"]])
def test_what_cannot_be_grouped_by_is_told(lake, by):
    with pytest.raises(WorkbenchError, match="by:"):
        statistics(lake, finds(lake, priced), by)
