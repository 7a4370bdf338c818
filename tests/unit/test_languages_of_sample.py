"""All kinds of trackers over the sample corpus's Spanish and German calls; and a multilingual model by its folder.

The model is made here: a vocabulary of both languages and weights drawn by chance. It knows no meanings, but sentences
of the same words are near one another, and it takes the whole way through the encoder process.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import psutil
import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.unit.small import ROOT
from workbench.domain.texts import normalise
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import HashingEncoder, encoder_key
from workbench.trackers.question import QuestionSettings

SPOKEN = {"es": wb.Filters(languages=("es",)), "de": wb.Filters(languages=("de",))}
DISCOUNT = {"es": "¿Qué descuento hay si pagamos por adelantado?", "de": "Welche Frist gilt, wenn wir gehen?"}
WORD = {"es": "descuento", "de": "Frist"}
ASKED = {"es": "¿Pregunta el cliente qué descuento hay?", "de": "Fragt der Kunde, welche Frist gilt?"}


@cache
def calls():
    files = sorted((ROOT / "sample_corpus").glob("calls*.jsonl"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    said = [json.loads(line) for line in lines]
    return [one for one in said if one["language"] in SPOKEN] + [one for one in said if one["language"] == "en"][:10]


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    made = wb.open(tmp_path_factory.mktemp("spoken") / "w", encoder=HashingEncoder(512))
    assert made.ingest([one | {"language": None} for one in calls()]).added == 56
    made.encode()
    return made


def found(ws, name):
    return ws.draft_detections(name)["text"].str.lower()


@pytest.mark.parametrize("language", SPOKEN)
def test_phrases_find_what_is_like_them_in_that_language_alone(ws, language):
    ws.trackers.create(f"p-{language}", kind="phrase", vocabulary=[DISCOUNT[language]], filters=SPOKEN[language])
    said = found(ws, f"p-{language}")
    assert said.str.contains(WORD[language].lower()).any()
    numbers = ws.draft_detections(f"p-{language}")["conversation_id"]
    assert set(numbers) <= set(ws.conversations(SPOKEN[language])["id"])


@pytest.mark.parametrize("language", SPOKEN)
def test_a_free_question_passes_through_as_it_is(ws, language):
    tracker = ws.trackers.create(
        f"q-{language}",
        kind="question",
        question=ASKED[language],
        details=f"“{DISCOUNT[language]}”",
        filters=SPOKEN[language],
    )
    assert QuestionSettings.checked(tracker.spec.settings).asked.question == normalise(ASKED[language])
    assert found(ws, f"q-{language}").str.contains(WORD[language].lower()).any()
    assert tracker.sample(10).calls
    assert isinstance(tracker.refinements(), list | tuple)


@pytest.mark.parametrize("language", SPOKEN)
def test_an_own_topic_goes_between_the_sections(ws, language):
    sections = {"who": "customer", "what": "ask_for", "topic": WORD[language], "details": f"“{DISCOUNT[language]}”"}
    ws.trackers.create(f"s-{language}", kind="question", sections=sections, filters=SPOKEN[language])
    assert found(ws, f"s-{language}").str.contains(WORD[language].lower()).any()


@pytest.mark.parametrize("language", SPOKEN)
def test_metrics_by_a_question_and_trends(ws, language):
    name = f"Frist {language}"
    ws.metrics.create(
        name, definition=f"“{DISCOUNT[language]}”", source={"type": "question", "question": ASKED[language]}
    )
    assert ws.metrics.ask(name, SPOKEN[language]).judged == len(ws.conversations(SPOKEN[language]))
    values = ws.metrics.values(name, SPOKEN[language])["value"]
    assert True in set(values)
    assert "unknown" not in set(values)
    assert "unknown" in set(ws.metrics.values(name)["value"])


@pytest.mark.parametrize(("language", "count"), [("es", 24), ("de", 22)])
def test_searches_and_statistics_by_language(ws, language, count):
    assert len(ws.conversations(SPOKEN[language])) == count
    words = ws.search(WORD[language], filters=SPOKEN[language])
    assert words["text"].str.contains(WORD[language], case=False).all()
    assert len(words) > 0
    assert ws.search(meaning=DISCOUNT[language], filters=SPOKEN[language])["text"].iloc[0]
    ws.trackers.create(f"k-{language}", kind="keyword", words=[WORD[language]], filters=SPOKEN[language])
    assert ws.statistics(f"k-{language}").rates["calls"].sum() == count


# A model of its own


def model_folder(folder: Path, prompt: str = "") -> Path:
    """A sentence-transformers model of one layer over the commonest words of the calls."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    texts = [turn["text"].lower() for one in calls() for turn in one["turns"]] + ["query"]
    words = Counter(word for text in texts for word in text.replace("?", " ").replace(".", " ").split())
    vocabulary = ["[PAD]", "[UNK]", "query", *(word for word, _ in words.most_common(900) if word != "query")]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    bert = BertModel(BertConfig(vocab_size=len(vocabulary), **sizes))
    bert.save_pretrained(folder / "bert")
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(
        folder / "bert"
    )
    modules = [Transformer(str(folder / "bert"), max_seq_length=64), Pooling(32, "mean"), Normalize()]
    known = {"prompts": {"query": prompt}, "default_prompt_name": "query"} if prompt else {}
    SentenceTransformer(modules=modules, device="cpu", **known).save_pretrained(str(folder / "model"))
    return folder / "model"


