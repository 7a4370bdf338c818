"""Who may what: readers cannot write by any route, our tokens open nothing but the API, cookies need XSRF."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.request
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.support.api_server import DENIED
from tests.support.patience import PATIENCE_S
from workbench.server.routes import ROUTES
from workbench.store.api_tokens import ApiTokenRepository
from workbench.store.moments import now
from workbench.store.tables import api_tokens

WRITING = [route for route in ROUTES if route.writes]
READING = [route for route in ROUTES if not route.writes]


@pytest.fixture(scope="module")
def reader(api):
    return api.token("a reader", "read")


@pytest.fixture(scope="module")
def writer(api):
    return api.token("a writer", "write")


@pytest.fixture(scope="module")
def viewer(api):
    return api.token("a viewer", "reader")


def path_of(route) -> str:
    values = {"tracker": "Price", "version": "1", "call": "call-0", "stream": "Talk", "board": "Hear%20prices"}
    return route.path.format(**values, playbook="Qualify", deal="D-0", metric="Priced", ready_made="budget")


def named(route) -> str:
    return f"{route.method} {route.path}"


def state(api) -> object:
    with api.workspace.database.connect() as connection:
        names = [table for table in api_tokens.metadata.tables if table != "api_tokens"]
        return {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall() for name in names}


def test_there_are_routes_of_both_sorts():
    assert {route.method for route in WRITING} == {"POST", "PATCH", "DELETE"}
    assert {route.method for route in READING} == {"GET"}


@pytest.mark.parametrize("route", WRITING, ids=named)
def test_a_reader_cannot_write(api, reader, route):
    before = state(api)
    refused = api(route.method, path_of(route), {}, token=reader)
    assert (refused.status, refused.json["code"]) == (403, "forbidden")
    assert state(api) == before


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_token_for_the_dashboards_opens_nothing_here(api, viewer, route):
    refused = api(route.method, path_of(route), {} if route.writes else None, token=viewer)
    assert (refused.status, refused.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize("route", READING, ids=named)
def test_a_reader_can_read(api, reader, route):
    query = {"tracker": "Price"} if route.path in ("detections", "statistics") else {}
    assert api("GET", path_of(route), token=reader, **query).status == 200


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_nobody_comes_in_without_saying_who(api, route):
    for token in ("", "wrong", "wbk_0123456789abcdef_wrong"):
        refused = api(route.method, path_of(route), token=token)
        assert refused.status == 401, (token, refused.body)
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_writer_can_write(api, writer):
    made = api("POST", "trackers", {"name": "W", "kind": "keyword", "settings": {"words": ["w"]}}, token=writer)
    assert made.status == 201
    sentence = api.workspace.detections("Price")["sentence_id"][0]
    said = api("POST", "wrong-hits", {"tracker": "Price", "sentence_id": sentence}, token=writer)
    assert said.json["by"] == "a writer"


@pytest.mark.parametrize("path", ["contents", "kernels", "sessions", "terminals", "me", "config/x"])
def test_a_token_of_ours_opens_nothing_else(api, writer, path):
    answer = api("GET", f"{api.server.url}/api/{path}", token=writer)
    assert answer.status in (401, 403), answer.body
    assert api("GET", f"{api.server.url}/api/{path}?token={writer}", token="").status in (401, 403)


def test_a_token_of_ours_is_taken_from_its_header_alone(api, writer):
    assert api("GET", f"{api.server.url}/workbench/api/v1/trackers?token={writer}", token="").status == 401


def test_revoked_and_expired_ones_open_nothing(api):
    tokens = ApiTokenRepository(api.workspace.database)
    revoked, expired = api.token("gone", "read"), tokens.create("old", "read", days=1)
    assert api("GET", "facets", token=revoked).status == 200
    tokens.revoke("gone")
    past = {"expires": now() - timedelta(seconds=1)}
    with api.workspace.database.begin() as connection:
        connection.execute(update(api_tokens).where(api_tokens.c.id == expired[0].id).values(past))
    assert [api("GET", "facets", token=one).status for one in (revoked, expired[1])] == [401, 401]


def test_who_comes_by_cookie_writes_with_xsrf_only(api):
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
    browser.open(f"{api.server.url}/login?token={api.server.token}", timeout=PATIENCE_S).read()
    cookies = {cookie.name: cookie.value for cookie in jar}
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = {"name": "By cookie", "kind": "keyword", "settings": {"words": ["c"]}}
    assert api("GET", "facets", token="", headers=sent).status == 200
    assert api("POST", "trackers", body, token="", headers=sent).status == 403
    assert api("POST", "trackers", body, token="", headers=sent | {"X-XSRFToken": cookies["_xsrf"]}).status == 201
    other = sent | {"Origin": "https://other.example", "X-XSRFToken": cookies["_xsrf"]}
    assert api("POST", "trackers", body, token="", headers=other).status in (403, 404)


def test_the_servers_authoriser_has_the_last_word(api):
    token = api.token(DENIED, "write")
    assert api("GET", "trackers", token=token).status == 200
    refused = api("POST", "trackers/Price/pause", token=token)
    assert (refused.status, refused.json["detail"]) == (
        403,
        "this server does not allow you to write workbench; ask its administrator",
    )


def test_a_host_that_is_not_ours_is_refused(api, writer):
    assert api("GET", "facets", token=writer, headers={"Host": "evil.example"}).status == 403


def test_what_opens_the_api_is_nowhere_in_the_log(api, writer):
    api("GET", "facets", token=writer)
    assert writer.split("_", 2)[2] not in api.server.log.read_text()
    assert json.dumps(writer) not in api.server.log.read_text()
