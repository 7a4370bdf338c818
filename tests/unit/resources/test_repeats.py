"""Workspaces into which earlier versions imported conversations twice are put right on opening (item 10)."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import workbench as wb
from workbench.corpus.committing import commit
from workbench.corpus.manifest import read_manifest
from workbench.corpus.repeats import Repeat
from workbench.corpus.tables import Item, hash_of, tables_of
from workbench.domain.conversations import Conversation, Turn
from workbench.domain.filters import Filters
from workbench.domain.publications import Run
from workbench.engine.encoders import HashingEncoder
from workbench.store.publications import Detection, PublicationRepository

ANY = Filters(scope="any")


def call(name: str, text: str = "The quote is too steep.") -> Conversation:
    return Conversation(id=name, turns=(Turn(text=text), Turn(text=f"Line one.\nLine two of {name}.")), team="East")


def as_it_was(root: Path, calls: list[Conversation]) -> None:
    """Append as earlier versions did, whatever there is already."""
    items = [Item(one, hash_of(one), "calls.jsonl") for one in calls]
    root.mkdir(parents=True, exist_ok=True)
    commit(root, read_manifest(root), tables_of(items, "sentence"))


def opened(folder: Path, **options) -> tuple[wb.Workspace, list[str]]:
    """The workspace, and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        workspace = wb.open(folder, encoder=HashingEncoder(), **options)
    return workspace, [str(one.message) for one in caught if "twice" in str(one.message)]


@pytest.fixture
def doubled(tmp_path):
    """a b c | b c d, c with other words | e; in a workspace that an earlier version opened."""
    folder = tmp_path / "w"
    wb.open(folder, encoder=HashingEncoder()).trackers.create("Steep", kind="keyword", words=["steep"], filters=ANY)
    as_it_was(folder / "corpus", [call("a"), call("b"), call("c")])
    as_it_was(folder / "corpus", [call("b"), call("c", "Steep, in other words."), call("d")])
    as_it_was(folder / "corpus", [call("e")])
    return folder


def test_the_first_copy_stays_and_it_is_said_once(doubled):
    workspace, said = opened(doubled)
    assert len(said) == 1
    assert "2 conversations were imported twice" in said[0]
    assert "Of 1 the copies differ" in said[0]
    assert workspace.lake.repeats() == [Repeat(3, 1, True), Repeat(4, 2, False)]
    assert opened(doubled)[1] == []
    assert opened(doubled)[0].counts(ANY).conversations == 5


def test_every_reader_shows_each_conversation_once(doubled):
    workspace, _ = opened(doubled)
    lake = workspace.lake
    assert list(workspace.conversations(ANY)["id"]) == ["a", "b", "c", "d", "e"]
    assert (workspace.counts(ANY).conversations, workspace.counts(ANY).sentences) == (5, 15)
    assert workspace.facets().conversations == 5
    assert [card.number for card in lake.cards(ANY)] == [0, 1, 2, 5, 6]
    assert len(workspace.search("steep", filters=ANY)) == 5
    assert lake.sentences(["c:0:0"])["c:0:0"].text == "The quote is too steep."
    for name in "abcde":
        assert len(lake.turns(name)) == 2
        assert lake.breaks(lake.outline(name)) == [2]
        assert len(lake.lines(lake.outline(name), 0, 10)) == 3
    rates = workspace.statistics("Steep", by="team", filters=ANY).rates
    assert rates[["team", "calls", "found"]].to_numpy().tolist() == [["East", 5, 5]]
    metric = workspace.metrics.create("Steep said")
    assert workspace.metrics.values(metric.name, ANY)["conversation_id"].tolist() == ["a", "b", "c", "d", "e"]
    assert int(workspace.metrics.trend(metric.name, every=None).table["calls"].max()) == 5
    workspace.encode()
    assert len(workspace.resources.pool(ANY).rows) == 15


def test_numbers_stay_and_the_next_import_goes_on_after_them(doubled):
    workspace, _ = opened(doubled)
    report = workspace.ingest([call("b"), call("c"), call("c", "Steep, in other words."), call("f")])
    assert (report.added, report.unchanged, len(report.rejected)) == (1, 2, 1)
    assert workspace.lake.card("f").number == 7
    assert opened(doubled)[1] == []


@pytest.mark.parametrize("past", ["12 months", None])
def test_publishing_goes_through(doubled, past):
    workspace, _ = opened(doubled)
    publication = workspace.trackers.get("Steep").publish(past=past)
    assert publication.wait().state is Run.DONE
    assert len(publication.detections()) == (5 if past else 0)
    workspace.ingest([call("f")])
    assert len(publication.detections()) == (6 if past else 1)


