"""A preview shows what an import would find, imports nothing, and names what is wrong."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from typer.testing import CliRunner

import workbench as wb
from tests.unit.corpus.formats.test_examples import EXAMPLES
from workbench.cli.app import app
from workbench.corpus.describing import describe
from workbench.corpus.file_reports import FileReports
from workbench.corpus.import_preview import MAX_PREVIEW_TURNS, preview_import
from workbench.domain import plain_json
from workbench.domain.conversations import Conversation, Turn


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


def test_a_preview_tells_format_speakers_sides_times_and_first_turns():
    preview = preview_import(EXAMPLES / "genesys_cloud.json")
    (call,), (file,) = preview.conversations, preview.files
    assert (preview.found, file.turns, file.speakers) == (1, 4, 2)
    assert "Genesys Cloud" in file.notes
    assert call.sides == {"internal": "company", "external": "customer"}
    assert call.words_per_second is not None
    assert 0.3 < call.words_per_second < 12
    assert len(call.first_turns) <= MAX_PREVIEW_TURNS
    assert "Fernhill" in str(preview)


def test_a_preview_of_a_file_that_is_none_tells_why():
    preview = preview_import(EXAMPLES / "negatives/geo.json")
    assert (preview.found, len(preview.problems)) == (0, 1)
    assert preview.problems[0].startswith("geo.json: ")
    with pytest.raises(FileNotFoundError):
        preview_import("nothing/there.json")


def test_a_dry_run_imports_nothing_and_makes_no_workspace(tmp_path):
    done = run("ingest", EXAMPLES / "grain.json", "--workspace", tmp_path / "w", "--dry-run")
    assert (done.exit_code, "Ada Kline" in done.output) == (0, True)
    assert not (tmp_path / "w").exists()
    told = json.loads(
        run("ingest", EXAMPLES / "grain.json", "--workspace", tmp_path / "w", "--dry-run", "--json").output
    )
    assert (told["found"], told["files"][0]["turns"]) == (1, 4)


def test_a_mapping_comes_from_a_file(tmp_path):
    (tmp_path / "odd.json").write_text(json.dumps({"x": [{"q": "Hi.", "w": "a"}, {"q": "Yes.", "w": "b"}]}))
    (tmp_path / "mapping.json").write_text(json.dumps({"path": "x", "text": "q", "speaker": "w"}))
    done = run(
        "ingest",
        tmp_path / "odd.json",
        "--mapping",
        tmp_path / "mapping.json",
        "--workspace",
        tmp_path / "w",
        "--dry-run",
    )
    assert "2 turns of a, b" in done.output


def test_the_report_tells_of_each_file_of_another_tool(tmp_path):
    report = wb.open(tmp_path / "w").ingest(EXAMPLES / "intercom.json")
    (file,) = report.files
    assert dict(file.left_out) == {"event": 2, "internal note": 1}
    assert "left out: 2 events, 1 internal note" in str(report)
    assert plain_json.loads(plain_json.dumps(asdict(report)))["files"][0]["name"] == "intercom.json"


def test_reports_count_what_is_unknown():
    reports = FileReports()
    turns = (Turn(text="a", party="x", start_s=1.0), Turn(text="b"))
    reports.add("f", "F", Conversation(id="c", turns=turns), {"event": 1}, ("times are milliseconds",))
    (file,) = reports.all()
    assert str(file) == (
        "f: F: 1 conversation, 2 turns, 1 speaker, 1 turn without speaker, 1 turn without time; left out: 1 event; "
        "times are milliseconds"
    )


@pytest.mark.parametrize(
    "file",
    sorted(one for one in EXAMPLES.iterdir() if one.is_file() and ".expected." not in one.name),
    ids=lambda one: one.name,
)
def test_a_description_has_no_word_that_was_said(file):
    told = describe(file)
    expected = EXAMPLES / f"{file.stem}.expected.json"
    if not expected.exists():
        return
    for conversation in json.loads(expected.read_text())["conversations"]:
        for turn in conversation["turn_list"]:
            for word in turn["text"].split():
                if len(word) > 8 and word.isalpha():
                    assert word not in told, word
        assert conversation.get("title") is None or conversation["title"] not in told


def test_a_description_shows_keys_and_types_but_no_key_that_is_data(tmp_path):
    file = tmp_path / "x.json"
    file.write_text(
        json.dumps({"by name": {"Ada Kline": {"at": "0:12"}}, "lines": [{"text": "Hi there", "n": 1}, {"n": None}]})
    )
    told = describe(file)
    assert "Ada" not in told
    assert "by name" not in told
    assert "text?: text" in told
    assert "at: text: time" in told
    assert run("describe", file).output.strip() == told


def test_a_damaged_file_is_described_with_a_reason(tmp_path):
    file = tmp_path / "x.json.gz"
    file.write_bytes(b"\x1f\x8b\x08\x00broken")
    done = run("describe", file)
    assert done.exit_code == 1
    assert "damaged" in done.output
