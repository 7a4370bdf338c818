"""Entity tags: a caller changes only the definition that it has seen."""

from __future__ import annotations

import pytest

THINGS = {
    "trackers": ({"kind": "keyword", "settings": {"words": ["dog"]}}, "description"),
    "metrics": ({}, "definition"),
}


@pytest.fixture(params=THINGS)
def thing(api, request):
    """The address of a tracker or metric, and a field of it that is text."""
    body, field = THINGS[request.param]
    made = api("POST", request.param, {"name": request.node.name[:70], **body})
    assert made.status == 201, made.body
    return f"{request.param}/{made.json['id']}", field


def test_a_change_of_what_was_seen_is_made_and_has_another_tag(api, thing):
    address, field = thing
    seen = api("GET", address)
    assert seen.headers["ETag"] == f'"{seen.json["tag"]}"'
    assert api("GET", address).headers["ETag"] == seen.headers["ETag"]
    changed = api("PATCH", address, {field: "Mine"}, headers={"If-Match": seen.headers["ETag"]})
    assert changed.status == 200
    assert changed.headers["ETag"] == api("GET", address).headers["ETag"] != seen.headers["ETag"]


def test_a_change_of_what_somebody_else_has_changed_is_refused(api, thing):
    address, field = thing
    seen = api("GET", address).headers["ETag"]
    api("PATCH", address, {field: "Theirs"})
    refused = api("PATCH", address, {field: "Mine"}, headers={"If-Match": seen})
    assert (refused.status, refused.json["code"]) == (412, "edited-meanwhile")
    assert api("GET", address).json[field] == "Theirs"
    assert api("PATCH", address, {field: "Mine"}, headers={"If-Match": "*"}).status == 200


@pytest.mark.parametrize("given", ['W/"a"', '"a", "b"', "a", '"', '""'])
def test_a_tag_that_nothing_has_is_refused(api, thing, given):
    address, field = thing
    assert api("PATCH", address, {field: "Mine"}, headers={"If-Match": given}).status == 412


def test_of_many_each_has_its_own(api):
    body = {"kind": "keyword", "settings": {"words": ["dog"]}}
    names = [f"Tagged {n}" for n in range(2)]
    tags = [api("POST", "trackers", {"name": name, **body}).json["tag"] for name in names]
    changes = [{"tracker": names[0], "description": "a", "if_tag": tags[0]}]
    changes += [{"tracker": names[1], "description": "b", "if_tag": tags[0]}]
    items = api("PATCH", "trackers", {"trackers": changes}).json["items"]
    assert [one["status"] for one in items] == [200, 412]
