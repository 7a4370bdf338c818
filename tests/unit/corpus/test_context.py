"""A sentence comes with those around it, and with nothing of another conversation."""

from __future__ import annotations

import pytest

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake

TEXTS = ["One. Two. Three.", "", "Four. Five."]


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    turns = [{"party": "a", "text": text} for text in TEXTS]
    ingest(lake, [{"id": name, "turns": turns} for name in ("before", "call", "after")])
    return lake


@pytest.mark.parametrize("width", [0, 1, 2, 10])
def test_as_many_as_asked_for_and_none_of_another_call(lake, width):
    ids = [s for s in lake.pool()["id"].to_pylist() if s.startswith("call:")]
    said = ["One.", "Two.", "Three.", "Four.", "Five."]
    found = lake.sentences(ids, width)
    for place, one in enumerate(ids):
        sentence = found[one]
        assert sentence.text == said[place]
        assert [s.text for s in sentence.before] == said[max(0, place - width) : place]
        assert [s.text for s in sentence.after] == said[place + 1 : place + 1 + width]
        assert sentence.conversation_id == "call"


def test_the_order_is_that_of_the_question_and_unknown_ids_are_left_out(lake):
    wanted = ["call:2:1", "nowhere:0:0", "after:0:0", "call:0:0", "call:2:1"]
    assert list(lake.sentences(wanted)) == ["call:2:1", "after:0:0", "call:0:0"]
    assert lake.sentences([]) == {}


def test_a_speaker_without_a_name_shows_the_id(lake):
    sentence = lake.sentences(["call:0:1"])["call:0:1"]
    assert (sentence.speaker, sentence.side, sentence.kind) == ("a", None, "call")
