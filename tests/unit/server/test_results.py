"""Search, statistics, streams, boards, deals, playbooks and wrong hits over REST."""

from __future__ import annotations

from sqlalchemy import insert

from tests.unit.results import sales
from workbench.domain.reporters import reader
from workbench.domain.results import MAX_OPEN
from workbench.store.moments import now
from workbench.store.tables import wrong_hits


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
    api.workspace.trackers.get("Price").dismiss([sentence])  # another test may have reported it
    body = {"tracker": "Price", "sentence_id": sentence, "note": "not a price"}
    assert api("POST", "wrong-hits", body | {"by": "Ann"}).status == 201
    own = api("POST", "wrong-hits", body)
    assert own.json["by"]
    queued = api.workspace.trackers.get("Price").queue()
    assert {hit.by for hit in queued[0].hits} == {"Ann", own.json["by"]}
    assert api("POST", "wrong-hits", body | {"sentence_id": "none"}).status == 422
    assert api("POST", "wrong-hits", body | {"tracker": "none"}).status == 404


def test_only_what_a_version_in_use_has_found_is_taken_over_rest(api):
    found = set(api.workspace.detections("Price")["sentence_id"])
    other = next(one for one in api.workspace.lake.pool()["id"].to_pylist() if one not in found)
    refused = api("POST", "wrong-hits", {"tracker": "Price", "sentence_id": other})
    assert (refused.status, refused.json["code"]) == (422, "unknown-candidate")
    api("POST", "trackers", {"name": "A draft", "kind": "keyword", "settings": {"words": ["dog"]}})
    refused = api("POST", "wrong-hits", {"tracker": "A draft", "sentence_id": min(found)})
    assert (refused.status, refused.json["code"]) == (409, "wrong-state")


def test_over_rest_nobody_writes_over_what_others_have_said(api):
    tracker, sentence = api.workspace.trackers.get("Dog"), api.workspace.detections("Dog")["sentence_id"][0]
    api.workspace.wrong_hit("Dog", sentence, by="Ann", note="in a notebook")
    api.workspace.wrong_hit("Dog", sentence, by=reader("Ann", "token:1"), note="on a dashboard")
    body = {"tracker": "Dog", "sentence_id": sentence}
    own = api("POST", "wrong-hits", body | {"note": "by a program\u0007"}, token=api.token("Ann", "write"))
    assert (own.json["by"], own.json["note"]) == ("Ann", "by a program")
    api("POST", "wrong-hits", body | {"by": "Ann", "note": "for Ann"}, token=api.token("another", "write"))
    notes = {hit.note for one in tracker.queue() if one.sentence.id == sentence for hit in one.hits}
    assert notes == {"in a notebook", "on a dashboard", "by a program", "for Ann"}


def test_too_many_are_refused_until_the_trainer_has_looked(api):
    """The queue is filled with sentences that are not there: the workspace has not so many finds."""
    tracker, sentence = api.workspace.trackers.get("Price"), api.workspace.detections("Price")["sentence_id"][0]
    at = {"at": now(), "note": "", "version": 1, "tracker_id": tracker.id}
    rows = [at | {"sentence_id": f"s{n}", "person": "api-for:Zoe", "by": "Zoe"} for n in range(MAX_OPEN)]
    with api.workspace.database.begin() as connection:
        connection.execute(insert(wrong_hits), rows)
    refused = api("POST", "wrong-hits", {"tracker": "Price", "sentence_id": sentence, "by": "Zoe"})
    assert (refused.status, refused.json["code"], refused.headers["Retry-After"]) == (429, "too-many-reports", "60")
    assert "100 of your reports are waiting" in refused.json["detail"]
    tracker.dismiss([row["sentence_id"] for row in rows])
    assert api("POST", "wrong-hits", {"tracker": "Price", "sentence_id": sentence, "by": "Zoe"}).status == 201
