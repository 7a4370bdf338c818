"""What the table of encoders tells of made-up runs, and which calls its corpora use."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from benchmarks.quality.corpora import Suite
from benchmarks.quality.encoders import cells, figures_of
from benchmarks.quality.runs import Bench


def run_of(label, seed, precision):
    end = {"upcoming": {"average_precision": precision, "f1": precision / 2}, "met": 0.1}
    return {"label": label, "seed": seed, "rounds": [{}, {}, {}, end]}


def test_differences_are_paired_by_concept_and_draw():
    first = figures_of([run_of("a", 0, 0.2), run_of("a", 1, 0.4), run_of("b", 0, 0.5)])
    other = figures_of([run_of("a", 1, 0.6), run_of("a", 0, 0.4), run_of("b", 0, 0.4)])
    assert cells(first, first) == ["2", "3", "0.367", "0.183", "10.0%", "", "", ""]
    found = cells(other, first)
    assert found[:5] == ["2", "3", "0.467", "0.233", "10.0%"]
    assert found[5:] == ["+0.100 (-0.100 to +0.200)", "+0.050 (-0.050 to +0.100)", "1 of 2"]


def test_a_part_of_a_corpus_is_written_to_a_file(tmp_path):
    source = tmp_path / "corpus.jsonl.gz"
    calls = [{"id": f"c-{n // 2}-{n % 2}", "turns": [{"text": f"{at}"} for at in range(3)]} for n in range(6)]
    source.write_bytes(gzip.compress("".join(json.dumps(call) + "\n" for call in calls).encode()))
    suite = Suite("some", "Some", source, {}, version="-0", last=2)
    assert [call["id"] for call in suite.calls()] == ["c-0-0", "c-1-0", "c-2-0"]
    bench = Bench(suite, 1, tmp_path / "results")
    lines = Path(bench.source()).read_text().splitlines()
    assert [json.loads(line)["turns"] for line in lines] == [[{"text": "1"}, {"text": "2"}]] * 3
    thinned = Suite("some", "Some", source, {}, every=4)
    assert [call["id"] for call in thinned.calls()] == ["c-0-0", "c-2-0"]
    assert Bench(Suite("all", "All", source, {}), 1, tmp_path).source() == source
