"""What there is to filter by is what the corpus holds, and filtering by it finds something."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.corpus import facets
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.views import Facets
from workbench.domain.filters import Filters


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def call(number: int, **more):
    return {"id": f"c{number}", "turns": [{"text": "Yes."}]} | more


def test_each_facet_holds_the_distinct_values_in_order(lake):
    one = {"team": "South", "account": "Ärzte", "channel": "telephony", "direction": "inbound", "language": "en-GB"}
    deal = {"id": "d", "stage": "demo", "outcome": "won"}
    people = [
        {"id": "a", "name": "Zoë", "email": "z@mail.example"},
        {"id": "b", "email": "b@mail.example"},
        {"id": "c"},
    ]
    ingest(lake, [call(1, **one, deal=deal, parties=people), call(2, team="North", kind="email"), call(3, **one)])
    found = lake.facets()
    assert (found.teams, found.accounts) == (("North", "South"), ("Ärzte",))
    assert (found.channels, found.directions, found.languages) == (("telephony",), ("inbound",), ("en-GB",))
    assert (found.stages, found.outcomes, found.scopes) == (("demo",), ("won",), ())
    assert found.participants == ("Zoë", "b@mail.example")
    assert (found.conversations, found.calls) == (3, 2)
    assert (found.counts["teams"], found.counts["accounts"]) == ({"North": 1, "South": 2}, {"Ärzte": 2})
    assert found.counts["participants"] == {"Zoë": 1, "b@mail.example": 1}


def test_further_fields_keep_their_types(lake):
    ingest(lake, [call(n, fields={"mixed": value}) for n, value in enumerate([True, 2.5, "true", None, 1])])
    assert sorted(map(repr, lake.facets().fields["mixed"])) == ["'true'", "1.0", "2.5", "True"]
    for value in lake.facets().fields["mixed"]:
        assert lake.counts(Filters(fields={"mixed": value})).calls == 1


def test_days_are_utc(lake):
    days = ["2026-03-31T23:30:00-02:00", "2026-03-01T10:00:00"]
    ingest(lake, [call(n, started=day) for n, day in enumerate(days)])
    found = lake.facets()
    assert found.first == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert found.last == datetime(2026, 4, 1, 1, 30, tzinfo=UTC)


def test_a_long_list_is_cut_short(lake, monkeypatch):
    monkeypatch.setattr(facets, "MAX_VALUES", 3)
    monkeypatch.setattr(facets, "MAX_FIELD_VALUES", 3)
    ingest(lake, [call(n, team=f"t{n}", fields={"n": n}) for n in range(6)])
    assert lake.facets().teams == ("t0", "t1", "t2")
    assert lake.facets().fields["n"] == (0.0, 1.0, 2.0)


def test_the_usual_length_is_that_of_calls(lake):
    ingest(
        lake, [call(1, duration_s=60.0), call(2, duration_s=600.0), call(3, duration_s=120.0), call(4, kind="email")]
    )
    assert lake.facets().usual_s == 120.0


def test_nothing_is_there_to_filter_by_in_an_empty_lake(lake):
    assert lake.facets() == Facets()
