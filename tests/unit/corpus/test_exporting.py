"""The corpus as a file: an import of it finds nothing new, and another workspace gets the same."""

from __future__ import annotations

import gzip
import json

import pytest

import workbench as wb
from tests.unit.small import ROOT
from workbench.domain.errors import InvalidArgument
from workbench.engine.encoders import HashingEncoder
from workbench.results.table_files import write_table

FULL = {
    "id": "full", "kind": "email", "title": "=1 x", "started": "2024-03-01T10:00:00.5Z", "duration_s": 60.5,
    "direction": "inbound", "channel": "telephony", "scope": "external", "language": "de", "account": "Äcme",
    "team": "T", "thread": "th", "deal": {"id": "d", "stage": "won", "amount": 1.5, "outcome": "won"},
    "fields": {"a": 1, "b": 2.5, "c": True, "d": "x"},
    "parties": [{"id": "p", "name": "Pia", "side": "customer", "team": "N", "email": "p@x.org"}],
    "turns": [
        {"party": "p", "text": "Zu teuer.  Wirklich!\n", "start_s": 0.25, "end_s": 2, "labels": ["price"],
         "spans": [{"label": "price", "start": 0, "end": 8}]},
        {"text": "Hm"},
    ],
}  # fmt: skip


def test_a_call_with_a_recording_comes_back_unchanged(tmp_path):
    (tmp_path / "calls" / "audio").mkdir(parents=True)
    (tmp_path / "calls" / "audio" / "a.wav").write_bytes(b"RIFF")
    call = {"id": "a", "media": "audio/a.wav", "turns": [{"text": "Hello.", "start_s": 1.0, "end_s": 2.0}]}
    (tmp_path / "calls" / "a.jsonl").write_text(json.dumps(call))
    with wb.open(tmp_path / "w", encoder=HashingEncoder()) as ws:
        ws.ingest(tmp_path / "calls")
        exported = ws.export_corpus(tmp_path / "out.jsonl")
        report = ws.ingest(exported)
        assert (report.unchanged, report.changed, report.added) == (1, 0, 0)
        again = ws.ingest(tmp_path / "calls")
        assert (again.unchanged, again.changed) == (1, 0)
        call["turns"][0]["end_s"] = 3.0
        (tmp_path / "calls" / "a.jsonl").write_text(json.dumps(call))
        assert ws.ingest(tmp_path / "calls").changed == 1


def rows(ws):
    """All that a corpus holds of its sentences."""
    return (
        ws.lake.pool().select(["row", "id", "text_key", "before_key"]).to_pylist(),
        ws.lake.labels()["labels"].to_pylist(),
    )


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_what_is_exported_is_unchanged_where_it_came_from_and_the_same_elsewhere(tmp_path, name):
    ws = wb.open(tmp_path / "w")
    ws.ingest([FULL, {"id": "empty", "turns": []}, {"id": "two", "turns": [{"text": "Hi. Bye."}]}])
    file = ws.export_corpus(tmp_path / name)
    text = gzip.decompress(file.read_bytes()) if name.endswith("gz") else file.read_bytes()
    assert [json.loads(line)["id"] for line in text.splitlines()] == ["full", "empty", "two"]
    report = ws.ingest(file)
    assert (report.added, report.unchanged, report.changed, report.rejected) == (0, 3, 0, ())
    other = wb.open(tmp_path / "other")
    assert other.ingest(file).added == 3
    assert rows(other) == rows(ws)
    assert other.export_corpus(tmp_path / "again.jsonl").read_bytes() == text


def test_the_sample_corpus_is_unchanged(tmp_path):
    ws = wb.open(tmp_path / "w")
    ws.ingest([ROOT / "sample_corpus" / "calls-2026-h1.jsonl", ROOT / "sample_corpus" / "emails.jsonl"])
    report = ws.ingest(ws.export_corpus(tmp_path / "all.jsonl"))
    assert (report.added, report.rejected) == (0, ())
    assert report.unchanged >= ws.lake.size - 1  # one has a time that an import repairs
    assert ws.ingest(ws.export_corpus(tmp_path / "again.jsonl")).unchanged == ws.lake.size


def test_filters_choose_conversations(tmp_path):
    ws = wb.open(tmp_path / "w")
    ws.ingest([{"id": name, "team": name, "turns": [{"text": "Hi."}]} for name in "ab"])
    file = ws.export_corpus(tmp_path / "b.jsonl", wb.Filters(teams=("b",), scope="any"))
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["b"]
    with pytest.raises(InvalidArgument, match=r"must end with .jsonl or .jsonl.gz"):
        ws.export_corpus(tmp_path / "b.json")


def test_detections_come_out_as_parquet_and_csv(tmp_path):
    import pandas as pd

    ws = wb.open(tmp_path / "w")
    ws.ingest([FULL | {"scope": None, "kind": "call", "channel": None}])
    ws.trackers.create("T", kind="keyword", words=["teuer"], filters=wb.Filters(scope="any")).publish("all").wait()
    found = ws.detections("T")
    assert len(found) == 1
    read = pd.read_parquet(ws.export_detections("T", tmp_path / "t.parquet"))
    pd.testing.assert_frame_equal(read, found, check_dtype=False)
    assert wb.read_csv(ws.export_detections("T", tmp_path / "t.csv"))["title"].tolist() == found["title"].tolist()
    with pytest.raises(InvalidArgument, match=r"must end with .parquet or .csv"):
        write_table(found, tmp_path / "t.txt")
