"""Cross-encoders with random weights, made here: what they say means nothing, how they are asked does."""

from __future__ import annotations

import pytest

from workbench.domain.allowed_models import DOWNLOAD, MODELS
from workbench.domain.errors import JudgeUnavailable
from workbench.judges import cross_encoder
from workbench.judges.cross_encoder import CrossEncoderJudge
from workbench.judges.protocol import Question, Snippet

QUESTION = Question(text="Did the customer ask for a discount?")
SAID = [Snippet("can you lower it", "it is forty"), Snippet("my dog barks")]


def made(folder, labels):
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] can you lower it is forty my dog barks did the customer ask for a discount"
    (folder / "vocab.txt").write_text("\n".join(words.split()))
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    names = {"id2label": dict(enumerate(labels)), "label2id": {name: at for at, name in enumerate(labels)}}
    config = BertConfig(vocab_size=len(words.split()), num_labels=len(labels), **sizes, **names)
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture
def allowed(monkeypatch, tmp_path):
    """A folder's path, which the operator has listed."""
    monkeypatch.setenv(MODELS, f"{tmp_path / 'model'},{tmp_path / 'nothing'},{tmp_path / 'file'}")
    return tmp_path / "model"


@pytest.mark.parametrize("labels", [["LABEL_0"], ["contradiction", "entailment", "neutral"]], ids=["likeness", "nli"])
def test_each_sentence_is_scored(allowed, labels):
    judge = CrossEncoderJudge(made(allowed, labels), least=0.001)
    verdict = judge.judge(QUESTION, SAID)
    assert [one.place for one in verdict.mentions] == [0, 1]
    assert all(0 < one.score < 1 for one in verdict.mentions)
    assert "“" in verdict.summary
    assert judge.judge(QUESTION, []).mentions == ()
    assert CrossEncoderJudge(str(allowed), least=0.999).judge(QUESTION, SAID).mentions == ()


def test_a_model_that_cannot_say_yes_is_refused_and_what_it_holds_is_not_told(allowed):
    with pytest.raises(JudgeUnavailable, match="none named entailment") as refused:
        CrossEncoderJudge(made(allowed, ["joy", "anger"]), least=0.5)
    assert "joy" not in str(refused.value)


def test_what_cannot_be_loaded_is_refused_in_the_same_words_whatever_it_is(allowed, tmp_path, caplog):
    allowed.mkdir()
    (allowed / "modules.json").write_text("[{'secret': 1}]")
    (tmp_path / "file").write_text("secret")
    told = set()
    for name in ("model", "nothing", "file"):
        with pytest.raises(JudgeUnavailable) as refused:
            CrossEncoderJudge(str(tmp_path / name), least=0.5)
        told.add(str(refused.value).replace(str(tmp_path / name), "NAME"))
    assert told == {"judge: 'NAME' cannot be loaded; this process's log says why"}
    assert len([one for one in caplog.records if one.name == cross_encoder.__name__]) == 3


def test_a_model_that_is_not_listed_is_not_even_looked_for(monkeypatch, tmp_path):
    """F3: folders, files, hub names and nothing are told apart by no word, and no hub is asked."""
    monkeypatch.setenv(MODELS, "cross-encoder/ms-marco-MiniLM-L6-v2")
    asked = []
    monkeypatch.setattr(cross_encoder, "load_cross_encoder", lambda *given, **_: asked.append(given))
    made(tmp_path / "model", ["LABEL_0"])
    (tmp_path / "file").touch()
    told = set()
    for name in (str(tmp_path / "model"), str(tmp_path / "file"), str(tmp_path / "nothing"), "/root", "a/b", "\0", ""):
        with pytest.raises(JudgeUnavailable) as refused:
            CrossEncoderJudge(name, least=0.5)
        told.add(str(refused.value).replace(repr(name), "NAME"))
    assert told == {f"judge: NAME is not among the models allowed here; list it in {MODELS} to allow it"}
    assert asked == []


def test_a_listed_model_stays_refused_once_it_is_taken_off_the_list(allowed, monkeypatch):
    CrossEncoderJudge(made(allowed, ["LABEL_0"]), least=0.5)
    monkeypatch.setenv(MODELS, "another")
    with pytest.raises(JudgeUnavailable, match="not among the models"):
        CrossEncoderJudge(str(allowed), least=0.5)


@pytest.mark.parametrize(("value", "fetched"), [("", False), ("1", True)])
def test_a_listed_model_is_fetched_only_where_the_operator_says_so(monkeypatch, value, fetched):
    monkeypatch.setenv(MODELS, f"some/model{value}")  # a name a value: what is loaded is kept
    monkeypatch.setenv(DOWNLOAD, value)
    given = []

    def load(name, *, download):
        given.append((name, download))
        raise OSError("not there")

    monkeypatch.setattr(cross_encoder, "load_cross_encoder", load)
    with pytest.raises(JudgeUnavailable):
        CrossEncoderJudge(f"some/model{value}", least=0.5)
    assert given == [(f"some/model{value}", fetched)]
