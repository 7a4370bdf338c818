"""What pages are told."""

from __future__ import annotations

import json

import pytest

from workbench.corpus.views import Facets
from workbench.domain.evidence import Piece
from workbench.domain.filters import Filters
from workbench.widgets import views
from workbench.widgets.views import clip, pieces


def test_endless_words_are_clipped_and_say_so():
    assert clip("abc", 3) == "abc"
    assert clip("a" * 1_500, 400) == "a" * 400 + "… (1,100 more characters)"
    parts = (Piece(text="b" * 900, pull=1), Piece(text="c" * 900, pull=0), Piece(text="d", pull=0))
    shown = pieces(parts)
    assert [one["speaks"] for one in shown] == ["for", ""]
    assert shown[1]["text"] == "c" * 100 + "… (800 more characters)"


@pytest.mark.parametrize("value", [0, -7, 2**53 - 1, 2**53 + 1, -(2**63) + 1, 1.5, True, None, "9007199254740993"])
def test_a_field_comes_back_from_a_page_as_it_was(value):
    """A page's numbers are doubles: 9007199254740993 would come back as ...992, another call's id (item 17)."""
    filters = Filters(fields={"crm": value})
    shown = views.filters_form(filters)
    given = json.loads(json.dumps(shown), parse_int=lambda digits: int(float(digits)))  # as JavaScript reads it
    assert Filters.from_dict(given) == filters
    assert type(Filters.from_dict(given).fields["crm"]) is type(value)
    known = views.facets(Facets(fields={"crm": (value,)}))["fields"]["crm"]
    assert Filters.from_dict({"fields": {"crm": known[0]}}) == filters


def test_languages_in_any_form_are_those_that_the_page_offers():
    shown = views.filters_form(Filters(languages=("German", "de", "en_US", "Klingon", "")))
    assert shown["languages"] == ["de", "en-US", "tlh", ""]
