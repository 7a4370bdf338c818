"""Which way of running a model is taken: the fastest of those that keep every vector."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine import precision
from workbench.engine.precision import SAMPLE, Choice, fastest, measure

WAYS = {("torch", "float32"): 0.0, ("torch", "bfloat16"): 0.02, ("openvino", "float32"): 0.0}


def choice(speed: float, cosine: float) -> Choice:
    return Choice("torch", "bfloat16", speed, cosine)


def test_the_fastest_that_keeps_the_vectors_wins():
    plain, good, bad = choice(100, 1.0), choice(300, 0.99), choice(900, 0.9899)
    assert fastest([plain, good, bad]) == good
    assert fastest([plain, bad]) == plain


def encode(way, texts):
    """Vectors of a way that turns the last sentence of the sample by an angle."""
    angle = np.where([text == SAMPLE[-1] for text in texts], WAYS[way], 0.0)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


@pytest.fixture
def ways(monkeypatch):
    """Each way is its own name; nothing is compiled."""
    monkeypatch.setattr(precision, "candidates", lambda: list(WAYS))
    monkeypatch.setattr(precision, "build", lambda model, runtime, kind: (runtime, kind))


def test_each_way_is_compared_with_the_plain_one_by_its_worst_text(ways, monkeypatch):
    monkeypatch.setitem(WAYS, ("torch", "bfloat16"), 0.5)
    measured = measure(None, encode, repeats=2)
    assert [(c.runtime, c.precision) for c in measured] == list(WAYS)
    assert [c.min_cosine for c in measured] == pytest.approx([1.0, np.cos(0.5), 1.0], abs=1e-6)
    assert all(c.texts_per_second > 0 for c in measured)
    assert fastest(measured) != measured[1]


def test_a_way_that_does_not_run_here_is_no_choice(ways, monkeypatch):
    def broken(model, runtime, kind):
        if kind == "bfloat16":
            raise RuntimeError("no such instruction")
        return runtime, kind

    monkeypatch.setattr(precision, "build", broken)
    assert [c.precision for c in measure(None, encode, repeats=1)] == ["float32", "float32"]


def test_where_the_plain_way_fails_the_reason_is_told(ways, monkeypatch):
    def broken(model, runtime, kind):
        raise RuntimeError("the weights are damaged")

    monkeypatch.setattr(precision, "build", broken)
    with pytest.raises(RuntimeError, match="damaged"):
        measure(None, encode, repeats=1)
