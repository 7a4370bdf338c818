"""Training a tiny model: it learns, only its upper layers change, and after an interruption it goes on the same way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.train_encoder.settings import Settings
from scripts.train_encoder.sources import LabelledSet, Source
from tests.unit import tiny_encoder

SAID = {"agree": ("yes", "sure", "yes please", "sure thanks"), "close": ("bye", "thanks bye", "bye bye", "hello bye")}


def labelled():
    texts = [f"{text} {word}" for texts in SAID.values() for text in texts for word in ("it", "you", "the")]
    labels = [frozenset([label]) for label, texts in SAID.items() for _ in range(3 * len(texts))]
    before = ["", "can you lower it", "the price is too high"] * (len(texts) // 3)
    statements = {"agree": "yes is sure", "close": "bye is bye"}
    return LabelledSet(Source("tiny", "turns", 1.0, "MIT", "us"), texts, before, labels, statements)


SETTINGS = Settings(sources=("tiny",), steps=8, upper=2, rate=1e-3, before_share=0.5)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_encoder.made(tmp_path_factory.mktemp("tiny") / "model")


def trained(model, folder, settings=SETTINGS, until=None):
    """Train on, and return the number of steps done, the losses and the weights."""
    from scripts.train_encoder.checkpoint import weights_of
    from scripts.train_encoder.training import train

    told = []

    def report(done, losses):
        told.append(losses)
        return done != until

    done = train(tiny_encoder.loaded(model), [labelled()], settings, folder, report)
    return done, told, weights_of(folder)[0]


def gap(model, weights):
    """By how much cosines within a label are larger than those between labels."""
    import torch

    from scripts.train_encoder.student import Student

    student, one = Student(tiny_encoder.loaded(model), 2), labelled()
    for name, value in student.learning.items():
        value.data.copy_(weights.get(name, value))
    with torch.no_grad():
        vectors = student.vectors(one.texts)[0]
    alike = torch.tensor([[a == b for b in one.labels] for a in one.labels])
    cosines = vectors @ vectors.T
    return float(cosines[alike].mean() - cosines[~alike].mean())


def test_it_learns(model, tmp_path):
    done, told, weights = trained(model, tmp_path, replace(SETTINGS, steps=60, rate=2e-2, keep=0.0))
    assert done == len(told) == 60
    assert told[0].keys() == {"contrast", "statements", "drift"}
    assert gap(model, weights) > gap(model, {}) + 0.3


def test_what_was_interrupted_goes_on_with_the_same_weights(model, tmp_path):
    _, _, whole = trained(model, tmp_path / "whole")
    assert trained(model, tmp_path / "parts", until=3)[0] == 3
    done, told, parts = trained(model, tmp_path / "parts")
    assert (done, len(told)) == (8, 5)
    assert whole.keys() == parts.keys()
    assert all(value.equal(parts[name]) for name, value in whole.items())
    assert trained(model, tmp_path / "parts")[:2] == (8, [])


def test_only_the_upper_layers_change(model, tmp_path):
    from workbench.engine.loading import load_encoder

    _, _, weights = trained(model, tmp_path)
    assert {name.split(".")[2] for name in weights} == {"1", "2"}
    before = dict(load_encoder(str(model))[0].model.named_parameters())
    assert all(not value.equal(before[name]) for name, value in weights.items() if "attention.self.query" in name)


def test_a_checkpoint_of_other_settings_is_refused(model, tmp_path):
    trained(model, tmp_path)
    with pytest.raises(ValueError, match="other settings"):
        trained(model, tmp_path, replace(SETTINGS, seed=1))


def test_the_rate_rises_and_falls(model):
    from scripts.train_encoder.training import rate_at

    settings = replace(SETTINGS, steps=100, warm=0.1, rate=1.0)
    rates = [rate_at(settings, step) for step in range(100)]
    assert rates.index(max(rates)) == 9
    assert 0 < rates[0] < 0.11
    assert 0 < rates[-1] < 0.02


def test_the_learning_layers_begin_as_they_were_and_padding_says_nothing(model):
    import torch

    from scripts.train_encoder.student import Student

    student = Student(tiny_encoder.loaded(model), 2)
    texts = ["yes", "the price is too high can you lower it", "", "bye bye", "no"]
    new, old = student.vectors(texts)
    assert torch.allclose(new, old)
    assert not torch.allclose(old[0], old[4], atol=1e-3)
    expected = torch.from_numpy(tiny_encoder.loaded(model).encode(texts))
    assert torch.allclose(old, expected, atol=1e-5)
    assert new.requires_grad
    assert not old.requires_grad
