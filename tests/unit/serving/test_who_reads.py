"""Who says "wrong hit" on the dashboards: their own name, by a token of theirs or by JupyterHub, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from tests.browser.jupyter import wait_for
from tests.browser.servers import Server, dashboards
from tests.support.reader_page import Page, Reader
from tests.unit import small
from tests.unit.small import ROOT
from workbench.serving.identity import hub_user_of
from workbench.store.api_tokens import ApiTokenRepository

pytestmark = pytest.mark.slow
ANN, BEN = {"name": "ann", "key": "token:1", "standing": "reader"}, "ben"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> wb.Workspace:
    made = wb.open(tmp_path_factory.mktemp("readers") / "w", encoder=small.PackagedName())
    made.ingest(small.conversations(10))
    made.trackers.create("Dog", kind="keyword", words=["dog"]).publish(past="12 months").wait()
    return made


@pytest.fixture(scope="module")
def server(workspace: wb.Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Started by Ann, who trains."""
    home, ann = tmp_path_factory.mktemp("home"), {"WORKBENCH_USER": "ann"}
    with dashboards(ROOT / "notebooks", workspace.path, home, "--warm", "0", extra=ann) as running:
        yield running


@pytest.fixture
def queue(workspace: wb.Workspace) -> Any:
    """Pairs of name and note of what waits; empty in the beginning."""
    tracker = workspace.trackers.get("Dog")
    tracker.dismiss([one.sentence.id for one in tracker.queue()])
    return lambda: sorted((hit.by, hit.note) for one in tracker.queue() for hit in one.hits)


@pytest.fixture
def token(workspace: wb.Workspace) -> Iterator[Any]:
    """Makes tokens, which stand for the time of a test."""
    known, names = ApiTokenRepository(workspace.database), []

    def create(name: str, rights: str = "reader") -> str:
        names.append(name)
        return known.create(name, rights)[1]

    yield create
    for name in {one.name for one in known.list() if one.revoked is None} & set(names):
        known.revoke(name)


def hit(workspace: wb.Workspace) -> dict[str, str]:
    sentence = workspace.detections("Dog")["sentence_id"][0]
    return {"tracker_id": workspace.trackers.get("Dog").id, "sentence_id": sentence}


def says(page: Page, workspace: wb.Workspace, note: str, **more: Any) -> str:
    """Says that a hit is wrong; the name that the page is told."""
    reply = page.ask("wrong", **hit(workspace), note=note, **more)
    assert reply["error"] is None, reply
    name: str = reply["result"]["by"]
    return name


def test_each_reader_has_a_name_of_their_own_and_none_that_of_who_started_the_server(server, workspace, queue, token):
    one, other = Reader(server.url, server.token), Reader(server.url, server.token)
    named = Reader(server.url, token(BEN))
    with one.page("tracker") as page:
        first = says(page, workspace, "first")
    with one.page("tracker") as page:
        assert says(page, workspace, "first again") == first
    with other.page("tracker") as page:
        second = says(page, workspace, "second")
    with named.page("tracker") as page:
        assert says(page, workspace, "of ben") == BEN
    assert re.fullmatch("reader [0-9a-f]{4}", first)
    assert queue() == sorted([(first, "first again"), (second, "second"), (BEN, "of ben")])


def test_a_page_cannot_take_another_name(server, workspace, queue, token):
    """Neither by the fields in which the server says it, nor by any other part of a message."""
    stamp = {"workbench_reader": ANN}
    with Reader(server.url, token(BEN)).page("tracker") as page:
        assert says(page, workspace, "a", metadata=stamp) == BEN
        assert says(page, workspace, "b", header={"username": "ann"}) == BEN
        for more in (stamp, {"by": "ann"}, {"sender": "ann"}, {"_sent_with": stamp}):
            assert page.ask("wrong", **hit(workspace), note="c", **more)["error"] is not None
        both = f'{{"workbench_reader": {{}}, "workbench_reader": {ANN}}}'.replace("'", '"')
        page.send("comm_msg", {"comm_id": page.widget, "data": {"method": "update", "state": {"_sent_with": both}}})
        assert says(page, workspace, "d") == BEN
    assert queue() == [(BEN, "d")]


