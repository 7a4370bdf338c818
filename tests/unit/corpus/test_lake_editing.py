"""Conversations that change: the corpus is as if it had been imported so, and sentences that stay are known."""

from __future__ import annotations

import random
import shutil
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.checking.corpus import problems, rebuild
from workbench.corpus import loading, rewriting
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.lake_editing import Refused
from workbench.corpus.manifest import read_manifest
from workbench.corpus.merging import LEASE
from workbench.domain.changes import Changed
from workbench.domain.errors import CannotWrite, InvalidArgument
from workbench.domain.filters import Filters
from workbench.domain.leases import reading
from workbench.domain.words import phrases_of

ANY = Filters(scope="any")
SAID = ("It costs too much.", "The weather is fine.", "Okay.", "Is it Straße two?", "Call me on Monday, please.")
IDS = [f"c{n}" for n in range(6)]


def call(name: str, said: list[int], **head: Any) -> dict[str, Any]:
    turns = [{"text": SAID[one], "party": "ab"[at % 2]} for at, one in enumerate(said)]
    parties = [{"id": "a", "name": "Ann", "side": "company"}, {"id": "b", "side": "customer"}]
    return {"id": name, "turns": turns, "parties": parties, **head}


def wrong_with(lake: Lake) -> list[str]:
    """Return what a check finds."""
    with duckdb.connect() as database:
        return [str(one) for one in problems(lake.root, database) if not one.is_note]


def told(lake: Lake, ids: list[str]) -> Any:
    """Return the corpus's content for these conversations, whatever their numbers and rows."""
    frame = lake.conversations(ANY).drop(columns="source").set_index("id").sort_index()
    pool = lake.pool(ANY).to_pandas().fillna(0).sort_values("id").drop(columns=["row", "number"])
    found = sorted(one["text_key"] for one in lake.matching(phrases_of("strasse"), ANY).to_pylist())
    said = {one: [lake.turns(one), lake.sentences([f"{one}:0:0"], 2)[f"{one}:0:0"].text] for one in ids}
    return frame.to_json(date_format="iso"), pool.to_dict("list"), found, said, lake.counts(ANY), lake.facets()


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, str, Any]]:
    """Imports, corrections, deletions and values set later, of a few calls."""
    said = st.lists(st.integers(0, len(SAID) - 1), min_size=1, max_size=6)
    one = st.one_of(
        st.tuples(st.just("import"), st.sampled_from(IDS), said),
        st.tuples(st.just("delete"), st.sampled_from(IDS), st.none()),
        st.tuples(st.just("set"), st.sampled_from(IDS), st.sampled_from(["won", "lost", "open"])),
    )
    return draw(st.lists(one, min_size=1, max_size=8))


@settings(deadline=None, max_examples=15)
@given(steps())
def test_it_is_as_if_everything_had_been_imported_as_it_is_now(given_steps):
    folder = Path(tempfile.mkdtemp())
    try:
        lake, watching = Lake(folder / "edited"), Lake(folder / "edited")
        model: dict[str, dict[str, Any]] = {}
        order: list[str] = []
        for what, name, value in given_steps:
            if what == "import":
                model[name] = {**model.get(name, {}), **call(name, value)}
                order += [] if name in order else [name]
                report = ingest(lake, [call(name, value)])
                assert not report.rejected
                assert report.added + report.changed + report.unchanged == 1
            elif what == "delete":
                assert len(lake.delete([name])) == (name in model)
                model.pop(name, None)
                order = [one for one in order if one != name]
            elif name in model:
                deal = {"id": f"d-{name}", "outcome": value}
                lake.set_heads({name: {"deal": deal, "fields": {"plan": value}}})
                model[name] |= {"deal": deal, "fields": {"plan": value}}
            watching.matching(phrases_of("strasse"), ANY)
        fresh = Lake(folder / "fresh")
        ingest(fresh, [model[name] for name in order])
        assert told(lake, order) == told(fresh, order) == told(watching, order) == told(Lake(lake.root), order)
        assert not wrong_with(lake)
        manifest = read_manifest(lake.root)
        if manifest.parts:
            rebuilt = rebuild(lake.root)
            assert (rebuilt.next_number, rebuilt.next_row) == (manifest.next_number, manifest.next_row)
            assert [part.name for part in rebuilt.parts] == [part.name for part in manifest.parts]
    finally:
        shutil.rmtree(folder)


GROWN = {
    "before another comes": [("c0", [0]), ("c0", [0, 1, 2]), ("c1", [1])],
    "of several": [("c0", [0]), ("c1", [0]), ("c0", [0, 1, 2]), ("c2", [1])],
    "twice": [("c0", [0]), ("c0", [0, 1, 2]), ("c1", [1]), ("c0", [0, 1, 2, 3, 4]), ("c2", [1])],
    "and another, too": [("c0", [0]), ("c1", [1]), ("c0", [0, 1]), ("c1", [1, 2]), ("c2", [2]), ("c1", [3, 3, 3])],
    "back again": [("c0", [0]), ("c0", [0, 1, 2]), ("c1", [1]), ("c0", [0]), ("c2", [2])],
    "between many": [*((f"c{at}", [at]) for at in range(5)), ("c2", [1, 2, 3]), *((f"d{at}", [1]) for at in range(20))],
}


