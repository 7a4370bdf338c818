"""Readers are told what they can act on, else an error's id: no SQL, no plan, no traceback, no path, no signature."""

from __future__ import annotations

import inspect
import json
import math
import re
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

import workbench as wb
from tests.unit.dashboards.shop import workspace
from workbench.dashboards.opening import live, open_page
from workbench.dashboards.pages import PAGES
from workbench.domain import errors
from workbench.domain.disclosure import WRONG, discloses, shown_to_readers, told_to_readers
from workbench.store.publications import PublicationRepository
from workbench.widgets import Dashboard, LiveMonitor
from workbench.widgets.requests import checked

NAMES = [*PAGES, "live"]
LEAKS = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|FROM|WHERE|sqlite3?|duckdb|sqlalchemy|Traceback|self|positional|keyword|argument)\b"
    r"|\w+Error\b|Exception|on_\w+\(|\.py\b|/tmp|site-packages|\n"
)
WRONG_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 2**53, 2**53 + 1, 2**70, -(2**70), 10**400, math.nan, math.inf, -math.inf),
    *("", "a", "\0", "\ud800", "'; DROP TABLE trackers; --", "x" * 60_000, "../../etc/passwd", "%", "1"),
    *([], ["a"], [[]], {}, {"a": 1}, {"a": {"b": []}}, {"\ud800": "\0"}, [None]),
]
SQL = OperationalError("SELECT trackers.id FROM trackers", {"a": 1}, Exception("no such column"))
FAILURES = [
    *(SQL, duckdb.Error("Binder Error: LINE 1: SELECT x FROM sentences"), TypeError("on_more() missing 1 argument")),
    *(KeyError("/srv/calls"), errors.WorkspaceDamaged("/srv/calls/corpus/manifest.json: damaged; restore a backup")),
    *(errors.StateUnavailable("state: postgresql://host/db cannot be used"), MemoryError(), RecursionError("deep")),
    errors.CorpusUnavailable("s3://calls/team: access denied"),
    errors.EncoderUnavailable("encoder: /run/user/0/socket is answered by user 7, not by you; remove the file"),
    *(errors.InvalidModelFile("models/a/1.tracker: cut off"), wb.WorkbenchError("path: '/srv/calls' holds a link")),
]


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("w") / "calls")


def opened(ws: wb.Workspace, name: str) -> Any:
    return live(ws, "reader") if name == "live" else open_page(name, ws, "reader")


class Asked:
    """A reader's page, and what comes back."""

    def __init__(self, widget: Any) -> None:
        self.widget, self.replies = widget, []
        widget.send = lambda content, buffers=None: self.replies.append(content)

    def __call__(self, /, **content: Any) -> dict[str, Any]:
        """The one reply, in which nothing leaks; it travels as JSON."""
        before = len(self.replies)
        self.widget._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
        (reply,) = self.replies[before:]
        json.dumps(reply, allow_nan=False)
        if reply["error"] is not None:
            assert not LEAKS.search(reply["error"]["message"]), reply
            assert reply["error"]["kind"] != "OperationalError"
        assert not LEAKS.search(self.widget.error), self.widget.error
        return reply


@pytest.fixture(scope="module")
def pages(ws):
    return {name: Asked(opened(ws, name)) for name in PAGES}


@pytest.fixture(scope="module", params=NAMES)
def page(request, ws):
    return Asked(opened(ws, request.param))


def fields_of(widget: Any, kind: str) -> list[str]:
    method = getattr(widget, f"on_{kind}")
    return [name for name in inspect.signature(method).parameters if name != "self"]


def usual(widget: Any, kind: str) -> dict[str, Any]:
    """Fields of the right types."""
    values = {"query": {}, "offset": 0, "cursor": 0, "turn": 0, "speed": 1.0, "note": "", "words": ""}
    return {name: values.get(name, "none") for name in fields_of(widget, kind)}


@pytest.mark.parametrize("page", ["tracker", "live"], indirect=True)  # one page of each widget
def test_each_field_of_each_request_may_hold_anything(page):
    for kind in sorted(page.widget.requests):
        known = usual(page.widget, kind)
        for name in known:
            for value in WRONG_VALUES:
                page(id="1", kind=kind, **known | {name: value})
            page(id="1", kind=kind, **{one: value for one, value in known.items() if one != name})
        for more in ({"unknown": 1}, {"self": 1}, {"": 1}, {"\ud800": 1}):
            assert page(id="1", kind=kind, **known | more)["error"] is not None
    assert page.widget.phase == "idle" if isinstance(page.widget, Dashboard) else True


