"""The sample corpus's Spanish and German calls: language told, sentences split, words inflected, filters, advice."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

import workbench as wb
from tests.unit.small import ROOT, PackagedName, conversations
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.languages import detected
from workbench.corpus.limits import language_advice
from workbench.corpus.sentences import spans
from workbench.domain.filters import Filters
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import HashingEncoder
from workbench.widgets.advice import hints


@cache
def sample() -> list[dict[str, Any]]:
    files = sorted((ROOT / "sample_corpus").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def unsaid(*languages: str, most: int = 30) -> list[dict[str, Any]]:
    """Conversations in these languages that do not say so."""
    chosen = [[one for one in sample() if one["language"] == language][:most] for language in languages]
    return [one | {"language": None} for part in chosen for one in part]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    ws = wb.open(tmp_path_factory.mktemp("languages"), encoder=HashingEncoder())
    ws.ingest(unsaid("es", "de", "en"))
    return ws


def test_the_language_of_every_conversation_is_told_from_its_words():
    """``READ`` characters of each; accuracy over the whole sample corpus."""
    told = [detected(" ".join(turn["text"] for turn in one["turns"])) == one["language"] for one in sample()]
    assert sum(told) / len(told) >= 0.99


@pytest.mark.parametrize("text", ["", "12345 67", "Ja", "ok", "Mm-hm.", "\ud800\0"])
def test_too_little_tells_no_language(text):
    assert detected(text) is None


def test_a_detected_language_is_like_a_given_one(workspace):
    assert workspace.facets().languages == ("de", "en", "es")
    known = {one["id"]: one["language"] for one in sample()}
    frame = workspace.conversations()
    assert dict(zip(frame["id"], frame["language"], strict=True)) == {name: known[name] for name in frame["id"]}
    spanish = workspace.conversations(Filters(languages=("es",), scope="any"))
    assert len(spanish) == 24
    assert workspace.lake.languages(("de",)) == {"de": 22}


def test_a_given_language_stays_and_what_was_imported_is_known_again(tmp_path):
    lake = Lake(tmp_path)
    (one,) = unsaid("es", most=1)
    assert ingest(lake, [one, one | {"id": "given", "language": "pt-BR"}]).added == 2
    assert list(lake.conversations()["language"]) == ["es", "pt-BR"]
    assert ingest(lake, [one]).unchanged == 1


@pytest.mark.parametrize("language", ["es", "de"])
def test_what_is_labelled_is_a_sentence_of_its_own(language):
    labelled = [
        (span["start"], span["end"]) in spans(turn["text"], language)
        for one in sample()
        if one["language"] == language
        for turn in one["turns"]
        for span in turn.get("spans", ())
    ]
    assert len(labelled) > 50
    assert sum(labelled) / len(labelled) >= 0.95


@pytest.mark.parametrize(
    ("word", "language", "forms"),
    [("grabar", "es", ["graba", "grabe", "grabando"]), ("Auftrag", "de", ["auftrag", "aufträge", "aufträgen"])],
)
def test_a_keyword_is_found_in_its_inflections(workspace, word, language, forms):
    where = Filters(languages=(language,), scope="any")
    workspace.trackers.create(word, kind="keyword", words=[word], filters=where)
    found = workspace.draft_detections(word)["text"].str.lower()
    for form in forms:
        assert found.str.contains(rf"\b{form}\b").any(), form
    workspace.trackers.get(word).update(match="exact")
    assert len(workspace.draft_detections(word)) < len(found)


def test_many_calls_in_other_languages_are_told_of(tmp_path):
    workspace = wb.open(tmp_path, encoder=PackagedName())
    workspace.encoder.model = "all-MiniLM-L6-v2"
    workspace.ingest(unsaid("es", most=3) + [one | {"language": "en-GB"} for one in conversations(9)])
    with pytest.warns(UserWarning, match=r"25% of the calls are not in English \(es\)"):
        workspace.encode()
    form = {"name": "x", "description": "", "filters": {}, "examples": []}
    said = [one for one in hints(workspace, form)["hints"] if "not in English" in one["message"]]
    assert [one["level"] for one in said] == ["warning"]
    assert workspace.language_advice(Filters(languages=("en",))) is None
    workspace.encoder.model = "paraphrase-multilingual-MiniLM-L12-v2"
    assert workspace.language_advice() is None


def test_a_fifth_is_not_yet_many():
    assert language_advice({"en": 4, "de": 1}) is language_advice({}) is None
    assert language_advice({"en-US": 3, "eng": 1, "English": 1}) is None
    assert language_advice({"en-US": 3, "de": 1, "deu": 1}).level == "warning"


def test_an_encoder_is_named_and_one_that_cannot_be_loaded_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    workspace = wb.open(tmp_path / "w", encoder="no-such/multilingual-model")
    assert isinstance(workspace.encoder, SharedEncoder)
    assert workspace.encoder.model == "no-such/multilingual-model"
    workspace.ingest(conversations(1))
    with pytest.raises(wb.WorkbenchError, match="'no-such/multilingual-model' could not be loaded; give a"):
        workspace.encode()


def test_a_language_in_any_form_is_one_at_import_in_filters_and_in_lists(tmp_path, monkeypatch):
    forms = ("English", "en_US", "EN", "eng", "Deutsch", "zh-Hans-CN", "jpn", "und")
    calls = [{"id": form, "language": form, "turns": [{"text": "12345"}]} for form in forms]
    lake = Lake(tmp_path / "new")
    assert ingest(lake, calls).added == len(forms)
    assert ingest(lake, calls).unchanged == len(forms)
    with monkeypatch.context() as patch:  # as earlier versions kept them
        patch.setattr("workbench.corpus.clean_names.language_tag", lambda given: given)
        ingest(Lake(tmp_path / "old"), calls)
    for one in (lake, Lake(tmp_path / "old")):
        assert one.facets().languages == ("de", "en", "en-US", "ja", "zh-Hans-CN")
        for wanted, count in {
            "English": 4,
            "en": 4,
            "en-us": 1,
            "GERMAN": 1,
            "zh_CN": 1,
            "chinese": 1,
            "ja-JP": 0,
        }.items():
            assert one.counts(Filters(languages=(wanted,), scope="any")).conversations == count, wanted