def test_another_page_of_the_same_kernel_speaks_in_its_own_name(server, workspace, queue, token):
    """Whoever learns the name of somebody's kernel."""
    guest = Reader(server.url, server.token)
    with Reader(server.url, token(BEN)).page("tracker") as page:
        assert "/voila/render/" in guest.get(f"/?token={server.token}")[1]  # logs in
        with guest.socket(page.kernel) as connection:
            assert says(Page(connection, page.kernel), workspace, "of a guest") != BEN
        assert says(page, workspace, "of ben") == BEN
    assert len(queue()) == 2


@pytest.mark.parametrize("rights", ["read", "write"])
def test_a_token_for_rest_opens_no_dashboard(server, token, rights):
    text = token("a program", rights)
    assert "/login" in Reader(server.url).get(f"/voila/render/tracker.ipynb?token={text}")[1]
    assert Reader(server.url).log_in(text)[0] == 401


@pytest.mark.parametrize("wrong", ["", "x", "wbk_", "wbk_0123456789abcdef_x", "wbk_0123456789abcdef_é", "\ud800", "é"])
def test_what_is_no_token_opens_nothing(server, wrong):
    assert Reader(server.url).log_in(wrong.encode("utf-8", "replace").decode())[0] == 401


def test_tokens_can_be_typed(server, workspace, queue, token):
    one, ben = Reader(server.url), Reader(server.url)
    assert one.log_in(server.token)[1].endswith("/voila/render/none.ipynb")
    assert ben.log_in(f" {token(BEN)} ")[1].endswith("/voila/render/none.ipynb")
    with ben.page("tracker") as page:
        assert says(page, workspace, "") == BEN
    with one.page("tracker") as page:
        assert says(page, workspace, "").startswith("reader ")


def test_a_revoked_token_opens_nothing_and_closes_what_is_open(server, workspace, token):
    ben = Reader(server.url, token(BEN))
    with ben.page("tracker") as page:
        ApiTokenRepository(workspace.database).revoke(BEN)
        closed: list[str] = []

        def is_closed() -> bool:
            try:
                page.ask("poll")
            except Exception as error:  # noqa: BLE001, whatever a closed page says
                closed.append(repr(error))
            return bool(closed)

        wait_for(is_closed, "the connection to close", 60)
        assert "4403" in closed[0]
    wait_for(lambda: "/login" in ben.get("/voila/render/tracker.ipynb")[1], "the cookie to open nothing", 60)
    with pytest.raises(Exception, match="403"):
        ben.socket(page.kernel)


def test_in_a_server_of_jupyterhub_it_is_its_user(workspace: wb.Workspace, tmp_path: Path, queue: Any) -> None:
    hub = {"JUPYTERHUB_USER": "cleo", "JUPYTERHUB_SERVICE_PREFIX": "/user/cleo/", "WORKBENCH_USER": "ann"}
    where = ("--warm", "0", "--base-url", "/user/cleo/")
    with (
        dashboards(ROOT / "notebooks", workspace.path, tmp_path, *where, extra=hub) as running,
        Reader(running.url, running.token).page("tracker") as page,
    ):
        assert says(page, workspace, "by cleo") == "cleo"
    assert queue() == [("cleo", "by cleo")]


def test_a_server_that_is_started_for_others_on_jupyterhub_lends_nobody_its_name() -> None:
    environment = {"JUPYTERHUB_USER": "cleo", "JUPYTERHUB_SERVICE_PREFIX": "/user/cleo/"}
    assert hub_user_of(environment, "/user/cleo/dashboards/") == "cleo"
    assert hub_user_of(environment, "/") == hub_user_of({"JUPYTERHUB_USER": "cleo"}, "/") == ""


@pytest.mark.parametrize("warm", ["0", "1"])
def test_without_a_token_readers_are_told_apart_too(workspace, tmp_path, queue, warm):
    more = ("--no-token", "--warm", warm)  # a kernel that stands by began before anybody came
    with dashboards(ROOT / "notebooks", workspace.path, tmp_path, *more) as running:
        for note in ("one", "two"):
            with Reader(running.url).page("tracker") as page:
                says(page, workspace, note)
    assert sorted(note for _, note in queue()) == ["one", "two"]