@pytest.mark.parametrize(
    "kind", [None, 1, [], {}, ["open"], "", "_show", "on_open", "set_state", "\ud800", "x" * 9_000]
)
def test_what_is_no_request_is_refused(page, kind):
    assert page(id="1", kind=kind)["error"] is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_requests_of_any_form_leak_nothing(page, data):
    kind = data.draw(st.sampled_from(sorted(page.widget.requests)))
    known = usual(page.widget, kind)
    for name in data.draw(st.lists(st.sampled_from(sorted(known) or ["none"]), max_size=2)):
        known[name] = data.draw(JSON)
    page(
        **known
        | data.draw(st.dictionaries(st.text(st.characters(), max_size=9), JSON, max_size=1))
        | {"kind": kind, "id": "1"}
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_addresses_of_any_form_make_a_page(pages, data):
    """Not even an id: whatever stands in an address, there is a page, or words about the address."""
    names = ("tracker", "team", "side", "from", "to", "account", "stage", "by", "board", "period", "deal", "words")
    more = ("meaning", "trackers", "metric", "playbook", "call", "sentence", "value", "offset", "limit", "compare")
    text = st.text(st.characters(), max_size=30) | st.sampled_from(["Price", "North", "2026-01-01", "D-1", "person"])
    query = data.draw(st.dictionaries(st.sampled_from(names + more), text, max_size=4))
    name = data.draw(st.sampled_from(list(PAGES)))
    asked = pages[name]
    reply = asked(id="1", kind="open", query=query)
    assert reply["error"] is None, reply
    assert WRONG not in asked.widget.error, (name, query)


@pytest.mark.parametrize("error", FAILURES, ids=lambda one: type(one).__name__)
def test_a_failure_has_an_id_that_stands_in_the_log_with_the_traceback(ws, error, caplog):
    def build(workspace: Any, query: dict[str, str]) -> Any:
        raise error

    widget = Dashboard(ws, build, "tracker", "reader")
    said = re.fullmatch(r"(.*) Tell whoever runs these dashboards: error ([0-9a-f]{8})\.", widget.error)
    assert said
    assert not LEAKS.search(said[1])
    assert not discloses(said[1])
    (record,) = [one for one in caplog.records if said[2] in one.getMessage()]
    assert record.exc_info[1] is error
    reply = Asked(widget)(id="1", kind="more", block_id="a", offset=0)
    assert reply["error"]["message"].startswith(said[1])


def test_an_author_sees_what_it_was(ws):
    def build(workspace: Any, query: dict[str, str]) -> Any:
        raise SQL

    assert "SELECT trackers.id" in Dashboard(ws, build, "tracker", "editor").error


@pytest.mark.parametrize(
    "words",
    [
        "no call has this id",
        "Search for at most 200 characters.",
        "by: must be one of person, team",
        "'Price' has no version in use; only what a published version found can be reported",
        "The filter 'and/or' is too long; use at most 2000 characters.",
        "It asks from 9/12 on, select another day.",
    ],
)
def test_what_helps_a_reader_stays(words):
    assert told_to_readers(wb.WorkbenchError(words)) == words
    assert shown_to_readers(words) == words


@pytest.mark.parametrize("error", FAILURES, ids=lambda one: type(one).__name__)
def test_what_an_earlier_error_left_is_shown_as_far_as_it_is_for_readers(error):
    if not isinstance(error, MemoryError | RecursionError | errors.InvalidModelFile):
        assert shown_to_readers(str(error)) in (WRONG, str(error))
        assert not LEAKS.search(shown_to_readers(str(error)))


def test_why_a_backfill_failed_is_not_for_readers(ws):
    tracker = ws.trackers.get("Price")
    rows = PublicationRepository(ws.database)
    rows.mark(tracker.active_version().frozen.id, failure=str(SQL))
    try:
        assert not LEAKS.search(json.dumps(open_page("tracker", ws, "reader").view["blocks"][0]))
    finally:
        rows.mark(tracker.active_version().frozen.id, failure=None)


def test_a_workspace_that_cannot_be_opened_is_told_without_its_folder(tmp_path):
    for name in NAMES:
        assert str(tmp_path) not in opened(tmp_path / "none", name).value
    made = wb.open(tmp_path / "w")
    made.close()
    (tmp_path / "w" / "state.db").write_bytes(b"not a database" * 1_000)
    for name in NAMES:
        told = opened(tmp_path / "w", name).value
        assert "Tell whoever runs these dashboards: error" in told
        assert str(tmp_path) not in told


def test_a_live_monitor_for_readers_is_one(ws):
    assert opened(ws, "live").reads_only
    assert not LiveMonitor(ws).reads_only


def test_types_of_requests_are_those_of_the_methods():
    def method(a: str, b: int, c: float, d: bool = False, e: str | None = None, f: list[str] | None = None) -> None:
        """Takes one of each."""

    good = {"a": "x", "b": 1, "c": 2}
    assert checked(method, good) == good
    assert checked(method, good | {"c": 1.5, "e": None, "f": ["y"], "d": True, "a": "\0\ud800"})["a"] == " \ufffd"
    wrong = [("a", 1), ("b", True), ("b", 1.0), ("b", 2**60), ("c", True), ("c", math.nan), ("c", 10**400), ("d", 1)]
    for name, value in [*wrong, ("e", 1), ("f", "y"), ("f", [1])]:
        with pytest.raises(wb.WorkbenchError, match=f"{name} must be"):
            checked(method, good | {name: value})
    with pytest.raises(wb.WorkbenchError, match="left out a field: b"):
        checked(method, {"a": "x", "c": 1})
    with pytest.raises(wb.WorkbenchError, match="unknown field"):
        checked(method, good | {"g": 1})
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(wb.WorkbenchError):
        checked(method, good | {"f": nested})
