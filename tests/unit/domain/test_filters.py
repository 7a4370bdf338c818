"""Filters hold only what JSON and databases can keep (F16)."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from workbench.corpus.admission import admissions
from workbench.corpus.filters_sql import Condition, condition_of
from workbench.dashboards.words import filters_in_words
from workbench.domain import plain_json
from workbench.domain.conversations import Conversation
from workbench.domain.errors import InvalidFilters
from workbench.domain.filters import Filters, PartOfCall, StoredFilters


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 10**400, -(2**63) - 1, [[1]], [{}], {"a": 1}, object(), 1j]
)
def test_a_fields_value_that_cannot_be_kept_is_refused_by_its_name(value):
    with pytest.raises(InvalidFilters, match=r"fields\.size: give a text, a finite number") as refused:
        Filters(fields={"size": value})
    assert len(str(refused.value)) < 120


def test_numbers_of_numpy_are_kept_as_pythons():
    filters = Filters(fields={"a": np.int64(3), "b": np.float32(0.5), "c": True, "d": None, "e": "NaN"})
    assert plain_json.dumps(filters.to_dict()["fields"]) == '{"a": 3, "b": 0.5, "c": true, "d": null, "e": "NaN"}'
    assert Filters.from_dict(filters.to_dict()) == filters


@pytest.mark.parametrize("amount", [math.nan, math.inf, -1, 0, 10**400])
@pytest.mark.parametrize("unit", ["minutes", "percent"])
def test_a_part_of_a_call_is_a_finite_one(amount, unit):
    with pytest.raises(InvalidFilters, match=r"part\.amount"):
        PartOfCall(where="first", amount=amount, unit=unit)


@pytest.mark.parametrize("several", [list, tuple, set])
def test_a_field_takes_several_values_once_each(several):
    filters = Filters(fields={"a": several(["north", "south"]), "b": several(["x"]), "c": several([]), "d": "y"})
    assert set(filters.fields["a"]) == {"north", "south"}
    assert (filters.fields["b"], filters.fields["d"], "c" in filters.fields) == ("x", "y", False)
    mixed = Filters(fields={"a": [1, True, 1, 1.0, "1", None, None]})
    assert [type(one) for one in mixed.fields["a"]] == [float, bool, str, type(None)]
    for one in (filters, mixed):
        assert Filters.from_dict(plain_json.loads(plain_json.dumps(one.to_dict()))) == one


DAY = datetime(2026, 3, 31, tzinfo=UTC)
NAIVE = DAY.replace(tzinfo=None)
CONTRADICTING = [
    ({"started_from": DAY, "started_before": DAY}, "started_from and started_before: nothing starts"),
    ({"started_from": DAY, "started_before": DAY - timedelta(days=1)}, "give a later started_before"),
    ({"started_from": NAIVE, "started_before": NAIVE}, "give a later started_before"),
    ({"started_from": NAIVE, "started_before": DAY - timedelta(days=1)}, "give a later started_before"),
    ({"started_from": "2026-04-01", "started_before": "2026-03-01"}, "give a later started_before"),
    ({"scope": "internal", "side": "customer"}, "scope and side: internal calls have no customers"),
]


@pytest.mark.parametrize(("given", "reason"), CONTRADICTING)
def test_filters_that_can_never_hold_together_say_so_and_what_to_do(given, reason):
    with pytest.raises(InvalidFilters, match=reason):
        Filters(**given)
    with pytest.raises(InvalidFilters, match=reason):
        Filters.from_dict(given)


@pytest.mark.parametrize(("given", "reason"), CONTRADICTING)
def test_those_of_earlier_versions_are_read_and_say_that_nothing_passes(given, reason):
    kept = Filters.stored(Filters().to_dict() | StoredFilters(**given).to_dict())
    assert reason in kept.contradiction
    assert replace(kept, title="x").contradiction == kept.contradiction
    assert condition_of(kept) == Condition("false")
    assert "Nothing can match: " in filters_in_words(kept)
    (admission,) = admissions(Conversation(id="a", turns=(), scope="internal", started=DAY), [kept])
    assert not admission.passes("customer", 0.0)


@pytest.mark.parametrize(
    "given",
    [
        {"scope": "internal", "side": "company"},
        {"scope": "any", "side": "customer"},
        {"started_from": DAY, "started_before": DAY + timedelta(microseconds=1)},
        {"started_from": NAIVE, "started_before": DAY},  # by the zone of the one that says none
        {"started_before": DAY},
    ],
)
def test_filters_that_may_hold_together_are_taken(given):
    filters = Filters(**given)
    assert filters.contradiction == ""
    found = Filters.stored(filters.to_dict())
    assert (type(found), found) == (Filters, filters)
