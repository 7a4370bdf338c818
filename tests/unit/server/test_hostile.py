"""What nobody sends by accident is answered with a problem, never with an error of the server's own."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest

from tests.unit.small import EXAMPLES
from workbench.server.openapi import document
from workbench.server.routes import ROUTES


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "trackers/a%2Fb", 404),
        ("GET", "trackers/..%2F..%2Fetc%2Fpasswd", 404),
        ("GET", "trackers/%00", 404),
        ("GET", "calls/%00%01", 404),
        ("GET", "calls/" + "x" * 40_000, 404),
        ("GET", "trackers/%ff%fe", 400),
        ("GET", "trackers//publish", 404),
        ("POST", "trackers/..%2Fmodels/publish", 404),
        ("GET", "trackers/Price/publications/99999999999999999999999", 404),
        ("GET", "trackers/Price/publications/-1", 404),
        ("GET", "trackers/Price/publications/one", 404),
        ("GET", "nothing", 404),
        ("PUT", "trackers", 405),
        ("DELETE", "calls", 405),
        ("TRACE", "calls", 405),
    ],
)
def test_paths(api, method, path, status):
    body = {} if method == "POST" else None
    answer = api(method, path, body)
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    if status == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"limit": "1e2"}, "limit"),
        ({"limit": "9" * 400}, "limit"),
        ({"limit": [1, 2]}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "WyJhIl0"}, "cursor"),
        ({"cursor": "WzE4NDQ2NzQ0MDczNzA5NTUxNjE2XQ"}, "cursor"),
        ({"cursor": "W1tbW1tbW1tb"}, "cursor"),
        ({"colour": "red"}, "colour"),
        ({"side": "left"}, "side"),
        ({"team": "a\0b"}, "team.0"),
        ({"team": b"\xff"}, "team"),
        ({"started_from": "yesterday"}, "started_from"),
        ({"started_from": "0"}, "started_from"),
        ({"started_from": "0001-01-01T00:00:00+14:00"}, "started_from"),
        ({"part": "first", "part_amount": "nan"}, "part_amount"),
        ({"part": "first", "part_amount": 200, "part_unit": "percent"}, "part.amount"),
        ({"field": "nameless"}, "field.0"),
    ],
)
def test_parameters(api, query, field):
    refused = api("GET", "calls", **query)
    assert refused.status == 422, refused.body
    assert refused.json["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b"null", 422),
        (b"[]", 422),
        (b"[" * 100_000, 422),
        (b'{"name": ' + b'{"a": ' * 50_000, 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": NaN}', 422),
        (b'{"name": "a\\u0000b", "kind": "keyword", "settings": {"words": ["w"]}}', 422),
        (b'{"name": "' + b"x" * 900_000 + b'"}', 422),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
)
def test_bodies(api, body, status):
    refused = api("POST", "trackers", body)
    assert refused.status == status, refused.body[:500]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert len(refused.body) < 10_000


@pytest.mark.parametrize("words", [["\0"], ["a\0"], [["a"]], [{}], [5], ["x" * 900_000], [["["] * 50]])
def test_settings(api, words):
    body = {"name": f"Hostile {str(words)[:20]!r}".replace("\0", ""), "kind": "keyword", "settings": {"words": words}}
    answer = api("POST", "trackers", body)
    assert answer.status == 422, answer.body[:500]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400, "-" + "9" * 400])
def test_numbers_that_are_none_are_refused_wherever_they_stand(api, number):
    """F16: they were kept as NaN or Infinity, shown as null, and given out as what is no JSON."""
    bodies = [
        {"filters": {"fields": {"x": 0}}, "kind": "keyword", "settings": {"words": ["w"]}},
        {"filters": {"part": {"where": "first", "amount": 0}}, "kind": "keyword", "settings": {"words": ["w"]}},
        {"kind": "keyword", "settings": {"words": ["w"], "match": 0}},
        {"kind": "phrase", "settings": {"vocabulary": ["a b"], "closeness": 0}},
        {"kind": "keyword", "settings": {"words": ["w"], "more": [{"deep": 0}]}},
    ]
    for body in bodies:
        text = json.dumps({"name": "No number", **body}).replace(": 0", f": {number}").encode()
        refused = api("POST", "trackers", text)
        assert refused.status == 422, (text, refused.body[:300])
        assert len(refused.body) < 2_000
    made = api("POST", "trackers", {"name": "Numbered", "kind": "keyword", "settings": {"words": ["w"]}}).json
    changed = f'{{"filters": {{"fields": {{"x": {number}}}}}}}'.encode()
    assert api("PATCH", f"trackers/{made['id']}", changed).status == 422
    assert api("DELETE", f"trackers/{made['id']}", forever="true").status == 204
    found = api("GET", "calls", field=f"x:{number}")  # as a word it can be looked for
    assert found.status == (200 if len(number) < 200 else 422), found.body[:300]
    definitions = f'{{"text": "[{{\\"name\\": \\"N\\", \\"settings\\": {number}}}]", "format": "json"}}'.encode()
    assert api("POST", "definitions", definitions).status == 422


def test_what_is_given_out_is_json(api):
    def no_constant(name):
        raise AssertionError(f"{name} is not JSON")

    for path in ("definitions", "trackers", "calls", "statistics", "facets", "metrics", "boards", "streams"):
        query = {"tracker": "Price"} if path == "statistics" else {}
        answer = api("GET", path, **query)
        assert answer.status == 200, answer.body[:300]
        json.loads(answer.body, parse_constant=no_constant)


def test_where_no_body_is_wanted_an_empty_object_will_do(api):
    for body, status in ((b"", 404), ({}, 404), ({"a": 1}, 422)):
        assert api("POST", "trackers/nobody/pause", body).status == status


def test_head_gives_what_get_gives_but_its_body(api):
    head, get = api("HEAD", "facets"), api("GET", "facets")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_a_body_that_is_not_json(api):
    refused = api("POST", "trackers", b"name=x", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert refused.status == 415


INJECTED = [
    "' OR 1=1 --",
    "'; DROP TABLE trackers; --",
    "\" union select * from read_text('/etc/passwd') --",
    "$$; COPY calls TO '/tmp/x'; --",
    "../../../../etc/passwd",
    "%(x)s {0.__class__} ${7*7}",
]
LEAKS = ("root:x:", "SELECT ", "sqlite3", "sqlalchemy", "duckdb", "Traceback", "Binder Error", "Parser Error")
READ = [
    (path[1:], parameter["name"])
    for path, methods in document(ROUTES, "1")["paths"].items()
    if "get" in methods
    for parameter in methods["get"]["parameters"]
    if parameter["in"] in ("path", "query")
]


@pytest.mark.parametrize(("path", "name"), READ, ids=[f"{path} {name}" for path, name in READ])
def test_no_text_of_a_request_is_executed(api, path, name):
    """Every place in a path and every parameter that takes text, of every route that reads."""
    for text in INJECTED:
        filled = re.sub(r"{\w+}", "Price", path.replace(f"{{{name}}}", quote(text, safe="")))
        answer = api("GET", filled, **({} if f"{{{name}}}" in path else {name: text}))
        assert answer.status in (200, 400, 404, 422), answer.body
        assert not [one for one in LEAKS if one in answer.body.decode()]


def test_names_are_kept_as_text(api):
    name = "<script>alert('a/b')</script> '; DROP TABLE trackers;--"
    made = api("POST", "trackers", {"name": name, "examples": EXAMPLES})
    assert made.json["name"] == name
    assert api.get(f"trackers/{made.json['id']}")["name"] == name


def test_after_all_that_the_server_has_seen_no_error(api):
    assert "Traceback" not in api.server.log.read_text()
