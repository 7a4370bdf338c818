"""Filters of requests hold further fields' numbers exactly (item 17)."""

from __future__ import annotations

import json

import pytest
from pydantic import TypeAdapter

from workbench.domain.conversations import FieldValue
from workbench.server.models.filters import FilterQuery, FiltersBody

NUMBERS = [0, -7, 2**53, 2**53 + 1, 2**63 - 1, -(2**63) + 1, 1.5, 1e300]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_read_as_it_is_written(number):
    body = FiltersBody.model_validate_json(json.dumps({"fields": {"crm": number}}))
    query = FilterQuery(field=[f"crm:{json.dumps(number)}"])
    for filters in (body.to_filters(), query.to_filters()):
        assert filters.fields["crm"] == number
        assert type(filters.fields["crm"]) is type(number)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_written_as_it_is(number):
    views = TypeAdapter(dict[str, FieldValue])
    assert json.loads(views.dump_json(views.validate_python({"crm": number}))) == {"crm": number}


@pytest.mark.parametrize("number", [2**63, -(2**64)])
def test_a_longer_number_of_a_query_is_text_and_of_a_body_refused(number):
    assert FilterQuery(field=[f"crm:{number}"]).to_filters().fields == {"crm": str(number)}
    with pytest.raises(ValueError, match="fields"):
        FiltersBody(fields={"crm": number}).to_filters()


def test_a_field_takes_several_values_in_bodies_and_queries():
    body = FiltersBody.model_validate_json(json.dumps({"fields": {"region": ["north", "south"], "n": [1, True, None]}}))
    query = FilterQuery(field=["region:north", "n:1", "region:south", "n:true", "n:null"])
    for filters in (body.to_filters(), query.to_filters()):
        assert filters.fields == {"region": ("north", "south"), "n": (1, True, None)}
    with pytest.raises(ValueError, match="fields"):
        FiltersBody(fields={"region": [["north"]]})
    assert FiltersBody.model_validate_json(json.dumps(body.to_filters().to_dict())).to_filters() == body.to_filters()