def not_measured(folder: Path, cache: Path) -> None:
    """Keeps a choice of precision for the model, as measuring takes longer than all the rest."""
    from workbench.engine.local_encoder import this_machine

    choice = {"runtime": "torch", "precision": "float32", "texts_per_second": 1.0, "min_cosine": 1.0}
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"precision-{encoder_key(str(folder))}.json"
    file.write_text(json.dumps({"machine": this_machine(), "choice": choice}))


@pytest.fixture
def machine(monkeypatch, tmp_path_factory):
    """Encoder processes of its own, which are gone at the end."""
    folder = tmp_path_factory.mktemp("m", numbered=True)
    monkeypatch.setenv("WORKBENCH_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    before = set(psutil.Process().children())
    yield folder
    for child in set(psutil.Process().children()) - before:
        child.kill()
        child.wait(PATIENCE_S)


def test_a_model_by_its_folder_encodes_both_languages(tmp_path, machine):
    folder = model_folder(tmp_path)
    not_measured(folder, machine / "tracker-workbench")
    ws = wb.open(tmp_path / "w", encoder=str(folder))
    assert isinstance(ws.encoder, SharedEncoder)
    ws.ingest([one for one in calls() if one["language"] == "de"])
    assert ws.language_advice() is None  # it names a model that may well know the language
    ws.encode()
    assert ws.encoder.dimension == 32
    vectors = ws.encoder.encode([DISCOUNT["de"], DISCOUNT["es"]])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2)
    tracker = ws.trackers.create("Frist", kind="phrase", vocabulary=[DISCOUNT["de"]], closeness=0.9999)
    said = set(ws.draft_detections("Frist")["text"])
    assert DISCOUNT["de"] in said
    assert len(said) < 5
    tracker.publish(past="12 months").wait()
    assert DISCOUNT["de"] in set(ws.detections("Frist")["text"])


def test_a_models_own_prompt_goes_before_each_text(tmp_path):
    from workbench.engine.local_encoder import LocalEncoder

    made = []
    for name in ("", "query "):
        folder = model_folder(tmp_path / f"m{name}", name)
        not_measured(folder, tmp_path)
        made.append(LocalEncoder(str(folder), tmp_path))
    plain, prompted = made
    assert plain.key != prompted.key
    text = DISCOUNT["de"]
    (own,), (bare, led) = prompted.encode([text]), plain.encode([text, f"query {text}"])
    assert float(own @ led) > 0.9999 > float(own @ bare)
