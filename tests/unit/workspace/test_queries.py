"""Results asked for at the front door: published trackers and drafts, and no encoder where no meaning is asked for."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.errors import CorpusNotEncoded, NotEnoughTags, TrackerNotFound, WorkbenchError
from workbench.engine.encoders import HashingEncoder


class Counting(HashingEncoder):
    """Counts how often it is asked."""

    asked = 0

    def encode(self, texts):
        self.asked += 1
        return super().encode(texts)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = small.ready(tmp_path_factory.mktemp("w"), rounds=2, encoder=Counting())
    workspace.trackers.get("Price").publish(past="12 months").wait()
    return workspace


def test_words_facets_and_finds_ask_no_encoder(workspace):
    before = workspace.encoder.asked
    found = workspace.search('"too expensive"', trackers=["Price"], filters=wb.Filters(side="customer"), limit=5)
    assert len(found) == 5
    assert found["text"].str.contains("too expensive").all()
    assert (found["side"] == "customer").all()
    assert workspace.search("weather", limit=1)["trackers"].tolist() == [()]
    assert workspace.search("expensive", limit=1)["trackers"].tolist() == [("Price",)]
    workspace.statistics("Price", "person")
    workspace.deals()
    assert workspace.encoder.asked == before


def test_meaning_asks_it_once_and_keeps_no_vector(workspace):
    before, vectors = workspace.encoder.asked, len(workspace.resources.vectors.store)
    found = workspace.search(meaning="that is too expensive for us", limit=10)
    assert workspace.encoder.asked == before + 1
    assert len(workspace.resources.vectors.store) == vectors
    assert found["text"].str.contains("too expensive").all()
    assert found["score"].is_monotonic_decreasing


def test_a_meaning_needs_vectors_and_words_do_not(tmp_path):
    workspace = wb.open(tmp_path / "w", encoder=Counting())
    workspace.ingest(small.conversations(3))
    with pytest.raises(CorpusNotEncoded):
        workspace.search(meaning="too expensive")
    assert len(workspace.search("weather"))
    assert workspace.encoder.asked == 0


def test_rates_of_a_published_tracker_and_of_a_draft(tmp_path):
    workspace = small.ready(tmp_path / "w", rounds=2)
    draft = workspace.statistics("Price").rates.iloc[0]
    assert (draft["calls"], draft["found"]) == (80, len(workspace.draft_detections("Price")))
    publication = workspace.trackers.get("Price").publish()
    assert workspace.statistics("Price").rates.empty
    workspace.ingest([{**call, "id": f"new-{call['id']}"} for call in small.conversations(20, seed=9)])
    upcoming = workspace.statistics("Price")
    assert upcoming.rates["calls"].tolist() == [20]
    assert upcoming.rates["found"].tolist() == [publication.progress().found]
    assert upcoming.rates["true_rate"].notna().all()
    workspace.trackers.create("New", examples=small.EXAMPLES)
    with pytest.raises(NotEnoughTags):
        workspace.statistics("New")


def test_who_is_not_there_is_told(workspace):
    for asked in (
        lambda: workspace.search(trackers=["Nobody"]),
        lambda: workspace.statistics("Nobody"),
        lambda: workspace.boards.create("B", ["Nobody"], 0.5),
    ):
        with pytest.raises(TrackerNotFound):
            asked()
    with pytest.raises(WorkbenchError, match="list"):
        workspace.search(trackers="Price")


def test_a_deal_shows_all_that_is_active_unless_asked(tmp_path):
    workspace = small.ready(tmp_path / "w", rounds=1)
    calls = [{**call, "id": f"d-{call['id']}", "deal": {"id": "D1"}} for call in small.conversations(5, seed=4)]
    workspace.ingest(calls)
    workspace.encode()
    assert "Price" not in workspace.deal("D1").calls
    assert workspace.deal("D1", ["Price"]).calls["Price"].notna().all()
    workspace.trackers.get("Price").publish(past="12 months").wait()
    found = workspace.deal("D1")
    assert found.calls["Price"].sum() == len(found.found)
