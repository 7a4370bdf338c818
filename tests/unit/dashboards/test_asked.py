"""What an address asks for: accounts in any spelling, and values of further fields, one or several."""

from __future__ import annotations

import pytest

import workbench as wb
from workbench.dashboards.asked import asked
from workbench.engine.encoders import HashingEncoder

FIELDS = [{"region": "north", "n": 3}, {"region": "south", "vip": True}, {"region": "a|b"}, {"n": 2.5}]


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    made = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    made.ingest([{"id": str(n), "turns": [{"text": f"One {n}."}], "fields": one} for n, one in enumerate(FIELDS)])
    made.ingest({"id": "acme", "turns": [{"text": "Two."}], "account": "Acme Ltd", "team": "East"})
    return made


@pytest.mark.parametrize(
    ("address", "calls"),
    [
        ({"field.region": "north"}, 1),
        ({"field.region": "north|south"}, 2),
        ({"field.region": " north | south |a|b"}, None),
        ({"field.region": "a|b"}, 1),
        ({"field.region": "null"}, 2),
        ({"field.region": "north|null"}, 3),
        ({"field.n": "3|2.5"}, 2),
        ({"field.vip": "true"}, 1),
        ({"field.region": "north", "field.n": "3"}, 1),
        ({"account": "ＡＣＭＥ  ltd", "team": "EAST"}, 1),
    ],
)
def test_an_address_asks_for_further_fields_and_spelling_variants(ws, address, calls):
    page = asked(ws, "search", address)
    if calls is None:
        assert page.filters is None
        assert page.notices == ["'field.region': there is no 'a'."]
        return
    assert page.notices == []
    assert ws.counts(page.filters).calls == calls
    assert set(page.query) == set(address)
    assert page.link("Teams", "team")["query"] == page.query


def test_an_account_is_shown_as_the_corpus_has_it(ws):
    assert asked(ws, "search", {"account": "acme ltd"}).query == {"account": "Acme Ltd"}


@pytest.mark.parametrize("name", ["field.", "field.colour", "field.n", "field.\x1b<b>"])
def test_what_no_call_has_is_told_and_left_out(ws, name):
    page = asked(ws, "search", {name: "blue"})
    assert page.filters is None
    assert "there is no 'blue'" in page.notices[0]
