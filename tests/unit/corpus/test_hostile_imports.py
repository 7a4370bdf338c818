"""10,000 hostile lines: each is imported or reported, in bounded memory, and the workspace answers afterwards."""

from __future__ import annotations

import gzip
import json
import random
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import workbench as wb
from tests.support.warm import Begun
from tests.unit.corpus.full_call import FULL
from workbench.corpus import sentences
from workbench.corpus.formats import bounds
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.tables import Item
from workbench.domain.conversations import Conversation, Deal, Turn
from workbench.domain.filters import Filters
from workbench.engine.encoders import HashingEncoder
from workbench.workspace.watching import watch

LINES, FILE_LINES = 10_000, 100
ANY = Filters(scope="any", kinds=("call", "email"))
RAW = [  # JSON as it may stand in a file, and never in Python
    *("1" * 310, "9" * 5_000, "-" + "9" * 310, "18446744073709551616", "9223372036854775808", "-9223372036854775809"),
    *("NaN", "Infinity", "-Infinity", "1e999", "1e308", "-0.0", "1e-400", "2147483648", "5", "-1", "1.5"),
    *("null", "true", "false", '""', '" "', '"a"', "[]", "{}", "[[]]", '{"a": 1}', "[" * 300 + "]" * 300, "[1, 2"),
    *(r'"\u0000"', r'"\ud83d"', r'"\udc00\ud83d"', r'"\u001b]0;owned\u0007"', r'"\u202e"', r'"\u0085"', '"\\u2028"'),
    *('"' + "x" * 3_000 + '"', '"' + "é " * 40_000 + '"', r'"' + r"\n" * 999 + '"', '"\'"\'"\'"', '"=1+1"', "'"),
    *('"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59-14:00"', '"2026-02-30"', '"2026-W01"', '"<script>"', '"../../x"'),
]


