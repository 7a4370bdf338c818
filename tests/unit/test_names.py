"""Every name is cleaned by one function, by whatever way it comes; what older workspaces hold is printed escaped."""

from __future__ import annotations

import ast
import json
import re
import sys
import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from typer.testing import CliRunner

import workbench as wb
from tests.unit import small
from tests.unit.small import ROOT
from workbench.cli import app as cli
from workbench.domain.annotators import checked_user
from workbench.domain.names import clean_name
from workbench.domain.rules import name_rule
from workbench.engine.encoders import HashingEncoder
from workbench.store.api_tokens import ApiTokenRepository
from workbench.store.tables import api_tokens as tokens_table
from workbench.store.tables import trackers as trackers_table

HIDDEN = [
    one for one in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp", "Cs")
]
HOSTILE = "Pri\u200bce\x1b]0;owned\x07 \u202eecirP\u2066"
CLEAN = "Price ]0;owned ecirP"
CHECKS = [name_rule, checked_user]


@pytest.fixture
def workspace(tmp_path):
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


@pytest.fixture
def command(monkeypatch):
    """Runs a command; gives its output and error output together, and fails where any of it is not escaped."""
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", HashingEncoder)

    def call(*arguments):
        done = CliRunner().invoke(cli.app, [*map(str, arguments)], catch_exceptions=False)
        assert not set(done.output) & set(HIDDEN) - set("\n\r"), done.output  # bars of progress return
        return done.output

    return call


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.__name__)
def test_no_control_or_format_character_passes_any_check(check):
    for one in HIDDEN:
        kept = check(f"Pri{one}ce talk{one}")
        assert kept == clean_name(f"Pri{one}ce talk"), ascii(one)
        assert one not in kept, ascii(one)


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.__name__)
@settings(max_examples=50)
@given(st.text(st.sampled_from(HIDDEN), max_size=20))
def test_a_name_of_nothing_that_can_be_seen_is_refused(check, name):
    with pytest.raises(ValueError if check is name_rule else wb.WorkbenchError):
        check(name)


def test_names_are_cleaned_by_whatever_way_they_come(workspace, tmp_path):
    made = workspace.trackers.create(HOSTILE, kind="keyword", words=["dog"])
    assert made.name == CLEAN
    other = workspace.trackers.create("Other", kind="keyword", words=["dog"])
    other.update(name=f"{HOSTILE} 2")
    assert workspace.trackers.get(other.id).name == f"{CLEAN} 2"
    item = {"name": f"{HOSTILE} 3", "kind": "keyword", "settings": {"words": ["dog"]}}
    assert [one.name for one in workspace.trackers.from_json(text=json.dumps([item])).trackers] == [f"{CLEAN} 3"]
    text = f'name,kind,words\n"{HOSTILE} 4",keyword,dog\n'.replace("\x1b", "\x9b")
    assert [one.name for one in workspace.trackers.from_csv(text=text).trackers] == [f"{CLEAN} 4"]
    assert workspace.trackers.from_ready_made("greeting", name=f"{HOSTILE} 5").name == f"{CLEAN} 5"
    assert workspace.boards.create(HOSTILE, [made.id], target=0.5).name == CLEAN
    playbook = workspace.playbooks.create(HOSTILE, {f"{HOSTILE} 6": [made.id]})
    assert (playbook.name, playbook.items[0].name) == (CLEAN, f"{CLEAN} 6")
    stream = workspace.streams.create(HOSTILE, trackers=[made.id])
    assert stream.name == CLEAN
    assert workspace.alerts.create(HOSTILE, made.id, threshold=2).name == CLEAN
    metric = workspace.metrics.create(HOSTILE, kind="categorical", categories=[f"{HOSTILE} a", "b"])
    assert (metric.name, metric.categories) == (CLEAN, (f"{CLEAN} a", "b"))
    assert workspace.metrics.get(CLEAN).categories == (f"{CLEAN} a", "b")
    assert ApiTokenRepository(workspace.database).create(HOSTILE, "read")[0].name == CLEAN


def test_names_in_calls_are_cleaned_and_what_was_said_is_not(workspace):
    party = {"id": "c", "side": "customer", "name": HOSTILE, "team": HOSTILE}
    call = {"id": "call", "title": HOSTILE, "account": HOSTILE, "team": HOSTILE, "parties": [party]}
    call |= {"deal": {"id": "D", "stage": HOSTILE}, "turns": [{"party": "c", "text": "It\u200bis\u202e so."}]}
    assert workspace.ingest([call]).added == 1
    card = workspace.lake.card("call")
    assert {card.title, card.account, card.team, card.deal_stage, card.parties[0].name, card.parties[0].team} == {CLEAN}
    assert workspace.lake.turns("call")[0].text == "It\u200bis\u202e so."
    assert workspace.ingest([call]).unchanged == 1


