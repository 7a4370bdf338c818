"""Ready-made trackers: what they are made of, their figures, and that each can be put to use or trained at once."""

from __future__ import annotations

import re
from datetime import date

import pytest

import workbench as wb
from tests.unit.small import ROOT, conversations
from workbench.domain.errors import TrackerExists, TrackerNotFound
from workbench.domain.publications import Run
from workbench.domain.texts import text_key
from workbench.engine.encoders import HashingEncoder
from workbench.ready_made import ready_made
from workbench.trackers.coaching import coach_description, coach_name

PAGE = (ROOT / "docs" / "ready-made.md").read_text()
ALL = pytest.mark.parametrize("one", ready_made(), ids=lambda one: one.key)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    ws = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    ws.ingest(conversations(4))
    ws.encode()
    return ws


@ALL
def test_it_says_what_it_is_and_has_enough_sentences(one):
    assert not coach_name(one.name)
    assert not coach_description(one.description, one.name)
    said = one.settings["vocabulary"]
    assert len({text_key(text.casefold()) for text in said}) == len(said) >= 15
    assert len({text.split()[0] for text in said}) > len(said) / 3


@ALL
def test_its_figures_are_measured_and_on_its_page(one):
    quality = one.quality
    assert quality is not None
    for figure in (quality.precision, quality.hit_rate, quality.f1, quality.average_precision):
        assert 0 <= figure.low <= figure.point <= figure.high <= 1
    assert date.fromisoformat(quality.measured)
    assert re.fullmatch("[0-9a-f]{7,40}", quality.commit)
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| {one.name} |")]
    assert f"| {one.settings['closeness']:.2f} | {quality.hits:,} | {quality.precision.point:.2f} (" in row
    assert f"Measured on {quality.measured}, commit {quality.commit}." in PAGE


def test_the_page_lists_these_and_no_other():
    named = re.findall(r"^\| ([^|]+) \| (?:both|company|customer) \|", PAGE, re.MULTILINE)
    assert named == [one.name for one in ready_made()]
    assert len(named) >= 12


def test_none_of_their_sentences_is_the_sample_corpus_s():
    said = "\n".join(file.read_text() for file in (ROOT / "sample_corpus").glob("*.jsonl"))
    assert [text for one in ready_made() for text in one.settings["vocabulary"] if text in said] == []


def test_each_can_be_published_at_once_or_trained(workspace):
    trackers = workspace.trackers
    for one in trackers.ready_made():
        made = trackers.from_ready_made(one.key)
        assert (made.name, made.state, made.filters.side) == (one.name, "draft", one.filters.side)
        trained = trackers.from_ready_made(one.name.upper(), as_examples=True, name=f"My {one.name}")
        assert trained.is_trained
        assert set(trained.examples) <= set(one.settings["vocabulary"])
    assert trackers.get("My Budget limit").train().next_round()
    assert trackers.get("Budget limit").publish(past="12 months").wait().state is Run.DONE
    with pytest.raises(TrackerExists, match="Budget limit"):
        trackers.from_ready_made("budget")
    with pytest.raises(TrackerNotFound, match="Pain point"):
        trackers.from_ready_made("weather")


def test_a_repeated_entry_is_found_however_strict(workspace):
    (said, *_) = {turn["text"] for call in conversations(4) for turn in call["turns"]}
    other = ["nothing like it at all", "words from somewhere else entirely"]
    workspace.trackers.create("Same", kind="phrase", vocabulary=[said, *other], closeness=0.999)
    assert set(workspace.draft_detections("Same")["text"]) == {said}