def paths(value, path=()):
    """Every place in a JSON value."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, own in pairs:
        yield from paths(own, (*path, name))


PLACES = [path for path in paths(FULL) if path]


def with_raw(number: int, path: tuple, raw: str) -> bytes:
    """The full conversation with what stands at this place replaced by a JSON text."""
    changed = json.loads(json.dumps(FULL | {"id": f"c{number}"}))
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = "\x00raw"
    return json.dumps(changed).replace(json.dumps("\x00raw"), raw).encode()


numbers = st.integers(0, 400)  # few, so that ids come again
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FULL, "x"]), inner, max_size=3),
    max_leaves=8,
)
lines = st.one_of(
    st.builds(with_raw, numbers, st.sampled_from(PLACES), st.sampled_from(RAW)),
    st.builds(lambda n, path, value: with_raw(n, path, json.dumps(value)), numbers, st.sampled_from(PLACES), values),
    st.builds(lambda n, cut: with_raw(n, ("id",), json.dumps(f"c{n}"))[:cut], numbers, st.integers(1, 900)),
    st.builds(lambda value: json.dumps(value).encode(), values),
    st.binary(min_size=1, max_size=200),
).map(lambda line: line.replace(b"\n", b" "))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return wb.open(tmp_path_factory.mktemp("hostile"), encoder=HashingEncoder())


def answers(workspace) -> None:
    """Every reader of the corpus, over all that it holds."""
    counts = workspace.counts(ANY)
    found = workspace.conversations(ANY)
    assert counts.conversations == len(found) > 0
    assert workspace.facets().conversations >= counts.conversations
    assert workspace.search("fee", filters=ANY).attrs["total"] > 0
    assert len(workspace.deals()) >= 1
    for card in workspace.lake.cards(ANY, limit=10_000):
        assert workspace.lake.card(card.id) == card
        outline = workspace.lake.outline(card.id)
        assert len(workspace.lake.lines(outline, 0, 10_000)) == card.sentences
        assert len(workspace.lake.turns(card.id)) == card.turns
        workspace.lake.breaks(outline)
    for values in workspace.facets().fields.items():
        for value in values[1][:5]:
            assert workspace.counts(Filters(scope="any", kinds=("call", "email"), fields={values[0]: value}))
    if "Fee" not in [one.name for one in workspace.trackers.list()]:
        workspace.trackers.create("Fee", kind="keyword", words=["fee"], filters=ANY)
    assert len(workspace.trackers.get("Fee").finds()[0]) > 0
    for by in ("team", "person", "account", "stage", "week", "month", "quarter"):
        assert len(workspace.statistics("Fee", by=by, filters=ANY).rates) > 0


@settings(max_examples=LINES // FILE_LINES, suppress_health_check=list(HealthCheck))
@given(st.lists(lines, min_size=FILE_LINES, max_size=FILE_LINES))
def test_each_hostile_line_is_imported_or_reported(workspace, given):
    file = workspace.path / "hostile.jsonl"
    file.write_bytes(b"\n".join(given) + b"\n")
    report = ingest(workspace.lake, file)
    blank = sum(not line.strip() for line in given)
    assert report.added + report.unchanged + report.changed + len(report.rejected) == len(given) - blank
    for reject in report.rejected:
        assert reject.name == "hostile.jsonl"
        assert given[reject.line - 1].strip()
        assert 0 < len(reject.reason) < 600
        assert str(reject).isprintable()
    assert str(report)


def test_and_the_workspace_opens_and_answers_afterwards(workspace):
    good = json.dumps(FULL | {"id": "good"})
    (workspace.path / "good.jsonl").write_text(good)
    assert workspace.ingest(workspace.path / "good.jsonl").added == 1
    answers(workspace)
    again = wb.open(workspace.path, encoder=HashingEncoder())
    answers(again)
    assert again.ingest(workspace.path / "good.jsonl").unchanged == 1
    assert again.encode() > 0


def old(**changes) -> Conversation:
    """Return a conversation as earlier versions stored it, without checks."""
    return Conversation(**{"id": "old", "turns": (Turn(text="The fee is too high."),)} | changes)


FROM_EARLIER = {
    "a whole number of 310 digits": old(fields={"big": 10**309, "small": 1}),
    "the first day of all": old(started=datetime.min.replace(tzinfo=UTC)),
    "the last day of all": old(started=datetime.max.replace(tzinfo=UTC)),
    "endless": old(duration_s=float("inf"), deal=Deal(id="d", amount=float("inf"))),
    "no number": old(duration_s=float("nan"), deal=Deal(id="d", amount=float("nan")), fields={"n": float("nan")}),
    "below zero": old(duration_s=-5.0, turns=(Turn(text="The fee.", start_s=-3.0, end_s=float("inf")),)),
    "too long to add up": old(duration_s=1e308, deal=Deal(id="d", amount=-1e308)),
    "fields within fields": old(fields={"a": {"b": [1, 2]}, "c": [3]}),
}


@pytest.mark.parametrize("name", FROM_EARLIER)
def test_a_row_that_an_earlier_version_kept_stops_no_reader(tmp_path, name):
    """``Lake.append`` looks at nothing; it writes the same Parquet as the version that had no bounds did (F2)."""
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.lake.append([Item(FROM_EARLIER[name], "an older hash")])
    assert workspace.ingest([FULL]).added == 1
    answers(workspace)
    answers(wb.open(workspace.path, encoder=HashingEncoder()))
    assert workspace.counts(ANY).conversations == 2
    with pytest.raises(AssertionError):  # what it is tested with does find what is amiss
        answers(wb.open(tmp_path / "empty", encoder=HashingEncoder()))


def test_the_value_that_no_number_holds_is_shown_as_text(tmp_path):
    lake = Lake(tmp_path)
    lake.append([Item(old(fields={"big": 10**309, "small": 1}), "an older hash")])
    assert lake.facets().fields == {"big": (str(10**309),), "small": (1.0,)}
    assert lake.card("old").fields == {"big": str(10**309), "small": 1}
    assert lake.counts(Filters(scope="any", fields={"big": str(10**309)})).calls == 1


def test_a_watched_folder_goes_on_after_a_span_that_no_column_holds(tmp_path):
    """It ended with a traceback, and at each start anew while the file lay there (F11)."""
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    folder, stop, reports = tmp_path / "inbox", threading.Event(), []
    folder.mkdir()
    bad = FULL | {"id": "bad", "turns": [{"text": "x", "spans": [{"label": "y", "start": 2**63, "end": 2**63}]}]}
    (folder / "a.jsonl").write_text(f"{json.dumps(FULL)}\n{json.dumps(bad)}\n{json.dumps(FULL | {'id': 'c2'})}\n")

    def heard(report) -> None:
        reports.append(report)
        if len(reports) == 1:
            (folder / "b.jsonl").write_text(json.dumps(FULL | {"id": "later"}))
        else:
            stop.set()

    watch(workspace, folder, stop, heard, 0.01)
    assert [(one.added, [reject.line for reject in one.rejected]) for one in reports] == [(2, [2]), (1, [])]


def test_whatever_goes_wrong_with_one_conversation_the_others_go_in(tmp_path, monkeypatch):
    """sentencex is written in Rust: where it panics, that is no ``Exception``."""

    class PanicException(BaseException):
        pass

    def split(code, text):
        if "trap" in text:
            raise PanicException("called unwrap on None")
        return [{"start_index": 0, "end_index": len(text)}]

    monkeypatch.setattr(sentences, "get_sentence_boundaries", split)
    calls = [{"id": f"c{n}", "turns": [{"text": "A trap." if n == 2 else "Yes."}]} for n in range(5)]
    report = ingest(Lake(tmp_path), calls)
    assert report.added == 4
    assert [(one.name, one.reason) for one in report.rejected] == [
        ("item 2", "cannot be imported: called unwrap on None")
    ]


QUOTES = ['"', "'", "“", "”", "«", "(", "[", "a. ", "No. ", "\n", " ", "Mr. ", "?! ", "。"]


@pytest.mark.parametrize("seed", range(4))
def test_splitting_a_long_text_looks_at_each_character_once(monkeypatch, seed):
    """What sentencex does with quotes that do not match grows with the square of the text (F12)."""
    asked = []
    split = sentences.get_sentence_boundaries
    monkeypatch.setattr(
        sentences, "get_sentence_boundaries", lambda code, text: asked.append(text) or split(code, text)
    )
    rng = random.Random(seed)
    text = "".join(rng.choices(QUOTES, k=30_000) if seed else ["\"'"] * 60_000)
    found = sentences.spans(text)
    assert "".join(asked) == text
    assert max(map(len, asked)) <= sentences.MAX_SPLIT
    covered = "".join(text[start:end] for start, end in found)
    assert [sign for sign in covered if not sign.isspace()] == [sign for sign in text if not sign.isspace()]


def test_a_text_is_cut_where_a_paragraph_a_line_or_a_sentence_ends(monkeypatch):
    asked, split = [], sentences.get_sentence_boundaries
    monkeypatch.setattr(
        sentences, "get_sentence_boundaries", lambda code, text: asked.append(text) or split(code, text)
    )
    for pause in ("\n\n", "\n", ". ", " "):
        text = ("word" * 20 + pause) * 400
        asked.clear()
        sentences.spans(text)
        assert len(asked) > 1
        assert all(one.endswith(pause) for one in asked)


WITHIN = """
import resource, sys
from pathlib import Path
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
lake, files = Lake(Path(sys.argv[1]) / "lake"), Path(sys.argv[1])
ingest(lake, files / "first.jsonl")
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
report = ingest(lake, files / sys.argv[2])
print(report.added, len(report.rejected), peak() - before, report.rejected[-1].reason if report.rejected else "")
"""
MOST_MB = 500


def large(text: str) -> bytes:
    return json.dumps({"id": "large", "turns": [{"text": text}]}).encode()


def in_turns(turn: str, count: int) -> bytes:
    return b'{"id": "large", "turns": [' + ", ".join([turn] * count).encode() + b"]}"


AMPLIFIED = {
    "a turn of 20 MB": (lambda: large("a. " * 6_600_000), 0, "must have at most 1,000,000 characters"),
    "a longer line": (lambda: large("a. " * 7_000_000), 0, "is longer than 20,000,000 bytes"),
    "a line without an end": (lambda: b"[" * 60_000_000, 0, "is longer than 20,000,000 bytes"),
    "all that a call may say": (lambda: in_turns('{"text": "%s"}' % ("ab cd. " * 14_000), 7), 1, ""),
    "more sentences than that": (
        lambda: in_turns('{"text": "%s"}' % ("No. " * 50_000), 5),
        0,
        "more than 100,000 sent",
    ),
    "quotes that do not match": (lambda: large("\"'" * 450_000), 1, ""),
    "empty turns": (lambda: in_turns('{"text":""}', 1_300_000), 0, "contains more than 1,000,000 values"),
    "empty lists": (lambda: in_turns("[]", 4_500_000), 0, "contains more than 1,000,000 values"),
    "as many as may be": (lambda: in_turns('{"text":"","labels":["a"]}', 50_000), 1, ""),
    "lists where turns should be": (lambda: in_turns("[]", 499_000), 0, "turns.0: must be an object"),
    "numbers where turns should be": (lambda: in_turns("1", 990_000), 0, "turns.0: must be an object"),
    "unknown fields": (
        lambda: b'{"id":"large","turns":[],' + b",".join(b'"%d":1' % n for n in range(900_000)) + b"}",
        0,
        "not a field of a conversation",
    ),
    "a long list of labels": (
        lambda: in_turns(json.dumps({"text": "No. " * 20_000, "labels": list(map(str, range(100)))}), 1),
        1,
        "",
    ),
    "half a smiley among escapes": (lambda: large("\n" * 900_000 + "\ud83d"), 1, ""),
}


@pytest.mark.parametrize("name", AMPLIFIED)
def test_no_file_takes_many_times_its_size(tmp_path, name):
    """20 MB took 4.2 GB, and 20 MB of empty lists 10 GB (F12)."""
    make, added, reason = AMPLIFIED[name]
    (tmp_path / "calls.jsonl").write_bytes(make())
    assert imported(tmp_path, "calls.jsonl", added, reason) < MOST_MB


PACKED = json.dumps(FULL | {"id": "packed", "title": "x" * 1_900}).encode() + b"\n"


@pytest.mark.parametrize("what", [b" ", b"\n", b"[", PACKED])
def test_a_compressed_file_is_never_unpacked_whole(tmp_path, what):
    """A file of 389 kB became 1.07 GB (F12)."""
    with gzip.open(tmp_path / "calls.jsonl.gz", "wb") as file:
        for _ in range(100):
            file.write(what * (1_000_000 // len(what)))
    assert imported(tmp_path, "calls.jsonl.gz", int(what == PACKED), "gives more than 200 times its size") < MOST_MB


def imported(folder, name: str, added: int, reason: str) -> int:
    """Import a file in a process of its own; gives the megabytes that it took."""
    (folder / "first.jsonl").write_text(json.dumps(FULL))
    process = Begun(WITHIN, folder, name)
    told = process.stdout.read()
    assert process.wait() == 0
    count, rejected, grown, *why = told.split(maxsplit=3)
    assert int(count) == added
    assert (int(rejected) > 0) == bool(reason)
    assert reason in "".join(why)
    return int(grown)


def test_a_line_that_is_too_long_is_passed_over_and_the_next_one_read(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "MAX_LINE", 1_000)
    middle = json.dumps(FULL | {"id": "long", "title": "x" * 1_500})
    for ending in ("\n", ""):
        (tmp_path / "calls.jsonl").write_text(f"{json.dumps({**FULL, 'turns': []})}\n{middle}\n{middle}{ending}")
        report = ingest(Lake(tmp_path / f"lake{len(ending)}"), tmp_path / "calls.jsonl")
        assert (report.added, [one.line for one in report.rejected]) == (1, [2, 3])
