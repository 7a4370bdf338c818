"""``workbench live``: turns in, events out, exit codes."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from functools import partial

import pytest

from tests.support.patience import PATIENCE_S
from tests.unit.small import ROOT, conversations
from workbench.cli import app as cli
from workbench.domain.live import LiveState
from workbench.engine.encoders import HashingEncoder
from workbench.workspace.workspace import Workspace


@pytest.fixture
def live(tmp_path, monkeypatch, capsys):
    """Runs the command with this standard input; gives exit code, output and error output."""
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", HashingEncoder)
    workspace = Workspace(tmp_path / "w")
    workspace.ingest(conversations(3))
    workspace.trackers.create("Dogs", kind="keyword", words=["dog"]).publish()

    def call(*arguments, lines=()):
        text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        monkeypatch.setattr(sys, "argv", ["workbench", "live", *map(str, arguments), "-w", str(tmp_path / "w")])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    call.workspace = workspace
    return call


def test_turns_come_in_and_events_go_out(live, tmp_path):
    (tmp_path / "about.json").write_text(json.dumps({"id": "other", "account": "Acme", "scope": "external"}))
    code, out, err = live(
        "new",
        "--json",
        "--about",
        tmp_path / "about.json",
        lines=[
            {"party": {"id": "a", "name": "Ann", "side": "customer"}},
            {"id": "1", "text": "my dog", "party": "a", "final": False},
            "",
            "{half",
            '["no", "turn"]',
            {"party": {"name": "Nobody"}},
            {"party": {"id": "b", "side": "boss"}},
            {"id": "1", "text": "my dogs", "party": "a", "start_s": 61},
        ],
    )
    events = [json.loads(line) for line in out.splitlines()]
    assert [one.get("kind") for one in events] == ["found", "confirmed", None]
    assert (events[1]["speaker"], events[1]["text"]) == ("Ann", "my dogs")
    assert (events[2]["call_id"], events[2]["found"]) == ("new", 1)
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "invalid JSON", "not a JSON object; give a turn or a party", "party", "side",
    ]  # fmt: skip
    assert code == 0
    assert live.workspace.lake.card("new").account == "Acme"
    assert len(live.workspace.detections("Dogs")) == 1


def test_for_people_it_is_a_line_an_event(live):
    code, out, _ = live("new", lines=[{"id": "1", "text": "my dog", "start_s": 61}])
    assert (code, out) == (0, "1:01 Dogs found: Unknown speaker: “my dog”\n1 found\n")


def test_a_recorded_call_is_played(live):
    code, out, _ = live("call-1", "--replay", "--speed", "100", "--json")
    assert code == 0
    assert json.loads(out.splitlines()[-1])["settled"] == 0
    assert live.workspace.lake.size == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["call-1"], "already recorded"),
        (["nobody", "--replay"], "has no conversation"),
        (["call-1", "--replay", "--speed", "200"], "from 1 to 100"),
    ],
)
def test_what_cannot_be_done_is_said(live, arguments, told):
    code, out, err = live(*arguments)
    assert (code, out) == (1, "")
    assert told in err


@pytest.mark.parametrize(
    ("text", "told"), [("{", "invalid JSON"), ("[]", "must be one JSON object"), ('{"x": 1}', "x")]
)
def test_a_file_about_the_call_that_cannot_be_used_is_named(live, tmp_path, text, told):
    (tmp_path / "about.json").write_text(text)
    code, _, err = live("new", "--about", tmp_path / "about.json")
    assert code == 1
    assert told in err


def test_an_interruption_leaves_the_call_to_be_taken_up_again(live, tmp_path):
    """At once, though standard input stays open."""
    command = [sys.executable, "-m", "workbench.cli.app", "live", "new", "-w", str(tmp_path / "w")]
    pipe = subprocess.PIPE
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # what runs in the background may ignore it
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True, preexec_fn=heard)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"id": "1", "text": "my dog"}) + "\n")
    process.stdin.flush()
    assert "Dogs found" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_S) != 0
    (journal,) = live.workspace.live.journals()
    assert journal.state is LiveState.LEFT
    code, out, _ = live("new", lines=[{"id": "2", "text": "another dog"}])
    assert (code, out.splitlines()[-1]) == (0, "2 found")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "9" * 400])
def test_numbers_that_are_none_are_told_and_left_out(live, number):
    """F16: a number of 400 digits ended the call."""
    lines = [f'{{"id": "1", "text": "my dog", "start_s": {number}}}', {"id": "2", "text": "my dog", "start_s": 3}]
    code, out, err = live("new", "--json", lines=lines)
    assert code == 0
    assert [json.loads(line).get("kind") for line in out.splitlines()] == ["found", None]
    assert len(err) < 200