@pytest.mark.parametrize("steps", GROWN)
@pytest.mark.parametrize("read", [False, True])
def test_a_lost_manifest_is_made_again_after_calls_have_grown(tmp_path, steps, read):
    """Also where the files of replaced parts are still there, for someone who reads."""
    lake = Lake(tmp_path)
    with reading(tmp_path / LEASE) if read else nullcontext():
        for name, said in GROWN[steps]:
            ingest(lake, [call(name, said)])
        manifest, rebuilt = read_manifest(tmp_path), rebuild(tmp_path)
    assert [part.name for part in rebuilt.parts] == [part.name for part in manifest.parts]
    assert (rebuilt.next_number, rebuilt.next_row) == (manifest.next_number, manifest.next_row)


def test_sentences_that_stay_are_told_with_their_new_ids(tmp_path):
    lake = Lake(tmp_path)
    ingest(lake, [call("a", [0, 1, 2]), call("b", [3])])
    assert ingest(lake, [call("a", [4, 0, 2, 3])]).changes[0].what == "'a' changed: 1 sentence gone; 2 sentences new"
    (change,) = lake.pending_changes()
    (one,) = change.conversations
    assert one.renamed == {"a:0:0": "a:1:0"}
    assert list(one.gone) == ["a:1:0"]
    assert one.new == 2
    lake.settle(change.name)
    assert not lake.pending_changes()


def test_numbers_stay_and_other_conversations_are_not_touched(tmp_path):
    lake = Lake(tmp_path)
    ingest(lake, [call(name, [n % 5]) for n, name in enumerate(IDS)])
    before = {row["id"]: row["number"] for row in lake.pool(ANY).to_pylist()}
    ingest(lake, [call("c2", [0, 1, 2, 3, 4, 0])])
    lake.delete(["c4"])
    after = {row["id"]: row["number"] for row in lake.pool(ANY).to_pylist()}
    assert {after[f"c2:{turn}:0"] for turn in range(6)} == {2}
    assert "c4:0:0" not in after
    assert all(after[name] == before[name] for name in ("c0:0:0", "c1:0:0", "c3:0:0", "c5:0:0"))
    assert ingest(lake, [call("c4", [0])]).added == 1
    assert lake.size == 7


def test_what_was_set_stays_when_the_call_comes_again(tmp_path):
    lake = Lake(tmp_path)
    ingest(lake, [call("a", [0], account="Old Ltd", fields={"plan": "s", "seats": 3})])
    lake.set_heads({"a": {"account": "Acme", "deal": {"id": "d1", "stage": "won"}, "fields": {"plan": "xl"}}})
    assert ingest(lake, [call("a", [0], account="Old Ltd", fields={"plan": "s", "seats": 3})]).unchanged == 1
    assert ingest(lake, [call("a", [1], account="New Ltd", title="T", fields={"plan": "m", "seats": 4})]).changed == 1
    row = lake.conversations(ANY).iloc[0]
    assert (row["account"], row["deal_stage"], row["title"]) == ("Acme", "won", "T")
    assert '"plan": "xl"' in row["fields"]
    assert '"seats": 4' in row["fields"]
    assert ingest(lake, [call("a", [0], account="Old Ltd", fields={"plan": "s", "seats": 3})]).changed == 1
    assert lake.conversations(ANY).iloc[0]["account"] == "Acme"


def test_whoever_has_loaded_the_corpus_loads_from_the_change_on(tmp_path, monkeypatch):
    writer, reader = Lake(tmp_path), Lake(tmp_path)
    for n in range(12):
        ingest(writer, [call(f"c{n}", [n % 5, 3])])
    reader.matching(phrases_of("strasse"), Filters(accounts=("Acme",)))  # for which names and fields are made
    loaded: list[int] = []
    derive = loading.field_rows
    monkeypatch.setattr(loading, "field_rows", lambda rows: loaded.append(len(rows)) or derive(rows))
    for round_number in range(15):
        ingest(writer, [call("c10", [round_number % 5, 3, 2])])
        assert len(reader.matching(phrases_of("strasse"), ANY)) == 14 + (round_number % 5 == 3)
    assert loaded.count(2) > 3 * loaded.count(12), loaded  # everything now and then, to free memory


def test_values_that_cannot_be_set_are_named(tmp_path):
    lake = Lake(tmp_path)
    ingest(lake, [call("a", [0]), call("b", [1])])
    found = lake.set_heads({"a": {"deal": {"outcome": "perhaps"}}, "b": {"team": " North "}, "x": {"team": "South"}})
    assert [type(one) for one in found] == [Refused, Changed]
    assert "outcome" in found[0].reason
    assert found[1].heads == ("team",)
    assert lake.set_heads({"b": {"team": "North"}}) == []


