"""Search, statistics, streams, boards, deals, playbooks and wrong hits over REST."""

from __future__ import annotations

from tests.unit.results import sales


def test_search_by_words_meaning_and_trackers(api):
    frame = api.workspace.search("dog", limit=1000)
    hits = api.items("search", words="dog", limit=100)
    assert [one["sentence_id"] for one in hits] == frame["sentence_id"].tolist()
    near = api.get("search", meaning="too expensive", tracker="Price", limit=3)
    assert all("Price" in one["trackers"] for one in near["items"])
    scores = [one["score"] for one in near["items"]]
    assert scores == sorted(scores, reverse=True)


def test_pages_of_a_search_stay_while_calls_arrive(api):
    pages = api.pages("search", words="dog", limit=60)
    seen = [one["sentence_id"] for one in next(pages)["items"]]
    said = [("cy", f"My dog again, {n}.") for n in range(70)]
    api.workspace.ingest([sales.call(200, said, started="2027-01-01T00:00:00Z")], detect=False)
    seen += [one["sentence_id"] for page in pages for one in page["items"]]
    assert len(seen) == len(set(seen))
    assert not [one for one in seen if one.startswith("c200:")]


def test_statistics(api):
    told = api.get("statistics", tracker="Price", by=["person"], pairs="true")
    known = api.workspace.statistics("Price", by="person").rates
    assert [one["group"]["person"] for one in told["rates"]] == known["person"].tolist()
    assert [one["rate"]["point"] for one in told["rates"]] == known["rate"].tolist()
    assert {one["verdict"] for one in told["pairs"]} <= {"higher", "lower", "cannot be told apart"}
    narrow = api.get("statistics", tracker="Price", by=["month"], team="North")
    assert narrow["rates"][0]["group"]["month"] == "2026-01-01"
    assert sum(one["calls"] for one in narrow["rates"]) == 6


def test_streams_show_their_calls_and_no_addresses(api):
    api.workspace.streams.get("Talk").notify(email="ann@example.org")
    (stream,) = [one for one in api.get("streams")["items"] if one["name"] == "Talk"]
    assert stream["channels"] == ["email"]
    assert stream["trackers"][0]["name"] == "Price"
    calls = api.items("streams/Talk/calls", limit=50)
    assert [one["conversation_id"] for one in calls] == api.workspace.streams.get("Talk").calls()[
        "conversation_id"
    ].tolist()


def test_boards_deals_and_playbooks(api):
    assert [one["name"] for one in api.get("boards")["items"]] == ["Hear prices"]
    board = api.get("boards/Hear%20prices", by="team", period="all")
    assert {one["group"]["team"] for one in board["adoption"]} == {None, "North"}
    deals = api.items("deals", limit=1)
    assert [one["id"] for one in deals] == ["D-0", "D-1"]
    deal = api.get("deals/D-0", tracker="Price")
    assert [one["conversation_id"] for one in deal["calls"]] == ["c0", "c2", "c4"]
    assert list(deal["calls"][0]["found"]) == ["Price"]
    playbook = api.get("playbooks/Qualify")
    assert playbook["items"][0]["name"] == "Budget"
    assert playbook["advice"]
    filled = api.get("playbooks/Qualify/deals/D-0")
    assert [one["item"] for one in filled["items"]] == ["Budget"]
    for path in ("deals/none", "boards/none", "playbooks/none", "playbooks/Qualify/deals/none", "streams/none/calls"):
        assert api("GET", path).status == 404


def test_a_wrong_hit_goes_to_the_trainers_queue(api):
    sentence = api.workspace.detections("Price")["sentence_id"][0]
    body = {"tracker": "Price", "sentence_id": sentence, "note": "not a price"}
    assert api("POST", "wrong-hits", body | {"by": "Ann"}).status == 201
    own = api("POST", "wrong-hits", body)
    assert own.json["by"]
    queued = api.workspace.trackers.get("Price").queue()
    assert {hit.by for hit in queued[0].hits} == {"Ann", own.json["by"]}
    assert api("POST", "wrong-hits", body | {"sentence_id": "none"}).status == 422
    assert api("POST", "wrong-hits", body | {"tracker": "none"}).status == 404
