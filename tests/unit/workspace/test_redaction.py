"""Redaction as a workspace's default: kept with it, and used by every import that does not say otherwise."""

from __future__ import annotations

import asyncio
import sys
import threading

import pytest
from sqlalchemy import create_engine, text

import workbench as wb
from workbench.cli import main
from workbench.domain.errors import InvalidArgument, ReadOnlyWorkspace, WorkspaceDamaged
from workbench.engine.encoders import HashingEncoder
from workbench.resources.opening import STATE_FILE
from workbench.store.migrate import migrate, migrating
from workbench.workspace.watching import watch

SAID = "My name is Zofia, card 4111 1111 1111 1111."
CALL = {"id": "c1", "turns": [{"text": SAID}], "language": "en"}


@pytest.fixture
def ws(tmp_path):
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as opened:
        yield opened


def text_of(ws, call="c1"):
    return ws.lake.turns(call)[0].text


def test_what_is_set_is_kept_and_used_until_an_import_says_otherwise(ws, tmp_path):
    assert ws.redaction == ()
    ws.redaction = ["name", "card"]
    again = wb.Workspace(tmp_path / "w", HashingEncoder())
    assert again.redaction == ("card", "name")
    report = again.ingest([CALL])
    assert report.redacted == {"card": 1, "name": 1}
    assert text_of(again) == "My name is [NAME], card [CARD]."
    again.ingest([CALL | {"id": "c2"}], redact=False)
    assert text_of(again, "c2") == SAID
    again.redaction = False
    assert ws.redaction == ()


def test_only_kinds_can_be_set_and_only_where_it_may_be_written(ws, tmp_path):
    with pytest.raises(InvalidArgument, match="redact: must be some of"):
        ws.redaction = ["cards"]
    ws.redaction = True
    reader = wb.Workspace(tmp_path / "w", HashingEncoder(), read_only=True)
    with pytest.raises(ReadOnlyWorkspace):
        reader.redaction = False
    assert reader.redaction == ("email", "iban", "card", "phone", "name")


@pytest.mark.parametrize("value", ['"card"', '["cards"]', "{}", "not JSON", "[[]]", "7"])
def test_a_setting_that_cannot_be_read_lets_nothing_in_unredacted(ws, value):
    with ws.database.begin() as connection:
        connection.execute(text("INSERT INTO settings (name, value) VALUES ('redaction', :value)"), {"value": value})
    with pytest.raises(WorkspaceDamaged, match="set it again"):
        ws.ingest([CALL])
    assert not len(ws.lake.conversations())
    ws.redaction = "card"
    assert ws.redaction == ("card",)


def test_live_calls_are_redacted_before_anything_is_written(ws):
    ws.redaction = True

    async def speak():
        about = {"language": "en", "title": "Ann Lee, 4111 1111 1111 1111", "parties": [{"id": "a", "name": "Ann Lee"}]}
        async with ws.live("c1", **about) as call:
            await call.turn("My name is Zof", id="1", final=False)
            await call.turn(SAID, id="1")
            await call.turn("hello ann and zofia", "a")

    asyncio.run(speak())
    turns = [turn.text for turn in ws.lake.turns("c1")]
    assert turns == ["My name is [NAME], card [CARD].", "hello [NAME] and [NAME]"]
    assert ws.lake.card("c1").title == "[NAME], [CARD]"
    journals = b"".join(file.read_bytes() for file in (ws.path / "live").glob("*.jsonl"))
    assert b"[CARD]" in journals
    assert b"4111" not in journals
    assert b"Zofia" not in journals


def test_watched_files_are_redacted(ws, tmp_path):
    folder, stop = tmp_path / "in", threading.Event()
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "c1", "turns": [{"text": "card 4111 1111 1111 1111"}]}')
    reports = []

    def report(one):
        reports.append(one)
        stop.set()

    watch(ws, folder, stop, report, poll_s=0.01, redact="card")
    assert reports[0].redacted == {"card": 1}
    assert text_of(ws) == "card [CARD]"


def test_the_command_line_sets_shows_and_reports_it(ws, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", HashingEncoder)
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": "c1", "turns": [{"text": "card 4111 1111 1111 1111, a.b@example.com"}]}')

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, "".join(capsys.readouterr())

    assert run("redaction", "-w", ws.path) == (0, "nothing\n")
    assert run("redaction", "card,email", "-w", ws.path) == (0, "email, card\n")
    assert "imports redact email, card" in run("check", "-w", ws.path)[1]
    code, said = run("ingest", file, "-w", ws.path, "--json")
    assert code == 0
    assert '"redacted": {"email": 1, "card": 1}' in said
    assert run("ingest", file, "-w", ws.path, "--redact", "cards")[0] == 1
    assert "0 added, 1 unchanged, 0 rejected" in run("ingest", file, "-w", ws.path, "--redact", "card,email")[1]


def test_a_workspace_of_an_earlier_version_redacts_nothing_until_it_is_set(tmp_path):
    folder = tmp_path / "older"
    folder.mkdir()
    (folder / "corpus").mkdir()
    engine = create_engine(f"sqlite:///{folder / STATE_FILE}")
    with migrating(engine) as own:
        migrate(own, "0017")
    engine.dispose()
    with wb.Workspace(folder, HashingEncoder()) as opened:
        assert opened.redaction == ()
        opened.redaction = "phone"
        assert opened.redaction == ("phone",)
