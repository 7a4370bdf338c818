"""Filters hold only what JSON and databases can keep (F16)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from workbench.domain import plain_json
from workbench.domain.errors import InvalidFilters
from workbench.domain.filters import Filters, PartOfCall


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, -(2**63) - 1, [1], {"a": 1}, object(), 1j])
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