@pytest.mark.parametrize("field", ["id", "party"])
def test_an_id_that_steers_terminals_is_refused_as_its_clean_form_may_belong_to_another(workspace, field):
    call = {"id": "call", "parties": [{"id": "c"}], "turns": [{"party": "c", "text": "So."}]}
    if field == "id":
        call["id"] = "call\x1b"
    else:
        call["parties"][0]["id"] = call["turns"][0]["party"] = "c\x1b"
    report = workspace.ingest([call])
    assert report.added == 0
    assert "must not contain control characters" in report.rejected[0].reason
    assert workspace.lake.size == 0


def test_a_name_in_a_trackers_file_is_cleaned(tmp_path):
    home = small.ready(tmp_path / "home", rounds=1)
    with home.database.begin() as connection:  # as an older version has kept it
        connection.execute(update(trackers_table).values(name=HOSTILE))
    tracker = home.trackers.list()[0]
    tracker.publish()
    file = tracker.export(tmp_path / "price.tracker")
    away = wb.open(tmp_path / "away", encoder=HashingEncoder())
    assert away.trackers.import_file(file).name == CLEAN


def test_commands_print_old_names_and_names_of_files_escaped(command, workspace, tmp_path):
    workspace.trackers.create("Dog", kind="keyword", words=["dog"])
    ApiTokenRepository(workspace.database).create("reports", "read")
    with workspace.database.begin() as connection:  # as an older version has kept them
        connection.execute(update(trackers_table).values(name=HOSTILE))
        connection.execute(update(tokens_table).values(name=HOSTILE))
    where = ("-w", workspace.path)
    assert "Pri\\u200bce\\x1b]0;owned\\x07 \\u202e" in command("trackers", "list", *where)
    command("trackers", "list", "--json", *where)
    assert "\\x1b]0;owned" in command("tokens", "list", *where)
    command("tokens", "list", "--json", *where)
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / "a\x1b[31m\n9 added, 0 unchanged, 0 rejected.jsonl").write_text('{"id": "\\u001b[31m", "turns": 1}\n')
    told = command("ingest", folder, *where)
    shown = "a\ufffd[31m\ufffd9 added, 0 unchanged, 0 rejected.jsonl, line 1"
    assert [line for line in told.split("\n") if shown in line]
    assert not [line for line in told.split("\n") if line.startswith("9 added")]
    bad = folder / "b\x1b.csv"
    bad.write_text("name,kind,words\nx\x1b,\x1bno,dog\n")
    command("trackers", "import", "--skip", bad, *where)
    command("trackers", "export", folder / "c\x1b.json", *where)
    assert "\\x1b" in command("trackers", "delete", workspace.trackers.list()[0].id, *where)


def test_detections_are_printed_without_what_steers_a_terminal(command, workspace):
    said = "My dog\x1b[31m barks\u202e at Khmer\u200bwords"
    workspace.ingest([{"id": "a", "scope": "external", "turns": [{"text": said}]}])
    tracker = workspace.trackers.create("Dog", kind="keyword", words=["dog"])
    tracker.publish(past="12 months").wait()
    done = CliRunner().invoke(cli.app, ["detections", "Dog", "-w", str(workspace.path)], catch_exceptions=False)
    assert "My dog\\x1b[31m barks\\u202e at Khmer\u200bwords" in done.output


def test_commands_print_by_the_functions_that_escape():
    files = sorted((ROOT / "workbench" / "cli").glob("*.py"))
    assert len(files) > 4
    for file in files:
        if file.name == "output.py":
            continue
        calls = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        raw = [ast.unparse(one) for one in calls if ast.unparse(one) in ("print", "typer.echo", "typer.secho")]
        assert not raw, f"{file.name}: print with workbench.cli.output, which escapes what names and files hold"


WIRE = ROOT / "workbench" / "widgets" / "protocol"  # literals as they stand in messages, from which TypeScript is made


def test_every_public_class_and_every_shared_type_has_a_name_of_its_own():
    """One name, one thing: what is needed in several places is imported from one."""
    places: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "workbench").rglob("*.py")):
        for node in ast.parse(file.read_text()).body:
            name = ""
            if isinstance(node, ast.ClassDef):
                name = node.name
            elif isinstance(node, ast.Assign | ast.AnnAssign) and not file.is_relative_to(WIRE):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                name = targets[0].id if isinstance(targets[0], ast.Name) else ""
            if re.fullmatch(r"[A-Z][a-z]\w*", name):
                places[name].append(str(file.relative_to(ROOT)))
    assert not {name: found for name, found in places.items() if len(found) > 1}