@pytest.mark.usefixtures("state")
def test_a_backfill_that_failed_on_copies_goes_on_to_its_end(doubled):
    """It had read the copies, which come later, and found in them what it then found in the first ones again."""
    workspace = wb.open(doubled, encoder=HashingEncoder())
    (doubled / "corpus" / "derived" / "unique.json").unlink()
    publication = workspace.trackers.get("Steep").publish(past="12 months")
    publication.wait()
    rows = PublicationRepository(workspace.database)
    put_back(workspace, publication.frozen.id, [("b:0:0", 3), ("c:0:0", 4), ("d:0:0", 5), ("e:0:0", 6)], past_left=3)
    again, said = opened(doubled)
    assert len(said) == 1
    found = again.trackers.get("Steep").active_version()
    assert [(one.sentence_id, one.number) for one in rows.detections(publication.frozen.id)] == [
        ("b:0:0", 1),
        ("d:0:0", 5),
        ("e:0:0", 6),
    ]
    found.resume()
    assert found.wait().state is Run.DONE
    assert [(one.sentence_id, one.number) for one in rows.detections(found.id)] == [
        (f"{name}:0:0", number) for name, number in [("a", 0), ("b", 1), ("c", 2), ("d", 5), ("e", 6)]
    ]
    assert len(again.detections("Steep")) == 5


@pytest.mark.usefixtures("state")
def test_what_was_found_in_a_copy_among_upcoming_calls_counts_for_the_first(doubled):
    workspace = wb.open(doubled, encoder=HashingEncoder())
    (doubled / "corpus" / "derived" / "unique.json").unlink()
    publication = workspace.trackers.get("Steep").publish()
    put_back(workspace, publication.frozen.id, [("b:0:0", 3), ("d:0:0", 5)], next_upcoming=6)
    again, _ = opened(doubled)
    again.catch_up()
    found = PublicationRepository(again.database).detections(publication.id)
    assert [(one.sentence_id, one.number) for one in found] == [("b:0:0", 1), ("d:0:0", 5), ("e:0:0", 6)]


def put_back(workspace, publication_id: str, found: list[tuple[str, int]], **cursors: int) -> None:
    """The state as an earlier version left it."""
    from sqlalchemy import delete, insert, update

    from workbench.store.tables import detections, publications

    rows = [{"publication_id": publication_id, **Detection(name, at, 1.0)._asdict()} for name, at in found]
    with workspace.database.begin() as connection:
        connection.execute(delete(detections))
        connection.execute(insert(detections), rows)
        values = {"failure": "UNIQUE constraint failed"} | cursors
        connection.execute(update(publications).where(publications.c.id == publication_id).values(values))


def test_a_workspace_that_is_only_read_hides_copies_too_and_writes_nothing(doubled):
    before = sorted((doubled / "corpus").iterdir())
    workspace, said = opened(doubled, read_only=True)
    assert len(said) == 1
    assert workspace.counts(ANY).conversations == 5
    assert sorted((doubled / "corpus").iterdir()) == before


def test_a_corpus_without_copies_is_looked_through_once(tmp_path, monkeypatch):
    from workbench.corpus.lake import Lake

    asked, repeats = [], Lake.repeats
    monkeypatch.setattr(Lake, "repeats", lambda self: asked.append(1) or repeats(self))
    folder = tmp_path / "w"
    wb.open(folder, encoder=HashingEncoder())
    as_it_was(folder / "corpus", [call("a"), call("b")])
    (folder / "corpus" / "derived").mkdir()
    (folder / "corpus" / "derived" / "unique.json").write_text("{")  # and a damaged note is as good as none
    wb.open(folder, encoder=HashingEncoder()).ingest([call("c")])
    wb.open(folder, encoder=HashingEncoder()).ingest([call("d")])
    assert len(asked) == 1
    as_it_was(folder / "corpus", [call("a")])  # an older version, which is still in use elsewhere
    assert len(opened(folder)[1]) == 1
    assert len(asked) == 2


def test_a_new_workspace_is_never_looked_through(tmp_path, monkeypatch):
    from workbench.corpus.lake import Lake

    monkeypatch.setattr(Lake, "repeats", lambda _: pytest.fail("looked through"))
    wb.open(tmp_path / "w", encoder=HashingEncoder()).ingest([call("a")])
    wb.open(tmp_path / "w", encoder=HashingEncoder()).ingest([call("b")])
    wb.open(tmp_path / "w", encoder=HashingEncoder())
