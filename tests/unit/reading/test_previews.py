"""What words and phrases find while they are being chosen: the same as the tracker made of them finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

import workbench as wb
from tests.unit.small import PRICEY, conversations
from workbench.domain.filters import Filters
from workbench.engine.encoders import HashingEncoder
from workbench.reading import previews as kind_previews
from workbench.reading.previews import Previewer
from workbench.trackers.keyword import KeywordSettings
from workbench.trackers.phrase import PhraseSettings

WORDS = KeywordSettings(words=("expensive", "prices", "unheard of"))
VOCABULARY = PhraseSettings(vocabulary=(f"well {PRICEY[0]} well 3", "my dogs"), closeness=0.62)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    ws = wb.open(tmp_path_factory.mktemp("previews") / "w", encoder=HashingEncoder())
    ws.ingest(conversations(30))
    ws.encode()
    return ws


def test_words_find_what_their_tracker_finds(workspace):
    workspace.trackers.create("Price", kind="keyword", **WORDS.to_dict())
    found = workspace.draft_detections("Price")
    preview = Previewer(workspace.resources).keywords(WORDS, Filters())
    assert (preview.sentences, preview.calls) == (len(found), found["conversation_id"].nunique())
    assert preview.calls_looked_at == preview.of_calls == 30
    words = {one.word: one for one in preview.words}
    assert words["prices"].forms == ("price",)
    assert (words["unheard of"].sentences, words["unheard of"].calls) == (0, 0)
    for seen in preview.shown:
        assert {seen.sentence.text[start:end] for start, end in seen.marks} <= {"expensive", "price"}


def test_exclusions_and_exact_words_count_at_once(workspace):
    previewer = Previewer(workspace.resources)
    exact = KeywordSettings(words=("prices",), match="exact")
    assert previewer.keywords(exact, Filters()).sentences == 0
    without = KeywordSettings(words=("price",), exclude=("price is far",))
    assert previewer.keywords(without, Filters()).sentences == 0


@pytest.mark.parametrize("rules", [1, 2])
def test_each_setting_of_the_closeness_finds_what_its_tracker_finds(workspace, rules):
    vocabulary = replace(VOCABULARY, rules=rules)
    tracker = workspace.trackers.create(f"Dear {rules}", kind="phrase", **vocabulary.to_dict() | {"rules": rules})
    preview = Previewer(workspace.resources).phrases(vocabulary, Filters(), wait=True)
    assert {0.62, 0.55, 0.8} <= {one.closeness for one in preview.settings}
    counts = [one.sentences for one in preview.settings]
    assert counts == sorted(counts, reverse=True)
    for setting in preview.settings[::5]:
        tracker.update(closeness=setting.closeness)
        assert setting.sentences == len(workspace.draft_detections(tracker.name))
        assert all(one.score >= setting.closeness for one in setting.above)
        assert all(one.score < setting.closeness for one in setting.below)
    assert preview.sentences == next(one.sentences for one in preview.settings if one.closeness == 0.62)


def test_of_many_sentences_those_of_whole_conversations_are_looked_at(workspace, monkeypatch):
    monkeypatch.setattr(kind_previews, "MOST", 100)
    preview = Previewer(workspace.resources).keywords(KeywordSettings(words=("screen",)), Filters())
    assert (preview.calls_looked_at, preview.of_calls) == (8, 30)
    assert 0 < preview.sentences < 8 * 12
    monkeypatch.setattr(kind_previews, "CALLS_AT_ONCE", 7)
    again = Previewer(workspace.resources).keywords(KeywordSettings(words=("screen",)), Filters())
    assert again == preview


def test_without_vectors_words_are_found_and_phrases_say_what_to_do(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    previewer = Previewer(ws.resources)
    assert previewer.keywords(WORDS, Filters()).sentences == 0
    ws.ingest(conversations(3))
    assert previewer.keywords(WORDS, Filters()).of_calls == 3
    assert "ws.encode()" in previewer.phrases(VOCABULARY, Filters()).note
