"""A workspace of somebody else's sends and spends nothing before its opener has agreed (F19)."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import warnings
from contextlib import closing

import pytest

import workbench as wb
from tests.support.chat_endpoint import finding, judging_endpoint
from tests.unit.small import conversations
from workbench.domain.errors import CannotWrite, JudgeUnavailable, UntrustedWorkspace, WorkspaceNotTrusted
from workbench.domain.user_folder import CONFIG, user_folder
from workbench.engine.encoders import HashingEncoder
from workbench.store.trust import NOTE, TRUST, forget, is_trusted, remember

ASKED = {"kind": "question", "question": "Is it too expensive?", "details": "“that is too expensive for us”"}


@pytest.fixture
def people(monkeypatch, tmp_path):
    """Who is at work: ``people("ann")`` sets whose folder agreements are kept in."""
    monkeypatch.delenv(TRUST, raising=False)

    def turn(name: str) -> None:
        monkeypatch.setenv(CONFIG, str(tmp_path / "people" / name))

    turn("ann")
    return turn


@pytest.fixture
def endpoint(monkeypatch):
    with judging_endpoint(monkeypatch, finding("expensive")) as found:
        yield found


def opened(folder, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UntrustedWorkspace)
        return wb.open(folder, encoder=HashingEncoder(), **options)


def telling(folder, url):
    """A workspace that sends what "Dog" finds to a webhook."""
    workspace = opened(folder)
    workspace.ingest(conversations(3))
    tracker = workspace.trackers.create("Dog", kind="keyword", words=["dog"])
    tracker.publish()
    workspace.streams.create("Dogs", trackers=["Dog"]).notify(webhook=url)
    return workspace


def more(workspace, name):
    workspace.ingest([call | {"id": f"{name}-{call['id']}"} for call in conversations(6, seed=3)])


@pytest.mark.usefixtures("state")
def test_what_one_has_made_is_trusted_from_the_start(people, receiver, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UntrustedWorkspace)
        workspace = telling(tmp_path / "w", receiver.url)
        more(workspace, "new")
        assert len(receiver.got) == 1
        more(wb.open(tmp_path / "w", encoder=HashingEncoder()), "newer")
    assert len(receiver.got) == 2
    note = user_folder() / NOTE
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert stat.S_IMODE(note.parent.stat().st_mode) == 0o700


@pytest.mark.usefixtures("state")
def test_what_somebody_else_has_made_sends_nothing_until_one_agrees(people, receiver, tmp_path):
    telling(tmp_path / "w", receiver.url)
    people("ben")
    with pytest.warns(UntrustedWorkspace, match=rf"send messages to {receiver.url.replace('?', '.')}.*workbench trust"):
        workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    more(workspace, "new")
    assert receiver.got == []
    assert len(workspace.detections("Dog")) > 0
    told = workspace.deliver()
    assert (told.sent, told.waiting) == (0, 1)
    assert "workbench trust" in told.reasons[0]
    (row,) = workspace.deliveries().to_dict("records")
    assert (row["state"], row["tries"]) == ("waiting", 0)
    assert "workbench trust" in row["failure"]
    shown = workspace.sending()
    assert receiver.url in str(shown)
    assert "has 1 message to send at once" in str(shown)
    assert not shown.trusted
    assert workspace.trust().trusted
    assert workspace.deliver().sent == 1
    assert len(receiver.got) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error", UntrustedWorkspace)
        wb.open(tmp_path / "w", encoder=HashingEncoder())


def test_the_workspace_s_own_addresses_are_told_nothing_until_one_agrees(people, receiver, tmp_path):
    opened(tmp_path / "w").notify(webhook=receiver.url)
    people("ben")
    with pytest.warns(UntrustedWorkspace, match="send messages to"):
        workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(3))
    workspace.trackers.create("Dog", kind="keyword", words=["dog"]).publish(past="all").wait()
    assert workspace.deliver().waiting == 1
    assert receiver.got == []
    workspace.trust()
    assert workspace.deliver().sent == 1


def test_nothing_is_asked_of_the_endpoint_until_one_agrees(people, endpoint, tmp_path):
    workspace = opened(tmp_path / "w")
    workspace.ingest(conversations(6))
    workspace.encode()
    workspace.credits.top_up(1_000_000)
    workspace.trackers.create("Price", judge="endpoint", **ASKED).publish(past="12 months").wait()
    workspace.metrics.create("Priced", source={"type": "question", "question": "Is it too expensive?"})
    asked = len(endpoint.requests)
    assert asked > 0
    people("ben")
    with pytest.warns(UntrustedWorkspace, match="ask your endpoint for 'Price'"):
        other = wb.open(tmp_path / "w", encoder=HashingEncoder())
    more(other, "new")
    publication = other.trackers.get("Price").active_version()
    assert "workbench trust" in publication.progress().waiting
    with pytest.raises(WorkspaceNotTrusted):
        other.trackers.get("Price").sample(3)
    with pytest.raises(WorkspaceNotTrusted):
        other.trackers.get("Price").publish()
    with pytest.raises(JudgeUnavailable, match="workbench trust"):
        other.metrics.ask("Priced", judge="endpoint")
    assert not [one for one in other.trackers.get("Price").refinements() if one.flaw == "endpoint"]
    assert len(endpoint.requests) == asked
    shown = str(other.sending())
    assert "asks the endpoint for 'Price': 6 calls wait" in shown
    assert "WORKBENCH_MAX_CREDITS sets no limit" in shown
    other.trust()
    other.catch_up()
    assert len(endpoint.requests) > asked
    assert not publication.progress().waiting


def test_a_workspace_that_is_moved_or_copied_by_its_owner_stays_trusted(people, receiver, tmp_path):
    workspace = telling(tmp_path / "w", receiver.url)
    workspace.close()
    shutil.move(tmp_path / "w", tmp_path / "moved")
    assert is_trusted(opened(tmp_path / "moved").database)
    shutil.copytree(tmp_path / "moved", tmp_path / "copied")
    copied = opened(tmp_path / "copied")
    assert is_trusted(copied.database)
    copied.streams.get("Dogs").notify(email="ann@example.org")
    assert is_trusted(opened(tmp_path / "copied").database)
    assert is_trusted(opened(tmp_path / "moved").database)


@pytest.mark.parametrize("how", ["elsewhere", "in its place", "into the very file"])
def test_one_that_comes_back_changed_is_another(people, receiver, tmp_path, how):
    """Somebody gets a copy, adds a recipient, and gives it back."""
    telling(tmp_path / "w", receiver.url).close()
    shutil.copytree(tmp_path / "w", tmp_path / "theirs")
    people("mallory")
    theirs = opened(tmp_path / "theirs")
    theirs.trust()
    theirs.streams.get("Dogs").notify(email="mallory@example.org")
    theirs.close()
    if how == "in its place":
        shutil.rmtree(tmp_path / "w")
        shutil.copytree(tmp_path / "theirs", tmp_path / "w")
    if how == "into the very file":  # as a file system that gives an inode away again would have it
        with closing(sqlite3.connect(tmp_path / "theirs" / "state.db")) as other:
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("PRAGMA user_version = 7")
            other.commit()
        for ending in ("-wal", "-shm"):
            (tmp_path / "w" / f"state.db{ending}").unlink(missing_ok=True)
        with (tmp_path / "w" / "state.db").open("r+b") as file:
            file.truncate()
            file.write((tmp_path / "theirs" / "state.db").read_bytes())
    people("ann")
    workspace = opened(tmp_path / ("theirs" if how == "elsewhere" else "w"))
    assert not is_trusted(workspace.database)
    more(workspace, "new")
    assert receiver.got == []


@pytest.mark.usefixtures("state")
def test_what_a_colleague_adds_to_a_shared_workspace_goes_out(people, receiver, tmp_path):
    workspace = telling(tmp_path / "w", receiver.url)
    people("ben")
    opened(tmp_path / "w").trust()
    opened(tmp_path / "w").streams.create("Again", trackers=["Dog"]).notify(webhook=receiver.url)
    people("ann")
    more(workspace, "new")
    assert len(receiver.got) == 2


def test_of_one_that_sends_nothing_nothing_is_asked_until_somebody_else_lets_it_send(people, receiver, tmp_path):
    opened(tmp_path / "w")
    people("ben")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UntrustedWorkspace)
        workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    assert workspace.trust().trusted
    forget(workspace.database)
    people("ann")
    telling(tmp_path / "w", receiver.url)
    people("ben")
    more(workspace, "new")
    assert receiver.got == []
    assert not is_trusted(workspace.database)


def test_who_first_lets_it_send_has_agreed(people, receiver, tmp_path):
    opened(tmp_path / "w")
    people("ben")
    workspace = telling(tmp_path / "w", receiver.url)
    more(workspace, "new")
    assert len(receiver.got) == 1


@pytest.mark.parametrize(("value", "trusted"), [("1", True), ("0", False), ("true", False), ("", False)])
def test_a_service_is_told_by_its_environment(people, receiver, tmp_path, monkeypatch, value, trusted):
    telling(tmp_path / "w", receiver.url)
    people("service")
    monkeypatch.setenv(TRUST, value)
    workspace = opened(tmp_path / "w")
    more(workspace, "new")
    assert len(receiver.got) == int(trusted)
    assert not (user_folder() / NOTE).exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_where_nothing_can_be_kept_the_owner_is_told_what_to_set(people, receiver, tmp_path):
    (tmp_path / "people").mkdir(mode=0o500)
    workspace = telling(tmp_path / "w", receiver.url)
    with pytest.raises(CannotWrite, match=CONFIG):
        workspace.trust()


def test_where_the_folder_is_no_folder_the_owner_is_told_what_to_set(people, receiver, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(CONFIG, str(tmp_path / "file" / "below"))
    workspace = telling(tmp_path / "w", receiver.url)
    assert not is_trusted(workspace.database)
    with pytest.raises(CannotWrite, match=f"{CONFIG}.*{TRUST}=1"):
        workspace.trust()


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "null", '{"workspaces": 5}', '{"workspaces": [5, null, {}]}', "[" * 100_000, "\x00\xff"]
)
def test_a_damaged_note_agrees_to_nothing_and_stops_nothing(people, receiver, tmp_path, note):
    workspace = telling(tmp_path / "w", receiver.url)
    (user_folder() / NOTE).write_text(note, encoding="latin-1")
    assert not is_trusted(workspace.database)
    remember(workspace.database)
    assert is_trusted(workspace.database)
    assert json.loads((user_folder() / NOTE).read_text())["workspaces"][-1]["authority"]


def test_an_agreement_can_be_taken_back(people, receiver, tmp_path):
    workspace = telling(tmp_path / "w", receiver.url)
    assert forget(workspace.database)
    assert not forget(workspace.database)
    more(workspace, "new")
    assert receiver.got == []


def test_live_webhooks_wait_too(people, receiver, tmp_path):
    import asyncio

    workspace = telling(tmp_path / "w", receiver.url)
    workspace.streams.create("Live", trackers=["Dog"]).notify(webhook=receiver.url, live=True)
    people("ben")
    other = opened(tmp_path / "w")

    async def heard():
        async with other.live("call-live") as call:
            await call.turn("my dog barks")

    asyncio.run(heard())
    other.close()
    assert receiver.got == []
    other.trust()
    assert other.deliver().sent >= 1


def test_a_workspace_of_an_older_version_asks_once(people, old_workspace, tmp_path):
    """Nobody can tell who has made it: it says so, goes on reading, and keeps what it would have sent."""
    if not old_workspace.sending():
        old_workspace.streams.list()[0].notify(email="ann@example.org")
        forget(old_workspace.database)
    folder = old_workspace.path
    old_workspace.close()
    with pytest.warns(UntrustedWorkspace, match="or by a version that stored no agreements"):
        again = wb.open(folder, user="ann")
    assert again.deliver().sent == 0
    again.trust()
    with warnings.catch_warnings():
        warnings.simplefilter("error", UntrustedWorkspace)
        wb.open(folder, user="ann")


def test_what_names_hold_steers_no_terminal(people, receiver, tmp_path):
    workspace = telling(tmp_path / "w", receiver.url)
    name = "'a' || char(27) || ']0;owned' || char(7) || char(10) || 'x'"
    with workspace.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE streams SET name = {name}")
        connection.exec_driver_sql("UPDATE channels SET target = 'http://x.example/' || char(27) || '[31m'")
    shown = str(workspace.sending())
    assert not any(one in shown for one in "\x1b\x07")
    assert "]0;owned" in shown
