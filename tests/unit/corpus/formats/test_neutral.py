"""The neutral format: each broken rule is named with its file, line and field, and the rest goes in (C2)."""

from __future__ import annotations

import gzip
import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.formats.neutral_model import from_json, to_json
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.conversations import Conversation, Deal, LabelSpan, Party, Turn

GOOD = {"id": "good", "turns": [{"text": "Yes."}]}


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def bad(**changes):
    return GOOD | {"id": "bad"} | changes


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (bad(id=""), "id: must not be empty"),
        (bad(id=5), "id: must be text"),
        ({"id": "bad"}, "turns: missing"),
        ({"turns": []}, "id: missing"),
        (bad(turns={}), "turns: must be a list"),
        (bad(turns=["Yes."]), "turns.0: must be an object"),
        (bad(turns=[{}]), "turns.0.text: missing"),
        (bad(turns=[{"text": None}]), "turns.0.text: must be text"),
        (bad(turns=[{"text": "a", "party": 1}]), "turns.0.party: must be text"),
        (bad(turns=[{"text": "a", "end_s": -1e9}]), "turns.0.end_s: must be at least -1e+08"),
        (bad(turns=[{"text": "a", "start_s": "1"}]), "turns.0.start_s: must be a number"),
        (bad(turns=[{"text": "a"}, {"text": "b", "labels": "x"}]), "turns.1.labels: must be a list"),
        (bad(turns=[{"text": "a", "spans": [{"label": "x", "start": 0}]}]), "turns.0.spans.0.end: missing"),
        (bad(kind="chat"), "kind: must be one of"),
        (bad(title=3), "title: must be text"),
        (bad(started="yesterday"), "started: must be a date and time such as"),
        (bad(started=5), "started: must be a date and time such as"),
        (bad(duration_s=math.nan), "duration_s: must be a finite number"),
        (bad(direction="up"), "direction: must be one of"),
        (bad(channel="fax"), "channel: must be one of"),
        (bad(scope="none"), "scope: must be one of"),
        (bad(language=1), "language: must be text"),
        (bad(deal="d"), "deal: must be an object"),
        (bad(deal={"stage": "demo"}), "deal.id: missing"),
        (bad(deal={"id": "d", "outcome": "maybe"}), "deal.outcome: must be one of"),
        (bad(fields=[]), "fields: must be"),
        (bad(fields={"tags": ["a"]}), "fields.tags: must be text, a finite number, true, false or null"),
        (bad(parties=[{"name": "Ann"}]), "parties.0.id: missing"),
        (bad(parties=[{"id": "a", "side": "vendor"}]), "parties.0.side: must be one of"),
        (bad(fields={"n": math.nan}), "fields.n: must be text, a finite number"),
        (bad(turns=[{"text": "a", "spans": [{"label": "x", "start": 0.5, "end": 1}]}]), "must be a whole number"),
        (bad(colour="red"), "colour: not a field of a conversation; put further fields into `fields`"),
        (["bad"], "the line: must be an object"),
        (b'{"id": "bad", "turns": [', "is not JSON"),
        (b'{"id": "b\xffd", "turns": []}', "is not UTF-8 at byte 9"),
        (b"[" * 100_000, "is n"),
    ],
)
def test_a_broken_rule_is_named_with_file_line_and_field(lake, tmp_path, line, reason):
    text = line if isinstance(line, bytes) else json.dumps(line).encode()
    (tmp_path / "calls.jsonl").write_bytes(b"\n".join([json.dumps(GOOD).encode(), b"  ", text]))
    report = ingest(lake, tmp_path / "calls.jsonl")
    assert report.added == 1
    (reject,) = report.rejected
    assert (reject.name, reject.line) == ("calls.jsonl", 3)
    assert reason in reject.reason
    assert str(reject).startswith("calls.jsonl, line 3: ")
    assert len(str(reject)) < 400


def test_many_broken_rules_are_summed_up(lake):
    (reject,) = ingest(lake, [bad(turns=[{} for _ in range(5)])]).rejected
    assert (reject.name, reject.line) == ("item 0", None)
    assert reject.reason.endswith("; and 2 more")