@pytest.mark.parametrize(("on_change", "told_of"), [("replace", (1, 0, 0)), ("keep", (0, 1, 0)), ("reject", (0, 0, 1))])
def test_what_becomes_of_a_changed_call_can_be_chosen(tmp_path, on_change, told_of):
    lake = Lake(tmp_path)
    ingest(lake, [call("a", [0])])
    report = ingest(lake, [call("a", [1])], on_change=on_change)
    assert (report.changed, report.kept, len(report.rejected)) == told_of
    assert lake.sentences(["a:0:0"])["a:0:0"].text == SAID[told_of[0]]


def test_another_choice_is_refused(tmp_path):
    with pytest.raises(InvalidArgument, match="on_change: must be one of replace, keep, reject"):
        ingest(Lake(tmp_path), [], on_change="ask")


@pytest.mark.parametrize("many", [2, 1_500])
def test_of_two_in_one_import_the_first_counts(tmp_path, many):
    """Also where they are far apart, and where the corpus had the id before."""
    lake = Lake(tmp_path)
    ingest(lake, [call("x1", [3])])
    calls = [call(f"x{n}", [0]) for n in range(many)]
    report = ingest(lake, [*calls, call("x0", [1]), call("x1", [2]), call("x0", [0])])
    assert (report.added, report.changed, report.unchanged, len(report.rejected)) == (many - 1, 1, 1, 2)
    assert lake.sentences(["x1:0:0"])["x1:0:0"].text == SAID[0]
    again = ingest(lake, [*calls, call("x0", [1]), call("x1", [2])])
    assert (again.changed, again.unchanged, len(again.rejected)) == (0, many, 2)


def test_an_import_that_breaks_off_changes_nothing(tmp_path, monkeypatch):
    lake = Lake(tmp_path)
    ingest(lake, [call(name, [0, 1]) for name in IDS])
    before = told(lake, IDS)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rewriting, "write_part", full)
    with pytest.raises(CannotWrite, match="the corpus is as it was before"):
        ingest(lake, [call("c1", [2, 3, 4])])
    with pytest.raises(CannotWrite):
        lake.delete(["c2"])
    monkeypatch.undo()
    assert told(lake, IDS) == told(Lake(lake.root), IDS) == before
    assert not lake.pending_changes()
    ingest(lake, [call("c1", [2, 3, 4])])
    assert len(lake.pending_changes()) == 1
    assert len(list((tmp_path / "changes").iterdir())) == 1  # the notes of those that broke off are gone


def test_many_changes_of_large_parts(tmp_path, monkeypatch):
    """Row groups smaller than a call, and calls that take more rows than they had."""
    monkeypatch.setattr("workbench.corpus.committing.ROW_GROUP", 3)
    rng = random.Random(1)
    lake, model = Lake(tmp_path / "w"), {}
    for name in [f"c{n}" for n in range(30)]:
        model[name] = call(name, [rng.randrange(5) for _ in range(rng.randint(1, 7))])
    ingest(lake, list(model.values()))
    for _ in range(8):
        name = rng.choice(list(model))
        model[name] = call(name, [rng.randrange(5) for _ in range(rng.randint(1, 9))])
        ingest(lake, [model[name], call(f"n{rng.random()}", [0])])
    for name in [one["id"] for one in lake.conversations(ANY).to_dict("records") if one["id"].startswith("n")]:
        lake.delete([name])
    fresh = Lake(tmp_path / "fresh")
    ingest(fresh, list(model.values()))
    assert told(lake, list(model)) == told(fresh, list(model))
    assert not wrong_with(lake)


def vtt(folder: Path, *said: str) -> Path:
    folder.mkdir(exist_ok=True)
    cues = [f"00:00:{at * 3:02}.000 --> 00:00:{at * 3 + 2:02}.000\nAnn: {one}\n" for at, one in enumerate(said)]
    (folder / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(cues))
    return folder / "transcript.vtt"


def test_another_call_in_a_file_of_the_same_name_replaces_nothing(tmp_path):
    lake = Lake(tmp_path / "lake")
    first = vtt(tmp_path / "jan", *SAID)
    assert ingest(lake, first).added == 1
    other = vtt(tmp_path / "feb", *(f"Something else, number {n}." for n in range(6)))
    report = ingest(lake, other)
    assert (report.changed, len(report.rejected)) == (0, 1)
    assert "import this one with a prefix" in report.rejected[0].reason
    assert ingest(lake, other, prefix="feb/").added == 1
    assert ingest(lake, vtt(tmp_path / "jan", *SAID[:-1], "Mended.")).changed == 1
    assert ingest(lake, vtt(tmp_path / "feb", "Mended."), prefix="feb/").changed == 1
    lake.delete(["transcript"])
    assert ingest(lake, first).added == 1
