"""Cross-encoders with random weights, made here: what they say means nothing, how they are asked does."""

from __future__ import annotations

import pytest

from workbench.domain.errors import JudgeUnavailable
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


@pytest.mark.parametrize("labels", [["LABEL_0"], ["contradiction", "entailment", "neutral"]], ids=["likeness", "nli"])
def test_each_sentence_is_scored(tmp_path, labels):
    judge = CrossEncoderJudge(made(tmp_path / "model", labels), least=0.001)
    verdict = judge.judge(QUESTION, SAID)
    assert [one.place for one in verdict.mentions] == [0, 1]
    assert all(0 < one.score < 1 for one in verdict.mentions)
    assert "“" in verdict.summary
    assert judge.judge(QUESTION, []).mentions == ()
    assert CrossEncoderJudge(str(tmp_path / "model"), least=0.999).judge(QUESTION, SAID).mentions == ()


def test_a_model_that_cannot_say_yes_is_named(tmp_path):
    with pytest.raises(JudgeUnavailable, match="joy, anger"):
        CrossEncoderJudge(made(tmp_path / "model", ["joy", "anger"]), least=0.5)
    with pytest.raises(JudgeUnavailable, match="cannot be loaded"):
        CrossEncoderJudge(str(tmp_path / "nothing"), least=0.5)