def test_a_folder_is_read_with_its_subfolders_and_compressed_files(lake, tmp_path):
    folder = tmp_path / "calls"
    (folder / "older").mkdir(parents=True)
    (folder / "a.jsonl").write_text("\ufeff" + json.dumps(bad(id="a", media="a.wav")), encoding="utf-8")
    (folder / "older" / "B.JSONL.GZ").write_bytes(gzip.compress(json.dumps(bad(id="b")).encode()))
    (folder / "empty.jsonl").write_text("\n")
    (folder / "odd.xyz").write_text("?")
    for passed_over in ("README.md", "a.wav", ".hidden.jsonx", "picture.png"):
        (folder / passed_over).write_bytes(b"\xff")
    report = ingest(lake, folder)
    assert report.added == 2
    assert [r.name for r in report.rejected] == ["empty.jsonl", "odd.xyz"]
    assert "not in a known format" in report.rejected[1].reason
    found = lake.conversations().set_index("id")
    assert found.media["a"] == str((folder / "a.wav").resolve())
    assert list(found.source) == ["a.jsonl", "B.JSONL.GZ"]


def test_an_iterable_may_mix_paths_dicts_and_conversations(lake, tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(bad(id="a")))
    items = [file, bad(id="b"), Conversation(id="c", turns=(Turn(text="Yes."),)), 7, {"id": {1, 2}}]
    report = ingest(lake, iter(items))
    assert report.added == 3
    assert [(r.name, r.line) for r in report.rejected] == [("item 3", None), ("item 4", None)]


def test_what_is_not_there_or_cannot_be_read_is_told(lake, tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file"):
        ingest(lake, tmp_path / "nothing.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "no.jsonl.gz").write_bytes(b"plain text")
    (reject,) = ingest(lake, tmp_path).rejected
    assert reject.name == "no.jsonl.gz"
    assert "damaged" in reject.reason


def test_half_a_smiley_is_no_reason_to_refuse_a_call():
    line = rb'{"id": "a", "turns": [{"text": "so \ud83d and \ud83d\ude42 and \\ud83d"}]}'
    assert from_json(line).turns[0].text == "so \ufffd and 🙂 and \\ud83d"


def test_a_date_with_an_offset_is_turned_into_utc_and_one_without_is_left_to_the_import():
    forms = ("2026-03-01T00:00:00Z", "2026-03-01T01:00+01:00", "2026-03-01")
    dates = [from_json(json.dumps(bad(started=day)).encode()).started for day in forms]
    assert dates[0] == dates[1] == datetime(2026, 3, 1, tzinfo=UTC)
    assert dates[2] == dates[0].replace(tzinfo=None)


texts = st.text(st.characters(codec="utf-8"))
plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))
seconds = st.none() | st.floats(0, 1e6)
conversations = st.builds(
    Conversation,
    id=plain.filter(bool),
    turns=st.lists(
        st.builds(
            Turn,
            text=texts,
            party=st.none() | plain,
            start_s=st.none() | st.floats(0, 1e3),
            end_s=st.none() | st.floats(1e3, 1e6),  # not before the start, which would be repaired
            labels=st.lists(plain, max_size=2).map(tuple),
            spans=st.lists(st.builds(LabelSpan, label=plain, start=st.just(0), end=st.integers(0, 9)), max_size=1).map(
                tuple
            ),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    title=st.none() | texts,
    duration_s=seconds,
    deal=st.none() | st.builds(Deal, id=plain, stage=st.none() | texts),
    fields=st.dictionaries(plain, st.none() | st.booleans() | plain | st.floats(allow_nan=False, allow_infinity=False)),
    parties=st.lists(st.builds(Party, id=plain, name=st.none() | texts), max_size=2, unique_by=lambda p: p.id).map(
        tuple
    ),
)


@given(conversations)
def test_writing_and_reading_give_the_same_conversation(conversation):
    assert from_json(to_json(conversation).encode()) == conversation
