"""The command line: what it prints, and its exit codes: 0 done, 1 failed, 2 wrong usage."""

from __future__ import annotations

import io
import json
import sys

import pandas as pd
import pytest
from typer.main import get_command

from tests.unit.small import LABEL, conversations, ready, write
from workbench.cli import app as cli

COMMANDS = sorted(get_command(cli.app).commands)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return ready(tmp_path_factory.mktemp("w"))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(workbench, command):
    code, out, _ = workbench(command, "--help")
    assert code == 0
    assert f"workbench {command}" in out


@pytest.mark.parametrize(
    "wrong", [["nothing"], ["ingest"], ["detections"], ["encode", "--what"], ["ingest", "/nowhere"]]
)
def test_wrong_usage_is_told(workbench, wrong):
    code, _, error = workbench(*wrong)
    assert code == 2
    assert "Usage" in error
    assert "Traceback" not in error


def test_a_file_with_nothing_good_fails_and_names_file_and_line(workbench, tmp_path):
    file = tmp_path / "calls.jsonl"
    file.write_text('\n{"id": "a"}\n')
    code, out, _ = workbench("ingest", file, "-w", tmp_path / "w")
    assert code == 1
    assert "calls.jsonl, line 2: turns: missing" in out


def test_what_is_good_goes_in_and_the_rest_is_named(workbench, tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    write(folder / "good.jsonl", conversations(3))
    (folder / "odd.jsonl").write_text("{")
    code, out, _ = workbench("ingest", folder, "-w", tmp_path / "w", "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["added"], told["unchanged"]) == (3, 0)
    assert [(r["name"], r["line"]) for r in told["rejected"]] == [("odd.jsonl", 1)]
    repaired = [{"name": "odd.jsonl", "line": 1, "what": "turns.0.start_s: -2 is negative; 0 was used"}]
    write(tmp_path / "odd.jsonl", [{"id": "odd", "turns": [{"text": "Yes.", "start_s": -2}]}])
    code, out, _ = workbench("ingest", tmp_path / "odd.jsonl", "-w", tmp_path / "other", "--json")
    assert (code, json.loads(out)["repaired"]) == (0, repaired)
    code, out, _ = workbench(
        "ingest", tmp_path / "odd.jsonl", "-w", tmp_path / "other", "--prefix", "site-a/", "--json"
    )
    assert (json.loads(out)["added"], json.loads(out)["notes"][0]["what"]) == (1, "'site-a/odd' says the same as 'odd'")
    code, out, _ = workbench("ingest", tmp_path / "odd.jsonl", "-w", tmp_path / "another")
    assert "1 added, 0 unchanged, 0 rejected, 1 repaired\n  odd.jsonl, line 1: turns.0.start_s: -2" in out
    code, out, _ = workbench("ingest", folder / "good.jsonl", "-w", tmp_path / "w")
    assert (code, out.splitlines()[0]) == (0, "0 added, 3 unchanged, 0 rejected")


def test_encoding_goes_on_where_it_was(workbench, tmp_path):
    write(tmp_path / "calls.jsonl", conversations(3))
    assert workbench("ingest", tmp_path / "calls.jsonl", "-w", tmp_path / "w")[0] == 0
    code, out, _ = workbench("encode", "-w", tmp_path / "w", "--json")
    assert code == 0
    assert 30 < json.loads(out)["encoded"] <= 36
    assert workbench("encode", "-w", tmp_path / "w")[:2] == (0, "0 texts encoded\n")


def test_detections_as_csv_and_as_json(workbench, workspace):
    code, out, error = workbench("detections", "Price", "-w", workspace.path)
    assert (code, out) == (1, "")
    assert "never published" in error
    assert "--draft" in error
    expected = workspace.draft_detections("Price")
    code, out, _ = workbench("detections", "Price", "--draft", "-w", workspace.path)
    table = pd.read_csv(io.StringIO(out))
    assert code == 0
    assert list(table.columns) == list(expected.columns)
    assert list(table.text) == list(expected.text)
    code, out, _ = workbench(
        "detections", workspace.trackers.get("Price").id, "--draft", "-w", workspace.path, "--json"
    )
    rows = json.loads(out)
    assert [row["sentence_id"] for row in rows] == list(expected.sentence_id)
    assert [row["score"] for row in rows] == pytest.approx(list(expected.score))


def test_what_a_person_can_mend_is_one_line(workbench, workspace):
    code, out, error = workbench("detections", "Prices", "-w", workspace.path)
    assert (code, out) == (1, "")
    assert error == "workbench: no tracker has the id or name 'Prices'\n"


def test_publishing_into_a_stream_and_catching_up(workbench, tmp_path):
    workspace = ready(tmp_path / "w")
    code, out, _ = workbench("publish", "Price", "--stream", "Pricing", "--past", "1 month", "-w", workspace.path)
    assert (code, out.startswith("version 1: ")) == (0, True)
    assert [message.kind for message in workspace.messages()] == ["summary"]
    workspace.streams.get("Pricing").notify(webhook="http://localhost:1/")
    calls = [{**call, "id": f"new-{call['id']}"} for call in conversations(20, seed=9)]
    workspace.ingest(calls, detect=False)
    code, out, _ = workbench("catch-up", "-w", workspace.path, "--json")
    told = json.loads(out)
    assert (code, told["conversations"], told["messages"]["failed"]) == (0, 20, 1)
    assert "private address" in told["messages"]["reasons"][0]
    code, out, _ = workbench("catch-up", "-w", workspace.path)
    assert "messages: 0 sent, 0 waiting, 0 failed" in out


def test_what_stays_and_is_read_is_said_before_publishing(workbench, tmp_path, monkeypatch):
    workspace = ready(tmp_path / "w")
    where = ("publish", "Price", "--past", "all", "-w", workspace.path)
    reads = "Version 1 reads 80 past calls. Upcoming calls are read as they arrive.\n"
    assert workbench(*where, "--dry-run") == (0, reads, "")
    plan = workspace.trackers.get("Price").publish_plan("all")
    assert json.loads(workbench(*where, "--dry-run", "--json")[1]) == plan.to_dict()
    assert not workspace.trackers.get("Price").publications()
    for answer, published in (("n", 0), ("y", 1)):
        terminal = io.StringIO(f"{answer}\n")
        terminal.isatty = lambda: True
        monkeypatch.setattr(sys, "stdin", terminal)
        code, _, error = workbench(*where)
        assert (code, error.startswith(reads)) == (1 - published, True)
        assert len(workspace.trackers.get("Price").publications()) == published
    monkeypatch.setattr(sys, "stdin", terminal)  # at its end: a question would fail
    code, out, error = workbench(*where, "--yes")
    assert (code, out.startswith("version 2: "), "nothing has to be read again" in error.lower()) == (0, True, True)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    told = json.loads(workbench(*where, "--json")[1])
    assert (told["plan"]["kept"], told["plan"]["to_read"], told["version"]) == (80, 0, 3)


def test_a_tracker_goes_to_a_file_and_into_another_workspace(workbench, tmp_path):
    workspace = ready(tmp_path / "w", rounds=2)
    file = tmp_path / "price.tracker"
    code, _, error = workbench("export", "Price", file, "-w", workspace.path)
    assert (code, "publish it first" in error) == (1, True)
    workspace.trackers.get("Price").publish()
    assert workbench("export", "Price", file, "--no-answers", "-w", workspace.path)[:2] == (0, f"{file}\n")
    code, out, _ = workbench("import", file, "--name", "Cost", "-w", tmp_path / "other")
    assert (code, out.splitlines()[0]) == (0, "Cost: imported as a draft; publish it to use it")
    assert out.splitlines()[1].startswith("measured on another corpus: precision ")
    code, _, error = workbench("import", file, "--name", "Cost", "-w", tmp_path / "other")
    assert (code, "--name" in error) == (1, True)


def test_simulate_writes_its_runs_and_shows_a_table(workbench, tmp_path):
    corpus = write(tmp_path / "calls.jsonl", conversations(40))
    asked = ["--label", LABEL, "--rounds", 1, "--seeds", 2, "--recipe", "default", "--recipe", "random"]
    code, out, _ = workbench("simulate", "--corpus", corpus, *asked, "--unit", "turn", "--json", tmp_path / "out.json")
    assert code == 0
    runs = json.loads((tmp_path / "out.json").read_text())
    assert [(r["recipe"], r["seed"]) for r in runs] == [("default", 0), ("default", 1), ("random", 0), ("random", 1)]
    assert out.count(LABEL) == 2
    assert out.count(" mean ") == 2


@pytest.mark.parametrize(
    ("more", "code", "reason"),
    [
        (["--label", "cost"], 1, f"known are {LABEL}"),
        (["--label", LABEL, "--recipe", "best"], 1, "recipe: must be one of"),
        (["--label", LABEL, "--side", "vendor"], 1, "side: must be one of company, customer, anyone, not 'vendor'"),
        (["--label", LABEL, "--unit", "word"], 2, "must be turn or sentence"),
        (["--label", LABEL, "--rounds", "0"], 2, "--rounds"),
        ([], 2, "--label"),
    ],
)
def test_simulate_says_what_it_cannot_do(workbench, tmp_path, more, code, reason):
    corpus = write(tmp_path / "calls.jsonl", conversations(6))
    ended, _, error = workbench("simulate", "--corpus", corpus, *more)
    assert ended == code
    assert reason in " ".join(error.replace("│", " ").split())
    assert "Traceback" not in error


def test_the_lab_listens_on_this_machine_for_the_notebooks(workbench, monkeypatch, tmp_path):
    started = []

    def execv(program, arguments):
        started.extend(arguments)
        raise SystemExit(0)

    monkeypatch.setattr("workbench.cli.app.os.execv", execv)
    assert workbench("lab", "--notebooks", tmp_path, "--port", "8123")[0] == 0
    assert started[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--port=8123" in started
    assert any(str(tmp_path) in argument for argument in started)


def test_without_notebooks_there_is_nothing_to_open(workbench, monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "cli.py"))
    code, _, error = workbench("lab", "--notebooks", tmp_path / "nowhere")
    assert code == 2
    assert "no folder " in " ".join(error.replace("│", " ").split())
