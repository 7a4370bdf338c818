"""A workspace with trackers of contradicting filters, saved earlier, opens, and says that nothing matches."""

from __future__ import annotations

import pytest
from sqlalchemy import text

import workbench as wb
from workbench.dashboards.pages import build
from workbench.domain import plain_json
from workbench.domain.errors import InvalidFilters
from workbench.domain.filters import Filters, StoredFilters
from workbench.engine.encoders import HashingEncoder

CALLS = [
    {
        "id": str(n),
        "scope": "internal",
        "parties": [{"id": "a", "side": "customer"}],
        "turns": [{"text": said, "party": "a"}],
    }
    for n, said in enumerate(["The fee is high.", "No."])
]
OLD = {
    "from after to": StoredFilters(scope="any", started_from="2026-04-01", started_before="2026-03-01"),
    "internal customers": StoredFilters(scope="internal", side="customer"),
}


@pytest.mark.parametrize("old", OLD)
def test_it_opens_matches_nothing_and_can_be_put_right(tmp_path, old):
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest(CALLS)
    tracker = ws.trackers.create("Fee", kind="keyword", words=["fee"], filters=Filters(scope="any"))
    tracker.publish(past="all")
    stored = OLD[old].to_dict()
    with ws.database.begin() as connection:
        connection.execute(text("UPDATE trackers SET filters = :f"), {"f": plain_json.dumps(stored)})
        (definition,) = connection.execute(text("SELECT definition FROM publications")).scalars()
        changed = plain_json.loads(definition) | {"filters": stored}
        connection.execute(text("UPDATE publications SET definition = :d"), {"d": plain_json.dumps(changed)})

    again = wb.open(tmp_path, encoder=HashingEncoder())
    found = again.trackers.get("Fee")
    assert found.filters.contradiction
    assert again.counts(found.filters).sentences == 0
    assert len(found.finds()[0]) == 0
    assert again.ingest([CALLS[0] | {"id": "new"}]).added == 1
    assert [one.name for one in again.trackers.list()] == ["Fee"]
    assert "Nothing can match" in plain_json.dumps(build("tracker")(again, {"tracker": "Fee"})["blocks"], default=str)
    with pytest.raises(InvalidFilters, match="give"):
        found.update(filters=Filters.from_dict(stored))
    found.update(filters=Filters(scope="any"))
    assert len(again.trackers.get("Fee").finds()[0]) == 2
