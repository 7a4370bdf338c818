"""Imports: what is good goes in, what is bad is named."""

from __future__ import annotations

import gzip
import json

import pytest

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters, PartOfCall


def call(number: int, **more):
    turns = [
        {"party": "a", "text": "What does it cost? Tell me.", "start_s": 0, "labels": ["ask"]},
        {"party": "b", "text": "Forty euros.", "start_s": 90},
    ]
    parties = [{"id": "a", "side": "customer", "name": "Ann"}, {"id": "b", "side": "company", "name": "Bob"}]
    return {"id": f"c{number}", "turns": turns, "parties": parties, "duration_s": 100} | more


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def test_a_bad_line_is_named_and_the_rest_goes_in(lake, tmp_path):
    bad = {"id": "bad", "turns": [{"text": "x", "start_s": "soon"}]}
    file = tmp_path / "calls.jsonl"
    file.write_text("\n".join([json.dumps(call(1)), json.dumps(bad), "{", json.dumps(call(2))]))
    report = ingest(lake, tmp_path)
    assert report.added == 2
    assert [(r.name, r.line) for r in report.rejected] == [("calls.jsonl", 2), ("calls.jsonl", 3)]
    assert "turns.0.start_s" in report.rejected[0].reason


def test_importing_twice_adds_nothing(lake, tmp_path):
    with gzip.open(tmp_path / "calls.jsonl.gz", "wt") as file:
        file.write(json.dumps(call(1)) + "\n" + json.dumps(call(1)))
    first, second = ingest(lake, tmp_path), ingest(lake, tmp_path)
    assert (first.added, first.unchanged) == (1, 1)
    assert (second.added, second.unchanged) == (0, 2)
    assert len(lake.conversations()) == 1


def test_a_known_id_with_other_content_can_be_rejected(lake):
    ingest(lake, [call(1)])
    report = ingest(lake, [call(1, title="Changed")], on_change="reject")
    assert report.added == 0
    assert "other content" in report.rejected[0].reason


def test_a_cut_off_archive_gives_what_it_holds(lake, tmp_path):
    whole = gzip.compress("\n".join(json.dumps(call(n)) for n in range(200)).encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-40])
    report = ingest(lake, tmp_path)
    assert "cut off" in report.rejected[-1].reason


def test_filters_choose_side_part_and_conversations(lake):
    ingest(lake, [call(1, scope="internal"), call(2, title="Renewal"), call(3, kind="email")])
    assert lake.counts(Filters()).calls == 1
    assert lake.counts(Filters(scope="any", kinds=("call", "email"))).conversations == 3
    assert lake.counts(Filters(side="company")).sentences == 1
    assert lake.counts(Filters(part=PartOfCall(where="last", amount=20, unit="percent"))).sentences == 1
    assert lake.counts(Filters(title="renew")).calls == 1
    assert lake.counts(Filters(title="'; DROP TABLE sentences; --")).calls == 0


def test_the_sentence_before_and_the_context_are_found(lake):
    ingest(lake, [call(1)])
    table = lake.pool(Filters()).to_pylist()
    assert [row["id"] for row in table] == ["c1:0:0", "c1:0:1", "c1:1:0"]
    assert table[2]["before_key"] == table[1]["text_key"]
    found = lake.sentences(["c1:1:0"])["c1:1:0"]
    assert [s.text for s in found.before] == ["What does it cost?", "Tell me."]
    assert (found.speaker, found.side) == ("Bob", "company")


def test_an_empty_lake_answers_everything(lake):
    assert lake.counts().sentences == 0
    assert lake.pool().num_rows == 0
    assert lake.facets().calls == 0
    assert list(lake.distinct_texts()) == [] or sum(b.num_rows for b in lake.distinct_texts()) == 0


def test_sides_of_speakers_are_as_they_are_told(lake, tmp_path):
    file = tmp_path / "calls" / "meeting.vtt"
    file.parent.mkdir()
    file.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: Hello.\n\n00:03.000 --> 00:04.000\nBob: Hi.\n")
    assert ingest(lake, file, sides={"Ann": "company", "Bob": "customer"}).added == 1
    assert lake.counts(Filters(side="company")).sentences == 1
    assert lake.counts(Filters(side="customer")).sentences == 1
    assert ingest(lake, file.parent, sides=lambda _file: {"Ann": "company", "Bob": "customer"}).unchanged == 1
    assert ingest(lake, file).unchanged == 1
    assert lake.counts(Filters(side="company")).sentences == 1
    assert ingest(lake, file, sides={"Ann": "customer"}).changed == 1
    assert lake.counts(Filters(side="customer")).sentences == 2
    with pytest.raises(InvalidArgument, match="left"):
        ingest(lake, file, sides={"Ann": "left"})


def test_an_import_ends_where_its_progress_says_so(lake):
    told = []

    def after_two(count, name):
        told.append((count, name))
        return count < 2

    assert ingest(lake, [call(1), call(2), call(3)], progress=after_two).added == 2
    assert told == [(1, "item 0"), (2, "item 1")]
