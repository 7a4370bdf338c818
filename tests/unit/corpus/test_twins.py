"""The same call under two ids is added and noted; a prefix keeps sources with the same ids apart."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.tables import Item, hash_of, said_key
from workbench.domain.conversations import Conversation, Turn
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters

STARTED = "2026-03-31T09:00:00Z"
said = st.lists(st.sampled_from(["Yes.", " Yes. ", "No.", ""]), min_size=1, max_size=2)
calls = st.tuples(said, st.sampled_from(["call", "email"]), st.none() | st.just(STARTED))


def call(name: str, *texts: str, **more) -> dict:
    return {"id": name, "turns": [{"text": text} for text in texts or ("The fee.", "はい。")]} | more


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(calls, min_size=1, max_size=4), min_size=1, max_size=3))
def test_each_call_that_says_the_same_as_an_earlier_one_is_noted(tmp_path_factory, imports):
    lake, first, number = Lake(tmp_path_factory.mktemp("lake")), {}, 0
    for several in imports:
        given, expected = [], []
        for texts, kind, started in several:
            name = f"c{number}"
            number += 1
            given.append(call(name, *texts, kind=kind, started=started))
            key = (tuple(" ".join(text.split()) for text in texts), kind, started)
            if any(key[0]) and first.setdefault(key, name) != name:
                expected.append(f"'{name}' says the same as '{first[key]}'")
        report = ingest(lake, given)
        assert report.added == len(given)
        assert [note.what for note in report.notes] == expected
        again = ingest(Lake(lake.root), given)
        assert (again.unchanged, again.notes) == (len(given), ())


def test_what_else_differs_makes_no_other_call(tmp_path):
    lake = Lake(tmp_path / "lake")
    ingest(lake, [call("a", started=STARTED), call("b")])
    (tmp_path / "calls.jsonl").write_text(json.dumps(call("c", started=STARTED, title="Other", account="Acme")))
    report = ingest(lake, tmp_path / "calls.jsonl")
    assert str(report).splitlines() == [
        "1 added, 0 unchanged, 0 rejected, 1 noted",
        "  calls.jsonl, line 1: 'c' says the same as 'a'",
    ]
    assert not ingest(lake, [call("d", kind="email"), call("e", "The fee."), call("f", "", " ")]).notes


def test_conversations_of_an_earlier_version_are_known_again_and_not_compared(tmp_path, monkeypatch):
    old = Conversation(id="a", turns=(Turn(text="The fee."), Turn(text="はい。")))
    lake = Lake(tmp_path)
    with monkeypatch.context() as before:
        before.setattr("workbench.corpus.tables.said_key", lambda _: "")
        lake.append([Item(old, hash_of(old))])
    assert lake.content_hashes() == {"a": hash_of(old)}
    report = ingest(lake, [old, call("b")])
    assert (report.added, report.unchanged, report.rejected, report.notes) == (1, 1, (), ())
    assert lake.content_hashes()["b"].endswith(said_key(old))


def test_a_damaged_part_stops_no_import(tmp_path):
    lake = Lake(tmp_path)
    ingest(lake, [call("a")])
    twins = Lake(tmp_path).twins
    (part,) = (tmp_path / "conversations").glob("*.parquet")
    whole = part.read_bytes()
    part.write_bytes(b"PAR1")
    assert twins.of({"b": "0" * 16}) == {}
    part.write_bytes(whole)
    assert list(twins.of({"b": lake.content_hashes()["a"][32:]}).values()) == ["a"]


PREFIXES = ["site-a/", "ä ", "x:", "a"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_two_sources_with_the_same_ids_stand_beside_each_other(tmp_path, prefix):
    ours = [call("1"), call("2", thread="t", fields={"n": 1.0})]
    theirs = [call("1", "Other words."), call("2", "Others still.")]
    file = tmp_path / "calls.jsonl"
    file.write_text("\n".join(map(json.dumps, theirs)))
    lake = Lake(tmp_path / "lake")
    assert ingest(lake, ours).added == 2
    assert len(ingest(lake, file, on_change="reject").rejected) == 2
    for source in (file, theirs, str(file)):
        report = ingest(lake, source, prefix=prefix)
        assert (report.added, report.unchanged) == ((2, 0) if source is file else (0, 2))
    assert [card.id for card in lake.cards(Filters(scope="any"))] == ["1", "2", f"{prefix}1", f"{prefix}2"]
    assert lake.turns(f"{prefix}1")[0].text == "Other words."
    (sentence,) = lake.sentences([f"{prefix}1:0:0"]).values()
    assert sentence.conversation_id == f"{prefix}1"
    changed = ingest(lake, [call("1", "Changed.")], prefix=prefix, on_change="reject")
    assert "other content" in changed.rejected[0].reason


@pytest.mark.parametrize("prefix", ["a\n", "\0", "x" * 500, 5, None])
def test_a_prefix_that_cannot_begin_an_id_is_refused(tmp_path, prefix):
    with pytest.raises(InvalidArgument, match="prefix: must be text of fewer than 500 characters"):
        ingest(Lake(tmp_path), [call("a")], prefix=prefix)


def test_an_id_that_its_prefix_makes_too_long_is_one_reject(tmp_path):
    report = ingest(Lake(tmp_path), [call("a" * 499), call("b")], prefix="x/")
    assert report.added == 1
    assert "with its prefix" in report.rejected[0].reason
